"""Scenarios: the situations that are put to the model, with rubric, wanted and unwanted reply."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.errors import Fault, FormatError
from avenant.files import Yaml, parse_yaml, read_text
from avenant.text import is_guid

Battery = Literal["target", "neighbour", "far"]
BATTERIES: tuple[str, ...] = get_args(Battery)
ROLES = ("user", "assistant")

_FILE_TEXTS = ("amendment", "canary", "inverted", "blunt", "inverted-blunt")
_FILE_KEYS = (*_FILE_TEXTS, "placebos", "scenarios")
_KEYS = ("id", "family", "battery", "held-out", "messages", "rubric", "wanted", "unwanted")
_TEXTS = ("id", "family", "rubric", "wanted", "unwanted")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation."""

    id: str
    family: str
    """Scenarios of one seed idea; the cluster of the statistics."""
    battery: Battery
    """target: the gap; neighbour: where the passage could be over-applied; far: ordinary helpfulness."""
    messages: tuple[tuple[str, str], ...]
    """(role, content); ends with the user's turn."""
    rubric: str
    """How a judge who sees only messages and reply grades from 0 to 10; empty where there is none."""
    wanted: str
    """A reply that does what the amendment asks; empty where there is none."""
    unwanted: str
    """A reply of like length and style that does not."""
    is_held_out: bool = False
    """Whether the passage was written without a look at it or at replies to it."""
    line: int = field(default=1, compare=False)
    """Line of the scenario in its file, from 1."""

    @property
    def is_target(self) -> bool:
        """Whether it tests the gap; all others test side effects."""
        return self.battery == "target"


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """All scenarios of one amendment, and the passages of the arms that only its author can write."""

    path: Path
    source: str
    amendment: str
    """Slug of the amendment that it is for; empty where the file does not say."""
    scenarios: tuple[Scenario, ...]
    inverted: str
    """The passage's own words with the opposite instruction; empty where there is none."""
    blunt: str
    """A crude rule on the same subject, which must shift the target scenarios; empty where there is none."""
    inverted_blunt: str
    """The crude rule's own words with the opposite instruction; empty where there is none."""
    placebos: tuple[str, ...]
    """Neutral passages of the same length; empty: Avenant makes them."""
    canary: str = ""
    """GUID that lets anyone filter the file out of training data; empty where there is none."""


def read_scenarios(path: Path) -> ScenarioFile:
    """Read a scenario file.

    Raises:
        FormatError: all that is wrong with it, each with its line and mend.
    """
    return parse_scenarios(read_text(path), path)


def parse_scenarios(source: str, path: Path) -> ScenarioFile:
    """Parse a scenario file's text; see `read_scenarios`."""
    parsed = parse_yaml(source, path)
    data = parsed.data
    if not isinstance(data, dict) or not isinstance(data.get("scenarios"), list) or not data["scenarios"]:
        raise FormatError("no scenarios", path=path, mend="list them under `scenarios:`")
    faults: list[Fault] = []
    if isinstance(data.get("canary"), str) and not is_guid(data["canary"]):
        mend = f"for example: canary: {uuid.uuid4()}"
        faults.append(Fault(f"{data['canary']!r} is not a GUID", path, parsed.line("canary"), mend))
    for key in data:
        if key not in _FILE_KEYS:
            faults.append(Fault(f"unknown key {key!r}", path, parsed.line(key), f"known keys: {', '.join(_FILE_KEYS)}"))
    placebos = data.get("placebos") or []
    if not isinstance(placebos, list) or not all(isinstance(text, str) for text in placebos):
        faults.append(Fault("placebos must be a list of texts", path, parsed.line("placebos"), "begin each with `- `"))
        placebos = []
    texts: dict[str, str] = {}
    for key in _FILE_TEXTS:
        if not isinstance(data.get(key) or "", str):
            faults.append(Fault(f"{key} must be a text", path, parsed.line(key), f"write it after `{key}: |`"))
        texts[key] = str(data.get(key) or "").strip()
    scenarios = [_scenario(item, index, parsed, path, faults) for index, item in enumerate(data["scenarios"])]
    seen: dict[str, int] = {}
    for index, scenario in enumerate(scenarios):
        if scenario is not None and scenario.id in seen:
            faults.append(
                Fault(
                    f"the id {scenario.id!r} stands twice (first on line {seen[scenario.id]})",
                    path,
                    parsed.line("scenarios", index, "id"),
                    "give each scenario its own id",
                )
            )
        elif scenario is not None:
            seen[scenario.id] = parsed.line("scenarios", index, "id")
    if faults:
        raise FormatError.from_faults(faults)
    return ScenarioFile(
        path=path,
        source=source,
        amendment=texts["amendment"],
        scenarios=tuple(scenario for scenario in scenarios if scenario is not None),
        inverted=texts["inverted"],
        blunt=texts["blunt"],
        inverted_blunt=texts["inverted-blunt"],
        placebos=tuple(text.strip() for text in placebos),
        canary=texts["canary"],
    )


