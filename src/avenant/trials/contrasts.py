"""Scores and the effects between arms that they add up to."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from avenant.scenarios import BATTERIES, Battery
from avenant.trials.estimate import Difference, Estimate, estimate_mean
from avenant.trials.protocol import Outcome


@dataclass(frozen=True, slots=True)
class Observation:
    """One score of one scenario in one arm."""

    scenario: str
    family: str
    battery: Battery
    arm: str
    value: float | None
    """None where there is no score; `fate` says why."""
    fate: str
    """"scored", or what became of it: "no reply", "refused", "truncated", "judge failed", "failed"."""
    reply: int = 1
    """Which of several replies to the same request, from 1."""

    @property
    def is_target(self) -> bool:
        """Whether it is of the target battery; all others test side effects."""
        return self.battery == "target"


@dataclass(frozen=True, slots=True)
class Contrast:
    """A named effect with the question that it answers."""

    key: str
    label: str
    question: str
    estimate: Estimate


TOTAL: dict[str, float] = {"amended": 1, "placebo": -1}
CONTROL: dict[str, float] = {"control": 1, "inverted-control": -1}
_CONTENT: dict[str, float] = {"amended": 1, "inverted": -1}
EFFECT: dict[Outcome, dict[str, float]] = {"margin": _CONTENT, "judge": TOTAL, "preference": TOTAL}
"""The arms whose difference decides."""
_RULE: dict[str, float] = {"blunt": 1, "placebo": -1}
BLUNT: dict[Outcome, dict[str, float]] = {
    "margin": {"blunt": 1, "inverted-blunt": -1},
    "judge": _RULE,
    "preference": _RULE,
}
TARGET: tuple[Battery, ...] = ("target",)
SIDES: tuple[Battery, ...] = ("neighbour", "far")
NO_PAIR = "no pair"
"""Fate of a reply that could not be compared because the other one is missing; it is the other arm's that counts."""

Scores = Mapping[tuple[str, str], Observation]
"""The score of each scenario (its id) in each arm."""


def mean_scores(observations: Iterable[Observation]) -> dict[tuple[str, str], Observation]:
    """One score a scenario and arm: the mean of those of its replies that have a score."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for observation in observations:
        groups.setdefault((observation.scenario, observation.arm), []).append(observation)
    return {key: _mean(group) for key, group in groups.items()}


def _mean(replies: Sequence[Observation]) -> Observation:
    values = [one.value for one in replies if one.value is not None]
    if len(replies) == 1 or not values:
        return replies[0]
    scored = next(one for one in replies if one.value is not None)
    return replace(scored, value=math.fsum(values) / len(values))


def paired_differences(
    scores: Scores, weights: Mapping[str, float], batteries: Collection[Battery] = BATTERIES
) -> list[Difference]:
    """The weighted sum over arms for each scenario that has a score in all of them, in the order of the scores."""
    differences = []
    for scenario in dict.fromkeys(scenario for scenario, _ in scores):
        found = [scores.get((scenario, arm)) for arm in weights]
        usable = [one for one in found if one is not None and one.value is not None]
        if len(usable) == len(weights) and usable[0].battery in batteries:
            value = sum(weights[one.arm] * one.value for one in usable if one.value is not None)
            differences.append(Difference(scenario, usable[0].family, value))
    return differences


def estimate_effect(
    scores: Scores, weights: Mapping[str, float], level: float, batteries: Collection[Battery] = BATTERIES
) -> Estimate:
    """The mean of `paired_differences` with the interval of a single look."""
    return estimate_mean(paired_differences(scores, weights, batteries), level=level)


def shown_contrasts(scores: Scores, outcome: Outcome, level: float) -> Iterable[Contrast]:
    """All effects that a trial of fixed size shows, the two that decide first."""

    def make(
        key: str, label: str, question: str, weights: Mapping[str, float], batteries: Collection[Battery]
    ) -> Contrast:
        return Contrast(key, label, question, estimate_effect(scores, weights, level, batteries))

    if outcome == "margin":
        yield make(
            "target",
            "Content of the passage",
            "amended − inverted, on the target: does it matter what the passage says?",
            EFFECT["margin"],
            TARGET,
        )
    else:
        yield make(
            "target",
            "Effect on the target",
            "amended − placebo: does the passage do more than any text of its length?",
            TOTAL,
            TARGET,
        )
    alone = "on neighbour and far scenarios"
    effect = " − ".join(EFFECT[outcome])
    yield make("side", "Side effects", f"{effect}, {alone}", EFFECT[outcome], SIDES)
    if outcome == "margin":
        mention = {"amended": 0.5, "inverted": 0.5, "baseline": -1}
        yield make(
            "mention",
            "Mention of the topic",
            "mean of amended and inverted − baseline: what the words do, whatever they say",
            mention,
            TARGET,
        )
        yield make("total", "Content and mention", "amended − placebo, on the target", TOTAL, TARGET)
        yield make("side-total", "Content and mention elsewhere", f"amended − placebo, {alone}", TOTAL, SIDES)
    yield from describing_effects(scores, level)
    if any(arm == "blunt" for _, arm in scores):
        blunt = " − ".join(BLUNT[outcome]).replace("-", " ")
        yield make("blunt", "Blunt rule", f"{blunt}: can these scenarios move at all?", BLUNT[outcome], TARGET)
    if outcome == "margin":
        yield make(
            "control",
            "Positive control",
            "control − inverted control: does the subject take up the document at all?",
            CONTROL,
            BATTERIES,
        )


_AGAINST: dict[str, tuple[str, str, dict[str, float]]] = {
    "baseline": (
        "Against the document as is",
        "amended − baseline, on the target",
        {"amended": 1, "baseline": -1},
    ),
    "placebo": ("Any added text", "placebo − baseline, on the target", {"placebo": 1, "baseline": -1}),
}


def describing_effects(scores: Scores, level: float) -> Iterable[Contrast]:
    """Effects on the target against the baseline, which decide nothing; none where no baseline was asked."""
    if not any(arm == "baseline" for _, arm in scores):
        return
    for key, (label, question, weights) in _AGAINST.items():
        yield Contrast(key, label, question, estimate_effect(scores, weights, level, TARGET))
