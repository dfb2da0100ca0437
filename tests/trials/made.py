"""Results made from given scores, without a model: what the tests of the report look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from avenant.trials.contrasts import Observation
from avenant.trials.design import Trial
from avenant.trials.results import Result, Transcript, find_verdict
from avenant.trials.sequence import Block, next_block
from avenant.trials.standing import find_set_aside, main_blocks
from tests.trials.materials import make_trial, many_items, scenario_items, scenario_source

Score = Callable[[str, str], float | None]
"""(family, arm) -> score; None is a refusal."""


def sequential_trial(root: Path, *, target: int = 24, neighbour: int = 12, far: int = 12, **options: object) -> Trial:
    """A designed sequential trial, one scenario a family; families are called target-1, neighbour-1, …"""
    scenarios = scenario_source(many_items(target=target, neighbour=neighbour, far=far))
    return make_trial(root, scenarios=scenarios, **options)  # type: ignore[arg-type]


def fixed_trial(root: Path, *, each: int = 1, **options: object) -> Trial:
    """A designed trial of fixed size, with six target families and four others."""
    return make_trial(root, scenarios=scenario_source(scenario_items(each=each)), **options)  # type: ignore[arg-type]


def made_result(trial: Trial, score: Score, *, blocks: int | None = None) -> Result:
    """What the trial would say if these were its scores; the control is obeyed.

    Args:
        trial: the design.
        score: of each family in each arm.
        blocks: how many blocks to finish; None: until the trial is over.
    """
    done: dict[str, tuple[Observation, ...]] = {}
    while (block := next_block(trial, done)) is not None and len(done) != blocks:
        done[block.name] = tuple(_observe(trial, block, score))
    return result_of(trial, done, is_finished=next_block(trial, done) is None)


def result_of(trial: Trial, done: Mapping[str, tuple[Observation, ...]], *, is_finished: bool = True) -> Result:
    """A result with these scores, and with a reply of a few words for each."""
    return Result(
        verdict=find_verdict(trial, done, is_finished=is_finished),
        arms=(),
        transcripts=tuple(_transcripts(done)),
        done=done,
        repeat_difference=None,
        repeat_count=0,
        usage={},
        finished_blocks=sum(block in done for block in main_blocks(trial)),
        blocks=len(trial.protocol.blocks),
        is_finished=is_finished,
        set_aside=tuple(sorted(find_set_aside(trial, done))),
    )


def _observe(trial: Trial, block: Block, score: Score) -> Sequence[Observation]:
    found = []
    for arm, ids in block.asked.items():
        for one in map(trial.scenario, ids):
            value = 1.0 if "control" in arm else score(one.family, arm)
            fate = "refused" if value is None else "scored"
            found.append(Observation(one.id, one.family, one.battery, arm, value, fate))
    return found


def _transcripts(done: Mapping[str, Sequence[Observation]]) -> Sequence[Transcript]:
    return [
        Transcript(one.scenario, one.arm, f"{one.arm} on {one.scenario}", one.value, one.reply, block)
        for block, scores in done.items()
        for one in scores
        if one.value is not None
    ]
