from __future__ import annotations

import pytest

from avenant.specs.document import Document, Section, Span
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


LEVELS = parse_document(
    """\
Before.

# Root {#one authority=root}

## Inherits

### Deeper

## Own {#own authority=user}

### From own

#### Deeper still {authority=guideline}

### From own again

## Inherits again

# None

## Still none

### Late {authority=developer}

## None again
""",
    "atelier/1",
)


def test_a_section_without_an_authority_level_has_that_of_the_nearest_heading_above_it() -> None:
    assert [(section.title, LEVELS.authority_of(section)) for section in LEVELS.sections] == [
        ("", None),
        ("Root", "root"),
        ("Inherits", "root"),
        ("Deeper", "root"),
        ("Own", "user"),
        ("From own", "user"),
        ("Deeper still", "guideline"),
        ("From own again", "user"),
        ("Inherits again", "root"),
        ("None", None),
        ("Still none", None),
        ("Late", "developer"),
        ("None again", None),
    ]


def test_the_authority_of_a_section_of_a_release_is_that_of_the_last_title_on_its_path_that_states_one(
    release: Document,
) -> None:
    stated: dict[tuple[str, ...], str | None] = {}
    for section in release.sections:
        inherited = next((stated[section.path[:end]] for end in range(len(section.path) - 1, 0, -1)
                          if stated.get(section.path[:end])), None)  # fmt: skip
        stated[section.path] = section.authority or inherited
        assert release.authority_of(section) == stated[section.path]


@pytest.mark.parametrize(
    ("fragment", "section_id"),
    [
        ("own", "own"),
        ("under-it-2", "under-it-2"),
        ("under-it", "under-it"),
        ("beside", "beside"),
        ("a’s-title", "own"),
        ("A's-Title", "own"),
        ("absent", None),
        ("", None),
    ],
)
def test_a_reference_points_at_a_heading_by_its_id_or_its_words(fragment: str, section_id: str | None) -> None:
    section = DOCUMENT.find_reference(fragment)
    assert (section.id if section else None) == section_id


def test_a_reference_in_another_script_points_at_its_own_heading() -> None:
    document = parse_document("# 規則\n\n# 目的 と 範囲\n", "atelier/1")
    found = [document.find_reference(fragment) for fragment in ("規則", "目的-と-範囲", "別")]
    assert [section and section.title for section in found] == ["規則", "目的 と 範囲", None]


def test_a_reference_in_curly_quotes_points_at_its_heading() -> None:
    document = parse_document("# On the “odd” word\n\n# Claude’s *own* view {#view}\n", "atelier/1")
    for fragment, title in (("on-the-“odd”-word", "On the “odd” word"), ("claude’s-own-view", "Claude’s own view")):
        section = document.find_reference(fragment)
        assert section is not None
        assert section.title == title


def test_clauses_have_numbers_and_words(release: Document) -> None:
    assert [release.index_of(clause) for clause in release.clauses] == list(range(len(release.clauses)))
    words = release.words.words
    assert [word for clause in release.clauses for word in release.words_of(clause)] == [
        word
        for word, (start, _) in zip(words, release.words.spans, strict=True)
        if release.clause_at(start) is not None
    ]


def test_a_link_that_shows_the_title_of_its_target_is_shown_with_it() -> None:
    text = "# Odile\n\n## Being *kind* {#be_kind}\n\nSee [?](#be_kind), [?](#nowhere) and [it](#be_kind)? *Yes*.\n"
    document = parse_document(text, "atelier/1")
    [clause] = document.clauses
    assert document.shown_slice(clause.span).strip() == 'See "Being kind", ? and it? Yes.'
    at = clause.span.start
    assert document.shown_slice(Span(at, at + len("See [?]"))) == 'See "Being kind"'
    assert document.folded_slice(clause.span).strip() == "See ?, ? and it? Yes."


def test_a_shown_slice_keeps_the_typography_of_the_source_and_loses_its_marks() -> None:
    text = "# One\n\nOdile’s **own**\n[view](#x)[^ab1d] — “wait…” 1\\. <!-- GOOD -->\n"
    document = parse_document(text, "atelier/1")
    [clause] = document.clauses
    assert document.shown_slice(clause.span).strip() == "Odile’s own view — “wait…” 1. <!-- GOOD -->"
    assert document.folded_slice(clause.span).strip() == 'Odile\'s own view - "wait..." 1. <!- GOOD ->'


def test_the_words_of_a_clause_are_those_that_a_reader_sees() -> None:
    text = "# One\n\nOdile’s **own** [view](#x)[^ab1d], 2 times:\n\n- It isn’t—*quite*—true.\n"
    document = parse_document(text, "atelier/1")
    assert [document.words_of(clause) for clause in document.clauses] == [
        ("odile's", "own", "view", "2", "times"),
        ("it", "isn't", "quite", "true"),
    ]
