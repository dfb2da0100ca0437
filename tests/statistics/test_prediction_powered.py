from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from avenant.statistics.prediction_powered import FEWEST_LABELS, Corrected, GradedPair, correct_mean


def pairs(
    seed: int, *, n: int = 400, labels: int = 100, bias: float = 0.0, noise: float = 0.2, per_family: int = 1
) -> list[GradedPair]:
    """People's differences are around 0; the judge sees them with noise and likes the passage by `bias`."""
    rng = np.random.default_rng(seed)
    idea = np.repeat(rng.normal(0, 0.15, n // per_family), per_family) if per_family > 1 else np.zeros(n)
    human = idea + rng.normal(0, 0.25, n)
    judge = human + bias + rng.normal(0, noise, n)
    seen = set(rng.permutation(n)[:labels].tolist())
    return [
        GradedPair(f"f{index // per_family}", float(judge[index]), float(human[index]) if index in seen else None)
        for index in range(n)
    ]


def ends(found: Corrected) -> tuple[float, float]:
    assert found.ci_low is not None
    assert found.ci_high is not None
    return found.ci_low, found.ci_high


def covers(found: Corrected) -> bool:
    low, high = ends(found)
    return low <= 0 <= high


def judge_alone(given: list[GradedPair]) -> bool:
    interval = stats.ttest_1samp([pair.judge for pair in given], 0).confidence_interval(0.95)
    return bool(interval.low <= 0 <= interval.high)


def test_a_biased_judge_misleads_alone_and_not_when_corrected() -> None:
    trials = [pairs(seed, bias=0.05) for seed in range(600)]

    # Of 600 intervals of 95 %, fewer than 554 are to be expected once in 300 such tests.
    assert 554 <= sum(covers(correct_mean(trial)) for trial in trials) <= 585
    assert sum(map(judge_alone, trials)) <= 0.2 * 600


def test_correction_holds_where_scenarios_come_in_families() -> None:
    trials = [pairs(seed, bias=0.05, per_family=5, labels=120) for seed in range(600)]
    as_if_alone = [[replace(pair, family=str(index)) for index, pair in enumerate(trial)] for trial in trials]

    corrected = sum(covers(correct_mean(trial)) for trial in trials)

    assert 554 <= corrected <= 590
    assert sum(covers(correct_mean(trial)) for trial in as_if_alone) < corrected - 20


def test_without_families_estimate_and_error_are_those_of_the_paper() -> None:
    given = pairs(3, noise=0.3)
    labelled = [pair for pair in given if pair.human is not None]
    human, judge = np.array([p.human for p in labelled]), np.array([p.judge for p in labelled])
    others = np.array([p.judge for p in given if p.human is None])
    n, many = len(human), len(others)
    # Covariance and variances by n, each variance from the sample whose mean it is of.
    weight = float(
        np.mean((human - human.mean()) * (judge - judge.mean())) / n / (judge.var() / n + others.var() / many)
    )
    variance = np.var(human - weight * judge) / n + weight**2 * others.var() / many
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(variance * 400 / 399)

    found = correct_mean(given)

    assert 0 < weight < 1
    assert found.trust == pytest.approx(weight)
    assert found.mean == pytest.approx(np.mean(human - weight * judge) + weight * others.mean())
    assert ends(found) == pytest.approx((found.mean - half, found.mean + half))


def test_a_judge_that_sees_what_people_see_narrows_the_interval_and_noise_does_not_widen_it() -> None:
    def width(noise: float) -> float:
        low, high = ends(correct_mean(pairs(5, noise=noise)))
        return high - low

    labels_alone = correct_mean([pair for pair in pairs(5) if pair.human is not None])
    low, high = ends(labels_alone)

    assert labels_alone.trust == 0
    assert width(0.01) < 0.6 * (high - low)
    assert width(50.0) == pytest.approx(high - low, rel=0.02)


def test_a_judge_that_orders_the_wrong_way_is_not_trusted() -> None:
    given = [replace(pair, judge=-pair.judge) for pair in pairs(6)]
    labels = [pair.human for pair in given if pair.human is not None]

    found = correct_mean(given)

    assert (found.trust, found.mean) == (0, pytest.approx(np.mean(labels)))


def test_the_error_of_the_judge_is_shown() -> None:
    assert correct_mean(pairs(7, bias=0.3, noise=0.01)).judge_error == pytest.approx(0.3, abs=0.01)


def test_too_few_labels_have_no_interval() -> None:
    few, enough = (correct_mean(pairs(8, labels=count)) for count in (FEWEST_LABELS - 1, FEWEST_LABELS))

    assert (few.is_enough, few.ci_low, few.ci_high, few.n) == (False, None, None, 19)
    assert few.mean is not None
    assert enough.is_enough
    assert enough.ci_low is not None


def test_labels_of_one_family_have_no_interval() -> None:
    found = correct_mean([replace(pair, family="one") if pair.human is not None else pair for pair in pairs(9)])

    assert (found.is_enough, found.ci_low, found.families) == (False, None, 1)


def test_without_labels_nothing_is_corrected() -> None:
    found = correct_mean(pairs(10, labels=0))

    assert (found.mean, found.ci_low, found.judge_error, found.trust, found.n, found.unlabelled) == (
        *[None] * 4,
        0,
        400,
    )
