"""What a trial of a given size can find, before a cent is spent."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nct, t

from avenant.statistics.betting import rejection_times
from avenant.statistics.group_sequential import Array, exit_chance, student_limits

Rule = Literal["betting", "group-sequential", "fixed"]

TRIALS = 1000
"""Simulated trials for each effect that is tried under betting: the chance is known to about 0.025."""
_LOOKS = 40


def detectable_effect(
    n: int, *, sd: float, rule: Rule, level: float = 0.95, power: float = 0.8, seed: int = 0
) -> float | None:
    """The smallest mean difference that a trial of at most n units finds with this chance.

    Found means that the interval of this level leaves out zero on the right side, at n units or at a look before. For
    "fixed" and "group-sequential" (40 evenly spaced looks) from formulas for normal differences; for "betting" by
    simulation with a seed, with differences on [-1, 1] that follow a beta distribution of this mean and sd.

    Args:
        n: units, at most; the cap of the trial.
        sd: standard deviation of the paired differences of units.
        rule: how the trial is stopped.

    Returns:
        The effect in the differences' own unit; None where even a difference of 1 would not be found with this chance.

    Raises:
        ValueError: an n below 1, an sd outside (0, 1], or a level or power outside (0, 1).
    """
    _check(n, sd, level, power)

    def missing(effect: float) -> float:
        return power - find_chance(n, effect, sd=sd, rule=rule, level=level, seed=seed)

    return _root(missing, 0.002 if rule == "betting" else 1e-5)


def find_chance(n: int, effect: float, *, sd: float, rule: Rule, level: float = 0.95, seed: int = 0) -> float:
    """The chance that a trial of at most n units finds this effect, computed as for `detectable_effect`."""
    if rule == "fixed":
        return _fixed_chance(n, effect, sd=sd, level=level)
    if rule == "group-sequential":
        looks = sorted({math.ceil(n * look / _LOOKS) for look in range(1, _LOOKS + 1)} - {1})
        return _repeated_chance(tuple(looks), effect, sd=sd, level=level) if looks else 0.0
    values = _differences(n, effect, sd=sd, seed=seed)
    return float((rejection_times(values, np.zeros(1), cap=n, level=level) <= n).mean())


def _root(missing: Callable[[float], float], precision: float) -> float | None:
    """Where a falling function of the effect meets zero, between 0 and 1."""
    if missing(0.0) <= 0:
        return 0.0
    if missing(1.0) > 0:
        return None
    return float(brentq(missing, 0.0, 1.0, xtol=precision))


def _fixed_chance(n: int, effect: float, *, sd: float, level: float) -> float:
    """The upper tail of the paired t test; noncentral t."""
    if n < 2:
        return 0.0
    limit = t.ppf((1 + level) / 2, n - 1)
    return float(nct.sf(limit, n - 1, effect / sd * math.sqrt(n)))


def _repeated_chance(looks: tuple[int, ...], effect: float, *, sd: float, level: float) -> float:
    """The chance to leave the boundary, on the side of the effect but for a sliver.

    The limits are Student's, the path is taken for a normal one.
    """
    # Beyond ten standard errors nothing is left to integrate.
    bounded = np.minimum(student_limits(looks, level=level), 10.0)
    return exit_chance(bounded, np.array(looks) / looks[-1], drift=effect / sd * math.sqrt(looks[-1]))


def _differences(n: int, effect: float, *, sd: float, seed: int) -> Array:
    """Trials in rows; on [-1, 1] with this mean and, where it is possible with this mean, this sd."""
    rng = np.random.default_rng(seed)
    mean, variance = (1 + effect) / 2, (sd / 2) ** 2
    total = mean * (1 - mean) / variance - 1 if variance else math.inf
    if total <= 0:
        return np.where(rng.random((TRIALS, n)) < mean, 1.0, -1.0)
    return 2 * rng.beta(mean * total, (1 - mean) * total, (TRIALS, n)) - 1


def _check(n: int, sd: float, level: float, power: float) -> None:
    if n < 1:
        raise ValueError(f"n must be at least 1: {n}")
    if not 0 < sd <= 1:
        raise ValueError(f"sd must lie in (0, 1], as differences lie in [-1, 1]: {sd}")
    for name, value in (("level", level), ("power", power)):
        if not 0 < value < 1:
            raise ValueError(f"{name} must lie in (0, 1): {value}")
