"""Running a trial in blocks: each block one Inspect log; a finished block is never run again."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import TrialError, TrialInterruptedError
from avenant.models import get_model, package_versions
from avenant.trials.design import Trial
from avenant.workspace import make_folder

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

_MAX_SAMPLES = 10
"""Requests under way at once with a remote subject."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    """Finished samples, those of earlier runs included."""
    total: int


def run_trial(trial: Trial, *, progress: Callable[[Progress], None]) -> None:
    """Run what is left of a trial.

    Every finished sample is on disk before the next begins, every finished block is kept for good, and a block that
    was cut short is run again whole.

    Raises:
        ModelError: subject or judge cannot be reached.
        TrialError: a block failed, or the disk is full; what was finished is kept.
        TrialInterruptedError: the user pressed Ctrl-C.
    """
    from avenant.trials.tasks import REPEAT, block_samples, make_task

    protocol = trial.protocol
    blocks: list[int | str] = [*range(len(protocol.blocks))]
    if protocol.repeats:
        blocks.append(REPEAT)
    sizes = {block: len(block_samples(trial, block)) for block in blocks}
    if protocol.versions != package_versions():
        raise TrialError(
            f"this trial began with {_versions(protocol.versions)}; here is {_versions(package_versions())}",
            path=trial.folder,
            mend="install those versions, or begin a new trial: other versions can give other numbers",
        )
    finished = set(finished_logs(trial))
    done = sum(sizes[block] for block in finished)
    progress(Progress(done, sum(sizes.values())))
    if len(finished) == len(blocks):
        return
    subject = get_model(protocol.subject, role="subject")
    judge = get_model(protocol.judge, role="judge") if protocol.judge else None
    # A subject that keeps document states makes them all of the same pieces, again before the repetition.
    prepare = getattr(subject.api, "prepare", None)
    make_folder(trial.logs)
    if prepare is not None:
        prepare(list(trial.systems.values()))
    for block in blocks:
        if block in finished:
            continue
        if block == REPEAT and prepare is not None:
            prepare(list(trial.systems.values()))
        done = _run_block(trial, block, subject, judge, done, sum(sizes.values()), progress, make_task)


def finished_logs(trial: Trial) -> dict[int | str, Path]:
    """The log of each finished block; logs of other contents or cut short do not count."""
    if not trial.logs.is_dir():
        return {}
    from inspect_ai.log import read_eval_log

    found: dict[int | str, Path] = {}
    for path in sorted(trial.logs.glob("*.eval")):
        try:
            log = read_eval_log(str(path), header_only=True)
        except Exception:
            # A kill in the middle of a write leaves a log that cannot be read; its block runs again.
            continue
        block = (log.eval.metadata or {}).get("block")
        if log.status == "success" and log.eval.task_version == trial.protocol.content_hash and block is not None:
            found[block] = path
    return found


def _run_block(
    trial: Trial,
    block: int | str,
    subject: Any,
    judge: Any,
    done: int,
    total: int,
    progress: Callable[[Progress], None],
    make_task: Callable[..., Any],
) -> int:
    from inspect_ai import eval as inspect_eval

    count = done

    def on_sample() -> None:
        nonlocal count
        count += 1
        progress(Progress(count, total))

    try:
        logs = inspect_eval(
            make_task(trial, block, on_sample),
            model=subject,
            model_roles={"grader": judge} if judge is not None else None,
            log_dir=str(trial.logs),
            log_buffer=1,
            log_samples=True,
            display="none",
            log_level="error",
            max_samples=_MAX_SAMPLES,
            score=True,
        )
    except KeyboardInterrupt:
        raise _interrupted(trial) from None
    except OSError as error:
        raise _disk_error(trial, error) from error
    if not logs:
        # Inspect swallows the interrupt and returns no log.
        raise _interrupted(trial)
    _check_log(trial, block, logs[0])
    return count


def _check_log(trial: Trial, block: int | str, log: EvalLog) -> None:
    if log.status == "cancelled":
        raise _interrupted(trial)
    if log.status != "success":
        message = log.error.message if log.error else "no reason given"
        if os.strerror(errno.ENOSPC) in message:
            raise _disk_error(trial, OSError(errno.ENOSPC, message))
        raise TrialError(
            f"block {block} failed: {message}",
            path=trial.folder,
            mend="mend the cause, then `avenant try --resume`: finished blocks are kept",
        )
    samples = log.samples or []
    errors = [sample.error.message for sample in samples if sample.error]
    if samples and len(errors) == len(samples):
        Path(log.location.removeprefix("file://")).unlink(missing_ok=True)
        raise TrialError(
            f"not one request of block {block} was answered: {errors[0]}",
            path=trial.folder,
            mend="check the model's name, key and address, then `avenant try --resume`",
        )


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{package} {version}" for package, version in versions.items())


def _interrupted(trial: Trial) -> TrialInterruptedError:
    return TrialInterruptedError(
        "stopped; finished blocks are kept", path=trial.folder, mend="go on with `avenant try --resume`"
    )


def _disk_error(trial: Trial, error: OSError) -> TrialError:
    reason = "the disk is full" if error.errno == errno.ENOSPC else f"cannot write: {error}"
    return TrialError(
        f"{reason}; finished blocks are kept",
        path=trial.folder,
        mend="free some space, then `avenant try --resume`",
    )
