"""A run that is stopped from outside, in a process of its own, and taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

from avenant.trials.design import Trial, read_trial
from avenant.trials.logs import finished_logs, read_log
from avenant.trials.sequence import planned_blocks
from avenant.trials.spending import Usage, read_usage
from avenant.trials.tasks import block_samples
from avenant.workspace import init_workspace
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import block_sizes, run
from tests.trials.scripted import Stage

CALLS_BEFORE_THE_STOP = 30
"""In the middle of the second of two blocks of 22 samples."""
TIMEOUT_S = 180
COMMAND = "import tests.trials.scripted; from avenant.cli.main import main; main()"


def start_and_stop(root: Path, how: signal.Signals) -> tuple[Trial, subprocess.CompletedProcess[str], int]:
    """Run `avenant try --resume` until the subject stalls, send a signal, and count the calls that were made."""
    init_workspace(root)
    trial = store_trial(make_trial(root, block_size=5))
    journal = root / "journal.txt"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]),
        "SCRIPTED_JOURNAL": str(journal),
        "SCRIPTED_STALL_AT": str(CALLS_BEFORE_THE_STOP),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "try", "mark-views", "--resume"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_stalled(journal, process)
        process.send_signal(how)
        out, err = process.communicate(timeout=TIMEOUT_S)
    finally:
        process.kill()
        process.wait()
    calls = len(journal.read_text(encoding="utf-8").splitlines())
    return trial, subprocess.CompletedProcess(COMMAND, process.returncode, out, err), calls


def wait_until_stalled(journal: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + TIMEOUT_S
    while not journal.exists() or len(journal.read_text(encoding="utf-8").splitlines()) < CALLS_BEFORE_THE_STOP:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "the run never came so far"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("how", "code", "status"),
    [
        pytest.param(signal.SIGKILL, -signal.SIGKILL, "started", id="kill -9"),
        pytest.param(signal.SIGINT, 130, "cancelled", id="Ctrl-C"),
    ],
)
def test_a_stopped_run_loses_no_reply_and_asks_for_none_twice(
    how: signal.Signals, code: int, status: str, tmp_path: Path, stage: Stage
) -> None:
    trial, process, calls = start_and_stop(tmp_path, how)

    first, second = block_sizes(trial)
    answered = CALLS_BEFORE_THE_STOP - 1
    assert first < answered < calls <= first + second, "the stop came in the middle of the second block"
    assert process.returncode == code
    kept = replies_of(trial)
    subjects = answered - first
    assert subjects <= len(kept) <= 2 * subjects, "those of the second block, and the grades that were given"
    if how is signal.SIGINT:
        assert f"stopped; finished blocks are kept, and {len(kept)} replies of the block under way" in process.stderr
        assert "--resume" in process.stderr
        assert "Traceback" not in process.stderr
    logs = finished_logs(trial)
    assert sorted(logs) == ["block-1"]
    assert sorted(read_eval_log(info, header_only=True).status for info in list_eval_logs(str(trial.logs))) == sorted(
        ["success", status]
    )
    before = logs["block-1"].read_bytes()

    ran = run(read_trial(trial.folder))

    assert len(stage.calls) == first + second - answered, "what was answered before the stop is not asked again"
    graded = sum(arm != "control" for arm in asked_arms(trial))
    grades_kept = len(kept) - subjects
    first_graded = sum(arm != "control" for arm in asked_arms(trial)[:first])
    assert len(stage.prompts) == graded - first_graded - grades_kept, "nor is the judge"
    assert ran.steps[0].done == first
    assert finished_logs(trial)["block-1"].read_bytes() == before
    assert ran.result.verdict.word == "helps"
    assert ran.result.finished_blocks == 2
    assert len(ran.result.observations) == first + second, "nothing of the stopped run is counted twice"
    assert replies_of(trial) == [], "the log of the block holds them now"
    usage = read_usage(read_log(path) for path in finished_logs(trial).values())
    assert usage["scripted/helpful"] == Usage(input=100 * (first + second), output=7 * (first + second))
    assert usage["scripted/judge"] == Usage(input=100 * graded, output=7 * graded), "kept replies count once"


def replies_of(trial: Trial) -> list[Path]:
    return sorted(trial.folder.glob("replies/*/*"))


def asked_arms(trial: Trial) -> list[str]:
    return [sample.metadata["arm"] for block in planned_blocks(trial) for sample in block_samples(trial, block)]  # type: ignore[index]


def test_damaged_replies_are_asked_for_again_and_those_of_a_finished_block_removed(
    tmp_path: Path, stage: Stage
) -> None:
    trial, _, _ = start_and_stop(tmp_path, signal.SIGKILL)
    for path in replies_of(trial):
        path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    # A kill may fall between the end of a block's log and the removal of its replies.
    left = trial.folder / "replies/block-1/left.json"
    left.parent.mkdir(parents=True)
    left.write_text("{}", encoding="utf-8")

    ran = run(read_trial(trial.folder))

    assert len(stage.calls) == block_sizes(trial)[1]
    assert ran.result.verdict.word == "helps"
    assert not (trial.folder / "replies").exists()
