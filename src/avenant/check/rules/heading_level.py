"""heading-level: a heading in the passage takes over text of the document, or ends the section that it goes into.

What stands below a heading belongs to it. A heading that lands in the middle of a section swallows all that follows
there, and one that is not deeper than the section to which it is appended ends that section: the lab's own clauses
change their place, and with it what they say and how binding they are.

Example: `append-to-section` to a section of level 2 with a passage that begins with `## Trade secrets`; or a passage
with a heading that is inserted after the second of five paragraphs.

Instead: a deeper heading (`### Trade secrets`) at the end of the section. A new section beside it goes before the next
heading (`insert-before` with the heading's words as the quote). A passage with a heading of level 1 or 2 stands in the
edit's own `passage:`, since under `## Passage` such a heading would begin another section of the draft.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.landing_place import headings_of, is_taking_over, section_of
from avenant.check.rule import Rule


def find_heading_level(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each passage of which a heading breaks up a section."""
    for passage in draft.passages if draft.spec else ():
        assert draft.spec is not None
        document = draft.spec.document
        section = section_of(document, passage)
        headings = headings_of(passage)
        if section is None or not headings:
            continue
        first, top = headings[0], min(headings, key=lambda one: one.level)
        if is_taking_over(document, passage, top.level):
            problem = f"what follows in the document would come under the passage's heading “{top.title}”"
            mend = "put the passage at the end of the section, or before the next heading that is not deeper"
            yield Flaw(draft.path, passage.line_at(top.span.start), draft.masked(problem), mend)
        elif passage.edit.action == "append-to-section" and section.level and first.level <= section.level:
            problem = f"“{first.title}” is a heading of level {first.level} and ends the section “{section.title}”"
            problem += f", which has level {section.level}"
            mend = f"write it with {'#' * (section.level + 1)}, or use insert-before with the next heading's words"
            yield Flaw(draft.path, passage.line_at(first.span.start), draft.masked(problem), mend)


RULE = Rule("heading-level", "error", "the lab's own clauses would come under another heading", find_heading_level)
