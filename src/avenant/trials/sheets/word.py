"""A sheet as a Word file: one small table a reply, in which grade and note are cells to fill in.

Plain cells, and not content controls: every word processor keeps them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from avenant.errors import FileError, FormatError
from avenant.files import read_bytes
from avenant.trials.judge import SCALE
from avenant.trials.labels import Sheet, SheetReply
from avenant.trials.sheets.row import Row
from avenant.trials.sheets.wording import CANARY, INSTRUCTIONS, TITLE

if TYPE_CHECKING:
    from docx.document import Document

_GRADE = f"Grade (0 to {SCALE})"
_EPOCH = dt.datetime(2000, 1, 1)


def sheet_as_word(sheet: Sheet) -> bytes:
    """The sheet as a .docx.

    Raises:
        FileError: python-docx is not installed.
    """
    document = _new_document()
    document.add_heading(TITLE, level=1)
    for line in INSTRUCTIONS:
        document.add_paragraph(line, style="List Bullet")
    for number, one in enumerate(sheet.replies, 1):
        document.add_heading(f"Reply {number} of {len(sheet.replies)}", level=2)
        _add_table(document, one)
    document.add_paragraph()
    document.add_paragraph(CANARY)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read_word(path: Path) -> list[Row]:
    """The rows of a filled Word file; tables without an id do not count.

    Raises:
        FileError: python-docx is not installed.
        FormatError: not a .docx, or without a table of a sheet.
    """
    open_document = _docx()
    try:
        document = open_document(io.BytesIO(read_bytes(path)))
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise FormatError(f"not a Word file: {error}", path=path, mend="save it again as .docx") from error
    rows = list(_rows(document, path))
    if not rows:
        raise FormatError(
            "no reply of a sheet stands in this file",
            path=path,
            mend="give back the sheet itself, with its tables, filled in",
        )
    return rows


def _new_document() -> Document:
    document: Document = _docx()()
    facts = document.core_properties
    facts.author = facts.last_modified_by = facts.comments = facts.subject = facts.keywords = facts.category = ""
    facts.title = TITLE
    # The time of making would tell which trial is the newest.
    facts.created = facts.modified = _EPOCH
    facts.revision = 1
    return document


def _docx() -> Any:
    try:
        import docx
    except ImportError as error:
        raise FileError(
            "Word files need python-docx, which is not installed",
            mend='pip install "avenant[word]", or choose --format html or csv',
        ) from error
    return docx.Document


def _add_table(document: Document, one: SheetReply) -> None:
    from docx.shared import Cm

    filled = {"Id": one.id, "Conversation": one.conversation, "Reply": one.reply, "Rubric": one.rubric}
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for name, text in {**filled, _GRADE: "", "Note": ""}.items():
        label, cell = table.add_row().cells
        label.width, cell.width = Cm(3.2), Cm(13)
        label.paragraphs[0].add_run(name).bold = name not in filled
        cell.paragraphs[0].add_run(text)


def _rows(document: Document, path: Path) -> Iterator[Row]:
    number = 0
    for table in document.element.body.iter(_tag("tbl")):
        cells = dict(_pairs_of(table))
        if "id" in cells:
            number += 1
            grade = cells.get(_GRADE.casefold(), "")
            yield Row(cells["id"], grade, cells.get("note", ""), path, number=number)


def _pairs_of(table: Any) -> Iterator[tuple[str, str]]:
    for row in table.iter(_tag("tr")):
        cells = [_text_of(cell) for cell in row.iter(_tag("tc"))]
        if len(cells) == 2:
            yield cells[0].casefold(), cells[1]


def _text_of(cell: Any) -> str:
    """All text of a cell as it reads with every tracked change accepted."""
    paragraphs = ("".join(part.text or "" for part in one.iter(_tag("t"))) for one in cell.iter(_tag("p")))
    return "\n".join(paragraphs).strip()


def _tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
