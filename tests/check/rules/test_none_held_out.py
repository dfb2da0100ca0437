from __future__ import annotations

from typing import Any

from avenant.check.rules.none_held_out import RULE, find_none_held_out
from tests.check.scenario_files import find_in, make_scenario


def _scenarios(number: int) -> list[dict[str, Any]]:
    return [make_scenario(f"s{at}") for at in range(number)]


def test_twelve_scenarios_none_of_which_is_held_out_are_a_note() -> None:
    problem = "none of the 12 scenarios is held out: the passage may be fitted to all of them"
    assert find_in(find_none_held_out, *_scenarios(12)) == [(3, problem)]
    assert RULE.severity == "note"


def test_fewer_scenarios_or_one_that_is_held_out_are_no_fault() -> None:
    assert find_in(find_none_held_out, *_scenarios(11)) == []
    held = make_scenario("held", **{"held-out": True})
    assert find_in(find_none_held_out, *_scenarios(20), held) == []


def test_a_mark_that_says_no_holds_nothing_out() -> None:
    assert len(find_in(find_none_held_out, *_scenarios(11), make_scenario("seen", **{"held-out": False}))) == 1
