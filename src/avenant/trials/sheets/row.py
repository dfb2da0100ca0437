"""One row of a filled sheet, as it was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """What somebody wrote about one reply; nothing of it is checked yet."""

    id: str
    grade: str
    note: str
    path: Path
    line: int | None = None
    """In a file that has lines, from 1."""
    number: int | None = None
    """Which reply of the sheet, from 1, where the file has no lines."""

    @property
    def place(self) -> str:
        """The words for where it stands, in front of what is wrong with it; empty where a line says so."""
        return "" if self.number is None else f"reply {self.number} of the sheet: "
