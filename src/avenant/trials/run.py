"""Running a trial in blocks: each block one Inspect log; a finished block is never run again."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from avenant.errors import TrialError, TrialInterruptedError
from avenant.models import get_model, package_versions
from avenant.trials.contrasts import Observation
from avenant.trials.design import Trial
from avenant.trials.kept import BlockReplies
from avenant.trials.logs import finished_logs, read_log
from avenant.trials.passes import read_pass_usage
from avenant.trials.preferences import ask_scores
from avenant.trials.sequence import REPEAT, Block, next_block, planned_blocks
from avenant.trials.spending import Usage, add_usage, check_budget, is_spent, read_usage
from avenant.workspace import make_folder

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog
    from inspect_ai.model import Model

CONNECTIONS = 10
"""Requests under way at once with a remote subject."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    """Finished samples, those of earlier runs included."""
    total: int
    note: str = ""
    """What else is under way, such as the comparison of replies."""


def run_trial(trial: Trial, *, progress: Callable[[Progress], None], connections: int | None = None) -> None:
    """Run what is left of a trial, or as much of it as the budget allows.

    Every reply is on disk before the next is asked for, every finished block is kept for good, and a block that was cut
    short is run again with the replies that it had. Before each block what the finished ones spent is compared with the
    budget, so that this holds to within one block.

    Args:
        trial: the design, whose protocol is on the disk.
        progress: told how far the run is.
        connections: requests under way at once with a subject that is not embedded; None: 10.

    Raises:
        ModelError: subject or judge cannot be reached.
        TrialError: a block failed, the disk is full, or a budget in dollars needs a price; what was finished is kept.
        TrialInterruptedError: the user pressed Ctrl-C.
    """
    protocol = trial.protocol
    if protocol.versions != package_versions():
        raise TrialError(
            f"this trial began with {_versions(protocol.versions)}; here is {_versions(package_versions())}",
            path=trial.folder,
            mend="install those versions, or begin a new trial: other versions can give other numbers",
        )
    check_budget(protocol)
    logs = [read_log(path) for path in finished_logs(trial).values()]
    meter = _Meter(0, 0, progress)
    done = {
        log.eval.metadata["block"]: ask_scores(trial, log, progress=meter.note) for log in logs if log.eval.metadata
    }
    usage = read_usage(logs)
    meter.count, meter.total = sum(map(len, done.values())), _most_samples(trial, done)
    meter.show()
    block = next_block(trial, done)
    if block is None or _is_spent(trial, usage):
        return
    run = _open_run(trial, meter, connections)
    for name in done:
        run.kept.drop(name)
    while block is not None and not _is_spent(trial, usage):
        if block.name == REPEAT:
            run.prepare()
        log = _run_block(run, block)
        run.kept.drop(block.name)
        done[block.name] = ask_scores(trial, log, progress=meter.note)
        usage = add_usage(usage, read_usage([log]))
        meter.total = _most_samples(trial, done)
        block = next_block(trial, done)


def _is_spent(trial: Trial, usage: Mapping[str, Usage]) -> bool:
    live = read_pass_usage(trial)
    return is_spent(trial.protocol, add_usage(usage, live), live=live)


def _most_samples(trial: Trial, done: Mapping[str, Sequence[Observation]]) -> int:
    """Samples of the blocks that are done and of those that may still come."""
    ahead = sum(block.size for block in planned_blocks(trial) if block.name not in done)
    return sum(map(len, done.values())) + ahead * trial.protocol.replies


@dataclass(slots=True)
class _Meter:
    """Counts finished samples, those of earlier runs included."""

    count: int
    total: int
    progress: Callable[[Progress], None]

    def step(self) -> None:
        self.count += 1
        self.show()

    def show(self) -> None:
        self.progress(Progress(self.count, self.total))

    def note(self, done: int, total: int) -> None:
        self.progress(Progress(self.count, self.total, f"pairs compared: {done} of {total}"))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a trial: who is asked, and where replies are kept."""

    trial: Trial
    subject: Model
    judges: Sequence[Model]
    kept: BlockReplies
    meter: _Meter
    connections: int

    def prepare(self) -> None:
        """Make the states of all documents of the same pieces, where the subject keeps them; again for a repetition."""
        prepare = getattr(self.subject.api, "prepare", None)
        if prepare is not None:
            prepare(list(self.trial.systems.values()))


