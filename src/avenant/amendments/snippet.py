"""The snippet: the bare words to paste, with one line that says where."""

from __future__ import annotations

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import make_changes
from avenant.amendments.place import LIST_ITEM, FoundEdit, find_edit
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


def make_snippet(spec: Spec, amendment: Amendment) -> str:
    """The amendment as an editor at the lab can carry it out by hand, under the document's own name for the model.

    For each edit a line that says what to do where, and below it the words to paste, ready to copy.

    Raises:
        AnchorError: an anchor is not found exactly once.
        EditError: there is no passage.
    """
    found = [find_edit(spec, amendment, edit) for edit in amendment.edits]
    return "\n\n".join(_snippet(spec, amendment, one) for one in found) + "\n"


def _snippet(spec: Spec, amendment: Amendment, found: FoundEdit) -> str:
    document = spec.document
    words = "\n".join(change.text for change in make_changes(spec, amendment, found)).strip()
    where = _where(document, found.quoted or found.place.span)
    if found.edit.action == "append-to-section":
        return f"At the end of {_where(document, Span(found.place.span.start - 1, found.place.span.end))}:\n\n{words}"
    assert found.quoted is not None
    if found.destination_quoted is not None:
        return _move(document, found, found.destination_quoted)
    if found.edit.action in ("replace", "delete"):
        taken = document.slice(found.place.span)
        if found.edit.action == "delete":
            return f"In {where}, take out:\n\n{taken}"
        return f"In {where}, replace the first of these two texts with the second:\n\n{taken}\n\n{words}"
    side = "before" if found.edit.action == "insert-before" else "after"
    block = _block(document, found.quoted, side, is_item=LIST_ITEM.match(words) is not None)
    return f"In {where}, {side} {block}:\n\n{words}"


def _move(document: Document, found: FoundEdit, target: Span) -> str:
    assert found.quoted is not None
    side = found.edit.side or "after"
    is_section = document.clause_at(found.quoted.start) is None
    if is_section:
        moved = f"the whole section {_where(document, found.quoted)}"
    else:
        count = sum(found.place.span.contains(clause.span) for clause in document.clauses)
        first = _block(document, found.quoted, "before", is_item=True)
        last = _block(document, found.quoted, "after", is_item=True)
        moved = first if count == 1 else f"{count} blocks, from {first} to {last},"
        moved = f"{moved} in {_where(document, found.quoted)}"
    if is_section and side == "after" and document.clause_at(target.end - 1) is None:
        return f"Move {moved} below all of the section {_where(document, target)}."
    is_item = LIST_ITEM.match(document.slice(found.place.span).lstrip()) is not None
    return f"Move {moved} {side} {_block(document, target, side, is_item=is_item)} in {_where(document, target)}."


def _where(document: Document, span: Span) -> str:
    section = document.section_at(span.start)
    title = f"“{section.title}”" if section.title else "the text before the first heading"
    return f"{title} (line {document.line(span.start)})"


def _block(document: Document, quoted: Span, side: str, *, is_item: bool) -> str:
    """The block beside which words go, by its nearest words."""
    clause = document.clause_at(quoted.start if side == "before" else quoted.end - 1)
    if clause is None:
        return "the heading"
    noun, span = _NOUNS.get(clause.kind, "paragraph"), clause.span
    if clause.list_span is not None and not is_item:
        noun, span = "list", clause.list_span
    words = document.folded_slice(span).split()
    is_cut = len(words) > _EXCERPT_WORDS
    if side == "before":
        return f"the {noun} that begins “{' '.join(words[:_EXCERPT_WORDS])}{' …' * is_cut}”"
    return f"the {noun} that ends “{'… ' * is_cut}{' '.join(words[-_EXCERPT_WORDS:])}”"
