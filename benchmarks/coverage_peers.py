"""Simple ways of finding the clauses about something: what coverage has to beat, in the same run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from avenant.coverage.vectors import embed_contextual, embed_static
from avenant.reading.concepts import stopwords
from avenant.reading.likeness import stem_words
from avenant.specs.document import Document
from avenant.text import plain_words

Scores = NDArray[np.float64]
Peer = Callable[[str], Scores]
"""Scores each clause of a document for a query."""


def _stems(words: Sequence[str]) -> list[str]:
    return stem_words([word for word in words if word not in stopwords()])


def keyword_count(document: Document) -> Peer:
    """How often the query's words stand in a clause."""
    counts = [Counter(_stems(document.words_of(clause))) for clause in document.clauses]
    return lambda query: np.array([sum(one[stem] for stem in set(_stems(plain_words(query)))) for one in counts], float)


def tf_idf(document: Document) -> Peer:
    """The cosine of weighted words."""
    texts = [Counter(_stems(document.words_of(clause))) for clause in document.clauses]
    found = Counter(stem for text in texts for stem in text)
    idf = {stem: math.log(len(texts) / count) for stem, count in found.items()}

    def weigh(text: Counter[str]) -> dict[str, float]:
        weights = {stem: (1 + math.log(count)) * idf.get(stem, 0.0) for stem, count in text.items()}
        length = math.hypot(*weights.values()) or 1.0
        return {stem: weight / length for stem, weight in weights.items()}

    vectors = [weigh(text) for text in texts]

    def score(query: str) -> Scores:
        ours = weigh(Counter(_stems(plain_words(query))))
        return np.array([sum(weight * one.get(stem, 0.0) for stem, weight in ours.items()) for one in vectors])

    return score


def bm25(document: Document) -> Peer:
    """BM25 as `bm25s` has it, over the clauses alone."""
    index = bm25s.BM25()
    index.index([_stems(document.words_of(clause)) or [""] for clause in document.clauses], show_progress=False)
    return lambda query: np.asarray(index.get_scores(_stems(plain_words(query)) or [""]), float)


def static(document: Document) -> Peer:
    """The cosine of the static vectors of the clauses alone (WordLlama)."""
    vectors = embed_static([document.folded_slice(clause.span) for clause in document.clauses])
    return lambda query: np.asarray(vectors @ embed_static([query])[0], float)


def contextual(document: Document) -> Peer:
    """The cosine of the contextual vectors of the clauses alone (MiniLM)."""
    vectors = embed_contextual([document.folded_slice(clause.span) for clause in document.clauses])
    return lambda query: np.asarray(vectors @ embed_contextual([query])[0], float)


PEERS = {
    "keyword count": keyword_count,
    "TF-IDF": tf_idf,
    "BM25": bm25,
    "WordLlama": static,
    "MiniLM": contextual,
}
