"""From stored logs to a result: scores, transcripts, usage and the verdict."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import TrialError
from avenant.files import write_text
from avenant.mask import Mask
from avenant.trials.design import Trial
from avenant.trials.run import finished_logs
from avenant.trials.verdict import Observation, Verdict, reach_verdict

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
    transcripts: tuple[Transcript, ...]
    observations: tuple[Observation, ...]
    repeat_difference: float | None
    """Largest difference between a score and its repetition; None where none was repeated."""
    repeat_count: int
    usage: dict[str, dict[str, int]]
    """Tokens by model: input, output, and those read from a cache."""
    finished_blocks: int
    blocks: int


def read_result(trial: Trial) -> Result:
    """Read the finished blocks of a trial and reach the verdict.

    Raises:
        TrialError: not one block is finished.
    """
    logs = finished_logs(trial)
    if not [block for block in logs if isinstance(block, int)]:
        raise TrialError("not one block of this trial is finished", path=trial.folder, mend="avenant try --resume")
    observations: list[Observation] = []
    repeated: list[Observation] = []
    transcripts: list[Transcript] = []
    usage: dict[str, dict[str, int]] = defaultdict(lambda: {"input": 0, "output": 0, "cache_read": 0})
    for block, path in sorted(logs.items(), key=lambda item: str(item[0])):
        log = _read_log(path)
        for model, used in log.stats.model_usage.items():
            usage[model]["input"] += used.input_tokens
            usage[model]["output"] += used.output_tokens
            usage[model]["cache_read"] += used.input_tokens_cache_read or 0
        for sample in log.samples or []:
            observation = _observation(sample)
            (observations if isinstance(block, int) else repeated).append(observation)
            if isinstance(block, int) and sample.metadata["writes"] and sample.output.completion:
                transcripts.append(
                    Transcript(
                        observation.scenario,
                        observation.arm,
                        sample.output.completion.strip(),
                        observation.value,
                    )
                )
    difference = _repeat_difference(observations, repeated)
    protocol = trial.protocol
    verdict = reach_verdict(
        observations,
        outcome=protocol.outcome,
        margin=protocol.margin,
        side_margin=protocol.side_margin,
        level=protocol.level,
        repeat_difference=difference,
        is_finished=len(logs) == len(protocol.blocks) + bool(protocol.repeats),
    )
    return Result(
        verdict=verdict,
        arms=tuple(_summaries(observations)),
        transcripts=tuple(sorted(transcripts, key=lambda t: protocol.transcripts.index(t.scenario))),
        observations=tuple(observations),
        repeat_difference=difference,
        repeat_count=len(repeated),
        usage=dict(usage),
        finished_blocks=sum(isinstance(block, int) for block in logs),
        blocks=len(protocol.blocks),
    )


def write_result(trial: Trial, result: Result) -> None:
    """Write `result.json`: the verdict with every number behind it, and replies under the placeholder."""
    protocol = trial.protocol
    masked = Mask(tuple(protocol.model_names), protocol.placeholder)
    replies = tuple(dataclasses.replace(one, reply=masked(one.reply)) for one in result.transcripts)
    data = {"canary": protocol.canary, **dataclasses.asdict(dataclasses.replace(result, transcripts=replies))}
    data["protocol_hash"] = protocol.content_hash
    data["unit"] = protocol.unit
    write_text(trial.folder / "result.json", json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _read_log(path: Path) -> EvalLog:
    from inspect_ai.log import read_eval_log

    try:
        return read_eval_log(str(path))
    except Exception as error:
        # Zip, JSON and schema faults alike: whatever it is, the log is damaged.
        raise TrialError(
            f"this log is damaged: {error}",
            path=path,
            mend="delete it, then `avenant try --resume` runs its block again",
        ) from error


def _observation(sample: Any) -> Observation:
    score = next(iter((sample.scores or {}).values()), None)
    metadata = (score.metadata or {}) if score is not None else {}
    value = float(score.value) if score is not None and isinstance(score.value, int | float) else math.nan
    return Observation(
        scenario=sample.metadata["scenario"],
        family=sample.metadata["family"],
        is_target=sample.metadata["battery"] == "target",
        arm=sample.metadata["arm"],
        value=None if math.isnan(value) else value,
        fate=metadata.get("fate", "failed" if sample.error else "no reply"),
    )


def _repeat_difference(first: Iterable[Observation], again: Iterable[Observation]) -> float | None:
    known = {(o.scenario, o.arm): o.value for o in first}
    pairs = [(known.get((o.scenario, o.arm)), o.value) for o in again]
    differences = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    return max(differences) if differences else None


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
