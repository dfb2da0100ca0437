from __future__ import annotations

from avenant.check.rules.missing_rubric import find_missing_rubrics
from tests.amendments.drafts import make_source
from tests.check.drafts import make_checked_draft
from tests.check.scenario_files import find_in, line_of, make_scenario


def test_each_scenario_without_a_rubric_is_found_at_its_line() -> None:
    given = (make_scenario("one"), make_scenario("two", rubric=None), make_scenario("three", rubric=" "))
    found = find_in(find_missing_rubrics, *given)
    assert found == [
        (line_of("- id: two", *given), "the scenario 'two' has no rubric"),
        (line_of("- id: three", *given), "the scenario 'three' has no rubric"),
    ]


def test_a_file_without_any_rubric_is_found_once() -> None:
    given = (make_scenario("one", rubric=None), make_scenario("two", rubric=None))
    assert find_in(find_missing_rubrics, *given) == [(3, "none of the 2 scenarios has a rubric")]


def test_rubrics_in_all_scenarios_and_a_draft_without_scenarios_are_no_fault() -> None:
    assert find_in(find_missing_rubrics, make_scenario("one", wanted=None, unwanted=None)) == []
    assert list(find_missing_rubrics(make_checked_draft(make_source("delete", quote="words")))) == []
