"""empty-section: one of the four sections is missing or still empty.

A lab insider has minutes: without the reason, the expected behaviour and the risks a passage cannot be weighed.
A comment (`<!-- … -->`) does not count as text.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.amendments.amendment import SECTIONS, Amendment
from avenant.check.finding import Finding

RULE = "empty-section"


def find_empty_sections(amendment: Amendment) -> Iterator[Finding]:
    """Findings for each missing or empty section; edits that add nothing, or words of their own, need no passage."""
    needs_passage = any(edit.is_adding and edit.passage is None for edit in amendment.edits)
    for title in SECTIONS:
        if title == "Passage" and not needs_passage:
            continue
        if title not in amendment.sections:
            last = amendment.source.count("\n") + 1
            yield Finding(amendment.path, last, RULE, f"the section {title!r} is missing", f"add `## {title}`")
        elif not amendment.sections[title]:
            line = amendment.section_lines.get(title, 1)
            yield Finding(amendment.path, line, RULE, f"the section {title!r} is empty", "write it")
