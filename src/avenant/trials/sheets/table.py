"""A sheet as a table: CSV for a spreadsheet, and the CSV that a spreadsheet or the web page gives back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from avenant.coverage.export import safe_cell
from avenant.errors import FormatError
from avenant.files import read_text
from avenant.trials.labels import Sheet
from avenant.trials.sheets.row import Row
from avenant.trials.sheets.wording import CANARY

COLUMNS = ("id", "conversation", "reply", "rubric", "grade", "note", "canary")
_NEEDED = ("id", "grade")
_LONGEST_CELL = 1_000_000


def sheet_as_csv(sheet: Sheet) -> bytes:
    """The sheet in UTF-8 with the mark by which spreadsheets know it; the columns grade and note are empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sheet.replies:
        texts = (safe_cell(text) for text in (one.conversation, one.reply, one.rubric))
        writer.writerow((one.id, *texts, "", "", CANARY))
    return out.getvalue().encode("utf-8-sig")


def read_table(path: Path) -> list[Row]:
    """The rows of a filled table, separated by commas, semicolons or tabs; empty lines do not count.

    Raises:
        FormatError: not UTF-8, no CSV, or without the columns id and grade.
    """
    text = read_text(path).removeprefix("\ufeff")
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [name.strip().casefold() for name in next(lines, [])]
        if missing := [name for name in _NEEDED if name not in header]:
            raise FormatError(
                f"the first line has no column {' and no column '.join(missing)}: {head[:80].strip()!r}",
                path=path,
                line=1,
                mend="give back the sheet with its columns, or the file that the page's Download button saved",
            )
        return list(_rows(lines, header, path))
    except csv.Error as error:
        raise FormatError(
            f"no CSV: {error}", path=path, line=lines.line_num, mend="save the sheet again as CSV in UTF-8"
        ) from error


def _rows(lines: Iterator[Sequence[str]], header: Sequence[str], path: Path) -> Iterator[Row]:
    at = lines.line_num + 1  # type: ignore[attr-defined]
    for cells in lines:
        row = dict(zip(header, cells, strict=False))
        if any(cell.strip() for cell in cells):
            yield Row(row["id"].strip(), row.get("grade", "").strip(), row.get("note", "").strip(), path, at)
        at = lines.line_num + 1  # type: ignore[attr-defined]
