"""Which sentences of a document are about the same as one of a passage, and which of them point the other way.

A document is read and indexed once. Words are all there is to it, so an idea in quite other words is missed.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from avenant.reading.likeness import measure_likeness, weigh_rarity, weigh_stems
from avenant.reading.reading import Reading, merge_readings, read_sentences
from avenant.specs.document import Document
from avenant.text import count_common

_CANDIDATES = 24
"""So many sentences with the most in common are compared closely."""
_TELLING = 0.25
"""A concept makes a sentence a candidate from this share of the weight of one that stands nowhere."""
_GENERAL = frozenset({"person", "use", "give"})
"""Concepts that alone tell nothing of what two sentences are about."""

CLASH = 0.38
"""Strength from which two sentences seem to point in opposite directions; chosen on the labs' own paragraphs."""
_LEAST_TOPIC = 3
"""So many concepts have to be in both for a clash, and one more where only one of them is opposed."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A sentence of the document that is about the same as another one, or two neighbouring ones."""

    reading: Reading
    likeness: float
    """From 0 to 1: how much they are about the same."""
    repeated: float
    """From 0 to 1: share of the other's words that stand in it word for word, in runs of three or more."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A sentence of the document that seems to want the opposite of another one."""

    reading: Reading
    strength: float
    """From 0 to 1: how much of what both say points in opposite directions, and how much they are about the same."""


class Index:
    """A document's sentences, made ready for finding those that are like another one."""

    def __init__(self, readings: tuple[Reading, ...]) -> None:
        self.readings = readings
        self.rarity = weigh_rarity([reading.concepts for reading in readings])
        self._units = (*readings, *_pairs(readings))
        self._weights = [weigh_stems(unit.concepts, self.rarity) for unit in self._units]
        self._lengths = [math.hypot(*weights.values()) or 1.0 for weights in self._weights]
        self._places: dict[str, list[int]] = {}
        self._signed: dict[tuple[str, bool], list[int]] = {}
        for number, weights in enumerate(self._weights):
            for concept in weights:
                self._places.setdefault(concept, []).append(number)
        for number, reading in enumerate(readings):
            for sign in reading.signs.items():
                self._signed.setdefault(sign, []).append(number)

    def find_alike(self, reading: Reading) -> list[Alike]:
        """The sentences, and pairs of neighbouring ones, that are most about the same as another one, best first."""
        # A reason that is added to what a clause says makes it no new instruction.
        ours = weigh_stems(reading.concepts[: reading.core_concepts], self.rarity)
        words = reading.words[: reading.core]
        # Words that stand everywhere make no sentence a candidate; they count when candidates are compared.
        least = _TELLING * self.rarity[""]
        there = {concept: weight for concept, weight in ours.items() if concept in self._places}
        telling = {concept: weight for concept, weight in there.items() if weight >= least} or there
        shared: dict[int, float] = {}
        for concept, weight in telling.items():
            for number in self._places[concept]:
                shared[number] = shared.get(number, 0.0) + weight * self._weights[number][concept]
        best = heapq.nlargest(_CANDIDATES, shared, key=lambda number: (shared[number] / self._lengths[number], -number))
        alike = [
            Alike(
                self._units[number],
                measure_likeness(ours, self._weights[number]),
                share_words(words, self._units[number].words),
            )
            for number in best
        ]
        return sorted(alike, key=lambda one: -max(one.likeness, one.repeated))

    def find_clashes(self, reading: Reading) -> list[Clash]:
        """The sentences that seem to want the opposite of another, strongest first."""
        against: dict[int, set[str]] = {}
        for concept, is_wanted in reading.signs.items():
            for number in self._signed.get((concept, not is_wanted), ()):
                against.setdefault(number, set()).add(concept)
        clashes = [self._clash(reading, number, concepts) for number, concepts in against.items()]
        return sorted((clash for clash in clashes if clash), key=lambda clash: -clash.strength)

    def _clash(self, ours: Reading, number: int, against: set[str]) -> Clash | None:
        theirs = self.readings[number]
        topic = set(ours.concepts) & set(theirs.concepts)
        if not against - _GENERAL or len(topic - _GENERAL) < (_LEAST_TOPIC if len(against) > 1 else _LEAST_TOPIC + 1):
            return None
        both = {concept for concept, sign in ours.signs.items() if theirs.signs.get(concept) == sign}
        opposed = self.weigh(against) - self.weigh(both)
        if opposed <= 0:
            return None
        direction = opposed / math.sqrt(self.weigh(ours.signs) * self.weigh(theirs.signs))
        sameness = self.weigh(topic) / math.sqrt(self.weigh(set(ours.concepts)) * self.weigh(set(theirs.concepts)))
        return Clash(theirs, (direction + sameness) / 2)

    def weigh(self, concepts: Iterable[str]) -> float:
        """How much a set of concepts says in this document: rare ones more."""
        return sum(self.rarity.get(concept, self.rarity[""]) for concept in concepts) or 1e-9


def _pairs(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Neighbouring sentences of one clause, each two as one: a passage may say in one sentence what stands in two."""
    for one, other in itertools.pairwise(readings):
        if one.sentence.clause == other.sentence.clause:
            yield merge_readings(one, other)


def opposed_share(ours: Reading, theirs: Reading) -> float:
    """Share of what both have a direction on that one wants and the other does not, from 0 to 1; 0 where nothing."""
    shared = [concept for concept in ours.signs if concept in theirs.signs]
    return sum(ours.signs[concept] != theirs.signs[concept] for concept in shared) / (len(shared) or 1)


def share_words(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """Share of the first text's words that stand in the second word for word, in runs of three or more."""
    return count_common(ours, theirs) / max(1, len(ours))


@lru_cache(maxsize=8)
def index_document(document: Document, agents: tuple[str, ...]) -> Index:
    """A document's sentences, read and indexed once.

    Args:
        document: where to look.
        agents: what it calls its model.
    """
    return Index(read_sentences(document, agents))
