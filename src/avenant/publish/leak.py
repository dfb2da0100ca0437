"""A real name of a model in something that is about to go online."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from avenant.check.names import FoundName, find_names
from avenant.publish.part import Extract

_SHOWN = 50
"""Characters that are shown before and behind a name."""
_PIECE = 500_000
"""Characters that are searched at once; the search needs a multiple of that in memory."""
_CONTEXT = 500
"""Characters about a piece that are searched with it, since what stands near a word tells whether it is a name."""
_LONG_NAME = 5
_LONG_RUN = 12
"""Letters that a name, or else the run of characters that it stands in, must have among the noise of a binary file."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One name in one place."""

    path: str
    """The file, from the folder that was scanned, printable; empty for what belongs to no file."""
    where: str
    """Part of the file: "page 3", "metadata", "name of the file or folder"; empty for its text."""
    line: int | None
    """From 1; None where lines mean nothing."""
    name: str
    """The name as it is known."""
    disguise: str
    """How it was hidden, in words; empty where it is written plainly."""
    excerpt: str
    """The words about it, in one line, with the name and safe to print."""
    count: int = 1
    """How often it stands there; for the history, in how many versions or commits."""
    record: str = ""
    """What of git's history holds it: "commit abc1234" (the oldest), "branch main"; empty for the files as they are."""

    @property
    def is_in_history(self) -> bool:
        """Whether git keeps it, so that a clean file does not take it away."""
        return bool(self.record)

    @property
    def place(self) -> str:
        """Where to look: "notes.md:12", "report.docx: word/document.xml", "commit abc1234: notes.md:12"."""
        line = "" if self.line is None else f":{self.line}"
        return ": ".join(part for part in (self.record, self.path, self.where) if part) + line


class Leaks:
    """The leaks of one file, each place once, although several readings of the file may tell of it."""

    def __init__(self, path: str, names: tuple[str, ...]) -> None:
        self._path = path
        self._names = names
        self._found: dict[tuple[str, int | None, str], Leak] = {}

    def __iter__(self) -> Iterator[Leak]:
        return iter(self._found.values())

    def read(self, extract: Extract) -> None:
        """Add the names that stand in a text."""
        counts: dict[tuple[str, int | None, str], int] = {}
        known = {leak.name for leak in self} if extract.is_echo else set()
        for found in _find(extract, self._names):
            if found.name in known:
                continue
            key = (extract.where, extract.line(found.start), found.name)
            counts[key] = counts.get(key, 0) + 1
            if key not in self._found:
                excerpt = _excerpt(extract.text, found)
                self._found[key] = Leak(self._path, *key, disguise=found.disguise, excerpt=excerpt)
        for key, count in counts.items():
            if count > self._found[key].count:
                self._found[key] = dataclasses.replace(self._found[key], count=count)


def _find(extract: Extract, names: tuple[str, ...]) -> Iterator[FoundName]:
    text = extract.text
    for low in range(0, len(text), _PIECE):
        start = max(0, low - _CONTEXT)
        for one in find_names(text[start : low + _PIECE + _CONTEXT], names):
            found = dataclasses.replace(one, start=one.start + start, end=one.end + start)
            if low <= found.start < low + _PIECE and not (extract.is_raw and _is_noise(text, found)):
                yield found


def _is_noise(text: str, found: FoundName) -> bool:
    """Whether a name among runs of a binary file may have come about by chance."""
    written = text[found.start : found.end]
    if found.disguise or "\n" in written:
        return True
    if not any(written.startswith(form) for form in (found.name, found.name.lower(), found.name.upper())):
        return True
    run_start = text.rfind("\n", 0, found.start) + 1
    run_end = text.find("\n", found.end)
    run = (len(text) if run_end < 0 else run_end) - run_start
    return len(written) < _LONG_NAME and run < _LONG_RUN


def _excerpt(text: str, found: FoundName) -> str:
    before = text[max(0, found.start - _SHOWN) : found.start]
    after = text[found.end : found.end + _SHOWN]
    start = "…" if found.start > _SHOWN else ""
    end = "…" if found.end + _SHOWN < len(text) else ""
    words = " ".join(f"{before}{text[found.start : found.end]}{after}".split())
    # Characters that are not seen, or that would move the cursor, are written out.
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in words)
    return f"{start}{shown}{end}"
