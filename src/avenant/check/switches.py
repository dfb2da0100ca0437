"""Turning rules off: for a whole workspace in `avenant.toml`, or for one place by a comment in the file.

In markdown `<!-- avenant: off RULE: reason -->`, in YAML `# avenant: off RULE: reason`. The comment holds for the block
that follows it (to the next blank line; in YAML: the next line and those indented under it), or for its own line
where other text stands before it. Without a reason it turns nothing off: whoever reads the draft should learn why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from avenant.check.finding import Flaw
from avenant.text import split_lines

_SWITCH = re.compile(r"(?:<!--|#)[ \t]*avenant:[ \t]*off\b(?P<rest>.*?)(?:-->|$)", re.IGNORECASE)
_REST = re.compile(r"\s+(?P<rules>[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)[ \t]*(?::[ \t]*(?P<reason>.*\S)?)?\s*")


@dataclass(frozen=True, slots=True)
class Switch:
    """One comment that turns rules off for a place."""

    path: Path
    line: int
    """Line of the comment, from 1."""
    rules: tuple[str, ...]
    reason: str
    first: int
    """First line that it holds for."""
    last: int
    """Last line that it holds for."""

    def covers(self, rule: str, line: int) -> bool:
        """Whether it turns a rule off on a line."""
        return rule in self.rules and self.first <= line <= self.last


def find_switches(source: str, path: Path) -> list[Switch]:
    """The comments of a file that turn rules off, those without a reason included."""
    lines = split_lines(source)
    found = []
    for number, line in enumerate(lines, 1):
        for match in _SWITCH.finditer(line):
            rest = _REST.fullmatch(match["rest"])
            rules = tuple(part.strip() for part in rest["rules"].split(",")) if rest else ()
            reason = (rest["reason"] or "") if rest else ""
            is_beside = bool(line[: match.start()].strip())
            first, last = (number, number) if is_beside else _block(lines, number, in_yaml=match.group()[0] == "#")
            found.append(Switch(path, number, rules, reason, first, last))
    return found


def find_switch_flaws(switches: Sequence[Switch], known: Collection[str]) -> Iterator[Flaw]:
    """What is wrong with the comments themselves."""
    for switch in switches:
        mend = "write: avenant: off RULE: the reason"
        if not switch.rules:
            yield Flaw(switch.path, switch.line, "the comment names no rule to turn off", mend)
        elif not switch.reason:
            yield Flaw(switch.path, switch.line, f"no reason why {', '.join(switch.rules)} is turned off", mend)
        for rule in switch.rules:
            if rule not in known:
                yield Flaw(switch.path, switch.line, f"there is no rule {rule!r}", "see `avenant check --rules`")


def _block(lines: Sequence[str], comment: int, *, in_yaml: bool) -> tuple[int, int]:
    """First and last line of what follows a comment."""
    first = comment + 1
    while first <= len(lines) and (not lines[first - 1].strip() or _SWITCH.match(lines[first - 1].strip())):
        first += 1
    last = first
    indent = _indent(lines[first - 1]) if first <= len(lines) else 0
    while last < len(lines):
        line = lines[last]
        if in_yaml and line.strip() and _indent(line) <= indent:
            break
        if not in_yaml and not line.strip():
            break
        last += 1
    return first, last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
