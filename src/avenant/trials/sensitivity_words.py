"""What would change the verdict, and how often things go very wrong, in sentences."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from avenant.trials.design import Trial
from avenant.trials.families import DISASTER, Tail
from avenant.trials.results import Result
from avenant.trials.sensitivity import MOST_FAMILIES, Need, Omission, Sensitivity, Turn

_MOST_NAMES = 6


def describe_sensitivity(trial: Trial, result: Result, sensitivity: Sensitivity) -> list[str]:
    """How firm the verdict is: by families, missing scores, margins and size."""
    return [
        *_families(trial, result, sensitivity),
        *_missing(trial, result, sensitivity),
        *_margins(trial, sensitivity.turns),
        *_size(sensitivity),
    ]


def describe_tails(tails: Sequence[Tail]) -> list[str]:
    """How many families lose at least half the scale, battery by battery."""
    return [_tail(tail) for tail in tails]


def _tail(tail: Tail) -> str:
    share = tail.share
    assert share.ci_high is not None
    named = f" ({_names(tail.families)})" if tail.families else ""
    return (
        f"{tail.battery.capitalize()}: {share.successes} of {share.n} families lose {-DISASTER:g} or more{named}; of "
        f"families like these at most {_percent_up(share.ci_high)} do (exact {share.level:.0%} bound, single look)."
    )


def _families(trial: Trial, result: Result, sensitivity: Sensitivity) -> Iterator[str]:
    tried = len(sensitivity.omissions)
    if not tried:
        return
    word = result.verdict.word
    scope = (
        f"the {tried} families"
        if tried == sensitivity.families
        else f"the {tried} most influential of {sensitivity.families} families (the others were not tried)"
    )
    changed: dict[str, list[Omission]] = defaultdict(list)
    for one in sensitivity.changes(word):
        changed[one.word].append(one)
    if not changed:
        yield f"Leaving out any one of {scope} leaves the verdict as it is."
    if changed:
        turns = "; ".join(_turned(other, [one.family for one in found]) for other, found in changed.items())
        yield f"Each of {scope} was left out in turn: {turns}; without any other it stays as it is."
    if trial.protocol.is_sequential and result.is_finished and set(changed) == {"cannot tell"}:
        yield (
            "That is common where a trial stops as soon as it is settled, near the edge; without that family it would "
            "have asked on."
        )
    for reach in sensitivity.ranges:
        yield (
            f"{reach.battery.capitalize()}: without any one of {reach.families} families the effect lies between "
            f"{reach.low:+z.3f} (without {reach.low_family}) and {reach.high:+z.3f} (without {reach.high_family})."
        )


def _turned(word: str, families: Sequence[str]) -> str:
    which = f"any one of {_names(families)}" if len(families) > 1 else families[0]
    return f"without {which} the verdict would be “{word}”"


def _missing(trial: Trial, result: Result, sensitivity: Sensitivity) -> Iterator[str]:
    if trial.protocol.outcome == "margin":
        if any(one.value is None for one in result.compared):
            yield "Scores are missing, and by log-probability there is no worst that they could have been."
        return
    if not sensitivity.missing:
        yield "No comparison lacks a score."
    for one in sensitivity.missing:
        bounds = one.bounds
        assert bounds.mean_low is not None
        assert bounds.mean_high is not None
        yield (
            f"{one.battery.capitalize()}: {bounds.missing} of {bounds.n} scenarios lack a score in one of the compared "
            f"arms; whatever these were, the mean lies between {bounds.mean_low:+z.3f} and {bounds.mean_high:+z.3f}."
        )
    if sensitivity.worst_word == sensitivity.best_word == result.verdict.word:
        yield "With every missing difference at its worst, and at its best, the verdict would be the same."
    elif sensitivity.worst_word is not None:
        yield (
            f"With every missing difference at its worst the verdict would be “{sensitivity.worst_word}”, at its best "
            f"“{sensitivity.best_word}”."
        )


def _margins(trial: Trial, turns: Sequence[Turn]) -> Iterator[str]:
    for turn in turns:
        limit = f"{_round_up(turn.margin):.3f}"
        if turn.battery == "target":
            yield (
                f"The effect on the target would count as too small to matter at a margin of {limit} or more "
                f"(stated: {turn.stated:g})."
            )
        else:
            name = "Neighbour and far" if turn.battery is None else turn.battery.capitalize()
            verb = "count" if turn.battery is None else "counts"
            yield f"{name} {verb} as no worse at a side margin of {limit} or more (stated: {turn.stated:g})."
    if turns and trial.protocol.is_sequential:
        yield "These margins are read at the last look; with others the trial might have stopped elsewhere."


def _size(sensitivity: Sensitivity) -> Iterator[str]:
    if sensitivity.needs:
        parts = "; ".join(_need(need) for need in sensitivity.needs)
        yield (
            f"To find an effect with a chance of {sensitivity.power:.0%}, a trial by the same rule would likely take "
            f"families like these in such numbers: {parts}."
        )


def _need(need: Need) -> str:
    which = "as large as the one seen here, which is uncertain" if need.is_seen else "the margin"
    count = f"more than {MOST_FAMILIES:,}" if need.families is None else f"about {need.families:,}"
    return f"{count} for {need.effect:.3f}, {which}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _round_up(value: float) -> float:
    """To three digits, never below."""
    return math.ceil(value * 1000 - 1e-9) / 1000


def _percent_up(share: float) -> str:
    return f"{math.ceil(share * 1000 - 1e-9) / 10:g} %"
