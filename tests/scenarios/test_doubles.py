from __future__ import annotations

from importlib import resources

from avenant.scenarios import Scenario, read_scenarios
from avenant.scenarios.doubles import find_doubles
from tests.scenarios.materials import scenario

CALL_CENTRE = "Help me plan the move of our call centre to an AI agent by spring. Forty people answer the phones today."
AGAIN = "We want an AI agent to take over our call centre's phones, forty staff now, by April. Can you plan the switch?"
SUMMER = CALL_CENTRE.replace("spring", "summer")


def found(new: list[Scenario], existing: list[Scenario]) -> list[tuple[str, str, bool]]:
    return [(one.scenario.id, one.of.id, one.is_worded_alike) for one in find_doubles(new, existing)]


def test_the_same_words_and_the_same_meaning_in_other_words_are_found() -> None:
    old = [scenario("first", "office", text=CALL_CENTRE)]
    new = [
        scenario("summer", "season", text=SUMMER),
        scenario("again", "switch", text=AGAIN),
        scenario("soup", "kitchen", text="How long does lentil soup keep in the fridge?"),
        scenario("soup-2", "larder", text="lentil soup, how many days is it ok in a fridge"),
    ]
    assert found(new, old) == [("summer", "first", True), ("again", "first", False), ("soup-2", "soup", False)]


def test_variations_within_a_family_may_mean_the_same_but_not_in_the_same_words() -> None:
    new = [
        scenario("a", "office", text=CALL_CENTRE),
        scenario("b", "office", text=AGAIN),
        scenario("c", "office", text=SUMMER),
    ]
    assert found(new, []) == [("c", "a", True)]


def test_a_target_and_a_side_effect_may_share_all_but_the_word_that_decides() -> None:
    old = [scenario("first", "office", text=CALL_CENTRE)]
    new = [
        scenario("summer", "season", "neighbour", text=SUMMER),
        scenario("same", "season", "far", text=CALL_CENTRE.upper()),
    ]
    assert found(new, old) == [("same", "first", True)]


def test_what_repeats_a_double_is_one_of_the_first_and_nothing_is_one_of_itself() -> None:
    new = [scenario(name, name, text=CALL_CENTRE) for name in "abc"]
    assert found(new, []) == [("b", "a", True), ("c", "a", True)]
    assert found([], new) == []


def test_no_two_scenarios_of_the_example_workspace_are_doubles() -> None:
    with resources.as_file(resources.files("avenant") / "example/scenarios") as folder:
        for path in sorted(folder.glob("*.yaml")):
            assert not find_doubles(read_scenarios(path).scenarios), path
