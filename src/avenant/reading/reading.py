"""What each sentence is about, what it has the model do, and which of it is wanted or not.

Words are all there is to it: lists of deeds and of what turns them round, no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from avenant.reading.acts import Act, acts_of
from avenant.reading.concepts import Concept, find_concepts, stems_of
from avenant.reading.sentences import Sentence, find_sentences
from avenant.specs.document import Document, Span
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
