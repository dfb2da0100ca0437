from __future__ import annotations

from avenant.check.rules.no_target import RULE, find_no_target
from tests.check.scenario_files import find_in, make_scenario


def test_a_file_without_a_target_scenario_is_an_error_where_the_list_begins() -> None:
    given = (make_scenario("one", battery="neighbour"), make_scenario("two", battery="far"))
    assert find_in(find_no_target, *given, blunt="Always.") == [(4, "no scenario is for the target")]
    assert RULE.severity == "error"


def test_one_target_scenario_is_enough_for_this_rule() -> None:
    assert find_in(find_no_target, make_scenario("one", battery="far"), make_scenario("two")) == []
