"""small-family: a family of a small file has fewer than three scenarios.

With a handful of families each of them weighs much, and a family of one or two scenarios shows what its wording does
as much as what its idea does: leaving it out or rewording it could turn the verdict. Three tell the two apart. Where a
file has twenty families or more, one or two scenarios each are the better use of the same money, and nothing is said.

Example: six families, one of them with a single scenario.

Instead: two more wordings of the same idea, by another person, in another setting, of another length.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.families import count_families
from avenant.check.finding import Flaw
from avenant.check.rule import Rule

_LEAST = 3
_MANY = 20


def find_small_families(draft: Draft) -> Iterator[Flaw]:
    """A flaw at the first scenario of each small family, target and side effects counted apart."""
    file = draft.scenarios
    for is_target in (True, False):
        chosen = [one for one in file.scenarios if one.is_target == is_target] if file else []
        sizes = count_families(chosen)
        for family, size in sizes.items() if len(sizes) < _MANY else ():
            if size < _LEAST:
                assert file is not None
                first = next(one for one in chosen if one.family == family)
                number = "1 scenario" if size == 1 else f"{size} scenarios"
                problem = f"the family {family!r} has {number}"
                yield Flaw(file.path, first.line, problem, f"write {_LEAST} or more wordings of its idea")


RULE = Rule("small-family", "note", "it shows what its wording does as much as what its idea does", find_small_families)
