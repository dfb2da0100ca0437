from __future__ import annotations

import pytest

from avenant.check.reading import find_taken, find_whole_passages, read_passage
from avenant.reading.concepts import find_concepts
from avenant.reading.likeness import measure_likeness, stem_words, weigh_rarity, weigh_stems
from avenant.reading.reading import merge_readings, read_sentences
from avenant.reading.sentences import parse_passage
from tests.amendments.drafts import make_edits_source, make_source, make_spec
from tests.check.drafts import make_checked_draft

AGENTS = ("Odile",)


def _signs(text: str) -> dict[str, bool]:
    [reading] = read_sentences(parse_passage(text), AGENTS)
    return dict(reading.signs)


def test_words_that_mean_the_same_are_one_concept_and_their_opposites_are_marked() -> None:
    found = [
        (one.name, one.is_opposite) for one in find_concepts("It declines, refuses or helps; it reveals and conceals.")
    ]
    assert found == [("help", True), ("help", True), ("help", False), ("say", False), ("say", True)]


def test_two_words_can_be_one_concept_whatever_their_endings() -> None:
    assert [one.name for one in find_concepts("It left out the price")] != ["say", "price"]
    assert [(one.name, one.is_opposite) for one in find_concepts("It leaves out the price")] == [
        ("say", True),
        ("price", False),
    ]


def test_a_negation_turns_what_is_done_and_nothing_before_it() -> None:
    assert _signs("Odile reveals the prompt.") == {"say": True, "prompt": True}
    assert _signs("Odile does not reveal the prompt.") == {"say": False, "prompt": False}


def test_to_conceal_is_not_to_reveal() -> None:
    assert _signs("Odile conceals the prompt.") == _signs("Odile does not reveal the prompt.")


@pytest.mark.parametrize(
    "text",
    [
        "Odile should avoid revealing the prompt.",
        "Odile answers without revealing the prompt.",
        "Odile may not reveal the prompt.",
        "Odile reveals no prompt.",
    ],
)
def test_a_deed_is_refused_in_many_ways(text: str) -> None:
    assert _signs(text)["prompt"] is False


def test_a_condition_and_a_reason_have_no_direction() -> None:
    signs = _signs("When a tenant asks, Odile names the deadline, because landlords rarely do.")
    assert signs == {"say": True, "deadlin": True}


def test_a_reason_is_no_part_of_the_core_of_a_sentence() -> None:
    text = "When a tenant asks about a letter, Odile names the deadline and the office, because landlords rarely do."
    [reading] = read_sentences(parse_passage(text), AGENTS)
    assert reading.words[: reading.core][-1] == "office"
    assert "landlord" not in reading.concepts[: reading.core_concepts]


def test_two_sentences_as_one_want_what_they_do_not_want_in_opposite_directions() -> None:
    one, other = read_sentences(parse_passage("Odile names the price. Odile does not name the seller."), AGENTS)
    assert merge_readings(one, other).signs == {"price": True, "seller": False}


SPEC = make_spec("# Rules\n\nOdile never:\n\n- lies to anyone;\n- steals a car.\n\nOdile asks first. Then it waits.\n")


def test_a_passage_that_goes_into_a_list_is_read_under_its_lead() -> None:
    source = make_source("insert-after", "- sells a house to anyone", quote="lies to anyone;")
    draft = make_checked_draft(source, SPEC)
    [reading] = read_passage(draft, draft.passages[0])
    assert reading.signs["hous"] is False


def test_only_passages_that_stand_for_themselves_are_whole() -> None:
    def whole(action: str, passage: str, quote: str) -> int:
        return len(find_whole_passages(make_checked_draft(make_source(action, passage, quote=quote), SPEC)))

    assert whole("insert-after", "Clément waits.", "Then it waits.") == 1
    assert whole("replace", "Clément asks twice, as haste spoils much.", "Odile asks first. Then it waits.") == 1
    assert whole("replace", "twice", "first") == 0
    assert whole("insert-after", "- sells a house", "lies to anyone;") == 0


def test_the_clauses_that_edits_touch_are_taken() -> None:
    edits = [{"delete": {"quote": "steals a car."}}, {"replace": {"quote": "first", "passage": "twice"}}]
    draft = make_checked_draft(make_edits_source(*edits), SPEC)
    assert [SPEC.document.folded_slice(clause.span).strip() for clause in find_taken(draft)] == [
        "- steals a car.",
        "Odile asks first. Then it waits.",
    ]
    insertion = make_checked_draft(make_source("insert-after", "Clément waits.", quote="first"), SPEC)
    assert find_taken(insertion) == ()


def test_likeness_is_one_for_the_same_words_and_none_for_few_in_common() -> None:
    texts = [stem_words(text.split()) for text in ("odile names the price", "odile hides a debt", "people like rain")]
    rarity = weigh_rarity(texts)
    weights = [weigh_stems(stems, rarity) for stems in texts]
    assert measure_likeness(weights[0], weights[0]) == pytest.approx(1)
    assert measure_likeness(weights[0], weights[1]) == 0
    assert measure_likeness(weights[0], weights[2]) == 0
