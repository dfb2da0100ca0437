"""The catalogue of threat models: those that Avenant brings along, and those of the workspace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.errors import Fault, FileError, FormatError, ThreatError, shown_path
from avenant.files import Yaml, parse_yaml, read_text
from avenant.text import slugify

Goal = Literal["prevent-catastrophe", "safety-research", "monitoring", "hardening", "epistemics"]
GOALS: tuple[Goal, ...] = get_args(Goal)
Gravity = Literal["catastrophic", "serious", "limited"]
GRAVITIES: tuple[Gravity, ...] = get_args(Gravity)
BUILT_IN = Path(__file__).parent / "threats"
"""The folder of the entries that Avenant brings along."""

_NEEDED = ("id", "title", "description")
_TEXTS = (*_NEEDED, "harms", "conduct")
_LISTS = ("facets", "phrases", "sources")
_CHOICES = {"goal": GOALS, "gravity": GRAVITIES}
_KEYS = (*_TEXTS, *_LISTS, *_CHOICES)
_FAR = 10
"""How much less alike than the best guess, in percent, an id is no longer worth naming."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LIST_KEY = "threats"
_MEND_FILE = "list threat models, each with the keys id, title and description: see docs/threats.md"


@dataclass(frozen=True, slots=True)
class ThreatModel:
    """What could go wrong, whom it harms, and how a model's conduct matters to it."""

    id: str
    """In kebab-case, as amendments name it."""
    title: str
    """A few words, as a heading."""
    description: str
    """What goes wrong, in a few plain sentences."""
    harms: str = ""
    """Whom it harms; empty where the file does not say."""
    conduct: str = ""
    """What a model does or omits that makes it better or worse; empty where the file does not say."""
    facets: tuple[str, ...] = ()
    """Questions about the model's conduct that a document has to answer to cover the threat."""
    phrases: tuple[str, ...] = ()
    """The same in other words, an expert's and a newcomer's; clauses are searched with them."""
    sources: tuple[str, ...] = ()
    """Author, title and year of what to read on it."""
    goal: Goal = "prevent-catastrophe"
    """What guidance on it is for: to prevent catastrophe or harm by this very model, or to have it of use for safety
    research, for monitoring, for hardening the world, or for what people know and believe (epistemics)."""
    gravity: Gravity = "serious"
    """How bad it would be: catastrophic, serious or limited."""
    path: Path = field(default=Path(), compare=False)
    """The file that it stands in."""
    line: int = field(default=1, compare=False)
    """Line of its entry in the file, from 1."""

    @property
    def is_bare(self) -> bool:
        """Whether a title and a description are all there is to look for it by."""
        return not (self.conduct or self.facets or self.phrases)

    @property
    def is_built_in(self) -> bool:
        """Whether Avenant brings it along."""
        return self.path.parent == BUILT_IN


def read_catalogue(folder: Path | None = None, *, only: Sequence[Path] = ()) -> tuple[ThreatModel, ...]:
    """Read the threat models that Avenant brings along and those of a workspace.

    An entry of the workspace with the id of a built-in one stands in its place.

    Args:
        folder: the workspace's `threats/`, of which every `*.yaml` and `*.yml` is read; it may be missing.
        only: read these files and nothing else.

    Raises:
        FormatError: all that is wrong with the files, each with its line and mend.
        FileError: a file cannot be read.
    """
    if only:
        return _read_files(list({path.resolve(): path for path in only}.values()))
    own = _read_files(_yaml_files(folder)) if folder is not None else ()
    merged = {threat.id: threat for threat in (*_read_built_in(), *own)}
    return tuple(merged.values())


def find_threat(catalogue: Sequence[ThreatModel], threat_id: str) -> ThreatModel:
    """The threat model with an id.

    Raises:
        ThreatError: there is none; the mend names the nearest.
    """
    for threat in catalogue:
        if threat.id == threat_id:
            return threat
    from rapidfuzz import process, utils

    titles = {threat.id: threat.title for threat in catalogue}
    near = process.extract(threat_id, {one: one for one in titles}, score_cutoff=60, limit=3)
    near = near or process.extract(threat_id, titles, score_cutoff=80, limit=3, processor=utils.default_process)
    guesses = " or ".join(match[2] for match in near if match[1] > near[0][1] - _FAR)
    mend = f"did you mean {guesses}? `avenant threats` lists all" if near else "`avenant threats` lists all"
    raise ThreatError(f"there is no threat model {threat_id!r}", mend=f"{mend}; your own go into threats/*.yaml")


