"""Threat models by documents: absent, mentioned or addressed, each with its evidence.

*absent*: nothing comes nearer to it than general principles; *mentioned*: the topic appears, and the model is not told
how to act; *addressed*: the model is told how to act against it. All of it is estimated from words and says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from avenant.coverage.catalogue import GRAVITIES, ThreatModel
from avenant.coverage.opinion import Opinion
from avenant.coverage.retrieval import Hit, Query, index_clauses
from avenant.coverage.thesaurus import read_thesaurus
from avenant.coverage.voice import Speaker
from avenant.reading.judgement import Judgement, find_judgements
from avenant.specs.library import Spec

Label = Literal["absent", "mentioned", "addressed"]
LABELS: tuple[Label, ...] = get_args(Label)


_SAYING: tuple[Speaker, ...] = ("instruction", "background", "promise", "commentary")
"""Who speaks for the document itself."""
_EVIDENCE = 3
"""So many clauses are shown."""
_CLOSE = 40
"""Among so many clauses an answer to a facet is looked for."""
_FACET = 0.34
"""Nearness from which a clause may answer a facet; a weak sign, see docs/gaps.md."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a nearness is read, fitted by logistic regression to 166 cells that a reader labelled for this purpose.

    `python benchmarks/coverage_fit.py` gives the figures again.
    """

    slope: float
    middle: float
    """The nearness at which it is as likely as not, and from which it is said."""

    def chance(self, nearness: float) -> float:
        """The estimated chance, from 0 to 1."""
        return 1 / (1 + math.exp(-self.slope * (nearness - self.middle)))


_ADDRESSED = Scale(slope=19.07, middle=0.479)
"""Of being addressed, by the nearest instruction."""
_PRESENT = Scale(slope=15.63, middle=0.434)
"""Of being mentioned or addressed, by the nearest clause that speaks for the document."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One sub-question of a threat model, and what the document says on it."""

    question: str
    is_met: bool
    hit: Hit | None
    """The clause that comes nearest to an answer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One threat model in one document."""

    threat: ThreatModel
    spec: Spec
    label: Label
    confidence: float
    """From 0 to 1: the estimated chance that a careful reader would give this label."""
    score: float
    """How much guidance there seems to be, from 0 to 1; labels are cut from it."""
    evidence: tuple[Hit, ...]
    """The clauses that speak for the label, best first; none where it is absent."""
    near_miss: Hit | None
    """Where it is absent, the clause likeliest to be taken for coverage."""
    facets: tuple[Facet, ...]
    """In the order of the threat model's facets."""
    judgement: Judgement | None
    """What the document has judged on it, where it seems to have: hard to move."""
    opinion: Opinion | None = None
    """What a judge made of it, where one was asked."""
    chances: Mapping[Label, float] = field(default_factory=dict)
    """The estimated chance of each label, all of them together 1. The label is the middle one: of *absent* and
    *addressed* the one whose chance is at least a half, else *mentioned*, even where that is the least likely."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """All threat models in all documents."""

    threats: tuple[ThreatModel, ...]
    """Those most worth an outsider's work first: grave, absent, not contested."""
    specs: tuple[Spec, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """A row for each threat model, a cell for each document."""

    @property
    def is_answered(self) -> bool:
        """Whether every question that was to be put to a judge got a reply, of whatever worth."""
        opinions = (cell.opinion for row in self.cells for cell in row)
        return all(opinion is None or opinion.is_answered for opinion in opinions)

    def cell(self, threat_id: str, spec_id: str) -> Cell:
        """The cell of a threat model and a document, both known to be there."""
        return next(
            cell for row in self.cells for cell in row if (cell.threat.id, cell.spec.id) == (threat_id, spec_id)
        )


def find_coverage(
    catalogue: Sequence[ThreatModel], specs: Sequence[Spec], *, progress: Callable[[int], None] | None = None
) -> Matrix:
    """Estimate what documents cover of threat models.

    Args:
        catalogue: the threat models.
        specs: the documents.
        progress: called with the number of cells that are done.

    Raises:
        ModelError: the files of a model of `vectors` are missing.
    """
    rows = []
    for threat in catalogue:
        rows.append(tuple(_find_cell(threat, spec) for spec in specs))
        if progress is not None:
            progress(len(rows) * len(specs))
    order = sorted(range(len(rows)), key=lambda number: rank_for_work(rows[number]))
    return Matrix(tuple(catalogue[i] for i in order), tuple(specs), tuple(rows[i] for i in order))


def rank_for_work(row: Sequence[Cell]) -> tuple[float, ...]:
    """The key by which rows are sorted: what is absent first, of that what is grave, and what nobody has judged."""
    if not row:
        return ()
    absence = sum(LABELS.index(cell.label) for cell in row) / len(row)
    contested = sum(cell.judgement is not None for cell in row) / len(row)
    return (absence, GRAVITIES.index(row[0].threat.gravity), contested, sum(cell.score for cell in row))


def query_of(threat: ThreatModel) -> Query:
    """What is looked for to find what a document says on a threat model.

    One that has no more than a title and a description borrows the other words of the built-in one that is plainly the
    same, if there is any.
    """
    text = f"{threat.title}. {threat.description}"
    known = read_thesaurus().find_same(text) if threat.is_bare else threat
    if known is None:
        return Query(text, (threat.title,))
    return Query(text, tuple(one for one in (known.conduct, *known.facets, *known.phrases) if one))


def _find_cell(threat: ThreatModel, spec: Spec) -> Cell:
    hits = index_clauses(spec.document, spec.agents).rank(query_of(threat))
    told = max((hit.nearness for hit in hits if hit.unit.voice.speaker == "instruction"), default=-1.0)
    said = max((hit.nearness for hit in hits if hit.unit.voice.speaker in _SAYING), default=-1.0)
    label: Label = "addressed" if told >= _ADDRESSED.middle else "mentioned" if said >= _PRESENT.middle else "absent"
    addressed, present = _ADDRESSED.chance(told), _PRESENT.chance(said)
    parts: dict[Label, float] = {
        "absent": 1 - present,
        "mentioned": max(present - addressed, 0.0),
        "addressed": addressed,
    }
    chances = {one: part / sum(parts.values()) for one, part in parts.items()}
    wanted = ("instruction",) if label == "addressed" else _SAYING
    shown = tuple(hit for hit in hits if hit.unit.voice.speaker in wanted)[:_EVIDENCE]
    is_absent = label == "absent"
    return Cell(
        threat,
        spec,
        label,
        confidence=chances[label],
        score=addressed,
        evidence=() if is_absent else shown,
        near_miss=next(iter(shown), None) if is_absent else None,
        facets=tuple(_find_facet(question, spec, hits) for question in threat.facets),
        judgement=_find_judgement(spec, hits),
        chances=chances,
    )


def _find_facet(question: str, spec: Spec, hits: Sequence[Hit]) -> Facet:
    """A facet is met by an instruction that is near to the threat and near to the question."""
    near = index_clauses(spec.document, spec.agents).nearness(Query(question))
    numbers = {hit.clause.span.start: spec.document.index_of(hit.clause) for hit in hits[:_CLOSE]}
    told = [hit for hit in hits[:_CLOSE] if hit.unit.voice.speaker == "instruction"]
    best = max(told, key=lambda hit: near[numbers[hit.clause.span.start]], default=None)
    if best is None:
        return Facet(question, False, None)
    nearness = float(near[numbers[best.clause.span.start]])
    return Facet(question, best.nearness >= _ADDRESSED.middle and nearness >= _FACET, best)


def _find_judgement(spec: Spec, hits: Sequence[Hit]) -> Judgement | None:
    """What is stated in the clauses nearest to the threat, the settled before the leaning."""
    starts = [hit.clause.span.start for hit in hits[:_EVIDENCE] if hit.nearness >= _PRESENT.middle]
    stated = [one for one in find_judgements(spec.document) if one.clause.span.start in starts]
    return min(stated, key=lambda one: (one.strength != "settled", starts.index(one.clause.span.start)), default=None)
