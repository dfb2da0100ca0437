"""anchor: an edit does not find its place, cannot be made there, or finds it under another authority level.

A passage lands where its anchor points. A quote that stands nowhere, or in several places, lets it land nowhere or
anywhere; a section that has another authority level than when the draft was written gives the same words another
force.

Example: `quote: "when the means are fair"` where the document has "provided that the means are fair" twice.

Instead: copy the words from the document (`avenant spec show`), name the section, or let `avenant anchor` write the
anchor.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.amendments.apply import EMPTY_PASSAGE, find_changes
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.errors import AnchorError, EditError


def find_anchor_flaws(draft: Draft) -> Iterator[Flaw]:
    """Edits that cannot be made, else places whose authority level is another than the anchor states."""
    if draft.spec is None:
        return
    try:
        find_changes(draft.spec, draft.amendment)
    except (AnchorError, EditError) as error:
        for fault in error.faults:
            # An empty passage is the finding of empty-section already.
            if fault.problem != EMPTY_PASSAGE:
                yield Flaw(fault.path or draft.path, fault.line or 1, fault.problem, fault.mend or "")
        return
    for found in draft.places.values():
        places = (found.quoted or found.place.span, found.destination_quoted)
        for anchor, place in zip(found.edit.anchors, places, strict=False):
            if anchor.authority is None or place is None:
                continue
            document = draft.spec.document
            level = document.authority_of(document.section_at(max(0, place.start - (found.quoted is None))))
            if level != anchor.authority:
                problem = (
                    f"the place has the authority level {level or 'none'}, not {anchor.authority} as when anchored"
                )
                mend = "see whether the passage still says what you mean there, then correct `authority:`"
                yield Flaw(draft.path, found.edit.line, problem, mend)


RULE = Rule("anchor", "error", "the passage would land nowhere, or anywhere", find_anchor_flaws)
