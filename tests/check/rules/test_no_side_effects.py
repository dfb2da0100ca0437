from __future__ import annotations

import pytest

from avenant.check.rules.no_side_effects import find_no_side_effects
from tests.check.scenario_files import find_in, make_scenario


def test_target_scenarios_alone_are_found_where_the_list_begins() -> None:
    given = [make_scenario(name, battery="target") for name in ("one", "two")]
    assert find_in(find_no_side_effects, *given) == [
        (3, "no neighbour or far scenario: nothing shows what else the passage changes")
    ]


@pytest.mark.parametrize("battery", ["neighbour", "far"])
def test_one_of_either_kind_is_enough(battery: str) -> None:
    given = [make_scenario("one", battery="target"), make_scenario("two", battery=battery)]
    assert find_in(find_no_side_effects, *given) == []
