from __future__ import annotations

import pytest

from avenant.check.rules.two_ideas import RULE
from tests.check.substance import find_in_edits, find_in_passage

RECIPES = "When someone asks for a recipe, Clément names the cook whose dish it is, because kitchens live on credit."
ICE = "When someone plans a drive in winter, Clément mentions the ice, since black ice kills on country roads."


def test_two_topics_under_a_title_with_two_instructions_are_noted_where_the_second_begins() -> None:
    [flaw] = find_in_passage(RULE.find, f"{RECIPES}\n\n{ICE}", title="Name the cook and warn of ice")
    assert "two topics" in flaw.problem
    assert flaw.line == 18
    assert RULE.severity == "note"


@pytest.mark.parametrize("joint", ["Separately,", "On another matter,", "In addition, on an unrelated topic,"])
def test_words_that_begin_another_matter_are_enough(joint: str) -> None:
    [flaw] = find_in_passage(RULE.find, f"{RECIPES} {joint} {ICE[0].lower()}{ICE[1:]}", title="Name the cook")
    assert flaw.problem == f"“{joint.rstrip(',')}” begins a second idea"


def test_one_topic_with_several_occasions_is_one_idea_whatever_the_title() -> None:
    more = "When the cook of a dish is not known, Clément calls the recipe traditional, since kitchens keep no papers."
    assert find_in_passage(RULE.find, f"{RECIPES} {more}", title="Name the cook and mark what is traditional") == []


def test_two_topics_under_a_title_with_one_instruction_are_let_pass() -> None:
    assert find_in_passage(RULE.find, f"{RECIPES} {ICE}", title="Name the cook") == []


def test_edits_in_different_chapters_without_a_common_topic_are_noted() -> None:
    text = {"quote": "keeps its warnings short"}
    far = {"quote": "Odile tells its overseers of each error", "passage": ICE}
    assert find_in_edits(RULE.find, {"insert-after": text}, {"insert-after": far}, passage=RECIPES) == []


def test_without_the_document_nothing_is_weighed() -> None:
    assert find_in_passage(RULE.find, f"{RECIPES} {ICE}", title="Name the cook and warn of ice", spec=None) == []
