"""duplicate-id: a heading in the passage has an id that another section has already.

Links lead to one place. Two sections of one id, or of one title where ids are made from titles, make every link to the
older of them a gamble.

Example: `### Hard limits {#limits}` where the document has `## Limits {#limits}`.

Instead: an id of its own, such as `{#hard_limits}`; or a title of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.heading_style import own_id
from avenant.check.landing_place import headings_of
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage
from avenant.specs.document import Document, Section
from avenant.text import slugify


def find_duplicate_ids(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each heading of which the id is taken."""
    if draft.spec is None or not any(headings_of(passage) for passage in draft.passages):
        return
    document = draft.spec.document
    replaced = [found.place.span for found in draft.places.values() if not found.place.is_insertion]
    taken = {
        _id(document, one): f"the document's “{one.title}” on line {document.line(one.span.start)}"
        for one in document.sections
        if one.title and not any(span.contains(one.span) for span in replaced)
    }
    for passage in draft.passages:
        own = parse_passage(passage.text).document
        for heading in headings_of(passage):
            id_ = _id(own, heading)
            if id_ in taken:
                problem = f"the heading “{heading.title}” has the id {id_!r}, which {taken[id_]} has already"
                mend = "give it an id of its own" if own_id(own, heading) else "give it a title of its own"
                yield Flaw(draft.path, passage.line_at(heading.span.start), draft.masked(problem), mend)
            taken.setdefault(id_, "another heading of the draft")


def _id(document: Document, section: Section) -> str:
    return own_id(document, section) or slugify(section.title)


RULE = Rule("duplicate-id", "error", "links could lead to either section", find_duplicate_ids)
