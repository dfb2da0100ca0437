"""The plain letters that a character stands for, whatever its script, its form and its marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

_PUNCTUATION = {**dict.fromkeys("‘’‚‛ʼ′", "'"), **dict.fromkeys("“”„‟″«»", '"'), "−": "-", "·": "."}

_LETTER_NAME = re.compile(
    r"(?:.* )?(?:LATIN|REGIONAL INDICATOR)(?: \w+)*? LETTER"
    r"(?: SMALL CAPITAL| TURNED| REVERSED| INVERTED| OPEN| BARRED| SCRIPT)* (?P<letter>[A-Z])(?: WITH .*)?"
)
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
"""Fillers of Hangul: letters to Unicode, nothing to the eye."""


@lru_cache(maxsize=8192)
def plain_character(char: str) -> str:
    """What a reader takes one character for: an ASCII letter where there is a like one, nothing where it is not seen.

    Accents and other marks are taken off, letters of other forms ("Ａ", "𝐚", "ᴀ", "🅰") become letters, look-alikes of
    other scripts become Latin, dashes, blanks and quotation marks become ASCII. Characters that are like nothing
    stay.

    Source: Unicode's normal form KD (UAX 15) and confusables (UTS 39), see `lookalikes.txt`.
    """
    return _read_lookalikes().get(char) or "".join(map(_plain, unicodedata.normalize("NFKD", char)))


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cn", "Co") or char in _UNSEEN or (category == "Cc" and char not in "\t\n\r"):
        return ""
    if char.isascii():
        return char
    if found := _read_lookalikes().get(char) or _PUNCTUATION.get(char):
        return found
    if match := _LETTER_NAME.fullmatch(unicodedata.name(char, "")):
        letter = match["letter"]
        return letter.lower() if category == "Ll" else letter
    by_category = {"Pd": "-", "Zs": " ", "Zl": "\n", "Zp": "\n"}
    # A blank Braille cell is no space to Unicode.
    return " " if char == "\u2800" else by_category.get(category, char)


@lru_cache(maxsize=1)
def _read_lookalikes() -> dict[str, str]:
    text = (resources.files("avenant.check") / "lookalikes.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {chr(int(code, 16)): letter for letter, *codes in lines for code in codes}
