"""What words are about: stems, with those that mean the same taken for one, and those that mean the opposite marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from avenant.reading.likeness import stem_words

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Concept:
    """What one word of a text is about."""

    name: str
    """The stem of the word, or of the first of all words that mean the same."""
    is_opposite: bool
    """Whether the word says the opposite: "refuse" of "help"."""
    is_deed: bool
    """Whether it is one of the listed deeds, whose opposite turns the words behind it round."""
    start: int
    """Offset of the word in the text."""
    end: int


def find_concepts(text: str, skipped: frozenset[str] = frozenset()) -> Iterator[Concept]:
    """The concepts of a text, in order; words that say nothing of what it is about have none.

    Args:
        text: folded and in lower case or not.
        skipped: stems that are passed over, such as those of the model's name.
    """
    matches = list(_WORD.finditer(text))
    words = [match.group().casefold() for match in matches]
    stems = stem_words(words)
    known, pairs = _read_concepts(), _read_pairs()
    at = 0
    while at < len(words):
        pair = pairs.get((stems[at], stems[at + 1])) if at + 1 < len(words) else None
        last = at + 1 if pair else at
        name, is_opposite, is_deed = pair or known.get(stems[at], (stems[at], False, False))
        if pair or (len(words[at]) > 1 and words[at] not in stopwords() and stems[at] not in skipped):
            yield Concept(name, is_opposite, is_deed, matches[at].start(), matches[last].end())
        at = last + 1


def stems_of(names: Sequence[str]) -> frozenset[str]:
    """The stems of the words of names."""
    return frozenset(stem_words([word.casefold() for name in names for word in _WORD.findall(name)]))


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Words that say nothing of what a sentence is about."""
    lines = _read("stopwords.txt").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _read(name: str) -> str:
    return (resources.files("avenant.reading") / name).read_text(encoding="utf-8")


_Meaning = tuple[str, bool, bool]


@lru_cache(maxsize=1)
def _read_lines() -> tuple[tuple[str, _Meaning], ...]:
    """Each word of `concepts.txt` with what it means; deeds are those above the heading of the second part."""
    found: list[tuple[str, _Meaning]] = []
    deeds, _, rest = _read("concepts.txt").partition("# What it is about")
    for part, is_deed in ((deeds, True), (rest, False)):
        for line in part.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            same, _, opposite = line.partition("|")
            name = stem_words(same.split()[:1])[0]
            found += [(word, (name, False, is_deed)) for word in same.split()]
            found += [(word, (name, True, is_deed)) for word in opposite.split()]
    return tuple(found)


@lru_cache(maxsize=1)
def _read_concepts() -> dict[str, _Meaning]:
    return {stem_words([word])[0]: meaning for word, meaning in _read_lines() if "_" not in word}


@lru_cache(maxsize=1)
def _read_pairs() -> dict[tuple[str, str], _Meaning]:
    split = ((stem_words(word.split("_")), meaning) for word, meaning in _read_lines() if "_" in word)
    return {(stems[0], stems[1]): meaning for stems, meaning in split}
