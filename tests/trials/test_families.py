from __future__ import annotations

from pathlib import Path

import pytest

from avenant.trials.families import find_family_effects, find_tails
from tests.trials.made import fixed_trial, made_result, sequential_trial


def _rising(family: str, arm: str) -> float | None:
    if family == "walks" and arm == "amended":
        return None
    worth = {"names": 0.1, "colours": 0.3, "titles": -0.5, "sums": -0.6}.get(family, 0.0)
    return 0.6 + (worth if arm == "amended" else 0.0)


def test_each_family_has_its_mean_difference_target_first_and_largest_first(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path, each=2)
    effects = find_family_effects(trial, made_result(trial, _rising))

    assert [effect.battery for effect in effects] == ["target"] * 6 + ["neighbour"] * 2 + ["far"] * 2
    assert [effect.family for effect in effects[:2]] == ["colours", "names"]
    by_name = {effect.family: effect for effect in effects}
    assert by_name["colours"].mean == pytest.approx(0.3)
    assert by_name["titles"].mean == pytest.approx(-0.5)
    assert by_name["colours"].n == 2


def test_a_family_without_a_pair_of_scores_has_no_mean_and_stands_last(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    effects = find_family_effects(trial, made_result(trial, _rising))

    last = [effect for effect in effects if effect.battery == "target"][-1]
    assert (last.family, last.mean, last.n) == ("walks", None, 0)


def test_a_family_is_the_mean_over_its_scenarios_of_the_arms_that_decide(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path, each=2, subject="embedded/smollm2-135m-instruct", judge="")

    def score(family: str, arm: str) -> float:
        return {"amended": 0.3, "inverted": -0.2, "placebo": 7.0, "inverted-control": 0.0}.get(arm, 0.1)

    effects = find_family_effects(trial, made_result(trial, score))

    assert {effect.mean for effect in effects} == {0.5}
    assert find_tails(trial, effects) == (), "nats have no scale of which half could be lost"


def test_families_that_lose_half_the_scale_are_counted_with_an_exact_bound(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    target, neighbour, far = find_tails(trial, find_family_effects(trial, made_result(trial, _rising)))

    assert (target.battery, target.share.successes, target.share.n) == ("target", 1, 5), "walks has no pair"
    assert target.families == ("titles",)
    assert neighbour.families == ("sums",)
    # Clopper and Pearson, 0 of 2, one-sided 95 %: 1 - 0.05 ** (1 / 2).
    assert far.share.successes == 0
    assert far.share.ci_high == pytest.approx(1 - 0.05**0.5)


def test_the_screen_does_not_count_for_a_family(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, lambda family, arm: 0.8 if arm == "amended" else 0.5)

    assert any(block.startswith("screen-") for block in result.done)
    effects = find_family_effects(trial, result)
    assert {effect.n for effect in effects} == {1}
    assert len(effects) == len({one.family for one in result.compared})
