"""Several amendments to one document: which get in each other's way, and the others in one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import Change, find_changes, make_changes
from avenant.amendments.edit import Edit
from avenant.amendments.place import FoundEdit, find_edit
from avenant.errors import EditError
from avenant.specs.document import Document, Span
from avenant.specs.library import Spec

ConflictKind = Literal["overlap", "same-place", "anchor", "same-clause"]
WHY: dict[ConflictKind, str] = {
    "overlap": "both change the same words",
    "same-place": "both put words into the same place, so that their order is open",
    "anchor": "one changes words that the other is anchored to",
    "same-clause": "both change the same clause",
}
"""Kinds of conflict, the gravest first, each with a line for people."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two edits of different amendments that get in each other's way."""

    kind: ConflictKind
    amendments: tuple[Amendment, Amendment]
    """In name order."""
    edits: tuple[Edit, Edit]
    place: Span
    """Where in the document: the clause, or the heading, of the first edit."""


def find_conflicts(spec: Spec, amendments: Sequence[Amendment]) -> list[Conflict]:
    """All pairs of edits of different amendments that touch the same clause or each other's anchors.

    Args:
        spec: the document.
        amendments: drafts for it; their order does not matter.

    Passages may be empty still: what counts is where they go.

    Raises:
        AnchorError: an anchor is not found exactly once.
        EditError: an edit cannot be applied.
    """
    touches = [touch for amendment in _by_name(amendments) for touch in _touches(spec, amendment)]
    found = []
    for one, other in itertools.combinations(touches, 2):
        if one.amendment.path != other.amendment.path and (kind := _kind(one, other)) is not None:
            place = one.clauses[0] if one.clauses else one.quoted[0] if one.quoted else one.changes[0].span
            found.append(Conflict(kind, (one.amendment, other.amendment), (one.found.edit, other.found.edit), place))
    return found


def without_conflicts(amendments: Sequence[Amendment], conflicts: Sequence[Conflict]) -> list[Amendment]:
    """The amendments that are in none of the conflicts, in name order: the same whatever the order they came in."""
    in_conflict = {draft.path for conflict in conflicts for draft in conflict.amendments}
    return [amendment for amendment in _by_name(amendments) if amendment.path not in in_conflict]


def apply_together(spec: Spec, amendments: Sequence[Amendment]) -> tuple[Change, ...]:
    """The changes of several amendments that all have to go in, whatever the order they came in.

    Raises:
        AnchorError: an anchor is not found exactly once.
        EditError: two of them are in conflict, or an edit cannot be applied.
    """
    for conflict in find_conflicts(spec, amendments):
        first, second = conflict.amendments
        raise EditError(
            f"{first.slug} and {second.slug} are in conflict: {WHY[conflict.kind]}",
            path=second.path,
            line=conflict.edits[1].line,
            mend="`avenant conflicts` shows both places; apply one of them, or make one amendment of the two",
        )
    changes = [change for amendment in _by_name(amendments) for change in find_changes(spec, amendment)]
    return tuple(sorted(changes, key=lambda change: change.span))


@dataclass(frozen=True, slots=True)
class _Touch:
    """What one edit touches."""

    amendment: Amendment
    found: FoundEdit
    changes: tuple[Change, ...]
    quoted: tuple[Span, ...]
    clauses: tuple[Span, ...]
    """The clauses that it changes or stands beside."""


def _touches(spec: Spec, amendment: Amendment) -> list[_Touch]:
    touches = []
    for edit in amendment.edits:
        found = find_edit(spec, amendment, edit)
        is_unfinished = edit.is_adding and not amendment.passage_of(edit)
        changes = (Change(found.place.span, ""),) if is_unfinished else make_changes(spec, amendment, found)
        quoted = tuple(span for span in (found.quoted, found.destination_quoted) if span is not None)
        spans = [*(change.span for change in changes if change.span.start < change.span.end), *quoted]
        clauses = {span for one in spans for span in _clauses_in(spec.document, one)}
        touches.append(_Touch(amendment, found, changes, quoted, tuple(sorted(clauses))))
    return touches


def _clauses_in(document: Document, span: Span) -> list[Span]:
    clause = document.clause_at(span.start)
    first = document.index_of(clause) if clause else 0
    touched = itertools.takewhile(lambda one: one.span.start < span.end, document.clauses[first:])
    return [one.span for one in touched if one.span.end > span.start]


def _kind(one: _Touch, other: _Touch) -> ConflictKind | None:
    pairs = list(itertools.product(one.changes, other.changes))
    if any(_overlap(a.span, b.span) for a, b in pairs):
        return "overlap"
    if any(a.span == b.span and a.span.start == a.span.end for a, b in pairs):
        return "same-place"
    for ours, theirs in ((one, other), (other, one)):
        if any(_overlap(change.span, quote) for change in ours.changes for quote in theirs.quoted):
            return "anchor"
    return "same-clause" if set(one.clauses) & set(other.clauses) else None


def _overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character, or one is a point inside the other."""
    if one.start == one.end or other.start == other.end:
        return other.start < one.start < other.end or one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


def _by_name(amendments: Sequence[Amendment]) -> list[Amendment]:
    return sorted(amendments, key=lambda amendment: (amendment.slug, str(amendment.path)))
