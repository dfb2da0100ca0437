"""What a rule finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from avenant.errors import shown_path

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the gravest. Errors and warnings are mended before a draft goes out; a note is for its author to weigh."""


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """A mend that needs no judgement: one replacement in the flaw's file."""

    start: int
    """Offset in the file's text, in code points from 0."""
    end: int
    """Offset just past what is replaced."""
    text: str
    """What stands there instead."""


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A place of another file that is shown with a flaw, such as the clause that a passage repeats."""

    path: Path
    line: int
    """From 1."""
    words: str
    """What is shown of it, under the placeholder, in one line."""


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One fault in one place, as a rule sees it."""

    path: Path
    line: int
    """From 1."""
    problem: str
    """What is wrong, showing the value, under the placeholder."""
    mend: str
    """What to do about it."""
    fix: Fix | None = field(default=None, compare=False)
    """Where the mend is mechanical."""
    shown: tuple[Shown, ...] = field(default=(), compare=False)
    """Places to look at."""


@dataclass(frozen=True, slots=True)
class Off:
    """That a finding is turned off."""

    reason: str
    """Why, in its author's words."""
    is_in_file: bool
    """Whether a comment in the file turns it off; else the workspace's settings do."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A flaw together with the rule that found it."""

    path: Path
    line: int
    """From 1."""
    rule: str
    """The rule's id."""
    problem: str
    mend: str
    severity: Severity = "error"
    fix: Fix | None = field(default=None, compare=False)
    shown: tuple[Shown, ...] = field(default=(), compare=False)
    off: Off | None = field(default=None, compare=False)
    """That it is turned off, and why; None where it holds."""

    @classmethod
    def from_flaw(cls, flaw: Flaw, rule: str, severity: Severity) -> Finding:
        """A flaw under the id and the severity of its rule."""
        return cls(flaw.path, flaw.line, rule, flaw.problem, flaw.mend, severity, flaw.fix, flaw.shown)

    @property
    def is_failing(self) -> bool:
        """Whether the check fails for it; a note never does."""
        return self.severity != "note"

    def __str__(self) -> str:
        mend = f"; {self.mend}" if self.mend else ""
        return f"{shown_path(self.path)}:{self.line}: {self.rule}: {self.problem}{mend}"


@dataclass(frozen=True, slots=True)
class Check:
    """What the rules found."""

    findings: tuple[Finding, ...]
    """Those that hold, by file, line and rule."""
    turned_off: tuple[Finding, ...]
    """Those that a comment or the settings turn off."""

    @property
    def is_failing(self) -> bool:
        """Whether there is an error or a warning."""
        return any(finding.is_failing for finding in self.findings)
