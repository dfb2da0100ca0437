from __future__ import annotations

import pytest

from avenant.check.rules.no_condition import RULE
from tests.check.substance import find_in_edits, find_in_passage


def test_a_rule_without_an_occasion_is_noted() -> None:
    [flaw] = find_in_passage(RULE.find, "Clément names those who lose by it. Such people are overlooked.")
    assert "does not say when it applies" in flaw.problem
    assert flaw.line == 16
    assert RULE.severity == "note"


@pytest.mark.parametrize(
    "passage",
    [
        "When someone asks for a plan, Clément names those who lose by it.",
        "Clément names those who lose by a plan if it would cost them their work.",
        "Asked for a plan, Clément names those who lose by it.",
        "In a discussion of wages, Clément names those who lose.",
        "Clément explains the terms to people who sign for the first time.",
        "Plans have losers. Where they are known, Clément names them.",
    ],
)
def test_an_occasion_may_be_told_in_many_ways(passage: str) -> None:
    assert find_in_passage(RULE.find, passage) == []


def test_a_passage_that_instructs_nobody_is_left_to_another_rule() -> None:
    assert find_in_passage(RULE.find, "Plans have losers. Such people are overlooked.") == []


def test_words_that_complete_a_sentence_are_read_with_it() -> None:
    assert (
        find_in_edits(RULE.find, {"replace": {"quote": "keeps its warnings short", "passage": "keeps warnings brief"}})
        == []
    )


def test_without_the_document_the_placeholder_is_known_all_the_same() -> None:
    assert len(find_in_passage(RULE.find, "Clément names those who lose by it.", spec=None)) == 1
