"""Group-sequential limits against published tables, and repeated intervals against simulation and Student's."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.statistics.group_sequential import critical_values, exit_chance, repeated_path, student_limits
from avenant.statistics.interval import Interval

WHOLE = Interval(-1.0, 1.0, 0.95)


@pytest.mark.parametrize(
    ("power", "level", "count", "constant"),
    [
        (0.5, 0.95, 2, 2.178),
        (0.5, 0.95, 5, 2.413),
        (0.5, 0.95, 10, 2.555),
        (0.5, 0.90, 5, 2.122),
        (0.5, 0.99, 5, 2.986),
        (0.0, 0.95, 2, 1.977),
        (0.0, 0.95, 5, 2.040),
        (0.0, 0.95, 10, 2.087),
        (0.0, 0.90, 5, 1.751),
        (0.0, 0.99, 5, 2.621),
        (0.25, 0.95, 2, 2.038),
        (0.25, 0.95, 5, 2.136),
        (0.1, 0.95, 5, 2.068),
        (0.4, 0.95, 5, 2.267),
    ],
)
def test_constants_are_those_of_jennison_and_turnbull(power, level, count, constant):
    """Group Sequential Methods (2000), tables 2.1 (Pocock), 2.3 (O'Brien-Fleming), 2.9 (Wang-Tsiatis)."""
    limits = critical_values(tuple(range(1, count + 1)), level=level, power=power)
    assert limits[-1] == pytest.approx(constant, abs=0.001)


def test_one_look_is_the_fixed_test():
    assert critical_values((50,), level=0.95)[0] == pytest.approx(1.959964, abs=1e-4)
    assert student_limits((50,), level=0.95)[0] == pytest.approx(2.009575, abs=1e-4)


def test_a_path_leaves_its_limits_with_the_stated_chance_in_simulation():
    looks = (10, 25, 60, 100)
    limits = np.array(critical_values(looks, level=0.90))
    steps = np.diff(np.array(looks) / 100, prepend=0.0)
    normal = np.random.default_rng(1).normal(2.0 * steps, np.sqrt(steps), (20000, 4)).cumsum(axis=1)
    left = (np.abs(normal) > limits * np.sqrt(np.array(looks) / 100)).any(axis=1).mean()
    assert exit_chance(limits, np.array(looks) / 100, drift=2.0) == pytest.approx(left, abs=0.012)
    assert exit_chance(limits, np.array(looks) / 100) == pytest.approx(0.10, abs=1e-4)


@pytest.mark.parametrize("sd", [0.1, 0.3])
def test_intervals_hold_a_normal_mean_at_all_looks_with_the_stated_chance(sd):
    looks = tuple(range(10, 81, 10))
    limits = np.array(student_limits(looks, level=0.95))
    values = np.random.default_rng(2).normal(0, sd, (4000, 80))
    z = [np.abs(values[:, :n].mean(axis=1)) / values[:, :n].std(axis=1, ddof=1) * math.sqrt(n) for n in looks]
    left = np.any(np.array(z) > limits[:, None], axis=0).mean()
    assert left == pytest.approx(0.05, abs=0.012)


def test_the_last_interval_is_students_widened_for_the_looks():
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    values = np.random.default_rng(3).normal(0.02, 0.2, 60).clip(-1, 1)
    low, high = weightstats.DescrStatsW(values).tconfint_mean(alpha=0.05)
    single = repeated_path(values, looks=[60], level=0.95)[0]
    assert (single.ci_low, single.ci_high) == pytest.approx((low, high), abs=1e-5)
    last = repeated_path(values, looks=range(10, 61, 10), level=0.95)[-1]
    assert 1.0 < (last.ci_high - last.ci_low) / (high - low) < 1.25


def test_rare_disasters_fool_it_as_its_documentation_says():
    rng = np.random.default_rng(4)
    looks = range(20, 201, 10)
    wrong = 0
    for _ in range(60):
        # One scenario in fifty is ruined, the rest gain a little: the mean is zero.
        values = np.where(rng.random(200) < 0.02, -0.97, rng.choice([0.01, 0.0298], 200))
        wrong += any(interval.ci_low > 0 for interval in repeated_path(values, looks=looks, level=0.95))
    assert wrong > 30


@given(st.lists(st.floats(-1, 1), max_size=40))
def test_later_intervals_are_never_wider_levels_are_nested_and_signs_mirror(values):
    looks = [5, 10, 20, 40]
    path = repeated_path(values, looks=looks, level=0.95)
    assert len(path) == sum(look <= len(values) for look in looks)
    for earlier, later in itertools.pairwise(path):
        assert earlier.ci_low <= later.ci_low <= later.ci_high <= earlier.ci_high
    mirrored = repeated_path([-value for value in values], looks=looks, level=0.95)
    for interval, mirror in zip(path, mirrored, strict=True):
        assert (mirror.ci_low, mirror.ci_high) == pytest.approx((-interval.ci_high, -interval.ci_low), abs=1e-12)
    if path:
        narrow = repeated_path(values[:5], looks=looks, level=0.90)[0]
        assert path[0].ci_low <= narrow.ci_low <= narrow.ci_high <= path[0].ci_high


def test_where_the_spread_is_unknown_the_interval_is_everything():
    assert repeated_path([0.5], looks=[1, 2], level=0.95) == (WHOLE,)
    assert repeated_path([0.0] * 20, looks=[10, 20], level=0.95) == (WHOLE, WHOLE)
    assert repeated_path([], looks=[10, 20], level=0.95) == ()


@pytest.mark.parametrize(
    ("values", "looks", "level", "words"),
    [
        ([0.1], [], 0.95, "looks"),
        ([0.1], [5, 5], 0.95, "rise"),
        ([0.1] * 6, [5], 0.95, "last look is at 5"),
        ([-1.5], [5], 0.95, "-1.5"),
        ([0.1], [5], 0.0, "level"),
    ],
)
def test_impossible_input_is_refused(values, looks, level, words):
    with pytest.raises(ValueError, match=words):
        repeated_path(values, looks=looks, level=level)
