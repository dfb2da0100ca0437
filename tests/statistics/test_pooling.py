from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from avenant.statistics.pooling import Pooled, find_outside, pool_estimates

STUDIES = st.lists(st.tuples(st.floats(-1, 1, allow_subnormal=False), st.floats(0.01, 0.5)), min_size=2, max_size=10)


def ends(pooled: Pooled) -> tuple[float, float]:
    assert pooled.ci_low is not None
    assert pooled.ci_high is not None
    return pooled.ci_low, pooled.ci_high


@settings(max_examples=40)
@given(STUDIES, st.sampled_from([0.9, 0.95]))
def test_pooled_mean_interval_and_spread_are_those_of_statsmodels(
    studies: list[tuple[float, float]], level: float
) -> None:
    estimates, errors = np.array(studies).T
    # Theirs divides by Q.
    assume(np.ptp(estimates) > 1e-3)
    theirs = combine_effects(estimates, errors**2, method_re="pm", atol=1e-10, maxiter=200)
    # Theirs takes a step that lands on the solution for one beyond it, where rounding puts it there, and says 0.
    assume(theirs.tau2 > 0 or theirs.q <= len(studies) - 1)

    ours = pool_estimates(estimates.tolist(), errors.tolist(), level=level)

    assert ours.tau is not None
    assert ours.tau**2 == pytest.approx(max(0.0, float(theirs.tau2)), abs=1e-7)
    assert (ours.q, ours.i_squared) == pytest.approx((theirs.q, max(0.0, theirs.i2)), abs=1e-7)
    if theirs.tau2 > 1e-6:
        assert ours.mean == pytest.approx(theirs.mean_effect_re, abs=1e-5)
        assert ends(ours) == pytest.approx(tuple(theirs.conf_int(alpha=1 - level, use_t=True)[3]), abs=1e-3)


@given(STUDIES)
def test_interval_is_never_narrower_than_the_plain_one(studies: list[tuple[float, float]]) -> None:
    estimates, errors = zip(*studies, strict=True)
    ours = pool_estimates(estimates, errors)
    assert ours.tau is not None
    plain = 2 * stats.norm.ppf(0.975) / np.sqrt(sum(1 / (error**2 + ours.tau**2) for error in errors))
    low, high = ends(ours)

    assert high - low >= plain - 1e-12
    assert sum(ours.weights) == pytest.approx(1)


def test_estimates_that_agree_too_well_get_the_guard() -> None:
    ours = pool_estimates([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])
    half = stats.t.ppf(0.975, 2) * 0.1 / np.sqrt(3)

    assert ends(ours) == pytest.approx((0.1 - half, 0.1 + half))
    assert (ours.tau, ours.i_squared, ours.q_p_value) == (0, 0, 1)


def test_q_has_the_chance_of_a_chi_squared() -> None:
    ours = pool_estimates([0.1, 0.3, -0.2], [0.1, 0.2, 0.1])

    assert ours.q_p_value == pytest.approx(stats.chi2.sf(ours.q, 2))


def test_interval_holds_the_mean_effect_as_often_as_stated_and_the_prediction_a_new_one_as_documented() -> None:
    rng = np.random.default_rng(1)
    errors = [0.03, 0.05, 0.05, 0.08, 0.04, 0.06]
    covered = predicted = 0
    for _ in range(600):
        effects = rng.normal(0.1, 0.08, 6)
        ours = pool_estimates(rng.normal(effects, errors).tolist(), errors)
        assert ours.prediction_low is not None
        assert ours.prediction_high is not None
        low, high = ends(ours)
        covered += low <= 0.1 <= high
        predicted += ours.prediction_low <= rng.normal(0.1, 0.08) <= ours.prediction_high

    # Of 600 intervals of 95 %, fewer than 554 are to be expected once in 300 such tests; of 91 %, fewer than 526.
    assert 554 <= covered <= 590
    assert 526 <= predicted <= 568


def test_one_estimate_is_not_pooled() -> None:
    one = pool_estimates([0.2], [0.1])

    assert (one.mean, one.n, one.weights) == (0.2, 1, (1.0,))
    assert {one.ci_low, one.ci_high, one.tau, one.i_squared, one.q, one.q_p_value, one.prediction_low} == {None}
    assert "nothing is pooled" in one.method


def test_two_estimates_have_a_very_wide_interval_no_prediction_and_say_so() -> None:
    two = pool_estimates([0.1, 0.3], [0.05, 0.05])
    low, high = ends(two)

    assert high - low > 12 * 0.1
    assert (two.prediction_low, two.prediction_high) == (None, None)
    assert "two estimates" in two.method


def test_no_estimates_have_no_mean() -> None:
    assert (pool_estimates([], []).mean, pool_estimates([], []).n) == (None, 0)


@pytest.mark.parametrize(("estimates", "errors"), [([0.1], []), ([0.1, 0.2], [0.1, 0.0]), ([0.1], [float("inf")])])
def test_what_cannot_be_weighed_is_refused(estimates: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match="standard error"):
        pool_estimates(estimates, errors)


def test_the_one_that_lies_elsewhere_is_outside() -> None:
    estimates = [0.10, 0.12, 0.08, 0.11, 0.09, -0.30]

    assert find_outside(estimates, [0.03] * 6) == (False, False, False, False, False, True)


def test_of_estimates_that_belong_together_at_most_one_in_twenty_is_outside() -> None:
    rng = np.random.default_rng(2)
    errors = [0.03, 0.05, 0.05, 0.08, 0.04, 0.06]
    flags = [
        flag for _ in range(300) for flag in find_outside(rng.normal(rng.normal(0.1, 0.05, 6), errors).tolist(), errors)
    ]

    # At a true 5 % more than 120 of 1800 are to be expected once in 1000 such tests.
    assert sum(map(bool, flags)) <= 120


def test_two_estimates_cannot_be_outside_each_other() -> None:
    assert find_outside([0.1, 5.0], [0.01, 0.01]) == (None, None)
