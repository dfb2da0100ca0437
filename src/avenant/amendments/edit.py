"""An edit: what happens at an anchor, as the front matter has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.amendments.anchor import Anchor
from avenant.errors import Fault
from avenant.files import KeyPath, Yaml

Action = Literal["insert-after", "insert-before", "replace", "delete", "append-to-section", "move"]
Side = Literal["after", "before"]
ACTIONS: tuple[str, ...] = get_args(Action)
SIDES: tuple[str, ...] = get_args(Side)

_ANCHOR_KEYS = ("section", "quote", "prefix", "suffix", "authority")
_ADDS = ("insert-after", "insert-before", "replace", "append-to-section")


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens at an anchor."""

    action: Action
    anchor: Anchor
    """For append-to-section the quote is empty."""
    line: int
    """Line of the edit in the amendment's file, from 1."""
    passage: str | None = None
    """The words that this edit adds; None: those under `## Passage`, or none (delete, move)."""
    side: Side | None = None
    """For a move: on which side of the destination."""
    destination: Anchor | None = None
    """For a move: the clause beside which the moved ones go."""

    @property
    def is_adding(self) -> bool:
        """Whether the edit puts words of the author's into the document."""
        return self.action in _ADDS

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The anchor, and the destination's where there is one."""
        return (self.anchor,) if self.destination is None else (self.anchor, self.destination)

    def front_matter(self) -> dict[str, dict[str, Any]]:
        """The edit as it stands in the front matter."""
        keys: dict[str, Any] = _anchor_mapping(self.anchor)
        if self.destination is not None and self.side is not None:
            keys[self.side] = _anchor_mapping(self.destination)
        if self.passage is not None:
            keys["passage"] = self.passage
        return {self.action: keys}


def parse_edits(front: Yaml, path: Path, faults: list[Fault]) -> tuple[Edit, ...]:
    """The edits of a front matter.

    Args:
        front: the parsed front matter.
        path: the amendment's file, for messages.
        faults: what is wrong is added here, each with its line.
    """
    items = front.data.get("edits")
    if not items:
        return ()
    if not isinstance(items, list):
        faults.append(Fault("edits must be a list", path, front.line("edits"), "begin each edit with `- `"))
        return ()
    found = [_edit(item, index, front, path, faults) for index, item in enumerate(items)]
    edits = tuple(edit for edit in found if edit is not None)
    sharing = [edit for edit in edits if edit.is_adding and edit.passage is None]
    for edit in sharing[1:]:
        mend = "give each of them but one its own words: `passage: …` in the edit"
        faults.append(Fault(f"{len(sharing)} edits take the words under ## Passage", path, edit.line, mend))
    return edits


def _edit(item: Any, index: int, front: Yaml, path: Path, faults: list[Fault]) -> Edit | None:
    at: KeyPath = ("edits", index)
    if not isinstance(item, dict) or len(item) != 1 or next(iter(item)) not in ACTIONS:
        mend = f"begin it with one of: {', '.join(ACTIONS)}"
        faults.append(Fault(f"not an edit: {item!r}", path, front.line(*at), mend))
        return None
    action: Action = next(iter(item))
    given = item[action]
    known = (*_ANCHOR_KEYS, *(("passage",) if action in _ADDS else ()), *(SIDES if action == "move" else ()))
    nested = SIDES if action == "move" else ()
    if not isinstance(given, dict) or not all(isinstance(v, str) for k, v in given.items() if k not in nested):
        problem = f"{action} needs the keys {', '.join(known)}, as texts"
        faults.append(Fault(problem, path, front.line(*at), "see `avenant new`"))
        return None
    problems = _anchor_problems(given, known, is_quoted=action != "append-to-section")
    problems += ["passage is empty"] if not given.get("passage", "-").strip() else []
    sides = [side for side in SIDES if side in given]
    if action == "move":
        if len(sides) != 1:
            problems.append(f"give one of {' and '.join(SIDES)}, with the clause beside which the words go")
        elif not isinstance(given[sides[0]], dict) or not all(isinstance(v, str) for v in given[sides[0]].values()):
            problems.append(f"{sides[0]} needs the keys {', '.join(_ANCHOR_KEYS)}, as texts")
        else:
            problems += [f"{sides[0]}: {p}" for p in _anchor_problems(given[sides[0]], _ANCHOR_KEYS, is_quoted=True)]
    for problem in problems:
        faults.append(Fault(f"{action}: {problem}", path, front.line(*at), f"the keys are {', '.join(known)}"))
    if problems:
        return None
    side: Side | None = sides[0] if sides else None  # type: ignore[assignment]
    return Edit(
        action=action,
        anchor=_anchor(given),
        line=front.line(*at),
        passage=given["passage"].strip() if "passage" in given else None,
        side=side,
        destination=_anchor(given[side]) if side else None,
    )


def _anchor_problems(given: Mapping[str, Any], known: tuple[str, ...], *, is_quoted: bool) -> list[str]:
    problems = [f"unknown key {key!r}" for key in given if key not in known]
    wanted = "quote" if is_quoted else "section"
    return problems + ([] if given.get(wanted, "").strip() else [f"{wanted} is missing or empty"])


def _anchor(given: Mapping[str, str]) -> Anchor:
    return Anchor(
        quote=given.get("quote", ""),
        section=given.get("section"),
        prefix=given.get("prefix", ""),
        suffix=given.get("suffix", ""),
        authority=given.get("authority"),
    )


def _anchor_mapping(anchor: Anchor) -> dict[str, Any]:
    """Keys in the order in which people read them, empty ones left out."""
    return {key: value for key in _ANCHOR_KEYS if (value := getattr(anchor, key))}
