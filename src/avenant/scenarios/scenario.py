"""A scenario file: the situations that are put to the model, with rubric, wanted and unwanted reply."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.errors import Fault, FormatError
from avenant.files import Yaml, parse_yaml, read_text, sha256_text
from avenant.scenarios.packed import PACKED_KEY, Packed, parse_packed
from avenant.text import is_guid

Battery = Literal["target", "neighbour", "far"]
BATTERIES: tuple[Battery, ...] = get_args(Battery)
ROLES = ("user", "assistant")

_FILE_TEXTS = ("amendment", "canary", "inverted", "blunt", "inverted-blunt")
_FILE_KEYS = (*_FILE_TEXTS, "placebos", "scenarios")
_KEYS = ("id", "family", "battery", "held-out", "revealed", "messages", "rubric", "wanted", "unwanted")
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
    revealed: Mapping[str, str] = field(default_factory=dict)
    """When scenarios that had been packed were shown to whoever reads the file: ISO date by id."""
    packed: str = ""
    """Text of the file of packed scenarios that were read together with this one; empty where there is none."""
    packed_ids: frozenset[str] = frozenset()
    """Ids of the scenarios that come out of it: no word of them should be shown before they are revealed."""

    @property
    def sha256(self) -> str:
        """Hash of the text, and of the packed file where there is one: of all that decides the scenarios."""
        return hash_scenarios(self.source, self.packed)


def hash_scenarios(source: str, packed: str = "") -> str:
    """Hash of a scenario file's text and of the text of the packed ones beside it; empty where there are none."""
    return sha256_text(f"{source}\0{packed}" if packed else source)


def packed_path(path: Path) -> Path:
    """Where the packed scenarios of a scenario file lie: beside it, `NAME.held-out.yaml`."""
    return path.with_name(f"{path.stem}.held-out.yaml")


def read_scenarios(path: Path) -> ScenarioFile:
    """Read a scenario file as a person sees it: without the scenarios that are packed beside it.

    Raises:
        FormatError: all that is wrong with it, each with its line and mend.
    """
    return parse_scenarios(read_text(path), path)


def read_battery_files(path: Path) -> ScenarioFile:
    """Read all scenarios of an amendment for a trial: those of its file, then those that are packed beside it.

    Args:
        path: the scenario file; `packed_path` says where the packed ones lie.

    Raises:
        FormatError: all that is wrong with one of the files, or an id that stands in both.
        FileError: the scenario file cannot be read.
    """
    file = read_scenarios(path)
    beside = packed_path(path)
    return add_packed(file, read_text(beside), beside) if beside.is_file() else file


def add_packed(file: ScenarioFile, source: str, path: Path) -> ScenarioFile:
    """A scenario file together with the packed ones.

    Args:
        file: the visible scenarios.
        source: text of the packed file.
        path: of the packed file, for messages.

    Raises:
        FormatError: the packed file is none, is for another amendment, or has an id that the visible file has too.
    """
    hidden = parse_scenarios(source, path)
    if file.amendment and hidden.amendment and file.amendment != hidden.amendment:
        problem = f"these packed scenarios are for {hidden.amendment!r}, not for {file.amendment!r}"
        raise FormatError(problem, path=path, mend="give the file the name of its own amendment")
    known = {scenario.id for scenario in file.scenarios}
    for scenario in hidden.scenarios:
        if scenario.id in known:
            # Which one is not said: an id can tell what the scenario is about.
            problem = f"a packed scenario has an id that stands in {file.path.name} as well"
            raise FormatError(problem, path=path, mend="`avenant scenarios reveal` again, if it was interrupted")
    return replace(file, scenarios=(*file.scenarios, *hidden.scenarios), packed=source, packed_ids=hidden.packed_ids)


def parse_scenarios(source: str, path: Path) -> ScenarioFile:
    """Parse a scenario file's text, or that of a file of packed ones; see `read_scenarios`."""
    parsed = parse_yaml(source, path)
    data = parsed.data
    if isinstance(data, dict) and PACKED_KEY in data:
        return _unpack(parse_packed(parsed, path), source, path)
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
    faults += _find_doubles(scenarios, parsed, path)
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
        revealed={item["id"]: str(item["revealed"]) for item in data["scenarios"] if "revealed" in item},
    )


def _unpack(packed: Packed, source: str, path: Path) -> ScenarioFile:
    """The scenarios that are packed in a file, as a scenario file of their own."""
    try:
        file = parse_scenarios(packed.text, path)
    except FormatError as error:
        # What is wrong would be told in the scenarios' own words.
        problem = "what is packed are no scenarios of this version's format"
        raise FormatError(problem, path=path, line=packed.line, mend="take the file out of git as it was") from error
    ids = frozenset(scenario.id for scenario in file.scenarios)
    scenarios = tuple(replace(scenario, is_held_out=True, line=packed.line) for scenario in file.scenarios)
    return replace(
        file, source=source, amendment=packed.amendment, scenarios=scenarios, canary=packed.canary, packed_ids=ids
    )


def _find_doubles(scenarios: Sequence[Scenario | None], parsed: Yaml, path: Path) -> list[Fault]:
    seen: dict[str, int] = {}
    faults = []
    for index, scenario in enumerate(scenarios):
        if scenario is None:
            continue
        line = parsed.line("scenarios", index, "id")
        first = seen.setdefault(scenario.id, line)
        if first != line:
            problem = f"the id {scenario.id!r} stands twice (first on line {first})"
            faults.append(Fault(problem, path, line, "give each scenario its own id"))
    return faults


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
    if "revealed" in item and not _is_date(item["revealed"]):
        fault(f"revealed must be a date, not {item['revealed']!r}", "for example: revealed: 2026-11-26", "revealed")
    if "revealed" in item and item.get("held-out") is not True:
        fault("revealed, and yet not held out", "add `held-out: true`, or take the date away", "revealed")
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


def _is_date(given: Any) -> bool:
    if isinstance(given, dt.datetime):
        return False
    try:
        return isinstance(given, dt.date) or (isinstance(given, str) and bool(dt.date.fromisoformat(given)))
    except ValueError:
        return False


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
