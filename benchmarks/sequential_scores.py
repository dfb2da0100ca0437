"""Paired differences with an exactly known mean, as trials could yield them: scores, pass or fail, and worse.

Scores: a scenario's base N(.5, .30), its own effect N(shift, .10), each reply N(0, .25), clipped to [0, 1] and rounded
to tenths. Pass or fail: the same on a probit scale, 58 % pass without the passage. The shift comes from a closed form,
so that the mean difference is what it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

Array = NDArray[np.float64]
EFFECTS = (0.0, 0.02, 0.05, 0.10, 0.20)
_BASE, _OWN, _REPLY = 0.30, 0.10, 0.25
_PASS, _OWN_PROBIT = 0.58, 0.33


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to measure, with a number of replies a scenario and arm."""

    name: str
    draw: Callable[[float, tuple[int, int], np.random.Generator], Array]


def draw_scores(replies: int) -> Callable[[float, tuple[int, int], np.random.Generator], Array]:
    """Differences of mean grades."""

    def draw(effect: float, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        without, with_passage = np.hypot(_BASE, _REPLY), float(np.sqrt(_BASE**2 + _OWN**2 + _REPLY**2))
        target = _grade(0.5, without) + effect
        shift = brentq(lambda s: _grade(0.5 + s, with_passage) - target, -1, 2)
        base = rng.normal(0.5, _BASE, shape)
        amended = base + rng.normal(shift, _OWN, shape)
        return _replies(amended, replies, rng) - _replies(base, replies, rng)

    return draw


def draw_passes(replies: int) -> Callable[[float, tuple[int, int], np.random.Generator], Array]:
    """Differences of pass rates."""

    def draw(effect: float, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        without, with_passage = np.sqrt(2), np.sqrt(2 + _OWN_PROBIT**2)
        base = rng.normal(norm.ppf(_PASS) * without, 1, shape)
        shift = norm.ppf(_PASS + effect) * with_passage - norm.ppf(_PASS) * without
        amended = base + rng.normal(shift, _OWN_PROBIT, shape)
        return (rng.binomial(replies, norm.cdf(amended)) - rng.binomial(replies, norm.cdf(base))) / replies

    return draw


OUTCOMES = (
    Outcome("score r=1", draw_scores(1)),
    Outcome("score r=2", draw_scores(2)),
    Outcome("score r=4", draw_scores(4)),
    Outcome("pass/fail r=1", draw_passes(1)),
    Outcome("pass/fail r=4", draw_passes(4)),
)


def _one_in_ten_loses(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    return np.where(rng.random(shape) < 0.1, -0.45, 0.05)


def _one_in_fifty_is_ruined(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    # The gains differ by a hair, as no formula for a spread of nothing should decide the comparison.
    return np.where(rng.random(shape) < 0.02, -0.98, rng.uniform(0.0, 0.04, shape))


def _both_fail_rarely(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    return (rng.random(shape) < 0.03).astype(float) - (rng.random(shape) < 0.03)


def _mostly_ties(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    where = rng.random(shape)
    return np.where(where < 0.0125, 0.9, np.where(where < 0.05, -0.3, 0.0))


AWKWARD: dict[str, Callable[[tuple[int, int], np.random.Generator], Array]] = {
    "1 in 10 loses .45, the rest gain .05": _one_in_ten_loses,
    "1 in 50 loses .98, the rest gain .02": _one_in_fifty_is_ruined,
    "3 % fail in both arms": _both_fail_rarely,
    "95 % ties, few large gains, more small losses": _mostly_ties,
}
"""Differences whose mean is zero, and whose first looks mislead."""


def _grade(mean: float, sd: float) -> float:
    """The mean of a clipped and rounded normal: the tenths, each with the chance to reach it."""
    return float(0.1 * norm.sf((np.arange(1, 11) - 0.5) / 10, mean, sd).sum())


def _replies(latent: Array, replies: int, rng: np.random.Generator) -> Array:
    total = np.zeros_like(latent)
    for _ in range(replies):
        total += np.round(np.clip(latent + rng.normal(0, _REPLY, latent.shape), 0, 1) * 10) / 10
    return total / replies
