"""Applying an amendment: the document differs in the edited place alone, byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment, Edit
from avenant.amendments.anchor import Anchor, find_anchor, section_of
from avenant.errors import AnchorError, AnchorNotFoundError, EditError
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.specs.parse import find_inline_elements
from avenant.text import replace_name

_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edit goes in a document, found once and used for every passage that is put there."""

    span: Span
    """What is taken out; empty for an insertion."""
    kind: str
    """"paragraph" for a block of its own, "item" for a list item beside another, "inline" for words in a clause."""
    indent: str = ""
    """What stands before each line of an item."""

    @property
    def is_insertion(self) -> bool:
        """Whether nothing is taken out."""
        return self.span.start == self.span.end


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in a document's text."""

    span: Span
    """What is taken out of the original; empty for an insertion."""
    text: str
    """What stands there instead, with its blank lines."""

    def apply(self, source: str) -> str:
        """The text with the change made."""
        return source[: self.span.start] + self.text + source[self.span.end :]


def find_place(spec: Spec, amendment: Amendment) -> Place:
    """Where the amendment's edit goes.

    Raises:
        AnchorError: the anchor is not found exactly once; names the amendment's file and line.
        EditError: words to take out that cut through emphasis or a link.
    """
    written = amendment.edits[0]
    named = [
        with_subject(written, amendment.placeholder, spec.manifest.subject, is_fragment=is_fragment)
        for is_fragment in (False, True)
    ]
    try:
        try:
            return _place(spec.document, named[0], amendment.passage)
        except AnchorNotFoundError:
            # "the assistant" at the head of a quote may stand in the middle of a sentence.
            if named[0] == named[1]:
                raise
            return _place(spec.document, named[1], amendment.passage)
    except (AnchorError, EditError) as error:
        error.faults = tuple(replace(f, path=amendment.path, line=written.line) for f in error.faults)
        raise


def with_subject(edit: Edit, placeholder: str, subject: str, *, is_fragment: bool = False) -> Edit:
    """An edit with the document's own name for the model in its anchor; for `is_fragment` see `replace_name`."""

    def named(text: str) -> str:
        return replace_name(text, placeholder, subject, is_fragment=is_fragment)

    anchor = edit.anchor
    section = named(anchor.section) if anchor.section else None
    return replace(edit, anchor=Anchor(named(anchor.quote), section, named(anchor.prefix), named(anchor.suffix)))


def make_change(document: Document, place: Place, passage: str) -> Change:
    """The change that puts a passage at a place.

    Args:
        document: the original.
        place: from `find_place`.
        passage: the words, already under the document's own name for the model; empty to delete.

    Raises:
        EditError: an empty passage where words are to be added.
    """
    words = document.newline.join(passage.strip().splitlines())
    if place.kind == "inline" or not place.is_insertion:
        return Change(_widen(document, place.span) if not words else place.span, words)
    if not words:
        raise EditError("the passage is empty", mend="write it under `## Passage`")
    return Change(place.span, _framed(document, place, words))


def apply_amendment(spec: Spec, amendment: Amendment) -> Change:
    """The amendment as a change to its document, under the document's own name for the model.

    Raises:
        AnchorError: the anchor is not found exactly once.
        EditError: there is no passage.
    """
    passage = replace_name(amendment.passage, amendment.placeholder, spec.manifest.subject)
    if amendment.edits[0].action == "delete":
        passage = ""
    return make_change(spec.document, find_place(spec, amendment), passage)


def _place(document: Document, edit: Edit, passage: str) -> Place:
    if edit.action == "append-to-section":
        assert edit.anchor.section is not None
        section = section_of(document, edit.anchor.section)
        end = section.span.start + len(document.slice(section.span).rstrip())
        return Place(_point(_line_end(document.text, end)), "paragraph")
    found = find_anchor(document, edit.anchor)
    if edit.action in ("replace", "delete"):
        return Place(_with_marks(document, found), "inline")
    is_before = edit.action == "insert-before"
    clause = document.clause_at(found.start if is_before else found.end - 1)
    if clause is None:
        # The quote is a heading's: the passage goes below it, or above it at the end of the section before.
        section = document.section_at(found.start)
        return Place(
            _point(_after_mark(document, section.span.start) if is_before else section.body_start), "paragraph"
        )
    if clause.kind == "list-item" and _LIST_ITEM.match(passage.lstrip()):
        at = _line_start(document, clause.span.start) if is_before else _item_end(document, clause)
        return Place(_point(_after_mark(document, at)), "item", _indent(document, clause))
    span = clause.span if clause.list_span is None else clause.list_span
    at = _after_mark(document, _line_start(document, span.start)) if is_before else span.end
    return Place(_point(at), "paragraph")


