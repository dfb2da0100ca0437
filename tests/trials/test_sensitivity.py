from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from avenant.trials.results import Result, find_verdict
from avenant.trials.sensitivity import MOST_BETS, Need, families_needed, find_sensitivity
from avenant.trials.sensitivity_words import describe_sensitivity
from tests.trials.made import fixed_trial, made_result, sequential_trial


def _steady(family: str, arm: str) -> float:
    """Every target family rises by about 0.3."""
    is_target = family in ("names", "colours", "titles", "walks", "dishes", "songs") or family.startswith("target")
    if not is_target:
        return 0.7
    return 0.5 + (0.3 + 0.01 * (len(family) % 3) if arm in ("amended", "blunt") else 0.0)


def _driven(family: str, arm: str) -> float:
    """One family falls far, the others rise a little and alike."""
    if arm != "amended" or family not in ("names", "colours", "titles", "walks", "dishes", "songs"):
        return 0.7 if arm != "blunt" else 1.0
    return 0.0 if family == "songs" else 0.92


def test_a_steady_effect_survives_any_family_left_out(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(trial, _steady)
    sensitivity = find_sensitivity(trial, result)

    assert result.verdict.word == "helps"
    assert len(sensitivity.omissions) == sensitivity.families == 10
    assert sensitivity.changes("helps") == ()
    assert "Leaving out any one of the 10 families leaves the verdict as it is." in describe_sensitivity(
        trial, result, sensitivity
    )


def test_the_family_that_keeps_the_verdict_from_being_clear_is_named(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(trial, _driven)
    sensitivity = find_sensitivity(trial, result)

    assert result.verdict.word == "cannot tell"
    [change] = sensitivity.changes("cannot tell")
    assert (change.family, change.word) == ("songs", "helps")
    assert change.mean == pytest.approx(0.22)
    assert sensitivity.omissions[0] == change, "the most influential stands first"
    lines = describe_sensitivity(trial, result, sensitivity)
    assert lines[0] == (
        "Each of the 10 families was left out in turn: without songs the verdict would be “helps”; without any other "
        "it stays as it is."
    )


def test_leaving_out_a_family_is_the_trial_without_its_scenarios(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path, each=2)
    result = made_result(trial, _driven)
    for omission in find_sensitivity(trial, result).omissions:
        rest = tuple(one for one in trial.scenarios if one.family != omission.family)
        done = {
            block: [one for one in scores if one.family != omission.family or one.arm == "control"]
            for block, scores in result.done.items()
        }
        verdict = find_verdict(dataclasses.replace(trial, scenarios=rest), done, is_finished=True)
        assert verdict.word == omission.word
        if omission.battery == "target":
            assert verdict.target.mean == pytest.approx(omission.mean)


def test_the_range_is_that_of_all_omissions(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    sensitivity = find_sensitivity(trial, made_result(trial, _driven))

    target = sensitivity.ranges[0]
    means = [one.mean for one in sensitivity.omissions if one.battery == "target" and one.mean is not None]
    assert (target.battery, target.low, target.high) == ("target", min(means), max(means))
    assert target.high_family == "songs"


def test_of_many_families_under_bets_only_the_most_influential_are_left_out_and_it_says_so(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, target=30)
    result = made_result(trial, _steady)
    sensitivity = find_sensitivity(trial, result)

    assert trial.protocol.stopping == "betting"
    assert len(sensitivity.omissions) == MOST_BETS < sensitivity.families
    assert "(the others were not tried)" in describe_sensitivity(trial, result, sensitivity)[0]


def test_a_sequential_trial_that_stops_at_the_edge_says_what_leaving_out_means_there(tmp_path: Path) -> None:
    def score(family: str, arm: str) -> float:
        loses = 0.09 * (int(family.rpartition("-")[2]) % 4) if family.startswith("target") else 0.0
        return _steady(family, arm) - (loses if arm == "amended" else 0.0)

    trial = sequential_trial(tmp_path, target=40, neighbour=50, far=50, side_margin=0.15, block_size=8)
    result = made_result(trial, score)
    sensitivity = find_sensitivity(trial, result)

    assert result.verdict.word == "helps"
    assert {one.word for one in sensitivity.changes("helps")} == {"cannot tell"}
    assert any("it would have asked on" in line for line in describe_sensitivity(trial, result, sensitivity))


def _lossy(family: str, arm: str) -> float | None:
    return None if (family, arm) in (("names", "amended"), ("sums", "placebo")) else _steady(family, arm)


def test_missing_scores_are_bounded_at_their_worst_and_best(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path, each=4)
    result = made_result(trial, _lossy)
    sensitivity = find_sensitivity(trial, result)

    target, neighbour = sensitivity.missing
    assert (target.battery, target.bounds.missing, target.bounds.n) == ("target", 4, 24)
    known = result.verdict.target
    assert known.mean is not None
    assert target.bounds.mean_low == pytest.approx((known.mean * known.n - 4) / 24)
    assert target.bounds.mean_high == pytest.approx((known.mean * known.n + 4) / 24)
    assert neighbour.bounds.missing == 4


def test_the_verdict_is_reached_again_with_what_is_missing_at_its_worst_and_best(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(
        trial, lambda family, arm: None if (family, arm) == ("names", "amended") else _steady(family, arm)
    )
    sensitivity = find_sensitivity(trial, result)

    assert (result.verdict.word, sensitivity.worst_word, sensitivity.best_word) == ("helps", "cannot tell", "helps")
    assert "at its worst the verdict would be “cannot tell”, at its best “helps”" in " ".join(
        describe_sensitivity(trial, result, sensitivity)
    )


def test_where_nothing_is_missing_there_is_no_worst_case(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(trial, _steady)
    sensitivity = find_sensitivity(trial, result)

    assert (sensitivity.missing, sensitivity.worst_word, sensitivity.best_word) == ((), None, None)
    assert "No comparison lacks a score." in describe_sensitivity(trial, result, sensitivity)


def _with_side_margin(result: Result, margin: float, tmp_path: Path) -> str:
    trial = fixed_trial(tmp_path, each=2, side_margin=margin)
    return find_verdict(trial, result.done, is_finished=True).word


def test_the_side_margin_at_which_it_turns_is_where_the_verdict_turns(tmp_path: Path) -> None:
    def score(family: str, arm: str) -> float:
        loses = {"sums": 0.02, "dates": 0.05, "chores": 0.0, "tea": 0.03}.get(family, 0.0)
        return _steady(family, arm) - (loses if arm == "amended" else 0.0)

    trial = fixed_trial(tmp_path, each=2, side_margin=0.2)
    result = made_result(trial, score)
    assert result.verdict.word == "helps"
    side = next(turn for turn in find_sensitivity(trial, result).turns if turn.battery is None)

    assert 0 < side.margin < side.stated == 0.2
    assert _with_side_margin(result, side.margin + 1e-6, tmp_path / "above") == "helps"
    assert _with_side_margin(result, side.margin - 1e-6, tmp_path / "below") == "cannot tell"


def test_only_a_trial_that_was_too_small_says_how_many_families_it_takes(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    small = find_sensitivity(trial, made_result(trial, _driven))
    margin, seen = small.needs

    assert (margin.effect, margin.is_seen, seen.is_seen) == (0.05, False, True)
    assert margin.families > seen.families > 2
    assert find_sensitivity(trial, made_result(trial, _steady)).needs == ()


def test_the_number_of_families_agrees_with_an_independent_package() -> None:
    power = pytest.importorskip("statsmodels.stats.power").TTestPower()
    for effect, spread in ((0.05, 0.27), (0.1, 0.3), (0.02, 0.2)):
        exact = power.solve_power(effect / spread, alpha=0.05, power=0.8, alternative="two-sided")
        assert families_needed(effect, spread, rule="fixed", level=0.95) == pytest.approx(exact, rel=0.025)


def test_bets_take_more_families_than_a_single_look() -> None:
    needed = {rule: families_needed(0.08, 0.25, rule=rule, level=0.95) for rule in ("fixed", "betting")}

    assert needed["betting"] is not None
    assert needed["fixed"] is not None
    assert needed["fixed"] < needed["betting"] < 2 * needed["fixed"]


def test_beyond_what_anyone_would_write_there_is_no_number(tmp_path: Path) -> None:
    assert families_needed(0.001, 0.3, rule="fixed", level=0.95) is None
    trial = fixed_trial(tmp_path)
    result = made_result(trial, _driven)
    sensitivity = find_sensitivity(trial, result)
    endless = dataclasses.replace(sensitivity, needs=(Need(0.001, None, is_seen=True),))

    assert "more than 4,000 for 0.001" in " ".join(describe_sensitivity(trial, result, endless))
