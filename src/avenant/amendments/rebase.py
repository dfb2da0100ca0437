"""Rebasing: a draft's edits carried to a newer release of their document, or an honest refusal.

Each edit ends as one of four: *unchanged*, *moved* (the same words in another place), *adapted* (the lab edited the
clause; the author has to confirm) or *lost*. A wrong landing is the worst error, so what is not certain is lost, and
shown with the clauses that come nearest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment
from avenant.amendments.anchor import Anchor, find_places
from avenant.amendments.edit import Edit, Side
from avenant.amendments.landing import FATES, Fate, Lander, Landing
from avenant.amendments.place import find_edit
from avenant.amendments.pointing import draft_anchor, point_edit
from avenant.amendments.writing import rewrite_amendment
from avenant.errors import AnchorError
from avenant.specs.align import align_documents
from avenant.specs.document import Section, Span
from avenant.specs.library import Spec
from avenant.text import replace_name


@dataclass(frozen=True, slots=True)
class RebasedEdit:
    """What became of one edit."""

    edit: Edit
    """As it is in the draft."""
    landings: tuple[Landing, ...]
    """Of its anchor and, for a move, its destination."""
    new: Edit | None
    """As it should be for the new release; None where it is lost."""
    passage: str | None = None
    """The passage as it should be, under the placeholder; None where it stays."""
    authority: tuple[str | None, str | None] | None = None
    """Authority level of the place in the old and the new release, where it changed."""

    @property
    def fate(self) -> Fate:
        """The worst of its anchors' fates."""
        return max((landing.fate for landing in self.landings), key=FATES.index)

    @property
    def candidates(self) -> tuple[Span, ...]:
        """Where a lost anchor might belong, best first."""
        return next((landing.candidates for landing in self.landings if landing.fate == "lost"), ())


@dataclass(frozen=True, slots=True)
class Rebased:
    """What became of a draft."""

    old: Amendment
    spec: str
    """Id of the newer release."""
    edits: tuple[RebasedEdit, ...]

    @property
    def fate(self) -> Fate:
        """The worst of its edits' fates."""
        return max((edit.fate for edit in self.edits), key=FATES.index)

    @property
    def amendment(self) -> Amendment | None:
        """The draft on the newer release, its `source` still the old file's; None where an edit is lost."""
        edits = tuple(edit.new for edit in self.edits if edit.new is not None)
        if len(edits) < len(self.edits):
            return None
        sections = dict(self.old.sections)
        if self.passage is not None:
            sections["Passage"] = self.passage
        return replace(self.old, spec=self.spec, edits=edits, sections=sections)

    @property
    def passage(self) -> str | None:
        """New words under `## Passage`; None where they stay."""
        shared = (e.passage for e in self.edits if e.passage is not None and e.edit.passage is None)
        return next(shared, None)

    def render(self) -> str | None:
        """The draft's file for the newer release; None where an edit is lost."""
        if self.amendment is None:
            return None
        edits = {number: edit.new for number, edit in enumerate(self.edits) if edit.new not in (None, edit.edit)}
        return rewrite_amendment(
            self.old,
            spec=self.spec,
            edits={number: edit for number, edit in edits.items() if edit is not None},
            passage=self.passage,
        )


def rebase_amendment(amendment: Amendment, old: Spec, new: Spec) -> Rebased:
    """Carry a draft to a newer release of its document.

    Args:
        amendment: the draft.
        old: the release that it was written for.
        new: the newer release.

    Raises:
        AnchorError: the draft does not fit its own release.
        EditError: likewise.
    """
    rebaser = _Rebaser(amendment, old, new)
    return Rebased(amendment, new.id, tuple(rebaser.rebase(edit) for edit in amendment.edits))


