from __future__ import annotations

import pytest

from avenant.specs.document import Section, Span
from avenant.specs.parse import parse_document

TEXT = """\
Preamble.

# A’s title {#own}

One.

## Under *it*

Two.

### Deeper

Three.

## Beside

Four.

# Under it

Five.
"""
DOCUMENT = parse_document(TEXT, "atelier/2026-09-01")


def _section(section_id: str) -> Section:
    return DOCUMENT.section(section_id)


def test_a_span_contains_what_lies_wholly_inside() -> None:
    assert Span(1, 4).contains(Span(1, 4))
    assert Span(1, 4).contains(Span(2, 2))
    assert not Span(1, 4).contains(Span(0, 2))
    assert not Span(1, 4).contains(Span(3, 5))


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ("own", ["own"]),
        ("A's title", ["own"]),
        ("# a’s TITLE", ["own"]),
        ("Under it", ["under-it", "under-it-2"]),
        ("under-it-2", ["under-it-2"]),
        ("**Deeper**", ["deeper"]),
        ("absent", []),
    ],
)
def test_sections_are_found_by_id_or_title_whatever_the_typography(wanted: str, ids: list[str]) -> None:
    assert [section.id for section in DOCUMENT.find_sections(wanted)] == ids


@pytest.mark.parametrize(
    ("section_id", "first", "last"),
    [
        ("preamble", "Preamble.", "Preamble."),
        ("own", "# A’s", "Four."),
        ("under-it", "## Under", "Three."),
        ("beside", "## Beside", "Four."),
        ("under-it-2", "# Under", "Five."),
    ],
)
def test_a_subtree_ends_where_a_heading_of_its_level_begins(section_id: str, first: str, last: str) -> None:
    words = DOCUMENT.slice(DOCUMENT.subtree(_section(section_id)))
    assert words.startswith(first)
    assert words.rstrip().endswith(last)


def test_the_clauses_of_a_section_are_not_those_of_the_sections_under_it() -> None:
    assert [DOCUMENT.slice(clause.span) for clause in DOCUMENT.clauses_of(_section("under-it"))] == ["Two.\n"]


def test_there_is_no_clause_on_a_heading_or_between_blocks() -> None:
    assert DOCUMENT.clause_at(TEXT.index("# A")) is None
    assert DOCUMENT.clause_at(TEXT.index("\n\n# A") + 1) is None
    clause = DOCUMENT.clause_at(TEXT.index("wo."))
    assert clause is not None
    assert (DOCUMENT.slice(clause.span), clause.line) == ("Two.\n", 9)


def test_lines_count_from_one() -> None:
    assert [DOCUMENT.line(offset) for offset in (0, TEXT.index("\n"), TEXT.index("\n") + 1)] == [1, 1, 2]
    assert parse_document("\n\nwords\n", "x/1").line(2) == 3
    assert DOCUMENT.line(len(TEXT)) == TEXT.count("\n") + 1
