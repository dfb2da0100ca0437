"""What a trial can find: against statsmodels, against simulation, and in the order that rules must have."""

from __future__ import annotations

import time

import numpy as np
import pytest

from avenant.statistics.group_sequential import repeated_path
from avenant.statistics.power import detectable_effect, find_chance


@pytest.mark.parametrize(("n", "effect"), [(30, 0.14), (60, 0.10), (120, 0.07), (240, 0.05)])
def test_a_fixed_trial_finds_what_the_plan_says_for_orientation(n, effect):
    assert detectable_effect(n, sd=0.27, rule="fixed") == pytest.approx(effect, abs=0.005)


def test_fixed_power_is_that_of_statsmodels():
    power = pytest.importorskip("statsmodels.stats.power").TTestPower()
    expected = power.solve_power(effect_size=0.1 / 0.27, nobs=50, alpha=0.05, alternative="two-sided")
    assert find_chance(50, 0.1, sd=0.27, rule="fixed") == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("n", [60, 240])
def test_stopping_early_costs_some_sensitivity_and_exactness_a_little_more(n):
    fixed, grouped, betting = (
        detectable_effect(n, sd=0.27, rule=rule) for rule in ("fixed", "group-sequential", "betting")
    )
    assert fixed < grouped < betting < 1.5 * fixed


def test_the_effect_that_betting_detects_is_found_with_that_chance_with_other_seeds():
    effect = detectable_effect(120, sd=0.27, rule="betting", power=0.8)
    assert find_chance(120, effect, sd=0.27, rule="betting", seed=99) == pytest.approx(0.8, abs=0.06)


def test_group_sequential_chance_is_that_of_simulated_trials():
    looks = [30, 60, 90, 120]
    rng = np.random.default_rng(1)
    found = sum(
        any(interval.ci_low > 0 for interval in repeated_path(values, looks=looks, level=0.95))
        for values in rng.normal(0.08, 0.27, (400, 120)).clip(-1, 1)
    )
    # Forty looks find a little less than four.
    assert found / 400 - 0.12 < find_chance(120, 0.08, sd=0.27, rule="group-sequential") < found / 400 + 0.05


def test_a_trial_too_small_for_any_verdict_detects_nothing():
    assert detectable_effect(4, sd=0.27, rule="betting") is None
    assert detectable_effect(1, sd=0.27, rule="fixed") is None
    assert detectable_effect(1, sd=0.27, rule="group-sequential") is None


@pytest.mark.parametrize("rule", ["betting", "group-sequential", "fixed"])
def test_more_units_find_smaller_effects_and_a_seed_gives_the_same_answer(rule):
    effects = [detectable_effect(n, sd=0.3, rule=rule) for n in (40, 160)]
    assert effects[1] < effects[0]
    assert detectable_effect(40, sd=0.3, rule=rule) == effects[0]


def test_the_plan_does_not_keep_anybody_waiting():
    start = time.process_time()
    detectable_effect(240, sd=0.27, rule="betting", seed=5)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("n", "options", "words"),
    [(0, {"sd": 0.3}, "n must"), (10, {"sd": 1.5}, "sd"), (10, {"sd": 0.3, "power": 1.0}, "power")],
)
def test_impossible_plans_are_refused(n, options, words):
    with pytest.raises(ValueError, match=words):
        detectable_effect(n, rule="fixed", **options)
