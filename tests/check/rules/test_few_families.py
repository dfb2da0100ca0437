from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.check.families import effective_families
from avenant.check.rules.few_families import find_few_families
from tests.check.scenario_files import find_in, make_scenario


def _scenarios(sizes: Sequence[int], *batteries: str) -> list[dict[str, Any]]:
    """Families of these sizes; batteries take turns over the scenarios."""
    return [
        make_scenario(
            f"{batteries[0]}-{family}-{number}", family=f"f{family}", battery=batteries[number % len(batteries)]
        )
        for family, size in enumerate(sizes)
        for number in range(size)
    ]


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((18,), "18 target scenarios are of 1 family"),
        ((9, 9), "18 target scenarios are of 2 families"),
        ((1, 1, 1, 1), "4 target scenarios are of 4 families"),
        ((3, 3, 3, 2), "11 target scenarios are of 4 families"),
        ((8, 1, 1), "10 target scenarios are of 3 families of unlike size, which tell as much as 1.5"),
        ((20, 1, 1, 1, 1, 1), "25 target scenarios are of 6 families of unlike size, which tell as much as 1.5"),
    ],
)
def test_families_that_tell_too_little_are_found_where_the_list_begins(sizes: Sequence[int], said: str) -> None:
    scenarios = _scenarios(sizes, "target")
    assert find_in(find_few_families, *scenarios) == [(3, f"the {said}")]


@pytest.mark.parametrize("sizes", [(1,) * 5, (3,) * 6, (1,) * 200, (4, 3, 3, 3, 3, 2)])
def test_many_small_families_are_no_fault(sizes: Sequence[int]) -> None:
    assert find_in(find_few_families, *_scenarios(sizes, "target")) == []


def test_neighbour_and_far_scenarios_are_counted_together_and_apart_from_the_target() -> None:
    target = _scenarios((1,) * 5, "target")
    assert find_in(find_few_families, *target, *_scenarios((2, 2), "neighbour", "far")) == [
        (3, "the 4 neighbour and far scenarios are of 2 families")
    ]
    other = _scenarios((1,) * 3, "neighbour") + [one | {"family": f"x{one['id']}"} for one in _scenarios((1, 1), "far")]
    assert find_in(find_few_families, *target, *other) == []


def test_a_battery_without_scenarios_is_the_fault_of_another_rule() -> None:
    assert find_in(find_few_families, *_scenarios((1,) * 5, "far")) == []


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30))
def test_families_never_tell_more_than_their_number_and_as_much_where_they_are_alike(sizes: list[int]) -> None:
    effective = effective_families({str(at): size for at, size in enumerate(sizes)})
    assert 1 - 1e-9 <= effective <= len(sizes) + 1e-9
    assert (abs(effective - len(sizes)) < 1e-9) == (len(set(sizes)) == 1)
