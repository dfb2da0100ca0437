"""Passages that went out without a canary: runs of a draft's own words in a file that no filter would know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from avenant.canary import find_canaries
from avenant.text import plain_words

RUN_WORDS = 12
"""Words in a row that two texts have in common only where one was taken from the other."""

_MARKS = str.maketrans({**dict.fromkeys("*`\\"), **dict.fromkeys("’‘‛ʼ", "'")})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CANARY = re.compile("canary", re.IGNORECASE)
_NEAR = 200
"""Characters about the word canary in which its GUID stands, wherever a page or a PDF file breaks the line."""
_HELD = b"\x01" * RUN_WORDS


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A file that carries a draft's words and no canary."""

    path: str
    """From the folder that was scanned."""
    where: str
    """The file in an archive; empty for the file itself."""
    slug: str
    """The draft."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file."""

    path: str
    where: str
    """The file in an archive; empty for the file itself."""
    slugs: tuple[str, ...]
    """The drafts whose words it carries."""
    has_canary: bool


class PassageIndex:
    """Which of some passages a text carries a run of words from."""

    def __init__(self, passages: Sequence[tuple[str, str]]) -> None:
        """Take passages in, each with the slug of its draft; one of fewer than `RUN_WORDS` words is never found."""
        self._slugs: dict[tuple[str, ...], str] = {}
        self._words: list[str] = []
        for slug, text in passages:
            words = plain_words(text)
            for run in _runs(words):
                self._slugs.setdefault(run, slug)
            # No text has the empty word, so that no run goes from one passage into the next.
            self._words += [*words, ""]

    @property
    def is_empty(self) -> bool:
        """Whether there is no passage to look for."""
        return not self._slugs

    def find(self, text: str) -> tuple[str, ...]:
        """The slugs of the drafts from which the text carries a run of words, in order of first place."""
        if not self._may_carry(text):
            return ()
        return tuple(dict.fromkeys(self._slugs[run] for run in _runs(plain_words(text)) if run in self._slugs))

    def _may_carry(self, text: str) -> bool:
        """Whether all words of some run stand in the text, in whatever order; hardly any other text has them all."""
        if not self._slugs:
            return False
        held = set(_WORD.findall(text.translate(_MARKS).casefold()))
        return _HELD in bytes(map(held.__contains__, self._words))


def has_canary(text: str) -> bool:
    """Whether a GUID stands near the word canary."""
    for match in _CANARY.finditer(text):
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        # A GUID that is too long for its line is broken anywhere.
        whole = re.sub(r"(?<=[0-9a-fA-F-]{4})\s*[\r\n]\s*(?=[0-9a-fA-F-])", "", near)
        if any(find_canaries(re.sub(r"[\r\n]+", " ", words)) for words in (near, whole)):
            return True
    return False


def find_uncovered(readings: Iterable[Reading]) -> Iterator[Uncovered]:
    """The files that carry a draft's words and no canary, once for each draft."""
    for reading in readings:
        if not reading.has_canary:
            for slug in reading.slugs:
                yield Uncovered(reading.path, reading.where, slug)


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - RUN_WORDS + 1):
        yield tuple(words[start : start + RUN_WORDS])
