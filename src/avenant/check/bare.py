"""A text laid bare: look-alikes, hidden characters, escapes and markup undone, with a map back to the source."""

from __future__ import annotations

import bisect
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from avenant.check.lookalikes import plain_character

MARKUP = "\x1f"
"""Stands in a bare text where a tag, a comment, a link's address or a command was."""

_SPECIAL = re.compile(r"[^\t\n\r -$'-;=-[^-~]")
"""Characters that can begin one of the pieces below."""

PIECE = re.compile(
    r"""
      (?P<odd>[^\x00-\x7f]+|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+)
    | (?P<reference>&(?:amp;)*(?:\#[0-9]{1,7};?|\#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};))
    | (?P<percent>(?:%[0-9a-fA-F]{2})+)
    | (?P<escape>(?:\\u[0-9a-fA-F]{4})+|\\x[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]{1,6}\}|\\U[0-9a-fA-F]{8}
        |\\N\{[A-Za-z0-9\ -]{1,80}\}|\\[0-7]{3})
    | (?P<markup></?[A-Za-z][^<>]*>|\]\([^()\n]*\)|\]\[[^\[\]\n]*\]|\\[A-Za-z]+\{)
    | (?P<comment><!--)
    """,
    re.VERBOSE,
)
"""What is undone. No alternative can run over what another one may begin with, so a text is read in one pass."""


@dataclass(frozen=True, slots=True)
class BareText:
    """A text as its letters read, and for each of its characters where it came from."""

    text: str
    """Letters without marks, in their case; look-alikes as ASCII; nothing hidden; `MARKUP` where markup was."""
    markup: tuple[tuple[int, int], ...]
    """Source offsets of each tag, comment and address that was taken out."""
    _offsets: Sequence[int]
    """Bare offset at which each piece begins, and the length of the text as the last."""
    _spans: Sequence[tuple[int, int]]
    """Source offsets of each piece. Where both are of one length, each character is one of the source's."""

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of the bare characters in [start, end)."""
        return self._source(start)[0], self._source(end - 1)[1]

    def _source(self, offset: int) -> tuple[int, int]:
        index = bisect.bisect_right(self._offsets, offset) - 1
        start, end = self._spans[index]
        first = self._offsets[index]
        if self._offsets[index + 1] - first != end - start:
            return start, end
        return start + offset - first, start + offset - first + 1


def lay_bare(source: str, *, is_markup_read: bool = True) -> BareText:
    """Undo what hides letters from a search.

    Undone are look-alikes, letters of other forms, marks on letters, characters that are not seen, HTML's character
    references, percent-encoding and the escapes of JSON, JavaScript, Python and C; and, with `is_markup_read`, tags,
    comments, addresses of links and commands of LaTeX. Other encodings of whole words (base64, rot13, Morse,
    reversed) are not.

    Args:
        source: any text.
        is_markup_read: take markup out; else its own words are text like any other.
    """
    out: list[str] = []
    offsets = [0]
    spans: list[tuple[int, int]] = []

    def put(chars: str, start: int, end: int) -> None:
        if chars:
            out.append(chars)
            offsets.append(offsets[-1] + len(chars))
            spans.append((start, end))

    def put_odd(chars: str, start: int) -> None:
        plain = [plain_character(char) for char in chars]
        if all(len(one) == 1 for one in plain):
            put("".join(plain), start, start + len(chars))
            return
        for index, one in enumerate(plain, start):
            put(one, index, index + 1)

    last_comment_end = source.rfind("-->") if is_markup_read else -1
    markup: list[tuple[int, int]] = []
    at = 0
    for special in _SPECIAL.finditer(source):
        start = special.start()
        match = PIECE.match(source, start) if start >= at else None
        if match is None:
            continue
        kind = match.lastgroup
        end = match.end()
        if kind == "comment":
            end = source.find("-->", end) + 3 if end <= last_comment_end else 0
        if kind in ("comment", "markup"):
            if not is_markup_read or not end:
                continue
            markup.append((start, end))
        put(source[at:start], at, start)
        at = end
        if kind == "odd":
            put_odd(match.group(), start)
        else:
            plain = MARKUP if kind in ("comment", "markup") else plain_characters(decode(match.group(), kind or ""))
            put(plain, start, end)
    put(source[at:], at, len(source))
    return BareText("".join(out), tuple(markup), offsets, spans)


def plain_characters(text: str) -> str:
    """What a reader takes the characters of a text for."""
    return "".join(map(plain_character, text))


def decode(written: str, kind: str) -> str:
    """The characters that a character reference, a percent-encoding or an escape stands for."""
    if kind == "reference":
        reference = re.sub(r"^&(?:amp;)*", "&", written)
        return html.unescape(reference)
    if kind == "percent":
        return unquote(written, errors="replace")
    if written.startswith("\\N"):
        try:
            return unicodedata.lookup(written[3:-1])
        except KeyError:
            return written
    if written[1] in "uxU":
        numbers = re.findall(r"[0-9a-fA-F]+", written.replace("\\u", " "))
        chars = "".join(chr(min(int(number, 16), 0x10FFFF)) for number in numbers)
        # JSON writes characters beyond the first plane as two halves.
        return chars.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return chr(int(written[1:], 8))
