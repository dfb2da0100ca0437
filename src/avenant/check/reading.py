"""A draft's passages read beside its document: under which names, and in which list."""

from __future__ import annotations

from functools import lru_cache

from avenant.amendments.place import Place
from avenant.check.draft import Draft
from avenant.check.passage import Passage
from avenant.reading.reading import Reading, read_sentences
from avenant.reading.sentences import find_sentences, parse_passage
from avenant.specs.document import Clause, Document, Span


def agents_of(draft: Draft) -> tuple[str, ...]:
    """What the draft's document calls its model; without a document, the placeholder."""
    if draft.spec is None:
        return (draft.amendment.placeholder,)
    return draft.spec.agents


def name_in_passages(draft: Draft) -> str:
    """What the draft's passages call the model: the placeholder, or the document's own "the assistant"."""
    subject = draft.spec.manifest.subject if draft.spec else ""
    return subject if subject[:1].islower() else draft.amendment.placeholder


def read_passage(draft: Draft, passage: Passage) -> tuple[Reading, ...]:
    """The sentences of a passage, read under the placeholder and under the document's own names."""
    agents = _passage_agents(agents_of(draft), draft.amendment.placeholder)
    lead = ""
    if draft.spec is not None and passage.found is not None:
        lead = lead_at(draft.spec.document, passage.found.place)
    return read_sentences(parse_passage(passage.text), agents, lead=lead)


@lru_cache(maxsize=32)
def _passage_agents(agents: tuple[str, ...], placeholder: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((placeholder, *agents)))


def lead_at(document: Document, place: Place) -> str:
    """The lead of the list that a place is in; empty where it is in none, or the place is of a block of its own."""
    if place.kind == "paragraph":
        return ""
    at = place.span.start
    items = [one for one in find_sentences(document) if one.lead and one.clause.list_span]
    near = (
        one.lead
        for one in items
        if one.clause.list_span and one.clause.list_span.start <= at <= one.clause.list_span.end
    )
    return next(near, "")


def find_whole_passages(draft: Draft) -> tuple[Passage, ...]:
    """The draft's passages, where all of them stand for themselves; none where one of them completes what is there.

    Words that replace part of a clause, and an item of a list, are read together with what stands around them.
    """
    return draft.passages if all(_is_whole(draft, passage) for passage in draft.passages) else ()


def _is_whole(draft: Draft, passage: Passage) -> bool:
    if passage.found is None or draft.spec is None:
        return True
    place = passage.found.place
    clause = draft.spec.document.clause_at(place.span.start)
    is_part = not place.is_insertion and (clause is None or not place.span.contains(_trimmed(clause)))
    return not is_part and place.kind != "item"


def _trimmed(clause: Clause) -> Span:
    """Most of a clause: its marks and blank ends may stay when its words are replaced."""
    return Span(min(clause.span.start + 8, clause.span.end), max(clause.span.start, clause.span.end - 4))


def replaced_words(draft: Draft, passage: Passage) -> str:
    """The document's words that a passage takes the place of, folded; empty for an insertion."""
    if draft.spec is None or passage.found is None:
        return ""
    return draft.spec.document.folded_slice(passage.found.place.span)


def find_taken(draft: Draft) -> tuple[Clause, ...]:
    """The document's clauses that the draft changes, deletes or moves."""
    spans = [found.place.span for found in draft.places.values() if not found.place.is_insertion]
    if draft.spec is None or not spans:
        return ()
    clauses = draft.spec.document.clauses
    return tuple(one for one in clauses if any(s.start < one.span.end and one.span.start < s.end for s in spans))
