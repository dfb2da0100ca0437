"""Plain text of any encoding, the escapes in it, and the files that are written into it as base64."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from collections.abc import Iterator

from avenant.publish.part import Extract, Nest, Part

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\v\b\x1b") + b"\x7f"
_MAX_CONTROL = 0.005
"""Share of control characters up to which a file is text; of compressed data it is a tenth."""

_ENCODED = re.compile(
    r"""
      data:(?P<type>[\w.+/-]*)[^,:\s"'<>]{0,200};base64,(?P<stated>[A-Za-z0-9+/_-]{4,}={0,2})
    | (?<![A-Za-z0-9+/_-])(?P<guessed>[A-Za-z0-9+/_-]{40,}={0,2})
    """,
    re.VERBOSE,
)
_LEAST_NOISE = 40
"""Letters and digits in a row that hashes and signatures have, and hardly any word."""
_LEAST_FILE = 200
"""Characters of base64 from which on it is taken for a file and not for a hash or a signature."""
# A text that is never closed ends with its line: each quotation mark begins a match, so that the search goes on behind
# it and the time stays in proportion to the length.
_JSON_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*+)["\\]?')
_JSON_REST = re.compile(r"(?!\b(?:true|false|null|NaN|Infinity)\b)\b[^\W\d]\w+")
_LINE_ESCAPE = re.compile(r"(?<!\\)\\+[nrtbfv](?=\w)")


def decode_plain(raw: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16, UTF-32 or an encoding of one byte a character; None for a binary file."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if wide := _wide_encoding(raw):
        return raw.decode(wide, "replace")
    control = len(raw) - len(raw.translate(None, _CONTROL))
    if control > _MAX_CONTROL * len(raw):
        return None
    text = raw.decode("utf-8", "replace")
    if (broken := text.count("\ufffd")) == 0:
        return text
    # A few broken bytes in a text of UTF-8 must not hide its other letters.
    others = len(text) - len(text.encode("ascii", "ignore"))
    return text if broken * 2 < others else raw.decode("latin-1")


def read_plain(raw_text: str, nest: Nest, *, first_line: int = 1) -> Iterator[Part]:
    """A text as it stands, and what is written into it as base64.

    Args:
        raw_text: the text.
        nest: where it lies.
        first_line: line of the file at which the text begins.
    """
    text, parts = take_out_encoded(raw_text, nest)
    yield from parts
    yield Extract("", text, ((0, first_line),))
    if _LINE_ESCAPE.search(text):
        # In "one\nOdile" of JSON or of a program the name would begin with an n. The length stays, and so do the lines.
        yield Extract("", _LINE_ESCAPE.sub(lambda match: " " * len(match.group()), text), ((0, first_line),))


def read_json(source: str, nest: Nest) -> Iterator[Part]:
    """The texts in a file of JSON, a notebook or a file of one JSON value a line, with their escapes undone.

    Where more than texts and numbers stands in it (comments, broken JSON), the file is read as plain text too.
    """
    text, parts = take_out_encoded(source, nest)
    out: list[str] = []
    lines: list[tuple[int, int]] = []
    length, line, at = 0, 1, 0
    for match in _JSON_TEXT.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        words = _undo_escapes(match[1])
        lines.append((length, line))
        out.append(words)
        length += len(words) + 1
    yield from parts
    joined = "\n".join(out)
    if lines:
        # Line ends that were escaped are none of the file.
        yield Extract("", joined, tuple(lines))
    if _LINE_ESCAPE.search(joined):
        yield Extract("", _LINE_ESCAPE.sub(lambda match: " " * len(match.group()), joined), tuple(lines))
    if not lines or _JSON_REST.search(_JSON_TEXT.sub("", text)):
        yield from read_plain(text, nest)


def _undo_escapes(written: str) -> str:
    if "\\" not in written:
        return written
    try:
        words = str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written
    return words.replace("\n", "\u2028").replace("\r", " ")


def take_out_encoded(text: str, nest: Nest) -> tuple[str, list[Part]]:
    """Blank out what is written as base64, and read it as the file that it is.

    Its letters are noise in which short names turn up by chance; hashes and signatures are blanked out as well.

    Returns:
        The text, of the same length, and the parts of the files that were in it.
    """
    parts: list[Part] = []
    if "base64," not in text and max(map(len, text.split()), default=0) < _LEAST_NOISE:
        return text, parts

    line, at = 1, 0

    def put(match: re.Match[str]) -> str:
        nonlocal line, at
        code = match["stated"] or match["guessed"]
        is_noise = _is_noise(code)
        raw = _decode_base64(code) if match["stated"] or len(code) >= _LEAST_FILE else None
        if raw is None or not (match["stated"] or is_noise or _is_file(raw)):
            return " " * len(code) if is_noise else match.group()
        kind = (match["type"] or "").rpartition("/")[2].split("+")[0]
        line += text.count("\n", at, match.start())
        at = match.start()
        parts.extend(nest.open(f"data.{kind}", raw, is_document=False, shown=f"data in line {line}"))
        return " " * len(match.group())

    return _ENCODED.sub(put, text), parts


def _is_noise(code: str) -> bool:
    """Whether letters and digits are mixed as they are in base64, and neither in words nor in joined names."""
    least = len(code) / 4
    digits = sum(map(str.isdigit, code))
    return (
        digits * 3 > least
        and sum(map(str.isupper, code)) > least
        and sum(map(str.islower, code)) > least
        and (code.count("-") + code.count("_")) * 4 < least
    )


def _decode_base64(code: str) -> bytes | None:
    code = code.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4), validate=True)
    except binascii.Error:
        return None


def _is_file(raw: bytes) -> bool:
    """Whether decoded base64 is a file that somebody encoded and not a long word that happens to decode."""
    known = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"wOF")
    return raw.startswith(known) or decode_plain(raw) is not None


def _wide_encoding(raw: bytes) -> str | None:
    """UTF-16 without a mark: most of one half of its bytes are zero, and nearly none of the other."""
    sample = raw[:4096]
    half = len(sample) // 2
    if half < 2 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < 0.5 or min(even, odd) > 0.05:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = sample[: half * 2].decode(encoding, "replace")
    return encoding if sum(char.isprintable() or char.isspace() for char in text) > 0.95 * len(text) else None
