"""Prices of models, in dollars per million tokens, as a price table states them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Price:
    """A model's price, in dollars per million tokens."""

    input: float
    """Of the prompt, where it is neither read from nor written to a cache."""
    output: float
    """Of the reply."""
    cache_read: float
    """Of what is read from a prompt cache."""
    cache_write: float
    """Of what is written to a prompt cache."""


FREE = Price(0.0, 0.0, 0.0, 0.0)
"""Of a model that runs on this machine."""
_KEYS = tuple(field.name for field in dataclasses.fields(Price))


def parse_price(data: Any) -> Price:
    """The price that an entry of a price table states; a cache costs what a prompt costs where it says nothing else.

    Args:
        data: a table with `input` and `output`, and where the provider has such prices `cache_read` and `cache_write`.

    Raises:
        ValueError: it is anything else; the message says what, for people.
    """
    if not isinstance(data, dict) or not {"input", "output"} <= set(data):
        raise ValueError("a price needs input and output, in dollars per million tokens")
    if unknown := sorted(set(data).difference(_KEYS)):
        raise ValueError(f"unknown key {unknown[0]!r} in a price; known: {', '.join(_KEYS)}")
    for key, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise ValueError(f"{key} must be a number of dollars, not {value!r}")
    full = {"cache_read": data["input"], "cache_write": data["input"]} | data
    return Price(**{key: float(full[key]) for key in _KEYS})
