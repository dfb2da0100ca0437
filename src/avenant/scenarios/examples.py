"""Examples as OpenAI publishes them beside its Model Spec, and as stand in it: dialogues in fences, under titles.

A file begins with `Examples for [^tag] in Section:`. Each example has a title, `**Example**: …`, and a dialogue between
`~~~xml` and `~~~`, in which every turn stands between tags; replies may be marked `<!-- GOOD -->` and `<!-- BAD -->`.
The format has no schema; this is what the files of 2025 and the document's own examples have in common.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from avenant.errors import Fault
from avenant.files import read_text
from avenant.scenarios.importing import Entry, LeftOut, Reading
from avenant.scenarios.scenario import ROLES
from avenant.text import slugify, split_lines

_HEAD = re.compile(r"Examples for \[\^(?P<tag>\w+)\] in (?P<section>.+?):?\s*")
_TITLE = re.compile(r"\*\*Example\*\*:?\s*(?P<title>.+?)\s*")
_FENCE = re.compile(r"(?P<mark>~{3,}|`{3,})\s*xml\s*")
_OPEN = re.compile(r"\s*<(?P<role>[a-z]+)(?P<more>\s[^>]*)?>\s*(?:<!--\s*(?P<mark>GOOD|BAD)?.*?-->)?\s*")
_WRAPPERS = ("<comparison>", "</comparison>")
_MEND = "see that the example is written as `**Example**: title`, then `~~~xml`, the turns and `~~~`"


@dataclass(frozen=True, slots=True)
class _Turn:
    role: str
    content: str
    mark: str
    """"GOOD", "BAD" or empty."""


class _ExampleError(ValueError):
    """What is wrong with an example."""


class _UnfitError(ValueError):
    """Why an example that is in order cannot be a scenario."""


def read_examples(path: Path, reading: Reading) -> None:
    """Read a file of examples; those of one file are one family, since they are about the same sentence."""
    lines = split_lines(read_text(path).removeprefix("\ufeff"))
    head = next((found for line in lines if (found := _HEAD.fullmatch(line))), None)
    family = slugify(f"{head['section']} {head['tag']}") if head else ""
    title, title_line, at = "", 0, 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if found := _TITLE.fullmatch(line):
            title, title_line = found["title"], at
        elif (fence := _FENCE.fullmatch(line)) and title:
            end = next((n for n in range(at, len(lines)) if lines[n].strip() == fence["mark"]), None)
            if end is None:
                reading.faults.append(Fault("a dialogue without an end", path, at, _MEND))
                return
            _take(lines[at:end], title, family, path, title_line, reading)
            title, at = "", end + 1
    places = [one.path for one in reading.entries] + [one.path for one in reading.left_out]
    if path not in places and not any(fault.path == path for fault in reading.faults):
        reading.faults.append(Fault("no example in it", path, 1, _MEND))


def _take(lines: Sequence[str], title: str, family: str, path: Path, line: int, reading: Reading) -> None:
    try:
        turns = _read_turns(lines)
        _check_fit(turns)
    except _ExampleError as error:
        reading.faults.append(Fault(f"{title!r}: {error}", path, line, _MEND))
        return
    except _UnfitError as error:
        reading.left_out.append(LeftOut(path, line, f"{title!r} is not taken: {error}"))
        return
    marked = {turn.mark: turn.content for turn in reversed(turns) if turn.mark}
    is_pair = len(marked) == 2
    if marked and not is_pair:
        what = f"the reply of {title!r} is not taken: there is none of the other kind to set it against"
        reading.left_out.append(LeftOut(path, line, what))
    reading.entries.append(
        Entry(
            path,
            line,
            tuple((turn.role, turn.content) for turn in turns if not turn.mark),
            id=_free(slugify(title), {entry.id for entry in reading.entries}),
            family=family,
            wanted=marked["GOOD"] if is_pair else "",
            unwanted=marked["BAD"] if is_pair else "",
        )
    )


def _read_turns(lines: Sequence[str]) -> tuple[_Turn, ...]:
    turns: list[_Turn] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip() or line.strip() in _WRAPPERS:
            continue
        opened = _OPEN.fullmatch(line)
        if opened is None:
            raise _UnfitError(f"words stand outside of any turn: {line.strip()!r}")
        end = next((n for n in range(at, len(lines)) if lines[n].strip() == f"</{opened['role']}>"), None)
        if end is None:
            raise _ExampleError(f"a turn without an end: {line.strip()!r}")
        turns.append(_Turn(opened["role"], "\n".join(lines[at:end]).strip(), opened["mark"] or ""))
        at = end + 1
    return tuple(turns)


def _check_fit(turns: Sequence[_Turn]) -> None:
    """Make sure that a dialogue can be a scenario.

    Raises:
        _UnfitError: it cannot; the message says why.
    """
    plain = [turn for turn in turns if not turn.mark]
    other = next((turn.role for turn in plain if turn.role not in ROLES), "")
    if other:
        raise _UnfitError(f"it has a turn of the role {other!r}, and scenarios have {' and '.join(ROLES)} alone")
    if not plain or plain[-1].role != "user":
        raise _UnfitError("its last turn is not the user's, so there is nothing to reply to")
    if any(not turn.content for turn in turns):
        raise _UnfitError("a turn in it is empty")
    if any(turn.mark for turn in turns[: turns.index(plain[-1])]):
        raise _UnfitError("the user goes on after replies that are marked good or bad")


def _free(slug: str, taken: set[str]) -> str:
    return next(name for number in count(1) if (name := slug if number == 1 else f"{slug}-{number}") not in taken)
