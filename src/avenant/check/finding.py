"""What a rule finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avenant.errors import shown_path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault in one place."""

    path: Path
    line: int
    """From 1."""
    rule: str
    """The rule's id."""
    problem: str
    mend: str

    def __str__(self) -> str:
        mend = f"; {self.mend}" if self.mend else ""
        return f"{shown_path(self.path)}:{self.line}: {self.rule}: {self.problem}{mend}"
