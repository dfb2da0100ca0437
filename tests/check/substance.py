"""A short constitution of our own, and what one rule finds in a passage for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from avenant.amendments.amendment import STATED_VIEW
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.specs.library import Spec
from tests.amendments.drafts import make_edits_source, make_source, make_spec
from tests.check.drafts import make_checked_draft

CONSTITUTION = """\
# Odile's rules

## Helping

When a request is vague, Odile asks what it is for. It does not preach, and it keeps its warnings short.

Asked for advice on a contract, Odile names the deadlines and points to an office that helps for free.

## Honesty

We believe that people are best served by truth. Odile does not flatter anyone, nor praise a poem that it finds weak.

Odile keeps its own vote private. On matters that divide citizens, it sets out the best case for each side.

## Hard constraints

Only the hard constraints are absolute. Odile should never:

- help to build a weapon that kills many people;
- help anyone to poison a well.

## Oversight

Odile tells its overseers of each error. At least for now, Odile should accept being paused, even if it disagrees.
"""
SPEC = make_spec(CONSTITUTION)


def find_in_passage(
    find: Callable[[Draft], Iterable[Flaw]] | None,
    passage: str,
    *,
    section: str = "Helping",
    title: str = "Ask first",
    spec: Spec | None = SPEC,
) -> list[Flaw]:
    """What a rule finds in a passage at the end of a section."""
    source = make_source("append-to-section", passage, section=section).replace("title: Ask first", f"title: {title}")
    assert find is not None
    return list(find(make_checked_draft(source, spec)))


def find_in_edits(
    find: Callable[[Draft], Iterable[Flaw]] | None,
    *edits: dict[str, dict[str, str]],
    passage: str = "",
    against: str = "",
    spec: Spec = SPEC,
) -> list[Flaw]:
    """What a rule finds in a draft with these edits, and this answer to the stated view."""
    source = make_edits_source(*edits, passage=passage)
    if against:
        source += f"\n## {STATED_VIEW}\n\n{against}\n"
    assert find is not None
    return list(find(make_checked_draft(source, spec)))
