"""missing-authority: a heading in the passage states no level of authority where those beside it do.

Without a level nobody can tell whether an operator or a user may override the new section. What counts are the
sections beside it; where there are none, the document's sections of that kind and what the section around it states.

Example: `### Trade secrets {#trade_secrets}` among sections that all say `authority=…`.

Instead: `### Trade secrets {#trade_secrets authority=user}`, with the lowest level that does the work.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.habits import CLEAR, LEAST_CASES
from avenant.check.heading_style import children_of
from avenant.check.landing_place import headings_of, level_above, parent_in_document
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage
from avenant.specs.document import Section


def find_missing_authority(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each heading that should state a level."""
    levels = draft.style.levels if draft.style else None
    if levels is None or not levels.names:
        return
    for passage in draft.passages:
        if passage.found is None:
            continue
        for heading in headings_of(passage):
            if heading.authority is None and _needs_level(draft, passage, heading):
                problem = f"the heading “{heading.title}” states no level of authority, as those beside it do"
                mend = f"write authority=… behind its id; levels: {', '.join(levels.order or levels.names)}"
                yield Flaw(draft.path, passage.line_at(heading.span.start), draft.masked(problem), mend)


def _needs_level(draft: Draft, passage: Passage, heading: Section) -> bool:
    assert draft.spec is not None
    own = parse_passage(passage.text).document
    below = [one for one in headings_of(passage) if own.subtree(heading).contains(one.span)]
    if any(one.authority for one in below) or level_above(draft, passage, heading) is not None:
        # Those below it each state their own, or what holds above holds here.
        return False
    document = draft.spec.document
    parent = parent_in_document(draft, passage, heading)
    beside = [one for one in children_of(document, parent) if one.level == heading.level]
    beside = [one for one in beside if document.subtree(one) == one.span]
    if not beside:
        beside = [one for one in document.sections if one.level > 1 and document.subtree(one) == one.span]
        if len(beside) < LEAST_CASES:
            return False
    stating = sum(one.authority is not None for one in beside)
    return stating >= CLEAR * len(beside)


RULE = Rule("missing-authority", "warning", "nobody could tell who may override it", find_missing_authority)
