"""Scenarios as YAML that people read: a new file, or more of them at the end of one that people wrote."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from avenant.errors import FormatError
from avenant.files import parse_yaml
from avenant.scenarios.scenario import Scenario, ScenarioFile, parse_scenarios

_WIDTH = 88
_INDENT = "  "
_ITEM = re.compile(r"(?P<indent>[ ]*)-[ ]")
_PLAIN = re.compile(r"[\w .-]+", re.ASCII)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = r"[!-~\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff]+"
_FOLDS = re.compile(rf"{_WORD}(?: {_WORD})*")
"""What may be wrapped: words with one blank between them."""
_UNPLAIN = re.compile(r"[^\n\t -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML has no plain form for, or takes for the end of a line."""


def render_file(scenarios: Sequence[Scenario], *, amendment: str, canary: str) -> str:
    """The text of a new scenario file.

    Args:
        scenarios: at least one.
        amendment: slug of the amendment that they are for.
        canary: the amendment's own GUID; empty for none.
    """
    head = f"amendment: {_scalar(amendment)}\n" + (f"canary: {canary}\n" if canary else "")
    return head + render_list(scenarios)


def render_list(scenarios: Sequence[Scenario], revealed: Mapping[str, str] | None = None) -> str:
    """Scenarios under their key, as a scenario file has them.

    Args:
        scenarios: at least one.
        revealed: ISO date by id, of those that had been packed.
    """
    return "scenarios:\n" + _render_items(scenarios, _INDENT, revealed or {})


def append_scenarios(
    file: ScenarioFile, scenarios: Sequence[Scenario], revealed: Mapping[str, str] | None = None
) -> str:
    """A scenario file's text with more scenarios at the end of its list; all else stays as it was, byte for byte.

    Args:
        file: as it is.
        scenarios: what to add; ids that the file does not have.
        revealed: ISO date by id, of those that had been packed.

    Raises:
        FormatError: the list is written in a form that nothing can be put behind, such as in brackets.
    """
    source = file.source
    try:
        at, indent = _find_end(source, file.path)
        added = _render_items(scenarios, indent, revealed or {})
        if "\r\n" in source:
            added = added.replace("\n", "\r\n")
        before = source[:at]
        if before and not before.endswith("\n"):
            before += "\r\n" if "\r\n" in source else "\n"
        text = before + added + source[at:]
        _check_rest(file, text, scenarios, revealed or {})
    except (ValueError, IndexError, FormatError) as error:
        problem = "nothing can be added behind the scenarios as they are written here; the file is as it was"
        mend = "write the list with each scenario beginning on a line of its own: `  - id: …`"
        line = parse_yaml(source, file.path).line("scenarios")
        raise FormatError(problem, path=file.path, line=line, mend=mend) from error
    return text


def _find_end(source: str, path: Path) -> tuple[int, str]:
    """Where the list of scenarios ends, as an offset, and how far its items are indented.

    Raises:
        ValueError: its items do not begin on lines of their own.
    """
    parsed = parse_yaml(source, path)
    lines = _LINE.findall(source)
    first = _ITEM.match(lines[parsed.line("scenarios", 0) - 1])
    if first is None:
        raise ValueError("no list in lines of its own")
    start = parsed.line("scenarios")
    later = [parsed.line(str(key)) for key in parsed.data if parsed.line(str(key)) > start]
    end = min(later) - 1 if later else len(lines)
    # What stands directly above the next key, such as a comment on it, stays with that key.
    while later and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return sum(map(len, lines[:end])), first["indent"]


def _check_rest(file: ScenarioFile, text: str, added: Sequence[Scenario], revealed: Mapping[str, str]) -> None:
    """Make sure that a new text has what the file had, and the new scenarios behind it.

    Raises:
        FormatError: it cannot be read.
        ValueError: something else changed.
    """
    wanted = replace(
        file, source=text, scenarios=(*file.scenarios, *added), revealed={**file.revealed, **revealed}, packed="",
        packed_ids=frozenset(),
    )  # fmt: skip
    if parse_scenarios(text, file.path) != wanted:
        raise ValueError("something else changed")


def _render_items(scenarios: Sequence[Scenario], indent: str, revealed: Mapping[str, str]) -> str:
    return "".join(_render(scenario, indent, revealed.get(scenario.id, "")) for scenario in scenarios)


def _render(scenario: Scenario, indent: str, revealed: str) -> str:
    lines = [
        f"id: {_scalar(scenario.id)}",
        f"family: {_scalar(scenario.family)}",
        f"battery: {scenario.battery}",
        *(["held-out: true"] if scenario.is_held_out else []),
        *([f"revealed: {revealed}"] if revealed else []),
        "messages:",
    ]
    lines += [f"{_INDENT}- {role}: {_text(content, 6)}" for role, content in scenario.messages]
    lines += [
        f"{key}: {_text(text, 2, is_folded=key == 'rubric')}"
        for key, text in (("rubric", scenario.rubric), ("wanted", scenario.wanted), ("unwanted", scenario.unwanted))
        if text
    ]
    inner = textwrap.indent("\n".join(lines), f"{indent}{_INDENT}", lambda line: line != "\n")
    return f"{indent}- {inner[len(indent) + 2 :]}\n"


def _text(text: str, indent: int, *, is_folded: bool = False) -> str:
    """A text as YAML: in quotes on one line, folded where it is long prose, or line by line."""
    margin = " " * indent
    if is_folded and len(text) > _WIDTH and _FOLDS.fullmatch(text):
        lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        return ">-\n" + "\n".join(f"{margin}{line}" for line in lines)
    if "\n" in text and not _UNPLAIN.search(text):
        return "|-\n" + "\n".join(f"{margin}{line}" if line else "" for line in text.split("\n"))
    return _quoted(text)


def _scalar(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        return _quoted(text)
    plain: str = yaml.safe_dump(text, width=float("inf"))
    # A plain scalar is given with the mark of a document's end.
    return plain.removesuffix("\n").removesuffix("\n...")


def _quoted(text: str) -> str:
    quoted: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return quoted.rstrip("\n")
