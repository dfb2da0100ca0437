"""Repeated confidence intervals at planned looks, for means that are close to normal.

With few families, a bet on their means has little to work with. A group-sequential interval has more, at the price of a
guarantee that is only a large-sample one. It fails where the normal curve does: an amendment that ruins one scenario
in fifty looks harmless at every look before the first ruin, and more than half of such trials end in a false claim.
Say "large-sample guarantee" wherever one of these intervals is shown.

The boundary is Wang and Tsiatis's (1987, Biometrics 43) with power 0.35: strict at first, close to the fixed interval
at the last look. The intervals are Jennison and Turnbull's (1984, Controlled Clinical Trials 5; 1989, JRSS-B 51).
Limits of the normal curve are replaced by Student's t at the same tail chance, which mends small numbers of units
nearly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm, t

from avenant.statistics.interval import Interval

Array = NDArray[np.float64]

POWER = 0.35
"""Of the Wang-Tsiatis family: 0 is O'Brien and Fleming's boundary, 0.5 is Pocock's."""


def repeated_path(values: Sequence[float], *, looks: Sequence[int], level: float) -> tuple[Interval, ...]:
    """The intervals at the looks that the values reach; all of them hold the mean together with chance `level`, nearly.

    None is wider than one before it. Before the second unit, and while all values are the same, nothing is known of the
    spread and the interval is the whole of [-1, 1].

    Args:
        values: differences of units in [-1, 1], in the order in which they were measured.
        looks: all planned numbers of units, rising; the last is the cap.
        level: such as 0.95.

    Raises:
        ValueError: looks that do not rise, more values than the last look, a value outside [-1, 1] or a level
            outside (0, 1).
    """
    array = _checked(values, looks, level)
    path: list[Interval] = []
    for look, limit in zip(looks, student_limits(tuple(looks), level=level), strict=True):
        if look > array.size:
            break
        low, high = _ends(array[:look], limit)
        if path:
            low, high = max(low, path[-1].ci_low), min(high, path[-1].ci_high)
        # Intervals that share no mean contradict the plan; the one before them stands.
        path.append(Interval(low, high, level) if low <= high else path[-1])
    return tuple(path)


@lru_cache(maxsize=64)
def student_limits(looks: tuple[int, ...], *, level: float, power: float = POWER) -> tuple[float, ...]:
    """The critical values with Student's t in place of the normal curve; infinite before the second unit."""
    limits = zip(looks, critical_values(looks, level=level, power=power), strict=True)
    return tuple(float(t.isf(norm.sf(limit), look - 1)) if look > 1 else math.inf for look, limit in limits)


@lru_cache(maxsize=64)
def critical_values(looks: tuple[int, ...], *, level: float, power: float = POWER) -> tuple[float, ...]:
    """How many standard errors the interval reaches at each look, so that all hold together with chance `level`."""
    shares = np.array(looks) / looks[-1]
    shape = shares ** (power - 0.5)
    constant = brentq(lambda c: exit_chance(c * shape, shares) - (1 - level), 1, 6, xtol=1e-5)
    return tuple(float(limit) for limit in constant * shape)


def exit_chance(limits: Array, shares: Array, *, drift: float = 0.0) -> float:
    """The chance that a normal path leaves its limits at some look, on either side.

    Args:
        limits: in standard errors, one a look.
        shares: share of all units at each look, rising to 1.
        drift: expected z value at the last look; 0 where nothing is true.

    Source: recursive integration over what has not left yet, Armitage, McPherson and Rowe 1969 (JRSS-A 132), by
    Gauss-Legendre quadrature.
    """
    edges = limits * np.sqrt(shares)
    steps = np.diff(shares, prepend=0.0)
    nodes, weights = _quadrature(24 + math.ceil(4 * edges.max() / math.sqrt(steps.min())))
    places, mass = np.zeros(1), np.ones(1)
    for edge, step in zip(edges, steps, strict=True):
        to = nodes * edge
        density = (
            np.exp(-((to[:, None] - places - drift * step) ** 2) / (2 * step)) @ mass / math.sqrt(2 * math.pi * step)
        )
        places, mass = to, density * weights * edge
    return float(1 - mass.sum())


@lru_cache(maxsize=16)
def _quadrature(count: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


def _ends(values: Array, limit: float) -> tuple[float, float]:
    if values.size < 2 or np.ptp(values) == 0:
        return -1.0, 1.0
    mean, half = float(values.mean()), limit * float(values.std(ddof=1)) / math.sqrt(values.size)
    return max(-1.0, mean - half), min(1.0, mean + half)


def _checked(values: Sequence[float], looks: Sequence[int], level: float) -> Array:
    array = np.asarray(values, dtype=np.float64).reshape(-1)
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1): {level}")
    if not looks or looks[0] < 1 or any(later <= earlier for earlier, later in pairwise(looks)):
        raise ValueError(f"looks must rise from at least 1: {list(looks)}")
    if array.size > looks[-1]:
        raise ValueError(f"{array.size} values, but the last look is at {looks[-1]}")
    if not np.all(np.abs(array) <= 1):
        raise ValueError(f"differences must lie in [-1, 1]: {array[~(np.abs(array) <= 1)][0]}")
    return array
