"""The arms' documents as warm prefixes: marked for the provider's prompt cache, and computed once before many ask.

This module imports Inspect at its top and is itself imported only when a trial is planned or runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from os.path import commonprefix
from typing import TypeVar

import anyio
from inspect_ai.model import ChatMessageSystem, ContentText

from avenant.trials.design import Trial
from avenant.trials.protocol import PREAMBLE

T = TypeVar("T")

_MARKED = ("anthropic/", "openai/")
"""Providers that take marks where a prompt may be cached; Inspect leaves them out for models that do not."""


@lru_cache(maxsize=4)
def shared_length(systems: tuple[str, ...]) -> int:
    """Characters, in whole paragraphs, with which all these messages begin; 0 where that is the preamble alone."""
    end = commonprefix(systems).rfind("\n\n") + 1  # noqa: RUF071  (characters are what is wanted)
    return end if end > len(PREAMBLE) else 0


def make_system_message(trial: Trial, key: str) -> ChatMessageSystem:
    """An arm's document as a system message, marked behind what all arms share and at its end.

    The line break between both parts is the one that Inspect puts back wherever it joins them.

    Args:
        trial: the design.
        key: of `trial.systems`.
    """
    text = trial.systems[key]
    if trial.protocol.is_batch or not trial.protocol.subject.startswith(_MARKED):
        return ChatMessageSystem(content=text)
    end = shared_length(tuple(trial.systems.values()))
    parts = [text[:end], text[end + 1 :]] if end else [text]
    return ChatMessageSystem(content=[ContentText(text=part, cache_breakpoint=True) for part in parts])


class Warming:
    """Lets one request go first, then one for each document, then all the others at once.

    What the first computes or writes to the cache the others read; together they would each pay for it.
    """

    def __init__(self) -> None:
        self._gates: dict[str, anyio.Event] = {}

    async def __call__(self, document: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask when it is this document's turn."""
        return await self._lead("", lambda: self._lead(document, ask))

    async def _lead(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        if key in self._gates:
            await self._gates[key].wait()
            return await ask()
        gate = self._gates[key] = anyio.Event()
        try:
            return await ask()
        finally:
            # Where the first request fails, the others are not to wait for ever.
            gate.set()