def reattach(rebased: Rebased, number: int, place: Span, new: Spec) -> Rebased:
    """The same with one edit pointed at a place by hand.

    Args:
        rebased: what was found without help.
        number: of the edit, from 0.
        place: words of the new release to anchor to; for a move, its lost end.
        new: the newer release.

    Raises:
        AnchorError: nothing tells the place from others, it holds a model's name, or both ends of a move are lost.
    """
    known = rebased.edits[number]
    lost = [index for index, landing in enumerate(known.landings) if landing.place is None]
    if len(lost) > 1:
        raise AnchorError("both ends of the move are lost", mend="write the edit anew")
    is_destination = lost == [1]
    edit = point_edit(new, rebased.old, number, place, is_destination=is_destination)
    landings = list(known.landings)
    landings[1 if is_destination else 0] = Landing("adapted", place, "anchored by hand")
    if len(landings) > 1 and not is_destination:
        # The other end keeps what was found for it.
        other = landings[1].place
        assert other is not None
        edit = replace(edit, destination=draft_anchor(new, other, rebased.old.placeholder))
    elif is_destination:
        source = landings[0].place
        assert source is not None
        edit = replace(edit, anchor=draft_anchor(new, source, rebased.old.placeholder))
    edits = list(rebased.edits)
    edits[number] = replace(known, landings=tuple(landings), new=edit, passage=None)
    return replace(rebased, edits=tuple(edits))


class _Rebaser:
    def __init__(self, amendment: Amendment, old: Spec, new: Spec) -> None:
        self.amendment, self.old, self.new = amendment, old, new
        self.lander = Lander(align_documents(old.document, new.document))

    def rebase(self, edit: Edit) -> RebasedEdit:
        found = find_edit(self.old, self.amendment, edit)
        place = self.old.document.section_at(max(0, found.place.span.start - 1))
        if found.quoted is None:
            return self._rebased(edit, (self.lander.land_section(place),), place)
        if edit.action in ("replace", "delete"):
            passage = replace_name(
                self.amendment.passage_of(edit), self.amendment.placeholder, self.old.manifest.subject
            )
            return self._rebased(edit, (self.lander.land_words(found.quoted, passage),), place)
        if found.destination_quoted is not None and edit.side is not None:
            blocks = self.lander.land_blocks(found.quoted)
            beside = self.lander.land_beside(found.destination_quoted, edit.side)
            return self._rebased(edit, (blocks, beside), place)
        side: Side = "before" if edit.action == "insert-before" else "after"
        return self._rebased(edit, (self.lander.land_beside(found.quoted, side),), place)

    def _rebased(self, edit: Edit, landings: tuple[Landing, ...], section: Section) -> RebasedEdit:
        places = [landing.place for landing in landings if landing.place is not None]
        if len(places) < len(landings):
            return RebasedEdit(edit, landings, None)
        try:
            anchors = [self._anchor(old, place) for old, place in zip(edit.anchors, places, strict=True)]
        except AnchorError as error:
            lost = replace(landings[0], fate="lost", place=None, reason=error.faults[0].problem)
            return RebasedEdit(edit, (lost, *landings[1:]), None)
        merged = landings[0].passage
        passage = merged and replace_name(merged, self.new.manifest.subject, self.amendment.placeholder)
        new = replace(edit, anchor=anchors[0], destination=anchors[1] if anchors[1:] else None)
        if passage is not None and edit.passage is not None:
            new = replace(new, passage=passage)
        levels = self.old.document.authority_of(section), self._authority(places[-1])
        return RebasedEdit(edit, landings, new, passage, levels if levels[0] != levels[1] else None)

    def _anchor(self, old: Anchor, place: Span) -> Anchor:
        """The anchor for the new release: the author's own where it still finds the place and no other."""
        name, subject = self.amendment.placeholder, self.new.manifest.subject
        for is_fragment in (False, True):
            named = old.with_subject(name, subject, is_fragment=is_fragment)
            found = self._places(named)
            if found:
                if found == [place] or (not old.quote and found == [self._section_start(place)]):
                    return replace(old, authority=old.authority and self._authority(place))
                # `find_edit` would stop here as well.
                break
        anchor = draft_anchor(self.new, place, name)
        return anchor if old.quote else replace(anchor, quote="", prefix="", suffix="")

    def _places(self, anchor: Anchor) -> list[Span]:
        after = self.new.document
        sections = after.find_sections(anchor.section) if anchor.section else ()
        if anchor.section and not sections:
            return []
        return find_places(after, anchor) if anchor.quote else [_heading(section) for section in sections]

    def _authority(self, place: Span) -> str | None:
        return self.new.document.authority_of(self.new.document.section_at(place.start))

    def _section_start(self, place: Span) -> Span:
        return _heading(self.new.document.section_at(place.start))


def _heading(section: Section) -> Span:
    return Span(section.span.start, section.body_start)
