"""Shares of yes-or-no outcomes: exact bounds, and Wald's sequential test of a low share against a high one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["both", "low", "high"]
"""Which ends an interval has; the end that is left out is 0 or 1."""
Decision = Literal["accept", "reject", "undecided"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of yes-or-no outcomes with its interval."""

    share: float | None
    """In [0, 1]; None where nothing was counted."""
    ci_low: float | None
    """None where nothing was counted; 0 where only the upper end was asked for."""
    ci_high: float | None
    """None where nothing was counted; 1 where only the lower end was asked for."""
    level: float
    """Chance that the interval holds the true share, at least; such as 0.95."""
    n: int
    """Outcomes."""
    successes: int
    method: str


@dataclass(frozen=True, slots=True)
class Wald:
    """What Wald's sequential test says of a share."""

    decision: Decision
    """accept: at least `high`; reject: at most `low`."""
    n: int
    """All outcomes that were given, those after the decision too."""
    successes: int
    """Of all that were given."""
    decided_at: int | None = None
    """How many outcomes the decision took; None while it is open."""
    method: str = "Wald's sequential probability ratio test"


_METHODS: dict[Side, str] = {
    "both": "exact interval (Clopper and Pearson 1934)",
    "low": "exact lower bound (Clopper and Pearson 1934)",
    "high": "exact upper bound (Clopper and Pearson 1934)",
}


def estimate_proportion(successes: int, n: int, *, level: float = 0.95, side: Side = "both") -> Proportion:
    """The share with its exact interval, which holds the true share with at least the chance `level` at any n.

    Source: Clopper and Pearson 1934 (Biometrika 26(4)), as quantiles of beta distributions.

    Args:
        successes: outcomes that were "yes".
        n: outcomes.
        level: of the interval; of the one bound where only one is asked for.
        side: which ends the interval has.

    Raises:
        ValueError: more successes than outcomes, a negative count, or a level outside (0, 1).
    """
    _check_counts(successes, n, level)
    if n == 0:
        return Proportion(None, None, None, level, 0, 0, _METHODS[side])
    tail = (1 - level) / 2 if side == "both" else 1 - level
    low = 0.0 if side == "high" else _low(successes, n, tail)
    high = 1.0 if side == "low" else 1 - _low(n - successes, n, tail)
    return Proportion(successes / n, low, high, level, n, successes, _METHODS[side])


def proportion_low(successes: int, n: int, *, level: float = 0.95) -> float | None:
    """Lower end of the exact two-sided interval of a proportion (Clopper and Pearson 1934); None where n is 0."""
    return estimate_proportion(successes, n, level=level).ci_low


def decide_proportion(outcomes: Sequence[bool], *, low: float, high: float, alpha: float, beta: float) -> Wald:
    """Whether a share is at least `high` or at most `low`, from outcomes in the order in which they came.

    The test stops at the first outcome that decides; what comes after is counted and changes nothing. The limits are
    Wald's approximate ones: the two errors together stay at or under alpha + beta.

    Source: Wald 1945 (Annals of Mathematical Statistics 16(2)).

    Args:
        outcomes: yes or no, in order.
        low: share at which "accept" is an error.
        high: share at which "reject" is an error; above `low`.
        alpha: chance of "accept" at `low`.
        beta: chance of "reject" at `high`.

    Raises:
        ValueError: not 0 < low < high < 1, or errors that do not leave room between them.
    """
    if not (0 < low < high < 1 and alpha > 0 and beta > 0 and alpha + beta < 1):
        raise ValueError(f"needs 0 < low < high < 1 and alpha + beta < 1: {low=}, {high=}, {alpha=}, {beta=}")
    upper, lower = math.log((1 - beta) / alpha), math.log(beta / (1 - alpha))
    gain, loss = math.log(high / low), math.log((1 - high) / (1 - low))
    n, successes, ratio = len(outcomes), sum(outcomes), 0.0
    for count, outcome in enumerate(outcomes, 1):
        ratio += gain if outcome else loss
        if not lower < ratio < upper:
            return Wald("accept" if ratio >= upper else "reject", n, successes, count)
    return Wald("undecided", n, successes)


def _low(successes: int, n: int, tail: float) -> float:
    if successes == 0:
        return 0.0
    from scipy.special import betaincinv

    return float(betaincinv(successes, n - successes + 1, tail))


def _check_counts(successes: int, n: int, level: float) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1: {level}")
