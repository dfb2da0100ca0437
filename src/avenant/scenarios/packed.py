"""Packed scenarios: a file that whoever writes the passage does not read by accident. Packing is no secrecy."""

from __future__ import annotations

import base64
import binascii
import textwrap
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avenant.errors import Fault, FormatError
from avenant.files import MAX_TEXT_BYTES, Yaml, sha256_text
from avenant.text import is_guid

PACKED_KEY = "packed"
"""The key by which a file of packed scenarios is known."""
_KEYS = ("amendment", "canary", PACKED_KEY)
_PACKED_KEYS = ("scenarios", "families", "sha256", "text")
_WIDTH = 100
_HEAD = """\
# Scenarios of {amendment} that were held out. They are packed, so that whoever writes the passage does not read
# them by accident; this is no secrecy. A trial uses them as they are. Not to be edited: the sha256 would not fit.
# To unpack them into {amendment}.yaml, once the passage is settled: avenant scenarios reveal {amendment}
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a file of packed scenarios holds."""

    amendment: str
    """Slug of the amendment that they are for; empty where the file does not say."""
    canary: str
    """GUID that lets anyone filter the file out of training data; empty where there is none."""
    text: str
    """The unpacked text: a scenario file with the key `scenarios` alone."""
    line: int
    """Line of the packed text in its file, from 1."""


def pack_text(text: str, *, amendment: str, canary: str, scenarios: int, families: int) -> str:
    """The text of a file of packed scenarios.

    Args:
        text: what to pack: a scenario file with the key `scenarios` alone.
        amendment: slug of the amendment that they are for.
        canary: the amendment's own GUID; empty for none.
        scenarios: how many there are.
        families: of how many families.
    """
    packed = base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
    lines = [
        f"amendment: {amendment}",
        *([f"canary: {canary}"] if canary else []),
        f"{PACKED_KEY}:",
        f"  scenarios: {scenarios}",
        f"  families: {families}",
        f"  sha256: {sha256_text(text)}",
        "  text: |",
        textwrap.indent(textwrap.fill(packed, _WIDTH), "    "),
    ]
    return _HEAD.format(amendment=amendment) + "\n".join(lines) + "\n"


def parse_packed(parsed: Yaml, path: Path) -> Packed:
    """Read a file of packed scenarios, the hash checked.

    Args:
        parsed: the file's YAML, a mapping with the key `packed`.
        path: the file, for messages.

    Raises:
        FormatError: all that is wrong with its form; or the text cannot be unpacked, or is not what was packed.
    """
    data = parsed.data
    faults = [
        Fault(f"unknown key {key!r}", path, parsed.line(str(key)), f"known keys: {', '.join(_KEYS)}")
        for key in data
        if key not in _KEYS
    ]
    faults += [
        Fault(f"{key} must be a text", path, parsed.line(key), f"write it after `{key}: `")
        for key in ("amendment", "canary")
        if not isinstance(data.get(key, ""), str)
    ]
    if isinstance(data.get("canary"), str) and not is_guid(data["canary"]):
        mend = "give the amendment's own"
        faults.append(Fault(f"{data['canary']!r} is not a GUID", path, parsed.line("canary"), mend))
    packed = data[PACKED_KEY]
    if not isinstance(packed, dict) or set(packed) != set(_PACKED_KEYS) or not isinstance(packed["text"], str):
        mend = "take the file out of git as it was"
        faults.append(Fault(f"{PACKED_KEY} has not the keys {', '.join(_PACKED_KEYS)}", path, 1, mend))
    if faults:
        raise FormatError.from_faults(faults)
    line = parsed.line(PACKED_KEY, "text")
    text = _unpack_text(packed, path, line)
    return Packed(data.get("amendment", ""), data.get("canary", ""), text, line)


def _unpack_text(packed: dict[str, Any], path: Path, line: int) -> str:
    mend = "it was changed by hand or cut off: take it out of git as it was"
    try:
        raw = base64.b64decode("".join(packed["text"].split()), validate=True)
        unpacking = zlib.decompressobj()
        unpacked = unpacking.decompress(raw, MAX_TEXT_BYTES)
        text = unpacked.decode("utf-8")
    except (binascii.Error, ValueError, zlib.error) as error:
        raise FormatError("the packed text cannot be unpacked", path=path, line=line, mend=mend) from error
    if not unpacking.eof or sha256_text(text) != packed["sha256"]:
        raise FormatError("the packed text is not what was packed", path=path, line=line, mend=mend)
    return text
