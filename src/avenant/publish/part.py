"""What is read of a file: its texts, and what nobody could read."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

MAX_FILE_BYTES = 100_000_000
"""A file, or one file of an archive, that is larger is read only where it is plain text."""
MAX_EXPANDED_BYTES = 500_000_000
"""What one file may unpack to, all archives inside it together; a zip bomb unpacks to more."""
MAX_DEPTH = 8
"""Archives inside archives, documents and mails in them included."""
_LEAST_CHARGE = 1_000
"""Bytes that an empty file of an archive counts for, so that a million of them come to an end too."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One readable text of a file."""

    where: str
    """Part of the file: "page 3", "word/document.xml", "metadata"; empty for the file itself."""
    text: str
    lines: Sequence[tuple[int, int]] = ()
    """Offsets in the text with the line (from 1) that begins or goes on there; empty where lines mean nothing."""
    document: str = ""
    """The file of an archive to which it belongs; empty for the file itself."""
    is_raw: bool = False
    """Readable runs of a binary file, among which there is noise."""
    is_echo: bool = False
    """Says again what other parts say better: only what those do not say counts."""

    def line(self, offset: int) -> int | None:
        """Line at an offset; None where lines mean nothing."""
        if not self.lines:
            return None
        start, line = self.lines[bisect.bisect_right(self.lines, offset, key=itemgetter(0)) - 1]
        return line + self.text.count("\n", start, offset)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read."""

    where: str
    """Part of the file; empty for the whole file."""
    reason: str
    """Why, in words that follow "could not be read: "."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels or sound, which nobody but a person can look at or listen to."""

    where: str
    """Part of the file; empty for the whole file."""


@dataclass(frozen=True, slots=True)
class Published:
    """A lab's published document, byte for byte, or its manifest: let pass."""

    where: str
    """Part of the file; empty for the whole file."""


Part = Extract | Unread | Picture | Published


class Nest:
    """A file on the way down into archives: how deep it lies, and how much may still be unpacked."""

    def __init__(self, read: Callable[[str, bytes, Nest], Iterator[Part]]) -> None:
        self._read = read
        self._depth = 0
        self.is_piece = False
        """Whether the file is a piece of a document, such as the XML inside a Word file."""
        self._budget = [MAX_EXPANDED_BYTES]

    @property
    def limit(self) -> int:
        """How many bytes the next file inside may have."""
        return min(MAX_FILE_BYTES, self._budget[0])

    def open(self, name: str, raw: bytes, *, is_document: bool, shown: str | None = None) -> Iterator[Part]:
        """The parts of a file inside this one.

        Args:
            name: its path in this one.
            raw: its contents, at most one byte over `limit`.
            is_document: it is a document of its own, not a piece of this one.
            shown: what it is called in `where`; default: its name.
        """
        shown = name if shown is None else shown
        if len(raw) > self.limit:
            if self.limit == MAX_FILE_BYTES:
                yield Unread(shown, f"it is larger than {MAX_FILE_BYTES / 1e6:.0f} MB")
                return
            # What is left in the archive would only be more of the same.
            self._budget[0] = 0
            yield Unread(shown, f"all that the file unpacks to is larger than {MAX_EXPANDED_BYTES / 1e6:.0f} MB")
            return
        if self._depth >= MAX_DEPTH:
            yield Unread(shown, f"more than {MAX_DEPTH} archives lie one inside another")
            return
        self._budget[0] -= max(len(raw), _LEAST_CHARGE)
        inner = Nest(self._read)
        inner._depth, inner._budget, inner.is_piece = self._depth + 1, self._budget, not is_document
        for part in self._read(name, raw, inner):
            yield _within(part, shown, is_document=is_document)


def _within(part: Part, name: str, *, is_document: bool) -> Part:
    where = f"{name}: {part.where}" if name and part.where else name or part.where
    if not isinstance(part, Extract):
        return dataclasses.replace(part, where=where)
    if not name:
        return part
    if not is_document:
        # Nobody can go to a line of the XML inside a Word file.
        return dataclasses.replace(part, where=where, lines=())
    return dataclasses.replace(part, where=where, document=f"{name}: {part.document}" if part.document else name)
