"""What would change the verdict: computed from stored scores alone, without a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from avenant.scenarios import Battery
from avenant.statistics.missing import WorstCase, bound_mean
from avenant.statistics.power import find_chance
from avenant.trials.contrasts import (
    EFFECT,
    SIDES,
    Observation,
    estimate_effect,
    mean_scores,
    paired_differences,
)
from avenant.trials.design import Trial
from avenant.trials.estimate import Estimate
from avenant.trials.families import FamilyEffect, find_family_effects
from avenant.trials.protocol import Stopping
from avenant.trials.results import Result, find_verdict
from avenant.trials.verdict import Word

_BATTERIES: tuple[Battery, ...] = ("target", *SIDES)
MOST_BETS = 12
"""Families that are left out in turn where the verdict rests on bets, which take seconds to compute: those with the
largest influence."""
MOST_FAMILIES = 4000
"""Families up to which it is reckoned how many it takes."""
POWER = 0.8
"""Chance of a clear result for which the number of families is reckoned."""


@dataclass(frozen=True, slots=True)
class Omission:
    """The trial without one family."""

    family: str
    battery: Battery
    mean: float | None
    """The battery's effect, over families, without it."""
    word: Word
    """The verdict without it."""


@dataclass(frozen=True, slots=True)
class OmissionRange:
    """How far a battery's effect moves when any one family is left out."""

    battery: Battery
    families: int
    low: float
    high: float
    low_family: str
    """Without it the effect is the smallest."""
    high_family: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What a battery's effect could be at the worst, and at the best, for what has no score."""

    battery: Battery
    bounds: WorstCase


@dataclass(frozen=True, slots=True)
class Turn:
    """A margin at which something would count otherwise."""

    battery: Battery | None
    """None: neighbour and far together."""
    margin: float
    """The smallest margin from which on the effect counts as nothing that matters; for side effects as no worse."""
    stated: float
    """The margin of the protocol."""


@dataclass(frozen=True, slots=True)
class Need:
    """Families that a trial by the same rule would likely need."""

    effect: float
    families: int | None
    """None: more than `MOST_FAMILIES`."""
    is_seen: bool
    """Whether the effect is the one that was seen, which is itself uncertain; else it is the margin."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How firm the verdict is."""

    ranges: tuple[OmissionRange, ...]
    omissions: tuple[Omission, ...]
    """The trial without each of the families that were left out in turn, the most influential first."""
    families: int
    """Families that could be left out; more than `omissions` where only the most influential were."""
    missing: tuple[Missing, ...]
    """Batteries with missing scores."""
    worst_word: Word | None
    """The verdict with every missing difference at its worst; None where none is missing or there is no worst."""
    best_word: Word | None
    turns: tuple[Turn, ...]
    needs: tuple[Need, ...]
    """Empty unless the interval was too wide."""
    power: float = POWER

    def changes(self, word: Word) -> tuple[Omission, ...]:
        """Omissions after which the verdict is another one than `word`."""
        return tuple(one for one in self.omissions if one.word != word)


def find_sensitivity(trial: Trial, result: Result) -> Sensitivity:
    """How the verdict depends on single families, missing scores, margins and size."""
    effects = [effect for effect in find_family_effects(trial, result) if effect.mean is not None]
    # A trial of fixed size weighs scenarios alike, a sequential one families.
    rest = {one.family: _without(one, effects, by_family=trial.protocol.is_sequential) for one in effects}
    influential = sorted(effects, key=lambda one: -_influence(one, rest[one.family], effects))
    most = MOST_BETS if trial.protocol.stopping == "betting" else len(influential)
    missing = tuple(_missing(trial, result))
    return Sensitivity(
        ranges=tuple(_ranges(effects, rest)),
        omissions=tuple(
            Omission(one.family, one.battery, rest[one.family], _word_without(trial, result, one.family))
            for one in influential[:most]
        ),
        families=len(influential),
        missing=missing,
        worst_word=_word_if(trial, result, 0.0, 1.0) if missing else None,
        best_word=_word_if(trial, result, 1.0, 0.0) if missing else None,
        turns=tuple(_turns(trial, result)),
        needs=tuple(_needs(trial, result, effects)),
    )


def _without(left_out: FamilyEffect, effects: Iterable[FamilyEffect], *, by_family: bool) -> float | None:
    """A battery's effect without one family; None where nothing is left."""
    rest = [one for one in effects if one.battery == left_out.battery and one.family != left_out.family]
    weights = [1 if by_family else one.n for one in rest]
    total = math.fsum(weight * one.mean for weight, one in zip(weights, rest, strict=True) if one.mean is not None)
    return total / sum(weights) if rest else None


def _influence(effect: FamilyEffect, rest: float | None, effects: Sequence[FamilyEffect]) -> float:
    """How far the battery's effect moves without it; without the only one nothing is left."""
    assert effect.mean is not None
    size = sum(one.battery == effect.battery for one in effects)
    return math.inf if rest is None else abs(effect.mean - rest) / size


def _ranges(effects: Sequence[FamilyEffect], rest: Mapping[str, float | None]) -> Iterable[OmissionRange]:
    for battery in _BATTERIES:
        group = [effect.family for effect in effects if effect.battery == battery]
        means = [(mean, family) for family in group if (mean := rest[family]) is not None]
        if means:
            (low, low_family), (high, high_family) = min(means), max(means)
            yield OmissionRange(battery, len(group), low, high, low_family, high_family)


