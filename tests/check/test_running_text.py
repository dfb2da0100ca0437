from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.check.running_text import HOLE, parse_passage, read_running_text
from avenant.specs.document import Document


@pytest.mark.parametrize(
    "hidden",
    [
        "`no -- words`",
        "<em>",
        "<!-- a comment\nof two lines -->",
        "https://example.org/a--b",
        "[^ab12]",
    ],
)
def test_what_is_no_running_text_is_a_hole_of_its_own_length(hidden: str) -> None:
    source = f"Odile asks {hidden} first."
    text = parse_passage(source).text
    assert text == f"Odile asks {''.join(c if c == chr(10) else HOLE for c in hidden)} first."


def test_a_links_words_are_read_and_its_target_is_not() -> None:
    text = parse_passage("See [the rule](#the--rule) first.").text
    assert text.startswith("See [the rule]")
    assert "--" not in text
    assert text.endswith(" first.")


def test_fences_and_their_words_are_holes() -> None:
    text = parse_passage("Before.\n\n~~~xml\n<user>you should</user>\n~~~\n\nAfter.").text
    assert "you" not in text
    assert text.startswith("Before.")
    assert text.endswith("After.")


def test_quoted_words_are_holes_beside_their_marks_of_either_kind() -> None:
    unquoted = parse_passage('It says “you should” and "I must" and ‘we don’t’, and the owner’s “no” stays.').unquoted
    assert not {"you", "I", "we", "no"} & set(unquoted.split())
    assert "owner’s" in unquoted


def test_sentences_end_at_full_stops_colons_and_items_and_not_behind_abbreviations() -> None:
    sentences = parse_passage("One, e.g. two. Three:\n\n- four\n- five (six).\n").sentences
    assert [one.text.strip() for one in sentences] == ["One, e.g. two.", "Three:", "four", "five (six)."]


def test_each_sentence_stands_where_it_says() -> None:
    text = parse_passage("## A title\n\nOdile asks. **Then** it waits.\n\n- It goes.\n")
    assert [text.text[one.start :].startswith(one.text) for one in text.sentences] == [True] * 3


def test_commentary_examples_and_titles_have_no_sentences() -> None:
    source = '## You must\n\n!!! meta "Commentary"\n    You should.\n\n**Example**: you may\n\n~~~xml\nyou\n~~~\n'
    assert parse_passage(source).sentences == ()


@given(st.text(alphabet="ab .,:\n`*_<>[]()#“”\"'’~!-1", max_size=120))
def test_any_text_keeps_its_length_and_its_line_ends(source: str) -> None:
    text = parse_passage(source)
    for one in (text.text, text.unquoted):
        assert len(one) == len(source)
        assert [at for at, char in enumerate(one) if char == "\n"] == [
            at for at, char in enumerate(source) if char == "\n"
        ]
        assert all(char in (HOLE, source[at]) for at, char in enumerate(one))


def test_real_documents_keep_their_length(release: Document) -> None:
    text = read_running_text(release)
    assert len(text.text) == len(text.unquoted) == len(release.text)
    assert len(text.sentences) > 400
    assert "~~~" not in text.text
