"""Which section of one release is which of another, and what happened to its heading."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from avenant.specs.align import Alignment
from avenant.specs.document import Document, Section
from avenant.text import fold_words

HeadingKind = Literal[
    "added", "removed", "merged", "retitled", "authority", "moved", "relevelled", "attributes", "typography"
]


@dataclass(frozen=True, slots=True)
class HeadingChange:
    """One thing that happened to a section's heading."""

    kind: HeadingKind
    """merged: the heading is gone, and the section goes on in another one; typography: the marks alone."""
    old: str
    """The title; for authority the level, for moved the headings above, for relevelled a number, for attributes and
    typography the source; empty for an added section."""
    new: str
    """The same in the new release; for merged the title of the other section; empty for a removed one."""

    def __str__(self) -> str:
        match self.kind:
            case "merged":
                return f'removed, goes on in "{self.new}"'
            case "retitled":
                return f'retitled: "{self.old}" before'
            case "authority":
                return f"authority level: {self.old} before, {self.new} now"
            case "moved" if self.old == self.new:
                return f'moved within "{self.new}"' if self.new else "moved at the top level"
            case "moved":
                old, new = (f'"{path}"' if path else "the top level" for path in (self.old, self.new))
                return f"moved from {old} to {new}"
            case "relevelled":
                return f"heading of level {self.old} before, {self.new} now"
            case "attributes":
                return f"attributes: {self.old} before, {self.new} now"
            case "typography":
                return f'typography of the title: "{self.old}" before'
        return self.kind


def pair_sections(alignment: Alignment) -> dict[str, str]:
    """Id of the old section of each new one that goes on.

    Where several old sections became one, it is that of the same id, of the same title, or of most clauses.
    """
    shared: Counter[tuple[str, str]] = Counter()
    for index, match in alignment.matches.items():
        theirs = alignment.old.clauses[index].section_id
        shared.update((theirs, alignment.new.clauses[one].section_id) for one in match.new)
    ranked: dict[str, list[tuple[bool, bool, int, str]]] = defaultdict(list)
    for theirs, ours in alignment.sections.items():
        is_same_title = not _is_retitled(alignment.old.section(theirs), alignment.new.section(ours))
        ranked[ours].append((theirs == ours, is_same_title, shared[theirs, ours], theirs))
    return {ours: max(found)[-1] for ours, found in ranked.items()}


def order_sections(
    old: Document, new: Document, old_of: Mapping[str, str]
) -> list[tuple[Section | None, Section | None]]:
    """Old and new form of every section in the new order; a removed one comes after the one that it followed."""
    places = {section.id: index for index, section in enumerate(new.sections)}
    new_of = {theirs: ours for ours, theirs in old_of.items()}
    found: dict[tuple[int, int], tuple[Section | None, Section | None]] = {}
    for index, section in enumerate(new.sections):
        found[index, -1] = (old.section(old_of[section.id]) if section.id in old_of else None, section)
    before = -1
    for index, section in enumerate(old.sections):
        if section.id in new_of:
            before = places[new_of[section.id]]
        else:
            found[before, index] = (section, None)
    return [found[place] for place in sorted(found)]


def find_heading_changes(alignment: Alignment, old_of: Mapping[str, str]) -> dict[str, tuple[HeadingChange, ...]]:
    """What happened to the headings of the sections that go on, by id of the new section."""
    moved = _find_moved(alignment.old, alignment.new, old_of)
    return {
        ours: tuple(_changes(alignment, alignment.old.section(theirs), alignment.new.section(ours), ours in moved))
        for ours, theirs in old_of.items()
    }


def out_of_order(numbers: Sequence[int]) -> list[int]:
    """Places of the numbers that have to move for the others to stand in rising order, as few as can be."""
    codes = LCSseq.opcodes(numbers, sorted(numbers))
    return [place for code in codes if code.tag == "delete" for place in range(code.src_start, code.src_end)]


def _changes(alignment: Alignment, old: Section, new: Section, is_moved: bool) -> Iterator[HeadingChange]:
    is_retitled = _is_retitled(old, new)
    if is_retitled:
        yield HeadingChange("retitled", old.title, new.title)
    levels = _authority(alignment.old, old), _authority(alignment.new, new)
    if levels[0] != levels[1]:
        yield HeadingChange("authority", *levels)
    if is_moved:
        yield HeadingChange("moved", " > ".join(old.path[:-1]), " > ".join(new.path[:-1]))
    if old.level != new.level:
        yield HeadingChange("relevelled", str(old.level), str(new.level))
    attributes = _attributes(old), _attributes(new)
    if attributes[0] != attributes[1] or (old.id != new.id and not is_retitled):
        yield HeadingChange("attributes", f"#{old.id} {attributes[0]}".strip(), f"#{new.id} {attributes[1]}".strip())
    elif not is_retitled and old.title != new.title:
        yield HeadingChange("typography", old.title, new.title)


def _is_retitled(old: Section, new: Section) -> bool:
    return fold_words(old.title) != fold_words(new.title)


def _authority(document: Document, section: Section) -> str:
    level = document.authority_of(section)
    if level is None:
        return "none"
    return level if section.authority else f"{level} (from the heading above)"


def _attributes(section: Section) -> str:
    return " ".join(f"{key}={value}" for key, value in section.attributes if key != "authority")


def _find_moved(old: Document, new: Document, old_of: Mapping[str, str]) -> set[str]:
    """Ids of new sections that stand under another heading than before, or out of the old order under the same."""
    old_parents, new_parents = _parents(old), _parents(new)
    places = {section.id: index for index, section in enumerate(old.sections)}
    moved = set()
    stayed: dict[str, list[str]] = defaultdict(list)
    for section in new.sections:
        if section.id in old_of:
            above = new_parents[section.id]
            if (old_of.get(above) if above else "") == old_parents[old_of[section.id]]:
                stayed[above].append(section.id)
            else:
                moved.add(section.id)
    for ids in stayed.values():
        moved |= {ids[place] for place in out_of_order([places[old_of[one]] for one in ids])}
    return moved


def _parents(document: Document) -> dict[str, str]:
    """Id of the section above each; empty where there is none."""
    found: dict[str, str] = {}
    above: list[Section] = []
    for section in document.sections:
        above = [one for one in above if one.level < section.level]
        found[section.id] = above[-1].id if above else ""
        above += [section] if section.level else []
    return found
