"""The history of a lab's document as a page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avenant.canary import PROJECT_CANARY
from avenant.pages.page import render_page
from avenant.specs.history import ClauseChange, Counts, ReleaseChange, SectionChange, count_changes


@dataclass(frozen=True, slots=True)
class _Clause:
    label: str
    """What happened, where, and where it came from."""
    change: ClauseChange


@dataclass(frozen=True, slots=True)
class _Section:
    anchor: str
    """Its id in the page."""
    change: SectionChange
    counts: Counts
    clauses: list[_Clause]


@dataclass(frozen=True, slots=True)
class _Release:
    change: ReleaseChange
    counts: Counts
    sections: list[_Section]


def render_history(title: str, history: Sequence[ReleaseChange], *, is_complete: bool = False, note: str = "") -> str:
    """One page with every change of a document, the newest release first.

    Args:
        title: the document's name.
        history: what changed, older releases first, under the name that the page is to speak of.
        is_complete: whether changes of typography alone are shown as well; they are always counted.
        note: a sentence for the foot of the page.
    """
    releases = [_release(change, is_complete) for change in reversed(history)]
    return render_page(
        "history.html", canary=PROJECT_CANARY, title=title, releases=releases, is_complete=is_complete, note=note
    )


def _release(change: ReleaseChange, is_complete: bool) -> _Release:
    shown = [section for section in change.sections if is_complete or not section.is_quiet]
    sections = [_section(section, change.new_version, is_complete) for section in shown]
    return _Release(change, change.counts, sections)


def _section(section: SectionChange, version: str, is_complete: bool) -> _Section:
    shown = [clause for clause in section.clauses if is_complete or clause.kind != "typography"]
    return _Section(
        anchor=f"{version}/{section.section.id}",
        change=section,
        counts=count_changes(section.clauses),
        clauses=[_clause(section, clause) for clause in shown],
    )


def _clause(section: SectionChange, clause: ClauseChange) -> _Clause:
    lines = ", ".join(str(line) for line in clause.new_lines or clause.old_lines)
    words = [clause.kind, section.origin_of(clause), f"line {lines}" if clause.new else f"was line {lines}"]
    return _Clause(" · ".join(word for word in words if word), clause)
