"""Words that a finding shows."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 3
_AROUND = 24
"""Characters shown on each side of a mark."""


def list_words(words: Iterable[str]) -> str:
    """The first few of some words, each once, and how many more there are."""
    known = list(dict.fromkeys(words))
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return ", ".join(known[:_MOST]) + more


def show_around(text: str, start: int, end: int) -> str:
    """Some characters with the words that they touch, in one line."""
    low, high = start, end
    while low > max(0, start - _AROUND) and not (text[low - 1].isspace() and low < start):
        low -= 1
    while high < min(len(text), end + _AROUND) and not (text[high].isspace() and high > end):
        high += 1
    return " ".join(text[low:high].split())
