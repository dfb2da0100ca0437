"""Two documents side by side as a page for people: by threat model, and by topic."""

from __future__ import annotations

from dataclasses import dataclass

from avenant.canary import PROJECT_CANARY
from avenant.coverage.comparison import Comparison, Topic, say_no_label, say_status
from avenant.coverage.survey import Column
from avenant.coverage.table import Entry, Place, Row
from avenant.coverage.wording import MARKS, UNSURE, percent_of
from avenant.pages.page import render_page
from avenant.text import cut_at_word

_LONGEST_QUOTE = 320
"""Characters of a clause that are shown."""


@dataclass(frozen=True, slots=True)
class _Clause:
    place: Place
    quote: str


@dataclass(frozen=True, slots=True)
class _Cell:
    entry: Entry
    mark: str
    wording: str
    """What is read where there is no label."""
    clause: _Clause | None
    is_evidence: bool
    """Whether the clause speaks for the label; else it is the nearest miss."""


@dataclass(frozen=True, slots=True)
class _Threat:
    row: Row
    cells: list[_Cell]


@dataclass(frozen=True, slots=True)
class _Topic:
    topic: Topic
    title: str
    nearness: str
    own: _Clause
    other: _Clause | None
    other_id: str


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the documents."""

    column: Column
    wording: str
    """Why nothing can be told of it; empty where something can."""
    topics: int
    alone: int
    """Of its topics, to how many the other document does not come near."""
    silent: int


def render_comparison(comparison: Comparison) -> str:
    """One page with the labels and the topics of two documents.

    Args:
        comparison: what was found, under the name that the page is to speak of.
    """
    table, topics = comparison.table, comparison.topics
    return render_page(
        "comparison.html",
        canary=PROJECT_CANARY,
        title=f"{comparison.columns[0].id} and {comparison.columns[1].id} side by side",
        sides=[_side(comparison, number) for number in (0, 1)],
        threats=None
        if table is None
        else [_Threat(row, [_cell(entry) for entry in row.entries]) for row in table.rows],
        topics=None if topics is None else [_topic(topic, comparison) for topic in topics.found],
        placeholder=comparison.placeholder,
        unsure=percent_of(UNSURE),
    )


def _side(comparison: Comparison, number: int) -> _Side:
    column = comparison.columns[number]
    topics = comparison.topics.of(column.id) if comparison.topics else ()
    silent = comparison.topics.silent[number] if comparison.topics else 0
    alone = sum(topic.is_met is False for topic in topics)
    return _Side(column, "" if column.status == "read" else say_status(column), len(topics), alone, silent)


def _cell(entry: Entry) -> _Cell:
    return _Cell(
        entry=entry,
        mark=MARKS[entry.label] if entry.label else "",
        wording=say_no_label(entry.status),
        clause=_clause(entry.nearest) if entry.nearest else None,
        is_evidence=bool(entry.evidence),
    )


def _topic(topic: Topic, comparison: Comparison) -> _Topic:
    return _Topic(
        topic=topic,
        title=topic.path[-1] if topic.path else "Before the first heading",
        nearness="" if topic.nearness is None else f"{topic.nearness:.2f}",
        own=_clause(topic.own),
        other=_clause(topic.other) if topic.other else None,
        other_id=comparison.other_of(topic).id,
    )


def _clause(place: Place) -> _Clause:
    return _Clause(place, cut_at_word(place.text, _LONGEST_QUOTE))
