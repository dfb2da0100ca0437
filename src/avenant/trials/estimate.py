"""Estimates: the mean of paired differences, with an interval that respects families."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One scenario's paired difference between two arms (or two mixes of arms)."""

    scenario: str
    family: str
    value: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of paired differences with its interval."""

    mean: float | None
    """None where nothing was measured."""
    ci_low: float | None
    """None where there are fewer than two families: no interval can be had."""
    ci_high: float | None
    level: float
    """Of the interval, such as 0.95."""
    n: int
    """Scenarios."""
    families: int
    method: str = "mean of paired differences; standard error clustered by family (CR1), t with families - 1 df"

    @property
    def is_bounded(self) -> bool:
        """Whether there is an interval."""
        return self.ci_low is not None


def estimate_mean(differences: Sequence[Difference], *, level: float = 0.95) -> Estimate:
    """Mean and clustered interval of paired differences.

    The cluster-robust variance of a mean with C clusters is C/(C-1) * sum_c (sum_i in c of (d_i - mean))^2 / n^2,
    and its reference distribution Student's t with C-1 degrees of freedom.

    Source: Miller 2024, "Adding Error Bars to Evals" (arXiv 2411.00640), section 2.2 and appendix A, with the
    small-sample factor of Cameron and Miller 2015 (J. Human Resources 50(2)).
    """
    n = len(differences)
    if n == 0:
        return Estimate(None, None, None, level, 0, 0)
    mean = math.fsum(d.value for d in differences) / n
    sums: dict[str, float] = defaultdict(float)
    for difference in differences:
        sums[difference.family] += difference.value - mean
    clusters = len(sums)
    if clusters < 2:
        return Estimate(mean, None, None, level, n, clusters)
    from scipy.special import stdtrit

    variance = clusters / (clusters - 1) * math.fsum(total**2 for total in sums.values()) / n**2
    half = float(stdtrit(clusters - 1, 0.5 + level / 2)) * math.sqrt(variance)
    return Estimate(mean, mean - half, mean + half, level, n, clusters)
