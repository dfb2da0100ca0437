"""Simulated graders, who see a sheet and nothing else, and what they need."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

from avenant.trials.design import Trial
from avenant.trials.labels import Sheet, SheetReply
from avenant.trials.sheets.page import sheet_as_html
from avenant.trials.sheets.table import sheet_as_csv
from avenant.trials.sheets.word import sheet_as_word
from tests.trials.materials import MARKER
from tests.trials.scripted import rank

Grader = Callable[[SheetReply], int | None]
"""A grade for what a sheet shows of a reply, or none."""


def own_copy(trial: Trial, folder: Path) -> Trial:
    """A trial that tests share, in a folder in which one of them may leave a salt."""
    shutil.copytree(trial.folder, folder)
    return dataclasses.replace(trial, folder=folder)


def like_the_judge(reply: SheetReply) -> int:
    """Finds what the scripted judge finds; less sure of it, by something that has to do with no arm."""
    found = 8 if MARKER in reply.reply else 1
    return found + rank(reply.conversation, 3)


def unimpressed(reply: SheetReply) -> int:
    """Thinks nothing of what the judge grades by: on average the same for both replies to a scenario."""
    return 3 + rank(reply.conversation, 5) + rank(reply.id, 2)


def fill(sheet: Sheet, style: str, path: Path, grader: Grader) -> Path:
    """Fill a sheet in as a person does with the program that it is for, and return the file that comes back."""
    grades = {one.id: grader(one) for one in sheet.replies}
    return {"csv": _fill_csv, "docx": _fill_word, "html": _fill_page}[style](sheet, path, grades)


def _fill_csv(sheet: Sheet, path: Path, grades: dict[str, int | None]) -> Path:
    rows = list(csv.DictReader(io.StringIO(sheet_as_csv(sheet).decode("utf-8-sig"), newline="")))
    out = io.StringIO()
    # As a spreadsheet set to French or German saves it.
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"grade": grades[row["id"]], "note": "so; so"})
    return _write(path.with_suffix(".csv"), out.getvalue().encode("utf-8-sig"))


def _fill_word(sheet: Sheet, path: Path, grades: dict[str, int | None]) -> Path:
    from docx import Document

    document = Document(io.BytesIO(sheet_as_word(sheet)))
    for table in document.tables:
        rows = {row.cells[0].text: row.cells[1] for row in table.rows}
        grade = grades[rows["Id"].text]
        rows["Grade (0 to 10)"].text = "" if grade is None else f" {grade} "
        rows["Note"].text = "so; so"
    path = path.with_suffix(".docx")
    document.save(str(path))
    return path


def _fill_page(sheet: Sheet, path: Path, grades: dict[str, int | None]) -> Path:
    page = sheet_as_html(sheet).decode()
    ids = [unescape(found) for found in re.findall(r'<article id="([^"]+)"', page)]
    labels = [{"id": one, "grade": grades[one], "note": "so; so"} for one in ids]
    return _write(path.with_suffix(".json"), json.dumps({"canary": "…", "labels": labels}).encode())


def _write(path: Path, raw: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path
