"""A survey: threat models in the documents that somebody chose, and what can be said of labs without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.language import is_english
from avenant.coverage.matrix import Cell, Matrix, find_coverage
from avenant.errors import SpecError
from avenant.specs.library import Spec, list_spec_ids, read_labs, read_spec

Status = Literal["read", "not-english", "no-clause", "no-document", "not-here"]
"""read: labels are given; not-english, no-clause: there is a document of which none can be given; no-document: the lab
publishes none that is known; not-here: it publishes one, and this workspace does not have it."""

WORDING: dict[Status, str] = {
    "read": "read",
    "not-english": "cannot tell: not in English",
    "no-clause": "cannot tell: no clause in it",
    "no-document": "no document",
    "not-here": "not in this workspace",
}
"""What people read where a column has no labels."""
_LAB = re.compile(r"[a-z0-9][a-z0-9_-]*")
_ALIKE = 70
"""Likeness of two names (of 100, by edits) from which the one may be a slip of the pen for the other."""


@dataclass(frozen=True, slots=True)
class Column:
    """One document, or a lab without one."""

    id: str
    """`lab/version`; the lab alone where there is no document."""
    status: Status
    spec: Spec | None = None
    """The document; None where there is none."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A matrix with the columns that were asked for, those without labels too."""

    columns: tuple[Column, ...]
    matrix: Matrix
    """Of the documents that could be read, in the order of their columns."""

    @property
    def rows(self) -> tuple[tuple[ThreatModel, tuple[Cell | None, ...]], ...]:
        """Each threat model with a cell for every column; None where no label can be given."""
        number = {spec.id: index for index, spec in enumerate(self.matrix.specs)}
        return tuple(
            (threat, tuple(cells[number[one.id]] if one.status == "read" else None for one in self.columns))
            for threat, cells in zip(self.matrix.threats, self.matrix.cells, strict=True)
        )


def choose_columns(specs: Path, wanted: Sequence[str] = ()) -> tuple[Column, ...]:
    """The documents that are meant, each once.

    Args:
        specs: the workspace's folder of documents.
        wanted: documents as `lab/version`, or labs, of which the newest release is taken; a lab without any is a
            column without labels. Nothing: the newest release of each lab.

    Raises:
        SpecError: the workspace has no documents, not this one, or the lab's name is mistyped.
    """
    ids = list_spec_ids(specs)
    newest = {spec_id.split("/")[0]: spec_id for spec_id in ids}
    if not wanted and not newest:
        raise SpecError(
            "there are no documents in this workspace",
            mend="take one in: avenant spec add FILE --as lab/version",
        )
    columns = [_find_column(specs, one, newest) for one in wanted or list(newest)]
    return tuple({column.id: column for column in columns}.values())


def find_gaps(
    catalogue: Sequence[ThreatModel], columns: Sequence[Column], *, progress: Callable[[int], None] | None = None
) -> Matrix:
    """Estimate what the documents among the columns cover; see `find_coverage`.

    Raises:
        SpecError: none of them is a document of which labels can be given.
    """
    specs = [column.spec for column in columns if column.spec is not None and column.status == "read"]
    if not specs:
        why = "; ".join(f"{column.id}: {WORDING[column.status]}" for column in columns)
        raise SpecError(
            f"there is nothing to give labels for ({why})",
            mend="name a document in English, or take one in: avenant spec add FILE --as lab/version",
        )
    return find_coverage(catalogue, specs, progress=progress)


def choose_documents(specs: Path, wanted: Sequence[str] = ()) -> tuple[Column, ...]:
    """The documents that are meant, as `choose_columns` has them; a lab without one is an error.

    Raises:
        SpecError: the workspace has no documents, not this one, or none of this lab.
    """
    here = list(dict.fromkeys(one.split("/")[0] for one in list_spec_ids(specs)))
    for lab in wanted:
        if _LAB.fullmatch(lab) and lab not in here and here:
            near = _find_alike(lab, here)
            meant = f"did you mean {near!r}? " if near else ""
            raise SpecError(
                f"{lab} has no document in this workspace",
                mend=f"{meant}labs here: {', '.join(here)}; see `avenant spec list`",
            )
    return choose_columns(specs, wanted)


def _find_column(specs: Path, wanted: str, newest: dict[str, str]) -> Column:
    if "/" in wanted or wanted in newest:
        spec = read_spec(specs, newest.get(wanted, wanted))
        return Column(spec.id, _status(spec), spec)
    labs = read_labs()
    if wanted in labs:
        return Column(wanted, "not-here" if "subject" in labs[wanted] else "no-document")
    _check_lab(wanted, [*newest, *labs], list(newest))
    return Column(wanted, "no-document")


def _status(spec: Spec) -> Status:
    if not spec.document.clauses:
        return "no-clause"
    return "read" if is_english(spec.document) else "not-english"


def _check_lab(wanted: str, known: Sequence[str], here: Sequence[str]) -> None:
    """Make sure that a lab nobody knows is no slip of the pen.

    Raises:
        SpecError: it is no lab's id, or nearly that of a known one.
    """
    if not _LAB.fullmatch(wanted):
        mend = f"labs here: {', '.join(here) or 'none yet'}; a document is lab/version, a lab is in small letters"
        raise SpecError(f"{wanted!r} is neither a document nor a lab", mend=mend)
    if near := _find_alike(wanted, known):
        raise SpecError(f"the lab {wanted!r} is not known here", mend=f"did you mean {near!r}?")


def _find_alike(name: str, known: Sequence[str]) -> str | None:
    """The known name that was likely meant; None where there is none."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None
