"""unsafe-placeholder: the placeholder is a model's real name, or stands in the document already.

The placeholder is put aside for the real name on delivery. One that is a model's name leaks just what it is there to
hide (Claude is a French given name, and so are Lucie and Albert, which are models too); one that the document uses for
somebody else would turn that person into the model.

Example: `placeholder: Odile` in a draft about Odile's constitution.

Instead: a French given name that stands nowhere else. `avenant new` refuses an unsafe one and proposes others.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_unsafe_placeholder(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each reason."""
    for fault in draft.placeholder_faults:
        if fault.severity == "error":
            yield Flaw(draft.path, draft.key_line("placeholder"), fault.problem, fault.mend)


RULE = Rule(
    "unsafe-placeholder",
    "error",
    "it leaks the name, or makes somebody else of the model on delivery",
    find_unsafe_placeholder,
)
