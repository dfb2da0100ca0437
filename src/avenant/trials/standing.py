"""Where a sequential trial stands: each battery after every block, the checks before them and the assay after them."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.scenarios import BATTERIES, Battery
from avenant.statistics.betting import betting_path
from avenant.statistics.group_sequential import repeated_path
from avenant.statistics.interval import Interval
from avenant.statistics.proportions import Wald, decide_proportion
from avenant.trials.contrasts import BLUNT, SIDES, TARGET, TOTAL, Observation, Scores, mean_scores, paired_differences
from avenant.trials.design import Trial
from avenant.trials.estimate import Difference, Estimate, estimate_mean

Done = Mapping[str, Sequence[Observation]]
"""The scores of every finished block, by its name."""
Course = Literal["rises", "falls", "nothing", "open"]
"""What the intervals of a battery say of amended minus placebo; on neighbour and far "nothing" is "no worse"."""

NOT_OBEYED, OBEYED, CHECK_ERROR = 0.3, 0.8, 0.01
"""The read-check: Wald's test of a share of obedient replies of at most 0.3 against at least 0.8, errors of 1 %."""
CEILING = 0.95
"""A screened score from which on a scenario has no room to rise."""

_METHODS = {
    "betting": "bets on paired differences of families, valid at every look and for any shape of the scores",
    "group-sequential": "repeated interval of family means with a group-sequential boundary, large-sample",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The effect on one battery as it was seen after a block."""

    block: str
    units: int
    """Families with a score in both arms, up to here."""
    mean: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one battery."""

    battery: Battery
    wide: Estimate
    """Amended minus placebo with the interval that decides helps, harms and falls elsewhere."""
    narrow: Estimate
    """The same with the interval that decides "no meaningful effect" and "no worse": two one-sided tests of 5 %."""
    cap: int
    """Families that were laid down before the first block, less those set aside."""
    looks: tuple[Look, ...]
    course: Course

    @property
    def is_settled(self) -> bool:
        """Whether more scenarios of this battery could not change what is said of it."""
        return self.course != "open"


def main_blocks(trial: Trial) -> list[str]:
    """Names of the blocks that decide, in order."""
    return [block_name(index) for index in range(len(trial.protocol.blocks))]


def block_name(index: int) -> str:
    """Name of a block, counted from 1 for people."""
    return f"block-{index + 1}"


def assay_name(index: int) -> str:
    """Name of a chunk of the assay, counted likewise."""
    return f"assay-{index + 1}"


def find_standings(trial: Trial, done: Done) -> dict[Battery, Standing]:
    """Every battery that has scenarios, after the blocks that are done."""
    aside = find_set_aside(trial, done)
    scores = mean_scores(_of(done, "block"))
    present = [battery for battery in BATTERIES if any(one.battery == battery for one in trial.scenarios)]
    first = {battery: _standing(trial, done, scores, battery, aside, is_first=True) for battery in present}
    if not any(standing.course == "falls" for battery, standing in first.items() if battery in SIDES):
        return first
    # Holm: where one side battery falls at the stricter level, the other is tested at the plain one.
    return first | {
        battery: _standing(trial, done, scores, battery, aside, is_first=False)
        for battery in SIDES
        if battery in first and not first[battery].is_settled
    }


def find_set_aside(trial: Trial, done: Done) -> frozenset[str]:
    """Target scenarios at the ceiling on the screen, where the protocol sets them aside."""
    if not trial.protocol.sets_aside:
        return frozenset()
    screened = mean_scores(_of(done, "screen"))
    return frozenset(one for (one, _), score in screened.items() if score.value is not None and score.value >= CEILING)


def find_headroom(trial: Trial, done: Done) -> Estimate:
    """How far the screened target scenarios lie below the best score, with the interval of a single look."""
    scores = mean_scores(_of(done, "screen"))
    scored = [(one, score.family, score.value) for (one, _), score in scores.items() if score.value is not None]
    room = [Difference(one, family, 1 - value) for one, family, value in scored]
    return estimate_mean(room, level=trial.protocol.level)


def check_reading(done: Done) -> Wald:
    """Whether the subject takes up the document, by the replies that the control has so far."""
    obeyed = [bool(one.value) for one in _of(done, "check") if one.value is not None]
    return decide_proportion(obeyed, low=NOT_OBEYED, high=OBEYED, alpha=CHECK_ERROR, beta=CHECK_ERROR)


def find_assay(trial: Trial, done: Done) -> Estimate:
    """What the blunt rule does on the target scenarios: blunt minus placebo."""
    scores = mean_scores([*_of(done, "block"), *_of(done, "assay")])
    chunks = {assay_name(index): ids for index, ids in enumerate(trial.protocol.assay)}
    weights = BLUNT[trial.protocol.outcome]
    units, sizes = _units(scores, {name: ids for name, ids in chunks.items() if name in done}, weights, TARGET)
    cap = len({trial.scenario(one).family for ids in chunks.values() for one in ids})
    level = trial.protocol.level
    return _as_estimate(trial, units, cap, level, _path(trial, units, cap, level, [size for _, size in sizes]))


def find_comparable(done: Done) -> frozenset[str]:
    """Scenarios that a blunt rule could be seen on: those with a score under the placebo."""
    return frozenset(one.scenario for one in _of(done, "block") if one.arm == "placebo" and one.value is not None)


def _standing(
    trial: Trial, done: Done, scores: Scores, battery: Battery, aside: frozenset[str], *, is_first: bool
) -> Standing:
    protocol = trial.protocol
    cap = len({s.family for s in trial.scenarios if s.battery == battery and s.id not in aside})
    finished = {name: ids for name, ids in zip(main_blocks(trial), protocol.blocks, strict=True) if name in done}
    units, sizes = _units(scores, finished, TOTAL, (battery,))
    looks = [size for _, size in sizes]
    level, narrow_level = protocol.level, 2 * protocol.level - 1
    wide = _path(trial, units, cap, level, looks)
    narrow = _path(trial, units, cap, narrow_level, looks)
    means = [math.fsum(u.value for u in units[:size]) / size for size in looks]
    return Standing(
        battery=battery,
        wide=_as_estimate(trial, units, cap, level, wide),
        narrow=_as_estimate(trial, units, cap, narrow_level, narrow),
        cap=cap,
        looks=tuple(
            Look(name, size, mean, interval.ci_low, interval.ci_high)
            for (name, size), mean, interval in zip(sizes, means, wide, strict=True)
        ),
        course=_course(trial, battery, means, wide, narrow, is_first=is_first),
    )


def _course(
    trial: Trial,
    battery: Battery,
    means: Sequence[float],
    wide: Sequence[Interval],
    narrow: Sequence[Interval],
    *,
    is_first: bool,
) -> Course:
    """What the last look says; a settled battery was not asked on, so that its last look is the one that settled it."""
    if not means:
        return "open"
    mean, decisive, equivalence = means[-1], wide[-1], narrow[-1]
    if battery == "target":
        margin = trial.protocol.margin
        if -margin < equivalence.ci_low and equivalence.ci_high < margin:
            return "nothing"
        return "rises" if decisive.ci_low > 0 else "falls" if decisive.ci_high < 0 else "open"
    limit = trial.protocol.side_margin
    # The 95 % interval is a one-sided test of 2.5 %, Holm's level for the first of two; the 90 % one that for the last.
    alone = not is_first or sum(other in {s.battery for s in trial.scenarios} for other in SIDES) == 1
    if (equivalence if alone else decisive).ci_high < 0 and mean < -limit:
        return "falls"
    return "nothing" if equivalence.ci_low > -limit else "open"


def _as_estimate(
    trial: Trial, units: Sequence[Difference], cap: int, level: float, path: Sequence[Interval]
) -> Estimate:
    method = f"{_METHODS[trial.protocol.stopping]}; at most {cap} families"
    if not units:
        return Estimate(None, None, None, level, 0, 0, method)
    mean = math.fsum(unit.value for unit in units) / len(units)
    return Estimate(mean, path[-1].ci_low, path[-1].ci_high, level, len(units), len(units), method)


def _path(
    trial: Trial, units: Sequence[Difference], cap: int, level: float, looks: Sequence[int]
) -> Sequence[Interval]:
    values = [unit.value for unit in units]
    if not values:
        return []
    if trial.protocol.stopping == "betting":
        return _bets(tuple(values), cap, level, tuple(looks))
    planned = [*looks, *range(looks[-1] + _step(looks), cap, _step(looks)), *([cap] if looks[-1] < cap else [])]
    return repeated_path(values, looks=planned, level=level)[: len(looks)]


@functools.lru_cache(maxsize=512)
def _bets(values: tuple[float, ...], cap: int, level: float, looks: tuple[int, ...]) -> tuple[Interval, ...]:
    """Kept, since every look asks again for batteries that did not change."""
    return betting_path(values, cap=cap, level=level, looks=looks)


def _step(looks: Sequence[int]) -> int:
    return max(1, looks[0])


def _units(
    scores: Scores, chunks: Mapping[str, Sequence[str]], weights: Mapping[str, float], batteries: Sequence[Battery]
) -> tuple[list[Difference], list[tuple[str, int]]]:
    """The units of these chunks of whole families, and how many there were after each chunk that brought some."""
    units: list[Difference] = []
    sizes: list[tuple[str, int]] = []
    for name, ids in chunks.items():
        found = _unit_means(paired_differences(_only(scores, ids, weights), weights, batteries))
        units += found
        sizes += [(name, len(units))] if found else []
    return units, sizes


def _unit_means(differences: Iterable[Difference]) -> list[Difference]:
    """One difference a family: the mean of its scenarios'."""
    families: dict[str, list[float]] = {}
    for difference in differences:
        families.setdefault(difference.family, []).append(difference.value)
    return [Difference(name, name, math.fsum(values) / len(values)) for name, values in families.items()]


def _only(scores: Scores, ids: Sequence[str], arms: Iterable[str]) -> dict[tuple[str, str], Observation]:
    """The scores of these scenarios in these arms, in the order of the protocol: bets depend on it."""
    keys = [(one, arm) for one in ids for arm in arms]
    return {key: scores[key] for key in keys if key in scores}


def _of(done: Done, kind: str) -> list[Observation]:
    """The scores of all blocks of a kind, in an order that does not depend on when replies came.

    Within a block first replies stand before second ones: a test of independent outcomes then sees every scenario once
    before it sees any again.
    """
    named = [name for name in done if name.rpartition("-")[0] == kind]
    in_order = sorted(named, key=lambda name: int(name.rpartition("-")[2]))
    return [one for name in in_order for one in sorted(done[name], key=lambda one: (one.reply, one.scenario, one.arm))]
