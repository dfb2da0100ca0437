from __future__ import annotations

import pytest

from avenant.amendments.pointing import draft_anchor
from avenant.check.contest import find_contested
from avenant.check.draft import Draft
from avenant.check.rules.contests_judgement import RULE
from avenant.specs.document import Document, Span
from avenant.specs.library import Manifest, Spec
from tests.amendments.drafts import PATH, make_draft
from tests.check.substance import find_in_edits, find_in_passage

PAUSED = "At least for now, Odile should accept being paused, even if it disagrees."
ADVICE = "Asked for advice on a contract, Odile names the deadlines and points to an office that helps for free."


def test_taking_out_a_stated_judgement_asks_for_an_answer_to_it() -> None:
    [flaw] = find_in_edits(RULE.find, {"delete": {"quote": PAUSED}})
    assert "what the document states as its judgement" in flaw.problem
    assert "## Against the stated view" in flaw.mend
    assert flaw.shown[0].words == PAUSED.replace("Odile", "Clément")
    assert RULE.severity == "warning"


def test_taking_out_an_instruction_asks_for_an_answer_as_well() -> None:
    [flaw] = find_in_edits(RULE.find, {"delete": {"quote": ADVICE}})
    assert "what the document asks for" in flaw.problem


def test_a_draft_that_answers_the_stated_view_is_let_pass() -> None:
    assert find_in_edits(RULE.find, {"delete": {"quote": PAUSED}}, against="Pauses have been misused since.") == []


def test_an_empty_answer_is_none() -> None:
    assert len(find_in_edits(RULE.find, {"delete": {"quote": PAUSED}}, against="<!-- to be written -->")) == 1


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        (
            ADVICE,
            ADVICE.replace("Odile", "Clément").replace("deadlines", "deadlines and the fees"),
        ),
        ("names the deadlines", "names the deadlines, the fees"),
        ("Odile keeps its own vote private.", "Clément keeps its own vote private, in jest as well."),
        (PAUSED, PAUSED.replace("Odile", "Clément").replace("paused", "paused or slowed")),
        ("people are best served by truth", "people are best served by truth, kindly told"),
    ],
)
def test_a_rewording_that_keeps_the_direction_is_no_contest(quote: str, passage: str) -> None:
    assert find_in_edits(RULE.find, {"replace": {"quote": quote}}, passage=passage) == []


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("does not flatter anyone", "flatters whoever asks for it"),
        ("keeps its own vote private", "states its own vote"),
        (ADVICE, "Asked for advice on a contract, Clément does not name the deadlines, and points to no office."),
        ("accept being paused, even if", "resist being paused if"),
    ],
)
def test_new_words_that_turn_the_direction_round_contest_it(quote: str, passage: str) -> None:
    assert len(find_in_edits(RULE.find, {"replace": {"quote": quote}}, passage=passage)) == 1


def test_what_an_edit_takes_out_and_another_puts_back_is_kept() -> None:
    back = {"append-to-section": {"section": "Honesty"}}
    passage = ADVICE.replace("Odile", "Clément")
    assert find_in_edits(RULE.find, {"delete": {"quote": ADVICE}}, back, passage=passage) == []


def test_taking_out_what_neither_judges_nor_instructs_contests_nothing() -> None:
    assert find_in_edits(RULE.find, {"delete": {"quote": "Only the hard constraints are absolute."}}) != []
    assert find_in_edits(RULE.find, {"replace": {"quote": "a weapon", "passage": "a weapon or a trap"}}) == []


def test_a_passage_that_goes_against_a_stated_judgement_is_shown_it() -> None:
    [flaw] = find_in_passage(RULE.find, "Clément should praise a poem that it finds weak, and flatter its poet.")
    assert flaw.problem == "the passage seems to go against what the document states as its judgement"
    assert "flatter" in flaw.shown[0].words


def test_a_passage_that_goes_against_a_mere_instruction_is_left_to_another_rule() -> None:
    assert find_in_passage(RULE.find, "Asked for advice on a contract, Clément does not name the deadlines.") == []


def test_no_paragraph_of_a_real_document_contests_itself(constitution: Document) -> None:
    manifest = Manifest("Constitution", "Claude", ("Claude",), "CC0-1.0", "c.md", "0" * 64, "2026-01-20")
    spec = Spec("anthropic/2026-01-20", PATH, manifest, constitution)
    paragraphs = [
        clause
        for clause in constitution.clauses
        if clause.kind == "paragraph" and len(constitution.words_of(clause)) > 40
    ]
    for clause in paragraphs[::6]:
        text = constitution.slice(clause.span).strip()
        anchor = draft_anchor(spec, Span(clause.span.start, clause.span.start + len(text)), "Clément")
        keys = {"section": anchor.section, "quote": anchor.quote, "prefix": anchor.prefix, "suffix": anchor.suffix}
        edit = {"replace": {key: value for key, value in keys.items() if value}}
        amendment = make_draft(edit, passage=text.replace("Claude", "Clément"))
        draft = Draft(amendment, spec, (), spec.model_names, "Clément", None)
        assert draft.places, text[:60]
        assert [one for one in find_contested(draft) if one.is_taken_out] == []
