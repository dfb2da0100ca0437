"""The passages that the rules of form are measured with: the labs' own, each as a draft to an earlier text.

Clean are what a later release added, as a draft to the release before it; and, since there is one release alone of
Claude's constitution, its own paragraphs, as drafts to the constitution without them (a tenth of it is taken out at a
time). Transplants are one lab's paragraphs in the other's document. Faults are planted into clean passages.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from avenant.amendments.amendment import parse_amendment
from avenant.amendments.anchor import make_anchor
from avenant.amendments.writing import render_amendment, render_yaml
from avenant.check.draft import Draft
from avenant.errors import AvenantError
from avenant.files import read_text
from avenant.specs.align import align_documents
from avenant.specs.document import Clause, Document, Section, Span
from avenant.specs.library import Manifest, Spec, read_labs
from avenant.specs.parse import parse_document
from avenant.text import mask_names, replace_name

SPECS = Path(__file__).resolve().parents[2] / "shared" / "specs"
NAME = "Clément"
VERSIONS = ("2025-02-12", "2025-04-11", "2025-09-12", "2025-10-27", "2025-12-18", "2025-12-18.r2")
PAIRS = tuple(itertools.pairwise(VERSIONS))
HALVES = ("development", "test")
FOLDS = 10
LEAST_WORDS = 15
"""Words of a transplant."""
EXAMPLE = Path(__file__).resolve().parents[1] / "src" / "avenant" / "example" / "odile-constitution.md"
_CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"


@dataclass(frozen=True, slots=True)
class Case:
    """One passage as a draft to one document."""

    lab: str
    kind: str
    """Where the passage is from."""
    half: str
    spec: Spec
    edit: dict[str, Any]
    """As the front matter has it."""
    passage: str
    """Under the placeholder."""

    def draft(self) -> Draft:
        """The draft, made anew."""
        return make_draft(self.spec, self.edit, self.passage)


@cache
def read_document(lab: str, version: str) -> Document:
    """A release."""
    [path] = (SPECS / lab / version).glob("*.md")
    return parse_document(read_text(path), f"{lab}/{version}")


def make_clean() -> Iterator[Case]:
    """What the labs wrote themselves."""
    for number, (old, new) in enumerate(PAIRS):
        # The first and the third pair, and what the oldest release holds, are for development.
        yield from make_additions(read_document("openai", old), read_document("openai", new), HALVES[number % 2 == 1])
    yield from make_held_out(read_document("openai", VERSIONS[0]), HALVES[:1])
    yield from make_held_out(read_document("anthropic", "2026-01-20"), HALVES)


def make_additions(old: Document, new: Document, half: str) -> Iterator[Case]:
    """Clauses and whole sections of a release that the one before had not, each as a draft to that one.

    What refers to another addition of the same release is left out: alone, it would point nowhere.
    """
    spec = make_spec(old)
    alignment = align_documents(old, new)
    added = {section.id for section in new.sections} - set(alignment.sections.values())
    known = {section.id for section in old.sections}
    tags = {tag for clause in old.clauses for tag in clause.footnotes}
    for number, clause in enumerate(new.clauses):
        if number not in alignment.origins and (known.issuperset(clause.references)):
            edit = _beside(old, new, number, alignment.origins)
            text = _without_tags(_dedented(new, clause), tags)
            if edit is not None:
                yield _case(spec, "added clause", half, edit, text)
    for group in _new_sections(new, added):
        start, end = group[0].span.start, group[-1].span.end
        inside = [one for one in new.clauses if start <= one.span.start < end]
        own = {section.id for section in group}
        if all((known | own).issuperset(clause.references) for clause in inside):
            edit = _before_next(old, new, group[-1], {ours: theirs for theirs, ours in alignment.sections.items()})
            if edit is not None:
                yield _case(spec, "added section", half, edit, _without_tags(new.text[start:end].strip(), tags))


def make_held_out(document: Document, halves: Sequence[str]) -> Iterator[Case]:
    """A document's own clauses and sections, as drafts to the document without them."""
    for fold in range(FOLDS):
        half = halves[fold % len(halves)]
        chosen = [n for n, clause in enumerate(document.clauses) if n % FOLDS == fold and clause.kind != "rule"]
        # Chapters' contents and the text before the first heading are no passages.
        chosen = [n for n in chosen if document.clauses[n].section_id != document.sections[0].id]
        spec = _without(document, [document.clauses[n].span for n in chosen])
        origins = _places(document, spec.document)
        for number in chosen:
            clause = document.clauses[number]
            edit = _beside(spec.document, document, number, origins)
            if edit is not None and _is_closed(spec.document, clause):
                yield _case(spec, "held-out clause", half, edit, _dedented(document, clause))
        yield from _held_out_sections(document, fold, half)


