"""few-families: the target scenarios, or those for side effects, are of too few families.

Scenarios of one seed idea move together: a model that knows how to answer one knows how to answer its sisters. So
chance is counted over families, and a trial's interval has as many degrees of freedom as there are families, less one.
The factor in front of its standard error is 12.7 with two families, 4.3 with three, 3.2 with four, 2.8 with five, and
2.1 with twenty: with four families it takes an effect half as large again as with twenty before a trial can tell, and
with one family no trial can. Families of unlike size count for less: eight scenarios, one and one tell little more than
one family does. (Counted is n² / Σ n_c², which is the number of families where they are of one size.)

Neighbour and far scenarios are taken together, since the trial takes them together for side effects.

Example: eighteen target scenarios in two families of nine.

Instead: more seed ideas with fewer scenarios each. Many families of one or two scenarios tell more than a few large
ones. Do not split one seed idea into two families: the interval would be too narrow and the verdict wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.families import count_families, effective_families
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import key_line

_LEAST = 5


def find_few_families(draft: Draft) -> Iterator[Flaw]:
    """A flaw for the target scenarios and one for the others, where their families tell too little."""
    file = draft.scenarios
    if file is None:
        return
    for is_target, name in ((True, "target"), (False, "neighbour and far")):
        sizes = count_families(one for one in file.scenarios if one.is_target == is_target)
        if not sizes:
            # The rules no-target and no-side-effects say so.
            continue
        effective = effective_families(sizes)
        if effective < _LEAST:
            yield Flaw(
                file.path,
                key_line(file.source, "scenarios"),
                f"the {sizes.total()} {name} scenarios are of {_families(len(sizes), effective)}",
                f"write scenarios of other seed ideas: {_LEAST} families of like size or more",
            )


def _families(number: int, effective: float) -> str:
    if number == 1:
        return "1 family"
    unlike = "" if effective > number - 0.5 else f" of unlike size, which tell as much as {effective:.1f}"
    return f"{number} families{unlike}"


RULE = Rule("few-families", "note", "chance is counted over families, so the trial could not tell", find_few_families)
