"""How long a document's paragraphs, list items, sentences and sections are, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.running_text import RunningText

_ENOUGH = {"paragraph": 50, "list-item": 50, "sentence": 200}
"""Pieces from which it can be said what 98 of 100 of them do not pass."""
_LEAST = 20
_LONG = 0.98
_BEYOND = 1.5
_BEYOND_FEW = 2.0
"""The same where the document has too few pieces for it, above the longest of them."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of all pieces of a kind, in words."""

    words: tuple[int, ...]
    """In rising order."""

    kind: str
    """"paragraph", "list-item", "sentence" or "section"."""

    @property
    def middle(self) -> int:
        """The median."""
        return self.words[len(self.words) // 2]

    @property
    def is_known(self) -> bool:
        """Whether there are enough of them to speak of a usual length."""
        return len(self.words) >= _LEAST

    @property
    def usual(self) -> str:
        """What a long piece has, for people."""
        if self._is_many and self.kind != "sentence":
            return f"98 of 100 of the document's have {self._long} at most"
        return f"the document's longest has {self.words[-1]}"

    def is_passed_by(self, words: int) -> bool:
        """Whether a piece of so many words is far longer than the document's."""
        if not self._is_many:
            return words > _BEYOND_FEW * self.words[-1]
        return words > _BEYOND * (self.words[-1] if self.kind == "sentence" else self._long)

    @property
    def _is_many(self) -> bool:
        return len(self.words) >= _ENOUGH.get(self.kind, _LEAST)

    @property
    def _long(self) -> int:
        """The length that 98 of 100 do not pass."""
        return self.words[min(len(self.words) - 1, int(_LONG * len(self.words)))]


@lru_cache(maxsize=32)
def learn_lengths(text: RunningText) -> dict[str, Lengths]:
    """Lengths by kind: "paragraph", "list-item", "sentence", and "section" for its own words without those below it."""
    pieces: dict[str, list[int]] = {"paragraph": [], "list-item": []}
    sections: dict[str, int] = {}
    words = count_clause_words(text)
    for clause in text.clauses:
        if clause.kind in pieces:
            pieces[clause.kind].append(words[clause.span.start])
        sections[clause.section_id] = sections.get(clause.section_id, 0) + words[clause.span.start]
    pieces["sentence"] = [count_read_words(sentence.text) for sentence in text.sentences]
    pieces["section"] = list(sections.values())
    return {kind: Lengths(tuple(sorted(found)), kind) for kind, found in pieces.items()}


@lru_cache(maxsize=32)
def count_clause_words(text: RunningText) -> Mapping[int, int]:
    """Words of each clause that is running text, by the offset at which it begins."""
    return {clause.span.start: count_read_words(text.of(clause)) for clause in text.clauses}


def count_read_words(text: str) -> int:
    """Words of running text."""
    return len(_WORD.findall(text))
