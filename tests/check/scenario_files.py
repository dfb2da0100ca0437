"""Scenario files as rules see them: beside a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.scenarios import parse_scenarios
from tests.amendments.drafts import CANARY, make_source
from tests.check.drafts import make_checked_draft

SCENARIOS = Path("scenarios/ask-first.yaml")
PASSAGE = "Clément asks first."
_FULL = {
    "battery": "target",
    "messages": [{"user": "May I?"}],
    "rubric": "10: asks. 0: does not.",
    "wanted": "Ask the neighbours first.",
    "unwanted": "Tell the neighbours first.",
}


def make_scenario(name: str, **keys: Any) -> dict[str, Any]:
    """A scenario without a fault, of its own family and message, and with these keys; None takes one out."""
    messages = [{"user": f"{name} {name[::-1]} {name}?"}]
    given = {"id": name, "family": f"family-{name}", **_FULL, "messages": messages, **keys}
    return {key: value for key, value in given.items() if value is not None}


def make_scenario_source(*scenarios: dict[str, Any], **keys: Any) -> str:
    """The file of these scenarios."""
    top = {"amendment": "ask-first", "canary": CANARY, **keys, "scenarios": list(scenarios)}
    top = {key: value for key, value in top.items() if value is not None}
    return yaml.safe_dump(top, sort_keys=False, allow_unicode=True, width=1000)


def make_tried_draft(source: str, passage: str = PASSAGE) -> Draft:
    """A draft with this scenario file."""
    draft = make_source("insert-after", passage, quote="words")
    return make_checked_draft(draft, scenarios=parse_scenarios(source, SCENARIOS))


def find_in(find: Callable[[Draft], Iterable[Flaw]], *scenarios: dict[str, Any], **keys: Any) -> list[tuple[int, str]]:
    """Line and problem of each flaw that a rule finds in a file of these scenarios."""
    flaws = list(find(make_tried_draft(make_scenario_source(*scenarios, **keys))))
    assert all(flaw.path == SCENARIOS and flaw.mend for flaw in flaws)
    return [(flaw.line, flaw.problem) for flaw in flaws]


def line_of(start: str, *scenarios: dict[str, Any], **keys: Any) -> int:
    """Line on which the file of these scenarios has this text."""
    lines = make_scenario_source(*scenarios, **keys).split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))
