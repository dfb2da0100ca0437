"""Two documents side by side: by threat model, and by topic, which is what either has a section with guidance on.

How near the guidance of one comes to that of the other is told clause by clause and both ways: each clause that
instructs the model is looked for in the other document, and the two scores are averaged, so that a clause which is
a little like everything is near to nothing. All of it is estimated from words and meanings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from avenant.coverage.matrix import LABELS
from avenant.coverage.retrieval import Hit, Query, Ranker, index_clauses
from avenant.coverage.search import place_of
from avenant.coverage.survey import WORDING, Column, Status
from avenant.coverage.table import Entry, Place, Row, Table
from avenant.errors import SpecError
from avenant.mask import Mask
from avenant.specs.document import Section
from avenant.specs.library import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

NEAR_TOPIC = 0.82
"""Mean of both ways' `Hit.score` from which two clauses are taken to guide the model on the same topic.

Chosen in November 2026 by reading what two labs' documents have in common: of the some 20 sections below it, about six
have a counterpart in the other document after all, and of those just above it a few have none. It belongs to the scale
of `Ranker.score`."""


NO_DOCUMENT = "no published document in this workspace"


@dataclass(frozen=True, slots=True)
class Topic:
    """A section with guidance to the model, and the guidance of the other document that comes nearest."""

    column_id: str
    """Whose section it is."""
    section_id: str
    path: tuple[str, ...]
    """Titles of the headings above it, outermost first, its own last."""
    line: int
    """Line of the heading in the document, from 1."""
    told: int
    """How many of its clauses tell the model what to do; those of sections under it do not count."""
    own: Place
    """Its clause that comes nearest to guidance of the other document; the first where there is none."""
    other: Place | None
    """The clause of the other document that comes nearest; None where there is no guidance to compare with."""
    nearness: float | None
    """How near the two come: about 1 the nearest that documents have; None where there is nothing to compare with."""

    @property
    def is_met(self) -> bool | None:
        """Whether the other document seems to have guidance on it; None where that cannot be told."""
        return None if self.nearness is None else self.nearness >= NEAR_TOPIC


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of two documents."""

    found: tuple[Topic, ...]
    """Those first to which the other document comes least near."""
    silent: tuple[int, int]
    """How many sections with text, of each document, do not tell the model what to do, and so are no topics."""

    def of(self, column_id: str) -> tuple[Topic, ...]:
        """The topics of one of the documents."""
        return tuple(topic for topic in self.found if topic.column_id == column_id)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents side by side, under the placeholder."""

    columns: tuple[Column, Column]
    placeholder: str
    """The name that stands for the labs' models; empty where no name had to be masked."""
    table: Table | None
    """Labels for threat models, from `sort_rows`; None where they were not asked for."""
    topics: Topics | None
    """None where they were not asked for."""

    def other_of(self, topic: Topic) -> Column:
        """The column that a topic is compared with."""
        first, second = self.columns
        return second if topic.column_id == first.id else first


def check_columns(columns: Sequence[Column]) -> tuple[Column, Column]:
    """Make sure that there are two different columns, one of them with a document.

    Raises:
        SpecError: there are not.
    """
    if len(columns) != 2:
        raise SpecError(
            f"{columns[0].id} cannot be compared with itself", mend="name two documents: see `avenant spec list`"
        )
    first, second = columns
    if first.spec is None and second.spec is None:
        raise SpecError(
            f"neither {first.id} nor {second.id} has a document in this workspace",
            mend="take one in: avenant spec add FILE --as lab/version",
        )
    return first, second


def say_no_label(status: Status) -> str:
    """Why a column has no labels, in a few words."""
    return NO_DOCUMENT if status in ("no-document", "not-here") else WORDING[status]


def say_status(column: Column) -> str:
    """Why nothing can be told of a column, for people."""
    if column.status == "not-here":
        return f"{NO_DOCUMENT}; take it in: avenant spec add {column.id}"
    return NO_DOCUMENT if column.spec is None else WORDING[column.status]


def sort_rows(table: Table) -> Table:
    """A table of two columns with the rows first in which one document has guidance and the other none."""
    return replace(table, rows=tuple(sorted(table.rows, key=_sameness)))


