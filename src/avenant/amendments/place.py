"""Where an edit goes in a document: an exact span, found once and used for every passage that is put there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from avenant.amendments.amendment import Amendment
from avenant.amendments.anchor import Anchor, find_anchor, section_of
from avenant.amendments.edit import Action, Edit, Side
from avenant.errors import AnchorError, AnchorNotFoundError, EditError
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.specs.parse import find_inline_elements
from avenant.text import LIST_MARK, mask_names, replace_name

LIST_ITEM = re.compile(rf"{LIST_MARK}[ \t]")
"""How an item of a list begins."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edit goes in a document, found once and used for every passage that is put there."""

    span: Span
    """What is taken out; empty for an insertion."""
    kind: Literal["paragraph", "item", "inline", "blocks"]
    """"paragraph" for a block of its own, "item" for a list item beside another, "inline" for words in a clause,
    "blocks" for whole clauses that move away."""
    indent: str = ""
    """What stands before each line of an item."""
    bullet: str = ""
    """The character that the item's neighbour begins with: another one would begin another list."""

    @property
    def is_insertion(self) -> bool:
        """Whether nothing is taken out."""
        return self.span.start == self.span.end


@dataclass(frozen=True, slots=True)
class FoundEdit:
    """An edit with all its places in a document."""

    edit: Edit
    """As the draft has it, under the placeholder."""
    quoted: Span | None
    """Where the anchor's quote stands; None for append-to-section."""
    place: Place
    """What is taken out, or where the passage goes; for a move, what is taken from its old place."""
    destination: Place | None = None
    """For a move: where the words go."""
    destination_quoted: Span | None = None
    """For a move: where the destination's quote stands."""


def find_edit(spec: Spec, amendment: Amendment, edit: Edit) -> FoundEdit:
    """Where one of the amendment's edits goes.

    Raises:
        AnchorError: an anchor is not found exactly once; names the amendment's file and line.
        EditError: words to take out that cut through emphasis or a link, or a move into the moved words.
    """
    finder = _Finder(spec.document, amendment.placeholder, spec.manifest.subject)
    try:
        return finder.find(edit, amendment.passage_of(edit))
    except (AnchorError, EditError) as error:
        # The draft's own words, and the document's under the draft's name: what is printed may be published.
        masked = (
            replace(
                fault,
                problem=mask_names(fault.problem, spec.model_names, amendment.placeholder),
                mend=fault.mend and mask_names(fault.mend, spec.model_names, amendment.placeholder),
            )
            for fault in error.faults
        )
        error.faults = tuple(replace(fault, path=amendment.path, line=edit.line) for fault in masked)
        raise


@dataclass(frozen=True, slots=True)
class _Finder:
    document: Document
    placeholder: str
    subject: str

    def find(self, edit: Edit, passage: str) -> FoundEdit:
        document = self.document
        if edit.action == "append-to-section":
            section = section_of(document, replace_name(edit.anchor.section or "", self.placeholder, self.subject))
            end = section.span.start + len(document.slice(section.span).rstrip())
            return FoundEdit(edit, None, Place(_point(_line_end(document.text, end)), "paragraph"))
        found = self.quoted(edit.anchor)
        if edit.action in ("replace", "delete"):
            return FoundEdit(edit, found, Place(_with_marks(document, found, edit.action), "inline"))
        if edit.action != "move":
            side: Side = "before" if edit.action == "insert-before" else "after"
            return FoundEdit(edit, found, _beside(document, found, side, passage))
        assert edit.destination is not None
        assert edit.side is not None
        return self.move(edit, found, self.quoted(edit.destination), edit.side)

    def quoted(self, anchor: Anchor) -> Span:
        """Where an anchor's quote stands, the document's own name for the model put into it."""
        named = anchor.with_subject(self.placeholder, self.subject)
        try:
            return find_anchor(self.document, named)
        except AnchorNotFoundError:
            # "the assistant" at the head of a quote may stand in the middle of a sentence.
            fragment = anchor.with_subject(self.placeholder, self.subject, is_fragment=True)
            if fragment == named:
                raise
            return find_anchor(self.document, fragment)

    def move(self, edit: Edit, found: Span, target: Span, side: Side) -> FoundEdit:
        document = self.document
        taken = _blocks(document, found)
        place = _beside(document, target, side, document.slice(taken))
        is_section = document.clause_at(found.start) is None
        if is_section and side == "after" and document.clause_at(target.end - 1) is None:
            # Right below the other heading it would take over the text that stands there.
            place = Place(_point(document.subtree(document.section_at(target.start)).end), "paragraph")
        if taken.start < place.span.start < taken.end or taken.contains(target):
            raise EditError("the words to move hold their own destination", mend="move them beside another clause")
        return FoundEdit(edit, found, Place(taken, "blocks"), place, target)


