from __future__ import annotations

import pytest

from avenant.coverage.excerpt import make_excerpt
from avenant.coverage.retrieval import Query
from avenant.errors import SpecError
from tests.coverage.asking import SOURCE, make_spec

QUERY = Query("praise that misleads people")


def _count(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize("budget", [None, 1000])
def test_a_document_that_fits_is_shown_whole(budget: int | None) -> None:
    excerpt = make_excerpt(make_spec(), QUERY, budget_tokens=budget, count_tokens=_count)
    assert excerpt.is_whole
    assert excerpt.text == SOURCE.strip()
    assert excerpt.left_out == ()


def test_one_that_does_not_fit_is_cut_to_whole_clauses_in_its_order_and_within_the_budget() -> None:
    spec = make_spec()
    excerpt = make_excerpt(spec, QUERY, budget_tokens=50, count_tokens=_count)
    assert not excerpt.is_whole
    assert 0 < len(excerpt.clauses) < len(spec.document.clauses)
    assert len(excerpt.clauses) + len(excerpt.left_out) == len(spec.document.clauses)
    assert _count(excerpt.text) <= 50
    assert "[…]" in excerpt.text
    starts = [clause.span.start for clause in excerpt.clauses]
    assert starts == sorted(starts)
    for clause in excerpt.clauses:
        assert spec.document.slice(clause.span).strip() in excerpt.text
        assert spec.document.section(clause.section_id).title in excerpt.text
    assert excerpt.words < _count(SOURCE)


def test_a_gap_is_marked_wherever_something_is_left_out() -> None:
    excerpt = make_excerpt(make_spec(), QUERY, budget_tokens=50, count_tokens=_count)
    numbers = [excerpt.document.index_of(clause) for clause in excerpt.clauses]
    gaps = sum(
        after > before + 1
        for before, after in zip([-1, *numbers], [*numbers, len(excerpt.document.clauses)], strict=True)
    )
    assert excerpt.text.count("[…]") == gaps


def test_a_room_that_is_too_small_for_any_clause_is_said() -> None:
    with pytest.raises(SpecError, match="not one clause") as caught:
        make_excerpt(make_spec(), QUERY, budget_tokens=3, count_tokens=_count)
    assert "--document-tokens" in str(caught.value)
