"""The order of a trial: which scenarios are asked, in which blocks, and when the trial is looked at."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from avenant.errors import TrialError
from avenant.scenarios import BATTERIES, Scenario, ScenarioFile
from avenant.trials.protocol import Outcome, Stopping

Screen = Literal["none", "few", "all"]

CONTROL_COUNT = 8
"""Fixed trials: scenarios on whose messages the positive control runs."""
BLUNT_COUNT = 12
"""Fixed trials: target scenarios on which the blunt rule runs."""
SEQUENTIAL_FAMILIES = 20
"""Target families from which on a judged trial is looked at after every block; fewer make a trial of fixed size."""
BETTING_FAMILIES = 200
"""Target families from which on bets have the power that they need where families are large."""
SMALL_FAMILY = 2
"""Scenarios in a family, on average, up to which bets are preferred whatever the number of families."""
CHECK_CHUNKS = (8, 4, 4, 4, 4)
"""Scenarios of the control between two looks of Wald's test: it needs 5 to 9 where a rule is obeyed."""
SCREEN_FEW = 12
"""Target scenarios on a short screen."""
ASSAY_CHUNK, ASSAY_LOOKS = 15, 3
"""Scenarios of the blunt rule between two looks, and looks; families stay whole, so that a few more may be asked."""

_FIXED_BLOCK = 6
_SEQUENTIAL_BLOCK = 16
_SCREEN_CHUNK = 20
_BASELINE_EVERY = 4
"""One family in four is also asked under the document as it is."""
_BASELINE_FAMILIES = 12
"""But no fewer families than this of a battery, where there are so many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked, in which order; the fields have the meaning of the protocol's."""

    scenarios: tuple[Scenario, ...]
    stopping: Stopping
    blocks: list[list[str]]
    control_blocks: list[list[str]]
    blunt_blocks: list[list[str]]
    baseline: list[str]
    checks: list[list[str]]
    screen: list[list[str]]
    assay: list[list[str]]


def order_scenarios(
    file: ScenarioFile,
    outcome: Outcome,
    *,
    seed: int,
    limit: int | None = None,
    block_size: int | None = None,
    stopping: Stopping | None = None,
    screen: Screen = "few",
    has_blunt: bool,
) -> Order:
    """Draw the scenarios and lay down their order.

    Args:
        file: the amendment's scenarios.
        outcome: what is measured.
        seed: of the draw and the order.
        limit: use only so many scenarios; None: all.
        block_size: scenarios in a block; None: 6 in a trial of fixed size, 16 in a sequential one.
        stopping: None: by the number and size of the target families.
        screen: how many target scenarios a sequential trial screens for headroom.
        has_blunt: whether there is a blunt rule.

    Raises:
        TrialError: a battery or a part of a scenario is missing, or the stopping rule does not suit the outcome.
    """
    usable = _usable(file, outcome)
    share = 1.0 if limit is None else min(1.0, limit / len(usable))
    chosen = stopping or _stopping(usable, outcome, share)
    if outcome == "margin" and chosen != "fixed":
        raise TrialError(
            f"a trial by log-probability has no bounded score, which {chosen} needs", mend="leave --stopping out"
        )
    if chosen == "fixed":
        order = _fixed(usable, seed, limit, block_size or _FIXED_BLOCK, has_blunt)
    else:
        order = _sequential(usable, chosen, seed, share, block_size or _SEQUENTIAL_BLOCK, screen, has_blunt)
    # A preference is between two replies: one reply alone has no score, and says nothing of room to rise.
    return replace(order, baseline=[], screen=[]) if outcome == "preference" else order


def families_first(scenarios: Sequence[Scenario]) -> list[str]:
    """Ids in an order that takes one scenario of each family before a second of any, targets first."""
    seen: dict[str, int] = {}
    ranked = []
    for index, scenario in enumerate(scenarios):
        turn = seen.get(scenario.family, 0)
        seen[scenario.family] = turn + 1
        ranked.append((turn, not scenario.is_target, index, scenario.id))
    return [scenario_id for *_, scenario_id in sorted(ranked)]


def _usable(file: ScenarioFile, outcome: Outcome) -> list[Scenario]:
    usable = [s for s in file.scenarios if (s.wanted if outcome == "margin" else s.rubric)]
    lacking = "wanted and unwanted reply" if outcome == "margin" else "rubric"
    if left_out := len(file.scenarios) - len(usable):
        raise TrialError(
            f"{left_out} scenarios have no {lacking}",
            path=file.path,
            mend="add what is missing, or take these scenarios out",
        )
    if not any(s.is_target for s in usable) or all(s.is_target for s in usable):
        raise TrialError(
            "a trial needs scenarios of both kinds: target, and neighbour or far",
            path=file.path,
            mend="without target nothing can help; without the others no harm would show",
        )
    return usable


