"""broken-reference: a link, a footnote or a section's title in the passage leads nowhere.

The lab's document would have a dead link. Looked for are links into the document whose id neither it nor the passage
has, footnote tags that the document does not have, sections that are named by a title or a number that there is not,
and links to files, which exist on the author's machine alone.

Example: `[the rule](#asking-first)` where the document has `{#asking_first}`; “see the section “Asking””.

Instead: the id or the title as the document has it (`avenant spec show`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from avenant.check.draft import Draft
from avenant.check.finding import Fix, Flaw
from avenant.check.habits import CLEAR, LEAST_CASES
from avenant.check.landing_place import headings_of
from avenant.check.passage import Passage
from avenant.check.references import find_numbers, find_titles
from avenant.check.rule import Rule
from avenant.check.running_text import CODE, HOLE, parse_passage
from avenant.specs.document import Document

_TARGET = re.compile(r"\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)")
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:")
_TAG = re.compile(r"\[\^([^\]\s]+)\]")
_LIKELY = 75
"""Similarity, of 100, from which a quoted title is meant for one of the document's."""
_MOST_SECTIONS = 30
"""Higher numbers are those of a law."""

_Problem = tuple[int, str, str, Fix | None]


def find_broken_references(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each reference that leads nowhere."""
    if draft.spec is None:
        return
    document = draft.spec.document
    for passage in draft.passages:
        found = (
            *_find_links(document, passage),
            *_find_tags(document, passage),
            *_find_named(document, passage),
            *_find_numbered(document, passage),
        )
        for offset, problem, mend, fix in found:
            yield Flaw(draft.path, passage.line_at(offset), draft.masked(problem), draft.masked(mend), fix)


def _find_links(document: Document, passage: Passage) -> Iterator[_Problem]:
    text = parse_passage(passage.text)
    own = {section.id for section in headings_of(passage)}
    ids = [section.id for section in document.sections if section.title]
    for match in _TARGET.finditer(passage.text):
        if text.text[match.start()] == HOLE:
            continue
        target, start = match["target"], match.start("target")
        if not target:
            yield start, "the link has no address", "write where it leads", None
        elif target.startswith("#"):
            section = document.find_reference(target[1:])
            if target[1:] in own or (section is not None and (section.id == target[1:] or not _is_exact(document))):
                continue
            near = section.id if section else _nearest(target[1:], ids)
            mend = f"write #{near}" if section else f"nearest: #{near}" if near else "the document has no headings"
            fix = passage.fix(start, match.end("target"), f"#{near}") if section else None
            yield start, f"the link to {target} leads nowhere", mend, fix
        elif not _SCHEME.match(target) and not _has_files(document):
            yield start, f"the link to the file {target!r} leads nowhere", "link a section or a full address", None


def _is_exact(document: Document) -> bool:
    """Whether the document's own links all have the very ids of its headings."""
    fragments = [fragment for clause in document.clauses for fragment in clause.references]
    ids = {section.id for section in document.sections}
    return len(fragments) >= LEAST_CASES and sum(one in ids for one in fragments) >= CLEAR * len(fragments)


def _has_files(document: Document) -> bool:
    targets = (match["target"] for match in _TARGET.finditer(document.text))
    return any(target and target[0] != "#" and not _SCHEME.match(target) for target in targets)


def _find_tags(document: Document, passage: Passage) -> Iterator[_Problem]:
    text = parse_passage(passage.text)
    defined = set(re.findall(r"^\[\^([^\]\s]+)\]:", passage.text, re.MULTILINE))
    known = {tag for clause in document.clauses for tag in clause.footnotes} | defined
    plain = CODE.sub(lambda match: HOLE * len(match.group()), passage.text)
    for match in _TAG.finditer(plain):
        clause = text.document.clause_at(match.start())
        is_read = clause is None or clause.kind not in ("code", "example")
        if is_read and match.group(1) not in known:
            problem = f"the footnote tag {match.group()} leads nowhere: the document has no such note"
            yield match.start(), problem, "take it out; the lab sets its own tags", None


def _find_named(document: Document, passage: Passage) -> Iterator[_Problem]:
    titles = [section.title for section in document.sections if section.title]
    own = {section.title.casefold() for section in headings_of(passage)}
    for named in find_titles(parse_passage(passage.text)):
        if document.find_sections(named.title) or named.title.casefold() in own:
            continue
        near = process.extractOne(named.title, titles, scorer=fuzz.WRatio, processor=str.casefold)
        if named.is_section or (near and near[1] >= _LIKELY):
            mend = f"nearest: “{near[0]}”" if near else "the document has no headings"
            yield named.start, f"the document has no section “{named.title}”", mend, None


def _find_numbered(document: Document, passage: Passage) -> Iterator[_Problem]:
    titles = [section.title for section in document.sections if section.title]
    for named in find_numbers(parse_passage(passage.text)):
        is_there = any(re.match(rf"(?:\w+\s)?{re.escape(named.title)}(?![\d.]*\d)", title) for title in titles)
        if not is_there and int(named.title.split(".")[0]) <= _MOST_SECTIONS:
            yield named.start, f"the document has no section {named.title}", "name the section by its title", None


def _nearest(fragment: str, ids: list[str]) -> str | None:
    found = process.extractOne(fragment, ids, scorer=fuzz.ratio)
    return found[0] if found else None


RULE = Rule(
    "broken-reference", "error", "the lab's document would have a dead link", find_broken_references, is_fixable=True
)
