"""Writing `result.json`: the verdict with every number behind it, in the form of `result.schema.json`."""

from __future__ import annotations

import dataclasses
import functools
import json
from importlib import resources
from typing import Any

from avenant.files import write_text
from avenant.mask import Mask
from avenant.trials.contents import Contents
from avenant.trials.design import Trial
from avenant.trials.results import Result
from avenant.trials.sequence import REPEAT

SCHEMA = "avenant-trial-result"
SCHEMA_VERSION = 1
"""Changes where a reader of an earlier file would misread a later one."""
_PROTOCOL = (
    "amendment",
    "title",
    "spec",
    "subject",
    "judges",
    "outcome",
    "stopping",
    "replies",
    "seed",
    "margin",
    "side_margin",
    "level",
    "created",
)
"""What is said of the protocol, which has the rest."""


def write_result(trial: Trial, result: Result, contents: Contents) -> None:
    """Write `result.json`, with replies, titles and names of families under the placeholder."""
    data = result_data(trial, result, contents)
    write_text(trial.folder / "result.json", json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def result_data(trial: Trial, result: Result, contents: Contents) -> dict[str, Any]:
    """The result as plain data; what was not measured is None."""
    protocol = trial.protocol
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "canary": protocol.canary,
        "protocol_hash": protocol.content_hash,
        "unit": protocol.unit,
        "is_finished": result.is_finished,
        "is_spent": result.is_spent,
        "finished_blocks": result.finished_blocks,
        "blocks": result.blocks,
        **_masked(
            trial,
            {
                "protocol": {name: getattr(protocol, name) for name in _PROTOCOL},
                "verdict": _plain(result.verdict),
                "families": _plain(contents.families),
                "tails": _plain(contents.tails),
                "sensitivity": _plain(contents.sensitivity),
                "formats": _plain(contents.formats),
                "arms": _plain(result.arms),
                "set_aside": list(result.set_aside),
                "repeat_difference": result.repeat_difference,
                "repeat_count": result.repeat_count,
                "usage": _plain(result.usage),
                "checks": _plain(result.checks),
                "blinding": _plain(result.blinding),
                "agreement": _plain(result.agreement),
                "labels": _plain(result.labels),
                "observations": [
                    {"block": block} | _plain(one)
                    for block, scores in result.done.items()
                    if block != REPEAT
                    for one in scores
                ],
                "transcripts": _plain([one for one in result.transcripts if one.scenario not in trial.packed]),
            },
        ),
    }


def read_schema() -> dict[str, Any]:
    """The JSON Schema of `result.json`, of the draft 2020-12."""
    text = (resources.files("avenant.trials") / "result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists, all the way down."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [_plain(one) for one in value]
    return value


def _masked(trial: Trial, data: dict[str, Any]) -> dict[str, Any]:
    """The data with the placeholder in every text but the models' addresses."""
    protocol = trial.protocol
    addresses = (protocol.subject, *protocol.judges, protocol.spec)
    mask = functools.cache(Mask(tuple(protocol.model_names), protocol.placeholder, kept=addresses))

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return mask(value)
        if isinstance(value, dict):
            return {mask(key): walk(one) for key, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    masked: dict[str, Any] = walk(data)
    return masked