def _stopping(usable: Sequence[Scenario], outcome: Outcome, share: float) -> Stopping:
    """Bets where the target has many families; few large ones would starve them of evidence."""
    targets = [scenario for scenario in usable if scenario.is_target]
    every = len({scenario.family for scenario in targets})
    families = round(share * every)
    if outcome == "margin" or families < SEQUENTIAL_FAMILIES:
        return "fixed"
    is_large = len(targets) / every > SMALL_FAMILY and families < BETTING_FAMILIES
    return "group-sequential" if is_large else "betting"


def _fixed(usable: Sequence[Scenario], seed: int, limit: int | None, block_size: int, has_blunt: bool) -> Order:
    shuffled = list(usable)
    random.Random(seed).shuffle(shuffled)
    target = [s for s in shuffled if s.is_target]
    other = [s for s in shuffled if not s.is_target]
    if limit is not None:
        keep = min(max(1, round(limit * len(target) / len(shuffled))), limit - 1)
        target, other = target[:keep], other[: limit - keep]
    # Each block gets its share of both kinds, so that a trial that stops early still has both.
    ranked = [((at + 0.5) / len(kind), s.id, s) for kind in (target, other) for at, s in enumerate(kind)]
    chosen = [scenario for *_, scenario in sorted(ranked, key=lambda item: item[:2])]
    order = [scenario.id for scenario in chosen]
    blocks = _batches(order, block_size)
    ruled = set(families_first([scenario for scenario in chosen if scenario.is_target])[:BLUNT_COUNT])
    return Order(
        scenarios=tuple(chosen),
        stopping="fixed",
        blocks=blocks,
        control_blocks=_spread(families_first(chosen)[:CONTROL_COUNT], len(blocks)),
        # In the block of the placebo replies that they are compared with.
        blunt_blocks=[[one for one in ids if one in ruled] for ids in blocks] if has_blunt else [],
        baseline=order,
        checks=[],
        screen=[],
        assay=[],
    )


def _sequential(
    usable: Sequence[Scenario],
    stopping: Stopping,
    seed: int,
    share: float,
    block_size: int,
    screen: Screen,
    has_blunt: bool,
) -> Order:
    """Whole families in random order, so that a family's mean is complete at every look."""
    rng = random.Random(seed)
    ranked: list[tuple[float, str, list[Scenario]]] = []
    baseline: list[str] = []
    for battery in BATTERIES:
        families = _families([scenario for scenario in usable if scenario.battery == battery])
        rng.shuffle(families)
        families = families[: max(1, round(share * len(families)))]
        every = max(1, min(_BASELINE_EVERY, len(families) // _BASELINE_FAMILIES))
        for at, family in enumerate(families):
            ranked.append(((at + 0.5) / len(families), battery, family))
            baseline += [scenario.id for scenario in family] if at % every == 0 else []
    in_order = [family for *_, family in sorted(ranked, key=lambda item: item[:2])]
    chosen = [scenario for family in in_order for scenario in family]
    target_families = [family for family in in_order if family[0].is_target]
    targets = families_first([scenario for family in target_families for scenario in family])
    screened = {"none": [], "few": targets[:SCREEN_FEW], "all": targets}[screen]
    return Order(
        scenarios=tuple(chosen),
        stopping=stopping,
        blocks=_blocks_of_families(in_order, block_size),
        control_blocks=[],
        blunt_blocks=[],
        baseline=[scenario.id for scenario in chosen if scenario.id in set(baseline)],
        checks=_chunks(families_first(chosen), CHECK_CHUNKS),
        screen=_batches(screened, _SCREEN_CHUNK),
        assay=_blocks_of_families(target_families, ASSAY_CHUNK)[:ASSAY_LOOKS] if has_blunt else [],
    )


def _families(scenarios: Iterable[Scenario]) -> list[list[Scenario]]:
    families: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        families.setdefault(scenario.family, []).append(scenario)
    return list(families.values())


def _blocks_of_families(families: Iterable[Sequence[Scenario]], size: int) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for family in families:
        if len(blocks[-1]) >= size:
            blocks.append([])
        blocks[-1] += [scenario.id for scenario in family]
    return blocks


def _chunks(items: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    ends = itertools.accumulate(sizes)
    chunks = [list(items[end - size : end]) for end, size in zip(ends, sizes, strict=True)]
    return [chunk for chunk in chunks if chunk]


def _batches(items: Sequence[str], size: int) -> list[list[str]]:
    return [list(items[at : at + size]) for at in range(0, len(items), size)]


def _spread(items: Sequence[str], count: int) -> list[list[str]]:
    return [list(items[index::count]) for index in range(count)]
