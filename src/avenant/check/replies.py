"""The form of a reply: how long it is and how it is written, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from avenant.text import fold, split_words

LONGER = 1.25
"""One reply is longer than another where it has more than this many times its words …"""
LEAST_WORDS = 3
"""… and at least this many more; of two short replies one is easily a quarter longer."""
_MANY_FIRST = 0.1
"""Share of first-person words from which a reply speaks of itself; with "I" in every second sentence it is 0.05."""
_LEAST_FIRST = 3
_LEAST_SOFT = 2
_SOFT_MARKS = frozenset(("a question", "quoted words"))
"""Marks that may belong to what a reply says."""

_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bProf)(?<!\bSt)(?<!\bNo)[.!?]+[\"')\]*_]*(?=\s+[\"'(\[*_]*[A-Z0-9ÀÁÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜ]|\s*\Z)"
)
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+\S", re.MULTILINE)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_MARKDOWN = re.compile(r"\*\*\S|__\S|^#{1,6}[ \t]|^```|`[^`\n]+`|^\||\]\(|^>[ \t]", re.MULTILINE)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
_QUOTED = re.compile(r"\"[^\"]+\"|(?<!\w)'[^']+'(?!\w)")
_FIRST = frozenset(("i", "me", "my", "mine", "myself", "i'd", "i'm", "i'll", "i've"))


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one reply."""

    words: int
    sentences: int
    """At least 1."""
    paragraphs: int
    """At least 1."""
    items: int
    """Lines that are items of a list."""
    first: int
    """Words of the first person singular."""
    is_capital: bool
    """Whether it begins with a capital, a digit or a mark."""
    marks: frozenset[str]
    """Which of these it has: a question, an exclamation, quoted words, markdown, capitals, emoji."""


def read_form(reply: str) -> Form:
    """The form of a reply that is not empty."""
    folded = fold(reply)
    words = split_words(folded).words
    seen = {
        "a question": "?" in reply,
        "an exclamation": "!" in reply,
        "quoted words": bool(_QUOTED.search(folded.text)),
        "markdown": bool(_MARKDOWN.search(reply)),
        "words in capitals": len(_CAPITALS.findall(reply)) > 1,
        "emoji": bool(_EMOJI.search(reply)),
    }
    return Form(
        words=len(words),
        sentences=max(1, len(_SENTENCE_END.findall(folded.text))),
        paragraphs=len(_PARAGRAPH_END.split(reply.strip())),
        items=len(_ITEM.findall(reply)),
        first=sum(word in _FIRST for word in words),
        is_capital=not reply.strip()[:1].islower(),
        marks=frozenset(mark for mark, is_there in seen.items() if is_there),
    )


def form_differences(wanted: Form, unwanted: Form) -> list[str]:
    """What is unlike in the form of two replies, each with its numbers.

    Another number of sentences, a question or quoted words in one of them alone may come with what the replies say:
    two of these have to meet, or one of the others.
    """
    plain, soft = list(_plain_differences(wanted, unwanted)), list(_soft_differences(wanted, unwanted))
    return plain + soft if plain or len(soft) >= _LEAST_SOFT else []


def _soft_differences(wanted: Form, unwanted: Form) -> Iterator[str]:
    if _is_unlike(wanted.sentences, unwanted.sentences) and not _is_longer(wanted, unwanted):
        yield f"{_count(wanted.sentences, 'sentence')} against {unwanted.sentences}"
    yield from _lone_marks(wanted, unwanted, _SOFT_MARKS)


def _plain_differences(wanted: Form, unwanted: Form) -> Iterator[str]:
    if _is_longer(wanted, unwanted):
        yield f"{wanted.words} words against {unwanted.words}"
    if bool(wanted.items) != bool(unwanted.items):
        yield f"a list of {wanted.items} against prose" if wanted.items else f"prose against a list of {unwanted.items}"
    elif wanted.items and _is_unlike(wanted.items, unwanted.items):
        yield f"a list of {wanted.items} against one of {unwanted.items}"
    elif _is_unlike(wanted.paragraphs, unwanted.paragraphs) and not wanted.items:
        yield f"{_count(wanted.paragraphs, 'paragraph')} against {unwanted.paragraphs}"
    yield from _lone_marks(wanted, unwanted, wanted.marks.union(unwanted.marks) - _SOFT_MARKS)
    for one, other in ((wanted, unwanted), (unwanted, wanted)):
        side = "wanted" if one is wanted else "unwanted"
        if one.first >= max(_LEAST_FIRST, _MANY_FIRST * one.words) and not other.first:
            yield f"“I” and its kin {one.first} times in the {side} one alone"
    if wanted.is_capital != unwanted.is_capital:
        yield f"a lower-case beginning in the {'unwanted' if wanted.is_capital else 'wanted'} one alone"


def _lone_marks(wanted: Form, unwanted: Form, marks: frozenset[str]) -> Iterator[str]:
    for side, one, other in (("wanted", wanted, unwanted), ("unwanted", unwanted, wanted)):
        for mark in sorted((one.marks - other.marks) & marks):
            yield f"{mark} in the {side} one alone"


def _is_longer(wanted: Form, unwanted: Form) -> bool:
    return _is_unlike(wanted.words, unwanted.words) and abs(wanted.words - unwanted.words) >= LEAST_WORDS


def _is_unlike(one: int, other: int) -> bool:
    return max(one, other) > LONGER * min(one, other)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
