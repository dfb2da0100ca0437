from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import inter_rater

from avenant.statistics.agreement import Metric, Weights, cohens_kappa, correlate, krippendorff_alpha

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": a line an observer, a column a unit.
SECTION_A = """
0 1 0 0 0 0 0 0 1 0
1 1 1 0 0 1 0 0 0 0
"""
SECTION_B = """
a a b b d c c c e d d a
b a b b b c c c e d d d
"""
SECTION_C = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""

Ratings = list[tuple[float | None, ...]]
RATINGS = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.tuples(*[st.none() | st.integers(0, 10).map(float)] * raters), min_size=1, max_size=12)
)


def units(table: str) -> Ratings:
    letters = {letter: float(place) for place, letter in enumerate("abcde")}
    lines = [line.split() for line in table.strip().splitlines()]
    observers = [
        [None if one == "." else letters[one] if one in letters else float(one) for one in line] for line in lines
    ]
    return list(zip(*observers, strict=True))


def alpha_by_definition(ratings: Ratings, metric: Metric) -> float | None:
    """1 - Do/De, pair by pair: within units, and over all ratings as if they were thrown together."""
    kept = [[value for value in row if value is not None] for row in ratings]
    kept = [row for row in kept if len(row) > 1]
    everything = [value for row in kept for value in row]
    if len(set(everything)) < 2:
        return None

    def apart(one: float, other: float) -> float:
        if metric == "nominal":
            return float(one != other)
        if metric == "interval":
            return (one - other) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(low <= value <= high for value in everything)
        return (between - (everything.count(low) + everything.count(high)) / 2) ** 2

    def disagreement(values: Sequence[float]) -> float:
        return sum(apart(one, other) for one, other in itertools.permutations(values, 2)) / (len(values) - 1)

    return 1 - sum(map(disagreement, kept)) / disagreement(everything)


@pytest.mark.parametrize(
    ("table", "metric", "published"),
    [
        (SECTION_A, "nominal", 0.095),
        (SECTION_B, "nominal", 0.692),
        (SECTION_C, "nominal", 0.743),
        (SECTION_C, "ordinal", 0.815),
        (SECTION_C, "interval", 0.849),
    ],
)
def test_alpha_is_that_of_the_published_examples(table: str, metric: Metric, published: float) -> None:
    alpha = krippendorff_alpha(units(table), metric=metric, resamples=50)

    assert alpha.coefficient == pytest.approx(published, abs=0.0005)


def test_alpha_counts_the_units_and_raters_that_can_be_compared() -> None:
    alpha = krippendorff_alpha([*units(SECTION_C), (None, None, 3.0, None)], metric="interval", resamples=50)

    assert (alpha.n, alpha.raters) == (11, 4)


