"""Rows of JSONL and CSV as scenarios, under our own names for columns or under those that are usual elsewhere."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from avenant.errors import Fault
from avenant.files import read_text
from avenant.scenarios.importing import Entry, LeftOut, Reading, Turns
from avenant.scenarios.scenario import ROLES

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "family": ("family", "cluster", "group"),
    "battery": ("battery",),
    "messages": ("messages", "input", "user", "prompt", "message", "question"),
    "rubric": ("rubric", "criteria"),
    "target": ("target",),
    "wanted": ("wanted", "good", "chosen"),
    "unwanted": ("unwanted", "bad", "rejected"),
    "held-out": ("held-out", "held_out"),
}
"""Our name for what a column holds, with the names that are taken for it. Inspect's samples have input and target."""
_TARGET = "10: the reply says or does all of this: {target} 5: part of it. 0: none of it."
"""The rubric that a `target` stands for; Inspect takes it as what an ideal reply has, or as guidance on grading."""
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


class _RowError(ValueError):
    """What is wrong with a row, and the mend."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.mend = mend


class _UnfitError(ValueError):
    """Why a row that is in order cannot be a scenario."""


def read_jsonl(path: Path, reading: Reading) -> None:
    """Read a file with one JSON object on each line; blank lines are passed over."""
    for number, line in enumerate(read_text(path).removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            problem = f"no JSON: {getattr(error, 'msg', error)}"
            reading.faults.append(Fault(problem, path, number, "write one JSON object on each line"))
            continue
        if isinstance(row, dict):
            _take(row, path, number, reading)
        else:
            reading.faults.append(Fault("not a JSON object", path, number, "write one JSON object on each line"))


def read_csv(path: Path, reading: Reading) -> None:
    """Read a table whose first line names its columns; separated by tabs where the name ends in .tsv."""
    text = read_text(path).removeprefix("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    try:
        header = next(rows, [])
        at = rows.line_num + 1
        for cells in rows:
            if len(cells) > len(header):
                problem = f"{len(cells)} cells under {len(header)} columns"
                reading.faults.append(Fault(problem, path, at, "put a text with a separator in it in quotes"))
            elif any(cell.strip() for cell in cells):
                _take(dict(zip(header, cells, strict=False)), path, at, reading)
            at = rows.line_num + 1
    except csv.Error as error:
        reading.faults.append(Fault(f"no CSV: {error}", path, rows.line_num, "export the table again, in UTF-8"))


def _take(row: dict[str, Any], path: Path, line: int, reading: Reading) -> None:
    try:
        data, others = _rename(row)
        reading.entries.append(_entry(data, path, line))
    except _UnfitError as error:
        reading.left_out.append(LeftOut(path, line, str(error)))
        return
    except _RowError as error:
        reading.faults.append(Fault(str(error), path, line, error.mend))
        return
    known = {one.what for one in reading.left_out if one.path == path}
    for what in (f"the column {name!r} is not taken" for name in others):
        if what not in known:
            reading.left_out.append(LeftOut(path, line, what))


def _rename(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A row under our names, and the columns that are not taken."""
    given = {str(name).strip().casefold(): value for name, value in row.items()}
    data: dict[str, Any] = {}
    for ours, names in _ALIASES.items():
        there = [name for name in names if given.get(name) not in (None, "")]
        if len(there) > 1:
            raise _RowError(f"{' and '.join(there)} both hold the {ours}", "keep one of the two columns")
        if there:
            data[ours] = given[there[0]]
    taken = {name for names in _ALIASES.values() for name in names}
    return data, [name for name in given if name not in taken and given[name] not in (None, "", {}, [])]


def _entry(data: Mapping[str, Any], path: Path, line: int) -> Entry:
    texts = {key: _text(data, key) for key in ("id", "family", "battery", "rubric", "wanted", "unwanted")}
    if not texts["rubric"] and (target := _target(data)):
        texts["rubric"] = _TARGET.format(target=target if target[-1] in ".!?" else f"{target}.")
    return Entry(path, line, _messages(data.get("messages")), **texts, is_held_out=_truth(data.get("held-out", "")))


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if key == "id" and isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        raise _RowError(f"{key} must be a text, not {value!r}", "put it in quotes")
    return value.strip()


def _target(data: Mapping[str, Any]) -> str:
    value = data.get("target", "")
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise _RowError(f"target must be a text or a list of texts, not {value!r}", "put it in quotes")
    return " or: ".join(" ".join(part.split()) for part in parts if part.strip())


def _truth(value: Any) -> bool:
    found = value if isinstance(value, bool) else _TRUTHS.get(str(value).strip().casefold())
    if found is None:
        raise _RowError(f"held-out must be true or false, not {value!r}", "write true or false")
    return bool(found)


def _messages(given: Any) -> Turns:
    """The turns of a row: one text of the user's, or a list of turns."""
    mend = 'give the user\'s text, or a list of turns such as {"role": "user", "content": "…"}'
    if isinstance(given, str) and given.lstrip().startswith("[{"):
        # A text may begin with a bracket.
        with contextlib.suppress(json.JSONDecodeError):
            given = json.loads(given)
    if isinstance(given, str) and given.strip():
        return (("user", given.strip()),)
    if not isinstance(given, list) or not given:
        raise _RowError("it has no message", mend)
    turns = tuple(_turns(given, mend))
    if turns[-1][0] != "user":
        raise _UnfitError("its last turn is not the user's, so there is nothing to reply to")
    return turns


def _turns(given: list[Any], mend: str) -> Iterator[tuple[str, str]]:
    for turn in given:
        pair = (turn.get("role"), turn.get("content")) if isinstance(turn, dict) and "role" in turn else None
        if pair is None and isinstance(turn, dict) and len(turn) == 1:
            pair = next(iter(turn.items()))
        if pair is None or not isinstance(pair[0], str) or not isinstance(pair[1], str) or not pair[1].strip():
            raise _RowError(f"not a turn: {turn!r}", mend)
        if pair[0] not in ROLES:
            raise _UnfitError(f"it has a turn of the role {pair[0]!r}: scenarios have {' and '.join(ROLES)} alone")
        yield pair[0], pair[1].strip()
