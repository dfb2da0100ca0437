"""What stands about the place where a passage goes, and about the headings that it brings along."""

from __future__ import annotations

from avenant.check.draft import Draft
from avenant.check.heading_style import parent_of
from avenant.check.passage import Passage
from avenant.check.running_text import parse_passage
from avenant.specs.document import Document, Section


def section_of(document: Document, passage: Passage) -> Section | None:
    """The section that a passage goes into; None where its place is not known."""
    if passage.found is None:
        return None
    place = passage.found.place
    return document.section_at(max(0, place.span.start - place.is_insertion))


def headings_of(passage: Passage) -> tuple[Section, ...]:
    """The headings of a passage, in order."""
    return tuple(one for one in parse_passage(passage.text).document.sections if one.level)


def is_taking_over(document: Document, passage: Passage, level: int) -> bool:
    """Whether a heading of a level, in the passage, would take over what the document has after the place."""
    if passage.found is None:
        return False
    end = passage.found.place.span.end
    section = document.section_at(max(0, end - 1))
    following = next((one for one in document.clauses if one.span.start >= end), None)
    if following is not None and following.span.start < section.span.end and following.kind != "rule":
        return True
    below = next((one for one in document.sections if one.span.start >= end), None)
    return below is not None and below.level > level


def parent_in_document(draft: Draft, passage: Passage, heading: Section) -> Section | None:
    """The document's section that a heading of a passage comes to stand in; None at the top."""
    assert draft.spec is not None
    document = draft.spec.document
    section = section_of(document, passage)
    while section is not None and section.level >= heading.level:
        section = parent_of(document, section)
    return section if section is None or section.level else None


def level_above(draft: Draft, passage: Passage, heading: Section) -> str | None:
    """The level of authority that holds where a heading of a passage comes to stand, without its own."""
    assert draft.spec is not None
    own = parse_passage(passage.text).document
    parent = parent_of(own, heading)
    while parent is not None:
        if parent.authority:
            return parent.authority
        parent = parent_of(own, parent)
    top = min((one.level for one in headings_of(passage) if one.span.start <= heading.span.start), default=0)
    lowest = next(one for one in headings_of(passage) if one.level == top)
    outer = parent_in_document(draft, passage, lowest)
    return draft.spec.document.authority_of(outer) if outer else None
