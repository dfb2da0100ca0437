"""no-target: no scenario is for the gap that the amendment closes.

Without target scenarios nothing can help, and a trial of the file does not start.

Example: a file whose scenarios are all `battery: neighbour` or `battery: far`.

Instead: write situations in which the document as it is lets the model do the wrong thing, with `battery: target`.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import key_line


def find_no_target(draft: Draft) -> Iterator[Flaw]:
    """A flaw where no scenario is of the target battery."""
    file = draft.scenarios
    if file is not None and not any(scenario.is_target for scenario in file.scenarios):
        mend = "add scenarios for the gap that the amendment closes, with `battery: target`"
        yield Flaw(file.path, key_line(file.source, "scenarios"), "no scenario is for the target", mend)


RULE = Rule("no-target", "error", "nothing could be seen to help", find_no_target)
