"""Runs that end because of something that is not a model's conduct: nothing of it may become an outcome."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from inspect_ai.model import ModelAPI

from avenant.errors import FileError, TrialError
from avenant.trials import kept, tasks
from avenant.trials.design import Trial, read_trial
from avenant.trials.logs import finished_logs
from avenant.trials.run import run_trial
from tests.trials import scripted
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import block_sizes, run
from tests.trials.scripted import SUBJECTS, Asked, Reply, Stage

GONE_AT = 26
"""The call at which the server is gone: in the second block."""


def stop_of(trial: Trial) -> TrialError:
    with pytest.raises(TrialError) as caught:
        run_trial(trial, progress=lambda _: None)
    return caught.value


def replies_of(trial: Trial) -> int:
    return len(list(trial.folder.glob("replies/*/*.json")))


def test_a_server_that_is_gone_in_the_middle_stops_the_run_and_is_no_outcome(
    tmp_path: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(asked: Asked) -> Reply:
        if len(stage.calls) >= GONE_AT:
            raise httpx.ConnectError("connection refused")
        return SUBJECTS["helpful"](asked)

    monkeypatch.setitem(SUBJECTS, "vanishing", vanish)
    trial = store_trial(make_trial(tmp_path, "scripted/vanishing", block_size=5))
    first, second = block_sizes(trial)

    error = stop_of(trial)

    answered = GONE_AT - 1 - first
    assert "block-2 stopped: the subject scripted/vanishing stopped answering: connection refused" in str(error)
    assert "--resume" in str(error)
    assert len(stage.calls) < first + second, "once it is gone, nothing more is asked"
    assert sorted(finished_logs(trial)) == ["block-1"]
    assert answered <= replies_of(trial) <= 2 * answered
    monkeypatch.setitem(SUBJECTS, "vanishing", SUBJECTS["helpful"])
    stage.clear()

    ran = run(read_trial(trial.folder))

    assert len(stage.calls) == second - answered
    assert ran.result.verdict.word == "helps"


def test_a_server_that_never_answered_is_asked_once(
    tmp_path: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(asked: Asked) -> Reply:
        raise httpx.ConnectError("connection refused")

    monkeypatch.setitem(SUBJECTS, "closed", refuse)
    trial = store_trial(make_trial(tmp_path, "scripted/closed", block_size=5))

    error = stop_of(trial)

    assert "the subject scripted/closed cannot be reached: connection refused" in str(error)
    assert len(stage.calls) == 1
    assert finished_logs(trial) == {}


def test_a_closed_port_is_said_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai")
    monkeypatch.setenv("NOBODY_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("NOBODY_API_KEY", "none")
    trial = store_trial(make_trial(tmp_path, "openai-api/nobody/odile-7b", block_size=5))
    begun = time.monotonic()

    error = stop_of(trial)

    assert "the subject openai-api/nobody/odile-7b cannot be reached: Connection error" in str(error)
    assert time.monotonic() - begun < 60


def test_a_judge_that_is_gone_stops_the_run_and_is_no_outcome(
    tmp_path: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str, prompt: str) -> str:
        raise httpx.ConnectError("connection refused")

    monkeypatch.setattr(scripted, "_grade", refuse)
    trial = store_trial(make_trial(tmp_path, block_size=5))

    error = stop_of(trial)

    assert "the judge-1 scripted/judge cannot be reached" in str(error)
    assert finished_logs(trial) == {}
    assert len(stage.prompts) <= 2, "with a schema and without"


def test_a_model_that_stays_busy_stops_the_run_and_is_no_outcome(
    tmp_path: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_RETRIES", 0)
    monkeypatch.setattr(ModelAPI, "should_retry", lambda self, error: True)
    stage.is_down = True
    trial = store_trial(make_trial(tmp_path, block_size=5))

    assert "cannot be reached: nobody is at home" in str(stop_of(trial))
    assert finished_logs(trial) == {}


def test_a_full_disk_stops_the_run_and_is_no_outcome(
    tmp_path: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, text: str) -> None:
        raise FileError("cannot write: No space left on device", path=path, mend="free some disk space")

    trial = store_trial(make_trial(tmp_path, block_size=5))
    with monkeypatch.context() as patch:
        patch.setattr(kept, "write_text", fail)
        error = stop_of(trial)

    assert "block-1 stopped: cannot write: No space left on device" in str(error)
    assert (finished_logs(trial), len(stage.calls)) == ({}, 1)
    assert run(trial).result.verdict.word == "helps"
