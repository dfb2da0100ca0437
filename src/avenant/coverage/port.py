"""Porting: a draft that proposes a passage of one document to another, at the place that is nearest in meaning.

The words are changed only as far as a machine can do it and say so: the model's name, links, footnote tags, the mark of
a list. The rest is for the author to write in the other document's voice, and the draft says that.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.anchor import Anchor, find_anchor
from avenant.amendments.edit import Edit
from avenant.amendments.pointing import draft_anchor, point_edit
from avenant.amendments.writing import render_amendment
from avenant.coverage.retrieval import Query, index_clauses
from avenant.coverage.search import is_contents_entry
from avenant.coverage.voice import Speaker, read_voices
from avenant.coverage.wording import SPEAKERS
from avenant.errors import AnchorError, AnchorNotFoundError, EditError
from avenant.mask import Mask
from avenant.specs.document import Clause, Document, Section, Span
from avenant.specs.library import Spec, read_labs
from avenant.text import LIST_MARK, cut_at_word, replace_name

UNKNOWN = "unknown"
"""The licence of a document of which nobody said."""

_LINE = re.compile(r"(?:(?P<path>\S*):)?(?:line )?(?P<line>\d+)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_LINK = re.compile(r"!?\[(?P<words>[^\[\]]*)\]\((?P<target>[^)\s]*)(?:\s+\"[^\"]*\")?\)")
_GRADE_LINK = re.compile(r"(?<=GOOD|.BAD)\[#[^\]\s]+\]")
_COMMENT = re.compile(r"[ \t]*<!--.*?-->", re.DOTALL)
_LIST_MARK = re.compile(rf"{LIST_MARK}[ \t]+")
_NOTE_HEAD = re.compile(r"!!! \w+(?: \"[^\"\n]*\")?[ \t]*\n\s*?(?=[ \t]*\S)")
_LONGEST_QUERY = 1200
"""Characters of a passage by which its place is looked for."""
_TRIED = 12
"""So many clauses are tried as anchors, nearest first."""
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A passage as far as a machine can rewrite it."""

    text: str
    changes: tuple[str, ...]
    """What was changed, for people."""
    remarks: tuple[str, ...]
    """What its author has to look at."""


@dataclass(frozen=True, slots=True)
class Port:
    """A draft made of a passage of another document."""

    text: str
    """The amendment's file."""
    amendment: Amendment
    clause: Clause | None
    """The target's clause after which the passage goes; None where it goes to the end of a section."""


def find_passage(spec: Spec, given: str, mask: Mask) -> tuple[Clause, ...]:
    """The clauses that somebody points at.

    Args:
        spec: the document.
        given: a clause's id, a line as `path:line`, `:line` or `line`, or exact words; under the placeholder or not.
        mask: under which ids are shown.

    Raises:
        AnchorNotFoundError: there is no such clause.
        AnchorAmbiguousError: the words stand in more than one place.
        EditError: the clauses do not stand in one section.
    """
    document = spec.document
    for clause in document.clauses:
        if given in (clause.id, mask.id(clause.id)):
            return (clause,)
    if match := _LINE.fullmatch(given):
        return (_clause_on(spec, int(match["line"]), match["path"]),)
    span = _find_words(spec, given, mask.placeholder)
    first, last = document.clause_at(span.start), document.clause_at(span.end - 1)
    if first is None or last is None:
        raise AnchorNotFoundError("these words stand in a heading", mend="give words of a clause below it")
    if first.section_id != last.section_id:
        raise EditError("these words run over two sections", mend="port the clauses one by one")
    return document.clauses[document.index_of(first) : document.index_of(last) + 1]


def rewrite_passage(spec: Spec, clauses: Sequence[Clause], mask: Callable[[str], str], placeholder: str) -> Rewritten:
    """A passage with the placeholder for the model and without what only its own document can resolve.

    Args:
        spec: the document that it is taken from.
        clauses: neighbouring clauses.
        mask: puts the placeholder for all further names of models.
        placeholder: the name that stands for the model.
    """
    document = spec.document
    text, changes = _cut_out(document, clauses)
    if clauses[0].kind not in ("code", "example"):
        text, more = _without_links(document, text)
        changes += more
    elif _GRADE_LINK.search(text):
        text = _GRADE_LINK.sub("", text)
        changes.append("links of graded turns are gone")
    named = text
    for subject in dict.fromkeys((spec.manifest.subject, _raised(spec.manifest.subject))):
        named = replace_name(named, subject, placeholder)
    if named != text:
        changes.append(f"{placeholder} stands for the model's name")
    masked = mask(named)
    if masked != named:
        changes.append(f"{placeholder} stands for other names of models as well, which may be wrong here")
    return Rewritten(masked.strip(), tuple(changes), tuple(_remarks(spec, clauses, masked, mask)))


