"""How many units a sequential trial uses on average, before a cent is spent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avenant.statistics.betting import rejection_times
from avenant.statistics.group_sequential import student_limits
from avenant.statistics.power import Rule

TRIALS = 1000
"""Simulated trials: the mean is known to about 1 % of the cap."""


def expected_units(
    n: int, effect: float, *, sd: float, rule: Rule, step: int, level: float = 0.95, seed: int = 0
) -> float:
    """The mean number of units that are asked until the interval of this level leaves out zero, or all are.

    By simulation with normal differences, cut to [-1, 1].

    Args:
        n: units, at most; the cap of the trial.
        effect: true mean difference.
        sd: standard deviation of the paired differences of units.
        rule: how the trial is stopped; "fixed" asks all.
        step: units between two looks.
        level: of the interval.
        seed: of the simulation.

    Raises:
        ValueError: an n or step below 1, or an sd that is not above 0.
    """
    if n < 1 or step < 1 or not sd > 0:
        raise ValueError(f"n and step must be at least 1 and sd above 0: {n}, {step}, {sd}")
    looks = np.array([*range(step, n, step), n])
    if rule == "fixed":
        return float(n)
    values = np.clip(np.random.default_rng(seed).normal(effect, sd, (TRIALS, n)), -1, 1)
    if rule == "group-sequential":
        return float(_first_exits(values, looks, level=level).mean())
    times = np.minimum(rejection_times(values, np.zeros(1), cap=n, level=level)[:, 0], n)
    # What is decided between two looks is seen at the next.
    return float(looks[np.searchsorted(looks, times)].mean())


def _first_exits(values: NDArray[np.float64], looks: NDArray[np.int64], *, level: float) -> NDArray[np.int64]:
    """At which look each trial's Student statistic first leaves its limits; the last where it never does."""
    sums, squares = values.cumsum(axis=1)[:, looks - 1], (values**2).cumsum(axis=1)[:, looks - 1]
    variance = np.maximum(squares - sums**2 / looks, 1e-12) / np.maximum(looks - 1, 1)
    limits = np.array(student_limits(tuple(int(look) for look in looks), level=level))
    is_out = np.abs(sums) / np.sqrt(variance * looks) > limits
    exits: NDArray[np.int64] = np.where(is_out.any(axis=1), looks[is_out.argmax(axis=1)], looks[-1])
    return exits
