"""A survey as people and programs see it: its words under the placeholder, its clauses with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.matrix import LABELS, Cell, Label
from avenant.coverage.opinion import Opinion
from avenant.coverage.retrieval import Hit, heard_spans
from avenant.coverage.survey import WORDING, Column, Status, Survey
from avenant.coverage.voice import Speaker
from avenant.coverage.wording import FORCES, SPEAKERS, UNSURE, percent_of, reason_of
from avenant.mask import Mask
from avenant.reading.acts import Force
from avenant.reading.judgement import Judgement, Strength
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.text import LIST_MARK, count_words

_OPENING = re.compile(rf"{LIST_MARK}\s+|[~`]{{3,}}\w*\s*|!!! \w+(?: \"[^\"]*\")?\s*")
_CLOSING = re.compile(r"\s*[~`]{3,}$")


@dataclass(frozen=True, slots=True)
class Place:
    """A clause as it may be shown."""

    clause_id: str
    text: str
    """Its words, without list marks, fences and the heads of notes."""
    lead: str
    """The stem of its list; empty where it is no item of one."""
    section_id: str
    section: tuple[str, ...]
    """Titles of the headings above it, outermost first."""
    authority: str | None
    """The authority level of its section, where the document has levels."""
    line: int
    """Line of its first character in the document, from 1."""
    span: Span
    """Where it stands in the document's text."""
    speaker: Speaker | None
    """Who speaks in it; None where nobody looked."""
    force: Force | None
    """The firmest word with which it tells the model what to do."""
    score: float | None
    """How near it is to what was looked for; None where it was not found by looking."""

    @property
    def where(self) -> str:
        """Its line and headings, who speaks in it and how firmly, in one line."""
        section = " > ".join(self.section) or "before the first heading"
        speaker = SPEAKERS[self.speaker] if self.speaker else ""
        if self.force:
            speaker += f", {FORCES[self.force]}"
        level = f"authority {self.authority}" if self.authority else ""
        return "; ".join(part for part in (f"line {self.line}", section, speaker, level) if part)


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """What a document says on one facet of a threat model."""

    question: str
    is_met: bool
    place: Place | None
    """The clause that meets it, or comes nearest to it."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What a document has judged on a threat model: an amendment on it would contest that."""

    place: Place
    marker: str
    """The words by which the judgement is known."""
    strength: Strength
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One threat model in one column."""

    column_id: str
    status: Status
    label: Label | None
    """None where none can be given."""
    confidence: float | None
    """From 0 to 1: the estimated chance that a careful reader would give this label; None where a judge gave it, whose
    chance nobody measured."""
    score: float | None
    """How much guidance there seems to be, from 0 to 1."""
    reason: str
    """Why this label, said from the data."""
    evidence: tuple[Place, ...] = ()
    near_miss: Place | None = None
    facets: tuple[ShownFacet, ...] = ()
    contest: Contest | None = None
    opinion: Opinion | None = None
    """What a judge made of it, where one was asked; where its reply counts, label and reason are its own."""
    chances: Mapping[Label, float] = field(default_factory=dict)
    """The estimated chance of each label, before a judge was asked."""

    @property
    def is_unsure(self) -> bool:
        """Whether the label is little better than a guess."""
        return self.confidence is not None and self.confidence < UNSURE

    @property
    def certainty(self) -> str:
        """How sure the label is, as people read it: a percentage, or that a judge gave it."""
        if self.label is None:
            return ""
        return "by judge" if self.confidence is None else percent_of(self.confidence)

    @property
    def shares(self) -> str:
        """The chance of each label, as people read it; empty where none was estimated."""
        return ", ".join(f"{label} {percent_of(chance)}" for label, chance in self.chances.items())

    @property
    def is_judged(self) -> bool:
        """Whether a judge gave the label."""
        return self.opinion is not None and self.opinion.label is not None

    @property
    def nearest(self) -> Place | None:
        """The best clause for its label; where it is absent, the nearest miss."""
        return self.evidence[0] if self.evidence else self.near_miss

    @property
    def met(self) -> int:
        """How many facets are met."""
        return sum(one.is_met for one in self.facets)


@dataclass(frozen=True, slots=True)
class Row:
    """One threat model in all columns."""

    threat: ThreatModel
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said of a column."""

    id: str
    status: Status
    title: str
    """The document's title; empty where there is no document."""
    path: str
    """The document's file, below the workspace; empty where there is none."""
    words: int | None
    """How many words the document has."""
    counts: tuple[tuple[Label, int], ...]
    """How many threat models have each label; none where no label is given."""


