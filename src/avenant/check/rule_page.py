"""A rule's page in its parts, for those who show it: the docs, code scanning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from avenant.check.rule import Rule

_HEADS = re.compile(r"^(Example|Instead):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a rule's page says."""

    fault: str
    """One sentence: what is wrong where the rule finds something."""
    rest: str
    """Why, an example and what to write instead, in markdown."""


def read_page(rule: Rule) -> RulePage:
    """The page of a rule; without one there are only its id and `why` to say it with."""
    fault, _, rest = rule.page.partition("\n\n")
    fault = " ".join(fault.split()).removeprefix(f"{rule.id}:").strip() or f"{rule.id.replace('-', ' ')}."
    return RulePage(fault[0].upper() + fault[1:], _HEADS.sub(r"**\1:**", rest.strip()))
