"""Where a top-level key stands in a YAML file as its author wrote it."""

from __future__ import annotations

import re


def find_key(source: str, key: str) -> re.Match[str] | None:
    """The line of a top-level key, without its line end; its group "value" is what stands behind the colon."""
    # What belongs to another key is indented, so that a key in the first column is one of the top.
    return re.search(rf"^(?P<quote>[\"']?){re.escape(key)}(?P=quote)[ \t]*:(?P<value>[^\r\n]*)", source, re.MULTILINE)


def key_line(source: str, key: str) -> int:
    """Line of a top-level key, from 1; the first line where the key is not there."""
    found = find_key(source, key)
    return source.count("\n", 0, found.start()) + 1 if found else 1
