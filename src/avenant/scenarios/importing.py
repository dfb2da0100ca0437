"""Scenarios out of other people's files: JSONL, CSV, and the examples that OpenAI publishes beside its document."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from avenant.errors import Fault, FileError, FormatError
from avenant.scenarios.scenario import BATTERIES, Battery, Scenario

Turns = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands where a file does not say."""

    battery: str = ""
    family: str = ""
    rubric: str = ""
    is_each_a_family: bool = False
    """Whether a scenario without a family is one by itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One scenario as a file has it; empty texts where it does not say."""

    path: Path
    line: int
    """Where it begins, from 1."""
    messages: Turns
    id: str = ""
    family: str = ""
    battery: str = ""
    rubric: str = ""
    wanted: str = ""
    unwanted: str = ""
    is_held_out: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a file is not taken."""

    path: Path
    line: int
    what: str
    """What it is and why, in words for people."""


@dataclass
class Reading:
    """What was found in files, while they are read."""

    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Imported:
    """The scenarios of other files."""

    scenarios: tuple[Scenario, ...]
    left_out: tuple[LeftOut, ...]


def import_scenarios(path: Path, defaults: Defaults, *, existing: Sequence[Scenario] = ()) -> Imported:
    """Read scenarios out of a file or a folder.

    Args:
        path: `*.jsonl`, `*.csv`, `*.tsv`, `*.md` as OpenAI's examples are written, or a folder of such `*.md`.
        defaults: what stands where the file does not say.
        existing: the scenarios that there are already, whose ids are taken.

    Raises:
        FileError: it cannot be read, or is of a kind that is not known.
        FormatError: all that is wrong with it, each with file, line and mend.
    """
    reading = _read(path)
    scenarios = _make_scenarios(reading, defaults, {scenario.id for scenario in existing})
    if reading.faults:
        raise FormatError.from_faults(reading.faults)
    return Imported(scenarios, tuple(reading.left_out))


def _read(path: Path) -> Reading:
    from avenant.scenarios.examples import read_examples
    from avenant.scenarios.rows import read_csv, read_jsonl

    reading = Reading()
    readers: Mapping[str, Callable[[Path, Reading], None]] = {
        ".jsonl": read_jsonl, ".ndjson": read_jsonl, ".csv": read_csv, ".tsv": read_csv, ".md": read_examples,
    }  # fmt: skip
    paths = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if not paths:
        raise FileError("no *.md in this folder", path=path, mend="give the file itself")
    if paths[0].suffix.lower() not in readers:
        raise FileError(
            f"{path.suffix or 'this'} is no kind of file that scenarios are read from",
            path=path,
            mend="give a .jsonl, .csv, .tsv or .md; a YAML file of this format goes into scenarios/ as it is",
        )
    for one in paths:
        readers[one.suffix.lower()](one, reading)
    if not (reading.entries or reading.left_out or reading.faults):
        raise FormatError("no scenario in it", path=path, mend="see docs/scenarios.md for what is read")
    return reading


def _make_scenarios(reading: Reading, defaults: Defaults, taken: set[str]) -> tuple[Scenario, ...]:
    made = []
    for number, entry in enumerate(reading.entries, 1):
        scenario_id = entry.id or f"{entry.family or defaults.family or entry.path.stem}-{number}"
        family = entry.family or defaults.family or (scenario_id if defaults.is_each_a_family else "")
        battery = entry.battery or defaults.battery
        rubric = entry.rubric or ("" if entry.wanted and entry.unwanted else defaults.rubric)
        filled = dataclasses.replace(entry, id=scenario_id, family=family, battery=battery, rubric=rubric)
        faults = _find_faults(filled, taken)
        reading.faults += faults
        taken.add(scenario_id)
        if not faults:
            made.append(_scenario(filled))
    return tuple(made)


def _find_faults(entry: Entry, taken: set[str]) -> list[Fault]:
    found = []
    if entry.id in taken:
        found.append((f"the id {entry.id!r} is taken", "give it another; see `avenant scenarios list`"))
    if not entry.family:
        mend = "say it in the file, or for all that have none: --family NAME, or --own-families"
        found.append(("it has no family", mend))
    if entry.battery not in BATTERIES:
        problem = f"unknown battery {entry.battery!r}" if entry.battery else "it has no battery"
        found.append((problem, f"one of {', '.join(BATTERIES)}, in the file or for all: --battery B"))
    if bool(entry.wanted) != bool(entry.unwanted):
        found.append(("only one of wanted and unwanted", "add the other: a margin needs both"))
    elif not entry.rubric and not entry.wanted:
        mend = "add a rubric, or a wanted and an unwanted reply, or one rubric for all that have nothing: --rubric TEXT"
        found.append(("nothing to measure", mend))
    return [Fault(problem, entry.path, entry.line, mend) for problem, mend in found]


def _scenario(entry: Entry) -> Scenario:
    return Scenario(
        id=entry.id,
        family=entry.family,
        battery=cast(Battery, entry.battery),
        messages=entry.messages,
        rubric=entry.rubric.strip(),
        wanted=entry.wanted,
        unwanted=entry.unwanted,
        is_held_out=entry.is_held_out,
    )
