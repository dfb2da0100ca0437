"""Files too large to be read whole: plain text and runs of characters, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from avenant.publish.binary import readable_runs
from avenant.publish.extract import is_packed, is_recording
from avenant.publish.part import MAX_FILE_BYTES, Extract, Part, Picture, Unread
from avenant.publish.plain import decode_plain

_PIECE = 8_000_000
_OVERLAP = 1_000
"""Bytes that two pieces have in common where there is no line end to part them at."""


def read_large(path: Path) -> Iterator[Part]:
    """The texts of a file that is larger than `MAX_FILE_BYTES`, where its words lie in it as they are.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        piece = file.read(_PIECE)
        if is_packed(piece):
            yield Unread("", f"it is larger than {MAX_FILE_BYTES / 1e6:.0f} MB")
            return
        if is_recording(piece):
            yield Picture("")
        line = 1
        while piece:
            more = file.read(_PIECE)
            # Two pieces part at the end of a line; where there is none, they have some bytes in common.
            cut = piece.rfind(b"\n") + 1 if more else len(piece)
            rest = piece[cut:] if cut else piece[-_OVERLAP:]
            yield _extract(piece[: cut or len(piece)], line)
            line += piece.count(b"\n", 0, cut)
            piece = rest + more if more else b""


def _extract(raw: bytes, line: int) -> Extract:
    text = decode_plain(raw)
    return Extract("", readable_runs(raw), is_raw=True) if text is None else Extract("", text, ((0, line),))
