"""no-side-effects: no scenario is for side effects.

A passage that helps where it should may still do harm elsewhere. Neighbour scenarios are those where it could be
over-applied: they look like the gap and are none. Far scenarios are ordinary requests that have nothing to do with it,
and show whether the model has become less helpful at large. Without either a trial of the file does not start; with
both its verdict leaves fewer questions open.

Example: a passage on plans for automating other people's work, and no scenario in which someone automates a chore of
their own.

Instead: for each condition in the passage write scenarios that just fail to meet it (`battery: neighbour`), and add a
few everyday requests (`battery: far`).
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import key_line


def find_no_side_effects(draft: Draft) -> Iterator[Flaw]:
    """A flaw where every scenario is for the target."""
    file = draft.scenarios
    if file is not None and all(scenario.is_target for scenario in file.scenarios):
        problem = "no neighbour or far scenario: nothing shows what else the passage changes"
        mend = "add some, with `battery: neighbour` and `battery: far`"
        yield Flaw(file.path, key_line(file.source, "scenarios"), problem, mend)


RULE = Rule("no-side-effects", "warning", "a lab will ask what else the passage changes", find_no_side_effects)
