"""The verdict: helps, harms, no meaningful effect or cannot tell, by the rule that the protocol states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.statistics.proportions import proportion_low
from avenant.trials.contrasts import (
    BLUNT,
    CONTROL,
    EFFECT,
    SIDES,
    TARGET,
    TOTAL,
    Contrast,
    Observation,
    estimate_effect,
    mean_scores,
    shown_contrasts,
)
from avenant.trials.estimate import Estimate
from avenant.trials.missing import find_missing
from avenant.trials.protocol import (
    COMPARED_ARMS,
    CONTROL_OBEYED,
    FEWEST_FAMILIES,
    FEWEST_SIDE_FAMILIES,
    REPEAT_TOLERANCE,
    Outcome,
)
from avenant.trials.standing import Standing

Word = Literal["helps", "harms", "no meaningful effect", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a trial ended."""

    is_finished: bool = True
    """Whether no further block would run."""
    is_spent: bool = False
    """Whether the budget ended it before."""
    is_blinding_broken: bool = False
    """Whether the blindness test found that a judge guesses the arm beyond what its grades say."""

    @property
    def reason(self) -> str:
        """Why a trial that is not finished says nothing."""
        return "The budget was spent before the trial was finished." if self.is_spent else "The trial is not finished."


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
    """Replies that obey the control; None in a margin trial."""
    standings: tuple[Standing, ...] = ()
    """Each battery of a sequential trial, block by block; empty in a trial of fixed size."""


