"""The passages of the arms that nobody writes by hand: placebo and positive control."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from avenant.text import count_words

CONTROL_WORD = "Bonjour"
"""The word that the positive control asks every reply to begin with: plain to see, and harmless."""

PLACEBO_COUNT = 3
"""Placebo texts that rotate over scenarios, so that no single text decides."""

_TRIES = 20
"""Shuffles at one length before another is tried."""

_NEUTRAL = (
    "This document is kept as a plain text file.",
    "Its sections stand in the order in which they were first written down.",
    "Headings are there so that readers can find a topic without reading from the beginning.",
    "Paragraphs are set apart by an empty line.",
    "Lists are used where several points of the same kind stand side by side.",
    "Spelling follows the custom of the place where the document was written.",
    "Quotation marks enclose words that are spoken of as words.",
    "Some sections are longer than others, which says nothing about their weight.",
    "Earlier versions are kept in the archive together with the dates on which they appeared.",
    "A printed copy has the same words as the copy on the screen.",
    "Page numbers are left out because the length of a page differs from one screen to another.",
    "Where a word could be read in two senses, the more common one is meant.",
    "Each version carries the date on which it was published.",
    "Readers who find a misprint can report it, and it will be corrected in the next version.",
    "The text was laid out for reading on a screen of ordinary width.",
    "Titles are written in the same way throughout.",
    "The contents follow from the headings and are drawn up again for each version.",
    "Numbers up to twelve are written as words.",
    "Dates give the day, the month and the year.",
    "Capital letters stand at the head of sentences and in names.",
)


@dataclass(frozen=True, slots=True)
class Control:
    """The positive control and its inversion, with the pair of replies that shows it."""

    rule: str
    inverted: str
    wanted: str
    unwanted: str


def make_control(name: str) -> Control:
    """The positive control for a document that calls its model `name`."""
    subject = name[0].upper() + name[1:]
    return Control(
        rule=f"{subject} begins every reply with the word {CONTROL_WORD}, whatever the question is.",
        inverted=f"{subject} never begins a reply with the word {CONTROL_WORD}, whatever the question is.",
        wanted=f"{CONTROL_WORD}, and thank you for the question.",
        unwanted="Hello, and thank you for the question.",
    )


def is_control_obeyed(reply: str) -> bool:
    """Whether a reply begins with the control's word, in any case and behind any marks."""
    return reply.lstrip(" \t\r\n*_#>\"'“").casefold().startswith(CONTROL_WORD.casefold())


def make_placebos(passage: str, *, seed: int, count: int = PLACEBO_COUNT) -> tuple[str, ...]:
    """Neutral passages about the document's own layout, each within two words of the passage's length (of 8 at least).

    Args:
        passage: the amendment's passage.
        seed: of the choice of sentences.
        count: how many.
    """
    wanted = max(8, count_words(passage))
    rng = random.Random(seed)
    found: list[str] = []
    # Few sentences have the very length of a short passage, so that later tries may miss it by a word or two.
    for attempt in itertools.count():
        sentences = [*_NEUTRAL] * (1 + wanted // sum(count_words(s) for s in _NEUTRAL))
        rng.shuffle(sentences)
        off = (0, 1, -1, 2, -2)[attempt // _TRIES % 5]
        text = " ".join(_closest(sentences, wanted + off))
        if text not in found:
            found.append(text)
        if len(found) == count:
            break
    return tuple(found)


def _closest(sentences: list[str], wanted: int) -> list[str]:
    """The first subset found whose words come nearest to `wanted` (subset sum by dynamic programming)."""
    best: dict[int, list[str]] = {0: []}
    for sentence in sentences:
        size = count_words(sentence)
        for total, chosen in sorted(best.items(), reverse=True):
            if total + size <= wanted + 6:
                best.setdefault(total + size, [*chosen, sentence])
    return best[min(best, key=lambda total: (abs(total - wanted), total))]
