"""From stored logs to a result: scores, transcripts, usage and the verdict."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from avenant.errors import TrialError
from avenant.statistics.agreement import Agreement
from avenant.trials.agreement import find_agreement, read_grades
from avenant.trials.blinding import BlindnessTest, GradedPair
from avenant.trials.calibration import Calibration, find_calibrations
from avenant.trials.contrasts import Observation
from avenant.trials.design import Trial
from avenant.trials.logs import finished_logs, read_log
from avenant.trials.passes import grade_pairs, pair_replies, read_pass_usage, recall_checks, recall_guesses
from avenant.trials.planted import JudgeCheck
from avenant.trials.preferences import recall_scores
from avenant.trials.sequence import REPEAT, next_block
from avenant.trials.sequential import reach_sequential_verdict
from avenant.trials.spending import Usage, add_usage, is_spent, read_usage
from avenant.trials.standing import find_set_aside, main_blocks
from avenant.trials.verdict import Ending, Verdict, reach_verdict

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog


@dataclass(frozen=True, slots=True)
class Transcript:
    """One written reply."""

    scenario: str
    arm: str
    reply: str
    value: float | None
    """The reply's score in a judged trial; in a margin trial the scenario's margin."""
    number: int = 1
    """Which of several replies to the same request, from 1."""
    block: str = ""
    """Name of the block that it was written in."""


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """One arm's scores on one side of the trial."""

    arm: str
    is_target: bool
    mean: float | None
    n: int
    missing: dict[str, int]
    """How many replies have no score, by what became of them."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the stored logs say."""

    verdict: Verdict
    arms: tuple[ArmSummary, ...]
    """What the screen heard is not among them."""
    transcripts: tuple[Transcript, ...]
    done: Mapping[str, tuple[Observation, ...]]
    """Every score, missing ones included, by the name of its block."""
    repeat_difference: float | None
    """Largest difference between a score and its repetition; None where none was repeated."""
    repeat_count: int
    usage: dict[str, Usage]
    """Tokens by model."""
    finished_blocks: int
    blocks: int
    is_finished: bool
    """Whether no further block would run."""
    is_spent: bool = False
    """Whether the budget ended it before."""
    set_aside: tuple[str, ...] = ()
    """Target scenarios that were at the ceiling on the screen and therefore not asked."""
    checks: tuple[JudgeCheck, ...] = ()
    """What the judges made of planted replies; empty where they were not checked."""
    blinding: BlindnessTest | None = None
    """Whether a judge can guess the arm; None where that was not tested."""
    agreement: Agreement | None = None
    """Of several judges; None where there is one."""
    labels: tuple[Calibration, ...] = ()
    """Judge and people compared, for each battery that people graded replies of."""

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every score of every block, repetitions left aside."""
        return tuple(one for block, scores in self.done.items() if block != REPEAT for one in scores)

    @property
    def compared(self) -> tuple[Observation, ...]:
        """The scores of the blocks that decide: neither screen nor checks."""
        return tuple(one for block, scores in self.done.items() if block.startswith("block-") for one in scores)


def read_result(trial: Trial) -> Result:
    """Read the finished blocks of a trial and reach the verdict.

    Raises:
        TrialError: not one block is finished.
    """
    logs = finished_logs(trial)
    if not [block for block in logs if block != REPEAT]:
        raise TrialError(
            "not one block of this trial is finished",
            path=trial.folder,
            mend=f"avenant try {trial.protocol.amendment} --resume",
        )
    done: dict[str, tuple[Observation, ...]] = {}
    transcripts: list[Transcript] = []
    usage = live = read_pass_usage(trial)
    grades: list[dict[str, float]] = []
    for block, path in logs.items():
        log = read_log(path)
        scores = recall_scores(trial, log)
        usage = add_usage(usage, read_usage([log]))
        if scores is None:
            continue
        done[block] = tuple(scores)
        grades += read_grades(log)
        transcripts += _transcripts(log, block, scores) if block != REPEAT else []
    protocol = trial.protocol
    order = {one: at for at, one in enumerate(protocol.transcripts)}
    transcripts.sort(key=lambda one: order[one.scenario])
    is_finished = next_block(trial, done) is None
    is_over_budget = not is_finished and is_spent(protocol, usage, live=live)
    blinding = recall_guesses(trial, matched_pairs(trial, transcripts)) if is_finished else None
    result = Result(
        verdict=find_verdict(trial, done, is_finished=is_finished, is_spent=is_over_budget, blinding=blinding),
        arms=tuple(_summaries(one for block in done if not _is_apart(block) for one in done[block])),
        transcripts=tuple(transcripts),
        done=done,
        repeat_difference=_repeat_difference(done),
        repeat_count=len(done.get(REPEAT, ())),
        usage=usage,
        finished_blocks=sum(block in done for block in main_blocks(trial)),
        blocks=len(protocol.blocks),
        is_finished=is_finished,
        is_spent=is_over_budget,
        set_aside=tuple(sorted(find_set_aside(trial, done))),
        checks=recall_checks(trial),
        blinding=blinding,
        agreement=find_agreement(protocol.judges, grades, seed=protocol.seed),
    )
    return replace(result, labels=find_calibrations(trial, result))


def matched_pairs(trial: Trial, transcripts: Sequence[Transcript]) -> list[GradedPair]:
    """Amended and placebo replies with their scores, for the blindness test; none in a trial without judges."""
    if not trial.protocol.judges:
        return []
    written = [one for one in transcripts if one.block.startswith("block-") and one.value is not None]
    replies = {(one.scenario, one.arm, one.number): one.reply for one in written}
    scores = {(one.scenario, one.arm, one.number): one.value for one in written if one.value is not None}
    return grade_pairs(trial, pair_replies(trial, replies, "amended"), scores)


def find_verdict(
    trial: Trial,
    done: Mapping[str, Sequence[Observation]],
    *,
    is_finished: bool,
    is_spent: bool = False,
    blinding: BlindnessTest | None = None,
) -> Verdict:
    """The verdict on the blocks that are done, by the rule of the trial's protocol.

    Args:
        trial: the design.
        done: the scores of each finished block, by its name.
        is_finished: whether no further block would run.
        is_spent: whether the budget ended it.
        blinding: the blindness test; None where it was not made.
    """
    protocol = trial.protocol
    ending = Ending(is_finished, is_spent, blinding is not None and blinding.blindness == "broken")
    if protocol.is_sequential:
        return reach_sequential_verdict(trial, done, ending)
    return reach_verdict(
        [one for block in done if block != REPEAT for one in done[block]],
        outcome=protocol.outcome,
        margin=protocol.margin,
        side_margin=protocol.side_margin,
        level=protocol.level,
        repeat_difference=_repeat_difference(done),
        ending=ending,
    )


def _transcripts(log: EvalLog, block: str, scores: Sequence[Observation]) -> list[Transcript]:
    return [
        Transcript(one.scenario, one.arm, sample.output.completion.strip(), one.value, one.reply, block)
        for sample, one in zip(log.samples or [], scores, strict=True)
        if sample.metadata["writes"] and sample.output.completion
    ]


def _repeat_difference(done: Mapping[str, Sequence[Observation]]) -> float | None:
    first = {(o.scenario, o.arm): o.value for block in done if block != REPEAT for o in done[block]}
    pairs = [(first.get((o.scenario, o.arm)), o.value) for o in done.get(REPEAT, ())]
    differences = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    return max(differences) if differences else None


def _is_apart(block: str) -> bool:
    """Whether a block's replies count for no arm: a repetition, or the screen."""
    return block == REPEAT or block.startswith("screen-")


def _summaries(observations: Iterable[Observation]) -> Iterable[ArmSummary]:
    groups: dict[tuple[str, bool], list[Observation]] = defaultdict(list)
    for observation in observations:
        # The control asks for something else than the scenarios do, so its sides are one.
        groups[observation.arm, observation.is_target or "control" in observation.arm].append(observation)
    for (arm, is_target), group in groups.items():
        values = [o.value for o in group if o.value is not None]
        missing: dict[str, int] = defaultdict(int)
        for observation in group:
            if observation.value is None:
                missing[observation.fate] += 1
        mean = math.fsum(values) / len(values) if values else None
        yield ArmSummary(arm, is_target, mean, len(group), dict(missing))
