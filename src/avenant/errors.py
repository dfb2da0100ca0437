"""Every error that a user can meet: what is wrong, where, and how to mend it.

The tree:

    AvenantError
    ├── FileError               a file cannot be read or written
    ├── FormatError             a file is readable but not what it should be
    ├── WorkspaceError          no workspace here, or one already
    ├── SpecError               unknown, doubled or changed document
    ├── AnchorError
    │   ├── AnchorNotFoundError
    │   └── AnchorAmbiguousError
    ├── EditError               an edit that cannot be applied
    ├── ThreatError             an unknown threat model
    ├── ModelError              a model that cannot be reached or is not installed
    └── TrialError              a trial that cannot start or go on
        └── TrialInterruptedError
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place, with its mend."""

    problem: str
    """What is wrong, showing the value."""
    path: Path | None = None
    """The file, where there is one."""
    line: int | None = None
    """Line in the file, from 1; None for a whole file or a folder."""
    mend: str | None = None
    """What to do about it."""

    def __str__(self) -> str:
        line = "" if self.line is None else f"{self.line}:"
        place = "" if self.path is None else f"{shown_path(self.path)}:{line} "
        return place + self.problem + (f"\n  mend: {self.mend}" if self.mend else "")


class AvenantError(Exception):
    """Base of all errors that are shown to the user without a traceback; the command exits 2."""

    exit_code = 2

    def __init__(
        self, problem: str, *, path: Path | None = None, line: int | None = None, mend: str | None = None
    ) -> None:
        self.faults: tuple[Fault, ...] = (Fault(problem, path, line, mend),)
        super().__init__(problem)

    @classmethod
    def from_faults(cls, faults: Sequence[Fault]) -> AvenantError:
        """Make one error of all faults of a file, so that they are mended in one go."""
        error = cls(faults[0].problem)
        error.faults = tuple(faults)
        return error

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class FileError(AvenantError):
    """A file cannot be read or written."""


class FormatError(AvenantError):
    """A file is readable but its contents are not what they should be."""


class WorkspaceError(AvenantError):
    """There is no workspace here, or there is one already."""


class SpecError(AvenantError):
    """A document is unknown, added twice, or changed behind its hash."""


class AnchorError(AvenantError):
    """An anchor does not point at exactly one place."""


class AnchorNotFoundError(AnchorError):
    """The quoted words stand nowhere in the document."""


class AnchorAmbiguousError(AnchorError):
    """The quoted words stand in more than one place."""


class EditError(AvenantError):
    """An edit that cannot be applied."""


class ThreatError(AvenantError):
    """A threat model is in no catalogue."""


class ModelError(AvenantError):
    """A model cannot be reached, is not installed, or lacks a key."""


class TrialError(AvenantError):
    """A trial cannot start or go on."""


class TrialInterruptedError(TrialError):
    """The user stopped a trial; what was finished is kept."""

    exit_code = 130


def shown_path(path: Path) -> Path:
    """A path as people want to read it: from the current folder where it lies inside, else whole."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path
