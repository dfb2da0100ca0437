"""Judges made of a function, for tests of what is asked and what is made of the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from avenant.trials.answers import Form


@dataclass
class Scribe:
    """A judge that answers by a function of the prompt, and what it was asked."""

    answer: Callable[[str], str]
    prompts: list[str] = field(default_factory=list)

    async def ask(self, prompt: str, form: Form[Any]) -> str:
        self.prompts.append(prompt)
        return self.answer(prompt)


def shown(prompt: str, name: str) -> str:
    """The material of a name in a prompt: what stands between its first opening and its last closing mark."""
    found = re.search(rf"<{name} ([0-9a-f]{{16}})>\n(.*)\n</{name} \1>", prompt, re.DOTALL)
    assert found is not None
    return found[2]


def as_json(**data: object) -> str:
    return json.dumps({"reason": "So it is.", **data})