@given(RATINGS, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_its_definition_pair_by_pair(ratings: Ratings, metric: Metric) -> None:
    expected = alpha_by_definition(ratings, metric)

    found = krippendorff_alpha(ratings, metric=metric, resamples=4).coefficient

    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_alpha_of_ratings_that_are_all_the_same_is_not_defined() -> None:
    alpha = krippendorff_alpha([(5.0, 5.0)] * 10, metric="interval")

    assert (alpha.coefficient, alpha.ci_low, alpha.ci_high, alpha.n) == (None, None, None, 10)


def test_alpha_without_a_unit_that_two_have_rated_is_not_defined() -> None:
    alpha = krippendorff_alpha([(5.0, None), (None, 3.0)], metric="interval")

    assert (alpha.coefficient, alpha.ci_low, alpha.n, alpha.raters) == (None, None, 0, 0)


def test_one_seed_gives_one_interval() -> None:
    intervals = [
        (alpha.ci_low, alpha.ci_high)
        for alpha in (krippendorff_alpha(units(SECTION_C), metric="ordinal", seed=seed) for seed in (1, 1, 2))
    ]

    assert intervals[0] == intervals[1] != intervals[2]


def graders(seed: int, n: int, noise: float) -> Ratings:
    rng = np.random.default_rng(seed)
    quality = rng.normal(5, 2, n)
    grades = np.clip(np.round(quality[:, None] + rng.normal(0, noise, (n, 3))), 0, 10)
    return [tuple(float(grade) for grade in row) for row in grades]


def test_interval_of_alpha_covers_what_endless_units_would_show() -> None:
    truth = krippendorff_alpha(graders(0, 20_000, 1.5), metric="interval", resamples=1).coefficient
    assert truth is not None
    covered = 0
    for seed in range(1, 201):
        alpha = krippendorff_alpha(graders(seed, 60, 1.5), metric="interval", resamples=400, seed=seed)
        assert alpha.ci_low is not None
        assert alpha.ci_high is not None
        covered += alpha.ci_low <= truth <= alpha.ci_high

    # Of 200 intervals of 95 %, fewer than 179 are to be expected once in 300 such tests.
    assert 179 <= covered <= 200


def test_rows_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one place for each rater"):
        krippendorff_alpha([(1.0, 2.0), (1.0,)], metric="interval")


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize(("weights", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_kappa_and_its_interval_are_those_of_statsmodels(weights: Weights, theirs: str | None, level: float) -> None:
    rng = np.random.default_rng(3)
    first = rng.choice([0.0, 1.0, 4.0, 10.0], 80)
    second = np.where(rng.random(80) < 0.7, first, rng.choice([0.0, 1.0, 4.0, 10.0], 80))
    values = sorted({*first, *second})
    table = np.array([[int(np.sum((first == a) & (second == b))) for b in values] for a in values])
    result = inter_rater.cohens_kappa(table, weights=None if theirs is None else np.array(values), wt=theirs)
    half = stats.norm.ppf(0.5 + level / 2) * result.std_kappa

    ours = cohens_kappa(first.tolist(), second.tolist(), weights=weights, level=level)

    assert ours.coefficient == pytest.approx(result.kappa, abs=1e-12)
    assert (ours.ci_low, ours.ci_high) == pytest.approx((result.kappa - half, result.kappa + half), abs=1e-12)
    assert ours.n == 80


def test_kappa_is_of_the_units_that_both_have_rated() -> None:
    whole = cohens_kappa([1, 2, 1, 2, 2], [1, 2, 2, 2, 1])

    assert cohens_kappa([1, 2, None, 1, 2, 2, 3], [1, 2, 9, 2, 2, 1, None]) == whole
    assert whole.n == 5


def test_kappa_of_ratings_that_are_all_the_same_is_not_defined() -> None:
    assert cohens_kappa([3, 3, 3], [3, 3, 3]).coefficient is None


def test_pearson_and_its_interval_are_those_of_scipy() -> None:
    rng = np.random.default_rng(4)
    first = rng.normal(size=30)
    second = first + rng.normal(size=30)
    theirs = stats.pearsonr(first, second)

    ours = correlate(first.tolist(), second.tolist(), level=0.9)

    assert ours.coefficient == pytest.approx(theirs.statistic)
    assert (ours.ci_low, ours.ci_high) == pytest.approx(tuple(theirs.confidence_interval(0.9)))


def test_spearman_is_that_of_scipy_with_the_wider_interval_of_ranks() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(0, 11, 40).astype(float)
    second = np.clip(first + rng.integers(-3, 4, 40), 0, 10)
    r = float(stats.spearmanr(first, second).statistic)
    # Bonett and Wright 2000, equation of the standard error of the transformed coefficient.
    half = 1.959963984540054 * np.sqrt((1 + r**2 / 2) / 37)

    ours = correlate(first.tolist(), second.tolist(), kind="spearman")

    assert ours.coefficient == pytest.approx(r)
    assert (ours.ci_low, ours.ci_high) == pytest.approx((np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)))


@pytest.mark.parametrize(("first", "second"), [([1, 1, 1, 1], [1, 2, 3, 4]), ([1, 2], [1, 2]), ([], [])])
def test_correlation_that_cannot_be_had_is_none(first: list[float], second: list[float]) -> None:
    assert correlate(first, second).coefficient is None


def test_correlation_of_three_units_has_no_interval() -> None:
    found = correlate([1, 2, 3], [1, 3, 2])

    assert found.coefficient == pytest.approx(0.5)
    assert (found.ci_low, found.ci_high) == (None, None)


def test_raters_of_different_units_are_refused() -> None:
    with pytest.raises(ValueError, match="3 ratings of one rater and 2"):
        cohens_kappa([1, 2, 3], [1, 2])
