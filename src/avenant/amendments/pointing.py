"""Pointing: from a place in a document to the anchor that a draft carries, under the placeholder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from avenant.amendments.amendment import Amendment
from avenant.amendments.anchor import Anchor, find_places, make_anchor, nearest_clauses, section_of
from avenant.amendments.edit import Edit
from avenant.errors import AnchorError
from avenant.specs.document import Document, Span
from avenant.specs.library import Spec
from avenant.text import names_pattern, replace_name


def draft_anchor(spec: Spec, place: Span, placeholder: str) -> Anchor:
    """The anchor that finds a place, as a draft carries it: with the placeholder where the model's name stands.

    Args:
        spec: the document.
        place: the words to quote.
        placeholder: the name that stands for the model's own.

    Raises:
        AnchorError: the words hold another name of the lab's models, which a draft must not carry.
        AnchorAmbiguousError: nothing tells the place from others like it.
    """
    subject = spec.manifest.subject
    anchor = make_anchor(spec.document, place)

    def drafted(words: str) -> str:
        # "the assistant" is no name; and since it has a capital at the head of a sentence, it might not come back.
        return words if subject[:1].islower() else replace_name(words, subject, placeholder)

    section = drafted(anchor.section) if anchor.section else None
    anchor = replace(
        anchor,
        quote=drafted(anchor.quote),
        section=section,
        prefix=drafted(anchor.prefix),
        suffix=drafted(anchor.suffix),
    )
    for words in (anchor.quote, anchor.section or "", anchor.prefix, anchor.suffix):
        if found := names_pattern(spec.model_names).search(words):
            raise AnchorError(
                f"the words hold the name {found.group()!r}, which a draft must not carry",
                mend="anchor to words without it",
            )
    return anchor


def point_edit(spec: Spec, amendment: Amendment, number: int, place: Span, *, is_destination: bool = False) -> Edit:
    """One of a draft's edits, anchored to a place.

    Args:
        spec: the document.
        amendment: the draft.
        number: of the edit, from 0.
        place: the words to quote.
        is_destination: whether it is a move's destination that is pointed at.

    Raises:
        AnchorError: the words hold a model's name, or nothing tells them from others.
    """
    edit = amendment.edits[number]
    if is_destination or edit.action not in ("replace", "delete", "move"):
        place = _nearest_words(spec.document, place, is_first=edit.action == "insert-before" or edit.side == "before")
    anchor = draft_anchor(spec, place, amendment.placeholder)
    if is_destination:
        return replace(edit, destination=anchor)
    if edit.action == "append-to-section":
        anchor = replace(anchor, quote="", prefix="", suffix="")
    return replace(edit, anchor=anchor)


def _nearest_words(document: Document, place: Span, *, is_first: bool) -> Span:
    """The words of a long place that stand nearest to where a passage goes: enough to point, and readable."""
    first, last = document.words.range_in(place.start, place.end)
    if last - first <= _QUOTE_WORDS:
        return place
    spans = (
        document.words.spans[first : first + _QUOTE_WORDS] if is_first else document.words.spans[:last][-_QUOTE_WORDS:]
    )
    return Span(spans[0][0], spans[-1][1])


_QUOTE_WORDS = 15


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where an anchor of a draft might go."""

    kind: Literal["exact", "elsewhere", "near"]
    """Whether the very words stand there; or do so outside the section and the context that the anchor gives; or only
    resemble what stands there."""
    places: tuple[Span, ...]


def find_candidates(spec: Spec, amendment: Amendment, anchor: Anchor) -> Candidates:
    """Where an anchor of a draft might go.

    Args:
        spec: the document.
        amendment: the draft.
        anchor: as the draft has it.

    Raises:
        AnchorNotFoundError: there is no section of its name.
    """
    document = spec.document
    names = [
        anchor.with_subject(amendment.placeholder, spec.manifest.subject, is_fragment=is_fragment)
        for is_fragment in (False, True)
    ]
    if not anchor.quote:
        section = section_of(document, names[0].section or "")
        return Candidates("exact", (Span(section.span.start, section.body_start),))
    for named in names:
        if places := find_places(document, named):
            return Candidates("exact", tuple(places))
    for part in (lambda named: replace(named, prefix="", suffix=""), lambda named: Anchor(named.quote)):
        for named in names:
            if places := find_places(document, part(named)):
                return Candidates("elsewhere", tuple(places))
    return Candidates("near", tuple(nearest_clauses(document, names[0].quote)))
