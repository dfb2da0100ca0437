"""Betting intervals: the guarantee under peeking, an independent package, and what must hold for any data."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.statistics.betting import betting_interval, betting_path, rejection_times
from avenant.statistics.interval import Interval
from avenant.statistics.staking import EFFECT, EQUIVALENCE, plan_stakes

LEVELS = (0.95, 0.90)
differences = st.lists(st.integers(-10, 10).map(lambda tenths: tenths / 10), max_size=40)


def _ruined_once_in_fifty(trials: int, n: int, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random((trials, n)) < 0.02, -0.98, 0.02)


def _coin(trials: int, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (trials, n))


def _even(trials: int, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(-1, 1, (trials, n))


def _mostly_ties(trials: int, n: int, rng: np.random.Generator) -> np.ndarray:
    where = rng.random((trials, n))
    return np.where(where < 0.0125, 0.9, np.where(where < 0.05, -0.3, 0.0))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("draw", [_ruined_once_in_fifty, _coin, _even, _mostly_ties])
def test_a_true_mean_is_rejected_no_more_often_than_allowed_however_often_one_looks(draw, level):
    values = draw(1500, 120, np.random.default_rng(7))
    for side in (1, -1):
        wrong = (rejection_times(side * values, np.zeros(1), cap=120, level=level) <= 120).mean()
        # Three standard errors of 1500 trials above the allowed share.
        assert wrong <= (1 - level) / 2 + 3 * np.sqrt(0.025 / 1500)


def test_most_of_the_allowed_errors_are_used_so_that_the_guarantee_is_not_idle():
    values = np.random.default_rng(3).normal(0, 0.2, (1500, 200)).clip(-1, 1)
    wrong = (rejection_times(values, np.zeros(1), cap=200, level=0.90) <= 200).mean()
    assert 0.025 < wrong <= 0.065


def test_an_effect_is_found_early_when_it_is_large_and_mostly_when_it_is_small():
    rng = np.random.default_rng(4)
    times = {
        effect: rejection_times(rng.normal(effect, 0.25, (300, 400)).clip(-1, 1), np.zeros(1), cap=400, level=0.95)
        for effect in (0.05, 0.2)
    }
    assert (times[0.05] <= 400).mean() > 0.85
    assert times[0.2].mean() < 45


def test_intervals_hold_the_mean_at_every_look():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(25):
        values = np.where(rng.random(60) < 0.1, -0.45, 0.05) + 0.2
        held += all(interval.contains(0.2) for interval in betting_path(values, cap=60, level=0.95, looks=range(1, 61)))
    assert held >= 22


def test_the_interval_agrees_in_kind_with_an_independent_betting_sequence():
    ville = pytest.importorskip("ville")
    values = np.random.default_rng(6).normal(0.1, 0.3, 300).clip(-1, 1)
    sequence = ville.BettingCS(bounds=(-1.0, 1.0), alpha=0.05, grid=2001).fit(values)
    low, high = sequence.interval()
    ours = betting_interval(values, cap=300, level=0.95)
    assert ours.ci_low < high
    assert low < ours.ci_high
    # A bet that knows its deadline is the narrower one at the deadline.
    assert ours.ci_high - ours.ci_low < high - low < 2 * (ours.ci_high - ours.ci_low)


def test_the_interval_at_the_cap_is_a_little_wider_than_students():
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    values = np.random.default_rng(8).normal(0.0, 0.25, 400).clip(-1, 1)
    low, high = weightstats.DescrStatsW(values).tconfint_mean(alpha=0.05)
    ours = betting_interval(values, cap=400, level=0.95)
    assert 1.0 < (ours.ci_high - ours.ci_low) / (high - low) < 1.6


def test_a_mean_that_the_test_rejects_is_outside_the_interval_and_no_other():
    values = np.random.default_rng(9).normal(0.08, 0.2, 200).clip(-1, 1)
    looks = range(10, 201, 10)
    path = betting_path(values, cap=200, level=0.95, looks=looks)
    time = int(rejection_times(values[None, :], np.zeros(1), cap=200, level=0.95)[0, 0])
    assert 10 < time <= 200
    assert [interval.ci_low > 0 for interval in path] == [look >= time for look in looks]


@given(differences, st.sampled_from(LEVELS))
def test_negated_differences_give_the_mirrored_interval(values, level):
    interval = betting_interval(values, cap=40, level=level)
    mirrored = betting_interval([-value for value in values], cap=40, level=level)
    assert (mirrored.ci_low, mirrored.ci_high) == (-interval.ci_high, -interval.ci_low)


@given(differences, st.sampled_from(LEVELS))
def test_a_later_interval_is_never_wider_and_ends_never_cross(values, level):
    path = betting_path(values, cap=40, level=level, looks=range(len(values) + 1))
    assert path[0] == Interval(-1.0, 1.0, level)
    for earlier, later in itertools.pairwise(path):
        assert earlier.ci_low <= later.ci_low <= later.ci_high <= earlier.ci_high


@given(differences, st.integers(0, 40))
def test_an_interval_depends_on_nothing_that_is_measured_after_it(values, look):
    look = min(look, len(values))
    early = betting_interval(values[:look], cap=40, level=0.95)
    assert betting_path(values, cap=40, level=0.95, looks=[look, len(values)])[0] == early


def test_nothing_measured_leaves_everything_open():
    assert betting_interval([], cap=10, level=0.95) == Interval(-1.0, 1.0, 0.95)
    assert betting_path([], cap=10, level=0.95, looks=[]) == ()


@pytest.mark.parametrize("level", LEVELS)
def test_four_hundred_ties_leave_a_narrow_interval_around_zero(level):
    interval = betting_interval([0.0] * 400, cap=400, level=level)
    assert interval.ci_low == -interval.ci_high
    assert 0.001 < interval.ci_high < 0.02


def test_nothing_but_gains_never_closes_the_interval_to_a_point():
    interval = betting_interval([1.0] * 100, cap=100, level=0.95)
    assert 0.8 < interval.ci_low < 1.0
    assert interval.ci_high == 1.0


def test_differences_that_contradict_each_other_leave_the_last_interval_that_stood():
    path = betting_path([1.0] * 100 + [-1.0] * 300, cap=400, level=0.95, looks=[100, 200, 300, 400])
    assert path[0].ci_low > 0.5
    assert path[-1].ci_low <= path[-1].ci_high
    assert path[-1] == path[-2]


def test_bets_on_equivalence_wait_and_those_on_an_effect_do_not():
    values = np.random.default_rng(2).normal(0.3, 0.2, 20).clip(-1, 1)
    effect, equivalence = (betting_interval(values, cap=400, level=level) for level in LEVELS)
    assert effect.ci_low > 0
    assert equivalence.ci_low < effect.ci_low


@pytest.mark.parametrize(
    ("values", "cap", "level", "words"),
    [
        ([1.2], 10, 0.95, "1.2"),
        ([float("nan")], 10, 0.95, "nan"),
        ([0.1] * 11, 10, 0.95, "cap is 10"),
        ([0.1], 10, 1.0, "level"),
    ],
)
def test_impossible_input_is_refused(values, cap, level, words):
    with pytest.raises(ValueError, match=words):
        betting_interval(values, cap=cap, level=level)


def test_a_look_beyond_the_values_is_refused():
    with pytest.raises(ValueError, match="looks"):
        betting_path([0.1, 0.2], cap=10, level=0.95, looks=[3])


@pytest.mark.parametrize(("plan", "alpha"), [(EFFECT, 0.025), (EQUIVALENCE, 0.05), (EFFECT, 0.005)])
def test_stakes_are_finite_and_those_far_behind_stake_more(plan, alpha):
    stakes = plan_stakes(plan, alpha)
    assert np.isfinite(stakes.table).all()
    middle = stakes.at(0.5, np.linspace(1, 9, 30))
    assert (middle > 0).all()
    assert (np.diff(middle) > 0).all()
