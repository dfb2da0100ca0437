"""How much to stake: what hedges a sequential test that is planned as if scores were normal.

A sequential test of a normal mean claims as soon as the path of the sum meets a boundary. The chance, while nothing is
true, that it will still do so is a fair game, and the game can be played by staking at every step the slope of that
chance, as an option is hedged. Played on scores that are not normal it misses the plan a little, but it stays a game
that nobody wins on average, so that the guarantee of the test does not rest on the normal curve. Capital tells where
on the plan the game stands: if luck was bad, the stakes are those of somebody who is behind.

Sources: betting as testing, Waudby-Smith and Ramdas 2024 (JRSS-B, arXiv 2010.09686); stakes that know the deadline and
the capital, Voráček and Orabona 2025 (STaR-Bets, arXiv 2505.22422). Deviation: those aim at one deadline with the
stake of a tail bound; here the exact slope for a boundary over the whole trial.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Array = NDArray[np.float64]

STEPS = 400
"""Steps of the normal plan; a trial of another cap is mapped on them by the share that is done."""
_ROWS, _NEEDS, _FURTHEST = 200, 69, 3.4
_GRID = np.arange(-300, 301) * 0.02
"""Values of the sum, in standard deviations of the whole trial's."""
_NEVER = 9.0
"""A boundary in standard deviations that is never met."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The shape of a boundary over the trial, and how hastily it is hedged.

    With s the share of the trial that is done, the boundary is proportional to s^-decline * (1 + early * (1 - s^3))
    standard errors; its height comes from the level.
    """

    decline: float
    early: float
    opens: float
    """Share of the trial before which nothing is claimed."""
    haste: tuple[float, float]
    """Stakes as a multiple of the exact hedge, at the beginning and at the end."""
    lean: float
    """How much more than the hedge is staked when far behind, less when near the goal; 0 for none."""


EFFECT = Plan(decline=0.05, early=0.4, opens=0.0, haste=(1.2, 1.0), lean=0.0)
"""For a mean on one side of zero: high in the middle, so that much is left for the last look."""
EQUIVALENCE = Plan(decline=0.1, early=0.0, opens=0.25, haste=(0.8, 1.0), lean=0.1)
"""For a mean within a margin, which no short trial can show: nothing is spent on the first quarter."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """The stakes of a plan, by the share of the trial that is done and by what is missing to the goal."""

    table: Array
    """One row a share of the trial; stakes in units of one over the standard deviation of the whole sum."""

    def at(self, share: float, need: Array) -> Array:
        """The stakes where the logarithm of capital must still grow by `need`."""
        place = min(share * _ROWS, _ROWS - 1.001)
        row, part = int(place), place % 1
        between = (1 - part) * self.table[row] + part * self.table[row + 1]
        stakes: Array = np.interp(np.sqrt(np.maximum(need, 0)), _needs(), between)
        return stakes


@lru_cache(maxsize=16)
def plan_stakes(plan: Plan, alpha: float) -> Stakes:
    """The stakes of a plan whose test is wrong with chance `alpha`, one-sided, where scores are normal."""
    height = brentq(lambda c: _chances(_boundary(plan, c))[0][_GRID.size // 2] - alpha, 1, 5, xtol=1e-3)
    chances = _chances(_boundary(plan, height))
    rows = [_slopes(chances[round(row * STEPS / _ROWS)]) for row in range(_ROWS)]
    early, late = plan.haste
    haste = np.linspace(early, late, _ROWS)[:, None] * np.exp(plan.lean * (_needs() - 1.5))[None, :]
    return Stakes(np.array(rows) * haste)


def _needs() -> Array:
    """Square roots of the needs in the columns: stakes go with the root of what is missing."""
    return np.linspace(0, _FURTHEST, _NEEDS)


def _boundary(plan: Plan, height: float) -> Array:
    share = np.arange(1, STEPS + 1) / STEPS
    errors = height * share**-plan.decline * (1 + plan.early * (1 - share**3))
    return np.where(share < plan.opens, _NEVER, errors * np.sqrt(share))


def _chances(boundary: Array) -> list[Array]:
    """For each step, from none to all: the chance to meet the boundary at it or later, by where the sum stands."""
    spread = 1 / np.sqrt(STEPS) / 0.02
    reach = int(np.ceil(5 * spread))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    kernel /= kernel.sum()
    chance = _beyond(boundary[-1])
    chances = [chance]
    for step in range(STEPS - 1, -1, -1):
        chance = np.convolve(np.concatenate([np.zeros(reach), chance, np.ones(reach)]), kernel, "valid")
        if step:
            met = _beyond(boundary[step - 1])
            chance = met + (1 - met) * chance
        chances.append(chance)
    return chances[::-1]


def _beyond(limit: float) -> Array:
    """1 beyond the limit, 0 before it, and a share in the cell that it cuts."""
    return np.clip((_GRID - limit) / 0.02 + 0.5, 0, 1)


def _slopes(chance: Array) -> Array:
    """The relative slope of the chance at each need."""
    logs = np.log(np.maximum(chance, 1e-300))
    inside = (chance > 1e-12) & (chance < 1 - 1e-7)
    slopes: Array = np.interp(_needs() ** 2, -logs[inside][::-1], np.gradient(logs, 0.02)[inside][::-1])
    return slopes
