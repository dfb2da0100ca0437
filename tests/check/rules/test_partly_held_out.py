from __future__ import annotations

from typing import Any

from avenant.check.rules.partly_held_out import find_partly_held_out
from tests.check.scenario_files import find_in, line_of, make_scenario


def _one(name: str, family: str, is_held_out: bool | None = None, **keys: Any) -> dict[str, Any]:
    return make_scenario(name, family=family, **{"held-out": is_held_out}, **keys)


def test_a_family_that_is_held_out_in_part_is_found_at_its_first_held_out_scenario() -> None:
    given = (
        _one("a", "calls"),
        _one("b", "calls", True),
        _one("c", "robots", True),
        _one("d", "calls", True),
        _one("e", "trains", True),
        _one("f", "trains", False),
    )
    assert find_in(find_partly_held_out, *given) == [
        (line_of("- id: b", *given), "2 of the 3 scenarios of the family 'calls' are held out"),
        (line_of("- id: e", *given), "1 of the 2 scenarios of the family 'trains' is held out"),
    ]


def test_a_family_is_one_over_all_batteries() -> None:
    given = (_one("a", "calls", True), _one("b", "calls", battery="far"))
    assert len(find_in(find_partly_held_out, *given)) == 1


def test_whole_families_and_none_are_no_fault() -> None:
    assert find_in(find_partly_held_out, _one("a", "x", True), _one("b", "x", True), _one("c", "y")) == []
    assert find_in(find_partly_held_out, _one("a", "x"), _one("b", "x")) == []