def _item_end(document: Document, item: Clause) -> int:
    """Where a list item ends, the items nested in it included."""
    own = len(_indent(document, item))
    end = item.span.end
    for clause in document.clauses[document.clauses.index(item) + 1 :]:
        if clause.list_span != item.list_span or len(_indent(document, clause)) <= own:
            break
        end = clause.span.end
    return end


def _with_marks(document: Document, span: Span) -> Span:
    """Words to take out, with the emphasis marks and link targets about them that belong to them alone.

    Raises:
        EditError: part of a link or an emphasised phrase would be left without its other mark.
    """
    clause = document.clause_at(span.start)
    if clause is None or not clause.span.contains(span):
        raise EditError(
            "the words to take out are not all in one clause", mend="take out words of one paragraph or list item"
        )
    limit = clause.span
    text = document.text
    start, end = span.start, span.end
    while start > limit.start and text[start - 1] in "*_`[!":
        start -= 1
    tail = re.match(r"(?:[*_`]+|\]\([^)\s]*\)|\[\^[^\]\s]+\])+", text[span.end : limit.end])
    end += tail.end() if tail else 0
    elements = find_inline_elements(document.slice(clause.span), clause.span.start)
    for candidate in (Span(start, end), Span(start, span.end), Span(span.start, end), span):
        if all(_keeps_whole(candidate, outer, inner) for outer, inner in elements):
            return candidate
    raise EditError(
        f"taking out {document.slice(span)!r} would leave half of an emphasis or a link",
        mend="quote the emphasised or linked words whole",
    )


def _keeps_whole(taken: Span, outer: Span, inner: Span) -> bool:
    """Whether a marked phrase is taken whole, left whole, or only touched inside its marks."""
    is_apart = taken.end <= outer.start or outer.end <= taken.start
    return is_apart or taken.contains(outer) or (inner.contains(taken) and taken != inner)


def _framed(document: Document, place: Place, words: str) -> str:
    """The passage with the line ends and blank lines that set it apart from its neighbours."""
    at, text, newline = place.span.start, document.text, document.newline
    before, after = text[:at].removeprefix("\ufeff"), text[at:]
    head = "" if not before or before.endswith("\n") else newline
    if place.kind == "item":
        lines = words.split(newline)
        return head + newline.join(place.indent + line if line else line for line in lines) + newline
    if before and not re.search(r"\n[ \t]*\r?\n\Z", before):
        head += newline
    tail = newline
    if after and not re.match(r"[ \t]*\r?\n", after):
        tail += newline
    return head + words + tail


def _indent(document: Document, clause: Clause) -> str:
    return document.text[_line_start(document, clause.span.start) : clause.span.start].removeprefix("\ufeff")


def _after_mark(document: Document, offset: int) -> int:
    """The byte-order mark stays first in the file."""
    return 1 if offset == 0 and document.text.startswith("\ufeff") else offset


def _line_start(document: Document, offset: int) -> int:
    return document.text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def _widen(document: Document, span: Span) -> Span:
    """A deletion of a whole clause takes a blank line beside it along; one of some words, a space beside them."""
    text = document.text
    clause = document.clause_at(span.start)
    if clause is None:
        return span
    marker = _LIST_ITEM.match(document.slice(clause.span)) if clause.kind == "list-item" else None
    body = Span(clause.span.start + (marker.end() if marker else 0), clause.span.end)
    starts_clause = span.start <= body.start
    if starts_clause and document.slice(Span(span.start, body.end)).strip() == document.slice(span).strip():
        start = _after_mark(document, _line_start(document, clause.span.start))
        if clause.list_span is not None:
            return Span(start, clause.span.end)
        if blank := re.match(r"[ \t]*\r?\n", text[clause.span.end :]):
            return Span(start, clause.span.end + blank.end())
        above = re.search(r"(?<=\n)[ \t]*\r?\n\Z", text[:start]) if clause.span.end == len(text) else None
        return Span(above.start() if above else start, clause.span.end)
    if starts_clause and text[span.end : span.end + 1] == " ":
        return Span(span.start, span.end + 1)
    if text[span.start - 1 : span.start] == " ":
        return Span(span.start - 1, span.end)
    return span


def _point(offset: int) -> Span:
    return Span(offset, offset)
