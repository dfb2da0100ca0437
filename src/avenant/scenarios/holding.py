"""Holding out: which families whoever writes the passage is not to see, and where they are kept until revealed.

A passage that was written with an eye on scenarios looks better on them than it is, as any rule does on the examples
that it was made from; so a share of the families is drawn by seed and packed away before anybody has read them.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avenant.errors import FileError, FormatError
from avenant.files import read_text, write_text
from avenant.scenarios.packed import pack_text
from avenant.scenarios.scenario import (
    BATTERIES,
    Scenario,
    ScenarioFile,
    packed_path,
    parse_scenarios,
    read_battery_files,
    read_scenarios,
)
from avenant.scenarios.writing import append_scenarios, render_file, render_list


@dataclass(frozen=True, slots=True)
class Added:
    """What became of new scenarios."""

    visible: tuple[Scenario, ...]
    """Those that stand in the scenario file."""
    held_out: tuple[Scenario, ...]
    """Those that were packed."""


def choose_held_out(
    scenarios: Sequence[Scenario], existing: ScenarioFile | None = None, *, share: float, seed: int
) -> frozenset[str]:
    """The families to hold out: of each battery's new ones the share, drawn by the seed, and never all of them.

    Families that there are already stay where they are: what comes to a packed one is packed as well.

    Args:
        scenarios: the new ones.
        existing: those that there are, packed ones too.
        share: of the new families of each battery, from 0 to below 1; at least one where there are two.
        seed: of the draw.
    """
    there = existing.scenarios if existing else ()
    packed = {one.family for one in there if existing and one.id in existing.packed_ids}
    known = {one.family for one in there}
    chosen = {one.family for one in scenarios} & packed
    draw = random.Random(seed)
    for battery in BATTERIES:
        families = sorted({one.family for one in scenarios if one.battery == battery} - known - chosen)
        number = min(max(math.floor(share * len(families) + 0.5), share > 0), len(families) - 1)
        chosen.update(draw.sample(families, max(0, number)))
    return frozenset(chosen)


def read_existing(path: Path) -> ScenarioFile | None:
    """All scenarios that there are of an amendment, packed ones too; None where there is no file yet.

    Raises:
        FormatError: a file is none; all faults of it.
        FileError: there are packed scenarios and no others.
    """
    if path.is_file():
        return read_battery_files(path)
    if packed_path(path).is_file():
        mend = f"take {path.name} out of git again, or give {packed_path(path).name} another name"
        raise FileError(f"there is {packed_path(path).name} and no {path.name}", path=path, mend=mend)
    return None


def add_scenarios(
    path: Path, scenarios: Sequence[Scenario], held_out: frozenset[str], *, amendment: str, canary: str
) -> Added:
    """Write new scenarios: the families that are held out into the packed file, all others into the visible one.

    What stands in the visible file stays as it was. Both texts are made and read again before either is written.

    Args:
        path: the scenario file; it may be new.
        scenarios: at least one; ids that neither file has.
        held_out: families to hold out.
        amendment: slug of the amendment that they are for.
        canary: the amendment's own GUID.

    Raises:
        FormatError: the visible file is written in a form that nothing can be added to, or an id stands twice.
        FileError: a file cannot be written.
    """
    visible = tuple(one for one in scenarios if one.family not in held_out)
    hidden = tuple(replace(one, is_held_out=True) for one in scenarios if one.family in held_out)
    text = _visible_text(path, visible, amendment=amendment, canary=canary)
    if text is None and hidden and not path.is_file():
        raise FileError("there is no scenario that may be seen", path=path, mend="hold out a smaller share")
    packed = _packed_text(path, hidden, amendment=amendment, canary=canary) if hidden else None
    # The packed ones first: were only the others written, nobody would know that the draw left something out.
    if packed is not None:
        write_text(packed_path(path), packed)
    if text is not None:
        write_text(path, text)
    return Added(visible, hidden)


def _visible_text(path: Path, added: Sequence[Scenario], *, amendment: str, canary: str) -> str | None:
    if not added:
        return None
    if path.is_file():
        return append_scenarios(read_scenarios(path), added)
    text = render_file(added, amendment=amendment, canary=canary)
    assert parse_scenarios(text, path).scenarios == tuple(added)
    return text


def _packed_text(path: Path, added: Sequence[Scenario], *, amendment: str, canary: str) -> str:
    beside = packed_path(path)
    before = parse_scenarios(read_text(beside), beside).scenarios if beside.is_file() else ()
    scenarios = (*before, *added)
    text = pack_text(
        render_list(scenarios),
        amendment=amendment,
        canary=canary,
        scenarios=len(scenarios),
        families=len({scenario.family for scenario in scenarios}),
    )
    assert parse_scenarios(text, beside).scenarios == scenarios
    return text


def reveal_scenarios(path: Path, *, today: dt.date) -> ScenarioFile:
    """Unpack the scenarios that are held out into the scenario file, each with the date; the packed file goes.

    An interrupted call can be made again: what was revealed already is not added twice.

    Args:
        path: the scenario file.
        today: the date that is noted.

    Returns:
        The scenario file as it is then.

    Raises:
        FileError: nothing is packed, or a file cannot be written.
        FormatError: one of the files is none, or nothing can be added to the visible one.
    """
    beside = packed_path(path)
    if not beside.is_file():
        raise FileError("no scenario is packed here", path=beside, mend="`avenant scenarios list` shows what there is")
    file = read_scenarios(path)
    known = {scenario.id: scenario for scenario in file.scenarios}
    hidden = parse_scenarios(read_text(beside), beside).scenarios
    for scenario in hidden:
        if scenario.id in known and known[scenario.id] != scenario:
            problem = f"the id {scenario.id!r} stands in {path.name} with other words"
            raise FormatError(problem, path=path, line=known[scenario.id].line, mend="give that scenario another id")
    new = [scenario for scenario in hidden if scenario.id not in known]
    if new:
        write_text(path, append_scenarios(file, new, {scenario.id: today.isoformat() for scenario in new}))
    beside.unlink()
    return read_scenarios(path)
