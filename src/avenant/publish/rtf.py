"""The words of a file in Rich Text Format."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"""
      \\'(?P<byte>[0-9a-fA-F]{2})
    | \\u(?P<code>-?\d{1,6})\x20?(?P<instead>\\'[0-9a-fA-F]{2}|[^\\{}\r\n])?
    | \\(?P<word>[a-zA-Z]{1,32})-?\d{0,10}\x20?
    | \\(?P<sign>[^a-zA-Z])
    | (?P<mark>[{}\r\n])
    """,
    re.VERBOSE | re.DOTALL,
)
_BREAKS = frozenset((b"par", b"line", b"tab", b"cell", b"row", b"sect", b"page", b"nestcell", b"nestrow"))
_APART = re.compile(
    rb"info|title|subject|author|manager|company|operator|category|keywords|comment|doccomm|hlinkbase|header[lrf]?"
    rb"|footer[lrf]?|footnote|annotation|atnauthor|atnid|fldinst|bkmkstart|bkmkend|stylesheet|fonttbl|colortbl|xmlopen"
    rb"|propname|staticval"
)
"""Groups of words that are no part of the sentence about them."""
_SIGNS = {b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n", b"*": "\n"}
_DIGITS = re.compile(rb"(?:[0-9a-fA-F]{2}\s*){64,}")
"""Pictures and embedded files, written in hexadecimal digits."""


def rtf_words(raw: bytes) -> str:
    """All words of the file, those of its metadata, comments, fields and hidden groups too.

    Source: Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1.
    """
    raw = _DIGITS.sub(b"\n", raw)
    # Without this, one character after each Unicode character stands for readers that know no Unicode.
    is_repeated = b"\\uc0" not in raw
    out: list[str] = []
    is_apart: list[bool] = []
    at = 0
    for token in _TOKEN.finditer(raw):
        out.append(raw[at : token.start()].decode("latin-1"))
        at = token.end()
        if token["byte"]:
            out.append(_byte(token["byte"]))
        elif token["code"]:
            out.append(chr(int(token["code"]) % 0x10000))
            if not is_repeated and token["instead"]:
                out.append(_byte(token["instead"][2:]) if token["instead"][:1] == b"\\" else chr(token["instead"][0]))
        elif token["word"]:
            starts_group = _APART.fullmatch(token["word"]) is not None
            if starts_group and is_apart:
                is_apart[-1] = True
            out.append("\n" if starts_group or token["word"] in _BREAKS else "")
        elif token["sign"]:
            out.append(_SIGNS.get(token["sign"], token["sign"].decode("latin-1")))
        elif token["mark"] == b"{":
            is_apart.append(False)
        elif token["mark"] == b"}" and is_apart and is_apart.pop():
            out.append("\n")
    out.append(raw[at:].decode("latin-1"))
    # Characters beyond the first plane are written as two halves.
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _byte(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("cp1252", "replace")
