from __future__ import annotations

from importlib import resources
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import TrialError
from avenant.specs.document import Document, Span
from avenant.specs.parse import parse_document
from avenant.trials.cut import Cut, CutStyle, cut_document

TEXT = (resources.files("avenant") / "example/odile-constitution.md").read_text(encoding="utf-8")
DOCUMENT: Document = parse_document(TEXT, "atelier/2026-09-01")
EDGES = sorted({0, len(TEXT), *(c.span.start for c in DOCUMENT.clauses), *(s.span.start for s in DOCUMENT.sections)})
STYLES = st.sampled_from(get_args(CutStyle))
PLACES = st.sampled_from(DOCUMENT.clauses).map(lambda clause: Span(clause.span.end, clause.span.end))


def cut(place: Span, style: CutStyle, budget: int | None) -> Cut:
    """A cut in which a token is a character, so that costs add up."""
    return cut_document(DOCUMENT, place, budget_tokens=budget, style=style, count_tokens=len)


@given(PLACES, STYLES, st.integers(600, len(TEXT) + 100))
def test_a_cut_holds_the_place_and_whole_clauses_within_the_budget(place: Span, style: CutStyle, budget: int) -> None:
    span = cut(place, style, budget).span

    assert span.start < place.start <= span.end
    assert span.end - span.start <= budget
    assert span.start in EDGES
    assert span.end in {*EDGES, place.end}


@given(PLACES, STYLES, st.integers(600, len(TEXT) + 100))
def test_nothing_next_to_a_cut_would_still_fit(place: Span, style: CutStyle, budget: int) -> None:
    span = cut(place, style, budget).span
    left = budget - (span.end - span.start)

    if span.start > 0:
        assert span.start - max(edge for edge in EDGES if edge < span.start) > left
    if style == "around" and span.end < len(TEXT):
        assert min(edge for edge in EDGES if edge > span.end) - span.end > left


@given(PLACES, st.integers(600, len(TEXT) + 100))
def test_a_cut_before_ends_at_the_place(place: Span, budget: int) -> None:
    assert cut(place, "before", budget).span.end == place.end


@given(PLACES)
def test_a_cut_around_has_clauses_on_both_sides_where_there_are_any(place: Span) -> None:
    span = cut(place, "around", 2500).span

    assert span.end > place.end or place.end == len(TEXT) or not TEXT[place.end :].strip()


@pytest.mark.parametrize("budget", [None, len(TEXT)])
def test_a_document_that_fits_is_shown_whole(budget: int | None) -> None:
    place = Span(DOCUMENT.clauses[5].span.end, DOCUMENT.clauses[5].span.end)

    assert cut(place, "around", budget) == Cut(Span(0, len(TEXT)), True)
    assert not cut(place, "around", len(TEXT) - 1).is_whole


def test_a_document_before_a_place_in_the_middle_is_never_whole() -> None:
    place = Span(DOCUMENT.clauses[5].span.end, DOCUMENT.clauses[5].span.end)

    assert cut(place, "before", None) == Cut(Span(0, place.end), False)


@given(PLACES, STYLES, st.integers(-50, 20))
def test_a_budget_in_which_not_one_clause_fits_is_an_error(place: Span, style: CutStyle, budget: int) -> None:
    with pytest.raises(TrialError, match="not one clause before the passage fits") as caught:
        cut(place, style, budget)
    assert "--document-tokens" in str(caught.value)


def test_a_replaced_place_is_inside_the_cut() -> None:
    clause = DOCUMENT.clauses[8].span
    place = Span(clause.start + 5, clause.end - 5)

    for style in get_args(CutStyle):
        found = cut(place, style, 1500).span
        assert found.contains(place)
        assert found.end - found.start <= 1500
