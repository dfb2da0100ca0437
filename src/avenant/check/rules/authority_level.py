"""authority-level: a heading in the passage states a level of authority that cannot be there.

In documents with levels of authority, the level says who may override a rule. A level that the document does not have
binds nobody. A section of a higher level than the one that it stands in lets a rule overrule the rule that holds it.
The levels and their order are the document's own.

Example: `### Trade secrets {#trade_secrets authority=absolute}`; or `authority=root` inside a section of the level
guideline, in a document that has no such pair.

Instead: the level of the section that it goes into, or a lower one; for a higher one, a section of its own elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.heading_style import AuthorityLevels
from avenant.check.landing_place import headings_of, level_above
from avenant.check.rule import Rule


def find_authority_level(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each heading with a level that is unknown, or higher than that of the section around it."""
    levels = draft.style.levels if draft.style else None
    if levels is None or not levels.names:
        return
    for passage in draft.passages:
        for heading in headings_of(passage):
            line = passage.line_at(heading.span.start)
            level = heading.authority
            if level is None:
                continue
            if not levels.is_known(level):
                problem = f"“{heading.title}” has the level {level!r}, which the document does not have"
                known = levels.order or levels.names
                yield Flaw(draft.path, line, draft.masked(problem), f"its levels: {', '.join(known)}")
                continue
            above = level_above(draft, passage, heading)
            if above is not None and (above, level) not in levels.pairs and _is_higher(levels, level, above):
                problem = f"“{heading.title}” has the level {level} inside a section of the lower level {above}"
                mend = f"write authority={above}, or put the section elsewhere"
                yield Flaw(draft.path, line, draft.masked(problem), mend)


def _is_higher(levels: AuthorityLevels, level: str, other: str) -> bool:
    rank, other_rank = levels.rank(level), levels.rank(other)
    return rank is not None and other_rank is not None and rank < other_rank


RULE = Rule("authority-level", "error", "nobody could tell who may override it", find_authority_level)