def draft_port(
    source: Spec,
    clauses: Sequence[Clause],
    target: Spec,
    *,
    path: Path,
    title: str,
    mask: Callable[[str], str],
    placeholder: str,
    section: Section | None = None,
) -> Port:
    """A draft to one document with a passage of another.

    Args:
        source: the document that the passage is taken from.
        clauses: the passage; see `find_passage`.
        target: the document that the draft amends.
        path: where the draft is to lie.
        title: one line.
        mask: puts the placeholder for all names of models.
        placeholder: the name that stands for the model's own.
        section: of the target, where the passage is to go; None: the one nearest in meaning.

    Raises:
        AnchorError: there is no place in the target that an anchor can point at.
        FormatError: the passage cannot stand in a draft.
    """
    passage = rewrite_passage(source, clauses, mask, placeholder)
    texts = {"Passage": passage.text, "Why": _why(source, clauses, target, passage, mask)}

    def render(edit: Edit | None) -> str:
        front = edit.front_matter() if edit else {"insert-after": {"quote": "-"}}
        canary = draft.canary if edit else None
        return render_amendment(
            title=title, spec=target.id, placeholder=placeholder, edit=front, texts=texts, canary=canary
        )

    draft = parse_amendment(render(None), path)
    edit, clause = _choose_place(target, draft, section)
    text = render(edit)
    return Port(text, parse_amendment(text, path), clause)


def title_of(passage: Rewritten) -> str:
    """A title for a draft, from the first words of its passage."""
    words = re.sub(r"\A~{3,}\w*|\A`{3,}\w*|<[^>]*>|[*_`#>~]", " ", passage.text)
    line = cut_at_word(words, _LONGEST_TITLE).removesuffix(" …")
    return _raised(line.split(" (")[0].strip(" .,;:-–—")) or "Ported passage"


def _clause_on(spec: Spec, line: int, path: str | None) -> Clause:
    document = spec.document
    if path and not path.replace("\\", "/").endswith(f"{spec.id}.md"):
        raise AnchorNotFoundError(f"{path} is not the file of {spec.id}", mend=f"--from the document that {path} is of")
    for clause in document.clauses:
        if clause.line <= line <= document.line(clause.span.end - 1):
            return clause
    near = min(document.clauses, key=lambda clause: abs(clause.line - line), default=None)
    mend = f"the nearest clause begins in line {near.line}" if near else "the document has no clause"
    raise AnchorNotFoundError(f"no clause stands in line {line} of {spec.id}", mend=mend)


def _find_words(spec: Spec, words: str, placeholder: str) -> Span:
    subject = spec.manifest.subject
    try:
        return find_anchor(spec.document, Anchor(words).with_subject(placeholder, subject))
    except AnchorNotFoundError:
        # "the assistant" at the head of a quote may stand in the middle of a sentence.
        fragment = Anchor(words).with_subject(placeholder, subject, is_fragment=True)
        if fragment == Anchor(words).with_subject(placeholder, subject):
            raise
        return find_anchor(spec.document, fragment)


def _cut_out(document: Document, clauses: Sequence[Clause]) -> tuple[str, list[str]]:
    """The source of clauses; of a single list item and a note without what makes them one."""
    text = document.slice(Span(clauses[0].span.start, clauses[-1].span.end)).replace("\r\n", "\n")
    if len(clauses) > 1:
        return text, []
    if clauses[0].kind == "list-item" and (mark := _LIST_MARK.match(text)):
        return textwrap.dedent(" " * mark.end() + text[mark.end() :]), ["the mark of the list is gone"]
    if head := _NOTE_HEAD.match(text):
        return textwrap.dedent(text[head.end() :]), ["the head of the note is gone"]
    return text, []


def _without_links(document: Document, text: str) -> tuple[str, list[str]]:
    changes = []

    def words_of(match: re.Match[str]) -> str:
        section = document.find_reference(match["target"][1:]) if match["target"].startswith("#") else None
        # A link whose text is a question mark shows the title of what it points at.
        return f'"{section.title}"' if section is not None and match["words"].strip() == "?" else match["words"]

    for pattern, put, one, more in (
        (_LINK, words_of, "1 link is its words alone", "{} links are their words alone"),
        (_FOOTNOTE, "", "1 footnote tag is gone", "{} footnote tags are gone"),
        (_COMMENT, "", "1 comment is gone", "{} comments are gone"),
    ):
        text, number = pattern.subn(put, text)
        if number:
            changes.append(one if number == 1 else more.format(number))
    return text, changes


