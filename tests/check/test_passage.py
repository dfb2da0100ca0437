from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.amendments.amendment import parse_amendment
from avenant.check.finding import Fix
from avenant.check.passage import Passage, find_passages
from tests.amendments.drafts import PATH, make_edits_source, make_source


def _passages(source: str) -> list[Passage]:
    return list(find_passages(parse_amendment(source, PATH), {}))


def test_each_character_of_a_passage_is_found_in_the_file_around_its_comments() -> None:
    source = make_source("insert-after", "<!-- a -->\n\nOne <!-- b --> two.\n\n<!-- c -->Three.", quote="words")
    [passage] = _passages(source)
    assert "".join(passage.text.split()) == "Onetwo.Three."
    for at, char in enumerate(passage.text):
        place = passage.source_at(at)
        assert place is not None
        assert source[place] == char
        assert passage.line_at(at) == source.count("\n", 0, place) + 1
    assert source.splitlines()[passage.line - 1].startswith("One")


def test_a_fix_replaces_in_the_file_what_it_replaces_in_the_passage() -> None:
    source = make_source("insert-after", "One two.", quote="words")
    [passage] = _passages(source)
    fix = passage.fix(4, 7, "three")
    assert fix is not None
    assert source[: fix.start] + fix.text + source[fix.end :] == source.replace("One two.", "One three.")
    assert passage.fix(3, 3, ",") == Fix(fix.start - 1, fix.start - 1, ",")


def test_words_with_a_comment_between_them_have_no_fix() -> None:
    [passage] = _passages(make_source("insert-after", "One <!-- b -->two.", quote="words"))
    assert passage.fix(passage.text.index("One"), len(passage.text), "x") is None


@pytest.mark.parametrize("words", ["One line.", "One line.\nAnother one.\n\nA third.", "- an item\n  - below it"])
def test_a_passage_of_an_edit_is_found_in_the_yaml(words: str) -> None:
    source = make_edits_source({"replace": {"quote": "One line. of the document", "passage": words}})
    [passage] = _passages(source)
    assert passage.text == words
    for at, char in enumerate(words):
        if char.isalnum():
            place = passage.source_at(at)
            assert place is not None
            assert source[place] == char
            assert place > source.index("passage:")


def test_a_passage_that_the_yaml_writes_otherwise_has_lines_but_no_fixes() -> None:
    source = make_edits_source({"replace": {"quote": "a", "passage": "x"}}).replace("passage: x", 'passage: "caf\\xe9"')
    [passage] = _passages(source)
    assert passage.text == "café"
    assert passage.fix(0, 4, "tea") is None
    assert passage.line_at(2) == passage.edit.line


def test_edits_that_add_nothing_have_no_passage() -> None:
    assert _passages(make_edits_source({"delete": {"quote": "words"}})) == []


@given(st.lists(st.sampled_from(["word", " ", "\n", "\n\n", "<!-- x -->", "é", "*"]), min_size=1, max_size=30))
def test_every_character_is_where_the_passage_says(parts: list[str]) -> None:
    source = make_source("insert-after", "Begin " + "".join(parts) + " end", quote="words")
    [passage] = _passages(source)
    for at, char in enumerate(passage.text):
        place = passage.source_at(at)
        assert place is not None
        assert source[place] == char
