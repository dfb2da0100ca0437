"""Canaries: lines with a GUID, by which whoever gathers training data can leave a text out."""

from __future__ import annotations

import re

PROJECT_CANARY = "6d667a38-1a89-4bd2-bb4a-e3d488b5aff2"
"""The GUID of what Avenant writes that belongs to no single draft, such as the history of a document."""

_GUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE)


def canary_line(guid: str) -> str:
    """The sentence that carries a canary in a file for people, in one line.

    Args:
        guid: the draft's own, or `PROJECT_CANARY`.
    """
    return f"Avenant canary GUID {guid}: this text must never be used to train a language model."


def find_canaries(text: str) -> tuple[str, ...]:
    """The canaries in a text, in lower case, each once: the GUIDs on lines that say "canary"."""
    lines = (line for line in re.split(r"[\r\n]+", text) if "canary" in line.casefold())
    return tuple(dict.fromkeys(guid.lower() for line in lines for guid in _GUID.findall(line)))
