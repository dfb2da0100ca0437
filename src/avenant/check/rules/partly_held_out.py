"""partly-held-out: a family is held out in part only.

Scenarios of a family are of one seed idea. An author who has seen one of them knows what the others ask for, so that
the rest of the family is held out in name only.

Example: a family of three call-centre scenarios, one of them with `held-out: true`.

Instead: hold out whole families: mark all of its scenarios, or none.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.families import count_families
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_partly_held_out(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each family that is held out in part, at the first of its scenarios that is held out."""
    file = draft.scenarios
    if file is None:
        return
    held = count_families(scenario for scenario in file.scenarios if scenario.is_held_out)
    for family, size in count_families(file.scenarios).items():
        if 0 < held[family] < size:
            first = next(one for one in file.scenarios if one.family == family and one.is_held_out)
            problem = f"{held[family]} of the {size} scenarios of the family {family!r} {_are(held[family])} held out"
            yield Flaw(file.path, first.line, problem, "hold out the whole family, or none of it")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


RULE = Rule("partly-held-out", "warning", "what the author saw of a family spoils the rest of it", find_partly_held_out)