def find_topics(
    columns: tuple[Column, Column], mask: Mask, *, progress: Callable[[int, int], None] | None = None
) -> Topics:
    """The topics of two documents: each section of either that tells the model what to do.

    Args:
        columns: the documents, or labs without one.
        mask: for all words of the documents.
        progress: called with the number of clauses that were looked for, and of all.
    """
    sides = [_read_side(column) for column in columns]
    nearness = _measure(sides[0], sides[1], progress) if all(side and side.numbers for side in sides) else None
    topics: list[Topic] = []
    silent = [0, 0]
    for number, side in enumerate(sides):
        if side is None:
            continue
        scores = nearness.T if nearness is not None and number else nearness
        for section, rows in side.sections:
            if rows:
                topics.append(_topic(section, rows, side, sides[1 - number], scores, mask))
            else:
                silent[number] += bool(side.spec.document.clauses_of(section))
    # Where nothing can be told, the order of the documents stays.
    topics.sort(key=lambda topic: (topic.is_met or False, topic.nearness or 0.0))
    return Topics(tuple(topics), (silent[0], silent[1]))


def _sameness(row: Row) -> int:
    """0 where one document is labelled addressed and the other absent, more the less that matters."""
    first, second = (_rank(entry) for entry in row.entries)
    if first is None or second is None:
        # Against a lab without a document all of them are one-sided: what is addressed comes first.
        return len(LABELS) - 1 - max(first or 0, second or 0)
    low, high = sorted((first, second))
    order = [(0, 2), (1, 2), (0, 1), (2, 2), (1, 1), (0, 0)]
    return order.index((low, high))


def _rank(entry: Entry) -> int | None:
    return None if entry.label is None else LABELS.index(entry.label)


@dataclass(frozen=True, slots=True)
class _Side:
    """A document's clauses that instruct the model."""

    spec: Spec
    ranker: Ranker
    numbers: tuple[int, ...]
    """Of the clauses, from 0."""

    @property
    def sections(self) -> list[tuple[Section, list[int]]]:
        """Each section with which of the clauses stand in it, counted among those that instruct."""
        rows: dict[str, list[int]] = {}
        for row, number in enumerate(self.numbers):
            rows.setdefault(self.ranker.units[number].clause.section_id, []).append(row)
        return [(section, rows.get(section.id, [])) for section in self.spec.document.sections]

    def place(self, row: int, score: float, mask: Mask) -> Place:
        """One of the clauses, as it may be shown."""
        return place_of(self.spec, Hit(self.ranker.units[self.numbers[row]], score, 0.0, 0.0), mask)


def _read_side(column: Column) -> _Side | None:
    if column.spec is None or column.status != "read":
        return None
    ranker = index_clauses(column.spec.document, column.spec.agents)
    told = (number for number, unit in enumerate(ranker.units) if unit.voice.speaker == "instruction")
    return _Side(column.spec, ranker, tuple(told))


def _measure(first: _Side | None, second: _Side | None, progress: Callable[[int, int], None] | None) -> Scores | None:
    """How near each instruction of the one comes to each of the other, both ways."""
    import numpy as np

    assert first is not None
    assert second is not None
    total = len(first.numbers) + len(second.numbers)
    ways: list[Scores] = []
    for side, other in ((first, second), (second, first)):
        columns = np.array(other.numbers)
        scores: list[Scores] = []
        for number in side.numbers:
            scores.append(other.ranker.score(Query(side.ranker.units[number].neutral))[columns])
            if progress is not None:
                progress(len(scores) + (len(ways) and len(first.numbers)), total)
        ways.append(np.array(scores))
    mean: Scores = (ways[0] + ways[1].T) / 2
    return mean


def _topic(
    section: Section, rows: Sequence[int], side: _Side, other: _Side | None, scores: Scores | None, mask: Mask
) -> Topic:
    own, place, nearness = side.place(rows[0], 0.0, mask), None, None
    if scores is not None and other is not None:
        part = scores[list(rows)]
        at, column = divmod(int(part.argmax()), part.shape[1])
        nearness = float(part[at, column])
        own, place = side.place(rows[at], nearness, mask), other.place(column, nearness, mask)
    return Topic(
        column_id=side.spec.id,
        section_id=mask.id(section.id),
        path=tuple(map(mask, section.path)),
        line=side.spec.document.line(section.span.start),
        told=len(rows),
        own=own,
        other=place,
        nearness=nearness,
    )