@dataclass(frozen=True, slots=True)
class Table:
    """A survey as it may be shown."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    note: str
    """What the placeholder stands for; empty where no name had to be masked."""

    def with_labels(self, labels: Sequence[str]) -> Table:
        """The rows alone that have one of these labels in some column; the headings count all of them still."""
        kept = tuple(row for row in self.rows if any(entry.label in labels for entry in row.entries))
        return replace(self, rows=kept)


def make_table(survey: Survey, placeholder: str, names: Sequence[str] = ()) -> Table:
    """A survey under the placeholder.

    Args:
        survey: what was found.
        placeholder: the name that stands for the labs' models.
        names: further names of models, for the words of threat models.
    """
    specs = [column.spec for column in survey.columns if column.spec is not None]
    own = (name for spec in specs for name in spec.model_names)
    mask = Mask(tuple(dict.fromkeys((*own, *names))), placeholder)
    rows = tuple(
        Row(
            _masked_threat(threat, mask),
            tuple(_entry(column, cell, mask) for column, cell in zip(survey.columns, cells, strict=True)),
        )
        for threat, cells in survey.rows
    )
    note = f"{placeholder} stands for the names of the labs' models." if mask.names else ""
    columns = zip(*(row.entries for row in rows), strict=True) if rows else ([] for _ in survey.columns)
    headings = (_heading(one, entries, mask) for one, entries in zip(survey.columns, columns, strict=True))
    return Table(tuple(headings), rows, note)


def _heading(column: Column, entries: Sequence[Entry], mask: Mask) -> Heading:
    if column.spec is None:
        return Heading(_column_id(column, mask), column.status, "", "", None, ())
    counts = tuple((label, sum(entry.label == label for entry in entries)) for label in LABELS)
    return Heading(
        id=column.id,
        status=column.status,
        title=mask(column.spec.manifest.title),
        path=f"specs/{column.id}.md",
        words=count_words(column.spec.document.text),
        counts=counts if column.status == "read" else (),
    )


def _column_id(column: Column, mask: Mask) -> str:
    return column.id if column.spec is not None else mask.id(column.id)


def _masked_threat(threat: ThreatModel, mask: Mask) -> ThreatModel:
    return replace(
        threat,
        id=mask.id(threat.id),
        title=mask(threat.title),
        description=mask(threat.description),
        harms=mask(threat.harms),
        conduct=mask(threat.conduct),
    )


def _entry(column: Column, cell: Cell | None, mask: Mask) -> Entry:
    column_id = _column_id(column, mask)
    if cell is None:
        return Entry(column_id, column.status, None, None, None, WORDING[column.status])
    spec = cell.spec
    opinion = _masked_opinion(cell.opinion, mask) if cell.opinion else None
    is_judged = opinion is not None and opinion.label is not None
    return Entry(
        column_id=column_id,
        status=column.status,
        label=cell.label,
        confidence=None if is_judged else cell.confidence,
        score=cell.score,
        reason=opinion.why if opinion and is_judged and opinion.why else reason_of(cell),
        evidence=tuple(_place(spec, hit, mask) for hit in cell.evidence),
        near_miss=_place(spec, cell.near_miss, mask) if cell.near_miss else None,
        facets=tuple(
            ShownFacet(mask(one.question), one.is_met, _place(spec, one.hit, mask) if one.hit else None)
            for one in cell.facets
        ),
        contest=_contest(spec, cell.judgement, mask) if cell.judgement else None,
        opinion=opinion,
        chances=cell.chances,
    )


def _masked_opinion(opinion: Opinion, mask: Mask) -> Opinion:
    return replace(
        opinion,
        model=mask(opinion.model),
        quotes=tuple(map(mask, opinion.quotes)),
        why=mask(opinion.why).rstrip("."),
        problems=tuple(map(mask, opinion.problems)),
    )


def _place(spec: Spec, hit: Hit, mask: Mask) -> Place:
    return place_of_hit(spec, hit, _bare(shown_words(spec.document, hit.clause)), mask)


def place_of_hit(spec: Spec, hit: Hit, text: str, mask: Mask) -> Place:
    """A clause that was found, as it may be shown.

    Args:
        spec: the document.
        hit: the clause.
        text: its words, without what is not to be shown of them.
        mask: for all words of the document.
    """
    unit = hit.unit
    bare = _place_of_clause(spec, hit.clause, text, mask)
    return replace(bare, lead=mask(unit.lead), speaker=unit.voice.speaker, force=unit.voice.force, score=hit.score)


def _place_of_clause(spec: Spec, clause: Clause, text: str, mask: Mask) -> Place:
    section = spec.document.section(clause.section_id)
    return Place(
        clause_id=mask.id(clause.id),
        text=mask(text),
        lead="",
        section_id=mask.id(section.id),
        section=tuple(map(mask, section.path)),
        authority=spec.document.authority_of(section),
        line=clause.line,
        span=clause.span,
        speaker=None,
        force=None,
        score=None,
    )


def shown_words(document: Document, clause: Clause) -> str:
    """The words of a clause that count for what was looked for, in one line, as the document has them."""
    return " ".join(" ".join(document.shown_slice(span).split()) for span in heard_spans(clause)).strip()


def _bare(text: str) -> str:
    """The words of a clause without the mark of a list item, the fence of an example or the head of a note."""
    opening = _OPENING.match(text)
    return _CLOSING.sub("", text[opening.end() :] if opening else text)


def _contest(spec: Spec, judgement: Judgement, mask: Mask) -> Contest:
    document = spec.document
    text = document.shown_slice(judgement.clause.span).strip()
    sentence = " ".join(document.shown_slice(judgement.span).split())
    place = _place_of_clause(spec, judgement.clause, _bare(text), mask)
    return Contest(place, mask(judgement.marker), judgement.strength, mask(sentence))
