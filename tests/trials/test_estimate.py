from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from avenant.statistics.proportions import proportion_low
from avenant.trials.estimate import Difference, Estimate, estimate_mean

VALUES = st.floats(-1, 1, allow_nan=False, allow_subnormal=False)
SAMPLES = st.lists(st.tuples(st.sampled_from("abcdefgh"), VALUES), min_size=2, max_size=40).filter(
    lambda pairs: len({family for family, _ in pairs}) > 1
)


def of(pairs: Sequence[tuple[str, float]], *, level: float = 0.95) -> Estimate:
    differences = [Difference(f"s{index}", family, value) for index, (family, value) in enumerate(pairs)]
    return estimate_mean(differences, level=level)


def numbers(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.mean is not None
    assert estimate.ci_low is not None
    assert estimate.ci_high is not None
    return estimate.mean, estimate.ci_low, estimate.ci_high


def unequal_clusters(seed: int, clusters: int) -> list[tuple[str, float]]:
    rng = np.random.default_rng(seed)
    pairs = []
    for cluster in range(clusters):
        shift = rng.normal(0.1, 0.2)
        pairs += [(f"f{cluster}", float(rng.normal(shift, 0.3))) for _ in range(rng.integers(1, 7))]
    return pairs


@pytest.mark.parametrize("clusters", [2, 3, 8, 40])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_interval_is_that_of_least_squares_with_clustered_errors(clusters: int, level: float) -> None:
    pairs = unequal_clusters(clusters, clusters)
    values = np.array([value for _, value in pairs])
    groups = np.unique([family for family, _ in pairs], return_inverse=True)[1]
    # The factor of statsmodels is C/(C-1) * (n-1)/(n-k); with the one coefficient of a mean the second is 1.
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True, "df_correction": True}, use_t=True
    )
    assert fit.df_resid_inference == clusters - 1
    low, high = fit.conf_int(alpha=1 - level)[0]

    assert numbers(of(pairs, level=level)) == pytest.approx((float(fit.params[0]), float(low), float(high)), abs=1e-12)


def test_interval_is_that_of_a_paired_t_test_where_each_family_has_one_scenario() -> None:
    rng = np.random.default_rng(7)
    amended, placebo = rng.uniform(size=12), rng.uniform(size=12)
    theirs = stats.ttest_rel(amended, placebo).confidence_interval(0.95)

    ours = of([(f"f{index}", float(d)) for index, d in enumerate(amended - placebo)])

    assert numbers(ours)[1:] == pytest.approx((float(theirs.low), float(theirs.high)), abs=1e-12)


@given(SAMPLES, VALUES)
def test_a_shift_of_all_differences_shifts_mean_and_interval(pairs: list[tuple[str, float]], shift: float) -> None:
    shifted = of([(family, value + shift) for family, value in pairs])

    assert numbers(shifted) == pytest.approx(tuple(number + shift for number in numbers(of(pairs))), abs=1e-7)


@given(SAMPLES, st.floats(0.01, 100))
def test_a_scale_of_all_differences_scales_mean_and_interval(pairs: list[tuple[str, float]], factor: float) -> None:
    scaled = of([(family, value * factor) for family, value in pairs])

    assert numbers(scaled) == pytest.approx(tuple(number * factor for number in numbers(of(pairs))), abs=1e-7 * factor)


@given(SAMPLES)
def test_a_change_of_sign_turns_the_interval_round(pairs: list[tuple[str, float]]) -> None:
    mean, low, high = numbers(of(pairs))

    assert numbers(of([(family, -value) for family, value in pairs])) == pytest.approx((-mean, -high, -low), abs=1e-9)


@given(SAMPLES, st.randoms(use_true_random=False))
def test_order_and_names_of_families_do_not_matter(pairs: list[tuple[str, float]], rng: random.Random) -> None:
    other = [(family.upper() * 2, value) for family, value in pairs]
    rng.shuffle(other)

    assert numbers(of(other)) == pytest.approx(numbers(of(pairs)), abs=1e-9)


@given(SAMPLES)
def test_a_higher_level_never_narrows_the_interval(pairs: list[tuple[str, float]]) -> None:
    mean, low, high = numbers(of(pairs, level=0.95))
    _, narrow_low, narrow_high = numbers(of(pairs, level=0.9))

    assert low <= narrow_low <= mean <= narrow_high <= high


@given(SAMPLES)
def test_copies_of_scenarios_within_their_families_are_no_new_evidence(pairs: list[tuple[str, float]]) -> None:
    assert numbers(of([*pairs, *pairs])) == pytest.approx(numbers(of(pairs)), abs=1e-9)


@given(st.lists(VALUES, min_size=1, max_size=9))
def test_one_family_gives_a_mean_and_no_interval(values: list[float]) -> None:
    found = of([("only", value) for value in values])

    assert found.mean == pytest.approx(math.fsum(values) / len(values))
    assert (found.ci_low, found.ci_high, found.is_bounded) == (None, None, False)
    assert (found.n, found.families) == (len(values), 1)


def test_nothing_measured_is_none_and_not_zero() -> None:
    found = of([])

    assert (found.mean, found.ci_low, found.ci_high, found.n, found.families) == (None, None, None, 0, 0)
    assert not found.is_bounded


def test_the_95_percent_interval_covers_the_truth_in_about_95_percent_of_trials_with_8_families() -> None:
    rng = np.random.default_rng(11)
    trials, covered = 4000, 0
    for _ in range(trials):
        values = 0.1 + rng.normal(0, 0.2, (8, 1)) + rng.normal(0, 0.3, (8, 3))
        pairs = [(f"f{family}", float(value)) for family, row in enumerate(values) for value in row]
        _, low, high = numbers(of(pairs))
        covered += low <= 0.1 <= high

    # Three standard errors of a simulation of this size are 0.010.
    assert covered / trials == pytest.approx(0.95, abs=0.010)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_exact_lower_end_of_a_proportion_is_that_of_clopper_and_pearson(level: float) -> None:
    for n in (1, 2, 5, 8, 30):
        for successes in range(n + 1):
            theirs = proportion_confint(successes, n, alpha=1 - level, method="beta")[0]
            scipys = stats.binomtest(successes, n).proportion_ci(level, method="exact").low
            ours = proportion_low(successes, n, level=level)
            assert ours == pytest.approx(float(np.nan_to_num(theirs)), abs=1e-12)
            assert ours == pytest.approx(float(scipys), abs=1e-12)


def test_a_proportion_of_nothing_has_no_lower_end() -> None:
    assert proportion_low(0, 0) is None
