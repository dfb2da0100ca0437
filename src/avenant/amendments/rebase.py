"""Rebasing: a draft's edits carried to a newer release of their document, or an honest refusal.

Each edit ends as one of four: *unchanged*, *moved* (the same words in another place), *adapted* (the lab edited the
clause; the author has to confirm) or *lost*. A wrong landing is the worst error, so what is not certain is lost, and
shown with the clauses that come nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment
from avenant.amendments.anchor import Anchor, find_places
from avenant.amendments.apply import EMPTY_PASSAGE, find_changes
from avenant.amendments.edit import Edit, Side
from avenant.amendments.landing import FATES, Fate, Lander, Landing
from avenant.amendments.place import find_edit
from avenant.amendments.pointing import draft_anchor, point_edit
from avenant.amendments.writing import rewrite_amendment
from avenant.errors import AnchorError, EditError
from avenant.specs.align import align_documents
from avenant.specs.document import Span
from avenant.specs.library import Spec
from avenant.text import replace_name

Levels = tuple[str | None, str | None]
"""Authority level of a quoted place in the old and in the new release; None where the document states none."""


@dataclass(frozen=True, slots=True)
class RebasedEdit:
    """What became of one edit."""

    edit: Edit
    """As it is in the draft."""
    landings: tuple[Landing, ...]
    """Of its anchor and, for a move, its destination."""
    anchors: tuple[Anchor | None, ...]
    """For the new release, one for each landing; None where it is lost."""
    levels: tuple[Levels, ...]
    """One for each landing; of a lost one the second is that of the first."""
    passage: str | None = None
    """The passage as it should be, under the placeholder; None where it stays."""

    @property
    def new(self) -> Edit | None:
        """The edit as it should be for the new release; None where an anchor is lost."""
        anchor, destination = (*self.anchors, None)[:2]
        if anchor is None or None in self.anchors:
            return None
        own = self.passage if self.edit.passage is not None and self.passage is not None else self.edit.passage
        return replace(self.edit, anchor=anchor, destination=destination, passage=own)

    @property
    def authority(self) -> Levels | None:
        """The first of its levels that changed."""
        return next((levels for levels in self.levels if levels[0] != levels[1]), None)

    @property
    def fate(self) -> Fate:
        """The worst of its anchors' fates."""
        return max((landing.fate for landing in self.landings), key=FATES.index)

    @property
    def candidates(self) -> tuple[Span, ...]:
        """Where a lost anchor might belong, best first."""
        return next((landing.candidates for landing in self.landings if landing.fate == "lost"), ())

    def lost(self, number: int, reason: str) -> RebasedEdit:
        """The same with one of its anchors lost."""
        landing = replace(self.landings[number], fate="lost", place=None, reason=reason)
        return self._with(number, landing, None, self.levels[number][0])

    def pointed(self, number: int, place: Span, anchor: Anchor, level: str | None) -> RebasedEdit:
        """The same with one of its anchors pointed at a place by hand."""
        return self._with(number, Landing("adapted", place, "anchored by hand"), anchor, level)

    def _with(self, number: int, landing: Landing, anchor: Anchor | None, level: str | None) -> RebasedEdit:
        landings, anchors, levels = list(self.landings), list(self.anchors), list(self.levels)
        landings[number], anchors[number], levels[number] = landing, anchor, (levels[number][0], level)
        return RebasedEdit(self.edit, tuple(landings), tuple(anchors), tuple(levels))


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
        pairs = zip(self.old.edits, self.amendment.edits, strict=True)
        edits = {number: new for number, (old, new) in enumerate(pairs) if new != old}
        return rewrite_amendment(self.old, spec=self.spec, edits=edits, passage=self.passage)


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
    rebased = Rebased(amendment, new.id, tuple(rebaser.rebase(edit) for edit in amendment.edits))
    return _applicable(rebased, new)


def reattach(rebased: Rebased, number: int, place: Span, new: Spec) -> Rebased:
    """The same with one edit pointed at a place by hand: for a move, its lost end.

    Args:
        rebased: what was found without help.
        number: of the edit, from 0.
        place: words of the new release to anchor to.
        new: the newer release.

    Raises:
        AnchorError: nothing tells the place from others, it holds a model's name, or it is not clear which end of a
            move is meant.
    """
    known = rebased.edits[number]
    ends = [end for end, landing in enumerate(known.landings) if landing.fate == "lost"] or range(len(known.landings))
    if len(ends) > 1:
        raise AnchorError(
            "a move has two ends, and it is not clear which is meant",
            path=rebased.old.path,
            line=known.edit.line,
            mend="write the edit anew, or point at one end with `avenant anchor` after the rebase",
        )
    edit = point_edit(new, rebased.old, number, place, is_destination=ends[0] == 1)
    level = new.document.authority_of(new.document.section_at(place.start))
    edits = list(rebased.edits)
    edits[number] = known.pointed(ends[0], place, edit.anchors[ends[0]], level)
    return _applicable(replace(rebased, edits=tuple(edits)), new)


