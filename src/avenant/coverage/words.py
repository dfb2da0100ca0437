"""Ranking texts by the words that they have in common with a query: BM25 over concepts (`bm25s`)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from avenant.reading.concepts import find_concepts
from avenant.text import fold_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class WordIndex:
    """Texts made ready for being ranked by words."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._count = len(texts)
        self._index = bm25s.BM25(k1=1.2, b=0.6)
        # An index of no word at all cannot be made.
        concepts = [_concepts(text) or [""] for text in texts] or [[""]]
        self._known = {concept for text in concepts for concept in text}
        self._index.index(concepts, show_progress=False)

    def score(self, query: str) -> NDArray[np.float64]:
        """How much each text has of a query's words: 0 for none, and the more, the rarer they are."""
        import numpy as np

        wanted = [concept for concept in _concepts(query) if concept in self._known]
        if not wanted:
            return np.zeros(self._count)
        return np.asarray(self._index.get_scores(wanted), dtype=float)[: self._count]


def _concepts(text: str) -> list[str]:
    """What the words of a text are about: stems, those that mean the same taken for one."""
    return [concept.name for concept in find_concepts(fold_words(text))]
