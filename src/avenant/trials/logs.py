"""The logs of a trial: which blocks are finished, and the scores in them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import TrialError
from avenant.trials.contrasts import Observation
from avenant.trials.design import Trial

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog


def finished_logs(trial: Trial) -> dict[str, Path]:
    """The log of each finished block; logs of other contents or cut short do not count."""
    if not trial.logs.is_dir():
        return {}
    from inspect_ai.log import read_eval_log

    found: dict[str, Path] = {}
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


def read_log(path: Path) -> EvalLog:
    """One block's log.

    Raises:
        TrialError: it is damaged.
    """
    from inspect_ai.log import read_eval_log

    try:
        return read_eval_log(str(path))
    except Exception as error:
        # Zip, JSON and schema faults alike: whatever it is, the log is damaged.
        raise TrialError(
            f"this log is damaged: {error}",
            path=path,
            mend="delete it, then `avenant try … --resume` runs its block again",
        ) from error


def scores_of(log: EvalLog) -> list[Observation]:
    """The scores in one log, missing ones included."""
    return [observe(sample) for sample in log.samples or []]


def observe(sample: Any) -> Observation:
    """One sample's score."""
    score = next(iter((sample.scores or {}).values()), None)
    metadata = (score.metadata or {}) if score is not None else {}
    value = float(score.value) if score is not None and isinstance(score.value, int | float) else math.nan
    return Observation(
        scenario=sample.metadata["scenario"],
        family=sample.metadata["family"],
        battery=sample.metadata["battery"],
        arm=sample.metadata["arm"],
        value=None if math.isnan(value) else value,
        fate=metadata.get("fate", "failed" if sample.error else "no reply"),
        reply=sample.metadata["reply"],
    )
