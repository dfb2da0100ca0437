"""Looking for a model's names in whatever a command printed or wrote, through markup and escapes."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

SUBJECT = "Zéphyrine"
NAMES = ("Zephyr-9", "Le Vent")
"""Further names of the lab's models."""
_NAMED = re.compile(r"zephyr\w*|\ble[\W_]{0,3}vent\b")
_MARKS = re.compile(r"<[^<>]*>|\{[+-]{1,2}|[+-]{1,2}\}|\[-|-\]|\{~~|~>|~~\}|[\u00ad\u200b-\u200d\u2060*`]")
"""Marks of a redline, of HTML and of markdown, and characters that are not shown."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def find_leaks(text: str) -> list[str]:
    """Each place where one of the names stands, in any case, with accents or without, with a little around it."""
    found = []
    for seen in (text, _MARKS.sub("", text)):
        plain = _fold(seen)
        found += [plain[max(0, match.start() - 40) : match.end() + 20] for match in _NAMED.finditer(plain)]
    return found


def _fold(text: str) -> str:
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), unquote(html.unescape(text)))
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
