from __future__ import annotations

from dataclasses import replace

import pytest

import avenant.coverage.comparison
from avenant.coverage.comparison import NEAR_TOPIC, check_columns, find_topics, sort_rows
from avenant.coverage.matrix import LABELS, Label
from avenant.coverage.survey import Column
from avenant.coverage.table import Entry, Row, Table
from avenant.errors import SpecError
from avenant.mask import Mask
from tests.coverage.materials import COUP
from tests.coverage.plain_ranker import index_plainly
from tests.coverage.specs import make_spec

FIRST = """\
# How Odile acts

We explain our reasons.

## Flattery

Odile must not praise work that is poor.

Odile should say plainly where a draft falls short.

## Bread

Odile must weigh its flour before baking a loaf.
"""
SECOND = """\
# The assistant

## Sycophancy

The assistant must not praise work that is poor.

## Ships

The assistant must never steer a vessel into harbour without a pilot aboard.

## History

People began to sail long ago.
"""
MASK = Mask(("Odile",), "Clément")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avenant.coverage.comparison, "index_clauses", index_plainly)


@pytest.fixture
def columns() -> tuple[Column, Column]:
    return (
        Column("atelier/1", "read", make_spec(FIRST)),
        Column("other/1", "read", make_spec(SECOND, "other/1", subject="the assistant")),
    )


def test_each_section_with_guidance_is_a_topic_and_the_others_are_counted(columns: tuple[Column, Column]) -> None:
    topics = find_topics(columns, MASK)
    assert {(one.column_id, one.path[-1], one.told) for one in topics.found} == {
        ("atelier/1", "Flattery", 2),
        ("atelier/1", "Bread", 1),
        ("other/1", "Sycophancy", 1),
        ("other/1", "Ships", 1),
    }
    assert topics.silent == (1, 1), "the reasons; how sailing began; not the heading without text"
    assert [one.path[-1] for one in topics.of("other/1")] == [
        one.path[-1] for one in topics.found if one.column_id == "other/1"
    ]


def test_the_nearest_guidance_of_the_other_is_given_and_what_has_none_comes_first(
    columns: tuple[Column, Column],
) -> None:
    found = {one.path[-1]: one for one in find_topics(columns, MASK).found}
    flattery = found["Flattery"]
    assert flattery.other is not None
    assert flattery.own.text == "Clément must not praise work that is poor."
    assert flattery.other.text == "The assistant must not praise work that is poor."
    assert flattery.nearness is not None
    assert flattery.nearness > max(found[title].nearness or 0 for title in ("Bread", "Ships"))
    assert [one.is_met for one in find_topics(columns, MASK).found] == [False] * 2 + [
        (flattery.nearness >= NEAR_TOPIC)
    ] * 2
    assert found["Sycophancy"].nearness == pytest.approx(flattery.nearness), "both ways it is the same"


def test_progress_is_told_clause_by_clause(columns: tuple[Column, Column]) -> None:
    told: list[tuple[int, int]] = []
    find_topics(columns, MASK, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 5) for number in range(1, 6)]


@pytest.mark.parametrize("status", ["no-document", "not-english", "no-clause"])
def test_beside_what_cannot_be_read_topics_have_no_counterpart(columns: tuple[Column, Column], status: str) -> None:
    other = Column("other", "no-document")
    if status != "no-document":
        other = replace(columns[1], status=status)  # type: ignore[arg-type]
    topics = find_topics((columns[0], other), MASK)
    assert [(one.path[-1], one.other, one.nearness, one.is_met) for one in topics.found] == [
        ("Flattery", None, None, None),
        ("Bread", None, None, None),
    ], "in the order of the document"


def test_a_document_without_guidance_leaves_nothing_to_compare_with(columns: tuple[Column, Column]) -> None:
    silent = Column("other/1", "read", make_spec("# History\n\nPeople sailed long ago.\n", "other/1"))
    assert {one.is_met for one in find_topics((columns[0], silent), MASK).found} == {None}


def test_two_columns_are_needed_and_one_document(columns: tuple[Column, Column]) -> None:
    nobody, noone = Column("mistral", "no-document"), Column("openai", "not-here")
    assert check_columns(columns) == columns
    assert check_columns((nobody, columns[0])) == (nobody, columns[0])
    with pytest.raises(SpecError, match="atelier/1 cannot be compared with itself"):
        check_columns(columns[:1])
    with pytest.raises(SpecError, match="neither mistral nor openai has a document"):
        check_columns((nobody, noone))


def test_rows_come_first_in_which_one_has_guidance_and_the_other_none() -> None:
    def row(first: Label | None, second: Label | None) -> Row:
        return Row(COUP, (_entry(first), _entry(second)))

    pairs: list[tuple[Label | None, Label | None]] = [(one, other) for one in LABELS for other in LABELS]
    table = sort_rows(Table((), tuple(row(*pair) for pair in pairs), ""))
    assert [tuple(entry.label for entry in one.entries) for one in table.rows] == [
        ("absent", "addressed"),
        ("addressed", "absent"),
        ("mentioned", "addressed"),
        ("addressed", "mentioned"),
        ("absent", "mentioned"),
        ("mentioned", "absent"),
        ("addressed", "addressed"),
        ("mentioned", "mentioned"),
        ("absent", "absent"),
    ]
    alone = sort_rows(Table((), tuple(row(label, None) for label in LABELS), ""))
    assert [one.entries[0].label for one in alone.rows] == ["addressed", "mentioned", "absent"]


def _entry(label: Label | None) -> Entry:
    return Entry("atelier/1", "read" if label else "no-document", label, None, None, "")