def make_transplants() -> Iterator[Case]:
    """Paragraphs and list items of one document, at the ends of sections of another."""
    documents = {
        "openai": read_document("openai", VERSIONS[-1]),
        "anthropic": read_document("anthropic", "2026-01-20"),
        "atelier": parse_document(read_text(EXAMPLE), "atelier/2026-09-01"),
    }
    for source, target in itertools.permutations(documents, 2):
        if target == "atelier":
            continue
        old, spec = documents[source], make_spec(documents[target])
        sections = [one for one in spec.document.sections if len(spec.document.clauses_of(one)) > 1 and one.level]
        texts = [
            _dedented(old, one) for one in old.clauses if one.kind in ("paragraph", "list-item") and not one.is_example
        ]
        texts = [text for text in texts if len(text.split()) >= LEAST_WORDS and not re.search(r"\]\(#|\[\^", text)]
        for number, text in enumerate(texts):
            edit = _append(spec.document, sections[number % len(sections)])
            kind = f"{source} in {target}"
            yield Case(target, kind, HALVES[number % 2], spec, edit, to_placeholder(text, source))


def _held_out_sections(document: Document, fold: int, half: str) -> Iterator[Case]:
    leaves = [one for one in document.sections if document.subtree(one) == one.span and one.level > 1]
    for number, section in enumerate(leaves):
        if number % FOLDS != fold or "\n# " in document.slice(section.span):
            continue
        spec = _without(document, [section.span])
        same = {one.id: one.id for one in spec.document.sections}
        edit = _before_next(spec.document, document, section, same)
        clauses = document.clauses_of(section)
        if edit is not None and all(_is_closed(spec.document, clause, section.id) for clause in clauses):
            yield _case(spec, "held-out section", half, edit, document.slice(section.span).strip())


def _is_closed(document: Document, clause: Clause, *own: str) -> bool:
    """Whether a document has all that a clause refers to."""
    tags = {tag for one in document.clauses for tag in one.footnotes}
    found = all(document.find_reference(one) is not None or one in own for one in clause.references)
    return found and tags.issuperset(clause.footnotes)


def _without(document: Document, spans: Sequence[Span]) -> Spec:
    text = document.text
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + text[span.end :]
    return make_spec(parse_document(text, document.id))


def _places(document: Document, rest: Document) -> dict[int, tuple[int, ...]]:
    """Numbers of the clauses that a document without some of them still has, as an alignment has them."""
    numbers: dict[str, list[int]] = {}
    for number, clause in enumerate(rest.clauses):
        numbers.setdefault(rest.slice(clause.span), []).append(number)
    found = {}
    for number, clause in enumerate(document.clauses):
        there = numbers.get(document.slice(clause.span), [])
        if len(there) == 1:
            found[number] = (there[0],)
    return found


def _beside(old: Document, new: Document, number: int, origins: dict[int, tuple[int, ...]]) -> dict[str, Any] | None:
    """An edit that puts a new clause beside its neighbour in the older document, in its section if that is there."""
    clause = new.clauses[number]
    is_free = not old.find_sections(clause.section_id)
    for step, action in ((-1, "insert-after"), (1, "insert-before")):
        at = number + step
        while 0 <= at < len(new.clauses) and (is_free or new.clauses[at].section_id == clause.section_id):
            if at in origins:
                try:
                    anchor = make_anchor(old, old.clauses[origins[at][-1]].span)
                except AvenantError:
                    return None
                return {action: _keys(anchor)}
            at += step
    found = old.find_sections(clause.section_id)
    return _append(old, found[0]) if len(found) == 1 else None


