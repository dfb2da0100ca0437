"""Stopping rules under one interface: after how many units each rejects "the mean is at most m".

Avenant's own are its library's functions. The others are written from their papers; `sequential.py --ville` compares
the betting confidence sequence with an independent package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from avenant.statistics.betting import rejection_times
from avenant.statistics.group_sequential import student_limits

Array = NDArray[np.float64]
Times = NDArray[np.int64]
Rule = Callable[[Array, Array, float, tuple[int, ...]], Times]
"""Trials in rows, means, level of the two-sided interval, looks; gives the look of the rejection, one a trial and mean,
and one more than the last look where there is none."""


def betting(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
    """Avenant's bet with a deadline."""
    return at_looks(rejection_times(values, means, cap=looks[-1], level=level), looks)


def fixed(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
    """One paired t test at the end."""
    return _by_errors(values, means, looks[-1:], [t.ppf((1 + level) / 2, looks[-1] - 1)])


def peeking(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
    """The same test at every look."""
    return _by_errors(values, means, looks, [t.ppf((1 + level) / 2, look - 1) for look in looks])


def wang_tsiatis(power: float) -> Rule:
    """Group-sequential: 0 is O'Brien and Fleming's boundary, 0.35 is Avenant's for few families."""

    def rule(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
        return _by_errors(values, means, looks, student_limits(looks, level=level, power=power))

    return rule


def asymptotic(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
    """Asymptotic confidence sequence, tightest at 100 units (Waudby-Smith et al. 2024, arXiv 2103.06476)."""
    alpha, n = 1 - level, np.array(looks, dtype=float)
    rho = (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / 100
    limits = np.sqrt(2 * (n * rho + 1) / (n * rho) * np.log(np.sqrt(n * rho + 1) / alpha))
    return _by_errors(values, means, looks, limits)


def hedged(values: Array, means: Array, level: float, looks: tuple[int, ...]) -> Times:
    """Betting confidence sequence with predictable plug-in stakes (Waudby-Smith and Ramdas 2024, theorem 3)."""
    alpha, unit = 1 - level, (values + 1) / 2
    count = np.arange(1, values.shape[1] + 1)
    average = (0.5 + np.cumsum(unit, axis=1)) / (count + 1)
    variance = (0.25 + np.cumsum((unit - average) ** 2, axis=1)) / (count + 1)
    before = np.concatenate([np.full((len(unit), 1), 0.25), variance[:, :-1]], axis=1)
    stakes = np.sqrt(2 * np.log(2 / alpha) / (before * count * np.log(count + 1)))
    times = np.empty((len(values), len(means)), dtype=np.int64)
    for column, mean in enumerate((means + 1) / 2):
        capital = np.cumsum(np.log1p(np.minimum(stakes, 0.5 / mean) * (unit - mean)), axis=1)
        passed = capital >= np.log(2 / alpha)
        times[:, column] = np.where(passed.any(axis=1), passed.argmax(axis=1) + 1, values.shape[1] + 1)
    return at_looks(times, looks)


RULES: Mapping[str, Rule] = {
    "fixed n, paired t": fixed,
    "the same, peeking": peeking,
    "O'Brien-Fleming": wang_tsiatis(0.0),
    "group-sequential .35 (avenant, few families)": wang_tsiatis(0.35),
    "asymptotic confidence sequence": asymptotic,
    "betting confidence sequence (Waudby-Smith & Ramdas)": hedged,
    "avenant": betting,
}


def at_looks(times: Times, looks: tuple[int, ...]) -> Times:
    """A rejection is seen at the next look."""
    seen = np.append(looks, looks[-1] + 1)
    found: Times = seen[np.searchsorted(looks, times)]
    return found


def _by_errors(values: Array, means: Array, looks: tuple[int, ...], limits: object) -> Times:
    """Rejects where the mean lies more than so many standard errors above m; never while all values are the same."""
    n = np.array(looks)
    sums, squares = np.cumsum(values, axis=1)[:, n - 1], np.cumsum(values**2, axis=1)[:, n - 1]
    variance = np.maximum(squares - sums**2 / n, 0) / (n - 1)
    reach = np.where(variance > 1e-12, np.asarray(limits) * np.sqrt(variance / n), np.inf)
    passed = (sums / n - reach)[:, :, None] > means
    seen = np.append(n, values.shape[1] + 1)
    found: Times = seen[np.where(passed.any(axis=1), passed.argmax(axis=1), len(n))]
    return found
