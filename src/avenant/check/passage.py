"""The words that an edit puts into the document, and where each of them stands in the draft's file."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from avenant.amendments.amendment import Amendment
from avenant.amendments.edit import Edit
from avenant.amendments.place import FoundEdit
from avenant.check.finding import Fix


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of one edit, under the placeholder."""

    text: str
    """Without comments and blank ends."""
    edit: Edit
    found: FoundEdit | None
    """Where the edit goes; None where its anchor does not find its place or the document is unknown."""
    line: int
    """Line in the draft's file where the words begin, from 1."""
    pieces: tuple[tuple[int, int], ...]
    """(offset in the text, offset in the file) of each run of words; empty where the file writes them otherwise, as
    YAML in quotes may."""
    source: str
    """The draft's whole file."""

    def source_at(self, offset: int) -> int | None:
        """Where in the file a character of the text stands; None where that is not known."""
        index = bisect.bisect_right(self.pieces, (offset, len(self.source))) - 1
        if index < 0:
            return None
        at, start = self.pieces[index]
        found = start + offset - at
        is_there = offset < len(self.text) and self.source[found : found + 1] == self.text[offset]
        return found if is_there else None

    def line_at(self, offset: int) -> int:
        """Line in the file of a character of the text, from 1; the first line of the words where it is not known."""
        at = self.source_at(min(offset, len(self.text) - 1))
        return self.line if at is None else self.source.count("\n", 0, at) + 1

    def fix(self, start: int, end: int, text: str) -> Fix | None:
        """A replacement in the text as one in the file; None where the words cannot be told apart there.

        Args:
            start: offset in the text.
            end: offset just past what is replaced; equal to `start` for an insertion.
            text: what stands there instead.
        """
        first = self.source_at(start)
        last = first if end == start else self.source_at(end - 1)
        if first is None or last is None or end > len(self.text):
            return None
        source_end = first if end == start else last + 1
        is_whole = self.source[first:source_end] == self.text[start:end]
        return Fix(first, source_end, text) if is_whole else None

    def fix_all(self, replacements: Iterable[tuple[int, int, str]]) -> Fix | None:
        """Several replacements in the text as one in the file; None where one of them cannot be made there.

        Args:
            replacements: start, end and new text of each; none reaches into another.
        """
        fixes = [self.fix(*one) for one in replacements]
        known = sorted(fix for fix in fixes if fix is not None)
        if not known or len(known) < len(fixes):
            return None
        parts, at = [], known[0].start
        for fix in known:
            parts += [self.source[at : fix.start], fix.text]
            at = fix.end
        return Fix(known[0].start, at, "".join(parts))


def find_passages(amendment: Amendment, found: dict[int, FoundEdit]) -> Iterator[Passage]:
    """The passages of a draft, in the order of its edits; edits that add nothing have none.

    Args:
        amendment: the draft.
        found: the edits that find their place, by the line of the edit.
    """
    for edit in amendment.edits:
        text = amendment.passage_of(edit)
        if not text:
            continue
        if edit.passage is None:
            pieces = amendment.section_pieces.get("Passage", ())
        else:
            pieces = tuple(_pieces_in_yaml(amendment.source, edit.line, text))
        line = amendment.source.count("\n", 0, pieces[0][1]) + 1 if pieces else edit.line
        yield Passage(text, edit, found.get(edit.line), line, pieces, amendment.source)


def _pieces_in_yaml(source: str, edit_line: int, text: str) -> Iterator[tuple[int, int]]:
    """Each line of a text that stands in YAML as it is; nothing where one of them is written otherwise."""
    at = sum(len(line) for line in source.splitlines(keepends=True)[: edit_line - 1])
    at = max(source.find("passage:", at), at)
    pieces = []
    offset = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            start = source.find(words, at)
            if start < 0:
                return
            pieces.append((offset + line.index(words), start))
            at = start + len(words)
        offset += len(line) + 1
    yield from pieces
