"""What each family says: its mean paired difference, and how many families lose a great deal."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from avenant.scenarios import BATTERIES, Battery
from avenant.statistics.proportions import Proportion, estimate_proportion
from avenant.trials.contrasts import EFFECT, mean_scores, paired_differences
from avenant.trials.design import Trial
from avenant.trials.results import Result

DISASTER = -0.5
"""A paired difference from which downwards a family counts as a disaster; on scores in [0, 1]."""


@dataclass(frozen=True, slots=True)
class FamilyEffect:
    """The effect on one family."""

    family: str
    battery: Battery
    mean: float | None
    """Of its scenarios' paired differences, in the arms that decide; None where none has both scores."""
    n: int
    """Scenarios with both scores."""


@dataclass(frozen=True, slots=True)
class Tail:
    """How many families of a battery lose at least half the scale: a mean can rise while one in fifty is ruined."""

    battery: Battery
    share: Proportion
    """Of the families with a mean difference of `DISASTER` or less; with an exact upper bound, as of a single look."""
    families: tuple[str, ...]
    """Those families, the worst first."""


def find_family_effects(trial: Trial, result: Result) -> tuple[FamilyEffect, ...]:
    """Every family that was asked in the arms that decide: target first, the largest effect first."""
    asked = {one.family: one.battery for one in result.compared if one.arm == "amended"}
    values: dict[str, list[float]] = defaultdict(list)
    for one in paired_differences(mean_scores(result.compared), EFFECT[trial.protocol.outcome]):
        values[one.family].append(one.value)
    effects = [
        FamilyEffect(family, battery, _mean(values[family]), len(values[family])) for family, battery in asked.items()
    ]
    return tuple(sorted(effects, key=_rank))


def find_tails(trial: Trial, effects: Sequence[FamilyEffect]) -> tuple[Tail, ...]:
    """The rare disasters of each battery; none by log-probability, which has no scale to lose half of.

    The bound is one-sided, at the protocol's level.
    """
    if trial.protocol.outcome == "margin":
        return ()
    groups = [[e for e in effects if e.battery == battery and e.mean is not None] for battery in BATTERIES]
    return tuple(_tail(group, trial.protocol.level) for group in groups if group)


def _tail(group: Sequence[FamilyEffect], level: float) -> Tail:
    lost = [effect for effect in group if effect.mean is not None and effect.mean <= DISASTER]
    share = estimate_proportion(len(lost), len(group), level=level, side="high")
    return Tail(group[0].battery, share, tuple(effect.family for effect in reversed(lost)))


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return math.fsum(known) / len(known) if known else None


def _rank(effect: FamilyEffect) -> tuple[int, bool, float, str]:
    return BATTERIES.index(effect.battery), effect.mean is None, -(effect.mean or 0), effect.family
