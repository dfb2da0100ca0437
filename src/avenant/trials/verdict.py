"""The verdict: helps, harms, no meaningful effect or cannot tell, by the rule that the protocol states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.trials.estimate import Difference, Estimate, estimate_mean, proportion_low
from avenant.trials.protocol import (
    CONTROL_OBEYED,
    MISSING_GAP,
    MISSING_LIMIT,
    REPEAT_TOLERANCE,
    Outcome,
)

Word = Literal["helps", "harms", "no meaningful effect", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One score of one scenario in one arm."""

    scenario: str
    family: str
    is_target: bool
    arm: str
    value: float | None
    """None where there is no score; `fate` says why."""
    fate: str
    """"scored", or what became of it: "no reply", "refused", "truncated", "judge failed"."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A named effect with the question that it answers."""

    key: str
    label: str
    question: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the trial says."""

    word: Word
    reason: str
    """One sentence."""
    target: Estimate
    """The effect that decides."""
    side_effect: Estimate
    contrasts: tuple[Contrast, ...]
    """All effects that are shown, the two that decide first."""
    is_taken_up: bool | None
    """Whether the positive control showed; None where it has no score."""
    obeyed: int | None
    """Replies that obey a generated control; None in a margin trial."""


def reach_verdict(
    observations: Sequence[Observation],
    *,
    outcome: Outcome,
    margin: float,
    level: float = 0.95,
    repeat_difference: float | None = None,
) -> Verdict:
    """Apply the rule of `protocol.verdict_rule` to a trial's scores.

    Args:
        observations: every score, missing ones included.
        outcome: "margin" (nats per token) or "judge" (0 to 1).
        margin: the smallest effect worth having, in the outcome's unit.
        level: of the intervals for helps and harms; equivalence uses 1 - 2 * (1 - level).
        repeat_difference: largest difference between a score and its repetition; None where none was repeated.
    """
    scores = {(o.scenario, o.arm): o for o in observations}
    target = _contrast(scores, _TARGET[outcome], level, is_target=True)
    narrow = _contrast(scores, _TARGET[outcome], 2 * level - 1, is_target=True)
    side = _contrast(scores, {"amended": 1, "placebo": -1}, level, is_target=False)
    total = _contrast(scores, {"amended": 1, "placebo": -1}, level, is_target=True)
    control = _contrast(scores, {"control": 1, "inverted-control": -1}, level, is_target=None)
    obeyed = [o.value for o in observations if o.arm == "control" and o.value is not None]
    is_taken_up = _is_taken_up(outcome, control, obeyed, level)
    word, reason = _decide(
        target,
        narrow,
        side,
        total,
        margin,
        outcome,
        is_taken_up,
        _missing(observations, outcome),
        repeat_difference,
    )
    return Verdict(
        word,
        reason,
        target,
        side,
        tuple(_contrasts(scores, outcome, level)),
        is_taken_up,
        None if outcome == "margin" else int(sum(obeyed)),
    )


_TARGET: dict[Outcome, dict[str, float]] = {
    "margin": {"amended": 1, "inverted": -1},
    "judge": {"amended": 1, "placebo": -1},
}


def _decide(
    target: Estimate,
    narrow: Estimate,
    side: Estimate,
    total: Estimate,
    margin: float,
    outcome: Outcome,
    is_taken_up: bool | None,
    missing: str | None,
    repeat_difference: float | None,
) -> tuple[Word, str]:
    if missing or target.mean is None:
        return "cannot tell", missing or "There is not one pair of scores to compare."
    if target.ci_low is None or target.ci_high is None or narrow.ci_low is None or narrow.ci_high is None:
        return "cannot tell", "All scenarios are of one family, so chance cannot be told from effect."
    if repeat_difference is not None and repeat_difference > REPEAT_TOLERANCE:
        return "cannot tell", "The same scores came out differently when they were computed again."
    if not is_taken_up:
        return (
            "cannot tell",
            "The subject does not take up this document: not even the positive control, a plain rule, shows.",
        )
    if side.ci_high is not None and side.mean is not None and side.ci_high < 0 and side.mean < -margin:
        return "harms", "Scenarios that the passage should leave alone get worse under the amended document."
    if -margin < narrow.ci_low and narrow.ci_high < margin:
        return (
            "no meaningful effect",
            "Any effect on the target behaviour is smaller than what was stated to matter.",
        )
    if target.ci_high < 0:
        return "harms", "The target behaviour falls under the amended document."
    if target.ci_low > 0:
        if outcome == "margin" and total.ci_high is not None and total.ci_high < 0:
            return (
                "cannot tell",
                "What the passage says pulls one way and its mere presence the other way.",
            )
        if side.ci_low is not None and side.ci_low > -margin:
            return (
                "helps",
                "The target behaviour rises, and the scenarios it should leave alone do not get worse.",
            )
        return "cannot tell", "The target behaviour rises, but side effects are not settled at this size."
    return "cannot tell", "The interval is too wide: the trial is too small for an effect of this size."


def _is_taken_up(outcome: Outcome, control: Estimate, obeyed: Sequence[float], level: float) -> bool | None:
    if outcome == "margin":
        return None if control.ci_low is None else control.ci_low > 0
    low = proportion_low(int(sum(obeyed)), len(obeyed), level=level)
    return None if low is None else low > CONTROL_OBEYED


def _missing(observations: Sequence[Observation], outcome: Outcome) -> str | None:
    arms = [
        arm
        for arm in ("baseline", "amended", "placebo", "inverted")
        if outcome == "margin" or arm != "inverted"
    ]
    shares: dict[str, float] = {}
    for arm in arms:
        of_arm = [o for o in observations if o.arm == arm]
        if not of_arm:
            return f"The {arm} arm has no replies."
        shares[arm] = sum(o.value is None for o in of_arm) / len(of_arm)
    worst = max(shares, key=lambda arm: shares[arm])
    if shares[worst] > MISSING_LIMIT:
        return f"{shares[worst]:.0%} of the {worst} arm have no score."
    if shares[worst] - min(shares.values()) > MISSING_GAP:
        return f"The arms miss scores unequally (most in the {worst} arm, {shares[worst]:.0%}), which can look like an effect."
    return None


def _contrasts(
    scores: Mapping[tuple[str, str], Observation], outcome: Outcome, level: float
) -> Iterable[Contrast]:
    def make(
        key: str, label: str, question: str, weights: dict[str, float], is_target: bool | None
    ) -> Contrast:
        return Contrast(key, label, question, _contrast(scores, weights, level, is_target=is_target))

    placebo = {"amended": 1.0, "placebo": -1.0}
    if outcome == "margin":
        yield make(
            "target",
            "Content of the passage",
            "amended − inverted, on the target: does it matter what the passage says?",
            _TARGET["margin"],
            True,
        )
    else:
        yield make(
            "target",
            "Effect on the target",
            "amended − placebo: does the passage do more than any text of its length?",
            placebo,
            True,
        )
    yield make(
        "side", "Side effects", "amended − placebo, on scenarios it should leave alone", placebo, False
    )
    if outcome == "margin":
        yield make(
            "mention",
            "Mention of the topic",
            "mean of amended and inverted − baseline: what the words do, whatever they say",
            {"amended": 0.5, "inverted": 0.5, "baseline": -1},
            True,
        )
        yield make("total", "Amended − placebo", "content and mention together", placebo, True)
    yield make(
        "baseline",
        "Amended − baseline",
        "against the document as it is",
        {"amended": 1, "baseline": -1},
        True,
    )
    yield make(
        "placebo", "Placebo − baseline", "what any added text does", {"placebo": 1, "baseline": -1}, True
    )
    if outcome == "margin":
        yield make(
            "control",
            "Positive control",
            "a plain rule − its inversion: does the subject take up the document at all?",
            {"control": 1, "inverted-control": -1},
            None,
        )


def _contrast(
    scores: Mapping[tuple[str, str], Observation],
    weights: Mapping[str, float],
    level: float,
    *,
    is_target: bool | None,
) -> Estimate:
    differences = []
    for scenario in dict.fromkeys(scenario for scenario, _ in scores):
        found = [scores.get((scenario, arm)) for arm in weights]
        usable = [o for o in found if o is not None and o.value is not None]
        if len(usable) == len(weights) and (is_target is None or usable[0].is_target == is_target):
            value = sum(weights[o.arm] * o.value for o in usable if o.value is not None)
            differences.append(Difference(scenario, usable[0].family, value))
    return estimate_mean(differences, level=level)
