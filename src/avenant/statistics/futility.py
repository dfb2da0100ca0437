"""Whether going on is worth its price: the predictive chance that a trial still reaches a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avenant.statistics.betting import rejection_times
from avenant.statistics.group_sequential import Array

TRIALS = 400
"""Futures that are drawn: a chance of 0.05 is known to about 0.02."""


def chance_of_verdict(values: Sequence[float], *, cap: int, margin: float, seed: int = 0) -> float | None:
    """The chance that betting reaches any verdict by the cap: an effect, or none within the margin.

    The units to come are drawn from those measured, with the weights of the Bayesian bootstrap (Rubin 1981, Annals of
    Statistics 9), so that what is not yet known of the mean counts. Units unlike any so far are not foreseen.
    A stop because the chance is low is a stop without a verdict: it can only lower the chance of a wrong one, and the
    trial may also go on.

    Args:
        values: paired differences of units in [-1, 1], measured so far.
        cap: number of units that was fixed beforehand.
        margin: effects that lie within it count as none; "none" is told at 90 %, an effect at 95 %.

    Returns:
        None before the second unit, as nothing can be foreseen from one.
    """
    seen = np.asarray(values, dtype=np.float64).reshape(-1)
    if seen.size < 2:
        return None
    futures = _draw_futures(seen, cap - seen.size, seed)
    effect = np.minimum(*(_times(side * futures, 0.0, cap, 0.95) for side in (1, -1)))
    none = np.maximum(*(_times(side * futures, -margin, cap, 0.90) for side in (1, -1)))
    return float((np.minimum(effect, none) <= cap).mean())


def _draw_futures(seen: Array, count: int, seed: int) -> Array:
    """Whole trials in rows, each with what was measured first."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(seen, count, p=rng.dirichlet(np.ones(seen.size))) for _ in range(TRIALS)]
    return np.hstack([np.tile(seen, (TRIALS, 1)), np.array(drawn).reshape(TRIALS, count)])


def _times(futures: Array, mean: float, cap: int, level: float) -> Array:
    return rejection_times(futures, np.array([mean]), cap=cap, level=level)[:, 0].astype(np.float64)
