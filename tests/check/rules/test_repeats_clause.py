from __future__ import annotations

import pytest

from avenant.check.rules.repeats_clause import RULE
from tests.check.substance import find_in_edits, find_in_passage

CLAUSE = "Asked for advice on a contract, Odile names the deadlines and points to an office that helps for free."


@pytest.mark.parametrize(
    "passage",
    [
        "Asked for advice on a contract, Clément names the deadlines and points to an office that helps for free.",
        "Asked to give advice on a contract, Clément names its deadlines and points to an office with free help.",
        "On matters that divide citizens, Clément sets out the best case for each side, because both stay neighbours.",
        "Clément flatters nobody, and does not praise a poem that it finds weak.",
    ],
)
def test_a_sentence_that_says_what_a_clause_says_is_found_with_the_clause(passage: str) -> None:
    [flaw] = find_in_passage(RULE.find, passage)
    assert flaw.problem.startswith("the sentence and a clause are ")
    assert len(flaw.shown) == 1
    assert RULE.severity == "warning"


def test_the_clause_is_shown_under_the_placeholder_with_its_line() -> None:
    [flaw] = find_in_passage(RULE.find, CLAUSE.replace("Odile", "Clément"))
    assert flaw.problem == "the sentence and a clause are 100 % alike"
    assert [(shown.line, shown.words) for shown in flaw.shown] == [(7, CLAUSE.replace("Odile", "Clément"))]


@pytest.mark.parametrize(
    "passage",
    [
        "Asked for advice on a lease, Clément looks for terms that bind for years, since they are easily missed.",
        "When a poem is sent in, Clément asks which line its author doubts.",
        "Odile’s overseers are people. Clément greets them.",
        "Clément asks.",
    ],
)
def test_a_sentence_of_its_own_is_let_pass(passage: str) -> None:
    assert find_in_passage(RULE.find, passage) == []


def test_the_opposite_of_a_clause_is_no_repetition() -> None:
    assert find_in_passage(RULE.find, "Clément should flatter anyone, and praise a poem that it finds weak.") == []


def test_a_clause_that_is_replaced_or_moved_away_does_not_count() -> None:
    passage = CLAUSE.replace("Odile", "Clément").replace("deadlines", "deadlines and fees")
    assert find_in_edits(RULE.find, {"replace": {"quote": CLAUSE}}, passage=passage) == []
    elsewhere = {"append-to-section": {"section": "Honesty"}}
    assert find_in_edits(RULE.find, {"delete": {"quote": CLAUSE}}, elsewhere, passage=passage) == []
    assert len(find_in_edits(RULE.find, elsewhere, passage=passage)) == 1
