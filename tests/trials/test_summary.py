from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from avenant.trials.design import Trial
from avenant.trials.results import Result
from avenant.trials.summary import cautions, plain_effect, stop_reason, summary
from tests.trials.made import fixed_trial, made_result, sequential_trial


def _said(trial: Trial, result: Result) -> str:
    return " ".join(summary(trial, result))


def _helping(family: str, arm: str) -> float:
    return 0.9 if arm in ("amended", "blunt") and family.startswith("target") else 0.5


def _falling(family: str, arm: str) -> float:
    return 0.1 if arm == "amended" and family.startswith("target") else 0.5


def test_a_sequential_trial_says_how_many_planned_families_it_took_and_why_it_stopped(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, target=60, neighbour=100, far=100, side_margin=0.1)
    result = made_result(trial, _helping)
    target, neighbour, far = (one.wide.families for one in result.verdict.standings)

    assert result.verdict.word == "helps"
    assert 0 < target < 60
    said = _said(trial, result)
    assert f"{target} of 60 target, {neighbour} of 100 neighbour, {far} of 100 far" in said
    assert "It stopped because every battery is settled." in said
    assert f"On {target} target families the effect is +0.400" in plain_effect(trial, result)


def test_a_falling_target_ends_the_trial_and_it_says_so(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _falling)

    assert result.verdict.word == "harms"
    assert stop_reason(trial, result) == (
        "It stopped because target settled the verdict: nothing else could have changed it."
    )


def test_what_was_never_settled_ran_to_the_last_block(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, lambda family, arm: 0.5)

    assert stop_reason(trial, result) == "It ran to the last block that was planned."
    assert "Neighbour: not settled whether it falls by more than 0.05" in _said(trial, result)


def test_a_trial_under_way_says_that_it_is_unfinished(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _helping, blocks=3)

    assert not result.is_finished
    assert any(line.startswith("Unfinished: 1 of") for line in cautions(trial, result))
    assert stop_reason(trial, result) == "It goes on."


def test_a_sequential_trial_that_stopped_early_is_not_called_unfinished(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, target=80)
    result = made_result(trial, _falling)

    assert result.finished_blocks < result.blocks
    assert not any("Unfinished" in line for line in cautions(trial, result))


@pytest.mark.parametrize(
    ("stopping", "told"),
    [("betting", "exactly so, however often it is looked at"), ("group-sequential", "a large-sample guarantee")],
)
def test_how_sure_it_is_follows_from_the_rule(stopping: str, told: str, tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, neighbour=100, far=100, side_margin=0.2, stopping=stopping)

    def score(family: str, arm: str) -> float:
        return _helping(family, arm) + 0.01 * (int(family.rpartition("-")[2]) % 5) * (arm == "amended")

    result = made_result(trial, score)
    assert result.verdict.word == "helps"
    assert "call an amendment without any effect helpful in at most 2.5% of cases" in _said(trial, result)
    assert told in _said(trial, result)


def test_cannot_tell_claims_no_certainty(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(trial, lambda family, arm: 0.5)

    assert result.verdict.word == "cannot tell"
    assert "How sure" not in _said(trial, result)


def test_headroom_and_what_was_set_aside_are_counted(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, screen="all")

    def score(family: str, arm: str) -> float:
        is_easy = family in ("target-1", "target-2")
        return 1.0 if is_easy else _helping(family, arm)

    result = made_result(trial, score)
    said = _said(trial, result)

    assert "on the screen 24 target scenarios lie 0.46 below the best score" in said
    assert "2 of 24 were at the ceiling and set aside before the comparison began" in said
    assert "of 22 target" in said


def test_a_judge_of_the_subjects_own_maker_is_pointed_out(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    result = made_result(trial, lambda family, arm: 0.5)
    kin = dataclasses.replace(trial.protocol, subject="openai/gpt-x", judges=["openai/gpt-y"])

    assert not [line for line in cautions(trial, result) if "own maker" in line]
    [line] = [line for line in cautions(dataclasses.replace(trial, protocol=kin), result) if "own maker" in line]
    assert line.startswith("openai/gpt-y is of the subject's own maker")


def test_a_budget_that_ended_the_trial_is_named_and_no_one_is_told_to_resume(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, budget_tokens=9000)
    result = dataclasses.replace(made_result(trial, _helping, blocks=3), is_spent=True)

    [line] = [line for line in cautions(trial, result) if "budget" in line]
    assert line == f"The budget of 9,000 tokens ended the trial: 1 of {result.blocks} blocks are done."
    assert not any("--resume" in line for line in cautions(trial, result))
    assert stop_reason(trial, result) == "The budget ended it."
