"""A ranker that counts words in common, so that a test does not hang on how near the real one takes texts to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avenant.coverage.retrieval import Hit, Query, Unit, read_units
from avenant.specs.document import Document
from avenant.text import plain_words


@dataclass(frozen=True)
class PlainRanker:
    document: Document
    units: tuple[Unit, ...]

    def score(self, query: Query) -> NDArray[np.float64]:
        """Share of the query's words that stand in each clause, or in its heading."""
        wanted = set(plain_words(query.text))
        return np.array([len(wanted & set(plain_words(unit.whole))) / len(wanted) for unit in self.units])

    def rank(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]:
        scores = self.score(query)
        order = sorted(range(len(self.units)), key=lambda number: -scores[number])[:limit]
        return tuple(Hit(self.units[number], float(scores[number]), float(scores[number]), 0.0) for number in order)


def index_plainly(document: Document, agents: tuple[str, ...]) -> PlainRanker:
    return PlainRanker(document, read_units(document, agents))


Indexer = Callable[[Document, tuple[str, ...]], PlainRanker]