def _beside(document: Document, found: Span, side: Side, passage: str) -> Place:
    """Where a passage goes that is put beside quoted words."""
    is_before = side == "before"
    clause = document.clause_at(found.start if is_before else found.end - 1)
    if clause is None:
        # The quote is a heading's: the passage goes below it, or above it at the end of the section before.
        section = document.section_at(found.start)
        return Place(_point(after_mark(document, section.span.start) if is_before else section.body_start), "paragraph")
    if clause.kind == "list-item" and LIST_ITEM.match(passage.lstrip()):
        at = line_start(document, clause.span.start) if is_before else item_end(document, clause)
        bullet = document.text[clause.span.start]
        return Place(_point(after_mark(document, at)), "item", indent_of(document, clause), bullet)
    span = clause.span if clause.list_span is None else clause.list_span
    at = after_mark(document, line_start(document, span.start)) if is_before else span.end
    return Place(_point(at), "paragraph")


def _blocks(document: Document, found: Span) -> Span:
    """The whole clauses that quoted words touch, nested items included; for a heading, all that stands under it."""
    first, last = document.clause_at(found.start), document.clause_at(found.end - 1)
    if first is None:
        section = document.section_at(found.start)
        return Span(after_mark(document, section.span.start), document.subtree(section).end)
    if last is None:
        raise EditError("the words to move run into a heading", mend="quote words of the clauses, or of the heading")
    end = item_end(document, last) if last.kind == "list-item" else last.span.end
    return Span(after_mark(document, line_start(document, first.span.start)), end)


def item_end(document: Document, item: Clause) -> int:
    """Where a list item ends, the items nested in it included."""
    own = len(indent_of(document, item))
    end = item.span.end
    for clause in document.clauses[document.index_of(item) + 1 :]:
        if clause.list_span != item.list_span or len(indent_of(document, clause)) <= own:
            break
        end = clause.span.end
    return end


def _with_marks(document: Document, span: Span, action: Action) -> Span:
    """Words to take out, with the emphasis marks and link targets about them that belong to them alone.

    Raises:
        EditError: part of a link or an emphasised phrase would be left without its other mark.
    """
    clause = document.clause_at(span.start)
    if clause is None or not clause.span.contains(span):
        if document.section_at(span.start).body_start > span.start:
            raise EditError("headings cannot be edited", mend="take out words below it, or move the whole section")
        raise EditError(
            "the words to take out are not all in one clause", mend="take out words of one paragraph or list item"
        )
    limit = clause.span
    text = document.text
    start, end = span.start, span.end
    while start > limit.start and text[start - 1] in "*_`[!":
        start -= 1
    # Words that are replaced leave their footnote tag to those that take their place.
    tags = r"|\[\^[^\]\s]+\]" if action == "delete" else ""
    tail = re.match(rf"(?:[*_`]+|\]\([^)\s]*\){tags})+", text[span.end : limit.end])
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


def indent_of(document: Document, clause: Clause) -> str:
    """What stands before a clause on its first line."""
    return document.text[line_start(document, clause.span.start) : clause.span.start].removeprefix("\ufeff")


def after_mark(document: Document, offset: int) -> int:
    """The byte-order mark stays first in the file."""
    return 1 if offset == 0 and document.text.startswith("\ufeff") else offset


def line_start(document: Document, offset: int) -> int:
    """Offset at which the line of an offset begins."""
    return document.text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def _point(offset: int) -> Span:
    return Span(offset, offset)
