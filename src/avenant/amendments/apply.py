"""Applying amendments: the document differs in the edited places alone, byte for byte."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment
from avenant.amendments.place import LIST_ITEM, FoundEdit, Place, after_mark, find_edit, item_end, line_start
from avenant.errors import EditError
from avenant.specs.document import Document, Span
from avenant.specs.library import Spec
from avenant.specs.parse import parse_document
from avenant.text import replace_name, split_lines

EMPTY_PASSAGE = "the passage is empty"
_NEARBY = 200
"""Characters looked at for blank lines beside a place."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One replacement in a document's text."""

    span: Span
    """What is taken out of the original; empty for an insertion."""
    text: str
    """What stands there instead, with its blank lines."""


def apply_changes(source: str, changes: Iterable[Change]) -> str:
    """The text with all the changes made; changes at one point keep their order.

    Args:
        source: the original.
        changes: from `find_changes`; none reaches into another.
    """
    out: list[str] = []
    at = 0
    for change in sorted(changes, key=lambda change: change.span):
        assert change.span.start >= at
        out += [source[at : change.span.start], change.text]
        at = change.span.end
    return "".join(out) + source[at:]


def apply_amendment(spec: Spec, amendment: Amendment) -> str:
    """The amended document's text, under the document's own name for the model.

    Raises:
        AnchorError: an anchor is not found exactly once.
        EditError: there is no passage, or two edits reach into each other.
    """
    return apply_changes(spec.document.text, find_changes(spec, amendment))


def find_changes(spec: Spec, amendment: Amendment) -> tuple[Change, ...]:
    """What an amendment does to its document, in the document's order.

    Raises:
        AnchorError: an anchor is not found exactly once; names the file and the line of the edit.
        EditError: an edit cannot be applied, two edits reach into each other, or nothing would change.
    """
    changes: list[tuple[Change, int]] = []
    for edit in amendment.edits:
        changes += [(one, edit.line) for one in make_changes(spec, amendment, find_edit(spec, amendment, edit))]
    changes.sort(key=lambda item: item[0].span)
    apart = changes[:1]
    for change, line in changes[1:]:
        before, line_before = apart[-1]
        shared = Span(change.span.start, before.span.end)
        if shared.start < shared.end and (change.text or before.text or spec.document.slice(shared).strip()):
            raise EditError(
                f"the edit reaches into that of line {line_before}",
                path=amendment.path,
                line=line,
                mend="make one edit of the two",
            )
        # Two deletions side by side may both take the blank line or the space between them.
        start = max(change.span.start, before.span.end)
        apart.append((replace(change, span=Span(start, change.span.end)), line))
    found = tuple(change for change, _ in apart)
    if all(spec.document.slice(change.span) == change.text for change in found):
        raise EditError(
            "the amendment changes nothing: its words stand there already",
            path=amendment.path,
            line=amendment.edits[0].line,
            mend="take the edit out, or see `avenant adopted`",
        )
    return found


def make_changes(spec: Spec, amendment: Amendment, found: FoundEdit) -> tuple[Change, ...]:
    """One edit as changes to the document: one, or two for a move, or none for a move to where the words stand.

    Raises:
        EditError: an empty passage where words are to be added.
    """
    try:
        return _make_changes(spec, amendment, found)
    except EditError as error:
        error.faults = tuple(replace(f, path=amendment.path, line=found.edit.line) for f in error.faults)
        raise


def _make_changes(spec: Spec, amendment: Amendment, found: FoundEdit) -> tuple[Change, ...]:
    document = spec.document
    if found.destination is not None:
        taken, goal = found.place.span, found.destination.span.start
        if not document.text[min(taken.end, goal) : max(taken.start, goal)].strip():
            return ()
        return (_taken_out(document, taken), make_change(document, found.destination, _moved_words(document, taken)))
    passage = replace_name(amendment.passage_of(found.edit), amendment.placeholder, spec.manifest.subject)
    return (make_change(document, found.place, passage),)


def make_change(document: Document, place: Place, passage: str) -> Change:
    """The change that puts a passage at a place.

    Args:
        document: the original.
        place: from `find_edit`.
        passage: the words, already under the document's own name for the model; empty to delete.

    Raises:
        EditError: an empty passage where words are to be added, one that is not closed or does not fit its place, or
            a list item taken out that has items under it.
    """
    # Indented code that moves keeps its indentation; a passage that people write has none.
    stripped = passage.strip("\r\n") if passage.startswith("    ") else passage.strip()
    words = document.newline.join(split_lines(stripped))
    if words and not _is_closed(words):
        raise EditError(
            "the passage would take the text after it along: a fence or a comment in it is not closed",
            mend="close it in the passage",
        )
    if place.kind == "inline" or not place.is_insertion:
        clause = document.clause_at(place.span.start)
        if document.newline in words and clause is not None and clause.kind in _INDENTED:
            raise EditError(
                f"a passage of several lines cannot replace words inside a {clause.kind}",
                mend="write it in one line, or take the words out and insert the passage",
            )
        return Change(place.span, words) if words else _deletion(document, place.span)
    if not words:
        raise EditError(EMPTY_PASSAGE, mend="write it under `## Passage`")
    return Change(place.span, _framed(document, place, words))