def _append(document: Document, section: Section) -> dict[str, Any]:
    level = document.authority_of(section)
    return {"append-to-section": {"section": section.id} | ({"authority": level} if level else {})}


def _before_next(old: Document, new: Document, last: Section, old_of: dict[str, str]) -> dict[str, Any] | None:
    """An edit that puts new sections before the heading that follows them."""
    index = new.sections.index(last) + 1
    following = new.sections[index].id if index < len(new.sections) else None
    if following not in old_of:
        return None
    section = old.section(old_of[following])
    start = old.text.index(section.title.split()[0], section.span.start)
    end = start + len(old.text[start : section.body_start].split("{")[0].rstrip())
    try:
        return {"insert-before": _keys(make_anchor(old, Span(start, end)))}
    except AvenantError:
        return None


def _keys(anchor: Any) -> dict[str, str]:
    names = ("section", "quote", "prefix", "suffix", "authority")
    return {name: value for name in names if (value := getattr(anchor, name))}


def _new_sections(new: Document, added: set[str]) -> Iterator[list[Section]]:
    """New sections, each with the new ones under it."""
    group: list[Section] = []
    for section in new.sections:
        is_under = bool(group) and section.level > group[0].level
        if section.id in added and not is_under:
            if group:
                yield group
            group = [section]
        elif section.id in added:
            group.append(section)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _without_tags(text: str, known: set[str]) -> str:
    """The text without footnote tags of the same release: their examples are files of their own."""
    return re.sub(r"\[\^([^\]\s]+)\]", lambda match: match.group() if match.group(1) in known else "", text)


def _dedented(document: Document, clause: Clause) -> str:
    """A clause as a passage: a nested item begins at the margin."""
    lines = document.slice(clause.span).rstrip().split("\n")
    indent = clause.span.start - document.text.rfind("\n", 0, clause.span.start) - 1
    return "\n".join([lines[0], *(line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[1:])])


@cache
def make_spec(document: Document) -> Spec:
    """A release as the workspace has it."""
    known = read_labs()[document.id.split("/")[0]]
    manifest = Manifest("Rules", known["subject"], tuple(known["names"]), "unknown", "rules.md", "0" * 64, "2026-01-01")
    return Spec(document.id, Path("rules.md"), manifest, document)


def to_placeholder(text: str, lab: str) -> str:
    """A lab's words as somebody would have drafted them."""
    known = read_labs()[lab]
    for subject in {known["subject"], known["subject"][0].upper() + known["subject"][1:]}:
        text = replace_name(text, subject, NAME)
    return mask_names(text, known["names"], NAME)


def make_draft(spec: Spec, edit: dict[str, Any], text: str) -> Draft:
    """A draft of one passage, under `## Passage` where that can be."""
    source = render_amendment(title="Draft", spec=spec.id, placeholder=NAME, edit={}, canary=_CANARY)
    subject = spec.manifest.subject
    [(action, keys)] = edit.items()
    if not subject.startswith("the "):
        keys = {key: replace_name(value, subject, NAME) for key, value in keys.items()}
    # A heading of the first two levels would end the section `## Passage`.
    own = {"passage": text} if re.search(r"^#{1,2} |\n[=-]+$", text, re.MULTILINE) else {}
    head = source[: source.index("edits:")] + render_yaml({"edits": [{action: keys | own}]})
    rest = "".join(f"\n## {name}\n\nWords.\n" for name in ("Why", "Expected behaviour", "Risks and side effects"))
    body = f"{head}---\n\n## Passage\n\n{'' if own else text}\n{rest}"
    return Draft(
        amendment=parse_amendment(body, Path("draft.md")),
        spec=spec,
        newer=(),
        names=spec.model_names,
        workspace_placeholder=NAME,
        scenarios=None,
    )


def _case(spec: Spec, kind: str, half: str, edit: dict[str, Any], text: str) -> Case:
    lab = spec.id.split("/")[0]
    return Case(lab, kind, half, spec, edit, to_placeholder(text, lab))
