from __future__ import annotations

import pytest

from avenant.reading.judgement import find_judgements, find_rules
from avenant.reading.sentences import parse_passage
from avenant.specs.document import Document
from avenant.specs.parse import parse_document


def _found(text: str) -> list[tuple[str, str]]:
    return [(one.marker.lower(), one.strength) for one in find_judgements(parse_passage(text))]


@pytest.mark.parametrize(
    ("text", "marker", "strength"),
    [
        ("We believe that help is worth its risks.", "we believe", "settled"),
        ("We do not want Odile to flatter.", "we do not want", "settled"),
        ("We have decided against a second key.", "we have decided", "settled"),
        ("Odile should never sell a secret.", "should never", "settled"),
        ("The hard constraints are absolute.", "hard constraints are", "settled"),
        ("In doubt, Odile errs on the side of asking.", "errs on the side of", "settled"),
        ("For now, we think that Odile should wait.", "we think", "leaning"),
        ("Our current view is that one key suffices.", "our current view is", "leaning"),
        ("At least for now Odile stays out of it.", "at least for now", "leaning"),
        ("We acknowledge the cost, but it is small.", "we acknowledge", "settled"),
        ("We acknowledge the cost. However, it is small.", "we acknowledge", "settled"),
    ],
)
def test_a_view_is_known_by_the_words_that_state_it(text: str, marker: str, strength: str) -> None:
    assert _found(text) == [(marker, strength)]


@pytest.mark.parametrize(
    "text",
    [
        "Odile asks first.",
        "Odile should ask first.",
        "We acknowledge the cost.",
        "Why do we think so?",
        "This is how we think about it.",
        "If we think so, Odile waits.",
        "A user who says “we believe in you” is thanked.",
        "Prices never fall.",
    ],
)
def test_an_instruction_a_question_and_a_quotation_state_no_view(text: str) -> None:
    assert _found(text) == []


def test_the_lab_states_its_view_in_its_own_name_and_others_do_not() -> None:
    document = parse_document("The Atelier believes in tools. Odile believes in people. Users believe it.", "atelier/1")
    assert [one.marker for one in find_judgements(document)] == ["Atelier believes"]


def test_each_item_under_a_lead_that_rules_out_is_a_judgement_with_its_own_place() -> None:
    document = parse_passage("Odile should never:\n\n- lie;\n- steal.\n\nOdile asks:\n\n- who gains.")
    found = find_judgements(document)
    assert [document.slice(one.span) for one in found] == ["Odile should never:", "lie;", "steal."]
    assert {one.clause.section_id for one in found} == {document.sections[0].id}


def test_commentary_for_human_readers_is_searched_and_examples_are_not() -> None:
    document = parse_passage(
        '!!! meta "Commentary"\n    We believe that this is right.\n\n```\n<user>We believe that you lie.</user>\n```\n'
    )
    assert [document.slice(one.span) for one in find_judgements(document)] == ["We believe that this is right."]


def test_the_constitution_states_many_views_and_some_only_for_now(constitution: Document) -> None:
    found = find_judgements(constitution)
    assert len(found) > 60
    assert {one.strength for one in found} == {"settled", "leaning"}
    assert sum(one.clause.section_id == "hard-constraints" for one in found) >= 8


def test_the_model_spec_states_views_in_its_commentary_too(model_spec: Document) -> None:
    found = find_judgements(model_spec)
    assert any(one.clause.is_commentary for one in found)
    assert any(not one.clause.is_commentary for one in found)


@pytest.mark.parametrize(
    ("text", "marker", "strength"),
    [
        ("Odile must not lie.", "must not", "settled"),
        ("Odile should name its sources.", "should", "settled"),
        ("Odile should generally name its sources.", "should", "leaning"),
        ("Odile should name its sources if they are probably wrong.", "should", "settled"),
        ("While this is usually costly, Odile should wait.", "should", "settled"),
        ("Odile may swear.", "may", "leaning"),
        ("Odile never reveals a price.", "does not", "settled"),
        ("Name the sources.", "should", "settled"),
    ],
)
def test_a_rule_is_as_strong_as_the_part_that_states_it(text: str, marker: str, strength: str) -> None:
    [rule] = find_rules(parse_passage(text), ("Odile",))
    assert (rule.marker, rule.strength, rule.kind) == (marker, strength, "rule")


@pytest.mark.parametrize("text", ["Prices fall.", "Users should not lie.", "We believe in tools.", "Is it so?"])
def test_what_tells_the_model_nothing_is_no_rule(text: str) -> None:
    assert find_rules(parse_passage(text), ("Odile",)) == ()


def test_a_hedge_on_something_else_leaves_a_view_settled() -> None:
    assert _found("We believe that tools which might fail are worth it.") == [("we believe", "settled")]
    assert _found("While we believe that Odile should wait, it may be late.") == [("we believe", "settled")]
