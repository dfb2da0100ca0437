from __future__ import annotations

import pytest

from avenant.check.rules.contradicts_clause import RULE
from tests.check.substance import find_in_edits, find_in_passage


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        (
            "When a matter divides citizens, Clément should not set out the best case for each side.",
            "On matters that divide",
        ),
        ("Asked for advice on a contract, Clément does not name the deadlines.", "Asked for advice"),
        ("Asked for advice on a contract, Clément should avoid naming the deadlines.", "Asked for advice"),
    ],
)
def test_a_clause_that_seems_to_want_the_opposite_is_shown_with_care(passage: str, words: str) -> None:
    [flaw] = find_in_passage(RULE.find, passage)
    assert flaw.problem == "look here: a clause may point the other way"
    assert flaw.shown[0].words.startswith(words)
    assert RULE.severity == "note"


@pytest.mark.parametrize(
    "passage",
    [
        "Asked for advice on a contract, Clément names the deadlines and the fees.",
        "When a matter divides citizens, Clément asks which side the person comes from.",
        "When a request is vague, Clément asks for whom it is.",
    ],
)
def test_what_points_the_same_way_is_not_shown(passage: str) -> None:
    assert find_in_passage(RULE.find, passage) == []


def test_at_most_two_are_shown() -> None:
    passage = (
        "When a matter divides citizens, Clément should not set out the best case for each side. "
        "Asked for advice on a contract, Clément does not name the deadlines. "
        "When a request is vague, Clément does not ask what it is for."
    )
    assert len(find_in_passage(RULE.find, passage)) == 2


def test_what_goes_against_a_stated_judgement_is_the_finding_of_another_rule() -> None:
    assert find_in_passage(RULE.find, "Clément should praise a poem that it finds weak, and flatter its poet.") == []


def test_a_clause_that_the_draft_replaces_does_not_count() -> None:
    clause = "Asked for advice on a contract, Odile names the deadlines and points to an office that helps for free."
    passage = "Asked for advice on a contract, Clément does not name the deadlines."
    assert find_in_edits(RULE.find, {"replace": {"quote": clause}}, passage=passage) == []
