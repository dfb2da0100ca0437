"""How alike two texts are in their words: stems, weighted by how rare each is in a document.

TF-IDF (Salton and Buckley, 1988). It finds words in common and knows no meanings: an idea in other words is mostly
missed, and a rule is not told from its opposite.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import Stemmer

from avenant.specs.document import Document

_LEAST_STEMS = 3
"""Texts with fewer stems in common are not alike at all."""

Weights = Mapping[str, float]
"""How much each stem of a text says, by stem."""


def stem_words(words: Sequence[str]) -> list[str]:
    """The stem of each word; words in the form of `Words.words`, possessives count as their nouns."""
    return list(Stemmer.Stemmer("english").stemWords([word.replace("'s", "") for word in words]))


def weigh_rarity(texts: Sequence[Iterable[str]]) -> Weights:
    """How rare each stem is among texts (inverse document frequency); of one that is in none of them: under ""."""
    counts = Counter(stem for stems in texts for stem in set(stems))
    return {stem: math.log((1 + len(texts)) / (1 + counts[stem])) for stem in (*counts, "")}


@lru_cache(maxsize=8)
def weigh_clauses(document: Document) -> tuple[Weights, Sequence[Weights]]:
    """How rare each stem is among a document's clauses, and the weights of each clause."""
    stems = [stem_words(document.words_of(clause)) for clause in document.clauses]
    rarity = weigh_rarity(stems)
    return rarity, [weigh_stems(one, rarity) for one in stems]


def weigh_stems(stems: Iterable[str], rarity: Weights) -> dict[str, float]:
    """The weights of a text's stems: rare ones and repeated ones weigh more."""
    counts = Counter(stems)
    return {stem: (1 + math.log(count)) * rarity.get(stem, rarity[""]) for stem, count in counts.items()}


def measure_likeness(ours: Weights, theirs: Weights) -> float:
    """Cosine similarity, twice, and the share of our words that stand in theirs, once; from 0 to 1.

    It is 0 for few stems in common.
    """
    shared = [stem for stem in ours if stem in theirs]
    if len(shared) < _LEAST_STEMS:
        return 0.0
    product = sum(ours[stem] * theirs[stem] for stem in shared)
    cosine = product / (math.hypot(*ours.values()) * math.hypot(*theirs.values()) or 1.0)
    return (2 * cosine + sum(ours[stem] for stem in shared) / (sum(ours.values()) or 1.0)) / 3
