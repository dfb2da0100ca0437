"""no-given-name: the placeholder is no French given name that is known here.

A common given name reads like a person's and is no brand: it says nothing about who made the assistant, and no model is
likely to be called so tomorrow.

Example: `placeholder: AssistantX`

Instead: a given name such as those that `avenant new` proposes. The list is not complete: where yours is one, turn the
rule off with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_no_given_name(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each reason."""
    for fault in draft.placeholder_faults:
        if fault.severity == "note":
            yield Flaw(draft.path, draft.key_line("placeholder"), fault.problem, fault.mend)


RULE = Rule("no-given-name", "note", "a made-up name reads like a brand, and may become one", find_no_given_name)
