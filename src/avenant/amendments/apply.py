"""Applying an amendment: the document differs in the edited place alone, byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment, Edit
from avenant.amendments.anchor import Anchor, find_anchor, section_of
from avenant.errors import AnchorError, EditError
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.text import replace_name

_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edit goes in a document, found once and used for every passage that is put there."""

    span: Span
    """What is taken out; empty for an insertion."""
    kind: str
    """"paragraph" for a block of its own, "item" for a list item after another, "inline" for words in a clause."""

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
    """
    edit = with_subject(amendment.edits[0], amendment.placeholder, spec.manifest.subject)
    try:
        return _place(spec.document, edit, amendment.passage)
    except AnchorError as error:
        error.faults = tuple(replace(f, path=amendment.path, line=edit.line) for f in error.faults)
        raise


def with_subject(edit: Edit, placeholder: str, subject: str) -> Edit:
    """An edit with the document's own name for the model in its anchor."""
    anchor = edit.anchor
    named = Anchor(
        replace_name(anchor.quote, placeholder, subject),
        replace_name(anchor.section, placeholder, subject) if anchor.section else None,
        replace_name(anchor.prefix, placeholder, subject),
        replace_name(anchor.suffix, placeholder, subject),
    )
    return replace(edit, anchor=named)


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
        return Place(found, "inline")
    clause = document.clause_at(found.start if edit.action == "insert-before" else found.end - 1)
    if clause is None:
        # The quote is a heading's: the passage goes below it; nothing can go before it but the section above.
        at = found.start if edit.action == "insert-before" else found.end
        line_start = document.text.rfind("\n", 0, at) + 1
        return Place(
            _point(line_start if edit.action == "insert-before" else _line_end(document.text, at)),
            "paragraph",
        )
    is_item = clause.kind == "list-item" and _LIST_ITEM.match(passage.lstrip()) is not None
    span = clause.span if is_item or clause.list_span is None else clause.list_span
    at = _line_start(document, span.start) if edit.action == "insert-before" else span.end
    return Place(_point(at), "item" if is_item else "paragraph")


def _framed(document: Document, place: Place, words: str) -> str:
    """The passage with the line ends and blank lines that set it apart from its neighbours."""
    at, text, newline = place.span.start, document.text, document.newline
    before, after = text[:at], text[at:]
    head = "" if not before or before.endswith("\n") else newline
    if place.kind == "item":
        neighbour = document.clause_at(at - 1) or document.clause_at(at)
        indent = _indent(document, neighbour) if neighbour else ""
        return head + newline.join(indent + line if line else line for line in words.split(newline)) + newline
    if before and not re.search(r"\n[ \t]*\r?\n\Z", before):
        head += newline
    tail = newline
    if after and not re.match(r"[ \t]*\r?\n", after):
        tail += newline
    return head + words + tail


def _indent(document: Document, clause: Clause) -> str:
    return document.text[_line_start(document, clause.span.start) : clause.span.start]


def _line_start(document: Document, offset: int) -> int:
    return document.text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def _widen(document: Document, span: Span) -> Span:
    """A deletion of a whole clause takes the blank line after it along; one of some words, the space before them."""
    clause = document.clause_at(span.start)
    body = document.slice(clause.span) if clause else ""
    if clause is not None and document.slice(span).strip() == body.strip():
        start = _line_start(document, clause.span.start)
        blank = re.match(r"[ \t]*\r?\n", document.text[clause.span.end :])
        return Span(start, clause.span.end + (blank.end() if blank and clause.list_span is None else 0))
    start = span.start
    if document.text[start - 1 : start] == " ":
        start -= 1
    return Span(start, span.end)


def _point(offset: int) -> Span:
    return Span(offset, offset)
