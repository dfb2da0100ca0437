"""Worst-case bounds of a mean of paired differences: the least and the most, whatever the missing ones were."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorstCase:
    """What a mean of differences in [-1, 1] can be where some are missing."""

    mean_low: float | None
    """The mean with every missing difference at -1; None where there are no units at all."""
    mean_high: float | None
    """The mean with every missing difference at 1."""
    ci_low: float | None
    """Lower end of the interval of `mean_low`; None where there are fewer than two families."""
    ci_high: float | None
    """Upper end of the interval of `mean_high`."""
    level: float
    n: int
    """Units, the missing ones too."""
    missing: int
    families: int
    method: str = (
        "missing differences at -1 and at 1; standard error clustered by family (CR1), t with families - 1 df, of each"
    )


def bound_mean(differences: Sequence[float | None], families: Sequence[str], *, level: float = 0.95) -> WorstCase:
    """The bounds of the mean over all units, and the hull of the intervals at the two extremes.

    Nothing is assumed of why they are missing. A finding that holds at both ends cannot be an effect of what is
    missing. Each is bounded by [-1, 1], the range of a difference of two scores in [0, 1].

    Source: Horowitz and Manski 2000, "Nonparametric analysis of randomized experiments with missing covariate and
    outcome data" (Journal of the American Statistical Association 95(449)).

    Args:
        differences: one a unit, in [-1, 1]; None where it is missing.
        families: the family of each unit, as many as there are differences.
        level: of the interval.

    Raises:
        ValueError: a difference outside [-1, 1], or not one family for each.
    """
    if len(differences) != len(families):
        raise ValueError(f"{len(differences)} differences and {len(families)} families")
    if any(value is not None and not -1 <= value <= 1 for value in differences):
        raise ValueError("a difference of two scores lies in [-1, 1]")
    low = _interval([-1.0 if value is None else value for value in differences], families, level)
    high = _interval([1.0 if value is None else value for value in differences], families, level)
    missing = sum(value is None for value in differences)
    return WorstCase(low[0], high[0], low[1], high[2], level, len(differences), missing, len(set(families)))


def _interval(
    values: Sequence[float], families: Sequence[str], level: float
) -> tuple[float | None, float | None, float | None]:
    """Mean and interval, as `estimate_mean` of a trial has them."""
    if not values:
        return None, None, None
    mean = math.fsum(values) / len(values)
    sums: dict[str, float] = defaultdict(float)
    for value, family in zip(values, families, strict=True):
        sums[family] += value - mean
    clusters = len(sums)
    if clusters < 2:
        return mean, None, None
    from scipy.special import stdtrit

    error = math.sqrt(clusters / (clusters - 1) * math.fsum(total**2 for total in sums.values())) / len(values)
    half = float(stdtrit(clusters - 1, 0.5 + level / 2)) * error
    return mean, mean - half, mean + half