def _scenario(item: Any, index: int, parsed: Yaml, path: Path, faults: list[Fault]) -> Scenario | None:
    at = ("scenarios", index)
    count = len(faults)

    def fault(problem: str, mend: str, *key: str | int) -> None:
        faults.append(Fault(problem, path, parsed.line(*at, *key), mend))

    if not isinstance(item, dict):
        fault(f"not a scenario: {item!r}", f"a scenario has the keys {', '.join(_KEYS)}")
        return None
    for key in item:
        if key not in _KEYS:
            fault(f"unknown key {key!r}", f"known keys: {', '.join(_KEYS)}", key)
    for key in _TEXTS:
        if not isinstance(item.get(key, ""), str):
            fault(f"{key} must be a text, not {item[key]!r}", "put it in quotes", key)
    for key in ("id", "family", "battery", "messages"):
        if not item.get(key):
            fault(f"{key} is missing or empty", f"add `{key}:`")
    if item.get("battery") and item["battery"] not in BATTERIES:
        fault(f"unknown battery {item['battery']!r}", f"one of: {', '.join(BATTERIES)}", "battery")
    if not item.get("rubric") and not (item.get("wanted") and item.get("unwanted")):
        fault("nothing to measure", "add a rubric, or a wanted and an unwanted reply, or both")
    if bool(item.get("wanted")) != bool(item.get("unwanted")):
        fault("only one of wanted and unwanted", "add the other: a margin needs both")
    if not isinstance(item.get("held-out", False), bool):
        fault(f"held-out must be true or false, not {item['held-out']!r}", "write it without quotes", "held-out")
    messages = _messages(item.get("messages"), fault)
    if len(faults) > count:
        return None
    return Scenario(
        id=item["id"],
        family=item["family"],
        battery=item["battery"],
        messages=messages,
        rubric=item.get("rubric", "").strip(),
        wanted=item.get("wanted", "").strip(),
        unwanted=item.get("unwanted", "").strip(),
        is_held_out=item.get("held-out", False),
        line=parsed.line(*at),
    )


def _messages(given: Any, fault: Any) -> tuple[tuple[str, str], ...]:
    if not given:
        return ()
    mend = "begin each turn with `- user: ` or `- assistant: `"
    if not isinstance(given, list):
        fault("messages must be a list", mend, "messages")
        return ()
    messages: list[tuple[str, str]] = []
    for index, turn in enumerate(given):
        if not isinstance(turn, Mapping) or len(turn) != 1:
            fault(f"not a turn: {turn!r}", mend, "messages", index)
            return ()
        role, content = next(iter(turn.items()))
        if role not in ROLES or not isinstance(content, str) or not content.strip():
            fault(
                f"not a turn: {turn!r}",
                "each turn is `- user: text` or `- assistant: text`",
                "messages",
                index,
            )
            return ()
        messages.append((role, content.strip()))
    if messages[-1][0] != "user":
        fault("the last turn must be the user's", "end with `- user: text`", "messages", len(messages) - 1)
    return tuple(messages)
