"""From filled sheets to labels: every fault of every file at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from avenant.errors import AvenantError, Fault, FormatError, shown_path
from avenant.trials.design import Trial
from avenant.trials.judge import SCALE
from avenant.trials.labels import Label, ReplyKey, grader_name, known_ids
from avenant.trials.sheets.row import Row

_WHOLE = re.compile(r"\d{1,3}(?:[.,]0+)?")
_COPY = re.compile(r"\s*\(\d+\)$")
"""What browsers add to the name of a file that is saved twice."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What one grader gave back."""

    grader: str
    labels: tuple[Label, ...]
    empty: int
    """Replies on the sheet without a grade."""


def read_filled(trial: Trial, paths: Sequence[Path], *, grader: str | None = None) -> tuple[Filled, ...]:
    """The labels in filled sheets, checked; nothing is stored.

    Args:
        trial: whose replies they are.
        paths: `*.csv` and `*.tsv` of a spreadsheet or the web page, `*.docx`, `*.json` of the web page.
        grader: who filled all of them in; None: each file's name says so.

    Raises:
        FormatError: with all faults: files that cannot be read, unknown or doubled ids, grades out of range.
    """
    ids = known_ids(trial)
    if not ids:
        raise FormatError("no sheet was ever made for this trial", path=trial.folder, mend="avenant label TRIAL")
    rows: dict[str, list[Row]] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            rows.setdefault(grader_name(grader or _COPY.sub("", path.stem)), []).extend(_read_rows(path))
        except AvenantError as error:
            faults += error.faults
    faults += [fault for found in rows.values() for fault in _find_faults(found, ids)]
    if faults:
        raise FormatError.from_faults(faults)
    return tuple(_filled(name, found, ids) for name, found in rows.items())


def _read_rows(path: Path) -> list[Row]:
    from avenant.trials.sheets.page import read_saved
    from avenant.trials.sheets.table import read_table
    from avenant.trials.sheets.word import read_word

    readers = {".csv": read_table, ".tsv": read_table, ".docx": read_word, ".json": read_saved}
    if (reader := readers.get(path.suffix.lower())) is None:
        is_page = path.suffix.lower() in (".html", ".htm")
        raise FormatError(
            "this is the page itself, in which no grade is kept" if is_page else "not a sheet that can be read",
            path=path,
            mend="give the file that its Download button saved"
            if is_page
            else "give a .csv (a spreadsheet saves one: CSV, UTF-8), .docx or .json",
        )
    return reader(path)


def _find_faults(rows: Sequence[Row], ids: Mapping[str, ReplyKey]) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, Row] = {}
    for row in rows:
        if (problem := _problem(row, ids, first.get(row.id))) is not None:
            faults.append(Fault(f"{row.place}{problem[0]}", row.path, row.line, problem[1]))
        first.setdefault(row.id, row)
    return faults


def _problem(row: Row, ids: Mapping[str, ReplyKey], before: Row | None) -> tuple[str, str] | None:
    """What is wrong, and the mend."""
    if row.id not in ids:
        what = f"the id {row.id!r} is none of this trial's" if row.id else "the id is empty"
        return what, "give each id as the sheet had it; see that the sheet is of this trial"
    if before is not None:
        where = f"line {before.line}" if before.line else f"reply {before.number}"
        return f"the id {row.id!r} stands twice, first at {where} of {shown_path(before.path)}", "keep one of the two"
    if row.grade and (not _WHOLE.fullmatch(row.grade) or _grade(row) > SCALE):
        return f"the grade is no whole number from 0 to {SCALE}: {row.grade!r}", "correct it, or leave it empty"
    return None


def _filled(grader: str, rows: Sequence[Row], ids: Mapping[str, ReplyKey]) -> Filled:
    graded = [row for row in rows if row.grade]
    labels = tuple(Label(grader, *ids[row.id], _grade(row), row.note) for row in graded)
    return Filled(grader, labels, len(rows) - len(graded))


def _grade(row: Row) -> int:
    return int(re.split("[.,]", row.grade)[0])
