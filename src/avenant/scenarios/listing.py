"""What scenarios there are, by battery and family, and what each can be tried by; of packed ones the numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.scenarios.scenario import BATTERIES, Battery, Scenario, ScenarioFile

Holding = Literal["no", "marked", "revealed", "packed"]
"""Whether scenarios are held out: not; by their mark; packed until they were revealed; packed still."""


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """The scenarios of one family in one battery, or of all packed families of a battery."""

    family: str
    """Empty for packed ones: a name can tell what the scenarios are about."""
    battery: Battery
    families: int
    scenarios: int
    holding: Holding
    held_out: int
    """How many of the scenarios are held out."""
    revealed: str
    """ISO date on which the last of them was revealed; empty for none."""
    with_rubric: int
    """How many a judge can grade."""
    with_replies: int
    """How many have a wanted and an unwanted reply, for a trial by log-probability."""


def count_scenarios(file: ScenarioFile) -> tuple[FamilyCount, ...]:
    """The scenarios of a file by battery and family in the file's order, packed ones at the end of each battery.

    Args:
        file: as `read_battery_files` gives it.
    """
    found = []
    for battery in BATTERIES:
        mine = [scenario for scenario in file.scenarios if scenario.battery == battery]
        visible = [scenario for scenario in mine if scenario.id not in file.packed_ids]
        packed = [scenario for scenario in mine if scenario.id in file.packed_ids]
        families = dict.fromkeys(scenario.family for scenario in visible)
        found += [_count(family, [one for one in visible if one.family == family], file) for family in families]
        if packed:
            found.append(_count("", packed, file))
    return tuple(found)


def _count(family: str, scenarios: Sequence[Scenario], file: ScenarioFile) -> FamilyCount:
    dates = sorted(file.revealed[one.id] for one in scenarios if one.id in file.revealed)
    held_out = sum(one.is_held_out for one in scenarios)
    marked: Holding = "revealed" if dates else "marked" if held_out else "no"
    return FamilyCount(
        family=family,
        battery=scenarios[0].battery,
        families=len({one.family for one in scenarios}),
        scenarios=len(scenarios),
        holding=marked if family else "packed",
        held_out=held_out,
        revealed=dates[-1] if dates else "",
        with_rubric=sum(bool(one.rubric) for one in scenarios),
        with_replies=sum(bool(one.wanted) for one in scenarios),
    )