_INDENTED = ("list-item", "admonition", "quote")
"""Clauses of which every line has something before it."""


def _is_closed(words: str) -> bool:
    """Whether a paragraph after the words would be one: no fence, comment or admonition of theirs runs on into it."""
    if not _OPENERS.search(words):
        return True
    end = parse_document(f"{words}\n\n{_AFTER}\n", "passage").clauses[-1]
    return end.kind == "paragraph" and end.id.startswith("what-comes-after")


_AFTER = "What comes after."
_OPENERS = re.compile(r"```|~~~|<|!!!")
"""What can run on; most passages have none of it and need no parse."""


_BULLETS = frozenset("-*+")


def _framed(document: Document, place: Place, words: str) -> str:
    """The passage with the line ends and blank lines that set it apart from its neighbours."""
    at, text, newline = place.span.start, document.text, document.newline
    before, after = text[max(0, at - _NEARBY) : at].removeprefix("\ufeff"), text[at : at + _NEARBY]
    head = "" if not before or before.endswith("\n") else newline
    if place.kind == "item":
        if words[0] in _BULLETS and place.bullet in _BULLETS:
            words = place.bullet + words[1:]
        lines = words.split(newline)
        return head + newline.join(place.indent + line if line else line for line in lines) + newline
    if before and not re.search(r"\n[ \t]*\r?\n\Z", before):
        head += newline
    tail = newline
    if after and not re.match(r"[ \t]*\r?\n", after):
        tail += newline
    return head + words + tail


def _moved_words(document: Document, taken: Span) -> str:
    """Whole clauses without the indentation that their place gave them, other than that of indented code."""
    words = document.slice(taken)
    clause = document.clause_at(taken.start + len(words) - len(words.lstrip()))
    if clause is not None and clause.kind == "code":
        return words.rstrip()
    # To `dedent` a line that holds a carriage return alone is a line of words without indentation.
    return textwrap.dedent("\n".join(split_lines(words))).strip()


def _deletion(document: Document, span: Span) -> Change:
    """Some words with a space beside them, or a whole clause with a blank line.

    Raises:
        EditError: a list item that has items under it, which would be left without it.
    """
    text = document.text
    clause = document.clause_at(span.start)
    if clause is None:
        return Change(span, "")
    marker = LIST_ITEM.match(document.slice(clause.span)) if clause.kind == "list-item" else None
    body = Span(clause.span.start + (marker.end() if marker else 0), clause.span.end)
    starts_clause = span.start <= body.start
    if starts_clause and document.slice(Span(span.start, body.end)).strip() == document.slice(span).strip():
        if marker and item_end(document, clause) > clause.span.end:
            raise EditError(
                "the item has items under it, which would be left without it",
                mend="take them out first, or replace the item's words",
            )
        start = after_mark(document, line_start(document, clause.span.start))
        return _taken_out(document, Span(start, clause.span.end))
    if starts_clause and text[span.end : span.end + 1] == " ":
        return Change(Span(span.start, span.end + 1), "")
    return Change(Span(span.start - (text[span.start - 1 : span.start] == " "), span.end), "")


def _taken_out(document: Document, blocks: Span) -> Change:
    """Whole clauses taken out; a blank line stays where their neighbours would run into each other."""
    span = _with_blank_line(document, blocks)
    rest = document.text[span.end : span.end + _NEARBY]
    above = document.clause_at(span.start - 1) if span.start else None
    below = document.clause_at(span.end + len(rest) - len(rest.lstrip(" \t")))
    is_tight = above is not None and below is not None
    are_items = is_tight and {above.kind, below.kind} == {"list-item"}  # type: ignore[union-attr]
    return Change(span, document.newline if is_tight and not are_items else "")


def _with_blank_line(document: Document, blocks: Span) -> Span:
    """Whole clauses together with a blank line beside them, unless they are items of a list that goes on."""
    text = document.text
    last = document.clause_at(blocks.start + len(document.slice(blocks).rstrip()) - 1)
    if last is not None and last.list_span is not None and not blocks.contains(last.list_span):
        return blocks
    if blank := re.match(r"[ \t]*\r?\n", text[blocks.end : blocks.end + _NEARBY]):
        return Span(blocks.start, blocks.end + blank.end())
    above = re.search(r"(?<=\n)[ \t]*\r?\n\Z", text[: blocks.start]) if blocks.end == len(text) else None
    return Span(above.start() if above else blocks.start, blocks.end)
