"""stale-release: the workspace has a newer release of the document than the one that the draft amends.

A lab insider edits the newest text. A draft against an older one may quote words that are gone, or ask for what has
been added since.

Example: `spec: atelier/2026-09-01` in a workspace that holds atelier/2026-12-01 as well.

Instead: `avenant rebase` carries the draft over, and `avenant adopted` tells whether the lab took its words already.
A draft that was adopted, declined or withdrawn stays with the release that it was written for.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule

_CLOSED = ("adopted", "declined", "withdrawn")


def find_stale_release(draft: Draft) -> Iterator[Flaw]:
    """A flaw where a newer release is known and the draft is still to be decided on."""
    if draft.newer and draft.amendment.status not in _CLOSED:
        problem = f"{draft.amendment.spec} is not the newest release: {draft.newer[-1]} is here"
        yield Flaw(draft.path, draft.key_line("spec"), problem, f"avenant rebase {draft.amendment.slug}")


RULE = Rule("stale-release", "warning", "the lab edits its newest text, not this one", find_stale_release)
