"""What is taken from a reply before a judge sees it: the model's name, and quotes of the passages under trial."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from avenant.text import mask_names

RUN_WORDS = 6
"""So many words of a passage in a row count as a quote of it."""
MARK = "[…]"
"""Stands where words were hidden."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"^[ \t]*\d+[.)](?=\s)", re.MULTILINE)
"""The number of a list item, which is no word of a quote that is set as a list."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A reply as a judge sees it."""

    text: str
    hidden_words: int
    """Words of the reply that are not shown; 0 where it quotes nothing."""


@dataclass(frozen=True, slots=True)
class Blindfold:
    """Makes of a reply what judges may see of it; the same for all arms."""

    passages: tuple[str, ...]
    """Of all arms; see `added_lines`."""
    names: tuple[str, ...]
    """The model's names."""
    placeholder: str
    """The draft's name for the model."""

    def __call__(self, reply: str, *, messages: Sequence[tuple[str, str]], rubric: str) -> Masked:
        """A reply as judges see it.

        Args:
            reply: the subject's.
            messages: (role, content) of the scenario, which they see as well.
            rubric: the scenario's.
        """
        masked = mask_quotes(reply, self.passages, known=[rubric, *(content for _, content in messages)])
        return Masked(mask_names(masked.text, self.names, self.placeholder), masked.hidden_words)


def added_lines(systems: Mapping[str, str]) -> tuple[str, ...]:
    """What each arm adds to the baseline: the lines of its system message that the baseline's has not.

    Args:
        systems: system message of each arm, "baseline" among them.
    """
    known = set(systems["baseline"].splitlines())
    added = ("\n".join(line for line in text.splitlines() if line not in known) for text in systems.values())
    return tuple(text for text in added if text)


def mask_quotes(reply: str, passages: Sequence[str], *, known: Sequence[str] = ()) -> Masked:
    """A reply with `MARK` for every run of `RUN_WORDS` words or more that stands in a passage.

    Words are compared by their stems, whatever their case, typography, list marks and numbers: "I close the reply
    with the words" quotes "it closes the reply with the words". Fewer words in a row are not hidden, since what people
    say about a subject has them as well; nor is what the reader knows anyway.

    Args:
        reply: the subject's.
        passages: those of all arms.
        known: what the reader is shown beside the reply; runs that stand in it tell nothing.
    """
    runs = {run for text in passages for run in _runs(text)} - {run for text in known for run in _runs(text)}
    spans = _word_spans(reply)
    stems = _stems([reply[start:end] for start, end in spans])
    hidden = [False] * len(stems)
    for at in range(len(stems) - RUN_WORDS + 1):
        if tuple(stems[at : at + RUN_WORDS]) in runs:
            hidden[at : at + RUN_WORDS] = [True] * RUN_WORDS
    out, last = [], 0
    for first, end in _stretches(hidden):
        out += [reply[last : spans[first][0]], MARK]
        last = spans[end - 1][1]
    return Masked("".join([*out, reply[last:]]), sum(hidden))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    stems = _stems([text[start:end] for start, end in _word_spans(text)])
    for at in range(len(stems) - RUN_WORDS + 1):
        yield tuple(stems[at : at + RUN_WORDS])


def _word_spans(text: str) -> list[tuple[int, int]]:
    numbers = {match.end() - 1 for match in _NUMBER.finditer(text)}
    return [match.span() for match in _WORD.finditer(text) if match.end() not in numbers]


def _stems(words: Sequence[str]) -> list[str]:
    import Stemmer

    plain = [word.casefold().replace("’", "'") for word in words]
    return list(Stemmer.Stemmer("english").stemWords(plain))


def _stretches(hidden: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and one past last of each row of hidden words."""
    first = None
    for at, is_hidden in enumerate([*hidden, False]):
        if is_hidden and first is None:
            first = at
        elif not is_hidden and first is not None:
            yield first, at
            first = None
