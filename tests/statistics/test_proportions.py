from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from avenant.statistics.proportions import Wald, decide_proportion, estimate_proportion, proportion_low


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (0, 8), (3, 8), (8, 8), (17, 120)])
def test_bounds_are_the_exact_ones_of_statsmodels(successes: int, n: int, level: float) -> None:
    both = proportion_confint(successes, n, alpha=1 - level, method="beta")
    one = proportion_confint(successes, n, alpha=2 * (1 - level), method="beta")

    interval = estimate_proportion(successes, n, level=level)
    low = estimate_proportion(successes, n, level=level, side="low")
    high = estimate_proportion(successes, n, level=level, side="high")

    assert (interval.ci_low, interval.ci_high) == pytest.approx(both, abs=1e-12)
    assert (low.ci_low, low.ci_high) == pytest.approx((one[0], 1), abs=1e-12)
    assert (high.ci_low, high.ci_high) == pytest.approx((0, one[1]), abs=1e-12)
    assert (interval.share, interval.n, interval.successes) == (successes / n, n, successes)
    assert proportion_low(successes, n, level=level) == interval.ci_low


def test_bound_is_where_the_binomial_chance_is_the_error() -> None:
    low = estimate_proportion(7, 9, level=0.95, side="low").ci_low

    assert stats.binom.sf(6, 9, low) == pytest.approx(0.05)


def test_share_of_nothing_is_none() -> None:
    nothing = estimate_proportion(0, 0)

    assert (nothing.share, nothing.ci_low, nothing.ci_high, nothing.n) == (None, None, None, 0)
    assert proportion_low(0, 0) is None


@pytest.mark.parametrize(("successes", "n", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0), (1, 2, 0.0)])
def test_counts_that_are_no_share_are_refused(successes: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"share|level"):
        estimate_proportion(successes, n, level=level)


def read_check(outcomes: list[bool]) -> Wald:
    return decide_proportion(outcomes, low=0.3, high=0.8, alpha=0.01, beta=0.01)


def test_five_obedient_replies_are_enough_and_four_disobedient_ones() -> None:
    assert read_check([True] * 4).decision == "undecided"
    assert read_check([True] * 4).decided_at is None
    assert (read_check([True] * 5).decision, read_check([True] * 5).decided_at) == ("accept", 5)
    assert read_check([False] * 3).decision == "undecided"
    assert (read_check([False] * 4).decision, read_check([False] * 4).decided_at) == ("reject", 4)


def test_what_comes_after_the_decision_is_counted_and_changes_nothing() -> None:
    found = read_check([True] * 5 + [False] * 20)

    assert (found.decision, found.decided_at, found.n, found.successes) == ("accept", 5, 25, 5)


def test_no_outcomes_decide_nothing() -> None:
    assert read_check([]) == Wald("undecided", 0, 0)


def simulate(share: float, *, trials: int, seed: int) -> list[Wald]:
    rng = np.random.default_rng(seed)
    return [read_check((rng.random(120) < share).tolist()) for _ in range(trials)]


def test_a_subject_that_obeys_is_known_after_five_to_nine_replies() -> None:
    runs = {share: simulate(share, trials=3000, seed=7) for share in (0.8, 0.9, 1.0)}
    sizes = {share: [run.decided_at or 120 for run in found] for share, found in runs.items()}

    # Counted exactly, the mean is 9.13, and 95.7 % are decided by the 19th reply: three standard errors either way.
    assert 8.8 <= np.mean(sizes[0.8]) <= 9.5
    assert 0.945 <= np.mean([size <= 19 for size in sizes[0.8]]) <= 0.969
    assert np.mean(sizes[0.9]) <= 7
    assert set(sizes[1.0]) == {5}


@pytest.mark.parametrize(("share", "wrong"), [(0.3, "accept"), (0.8, "reject")])
def test_wrong_decisions_are_as_rare_as_stated(share: float, wrong: str) -> None:
    runs = simulate(share, trials=3000, seed=8)
    errors = sum(run.decision == wrong for run in runs)

    assert all(run.decision != "undecided" for run in runs)
    # At a true 1 % more than 45 of 3000 are to be expected once in 300 such tests.
    assert errors <= 45


@pytest.mark.parametrize(
    ("low", "high", "alpha", "beta"), [(0.8, 0.3, 0.01, 0.01), (0, 0.8, 0.01, 0.01), (0.3, 0.8, 0.5, 0.5)]
)
def test_a_test_without_room_is_refused(low: float, high: float, alpha: float, beta: float) -> None:
    with pytest.raises(ValueError, match="0 < low < high < 1"):
        decide_proportion([True], low=low, high=high, alpha=alpha, beta=beta)