def _word_without(trial: Trial, result: Result, family: str) -> Word:
    """The verdict, had this family not been in the trial; the control's obedience is no matter of families."""
    scenarios = tuple(one for one in trial.scenarios if one.family != family)
    kept = {one.id for one in scenarios}
    assay = [[one for one in chunk if one in kept] for chunk in trial.protocol.assay]
    done = {
        block: [one for one in scores if one.family != family or "control" in one.arm]
        for block, scores in result.done.items()
    }
    other = replace(trial, scenarios=scenarios, protocol=replace(trial.protocol, assay=assay))
    return _reach_again(other, result, done)


def _missing(trial: Trial, result: Result) -> Iterable[Missing]:
    """Batteries in which a comparison lacks a score; by log-probability there is no worst."""
    if trial.protocol.outcome == "margin":
        return
    weights = EFFECT[trial.protocol.outcome]
    scores = mean_scores(result.compared)
    known = {one.scenario: one.value for one in paired_differences(scores, weights)}
    asked = {one.scenario: one for one in result.compared if one.arm in weights}
    for battery in _BATTERIES:
        units = [one for one in asked.values() if one.battery == battery]
        if any(one.scenario not in known for one in units):
            values, families = [known.get(one.scenario) for one in units], [one.family for one in units]
            yield Missing(battery, bound_mean(values, families, level=trial.protocol.level))


def _word_if(trial: Trial, result: Result, amended: float, placebo: float) -> Word:
    """The verdict with these scores wherever a comparison lacks one."""
    weights = EFFECT[trial.protocol.outcome]
    known = {one.scenario for one in paired_differences(mean_scores(result.compared), weights)}
    fill: Mapping[str, float] = {"amended": amended, "placebo": placebo}

    def filled(one: Observation) -> Observation:
        is_lacking = one.arm in weights and one.scenario not in known
        return replace(one, value=fill[one.arm], fate="scored") if is_lacking else one

    done = {block: [filled(one) for one in scores] for block, scores in result.done.items()}
    return _reach_again(trial, result, done)


def _reach_again(trial: Trial, result: Result, done: Mapping[str, Sequence[Observation]]) -> Word:
    """The verdict on other scores, all else being as it was."""
    return find_verdict(
        trial, done, is_finished=result.is_finished, is_spent=result.is_spent, blinding=result.blinding
    ).word


def _turns(trial: Trial, result: Result) -> Iterable[Turn]:
    """Read off the intervals at the last look."""
    protocol = trial.protocol
    standings = result.verdict.standings
    narrow: list[tuple[Battery | None, Estimate]] = [(one.battery, one.narrow) for one in standings]
    if not standings:
        scores, level = mean_scores(result.observations), 2 * protocol.level - 1
        groups: tuple[tuple[Battery | None, Sequence[Battery]], ...] = (("target", ("target",)), (None, SIDES))
        narrow = [(key, estimate_effect(scores, EFFECT[protocol.outcome], level, group)) for key, group in groups]
    for battery, estimate in narrow:
        if estimate.ci_low is not None and estimate.ci_high is not None:
            if battery == "target":
                yield Turn(battery, max(-estimate.ci_low, estimate.ci_high), protocol.margin)
            else:
                yield Turn(battery, max(-estimate.ci_low, 0.0), protocol.side_margin)


def _needs(trial: Trial, result: Result, effects: Iterable[FamilyEffect]) -> Iterable[Need]:
    """Where the interval holds 0: families of the same kind for a clear result, at the margin and at what was seen."""
    target = result.verdict.target
    if target.mean is None or target.ci_low is None or target.ci_high is None:
        return
    if result.verdict.word != "cannot tell" or not target.ci_low <= 0 <= target.ci_high:
        return
    means = [one.mean for one in effects if one.battery == "target" and one.mean is not None]
    if len(means) < 2 or not (spread := _deviation(means)):
        return
    for effect, is_seen in ((trial.protocol.margin, False), (abs(target.mean), True)):
        if effect > 0:
            needed = families_needed(effect, spread, rule=trial.protocol.stopping, level=trial.protocol.level)
            yield Need(effect, needed, is_seen)


def families_needed(effect: float, spread: float, *, rule: Stopping, level: float, power: float = POWER) -> int | None:
    """Families from which on a trial finds an effect with a given chance, to one in fifty; None beyond `MOST_FAMILIES`.

    Args:
        effect: mean of the family differences; above 0.
        spread: their standard deviation; above 0.
        rule: how the trial is stopped.
        level: of the interval that must not hold 0.
        power: the chance.
    """

    def is_enough(families: int) -> bool:
        return find_chance(families, effect, sd=spread, rule=rule, level=level) >= power

    few, many = 1, 2
    while not is_enough(many):
        if many == MOST_FAMILIES:
            return None
        few, many = many, min(2 * many, MOST_FAMILIES)
    while many - few > max(1, few // 50):
        middle = (few + many) // 2
        few, many = (few, middle) if is_enough(middle) else (middle, many)
    return many


def _deviation(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
