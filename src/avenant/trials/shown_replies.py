"""Which replies a report shows: those of scenarios where the arms differ most, and some drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from avenant.trials.contrasts import TOTAL, mean_scores, paired_differences
from avenant.trials.design import Trial
from avenant.trials.results import Result, Transcript

MOST_DIFFERENT, AT_RANDOM = 3, 3
"""Scenarios that are shown of each kind; the logs hold all."""
_ARMS = ("baseline", "amended", "placebo", "inverted", "control", "inverted-control", "blunt", "inverted-blunt")


@dataclass(frozen=True, slots=True)
class ShownScenario:
    """A scenario with the replies to it."""

    scenario: str
    family: str
    battery: str
    words: str
    """The conversation, each turn after its speaker."""
    replies: tuple[Transcript, ...]
    """One for each arm that replied: the first of several."""
    difference: float | None
    """Mean score under amended minus placebo; None where one of them has none."""


@dataclass(frozen=True, slots=True)
class ShownReplies:
    """The scenarios whose replies are shown."""

    most_different: tuple[ShownScenario, ...]
    """By the size of the difference between amended and placebo, the largest first."""
    at_random: tuple[ShownScenario, ...]
    """Drawn by the trial's seed from all others."""
    written: int
    """Scenarios with replies that may be shown."""
    packed: int
    """Those whose replies are not shown, since the passage's author has not seen them."""


def choose_replies(trial: Trial, result: Result) -> ShownReplies:
    """The scenarios whose replies are shown, of those for which replies were written."""
    differences = {one.scenario: one.value for one in paired_differences(mean_scores(result.compared), TOTAL)}
    every = _by_scenario(result.transcripts)
    written = {one: arms for one, arms in every.items() if one not in trial.packed}
    differing = [one for one in written if abs(differences.get(one, 0)) > 0]
    most = sorted(differing, key=lambda one: -abs(differences[one]))[:MOST_DIFFERENT]
    rest = [one for one in written if one not in most]
    drawn = random.Random(trial.protocol.seed).sample(rest, min(AT_RANDOM, len(rest)))

    def show(scenario_ids: Iterable[str]) -> tuple[ShownScenario, ...]:
        return tuple(_show(trial, one, written[one], differences.get(one)) for one in scenario_ids)

    return ShownReplies(show(most), show(drawn), len(written), len(every) - len(written))


def _by_scenario(transcripts: Sequence[Transcript]) -> dict[str, dict[str, Transcript]]:
    """The first reply of each arm; scenarios without an amended or a placebo reply have nothing to compare."""
    replies: dict[str, dict[str, Transcript]] = {}
    for one in transcripts:
        if not one.block.startswith("screen-"):
            replies.setdefault(one.scenario, {}).setdefault(one.arm, one)
    return {scenario: arms for scenario, arms in replies.items() if set(arms) & set(TOTAL)}


def _show(trial: Trial, scenario_id: str, arms: Mapping[str, Transcript], difference: float | None) -> ShownScenario:
    scenario = trial.scenario(scenario_id)
    words = "\n\n".join(f"{role}: {content}" for role, content in scenario.messages)
    replies = tuple(arms[arm] for arm in _ARMS if arm in arms)
    return ShownScenario(scenario_id, scenario.family, scenario.battery, words, replies, difference)
