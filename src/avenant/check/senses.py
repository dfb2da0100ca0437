"""Whether a word that is a model's name, and something else as well, is meant as the model's here.

"Opus" is a work, "Gemini" a sign of the zodiac and "Claire" a person. What decides is written beside the names in
`labs.toml`: a capital, a capital that the sentence does not ask for, or company (a version, the lab, another name).
Plainly written words in another sense, such as people called Claude, are listed in `other_meanings.txt`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Literal

from avenant.check.bare import MARKUP, plain_characters
from avenant.specs.library import Need, known_makers

Sense = Literal["model", "model-if-near", "model-if-beside"]
"""A model for certain; if another name stands in the same few words; if another name stands directly beside."""

_WINDOW = 80

_COUNTED = (
    r"\ (?:times|lines?|years?|months?|weeks?|days?|hours?|minutes?|syllables|words|verses|stanzas|poems|people|of)\b"
)
_MUSIC = r",?\ ?nos?\b|\ in\ [a-g](?:[-\ ](?:flat|sharp))?\ (?:major|minor)"
_QUALIFIER = (
    "turbo|mini|nano|micro|lite|pro|max|plus|ultra|flash|preview|instruct|chat|vision|large|medium|small|latest"
    "|base|guard|thinking|scout|maverick|nemo|oss|high|low|codex|reasoning"
)
_NUMBER = r"v?\d+(?:[._-]\d+)*(?:[a-z]|x\d+b)?"
_VERSION = re.compile(
    rf"[-_.]?{_NUMBER}(?![^\W_])|[-_](?:{_QUALIFIER})(?![^\W_])|\ v?\d{{1,2}}\.\d(?![^\W_])", re.IGNORECASE
)
_SPACED_VERSION = re.compile(rf"\ v?[1-9](?:b\b|(?![^\W_]|[-/.,:]?\d|{_COUNTED}|{_MUSIC}))", re.IGNORECASE)
_PLURAL_BEHIND_NUMBER = re.compile(r"\ \d\ (?!(?:is|was|has|does|as)\b)[a-z]+s\b")
_NUMBER_OF_WORK = re.compile(r"\ \d{2,}(?![\d.]*b)(?!\.\d)")
_VERSION_IN_COMPANY = re.compile(
    rf"[-_\ ]?\d+(?:\.\d+)?b\b|[-_\ ]v?\d+\.\d+(?![^\W_])|[-_]v\d|[-_](?:{_QUALIFIER})(?![^\W_])", re.IGNORECASE
)
_WHOLE_VERSION = re.compile(
    rf"""(?:[-_.\ ]?(?:
        (?!(?<=\ )(?:19|20)\d\d(?!\d)){_NUMBER}(?![^\W_])(?!{_COUNTED})  # a year is no version
      | (?:{_QUALIFIER}|k[12])(?![^\W_])
    )){{1,6}}""",
    re.IGNORECASE | re.VERBOSE,
)

_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs|cf|resp|incl|approx)|\b[A-Z])\.$", re.IGNORECASE)
_LINE_MARKER = re.compile(r"(?:(?:^|\n)[ \t>]*(?:[-*+>#•]+|\d+[.)])|\|)$")
_OPENERS = f" \t\"'([{{*_`~{MARKUP}"


def sense_of(text: str, start: int, end: int, need: Need | None, capitals: tuple[int, ...]) -> Sense:
    """What speaks for a word being a model's name.

    Args:
        text: a bare text.
        start: offset of the word's first character.
        end: offset just past its last.
        need: what the name needs; None where it means nothing else.
        capitals: offsets in the text of those of its letters that are capitals in the name.
    """
    if need is None or _is_beside_maker(text, start, end):
        return "model"
    if need == "company":
        return "model" if _VERSION_IN_COMPANY.match(text, end) else "model-if-beside"
    is_capital = all(text[at].isupper() for at in capitals) and not text[start:end].isupper()
    is_shouted = text[start:end].isupper() and not _is_shouting(text, start, end)
    has_own_capital = is_capital or is_shouted
    if _VERSION.match(text, end) or (
        _SPACED_VERSION.match(text, end) and (has_own_capital or _may_be_version(text, end, capitals))
    ):
        return "model"
    if not has_own_capital:
        return "model-if-beside"
    if need == "capital_inside" and _NUMBER_OF_WORK.match(text, end):
        return "model-if-near"
    if need == "capital" or not (
        _starts_sentence(text, start) or _is_in_title(text, start, end) or _is_in_other_name(text, start, end)
    ):
        return "model"
    return "model-if-near"


def _may_be_version(text: str, end: int, capitals: tuple[int, ...]) -> bool:
    """Whether a number behind a name in small letters can be a version: not in "fan palm 2", "I grok 4 languages"."""
    return len(capitals) < 2 and _PLURAL_BEHIND_NUMBER.match(text, end) is None


def version_end(text: str, end: int) -> int:
    """Offset just past the version that follows a name; `end` itself where none does."""
    match = _WHOLE_VERSION.match(text, end)
    return match.end() if match else end


def _is_beside_maker(text: str, start: int, end: int) -> bool:
    before, after = _maker_patterns()
    return bool(before.search(text[max(0, start - 32) : start]) or after.match(text[end : end + 32]))


@lru_cache(maxsize=1)
def _maker_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    makers = "|".join(re.escape(maker) for maker in sorted(known_makers(), key=len, reverse=True))
    return (
        re.compile(rf"(?<![^\W_])(?:{makers})(?:'s)?[\s_/-]{{1,2}}$", re.IGNORECASE),
        re.compile(rf"(?:'s)?,?\ ?\(?(?:by\ |from\ |of\ )?(?:{makers})(?![^\W_])", re.IGNORECASE),
    )


def _is_shouting(text: str, start: int, end: int) -> bool:
    """Whether the words about are in capitals too, so that capitals say nothing."""
    if re.match(r"\ [A-Z]{4,}\b", text[end : end + 30]):
        return True
    words = re.findall(r"[^\W\d_]{2,}", text[max(0, start - 30) : start] + " " + text[end : end + 30])
    return bool(words) and sum(word.isupper() for word in words) * 2 > len(words)


def _starts_sentence(text: str, start: int) -> bool:
    window = text[max(0, start - _WINDOW) : start]
    head = window.rstrip(_OPENERS)
    opened = window[len(head) :]
    if not head:
        return start <= _WINDOW
    if _LINE_MARKER.search(head):
        return True
    if head[-1] in "\n\r":
        line = head.rstrip()
        # In wrapped text a new line begins no sentence.
        return not line or head.count("\n") > 1 or line[-1] in ".!?:"
    if head[-1] == ",":
        return '"' in opened or "'" in opened
    # A closing quotation mark or bracket may stand behind the full stop.
    head = head.rstrip("\"')]*_") if opened[:1].isspace() else head
    return head[-1:] in (".", "!", "?", ":") and not _ABBREVIATION.search(head)


def _is_in_title(text: str, start: int, end: int) -> bool:
    """Whether all long words of the line have a capital."""
    first = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    last = text.find("\n", end, end + 200)
    line = text[first:start] + " " + text[end : last if last >= 0 else end + 200]
    words = re.findall(r"[^\W\d_]{4,}", line)
    return bool(words) and all(word[0].isupper() for word in words)


def _is_in_other_name(text: str, start: int, end: int) -> bool:
    """Whether the neighbouring words make another proper name of it: "the Haiku Society", "Holland's Opus"."""
    after = re.match(r"(?:'s)? ([A-Z][a-z]+)", text[end : end + 30])
    if after and not re.fullmatch(f"{_QUALIFIER}|code|bot|models?|cloud|desktop|assistant", after[1], re.IGNORECASE):
        return True
    before = re.search(r"([A-Z][a-z]+(?:'s)?)[ -]$", text[max(0, start - 30) : start])
    return before is not None and not _starts_sentence(text, start - len(before[0]))


def has_other_meaning(text: str, start: int, end: int, letters: str) -> bool:
    """Whether a plainly written name belongs to a listed phrase, such as a person's whole name.

    Args:
        text: a bare text.
        start: offset of the name's first character.
        end: offset just past its last.
        letters: the name's letters in lower case.
    """
    patterns = _phrases().get(letters)
    if patterns is None:
        return False
    behind, about = patterns
    if behind.match(text, end):
        return True
    low = max(0, start - 32)
    return any(
        match.start() <= start - low and end - low <= match.end() for match in about.finditer(text[low : end + 60])
    )


def is_other_word(word: str) -> bool:
    """Whether a word that has a name inside is a listed word of its own: "crocodile"."""
    return word.casefold() in _other_words()


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """By name: what may follow it directly in a phrase, and the phrases in which something is before it."""
    patterns = {}
    for name, lines in _read_other_meanings().items():
        phrases = [line for line in lines if " " in line or "-" in line]
        behind = [_phrase_pattern(line[len(name) :]) for line in phrases if line.startswith(name)]
        about = [_phrase_pattern(line) for line in phrases if not line.startswith(name)]
        patterns[name] = (
            re.compile(rf"(?:{'|'.join(behind) or '(?!)'})(?![^\W_])", re.IGNORECASE),
            re.compile(rf"(?<![^\W_])(?:{'|'.join(about) or '(?!)'})(?![^\W_])", re.IGNORECASE),
        )
    return patterns


def _phrase_pattern(phrase: str) -> str:
    return r"(?:[\s_]{1,2}|\s?-\s?)".join(re.escape(word) for word in re.split(r"[ -]", phrase))


@lru_cache(maxsize=1)
def _other_words() -> frozenset[str]:
    lines = _read_other_meanings().values()
    return frozenset(line for words in lines for line in words if " " not in line and "-" not in line)


@lru_cache(maxsize=1)
def _read_other_meanings() -> dict[str, list[str]]:
    """The listed phrases in lower case and without accents, by the name in them."""
    text = (resources.files("avenant.check") / "other_meanings.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in plain_characters(text).lower().splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line.strip())
    return found
