"""All trials of a workspace, each with how far it has come and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from avenant.errors import AvenantError
from avenant.trials.design import Trial, read_trial
from avenant.trials.logs import finished_logs
from avenant.trials.results import Result, read_result

State = Literal["finished", "unfinished", "not begun", "cannot be read"]


@dataclass(frozen=True, slots=True)
class ListedTrial:
    """One folder of a trial."""

    folder: Path
    trial: Trial | None
    """None where its protocol or its materials cannot be read."""
    result: Result | None
    """None where no block is finished, or a log cannot be read."""
    problem: str = ""
    """Why it cannot be read, with its mend; empty where it can."""

    @property
    def amendment(self) -> str:
        """Slug of the amendment, by the folder's place."""
        return self.folder.parent.name

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.problem:
            return "cannot be read"
        if self.result is None:
            return "not begun"
        return "finished" if self.result.is_finished else "unfinished"


def list_trials(folder: Path, amendment: str | None = None) -> tuple[ListedTrial, ...]:
    """Read all trials, by amendment and from the oldest to the newest; those that cannot be read are among them.

    Args:
        folder: the workspace's `trials`.
        amendment: slug of the amendment; None for all.
    """
    protocols = folder.glob(f"{amendment or '*'}/*/protocol.toml")
    return tuple(_read(path.parent) for path in sorted(protocols))


def _read(folder: Path) -> ListedTrial:
    try:
        trial = read_trial(folder)
    except AvenantError as error:
        return ListedTrial(folder, None, None, str(error))
    try:
        return ListedTrial(folder, trial, read_result(trial))
    except AvenantError as error:
        return ListedTrial(folder, trial, None, str(error) if finished_logs(trial) else "")
