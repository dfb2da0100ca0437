"""The verdict: helps, harms, no meaningful effect or cannot tell, by the rule that the protocol states."""

from __future__ import annotations

from collections import Counter
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
    side_margin: float,
    level: float = 0.95,
    repeat_difference: float | None = None,
    is_finished: bool = True,
) -> Verdict:
    """Apply the rule of `protocol.verdict_rule` to a trial's scores.

    Args:
        observations: every score, missing ones included.
        outcome: "margin" (nats per token) or "judge" (0 to 1).
        margin: the smallest effect worth having, in the outcome's unit.
        side_margin: the largest fall of the side effects that is put up with, in the same unit.
        level: of the intervals for helps and harms; equivalence uses 1 - 2 * (1 - level).
        is_finished: whether every block was run; a verdict on a part could have been stopped at will.
        repeat_difference: largest difference between a score and its repetition; None where none was repeated.
    """
    scores = {(o.scenario, o.arm): o for o in observations}
    wide, narrow = level, 2 * level - 1
    obeyed = [o.value for o in observations if o.arm == "control" and o.value is not None]
    evidence = _Evidence(
        target=_contrast(scores, _EFFECT[outcome], wide, is_target=True),
        target_narrow=_contrast(scores, _EFFECT[outcome], narrow, is_target=True),
        side=_contrast(scores, _EFFECT[outcome], wide, is_target=False),
        side_narrow=_contrast(scores, _EFFECT[outcome], narrow, is_target=False),
        total=_contrast(scores, _TOTAL, wide, is_target=True),
        side_total=_contrast(scores, _TOTAL, wide, is_target=False),
        blunt=_contrast(scores, _BLUNT[outcome], wide, is_target=True),
        is_taken_up=_is_taken_up(outcome, _contrast(scores, _CONTROL, wide, is_target=None), obeyed, wide),
        missing=_missing(observations, outcome) if is_finished else "The trial is not finished.",
        repeat_difference=repeat_difference,
    )
    word, reason = _decide(evidence, outcome, margin, side_margin)
    return Verdict(
        word,
        reason,
        evidence.target,
        evidence.side,
        tuple(_contrasts(scores, outcome, wide)),
        evidence.is_taken_up,
        None if outcome == "margin" else int(sum(obeyed)),
    )


_TOTAL: dict[str, float] = {"amended": 1, "placebo": -1}
_CONTROL: dict[str, float] = {"control": 1, "inverted-control": -1}
_EFFECT: dict[Outcome, dict[str, float]] = {"margin": {"amended": 1, "inverted": -1}, "judge": _TOTAL}
_BLUNT: dict[Outcome, dict[str, float]] = {
    "margin": {"blunt": 1, "inverted-blunt": -1},
    "judge": {"blunt": 1, "placebo": -1},
}


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
    repeat_difference: float | None


def _decide(evidence: _Evidence, outcome: Outcome, margin: float, side_margin: float) -> tuple[Word, str]:
    """The first line of the rule that applies; the order is that of `protocol.verdict_rule`."""
    target, side = evidence.target, evidence.side
    if evidence.missing or target.mean is None:
        return "cannot tell", evidence.missing or "There is not one pair of scores to compare."
    if not target.is_bounded:
        return "cannot tell", "All target scenarios are of one family, so chance cannot be told from effect."
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
    if _is_below(side, -side_margin):
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
    if evidence.side_narrow.is_bounded and _low(evidence.side_narrow) > -side_margin:
        return (
            "helps",
            f"The target behaviour rises{_AGAINST[outcome]}, and the scenarios it should leave alone fall by no more "
            "than is put up with.",
        )
    return "cannot tell", "The target behaviour rises, but side effects are not settled at this size."


_AGAINST: dict[Outcome, str] = {
    "margin": " with the passage, against its opposite and against a neutral text",
    "judge": " with the passage, against a neutral text",
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


def _missing(observations: Sequence[Observation], outcome: Outcome) -> str | None:
    arms = [arm for arm in ("baseline", "amended", "placebo", "inverted") if outcome == "margin" or arm != "inverted"]
    shares: dict[str, float] = {}
    fates: dict[str, Counter[str]] = {}
    for arm in arms:
        of_arm = [o for o in observations if o.arm == arm]
        if not of_arm:
            return f"The {arm} arm has no replies."
        fates[arm] = Counter(o.fate for o in of_arm if o.value is None)
        shares[arm] = fates[arm].total() / len(of_arm)
    worst = max(shares, key=lambda arm: shares[arm])
    if shares[worst] > MISSING_LIMIT:
        became = ", ".join(f"{count} {fate}" for fate, count in fates[worst].most_common())
        return f"{shares[worst]:.0%} of the {worst} arm have no score ({became})."
    if shares[worst] - min(shares.values()) > MISSING_GAP:
        return (
            f"The arms miss scores unequally (most in the {worst} arm, {shares[worst]:.0%}), "
            "which can look like an effect."
        )
    return None


def _contrasts(scores: Mapping[tuple[str, str], Observation], outcome: Outcome, level: float) -> Iterable[Contrast]:
    def make(key: str, label: str, question: str, weights: Mapping[str, float], is_target: bool | None) -> Contrast:
        return Contrast(key, label, question, _contrast(scores, weights, level, is_target=is_target))

    if outcome == "margin":
        yield make(
            "target",
            "Content of the passage",
            "amended − inverted, on the target: does it matter what the passage says?",
            _EFFECT["margin"],
            True,
        )
    else:
        yield make(
            "target",
            "Effect on the target",
            "amended − placebo: does the passage do more than any text of its length?",
            _TOTAL,
            True,
        )
    alone = "on neighbour and far scenarios"
    effect = " − ".join(_EFFECT[outcome])
    yield make("side", "Side effects", f"{effect}, {alone}", _EFFECT[outcome], False)
    if outcome == "margin":
        mention = {"amended": 0.5, "inverted": 0.5, "baseline": -1}
        yield make(
            "mention",
            "Mention of the topic",
            "mean of amended and inverted − baseline: what the words do, whatever they say",
            mention,
            True,
        )
        yield make("total", "Content and mention", "amended − placebo, on the target", _TOTAL, True)
        yield make("side-total", "Content and mention elsewhere", f"amended − placebo, {alone}", _TOTAL, False)
    against = {"amended": 1, "baseline": -1}
    yield make("baseline", "Against the document as is", "amended − baseline, on the target", against, True)
    any_text = {"placebo": 1, "baseline": -1}
    yield make("placebo", "Any added text", "placebo − baseline, on the target", any_text, True)
    if any(arm == "blunt" for _, arm in scores):
        blunt = " − ".join(_BLUNT[outcome]).replace("-", " ")
        yield make("blunt", "Blunt rule", f"{blunt}: can these scenarios move at all?", _BLUNT[outcome], True)
    if outcome == "margin":
        yield make(
            "control",
            "Positive control",
            "control − inverted control: does the subject take up the document at all?",
            _CONTROL,
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
