"""The gap that an amendment is for: its threat models, and what the document says where the passage goes.

Scenarios are drafted from this alone. A `Gap` has no word of the amendment, so that none can get into a prompt: whoever
knows the passage writes scenarios that fit it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avenant.amendments.amendment import Amendment
from avenant.amendments.place import FoundEdit, find_edit
from avenant.coverage.catalogue import ThreatModel
from avenant.errors import ThreatError
from avenant.specs.library import Spec

CUT = "[…]"
"""Stands where a section was cut off."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is open in a document, in the words of the catalogue and of the document, under the placeholder."""

    threats: tuple[str, ...]
    """Each threat model: what goes wrong, whom it harms, how conduct matters, and the questions that are open."""
    sections: tuple[str, ...]
    """Each section where the passage goes: its headings and its text as published."""

    @property
    def text(self) -> str:
        """All of it, for a prompt."""
        return "\n\n".join((*self.threats, *self.sections))


def find_gap(
    spec: Spec,
    amendment: Amendment,
    threats: Sequence[ThreatModel],
    mask: Callable[[str], str],
    *,
    longest: int,
) -> Gap:
    """The gap of an amendment; of the amendment nothing but its places is looked at.

    Args:
        spec: the document.
        amendment: of which the sections are taken where its edits go.
        threats: what it is to answer.
        mask: puts the placeholder where a model is named.
        longest: characters of a section that are shown.

    Raises:
        ThreatError: there is no threat model.
        AnchorError: an edit finds no place.
    """
    if not threats:
        raise ThreatError(
            "the draft answers no threat model, so there is nothing to draft scenarios from",
            path=amendment.path,
            mend="name one under `threats:` in the draft, or here: --threat ID; `avenant threats` lists them",
        )
    document = spec.document
    places = {}
    for edit in amendment.edits:
        section = document.section_at(_find_offset(find_edit(spec, amendment, edit)))
        heading = " > ".join(section.path) or "Before the first heading"
        places[section.id] = mask(f"{heading}\n{_cut(document.text[section.body_start : section.span.end], longest)}")
    return Gap(tuple(mask(_describe(threat)) for threat in threats), tuple(places.values()))


def _find_offset(found: FoundEdit) -> int:
    """A place in the section where the words go."""
    quoted = found.destination_quoted or found.quoted
    # An edit at a section's end stands where the next one begins.
    return quoted.start if quoted else max(0, found.place.span.start - 1)


def _describe(threat: ThreatModel) -> str:
    parts = (
        threat.title,
        threat.description,
        threat.harms and f"Whom it harms: {threat.harms}",
        threat.conduct and f"How a model's conduct matters: {threat.conduct}",
        threat.facets and "Questions on the model's conduct that are open:",
        *(f"- {facet}" for facet in threat.facets),
    )
    return "\n".join(part for part in parts if part)


def _cut(text: str, longest: int) -> str:
    text = text.strip()
    return text if len(text) <= longest else f"{text[:longest].rsplit(None, 1)[0]} {CUT}"
