"""Pointing: from a place in a document to the anchor that a draft carries, under the placeholder."""

from __future__ import annotations

from dataclasses import replace

from avenant.amendments.amendment import Amendment
from avenant.amendments.anchor import Anchor, find_places, make_anchor, nearest_clauses
from avenant.amendments.edit import Edit
from avenant.errors import AnchorError
from avenant.specs.document import Span
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
    anchor = draft_anchor(spec, place, amendment.placeholder)
    if is_destination:
        return replace(edit, destination=anchor)
    if edit.action == "append-to-section":
        anchor = replace(anchor, quote="", prefix="", suffix="")
    return replace(edit, anchor=anchor)


def find_candidates(spec: Spec, amendment: Amendment, anchor: Anchor) -> tuple[list[Span], bool]:
    """Where an anchor of a draft might go, and whether its very words stand there.

    Args:
        spec: the document.
        amendment: the draft.
        anchor: as the draft has it; section and context are left aside where they lead nowhere.
    """
    for is_fragment in (False, True):
        named = anchor.with_subject(amendment.placeholder, spec.manifest.subject, is_fragment=is_fragment)
        if not named.quote:
            sections = spec.document.find_sections(named.section or "")
            return [Span(section.span.start, section.body_start) for section in sections], True
        for part in (named, replace(named, prefix="", suffix=""), Anchor(named.quote)):
            if part.section and not spec.document.find_sections(part.section):
                continue
            if places := find_places(spec.document, part):
                return places, True
    return nearest_clauses(spec.document, named.quote), False
