"""A model's replies: kept on the disk, so that none is paid for twice or lost, and read strictly.

Whatever is not of the form asked for, or quotes what its text does not have, counts for nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from avenant.files import read_text, sha256_text, write_text
from avenant.text import cut_at_word, plain_words

_FENCE = re.compile(r"\s*```(?:json)?\s*\n(?P<body>.*)\n```\s*", re.DOTALL)


class Replies(Protocol):
    """Where replies are kept by their keys: a dictionary, or a folder (`KeptReplies`)."""

    def __contains__(self, key: object) -> bool: ...

    def __getitem__(self, key: str) -> str: ...

    def __setitem__(self, key: str, reply: str) -> None: ...


class KeptReplies:
    """Replies in a folder, one file each, named by its key; each is on the disk before anything else is done."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, key: object) -> bool:
        return self._path(str(key)).is_file()

    def __getitem__(self, key: str) -> str:
        if key not in self:
            raise KeyError(key)
        return read_text(self._path(key))

    def __setitem__(self, key: str, reply: str) -> None:
        write_text(self._path(key), reply)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.txt"


def reply_key(model: str, prompt: str, *, repeat: int = 0) -> str:
    """Under what a reply is kept: a hash of the model's name, the prompt, and which repeat it is, from 0."""
    return sha256_text(f"{model}\n{prompt}" + (f"\n#{repeat}" if repeat else ""))


def ask_once(prompt: str, ask: Callable[[str], str], replies: Replies, *, model: str, repeat: int = 0) -> str:
    """The reply to a prompt: the kept one, else a new one, which is kept before it is given.

    Args:
        prompt: what to ask.
        ask: gives the reply to a prompt.
        replies: what was replied before.
        model: the name of who is asked, for the key.
        repeat: which of several replies to the same prompt, from 0.
    """
    key = reply_key(model, prompt, repeat=repeat)
    if key not in replies:
        replies[key] = ask(prompt)
    return replies[key]


def read_object(reply: str, keys: Mapping[str, type]) -> dict[str, Any]:
    """A reply that is one JSON object with exactly these keys, each of its type; a code fence round it is allowed.

    Args:
        reply: what the model said.
        keys: the keys with the type of each value.

    Raises:
        ValueError: it is anything else; the message says what, for people.
    """
    fenced = _FENCE.fullmatch(reply)
    try:
        data = json.loads(fenced["body"] if fenced else reply)
    except json.JSONDecodeError:
        raise ValueError(f"the reply is no JSON: {cut_at_word(reply, 80)!r}") from None
    if not isinstance(data, dict) or set(data) != set(keys):
        raise ValueError(f"the reply has not exactly the keys {_listed(keys)}")
    for key, kind in keys.items():
        if not isinstance(data[key], kind) or (kind is not bool and isinstance(data[key], bool)):
            raise ValueError(f"{key} is no {kind.__name__}: {data[key]!r}")
    return data


def is_quoted(quote: str, text: str) -> bool:
    """Whether the quoted words stand in a text one after another, whatever their typography."""
    return f" {' '.join(plain_words(quote))} " in f" {' '.join(plain_words(text))} "


def _listed(keys: Mapping[str, type]) -> str:
    *most, last = keys
    return f"{', '.join(most)} and {last}" if most else last
