"""Several questions at once: Holm's adjustment of p-values, and e-BH for e-values that were frozen at each stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is left of several findings when they are looked at together."""

    values: tuple[float, ...]
    """Adjusted p-value of each question, in the order given: the smallest level at which it would be a finding."""
    is_found: tuple[bool, ...]
    """Whether each is a finding at `level`."""
    level: float
    """The error that is kept: see `method`."""
    n: int
    """Questions."""
    method: str


def adjust_by_holm(p_values: Sequence[float], *, level: float = 0.05) -> Adjustment:
    """Holm's step-down adjustment: the chance of even one wrong finding is at most `level`, however they depend.

    Source: Holm 1979 (Scandinavian Journal of Statistics 6(2)).

    Raises:
        ValueError: a p-value outside [0, 1].
    """
    _check(all(0 <= p <= 1 for p in p_values), f"p-values lie in [0, 1]: {list(p_values)}")
    n = len(p_values)
    adjusted, running = [1.0] * n, 0.0
    for rank, index in enumerate(sorted(range(n), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (n - rank) * p_values[index]))
        adjusted[index] = running
    return _adjustment(adjusted, level, "Holm's step-down adjustment: chance of even one wrong finding")


def adjust_by_ebh(e_values: Sequence[float], *, level: float = 0.05) -> Adjustment:
    """e-BH: of all findings, the expected share of wrong ones is at most `level`, however the e-values depend.

    Each e-value has to be the one at which its trial stopped. The largest that it ever reached on the way is no
    e-value, and with those the promise does not hold (Tavyrikov et al. 2025, arXiv 2501.19360).

    Source: Wang and Ramdas 2022, "False discovery rate control with e-values" (arXiv 2009.02824): the k largest are
    findings for the largest k with k * e_[k] / n >= 1 / level. The adjusted value is the smallest n / (j * e_[j]) over
    j >= k.

    Raises:
        ValueError: a negative e-value, or one that is no number.
    """
    _check(all(e >= 0 for e in e_values), f"e-values are at least 0: {list(e_values)}")
    n = len(e_values)
    adjusted, running = [1.0] * n, 1.0
    order = sorted(range(n), key=lambda i: e_values[i], reverse=True)
    for rank, index in reversed(list(enumerate(order, 1))):
        running = min(running, n / (rank * e_values[index]) if e_values[index] > 0 else math.inf)
        adjusted[index] = running
    return _adjustment(adjusted, level, "e-BH: expected share of wrong findings among all findings")


def _adjustment(adjusted: Sequence[float], level: float, method: str) -> Adjustment:
    _check(0 < level < 1, f"a level lies between 0 and 1: {level}")
    return Adjustment(tuple(adjusted), tuple(p <= level for p in adjusted), level, len(adjusted), method)


def _check(is_right: bool, problem: str) -> None:
    if not is_right:
        raise ValueError(problem)
