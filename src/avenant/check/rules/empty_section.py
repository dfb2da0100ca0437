"""empty-section: one of the four sections is missing or still empty.

A lab insider has minutes: without the reason, the expected behaviour and the risks a passage cannot be weighed.
A comment (`<!-- … -->`) does not count as text. Edits that only delete or move, or that carry words of their own,
need no `## Passage`.

Example: a draft that ends after `## Why`.

Instead: write all four, each in a few sentences; `avenant new` puts a hint into each.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.amendments.amendment import SECTIONS
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_empty_sections(draft: Draft) -> Iterator[Flaw]:
    """Flaws for each missing or empty section."""
    amendment = draft.amendment
    needs_passage = any(edit.is_adding and edit.passage is None for edit in amendment.edits)
    for title in SECTIONS:
        if title == "Passage" and not needs_passage:
            continue
        if title not in amendment.sections:
            last = amendment.source.count("\n") + 1
            yield Flaw(amendment.path, last, f"the section {title!r} is missing", f"add `## {title}`")
        elif not amendment.sections[title]:
            yield Flaw(amendment.path, draft.section_line(title), f"the section {title!r} is empty", "write it")


RULE = Rule("empty-section", "error", "a lab insider cannot weigh the passage", find_empty_sections)
