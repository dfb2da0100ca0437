"""Trials by log-probability, run with a scripted subject that tells them."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest

from avenant.trials.design import Trial
from avenant.trials.logs import finished_logs
from avenant.trials.verdict import Estimate
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import Ran, run
from tests.trials.scripted import STAGE, Stage


def margin_trial(root: Path, subject: str, **options: object) -> Trial:
    """A trial designed for the embedded model, whose subject is then a scripted one."""
    options = {"judge": "", "document_tokens": 400, "block_size": 100} | options
    trial = make_trial(root, "embedded/smollm2-135m-instruct", **options)  # type: ignore[arg-type]
    protocol = dataclasses.replace(trial.protocol, subject=f"scripted/{subject}")
    return store_trial(dataclasses.replace(trial, protocol=protocol))


def estimate(ran: Ran, key: str) -> Estimate:
    return next(c.estimate for c in ran.result.verdict.contrasts if c.key == key)


@pytest.fixture(scope="module")
def _helpful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Stage]:
    STAGE.clear()
    return run(margin_trial(tmp_path_factory.mktemp("margin"), "margin-helpful")), copy.deepcopy(STAGE)


@pytest.fixture
def ran(_helpful: tuple[Ran, Stage]) -> Ran:
    """A run of a subject that finds what its document asks for half a nat per word likelier."""
    return _helpful[0]


@pytest.fixture
def seen(_helpful: tuple[Ran, Stage]) -> Stage:
    """What the scripted models were asked in that run."""
    return _helpful[1]


def test_verdict_and_effects_are_differences_of_log_probabilities(ran: Ran) -> None:
    target = ran.result.verdict.target

    assert ran.result.verdict.word == "helps"
    assert (target.n, target.families) == (6, 6)
    assert target.mean == pytest.approx(1.0, abs=0.07), "0.5 with the passage, -0.5 with its opposite"
    mention = estimate(ran, "mention").mean
    assert mention == pytest.approx(0.0, abs=0.07), "the two pull by as much, so mention alone does nothing"
    assert estimate(ran, "control").mean == pytest.approx(2.0, abs=0.07)
    assert estimate(ran, "control").n == 8


def test_replies_are_written_for_some_scenarios_and_graded_by_nobody(ran: Ran, seen: Stage) -> None:
    written = {(t.scenario, t.arm) for t in ran.result.transcripts}

    assert {scenario for scenario, _ in written} == set(ran.trial.protocol.transcripts)
    assert {arm for _, arm in written} == {"baseline", "amended", "placebo", "control"}
    assert len(ran.trial.protocol.transcripts) == 3
    assert seen.prompts == []


def test_the_first_scores_are_computed_again_from_fresh_states(ran: Ran, seen: Stage) -> None:
    assert seen.prepared == [list(ran.trial.systems.values())] * 2
    assert sorted(map(str, finished_logs(ran.trial))) == ["block-1", "repeat"]
    assert ran.result.repeat_difference == 0
    assert ran.result.repeat_count == 4, "two scenarios, as it is and as amended"
    assert (ran.result.finished_blocks, ran.result.blocks) == (1, 1)


def test_scores_that_do_not_repeat_cannot_tell(tmp_path: Path) -> None:
    result = run(margin_trial(tmp_path, "margin-drifting")).result

    assert result.repeat_difference is not None
    assert result.repeat_difference > 1e-3
    assert result.verdict.word == "cannot tell"
    assert "came out differently" in result.verdict.reason


def test_a_subject_that_the_control_does_not_move_cannot_tell(tmp_path: Path) -> None:
    verdict = run(margin_trial(tmp_path, "margin-deaf")).result.verdict

    assert (verdict.word, "positive control" in verdict.reason) == ("cannot tell", True)
