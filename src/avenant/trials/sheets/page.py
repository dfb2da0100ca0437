"""A sheet as a web page: one file that works without a network, and the JSON that its Download button saves."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from avenant.errors import FormatError
from avenant.files import read_text, sha256_text
from avenant.trials.judge import SCALE
from avenant.trials.labels import Sheet
from avenant.trials.sheets.row import Row
from avenant.trials.sheets.wording import CANARY, INSTRUCTIONS, TITLE

_MEND = "give the file as the page's Download button saved it"


def sheet_as_html(sheet: Sheet) -> bytes:
    """The sheet as one HTML file."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = (resources.files("avenant.trials") / "templates/label.html").read_text(encoding="utf-8")
    page = environment.from_string(source).render(
        title=TITLE,
        instructions=INSTRUCTIONS,
        replies=sheet.replies,
        grades=range(SCALE + 1),
        grader=sheet.grader,
        # The browser keeps grades under this name, so that two sheets on one machine do not mix.
        key=sha256_text(" ".join(one.id for one in sheet.replies))[:12],
        canary=CANARY,
    )
    return f"{page}\n".encode()


def read_saved(path: Path) -> list[Row]:
    """The rows of a file that the page saved as JSON.

    Raises:
        FormatError: not such a file.
    """
    try:
        data = json.loads(read_text(path).removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise FormatError(f"invalid JSON: {error.msg}", path=path, line=error.lineno, mend=_MEND) from error
    labels = data.get("labels") if isinstance(data, dict) else None
    if not isinstance(labels, list) or not all(isinstance(one, dict) for one in labels):
        raise FormatError("no list of labels stands in this file", path=path, mend=_MEND)
    return [_row(one, path, number) for number, one in enumerate(labels, 1)]


def _row(label: dict[str, Any], path: Path, number: int) -> Row:
    reply_id, grade, note = (
        "" if label.get(key) is None else str(label[key]).strip() for key in ("id", "grade", "note")
    )
    return Row(reply_id, grade, note, path, number=number)
