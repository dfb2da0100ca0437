"""What each sentence is about, what it has the model do, and which of it is wanted or not.

Words are all there is to it: lists of deeds and of what turns them round, no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from avenant.amendments.place import Place
from avenant.check.acts import Act, acts_of
from avenant.check.concepts import Concept, find_concepts, stems_of
from avenant.check.draft import Draft
from avenant.check.passage import Passage
from avenant.check.sentences import Sentence, find_sentences, parse_passage
from avenant.specs.document import Clause, Document, Span
from avenant.text import plain_words

_MODEL = "\ufffc"
_TURNING = frozenset(
    {"without", "not", "never", "no", "don't", "doesn't", "avoid", "avoids", "avoiding", "refrain", "refrains"}
)
"""Words behind which the rest of a phrase is not wanted where the act is, and the other way round."""
_TURN = re.compile(r"\b(?:rather than|instead of|stop short of)\b|[^\W_]+(?:'[^\W_]+)?|[,;:.()?!]", re.IGNORECASE)
_LEAST_CORE = 6
"""An instruction of fewer concepts is taken with its reason."""
_GOES_ON = re.compile(
    r"\ +(?:by|through|with|in|on|at|either|whether|from|for|of|as|such|including|between|among|about|like)\b",
    re.IGNORECASE,
)
"""A comma before these ends no phrase: "deceives nobody, either by …"."""
_REFUSING = frozenset({"never", "not"})
_NEW_ACT = re.compile(r"(?:\b(?:and|but|or)|[,;])\ +$", re.IGNORECASE)
"""Before these a negation begins an act of its own: "never deceive anyone, and never deny …"."""
_NOUN_BEFORE = re.compile(r"\b(?:the|an?|any|no|of|this|that|these|its|their|or|white)\ $", re.IGNORECASE)
"""Before a word that is a thing, not a deed: it turns nothing round. Nor does the second of two: "lie or mislead"."""
_REASON = re.compile(r",?\ (?:because|since|so\ that|for\ otherwise)\ |,\ as\ |;\ ", re.IGNORECASE)
_CONTEXT = re.compile(
    r"\b(?:if|when|whenever|unless|until|where|because|since|so that|as long as|provided|except"
    r"|even (?:if|when|where|though|to|after|in))\b",
    re.IGNORECASE,
)
"""From here on an act's words tell when or why, and have no direction."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One sentence with what it is about."""

    sentence: Sentence
    acts: tuple[Act, ...]
    words: tuple[str, ...]
    """In the form of `Words.words`; the model's name is one word, whatever it is."""
    concepts: tuple[str, ...]
    """Names of the concepts in it, in order."""
    signs: Mapping[str, bool]
    """For the concepts of its acts, whether the sentence wants them; those that it has both ways are left out."""

    core: int = 0
    """How many of its words, from the first, tell what is done and when; the rest is an appended reason."""
    core_concepts: int = 0
    """How many of its concepts stand among these words."""


def agents_of(draft: Draft) -> tuple[str, ...]:
    """What the draft's document calls its model; without a document, the placeholder."""
    if draft.spec is None:
        return (draft.amendment.placeholder,)
    subject = draft.spec.manifest.subject
    # A document whose model has no name of its own says "the model" as well.
    generic = ("the model",) if subject[0].islower() else ()
    return tuple(dict.fromkeys((subject, *draft.spec.model_names, *generic)))


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


@lru_cache(maxsize=64)
def read_sentences(document: Document, agents: tuple[str, ...], *, lead: str = "") -> tuple[Reading, ...]:
    """Each sentence of a document, or of a passage, with what it is about.

    Args:
        document: what to read.
        agents: what the model is called in it.
        lead: for a passage that goes into a list, the sentence above the list; see `Sentence.lead`.
    """
    skipped = stems_of(agents)
    return tuple(_read(sentence, agents, skipped) for sentence in find_sentences(document, lead=lead))


def merge_readings(one: Reading, other: Reading) -> Reading:
    """Two neighbouring sentences as one; what they want in opposite directions has none."""
    ours, theirs = one.sentence, other.sentence
    sentence = replace(
        ours,
        text=f"{ours.text} {theirs.text}",
        bare=f"{ours.bare} {theirs.bare}",
        span=Span(ours.span.start, theirs.span.end),
    )
    against = {concept for concept, sign in one.signs.items() if other.signs.get(concept, sign) != sign}
    signs = {concept: sign for concept, sign in {**one.signs, **other.signs}.items() if concept not in against}
    return Reading(sentence, (*one.acts, *other.acts), one.words + other.words, one.concepts + other.concepts, signs)


def _read(sentence: Sentence, agents: tuple[str, ...], skipped: frozenset[str]) -> Reading:
    acts = acts_of(sentence, agents)
    concepts = tuple(find_concepts(sentence.text, skipped))
    names = tuple(concept.name for concept in concepts)
    # Under whatever name the model goes, its name is the same word.
    ours = {agent.casefold() for agent in agents}
    words = tuple(_MODEL if word in ours else word for word in plain_words(sentence.text))
    reason = _REASON.search(sentence.bare)
    end = reason.start() if reason else len(sentence.bare)
    told = sum(concept.start < end for concept in concepts)
    if told < _LEAST_CORE:
        end, told = len(sentence.text), len(concepts)
    core = len(plain_words(sentence.text[:end]))
    return Reading(sentence, acts, words, names, _signs(sentence.bare, acts, concepts), core, told)


def _signs(text: str, acts: Iterable[Act], concepts: Iterable[Concept]) -> dict[str, bool]:
    found: dict[str, set[bool]] = {}
    for act in acts:
        within = [concept for concept in concepts if act.start <= concept.start < act.end]
        for concept, is_wanted in _signed(text, act, within):
            found.setdefault(concept, set()).add(is_wanted)
    return {concept: signs.pop() for concept, signs in found.items() if len(signs) == 1}


def _signed(text: str, act: Act, concepts: list[Concept]) -> Iterable[tuple[str, bool]]:
    """The concepts of an act, each with whether it is wanted, up to where the act's reason or condition begins."""
    context = _CONTEXT.search(text, act.start + 1, act.end)
    end = context.start() if context else act.end
    deeds = {concept.start: concept for concept in concepts}
    is_wanted, turned_by = act.is_wanted, -1
    before, depth = is_wanted, 0
    for number, match in enumerate(_TURN.finditer(text, act.start, end)):
        word = match.group().casefold()
        concept = deeds.get(match.start())
        depth += (word == "(") - (word == ")")
        if word == "," and _GOES_ON.match(text, match.end()):
            continue
        if word == "but" or (not word[0].isalnum() and depth <= 0 and word not in "()"):
            # A new phrase: what turned the last one round does not reach it, unless it is an aside in brackets.
            before, is_wanted, turned_by = is_wanted, act.is_wanted or word == "but", -1
        elif word == "nor":
            # It goes on with what was refused before the comma.
            is_wanted = before
        elif word == "and" and turned_by == number - 1:
            # "It declines and offers …": nothing is declined in the second part.
            is_wanted = act.is_wanted
        elif word in _REFUSING and _NEW_ACT.search(text, act.start, match.start()):
            is_wanted = False
        elif word in _TURNING or " " in word:
            is_wanted = not is_wanted
        elif concept is not None:
            yield concept.name, is_wanted != concept.is_opposite
            if concept.is_deed and concept.is_opposite and not _NOUN_BEFORE.search(text, act.start, match.start()):
                is_wanted, turned_by = not is_wanted, number
