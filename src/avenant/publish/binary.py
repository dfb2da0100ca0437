"""Readable runs of characters in a binary file, as `strings` finds them."""

from __future__ import annotations

import re

_NARROW = re.compile(rb"[\t\x20-\x7e]{4,}")
_LETTER = rb"[\t\x20-\x7e\xa0-\xff]"
_WIDE = re.compile(rb"(?P<little>(?:%b\x00){4,})(?P<more>%b)?|(?P<big>(?:\x00%b){4,})".replace(b"%b", _LETTER))
_KINDS = bytes(0 if byte == 0 else 1 if byte == 9 or 32 <= byte < 127 or byte >= 160 else 2 for byte in range(256))
"""Zero bytes, letters, and what is neither."""
_ALTERNATING = (b"\x01\x00" * 4, b"\x00\x01" * 4)


def readable_runs(raw: bytes) -> str:
    """Runs of four characters or more in ASCII or UTF-16, one a line."""
    runs = [match.group().decode("ascii") for match in _NARROW.finditer(raw)]
    kinds = raw.translate(_KINDS)
    if any(pattern in kinds for pattern in _ALTERNATING):
        for match in _WIDE.finditer(raw):
            if match["big"]:
                runs.append(match["big"].decode("utf-16-be", "replace"))
                continue
            runs.append(match["little"].decode("utf-16-le", "replace"))
            if match["more"]:
                # Behind a letter, a run of big halves looks like one of little halves that ends too soon.
                runs.append(runs[-1] + match["more"].decode("latin-1"))
    return "\n".join(runs)