def parse_threats(source: str, path: Path) -> tuple[ThreatModel, ...]:
    """Parse a file of threat models: a list of entries, or a mapping that has it under `threats`.

    Raises:
        FormatError: all that is wrong with it, each with its line and mend.
    """
    parsed = parse_yaml(source, path)
    data: Any = parsed.data
    at: tuple[str | int, ...] = ()
    faults: list[Fault] = []
    if isinstance(data, dict) and _LIST_KEY in data:
        faults += [
            Fault(f"unknown key {key!r}", path, parsed.line(str(key)), f"beside `{_LIST_KEY}` no other key may stand")
            for key in data
            if key != _LIST_KEY
        ]
        data, at = data[_LIST_KEY], (_LIST_KEY,)
    if data is None or data == []:
        raise FormatError.from_faults([*faults, Fault("no threat models in it", path, parsed.line(*at), _MEND_FILE)])
    if not isinstance(data, list):
        problem = "one entry, where a list of them is needed" if _is_entry(data) else "not a list of threat models"
        mend = "begin each entry with `- id: `" if _is_entry(data) else _MEND_FILE
        raise FormatError.from_faults([*faults, Fault(problem, path, parsed.line(*at), mend)])
    entries = [_entry(item, (*at, index), parsed, path, faults) for index, item in enumerate(data)]
    threats = tuple(entry for entry in entries if entry is not None)
    faults += _find_doubles(threats)
    if faults:
        raise FormatError.from_faults(sorted(faults, key=lambda fault: fault.line or 0))
    return threats


@cache
def _read_built_in() -> tuple[ThreatModel, ...]:
    return _read_files(_yaml_files(BUILT_IN))


def _yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder, in name order.

    Raises:
        FileError: a file stands where the folder should.
    """
    if folder.exists() and not folder.is_dir():
        raise FileError("this is a file, not a folder", path=folder, mend="put your threat models into files in it")
    return sorted(path for ending in ("*.yaml", "*.yml") for path in folder.glob(ending) if path.is_file())


def _read_files(paths: Sequence[Path]) -> tuple[ThreatModel, ...]:
    """The entries of all files; the faults of all of them at once."""
    threats: list[ThreatModel] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            threats += parse_threats(read_text(path).removeprefix("\ufeff"), path)
        except FormatError as error:
            faults += error.faults
    # Within one file they have been found already.
    faults += [fault for fault in _find_doubles(threats) if fault not in faults]
    if faults:
        raise FormatError.from_faults(faults)
    return tuple(threats)


def _find_doubles(threats: Sequence[ThreatModel]) -> list[Fault]:
    first: dict[str, ThreatModel] = {}
    faults = []
    for threat in threats:
        known = first.setdefault(threat.id, threat)
        if known is not threat:
            place = f"{shown_path(known.path)}:{known.line}"
            problem = f"the id {threat.id!r} stands twice (first in {place})"
            faults.append(Fault(problem, threat.path, threat.line, "give each threat model its own id, or keep one"))
    return faults


def _is_entry(data: Any) -> bool:
    return isinstance(data, dict) and any(key in _KEYS for key in data)


def _entry(item: Any, at: tuple[str | int, ...], parsed: Yaml, path: Path, faults: list[Fault]) -> ThreatModel | None:
    count = len(faults)

    def fault(problem: str, mend: str, *key: str | int) -> None:
        faults.append(Fault(problem, path, parsed.line(*at, *key), mend))

    if not isinstance(item, dict):
        fault(f"not a threat model: {item!r}", f"a threat model has the keys {', '.join(_KEYS)}")
        return None
    for key in item:
        if key not in _KEYS:
            fault(f"unknown key {key!r}", f"known keys: {', '.join(_KEYS)}", str(key))
    texts = {key: _text(item, key, fault) for key in _TEXTS}
    lists = {key: _list(item, key, fault) for key in _LISTS}
    for key, known in _CHOICES.items():
        if item.get(key) is not None and item[key] not in known:
            fault(f"unknown {key} {item[key]!r}", f"one of: {', '.join(known)}", key)
    if texts["id"] and not _ID.fullmatch(texts["id"]):
        fault(f"the id {texts['id']!r} is not in kebab-case", f"for example: id: {slugify(texts['id'])}", "id")
    if len(faults) > count:
        return None
    return ThreatModel(
        id=texts["id"],
        title=texts["title"],
        description=texts["description"],
        harms=texts["harms"],
        conduct=texts["conduct"],
        facets=lists["facets"],
        phrases=lists["phrases"],
        sources=lists["sources"],
        goal=item.get("goal") or "prevent-catastrophe",
        gravity=item.get("gravity") or "serious",
        path=path,
        line=parsed.line(*at),
    )


def _text(item: dict[Any, Any], key: str, fault: Any) -> str:
    """The text under a key, on one line; a fault where it is none, or needed and empty."""
    given = item.get(key)
    if given is None or given == "" or (isinstance(given, str) and not given.strip()):
        if key in _NEEDED:
            fault(f"{key} is missing or empty", f"add `{key}:`", *((key,) if key in item else ()))
        return ""
    if not isinstance(given, str):
        fault(f"{key} must be a text, not {given!r}", "put it in quotes, or write it after `>-`", key)
        return ""
    return " ".join(given.split())


def _list(item: dict[Any, Any], key: str, fault: Any) -> tuple[str, ...]:
    """The texts under a key, each on one line; a fault for each that is none."""
    given = item.get(key)
    if given is None:
        return ()
    if not isinstance(given, list):
        fault(f"{key} must be a list of texts, not {given!r}", "begin each with `- `", key)
        return ()
    for index, text in enumerate(given):
        if not isinstance(text, str) or not text.strip():
            fault(f"{key} has an item that is no text: {text!r}", "put it in quotes", key, index)
    return tuple(" ".join(str(text).split()) for text in given)
