"""Where a draft goes against what its document asks for or has judged.

An edit that takes words out contests what they say, unless the words that it puts there keep the direction. A passage
that is only added contests a clause where its words point the other way; that is a guess by words, and is said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from avenant.amendments.place import FoundEdit
from avenant.check.draft import Draft
from avenant.check.reading import agents_of, find_taken, lead_at, read_passage
from avenant.reading.index import CLASH, Clash, Index, index_document
from avenant.reading.judgement import Judgement, find_judgements
from avenant.reading.reading import Reading, read_sentences
from avenant.reading.sentences import parse_passage
from avenant.specs.document import Document, Span
from avenant.text import replace_name

_KEPT = 0.5
"""Share of what a sentence asks for that has to stand in the new words for its direction to be kept."""


@dataclass(frozen=True, slots=True)
class Contested:
    """Something in the document that the draft goes against."""

    reading: Reading
    """The document's sentence."""
    judgement: Judgement | None
    """What the document states there; None where the sentence only instructs."""
    line: int
    """Line of the draft's file."""
    is_taken_out: bool
    """Whether an edit takes it out; otherwise a passage points the other way."""
    strength: float = 1.0
    """From 0 to 1; 1 for what is taken out."""


def find_contested(draft: Draft) -> Iterator[Contested]:
    """What the draft goes against: for each edit that takes words out the first, for each sentence that is added."""
    if draft.spec is None:
        return
    for found in draft.places.values():
        if found.edit.action in ("delete", "replace") and not found.place.is_insertion:
            yield from _find_taken_out(draft, found)
    yield from _find_opposed(draft)


def _find_opposed(draft: Draft) -> Iterator[Contested]:
    assert draft.spec is not None
    document = draft.spec.document
    judged = {one.clause.span.start: one for one in find_judgements(document)}
    taken = find_taken(draft)
    for passage in draft.passages:
        readings = read_passage(draft, passage)
        for reading, clashes in zip(readings, _find_clashes(document, agents_of(draft), readings), strict=True):
            clash = next((one for one in clashes if one.reading.sentence.clause not in taken), None)
            if clash is not None:
                line = passage.line_at(reading.sentence.span.start)
                judgement = judged.get(clash.reading.sentence.clause.span.start)
                yield Contested(clash.reading, judgement, line, is_taken_out=False, strength=clash.strength)


@lru_cache(maxsize=16)
def _find_clashes(
    document: Document, agents: tuple[str, ...], readings: tuple[Reading, ...]
) -> tuple[tuple[Clash, ...], ...]:
    """For each sentence of a passage the clashes that count; two rules ask for them."""
    index = index_document(document, agents)
    return tuple(tuple(one for one in index.find_clashes(reading) if one.strength >= CLASH) for reading in readings)


def _find_taken_out(draft: Draft, found: FoundEdit) -> Iterator[Contested]:
    """The gravest sentence whose direction an edit does not keep: a stated judgement before a mere instruction."""
    assert draft.spec is not None
    document, agents = draft.spec.document, agents_of(draft)
    index = index_document(document, agents)
    kept = [reading for passage in draft.passages for reading in read_passage(draft, passage)]
    kept += _read_changed(draft, document, found)
    judged = {one.span.start: one for one in find_judgements(document)}
    lost = []
    for reading in index.readings:
        span = reading.sentence.span
        touched = span.start < found.place.span.end and found.place.span.start < span.end
        judgement = judged.get(span.start)
        if touched and (reading.signs or judgement) and not _is_kept(reading, kept, index):
            lost.append(Contested(reading, judgement, found.edit.line, is_taken_out=True))
    yield from sorted(lost, key=lambda one: one.judgement is None)[:1]


def _read_changed(draft: Draft, document: Document, found: FoundEdit) -> Sequence[Reading]:
    """The sentences of the clause as the edit leaves it."""
    clause = document.clause_at(found.place.span.start)
    if clause is None:
        return ()
    assert draft.spec is not None
    new = replace_name(draft.amendment.passage_of(found.edit), draft.amendment.placeholder, draft.spec.manifest.subject)
    before = document.slice(Span(clause.span.start, found.place.span.start))
    text = before + new + document.text[found.place.span.end : max(found.place.span.end, clause.span.end)]
    return read_sentences(parse_passage(text), agents_of(draft), lead=lead_at(document, found.place))


def _is_kept(reading: Reading, kept: Sequence[Reading], index: Index) -> bool:
    """Whether the new words want what a sentence wants, or at least say what it says."""
    if any(new.words == reading.words for new in kept):
        return True
    if reading.signs:
        same = {c for c, sign in reading.signs.items() if any(new.signs.get(c) == sign for new in kept)}
        against = {c for c, sign in reading.signs.items() if any(new.signs.get(c) == (not sign) for new in kept)}
        return index.weigh(same) - index.weigh(against - same) >= _KEPT * index.weigh(reading.signs)
    said = {concept for new in kept for concept in new.concepts}
    concepts = set(reading.concepts)
    return index.weigh(concepts & said) >= _KEPT * index.weigh(concepts)