def _applicable(rebased: Rebased, new: Spec) -> Rebased:
    """The same, with an edit lost that finds its place and still cannot be applied there."""
    if rebased.amendment is None:
        return rebased
    try:
        find_changes(new, rebased.amendment)
    except (AnchorError, EditError) as error:
        fault = error.faults[0]
        if fault.problem == EMPTY_PASSAGE:
            return rebased
        number = next((n for n, edit in enumerate(rebased.edits) if edit.edit.line == fault.line), 0)
        edits = list(rebased.edits)
        edits[number] = edits[number].lost(0, f"it cannot be applied to {new.id}: {fault.problem}")
        return replace(rebased, edits=tuple(edits))
    return rebased


class _Rebaser:
    def __init__(self, amendment: Amendment, old: Spec, new: Spec) -> None:
        self.amendment, self.old, self.new = amendment, old, new
        self.lander = Lander(align_documents(old.document, new.document))

    def rebase(self, edit: Edit) -> RebasedEdit:
        found = find_edit(self.old, self.amendment, edit)
        if found.quoted is None:
            section = self.old.document.section_at(max(0, found.place.span.start - 1))
            return self._rebased(edit, [(section.span, self.lander.land_section(section))])
        if edit.action in ("replace", "delete"):
            passage = replace_name(
                self.amendment.passage_of(edit), self.amendment.placeholder, self.old.manifest.subject
            )
            return self._rebased(edit, [(found.quoted, self.lander.land_words(found.quoted, passage))])
        if found.destination_quoted is not None and edit.side is not None:
            target = found.destination_quoted
            ends = [(found.quoted, self.lander.land_blocks(found.quoted))]
            return self._rebased(edit, [*ends, (target, self.lander.land_beside(target, edit.side))])
        side: Side = "before" if edit.action == "insert-before" else "after"
        return self._rebased(edit, [(found.quoted, self.lander.land_beside(found.quoted, side))])

    def _rebased(self, edit: Edit, ends: Sequence[tuple[Span, Landing]]) -> RebasedEdit:
        anchors: list[Anchor | None] = []
        landings: list[Landing] = []
        levels: list[Levels] = []
        for old, (quoted, landing) in zip(edit.anchors, ends, strict=True):
            level = _level(self.old, quoted)
            try:
                anchors.append(None if landing.place is None else self._anchor(old, landing.place))
                landings.append(landing)
            except AnchorError as error:
                anchors.append(None)
                landings.append(replace(landing, fate="lost", place=None, reason=error.faults[0].problem))
            place = landings[-1].place
            levels.append((level, level if place is None else _level(self.new, place)))
        merged = landings[0].passage
        passage = merged and replace_name(merged, self.new.manifest.subject, self.amendment.placeholder)
        return RebasedEdit(edit, tuple(landings), tuple(anchors), tuple(levels), passage)

    def _anchor(self, old: Anchor, place: Span) -> Anchor:
        """The anchor for the new release: the author's own where it still finds the place and no other."""
        name, subject = self.amendment.placeholder, self.new.manifest.subject
        for is_fragment in (False, True):
            found = self._places(old.with_subject(name, subject, is_fragment=is_fragment))
            if found:
                if found == [place] or (not old.quote and found == [self._heading(place)]):
                    return replace(old, authority=old.authority and _level(self.new, place))
                # `find_edit` would stop here as well.
                break
        anchor = draft_anchor(self.new, place, name)
        return anchor if old.quote else replace(anchor, quote="", prefix="", suffix="")

    def _places(self, anchor: Anchor) -> list[Span]:
        after = self.new.document
        sections = after.find_sections(anchor.section) if anchor.section else ()
        if anchor.section and not sections:
            return []
        return find_places(after, anchor) if anchor.quote else [self._heading(section.span) for section in sections]

    def _heading(self, place: Span) -> Span:
        section = self.new.document.section_at(place.start)
        return Span(section.span.start, section.body_start)


def _level(spec: Spec, place: Span) -> str | None:
    return spec.document.authority_of(spec.document.section_at(place.start))
