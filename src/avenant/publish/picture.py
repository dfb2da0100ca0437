"""What a picture says besides its pixels: title, author, camera, the program that made it, a prompt."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from avenant.publish.binary import readable_runs
from avenant.publish.part import Extract, Part, Picture

_PNG = b"\x89PNG\r\n\x1a\n"
_MAX_TEXT = 5_000_000
"""What one compressed text of a picture may unpack to."""


def read_picture(raw: bytes) -> Iterator[Part]:
    """The picture, to be looked at, and the readable part of its metadata."""
    yield Picture("")
    # The pixels of a PNG are left out and its compressed texts unpacked; the metadata of other formats (EXIF, XMP,
    # comments) stands among the bytes as it is.
    text = "\n".join(_png_texts(raw)) if raw.startswith(_PNG) else readable_runs(raw)
    if text:
        yield Extract("metadata", text, is_raw=True)


def _png_texts(raw: bytes) -> Iterator[str]:
    """Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", chapters 5 and 11."""
    at = len(_PNG)
    while at + 12 <= len(raw):
        size = int.from_bytes(raw[at : at + 4])
        kind, contents = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"IEND":
            break
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            yield _unpacked(kind, contents)
        if kind not in (b"IDAT", b"fdAT"):
            yield contents.decode("utf-8", "replace") if kind in (b"tEXt", b"iTXt") else readable_runs(contents)
    yield readable_runs(raw[at:])


def _unpacked(kind: bytes, contents: bytes) -> str:
    """The compressed part of a chunk; empty where it is not compressed."""
    _, _, rest = contents.partition(b"\x00")
    if kind == b"iTXt":
        # A flag, the method, a language and the keyword in that language.
        if rest[:1] != b"\x01":
            return ""
        packed = rest[2:].split(b"\x00", 2)[-1]
    else:
        packed = rest[1:]
    try:
        return zlib.decompressobj().decompress(packed, _MAX_TEXT).decode("utf-8", "replace")
    except zlib.error:
        return ""
