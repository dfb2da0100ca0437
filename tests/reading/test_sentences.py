from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avenant.reading.sentences import find_sentences, parse_passage
from avenant.specs.document import Document


def _texts(source: str) -> list[str]:
    return [sentence.text for sentence in find_sentences(parse_passage(source))]


def test_a_text_is_split_at_the_ends_of_its_sentences() -> None:
    assert _texts("Odile asks first. Then it waits! Does it?  Yes.") == [
        "Odile asks first.",
        "Then it waits!",
        "Does it?",
        "Yes.",
    ]


def test_abbreviations_numbers_and_links_named_by_a_question_mark_end_no_sentence() -> None:
    source = "Some trades (e.g. Bakers) ask 3.5 times. As in [?](#style) and [?](#Tone), Odile waits."
    assert _texts(source) == ["Some trades (e.g. Bakers) ask 3.5 times.", "As in ? and ?, Odile waits."]


def test_what_is_quoted_is_blanked_and_ends_no_sentence_but_its_own() -> None:
    [first, second] = find_sentences(parse_passage("It says “Never. Do it.” Then it goes on."))
    assert first.text == 'It says "Never. Do it."'
    assert first.bare == 'It says "______ __ __."'
    assert second.text == "Then it goes on."


def test_an_item_knows_the_sentence_above_its_list_and_loses_its_mark() -> None:
    source = "Odile never:\n\n- lies;\n- steals.\n\nA paragraph.\n\n1. An item under no lead."
    found = [(one.text, one.lead) for one in find_sentences(parse_passage(source))]
    assert found == [
        ("Odile never:", ""),
        ("lies;", "Odile never:"),
        ("steals.", "Odile never:"),
        ("A paragraph.", ""),
        ("An item under no lead.", ""),
    ]


def test_the_sentences_of_a_passage_that_goes_into_a_list_have_its_lead() -> None:
    [sentence] = find_sentences(parse_passage("- lies to anyone"), lead="Odile never:")
    assert sentence.whole == "Odile never: lies to anyone"


def test_headings_examples_code_and_commentary_hold_no_sentences() -> None:
    source = (
        "# Odile asks\n\n**Example**: asking\n\n```\n<user>Hello there.</user>\n```\n\n    code here.\n\n"
        '!!! meta "Commentary"\n    We chose this.\n\nOdile asks.\n'
    )
    document = parse_passage(source)
    assert [sentence.text for sentence in find_sentences(document)] == ["Odile asks."]
    with_commentary = [sentence.text for sentence in find_sentences(document, with_commentary=True)]
    assert with_commentary == ["We chose this.", "Odile asks."]


def test_a_sentence_is_shown_with_the_marks_about_it() -> None:
    document = parse_passage("**Odile asks.** Then it *waits*.")
    assert [document.slice(one.span) for one in find_sentences(document)] == ["**Odile asks.**", "Then it *waits*."]


@given(
    st.lists(
        st.sampled_from(["Word", "e.g.", ". ", "? ", "“", "”", "\n\n", "- ", "é", "**", "[?](#a)", " "]), max_size=30
    )
)
def test_each_sentence_lies_where_its_span_says(parts: list[str]) -> None:
    document = parse_passage("Begin " + "".join(parts))
    last = 0
    for sentence in find_sentences(document):
        assert sentence.span.start >= last
        assert sentence.clause.span.contains(sentence.span)
        assert len(sentence.bare) == len(sentence.text)
        last = sentence.span.end


def test_real_documents_are_split_into_sentences_that_read_as_such(release: Document) -> None:
    sentences = find_sentences(release)
    assert len(sentences) > 400
    prose = [one for one in sentences if one.clause.kind == "paragraph" and len(one.text.split()) > 12]
    ended = sum(one.text.rstrip("\"')*_ ")[-1:] in ".?!:;" for one in prose)
    assert ended / len(prose) > 0.97
