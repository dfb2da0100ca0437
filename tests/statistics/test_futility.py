"""The predictive chance of a verdict: certain, hopeless and open trials."""

from __future__ import annotations

import numpy as np

from avenant.statistics.betting import rejection_times
from avenant.statistics.futility import chance_of_verdict


def test_a_trial_that_has_its_verdict_is_certain_of_it():
    values = np.random.default_rng(1).normal(0.3, 0.2, 60).clip(-1, 1)
    assert chance_of_verdict(values, cap=200, margin=0.05) == 1.0


def test_single_pass_or_fail_replies_without_an_effect_are_hopeless_for_a_narrow_margin():
    values = np.random.default_rng(2).choice([-1.0, 0.0, 1.0], 150, p=[0.17, 0.66, 0.17])
    centred = np.concatenate([values, -values])
    assert chance_of_verdict(centred, cap=400, margin=0.05) < 0.05


def test_a_trial_at_its_cap_without_a_verdict_has_no_chance_left():
    values = np.tile([0.4, -0.4], 50)
    assert chance_of_verdict(values, cap=100, margin=0.05) == 0.0


def test_the_chance_is_about_the_share_of_such_trials_that_reach_a_verdict():
    rng = np.random.default_rng(3)
    foreseen, reached = [], []
    for _ in range(12):
        values = rng.normal(0.08, 0.3, 120).clip(-1, 1)
        foreseen.append(chance_of_verdict(values[:40], cap=120, margin=0.05))
        reached.append(rejection_times(values[None, :], np.zeros(1), cap=120, level=0.95)[0, 0] <= 120)
    assert abs(np.mean(foreseen) - np.mean(reached)) < 0.35


def test_nothing_is_foreseen_from_one_unit_and_a_seed_repeats():
    assert chance_of_verdict([0.2], cap=40, margin=0.05) is None
    values = [0.1, -0.2, 0.3, 0.0, 0.4]
    assert chance_of_verdict(values, cap=40, margin=0.05, seed=4) == chance_of_verdict(
        values, cap=40, margin=0.05, seed=4
    )
