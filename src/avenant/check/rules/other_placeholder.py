"""other-placeholder: the draft's placeholder is not the workspace's.

Drafts of one workspace are read together. With one name in all of them a reader knows who is meant, a passage can be
taken from one draft into another, and a search finds what is left to be replaced.

Example: `placeholder: Solène` in a workspace whose avenant.toml says `placeholder = "Clément"`.

Instead: the workspace's, or change that and all drafts with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_other_placeholder(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each reason."""
    for fault in draft.placeholder_faults:
        if fault.severity == "warning":
            yield Flaw(draft.path, draft.key_line("placeholder"), fault.problem, fault.mend)


RULE = Rule("other-placeholder", "warning", "readers take two names for two assistants", find_other_placeholder)
