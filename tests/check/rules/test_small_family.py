from __future__ import annotations

from avenant.check.rules.small_family import find_small_families
from tests.amendments.drafts import make_source
from tests.check.drafts import make_checked_draft
from tests.check.scenario_files import find_in, make_scenario


def _family(name: str, size: int, battery: str = "target") -> list[dict[str, object]]:
    return [make_scenario(f"{name}-{battery}-{number}", family=name, battery=battery) for number in range(size)]


def test_a_family_of_two_is_found_at_its_first_scenario() -> None:
    found = find_in(find_small_families, *_family("plans", 3), *_family("names", 2))
    assert [problem for _, problem in found] == ["the family 'names' has 2 scenarios"]
    [(line, _)] = found
    assert line > 4


def test_families_of_three_pass() -> None:
    assert find_in(find_small_families, *_family("plans", 3), *_family("names", 3, "far")) == []


def test_side_effects_are_counted_apart() -> None:
    found = find_in(find_small_families, *_family("plans", 3), *_family("plans", 1, "neighbour"))
    assert [problem for _, problem in found] == ["the family 'plans' has 1 scenario"]


def test_many_small_families_are_the_better_design() -> None:
    scenarios = [one for number in range(20) for one in _family(f"f{number}", 1)]
    assert find_in(find_small_families, *scenarios) == []
    assert len(find_in(find_small_families, *scenarios[1:])) == 19


def test_a_draft_without_scenarios_passes() -> None:
    assert list(find_small_families(make_checked_draft(make_source("insert-after", "New.", quote="words")))) == []
