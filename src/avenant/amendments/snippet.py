"""The snippet: the bare words to paste, with one line that says where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import Change, make_changes
from avenant.amendments.place import LIST_ITEM, FoundEdit, find_edit
from avenant.amendments.redline import as_it_is
from avenant.specs.document import Document, Span
from avenant.specs.library import Spec

_EXCERPT_WORDS = 9
_NOUNS = {
    "list-item": "list item",
    "admonition": "commentary",
    "example": "example",
    "code": "code block",
    "html": "HTML block",
    "quote": "quotation",
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One edit as an editor carries it out by hand."""

    where: str
    """What to do where, as a clause without a stop; a move says it all."""
    texts: tuple[str, ...]
    """The words to paste, or to take out; for a replacement those to take out and those to put; none for a move."""

    def __str__(self) -> str:
        return "\n\n".join([f"{self.where}{':' if self.texts else '.'}", *self.texts])


def make_snippet(spec: Spec, amendment: Amendment, *, mask: Callable[[str], str] = as_it_is) -> str:
    """The amendment as an editor at the lab can carry it out by hand, under the document's own name for the model.

    For each edit a line that says what to do where, and below it the words to paste, ready to copy.

    Args:
        spec: the document.
        amendment: the draft.
        mask: what all words go through.

    Raises:
        AnchorError: an anchor is not found exactly once.
        EditError: there is no passage.
    """
    return "\n\n".join(str(one) for one in find_instructions(spec, amendment, mask=mask)) + "\n"


def find_instructions(
    spec: Spec, amendment: Amendment, *, mask: Callable[[str], str] = as_it_is
) -> tuple[Instruction, ...]:
    """What an editor does for each edit; see `make_snippet`."""
    return tuple(
        _Writer(spec.document, mask).instruction(found, make_changes(spec, amendment, found))
        for found in [find_edit(spec, amendment, edit) for edit in amendment.edits]
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    document: Document
    mask: Callable[[str], str]

    def instruction(self, found: FoundEdit, changes: Sequence[Change]) -> Instruction:
        words = self.mask("\n".join(change.text for change in changes).strip())
        where = self._where(found.quoted or found.place.span)
        if found.edit.action == "append-to-section":
            end = self._where(Span(found.place.span.start - 1, found.place.span.end))
            return Instruction(f"At the end of {end}", (words,))
        assert found.quoted is not None
        if found.destination_quoted is not None:
            return Instruction(self._move(found, found.destination_quoted), ())
        if found.edit.action in ("replace", "delete"):
            taken = self.mask(self.document.slice(found.place.span))
            if found.edit.action == "delete":
                return Instruction(f"In {where}, take out", (taken,))
            return Instruction(f"In {where}, replace the first of these two texts with the second", (taken, words))
        side = "before" if found.edit.action == "insert-before" else "after"
        block = self._block(found.quoted, side, is_item=LIST_ITEM.match(words) is not None)
        return Instruction(f"In {where}, {side} {block}", (words,))

    def _move(self, found: FoundEdit, target: Span) -> str:
        assert found.quoted is not None
        document, side = self.document, found.edit.side or "after"
        is_section = document.clause_at(found.quoted.start) is None
        if is_section:
            moved = f"the whole section {self._where(found.quoted)}"
        else:
            count = sum(found.place.span.contains(clause.span) for clause in document.clauses)
            first = self._block(found.quoted, "before", is_item=True)
            last = self._block(found.quoted, "after", is_item=True)
            moved = first if count == 1 else f"{count} blocks, from {first} to {last},"
            moved = f"{moved} in {self._where(found.quoted)}"
        if is_section and side == "after" and document.clause_at(target.end - 1) is None:
            return f"Move {moved} below all of the section {self._where(target)}"
        is_item = LIST_ITEM.match(document.slice(found.place.span).lstrip()) is not None
        return f"Move {moved} {side} {self._block(target, side, is_item=is_item)} in {self._where(target)}"

    def _where(self, span: Span) -> str:
        section = self.document.section_at(span.start)
        title = f"“{self.mask(section.title)}”" if section.title else "the text before the first heading"
        return f"{title} (line {self.document.line(span.start)})"

    def _block(self, quoted: Span, side: str, *, is_item: bool) -> str:
        """The block beside which words go, by its nearest words."""
        clause = self.document.clause_at(quoted.start if side == "before" else quoted.end - 1)
        if clause is None:
            return "the heading"
        noun, span = _NOUNS.get(clause.kind, "paragraph"), clause.span
        if clause.list_span is not None and not is_item:
            noun, span = "list", clause.list_span
        words = self.mask(self.document.folded_slice(span)).split()
        is_cut = len(words) > _EXCERPT_WORDS
        if side == "before":
            return f"the {noun} that begins “{' '.join(words[:_EXCERPT_WORDS])}{' …' * is_cut}”"
        return f"the {noun} that ends “{'… ' * is_cut}{' '.join(words[-_EXCERPT_WORDS:])}”"