def reach_verdict(
    observations: Sequence[Observation],
    *,
    outcome: Outcome,
    margin: float,
    side_margin: float,
    level: float = 0.95,
    repeat_difference: float | None = None,
    ending: Ending = Ending(),
) -> Verdict:
    """Apply the rule of `protocol.verdict_rule` to a trial's scores.

    Args:
        observations: every score, missing ones included.
        outcome: what is measured; see `protocol.UNITS`.
        margin: the smallest effect worth having, in the outcome's unit.
        side_margin: the largest fall of the side effects that is put up with, in the same unit.
        level: of the intervals for helps and harms; equivalence uses 1 - 2 * (1 - level).
        repeat_difference: largest difference between a score and its repetition; None where none was repeated.
        ending: how the trial ended; a verdict on a part could have been stopped at will.
    """
    scores = mean_scores(observations)
    wide, narrow = level, 2 * level - 1
    obeyed = [o.value for o in observations if o.arm == "control" and o.value is not None]
    evidence = _Evidence(
        target=estimate_effect(scores, EFFECT[outcome], wide, TARGET),
        target_narrow=estimate_effect(scores, EFFECT[outcome], narrow, TARGET),
        side=estimate_effect(scores, EFFECT[outcome], wide, SIDES),
        side_narrow=estimate_effect(scores, EFFECT[outcome], narrow, SIDES),
        total=estimate_effect(scores, TOTAL, wide, TARGET),
        side_total=estimate_effect(scores, TOTAL, wide, SIDES),
        blunt=estimate_effect(scores, BLUNT[outcome], wide, TARGET),
        is_taken_up=_is_taken_up(outcome, estimate_effect(scores, CONTROL, wide), obeyed, wide),
        missing=find_missing(observations, COMPARED_ARMS[outcome]) if ending.is_finished else ending.reason,
        is_blinding_broken=ending.is_blinding_broken,
        repeat_difference=repeat_difference,
    )
    word, reason = _decide(evidence, outcome, margin, side_margin)
    return Verdict(
        word,
        reason,
        evidence.target,
        evidence.side,
        tuple(shown_contrasts(scores, outcome, wide)),
        evidence.is_taken_up,
        None if outcome == "margin" else int(sum(obeyed)),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that the rule looks at."""

    target: Estimate
    target_narrow: Estimate
    side: Estimate
    side_narrow: Estimate
    total: Estimate
    side_total: Estimate
    blunt: Estimate
    is_taken_up: bool | None
    missing: str | None
    is_blinding_broken: bool
    repeat_difference: float | None


def _decide(evidence: _Evidence, outcome: Outcome, margin: float, side_margin: float) -> tuple[Word, str]:
    """The first line of the rule that applies; the order is that of `protocol.verdict_rule`."""
    target, side = evidence.target, evidence.side
    if evidence.missing or target.mean is None:
        return "cannot tell", evidence.missing or "There is not one pair of scores to compare."
    if not target.is_bounded:
        return "cannot tell", "All target scenarios are of one family, so chance cannot be told from effect."
    if target.families < FEWEST_FAMILIES:
        return (
            "cannot tell",
            f"The target scenarios are of {target.families} families; fewer than {FEWEST_FAMILIES} say nothing.",
        )
    if evidence.repeat_difference is not None and evidence.repeat_difference > REPEAT_TOLERANCE:
        return "cannot tell", "The same scores came out differently when they were computed again."
    if evidence.is_taken_up is None:
        return "cannot tell", "The positive control has no score, so nothing shows that the subject reads the document."
    if not evidence.is_taken_up:
        return (
            "cannot tell",
            "The subject does not take up this document: not even the positive control, a plain rule, shows.",
        )
    if outcome == "margin" and _pulls_apart(evidence, side_margin):
        return "cannot tell", "What the passage says pulls one way and its mere presence the other way."
    has_sides = side.families >= FEWEST_SIDE_FAMILIES
    if has_sides and _is_below(side, -side_margin):
        than = " than under its opposite" if outcome == "margin" else ""
        return "harms", f"Scenarios that the passage should leave alone get worse under the amended document{than}."
    if -margin < _low(evidence.target_narrow) and _high(evidence.target_narrow) < margin:
        return _equivalence(evidence.blunt, margin)
    if _low(target) <= 0 <= _high(target):
        return "cannot tell", "The interval is too wide: the trial is too small for an effect of this size."
    total = evidence.total
    if not total.is_bounded or _low(total) <= 0 <= _high(total):
        return (
            "cannot tell",
            "The passage differs from its opposite, but not clearly from a neutral text of its length.",
        )
    if _high(target) < 0:
        return "harms", f"The target behaviour falls{_AGAINST[outcome]}."
    if evidence.is_blinding_broken:
        return "cannot tell", BROKEN
    if has_sides and _low(evidence.side_narrow) > -side_margin:
        return (
            "helps",
            f"The target behaviour rises{_AGAINST[outcome]}, and the scenarios it should leave alone fall by no more "
            "than is put up with.",
        )
    few = "" if has_sides else f": fewer than {FEWEST_SIDE_FAMILIES} neighbour and far families say nothing"
    return "cannot tell", f"The target behaviour rises, but side effects are not settled at this size{few}."


BROKEN = "The target behaviour rises, but blinding is broken: the arm can be guessed from a reply's look."
_NEUTRAL = " with the passage, against a neutral text"
_AGAINST: dict[Outcome, str] = {
    "margin": " with the passage, against its opposite and against a neutral text",
    "judge": _NEUTRAL,
    "preference": _NEUTRAL,
}


def _pulls_apart(evidence: _Evidence, side_margin: float) -> bool:
    """Whether what the passage says and its mere presence clearly move a battery in opposite directions."""
    target, total = evidence.target, evidence.total
    if not total.is_bounded:
        return False
    rises_by_content = _low(target) > 0 and _high(total) < 0
    falls_by_content = _high(target) < 0 and _low(total) > 0
    falls_elsewhere = _is_below(evidence.side_total, -side_margin) and not _is_below(evidence.side, -side_margin)
    return rises_by_content or falls_by_content or falls_elsewhere


def _equivalence(blunt: Estimate, margin: float) -> tuple[Word, str]:
    """No effect was seen; it counts only where a blunt rule on the same subject would have been seen."""
    if blunt.mean is None:
        return (
            "cannot tell",
            "No effect was seen, but nothing shows that one could have been: the scenario file has no blunt rule.",
        )
    if blunt.is_bounded and _low(blunt) > 0 and _mean(blunt) > margin:
        return (
            "no meaningful effect",
            "Any effect on the target behaviour is smaller than what was stated to matter.",
        )
    return (
        "cannot tell",
        "No effect was seen, but not even a blunt rule on the same subject moves this subject's replies enough.",
    )


def _is_below(estimate: Estimate, limit: float) -> bool:
    """Whether an effect is surely negative and its mean below a limit (at most 0)."""
    return estimate.is_bounded and _high(estimate) < 0 and _mean(estimate) < limit


def _mean(estimate: Estimate) -> float:
    assert estimate.mean is not None
    return estimate.mean


def _low(estimate: Estimate) -> float:
    assert estimate.ci_low is not None
    return estimate.ci_low


def _high(estimate: Estimate) -> float:
    assert estimate.ci_high is not None
    return estimate.ci_high


def _is_taken_up(outcome: Outcome, control: Estimate, obeyed: Sequence[float], level: float) -> bool | None:
    if outcome == "margin":
        return None if control.ci_low is None else control.ci_low > 0
    low = proportion_low(int(sum(obeyed)), len(obeyed), level=level)
    return None if low is None else low > CONTROL_OBEYED
