"""The scorers in real Inspect evaluations, with scripted models at the model boundary."""

from __future__ import annotations

import dataclasses
import gc
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog

from avenant.models import get_model
from avenant.trials.design import Trial
from avenant.trials.grading import grader_role
from avenant.trials.sequence import Block, planned_blocks
from avenant.trials.tasks import make_task
from tests.trials.asked import shown
from tests.trials.materials import make_trial
from tests.trials.scripted import STAGE


@pytest.fixture(autouse=True)
def _collect() -> Iterator[None]:
    """What Inspect leaves behind warns when it is collected, and must not do so in another test."""
    yield
    gc.collect()


def _first_block(trial: Trial) -> Block:
    return next(iter(planned_blocks(trial)))


def _run(trial: Trial, tmp_path: Path, *, bound: int | None = None) -> EvalLog:
    """The first block, with `bound` of the trial's judges in their roles."""
    judges = trial.protocol.judges[:bound]
    [log] = inspect_eval(
        make_task(trial, _first_block(trial), lambda: None),
        model=get_model(trial.protocol.subject, role="subject"),
        model_roles={grader_role(n): get_model(name, role="judge") for n, name in enumerate(judges, 1)},
        log_dir=str(tmp_path / "logs"),
        display="none",
    )
    assert log.status == "success", log.error
    return log


def _scores(trial: Trial, tmp_path: Path) -> dict[str, Any]:
    """Scores of the first block's samples by their id."""
    log = _run(trial, tmp_path)
    return {str(sample.id): next(iter((sample.scores or {}).values())) for sample in log.samples or []}


def _trial(tmp_path: Path, *judges: str, subject: str = "helpful") -> Trial:
    trial = make_trial(tmp_path, f"scripted/{subject}")
    protocol = dataclasses.replace(trial.protocol, judges=[f"scripted/{judge}" for judge in judges])
    return dataclasses.replace(trial, protocol=protocol)


def _of(scores: dict[str, Any], arm: str) -> list[Any]:
    return [score for key, score in scores.items() if key.endswith(f"--{arm}")]


def test_the_score_is_the_median_and_each_judges_grade_is_kept(tmp_path: Path) -> None:
    trial = _trial(tmp_path, "judge", "judge-strict", "judge-shy")

    amended = _of(_scores(trial, tmp_path), "amended")

    assert amended
    for score in amended:
        assert score.value == 1.0
        assert score.metadata["fate"] == "scored"
        assert score.metadata["grades"].items() >= {"scripted/judge": 1.0, "scripted/judge-strict": 1.0}.items()
    silent = [score for score in amended if "scripted/judge-shy" in score.metadata["problems"]]
    assert silent, "the shy judge does not grade what it likes on the target"
    assert silent[0].metadata["asked"] == 1 + 1 + 2
    assert "scripted/judge-shy: I would rather not say." in silent[0].explanation


def test_a_broken_answer_is_asked_for_again(tmp_path: Path) -> None:
    scores = _scores(_trial(tmp_path, "judge-fickle"), tmp_path)

    judged = _of(scores, "amended")
    assert all(score.metadata["fate"] == "scored" and score.metadata["asked"] == 2 for score in judged)


def test_fewer_than_half_of_the_judges_is_no_score_and_never_zero(tmp_path: Path) -> None:
    scores = _scores(_trial(tmp_path, "judge", "judge-silent", "judge-crashing"), tmp_path)

    for score in _of(scores, "amended"):
        assert math.isnan(score.value)
        assert score.metadata["fate"] == "judge failed"
        assert list(score.metadata["grades"]) == ["scripted/judge"]
        assert "the judge is not to be had" in score.metadata["problems"]["scripted/judge-crashing"]
    assert all(not math.isnan(score.value) for score in _of(scores, "control")), "which no judge sees"


def test_the_subject_never_grades_itself_where_a_judge_is_not_bound(tmp_path: Path) -> None:
    log = _run(_trial(tmp_path, "judge", "judge-strict"), tmp_path, bound=1)

    amended = [sample for sample in log.samples or [] if str(sample.id).endswith("--amended")]
    assert amended
    for sample in amended:
        assert sample.error is not None
        assert "Model role 'grader-2' is required" in sample.error.message
        assert not sample.scores
    assert all("grade one reply" not in user for _, user in STAGE.calls)


def test_quotes_are_hidden_from_the_judge_and_counted(tmp_path: Path) -> None:
    scores = _scores(_trial(tmp_path, "judge", subject="quoting"), tmp_path)

    assert all(score.metadata["hidden_words"] > 10 for score in _of(scores, "amended"))
    assert all(score.metadata["hidden_words"] > 10 for score in _of(scores, "placebo"))
    assert all(score.metadata["hidden_words"] == 0 for score in _of(scores, "baseline"))
    assert any("I was told: […]" in shown(prompt, "reply") for prompt in STAGE.prompts)


def test_replies_to_be_compared_are_kept_without_a_score_and_no_judge_is_asked(tmp_path: Path) -> None:
    trial = _trial(tmp_path, "judge")
    trial = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, outcome="preference"))

    scores = _scores(trial, tmp_path)

    assert {score.metadata["fate"] for score in _of(scores, "amended")} == {"written"}
    assert all(math.isnan(score.value) for score in _of(scores, "amended"))
    assert {score.value for score in _of(scores, "control")} == {1.0}
    assert STAGE.prompts == []
