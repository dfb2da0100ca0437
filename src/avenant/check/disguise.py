"""How a name was disguised, in words for the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from avenant.check.bare import PIECE, decode, plain_characters
from avenant.check.lookalikes import plain_character

HIDDEN = "hidden characters"
LOOKALIKE = "look-alike letters"
DIGITS = "digits or signs for letters"
FORMS = "letters in another form"
MARKS = "marks on letters"
REFERENCES = "character references"
PERCENT = "percent-encoding"
ESCAPES = "escaped characters"
MARKUP = "split by markup"
LINE_BREAK = "split at a line's end"
SPACED = "spaced letters"

_MARKS_OF_MARKUP = re.compile(r"[*_`~^\\{}\[\]=]+")
_ALL_APART = re.compile(r"[^\W_](?:[\W_]+[^\W_])+")
_SIGN = re.compile(r"(?<=\w)[@$|!](?=\w)|^[$@]")
_SPLIT_LINE = re.compile(r"[-\u00ad\u2010]\s*[\r\n][\s>#*/|]*")


@lru_cache(maxsize=1024)
def describe_disguise(written: str, name: str) -> tuple[str, ...]:
    """What hides a name in the words that stand in a text; nothing where it is written plainly.

    Case, apostrophes, and separators between the words of a name are no disguise.

    Args:
        written: the source's own characters, from the name's first letter to its last.
        name: the name that they read as.
    """
    if is_plain(written, name):
        return ()
    # What is left is a letter of the name in another's place: "Mlstral".
    return tuple(dict.fromkeys(_disguises(written, name))) or (LOOKALIKE,)


def is_plain(written: str, name: str) -> bool:
    """Whether a name stands there as anybody would write it, in any case."""
    if written.casefold() == name.casefold():
        return True
    words = re.findall(r"[^\W\d_]+|\d+", unicodedata.normalize("NFC", name))
    # A name such as ChatGPT or PaLM is also written in its parts.
    parts = [part for word in words for part in re.findall(r"[^\W\d_]+?(?=(?<=[a-z])[A-Z]|$)|\d+", word)]
    pattern = r"[-\s_.·/*`‐‑‒–—−]{0,3}".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, unicodedata.normalize("NFC", written), re.IGNORECASE) is not None


def _disguises(written: str, name: str) -> Iterator[str]:
    at = 0
    rest: list[str] = []
    for match in PIECE.finditer(written):
        rest.append(written[at : match.start()])
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "odd":
            rest.append(match.group())
        elif kind in ("markup", "comment"):
            if kind == "comment":
                at = max(at, written.find("-->", at) + 3)
            yield MARKUP
        else:
            decoded = decode(match.group(), kind)
            if decoded == match.group():
                rest.append(decoded)
                continue
            yield {"reference": REFERENCES, "percent": PERCENT, "escape": ESCAPES}[kind]
            rest.append(" " if decoded.isspace() else "")
    rest.append(written[at:])
    yield from _disguises_in_letters("".join(rest), name)


def _disguises_in_letters(written: str, name: str) -> Iterator[str]:
    letters = {char.casefold() for char in name}
    for char in dict.fromkeys(written):
        if char.casefold() in letters:
            continue
        plain = plain_character(char)
        if not plain:
            yield MARKS if unicodedata.combining(char) and unicodedata.category(char) == "Mn" else HIDDEN
        elif not char.isalnum() and not plain.isalnum():
            continue
        elif char.isdigit() and char.isascii():
            yield DIGITS
        elif _without_marks(char) == plain and unicodedata.decomposition(char):
            yield FORMS if unicodedata.decomposition(char).startswith("<") else MARKS
        else:
            yield LOOKALIKE
    # A sign between all letters stands for none of them.
    if _ALL_APART.fullmatch(plain_characters(written)):
        yield SPACED
        return
    without_signs = _SIGN.sub("x", written)
    if without_signs != written:
        yield DIGITS
    yield from _separators(without_signs, name)


def _without_marks(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))


def _separators(written: str, name: str) -> Iterator[str]:
    if _SPLIT_LINE.search(written):
        yield LINE_BREAK
        written = _SPLIT_LINE.sub("", written)
    # Between letters that are not seen as apart nothing separates.
    plain = plain_characters(written)
    if is_plain(plain, name) or not re.search(r"[^\W_][\W_]+[^\W_]", plain):
        return
    if _MARKS_OF_MARKUP.search(plain) and is_plain(_MARKS_OF_MARKUP.sub("", plain), name):
        yield MARKUP
    elif not re.fullmatch(r"\w+", plain) or "_" in plain:
        yield SPACED
