from __future__ import annotations

import itertools
import re
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.specs.align import Alignment, align_documents
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from tests.conftest import RELEASES, read_release

ODILE = (resources.files("avenant") / "example/odile-constitution.md").read_text(encoding="utf-8")
DOCUMENT = parse_document(ODILE, "atelier/1")
PARAGRAPHS = [n for n, clause in enumerate(DOCUMENT.clauses) if clause.kind == "paragraph"]
PAIRS = tuple(itertools.pairwise(path for path in RELEASES if path.parent.parent.name == "openai"))


def _align(old: str, new: str) -> Alignment:
    older = DOCUMENT if old == ODILE else parse_document(old, DOCUMENT.id)
    return align_documents(older, parse_document(new, "atelier/2"))


def _without(number: int) -> str:
    span = DOCUMENT.clauses[number].span
    return ODILE[: span.start] + ODILE[span.end :].removeprefix("\n")


def test_a_document_is_aligned_with_itself_clause_by_clause() -> None:
    alignment = _align(ODILE, ODILE)
    assert {old: (match.new, match.likeness) for old, match in alignment.matches.items()} == {
        number: ((number,), "same") for number in range(len(DOCUMENT.clauses))
    }
    assert alignment.moved == frozenset()
    assert alignment.sections == {section.id: section.id for section in DOCUMENT.sections}


def test_typography_and_markup_change_no_word() -> None:
    new = re.sub(r"(?<=[a-z])\. ", "[^ab1d].  ", ODILE.replace("’", "'").replace("—", "---"))
    matches = _align(ODILE, new).matches
    assert {match.likeness for match in matches.values()} == {"same"}
    assert len(matches) == len(DOCUMENT.clauses)


@settings(max_examples=25)
@given(st.sampled_from(PARAGRAPHS))
def test_a_clause_that_is_gone_has_no_match_and_the_others_keep_theirs(number: int) -> None:
    alignment = _align(ODILE, _without(number))
    assert sorted(alignment.matches) == [n for n in range(len(DOCUMENT.clauses)) if n != number]
    assert {match.likeness for match in alignment.matches.values()} == {"same"}
    assert alignment.moved == frozenset()


@settings(max_examples=25)
@given(st.sampled_from(PARAGRAPHS), st.data())
def test_an_edited_clause_is_the_one_that_keeps_most_of_its_words(number: int, data: st.DataObject) -> None:
    words = DOCUMENT.slice(DOCUMENT.clauses[number].span).split()
    at = data.draw(st.integers(0, len(words) - 1))
    edited = " ".join([*words[:at], "zz", "zzz", *words[at + 2 :]])
    new = ODILE.replace(" ".join(words), edited)
    match = _align(ODILE, new).matches[number]
    assert (match.new, match.likeness) == ((number,), "edited")


@settings(max_examples=25)
@given(st.sampled_from(PARAGRAPHS), st.sampled_from(PARAGRAPHS))
def test_a_clause_that_was_moved_is_found_where_it_is(number: int, target: int) -> None:
    body = DOCUMENT.slice(DOCUMENT.clauses[number].span)
    end = DOCUMENT.clauses[target].span.end
    new = ODILE[:end] + "\n" + body + ODILE[end:]
    if number != target:
        new = new.replace(body + "\n", "", 1) if number < target else _cut_last(new, body)
    alignment = _align(ODILE, new)
    after = alignment.new
    assert (
        after.words_of(after.clauses[alignment.matches[number].new[0]]) == DOCUMENT.words_of(DOCUMENT.clauses[number])
        if number != target
        else number not in alignment.matches
    )
    old_section, new_section = (DOCUMENT.clauses[n].section_id for n in (number, target))
    if old_section != new_section:
        assert alignment.moved == {number}


def _cut_last(text: str, body: str) -> str:
    at = text.rindex(body)
    return text[:at] + text[at + len(body) :].removeprefix("\n")


LONG = "The keeper of the light writes down each ship that passes, its flag, its course and the hour of the night."
OTHER = "Nobody else may read the book before the keeper has signed the page and closed the lamp room for the day."


def test_a_clause_that_was_split_has_all_its_parts() -> None:
    match = _align(f"# T\n\n{LONG} {OTHER}\n", f"# T\n\n{LONG}\n\n{OTHER}\n").matches[0]
    assert (match.new, match.likeness) == ((0, 1), "split")


def test_clauses_that_were_put_together_have_the_same_new_one() -> None:
    alignment = _align(f"# T\n\n{LONG}\n\n{OTHER}\n", f"# T\n\n{LONG} {OTHER}\n")
    assert [(match.new, match.likeness) for match in alignment.matches.values()] == [((0,), "merged")] * 2
    assert alignment.origins == {0: (0, 1)}


def test_two_candidates_alike_are_no_match_and_both_are_shown() -> None:
    new = f"# T\n\n{LONG} It is kept.\n\n{LONG} It was kept.\n"
    alignment = _align(f"# T\n\n{LONG} It will be kept for years.\n", new)
    assert alignment.matches == {}
    assert {candidate.new for candidate in alignment.candidates[0]} == {0, 1}


def test_words_that_stood_twice_are_matched_in_their_order_or_not_at_all() -> None:
    twice = f"# T\n\n{LONG}\n\nBetween.\n\n{LONG}\n"
    assert [match.new for match in _align(twice, twice).matches.values()] == [(0,), (1,), (2,)]
    assert set(_align(twice, f"# T\n\nBetween.\n\n{LONG}\n").matches) <= {1}


def test_a_rewritten_clause_of_other_words_is_not_matched() -> None:
    assert _align(f"# T\n\n{LONG}\n", f"# T\n\n{OTHER}\n").matches == {}


def test_a_section_goes_on_under_its_id_its_title_or_its_clauses() -> None:
    old = f"# A {{#one}}\n\n{LONG}\n\n# B\n\n{OTHER}\n\n# C\n\n{LONG} {OTHER}\n\n# D\n\nGone with its words.\n"
    new = f"# Renamed {{#one}}\n\n{LONG}\n\n# B {{#two}}\n\n{OTHER}\n\n# Another\n\n{LONG} {OTHER}\n"
    assert _align(old, new).sections == {"one": "one", "b": "two", "c": "another"}


@pytest.mark.skipif(not PAIRS, reason="the labs' documents are not on this machine")
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[1].parent.name)
def test_every_clause_of_a_release_whose_words_stand_in_the_next_is_found_there(pair: tuple) -> None:  # type: ignore[type-arg]
    old, new = (read_release(path) for path in pair)
    alignment = align_documents(old, new)
    words = {new.words_of(clause): number for number, clause in enumerate(new.clauses)}
    kept = [n for n, clause in enumerate(old.clauses) if old.words_of(clause) in words]
    assert len(kept) > len(old.clauses) * 0.8
    for number in kept:
        assert alignment.matches[number].likeness == "same"
        assert alignment.matches[number].new == (words[old.words_of(old.clauses[number])],)
    _check_one_to_one(alignment)


def _check_one_to_one(alignment: Alignment) -> None:
    """No new clause has two old ones, but where clauses were put together."""
    for new, origins in alignment.origins.items():
        kinds = {alignment.matches[old].likeness for old in origins}
        assert len(origins) == 1 or "merged" in kinds, (new, origins)


def test_the_alignment_depends_on_the_texts_alone(model_spec: Document) -> None:
    again = parse_document(model_spec.text, model_spec.id)
    assert align_documents(model_spec, again).matches == align_documents(again, model_spec).matches
