"""Running a stored trial, and what the tests ask about it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass

from avenant.trials.design import Trial
from avenant.trials.results import ArmSummary, Result, read_result
from avenant.trials.run import Progress, run_trial
from avenant.trials.sequence import planned_blocks
from avenant.trials.tasks import block_samples


@dataclass(frozen=True)
class Ran:
    """A trial after a run."""

    trial: Trial
    steps: list[Progress]

    @property
    def result(self) -> Result:
        return read_result(self.trial)

    def summary(self, arm: str, *, is_target: bool) -> ArmSummary:
        return next(s for s in self.result.arms if s.arm == arm and s.is_target == is_target)


Run = Callable[..., Ran]
"""The fixture `run_scripted`: (subject, scenarios=…, and anything that `materials.make_trial` takes) -> Ran."""


def run(trial: Trial) -> Ran:
    """Run what is left of a stored trial."""
    steps: list[Progress] = []
    try:
        run_trial(trial, progress=steps.append)
    finally:
        # What Inspect leaves behind warns when it is collected, and must not do so in another test.
        gc.collect()
    return Ran(trial, steps)


def block_sizes(trial: Trial) -> list[int]:
    """Calls of the subject in each block of a judged trial."""
    return [len(block_samples(trial, block)) for block in planned_blocks(trial)]
