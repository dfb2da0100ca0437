"""Always-valid intervals for the mean of bounded paired differences, by betting with a deadline.

To reject "the mean is at most m", somebody bets on every unit before it is measured: capital is multiplied by
1 + stake * (difference - m). While the mean is at most m, this is a game that nobody wins on average, so capital passes
1/alpha with chance alpha at most (Ville 1939), whatever the shape of the differences, however often one looks, and for
whatever reason one stops. The interval holds the means that were not rejected: from below by one bettor at
alpha = (1 - level)/2, from above by its mirror image.

Stakes come from `staking`. They use what was measured before, the cap, and m; a stake never risks more than 99 % of
capital. At levels above 0.9 they are planned for telling an effect, at 0.9 and below for telling that there is none
within a margin. Each is exact; but these are different bets, so the intervals of two levels are not always nested, and
early in a trial the 90 % interval can be the wider one.

The guarantee is for units in random order from one population. It says nothing about drift.

Method: Waudby-Smith and Ramdas 2024 (JRSS-B, arXiv 2010.09686). One bet is laid for each cell of means, for its edge
that is hardest to reject: a rejected edge rejects the whole cell, and no mean falls between the points of a grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from avenant.statistics.interval import Interval
from avenant.statistics.staking import EFFECT, EQUIVALENCE, Array, Plan, plan_stakes

CELLS = 400
"""Cells of means between 0 and 1, and as many between -1 and 0."""
_PARTS = 64
"""Parts of the one cell in which an end of the interval lies."""
_AT_RISK = 0.99
_PRIOR_UNITS, _PRIOR_VARIANCE = 3.0, 0.075
"""What is believed of the variance before the first unit; it moves the power, never the guarantee."""

Times = NDArray[np.int64]


def betting_interval(values: Sequence[float], *, cap: int, level: float) -> Interval:
    """The interval after these values, valid at whatever size the trial stops.

    Args:
        values: paired differences of units in [-1, 1], in the order in which they were measured.
        cap: number of units that was fixed before the first; fewer may be given.
        level: chance that the interval holds the mean, at least.

    Raises:
        ValueError: a value outside [-1, 1], more values than the cap, or a level outside (0, 1).
    """
    return betting_path(values, cap=cap, level=level, looks=[len(values)])[0]


def betting_path(values: Sequence[float], *, cap: int, level: float, looks: Sequence[int]) -> tuple[Interval, ...]:
    """The intervals after the first `looks[i]` values; all of them hold the mean together with chance `level`.

    None is wider than one before it. Values that contradict each other so much that every mean is rejected leave the
    last interval standing.

    Raises:
        ValueError: as `betting_interval`; a look beyond the values.
    """
    array = _checked(values, cap, level)
    if any(not 0 <= look <= array.size for look in looks):
        raise ValueError(f"looks must lie in [0, {array.size}], the number of values: {list(looks)}")
    path = _path(array, looks, cap=cap, level=level)
    if all(low <= high for low, high in path):
        return tuple(Interval(low, high, level) for low, high in path)
    every = _path(array, range(array.size + 1), cap=cap, level=level)
    standing = [interval for interval in every if interval[0] <= interval[1]]
    return tuple(Interval(*standing[min(look, len(standing) - 1)], level) for look in looks)


def rejection_times(values: Array, means: Array, *, cap: int, level: float) -> Times:
    """After how many units "the mean is at most m" is rejected at (1 - level)/2.

    Args:
        values: one row a trial, one column a unit, in [-1, 1]. Negate values and means for "at least".
        means: the hypotheses m.
        cap: number of units fixed beforehand.
        level: of the two-sided interval to which the test belongs.

    Returns:
        One row a trial, one column a mean; one more than the number of units where it is not rejected.
    """
    goal = _goal(level)
    times = np.full((len(values), len(means)), values.shape[1] + 1, dtype=np.int64)
    for done, (_, capital) in enumerate(_bets(values, means, cap=cap, level=level), start=1):
        times[(capital >= goal) & (times > done)] = done
    return times


def _bets(values: Array, means: Array, *, cap: int, level: float) -> Iterator[tuple[Array, Array]]:
    """For each unit the stakes, and the logarithms of capital after it; a bettor at its goal stakes nothing."""
    stakes, goal = plan_stakes(_plan(level), _alpha(level)), _goal(level)
    most = _AT_RISK / np.maximum(1 + means, 1e-9)
    capital = np.zeros((len(values), len(means)))
    average, squares = np.zeros((len(values), 1)), np.zeros((len(values), 1))
    for done in range(values.shape[1]):
        spread = np.sqrt((_PRIOR_UNITS * _PRIOR_VARIANCE + squares) / (_PRIOR_UNITS + done) * cap)
        stake = np.minimum(stakes.at(done / cap, goal - capital) / spread, most) * (capital < goal)
        value = values[:, done, None]
        capital = capital + np.log1p(stake * (value - means))
        yield stake, capital
        before = value - average
        average = average + before / (done + 1)
        squares = squares + before * (value - average)


def _path(values: Array, looks: Sequence[int], *, cap: int, level: float) -> list[tuple[float, float]]:
    """Both ends after each look; low above high where every mean is rejected."""
    lows = _low_ends(values, looks, cap=cap, level=level)
    highs = _low_ends(-values, looks, cap=cap, level=level)
    return [(low, -high) for low, high in zip(lows, highs, strict=True)]


def _low_ends(values: Array, looks: Sequence[int], *, cap: int, level: float) -> list[float]:
    """The low end of the interval after each look: all means below it are rejected."""
    edges = np.arange(-CELLS, CELLS + 1) / CELLS
    times = rejection_times(values[None, :], edges, cap=cap, level=level)[0]
    standing = [_first(times > look) for look in looks]
    # The cell below an edge holds the means above the edge before it.
    cells = sorted({edge for edge in standing if 0 < edge < edges.size})
    ends = _ends_in_cells(values, edges, cells, cap=cap, level=level)
    return [
        -1.0 if edge == 0 else 1.0 if edge == edges.size else float(ends[edge][look])
        for edge, look in zip(standing, looks, strict=True)
    ]


def _ends_in_cells(values: Array, edges: Array, cells: Sequence[int], *, cap: int, level: float) -> dict[int, Array]:
    """For each cell the end that lies in it after every number of units, rounded outwards.

    Within a cell all means share the stakes of its upper edge, so capital only falls as the mean grows.
    """
    bets = list(_bets(values[None, :], edges[list(cells)], cap=cap, level=level)) if cells else []
    ends = {}
    for column, cell in enumerate(cells):
        stakes = np.array([stake[0, column] for stake, _ in bets])
        means = np.linspace(edges[cell - 1], edges[cell], _PARTS + 1)
        capital = np.cumsum(np.log1p(stakes[:, None] * (values[:, None] - means)), axis=0)
        rejected = np.maximum.accumulate(capital, axis=0) >= _goal(level)
        count = np.concatenate([[0], rejected.sum(axis=1)])
        # The edge below belongs to the cell before, which is rejected: the end lies above it, by a float's breadth.
        ends[cell] = np.maximum(means[np.maximum(count - 1, 0)], np.nextafter(means[0], 1.0))
    return ends


def _first(flags: NDArray[np.bool_]) -> int:
    return int(np.argmax(flags)) if flags.any() else flags.size


def _plan(level: float) -> Plan:
    return EFFECT if level > 0.9 + 1e-9 else EQUIVALENCE


def _alpha(level: float) -> float:
    return round((1 - level) / 2, 12)


def _goal(level: float) -> float:
    return -math.log(_alpha(level)) + 1e-12


def _checked(values: Sequence[float], cap: int, level: float) -> Array:
    array = np.asarray(values, dtype=np.float64).reshape(-1)
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1): {level}")
    if array.size > cap:
        raise ValueError(f"{array.size} values, but the cap is {cap}")
    if not np.all(np.abs(array) <= 1):
        raise ValueError(f"differences must lie in [-1, 1]: {array[~(np.abs(array) <= 1)][0]}")
    return array
