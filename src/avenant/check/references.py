"""References in a text: to a section by its title, and to what stands before or behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from avenant.check.running_text import RunningText

Direction = Literal["before", "behind"]


@dataclass(frozen=True, slots=True)
class TitleReference:
    """A section that is named by its title."""

    title: str
    is_section: bool
    """Whether the text says that a section is meant; else it may be anything that has a title."""
    start: int
    """Offset of the title in the text."""
    end: int


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words that point at what stands elsewhere and do not say what it is."""

    words: str
    direction: Direction
    start: int
    """Offset in the text."""
    end: int


_NAMED = re.compile(
    r"""
      \b(?:section|chapter|heading|part)\s(?:on\s|titled\s|called\s|named\s|entitled\s|about\s)?(?:the\s)?
        ["“](?P<behind>[^"“”\x1f\n]{2,100}?)[.,]?["”]
    | \b(?:the\s)?["“](?P<before>[^"“”\x1f\n]{2,100}?)[,]?["”]\s(?:section|chapter|heading)\b(?!s)
    | \b[Ss]ee\s(?:also\s)?["“](?P<seen>[^"“”\x1f\n]{2,100}?)[.,]?["”]
    | \bthe\s(?P<capital>[A-Z][\w’'-]+(?:\s(?:[A-Z][\w’'-]+|of|and|the|for|to|in|on)){0,8}\s[A-Z][\w’'-]+)
        \s(?:section|chapter)\b(?!s)
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"\b[Ss]ection\s(?P<number>\d+(?:\.\d+)*)\b(?!\sof\b)|§\s*(?P<sign>\d+(?:\.\d+)*)")
_UNIT = "paragraph|section|sentence|point|bullet(?: point)?|item|clause|passage|rule|list|heading|principle|example"
_SAID = (
    "mentioned|discussed|noted|described|explained|stated|said|outlined|defined|listed|set out|shown|specified|"
    "referenced|seen"
)
_BEFORE = re.compile(
    rf"""
      \bas\s(?:we\s|was\s|already\s)?(?:{_SAID})\s(?:above|earlier|before|previously)\b
    | \b(?:see|cf\.|per|refer\sto)\s(?:the\s)?(?:above|earlier)\b
    | \b(?:{_SAID})\s(?:in|under)\s(?:the\s)?(?:above|previous|preceding|foregoing)\b
    | \b(?:above|before|afore|previously|earlier)[- ]?(?:mentioned|said|named|described|discussed)\b
    | \bas\s(?:{_SAID})\sthere\b | \bthe\ssaid\s(?!to\b)\w+
    | \b(?:the|this|that)\s(?:previous|preceding|prior|last|above|foregoing)\s(?:\w+\s)?(?:{_UNIT})s?\b
    | \bthe\s(?:{_UNIT})s?\s(?:just\s)?above\b
    | \bthe\s(?:above|foregoing)(?![-\w])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"""
      \bas\s(?:we\s|is\s|will\sbe\s)?(?:{_SAID})\s(?:below|later|further\son)\b
    | \b(?:see|cf\.|refer\sto)\sbelow\b
    | \b(?:the|this)\s(?:next|following|subsequent|below)\s(?:\w+\s)?(?:{_UNIT})s?\b
    | \bthe\s(?:{_UNIT})s?\sbelow\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def find_titles(text: RunningText) -> Iterator[TitleReference]:
    """Sections that are named by a title in quotation marks, or With Capitals."""
    for clause in text.clauses:
        for match in _NAMED.finditer(text.text, clause.span.start, clause.span.end):
            group = match.lastgroup or ""
            yield TitleReference(match[group], group != "seen", *match.span(group))


def find_numbers(text: RunningText) -> Iterator[TitleReference]:
    """Sections that are named by a number."""
    for clause in text.clauses:
        for match in _NUMBERED.finditer(text.text, clause.span.start, clause.span.end):
            group = match.lastgroup or ""
            yield TitleReference(match[group], True, *match.span())


def find_pointers(text: RunningText) -> Iterator[Pointer]:
    """Words that point before or behind, in sentences that do not say at what by a link."""
    for sentence in text.sentences:
        if _has_link(text, sentence.start, sentence.start + len(sentence.text)):
            continue
        for direction, pattern in (("before", _BEFORE), ("behind", _BEHIND)):
            for match in pattern.finditer(sentence.text):
                start = sentence.start + match.start()
                yield Pointer(" ".join(match.group().split()), direction, start, start + len(match.group()))  # type: ignore[arg-type]


def _has_link(text: RunningText, start: int, end: int) -> bool:
    return "](" in text.document.text[start : end + 1]