def _open_run(trial: Trial, meter: _Meter, connections: int | None) -> _Run:
    protocol = trial.protocol
    kept = BlockReplies(trial.folder / "replies", protocol.content_hash)
    subject = get_model(protocol.subject, role="subject")
    judges = [get_model(judge, role="judge") for judge in protocol.judges]
    make_folder(trial.logs)
    run = _Run(
        trial,
        kept.keep(subject, "subject", is_batch=protocol.is_batch),
        [kept.keep(judge, f"judge-{at}", is_batch=protocol.is_batch) for at, judge in enumerate(judges, 1)],
        kept,
        meter,
        connections or CONNECTIONS,
    )
    run.prepare()
    return run


def _run_block(run: _Run, block: Block) -> EvalLog:
    from inspect_ai import eval as inspect_eval

    from avenant.trials.grading import grader_role
    from avenant.trials.tasks import make_task

    trial = run.trial
    roles = {grader_role(number): judge for number, judge in enumerate(run.judges, 1)}
    at_once = block.size * trial.protocol.replies if trial.protocol.is_batch else run.connections
    run.kept.begin(block.name)
    try:
        logs = inspect_eval(
            make_task(trial, block, run.meter.step),
            model=run.subject,
            model_roles=roles or None,
            log_dir=str(trial.logs),
            log_buffer=1,
            log_samples=True,
            display="none",
            log_level="error",
            max_samples=at_once,
            score=True,
        )
    except KeyboardInterrupt:
        raise _interrupted(run) from None
    except OSError as error:
        raise _disk_error(trial, error) from error
    if not logs:
        # Inspect swallows the interrupt and returns no log.
        raise _interrupted(run)
    _check_log(run, block, logs[0])
    return logs[0]


def _check_log(run: _Run, block: Block, log: EvalLog) -> None:
    trial = run.trial
    if log.status == "cancelled":
        raise _interrupted(run)
    if run.kept.fault is not None:
        _delete(log)
        raise _stopped(run, block)
    if log.status != "success":
        message = log.error.message if log.error else "no reason given"
        if os.strerror(errno.ENOSPC) in message:
            raise _disk_error(trial, OSError(errno.ENOSPC, message))
        raise TrialError(
            f"{block.name} failed: {message}",
            path=trial.folder,
            mend=f"mend the cause, then {_resume(trial)}: finished blocks are kept",
        )
    samples = log.samples or []
    errors = [sample.error.message for sample in samples if sample.error]
    if samples and len(errors) == len(samples):
        _delete(log)
        raise TrialError(
            f"not one request of {block.name} was answered: {errors[0]}",
            path=trial.folder,
            mend=f"check the model's name, key and address, then {_resume(trial)}",
        )


def _resume(trial: Trial) -> str:
    return f"`avenant try {trial.protocol.amendment} --resume`"


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{package} {version}" for package, version in versions.items())


def _delete(log: EvalLog) -> None:
    """A log of a block in which not all was the models' conduct must not pass for a finished one."""
    Path(log.location.removeprefix("file://")).unlink(missing_ok=True)


def _stopped(run: _Run, block: Block) -> TrialError:
    [fault, *_] = run.kept.fault.faults if run.kept.fault else [None]
    assert fault is not None
    return TrialError(
        f"{block.name} stopped: {fault.problem}; {_what_is_kept(run)}", path=run.trial.folder, mend=fault.mend
    )


def _interrupted(run: _Run) -> TrialInterruptedError:
    return TrialInterruptedError(
        f"stopped; {_what_is_kept(run)}", path=run.trial.folder, mend=f"go on with {_resume(run.trial)}"
    )


def _what_is_kept(run: _Run) -> str:
    count = run.kept.count
    of_this = f", and {count} repl{'y' if count == 1 else 'ies'} of the block under way" if count else ""
    return f"finished blocks are kept{of_this}"


def _disk_error(trial: Trial, error: OSError) -> TrialError:
    reason = "the disk is full" if error.errno == errno.ENOSPC else f"cannot write: {error}"
    return TrialError(
        f"{reason}; finished blocks are kept",
        path=trial.folder,
        mend=f"free some space, then {_resume(trial)}",
    )