def _raised(subject: str) -> str:
    return subject[:1].upper() + subject[1:]


def _remarks(spec: Spec, clauses: Sequence[Clause], text: str, mask: Callable[[str], str]) -> Iterator[str]:
    lab = spec.id.split("/")[0]
    for maker in read_labs().get(lab, {}).get("makers", ()):
        if re.search(rf"(?<!\w){re.escape(maker)}(?!\w)", text):
            yield f"it speaks of {maker}, which is not the other document's lab"
    units = {unit.clause.span.start: unit for unit in index_clauses(spec.document, spec.agents).units}
    lead = units[clauses[0].span.start].lead.strip(" .")
    if clauses[0].kind == "list-item" and lead:
        yield f'it is an item of a list that begins "{mask(cut_at_word(lead, 160))}"'
    speakers = _speakers(spec, clauses)
    if "instruction" not in speakers:
        yield f"it seems to be {SPEAKERS[speakers[0]]}"


def _speakers(spec: Spec, clauses: Sequence[Clause]) -> tuple[Speaker, ...]:
    starts = {clause.span.start for clause in clauses}
    voices = read_voices(spec.document, spec.agents)
    return tuple(dict.fromkeys(voice.speaker for voice in voices if voice.clause.span.start in starts))


def _why(source: Spec, clauses: Sequence[Clause], target: Spec, passage: Rewritten, mask: Callable[[str], str]) -> str:
    document = source.document
    section = document.section(clauses[0].section_id)
    where = f', under "{mask(" > ".join(section.path))}"' if section.title else ""
    changed = "; ".join(passage.changes) or "nothing"
    quoted = mask(document.slice(Span(clauses[0].span.start, clauses[-1].span.end)).replace("\r\n", "\n"))
    parts = [
        f"**Ported, not yet rewritten.** The passage is another document's words, in that document's voice. What was "
        f"changed: {changed}. All else is as it stands there: rewrite it in the voice of "
        f"{mask(target.manifest.title)}, then take this paragraph out.",
        *([f"To look at: {'; '.join(passage.remarks)}."] if passage.remarks else []),
        f"Source: {mask(source.manifest.title)} ({source.id}), line {clauses[0].line}{where}. {_licence(source)}",
        textwrap.indent(quoted.strip(), "> ", lambda _: True).replace("> \n", ">\n"),
        "<!-- What goes wrong without it, for whom, and why the document does not cover it yet. -->",
    ]
    return "\n\n".join(parts)


def _licence(source: Spec) -> str:
    licence = source.manifest.licence
    if licence.casefold() == UNKNOWN:
        return (
            "Licence: unknown. Whether its words may be reused is not known: say it in words of your own, or ask first."
        )
    return f"Licence: {licence}; see what it asks of those who reuse words."


def _choose_place(target: Spec, draft: Amendment, section: Section | None) -> tuple[Edit, Clause | None]:
    """The edit that puts the passage after the nearest clause that instructs, or at the end of the section."""
    document = target.document
    words = cut_at_word(replace_name(draft.passage, draft.placeholder, target.manifest.subject), _LONGEST_QUERY)
    hits = index_clauses(document, target.agents).rank(Query(words))
    scope = document.subtree(section) if section else Span(0, len(document.text))
    inside = [hit for hit in hits if scope.contains(hit.clause.span) and not is_contents_entry(document, hit.clause)]
    for hit in [hit for hit in inside if hit.unit.voice.speaker == "instruction"][:_TRIED]:
        try:
            return point_edit(target, draft, 0, hit.clause.span), hit.clause
        except AnchorError:
            # It holds a model's name, or others are worded alike: the next one will do.
            continue
    if section is None and inside:
        section = document.section(inside[0].clause.section_id)
    if section is None or not section.title:
        raise AnchorNotFoundError(
            f"{target.id} has no clause after which this could go", mend="name a section: --at SECTION"
        )
    anchor = draft_anchor(target, Span(section.span.start, section.body_start), draft.placeholder)
    return Edit("append-to-section", replace(anchor, quote="", prefix="", suffix=""), line=1), None
