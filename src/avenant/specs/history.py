"""How a document changed from release to release: its sections, and their clauses, as data.

Every clause of either release is accounted for once: it was kept, which is not listed, or it is part of one
`ClauseChange`. Which clause of one release is which of the other is `align_documents`'s matter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, get_args

from avenant.specs.align import Alignment, align_documents
from avenant.specs.document import Document, Section
from avenant.specs.headings import HeadingChange, find_heading_changes, order_sections, out_of_order, pair_sections
from avenant.text import DiffPiece, diff_words, fold_words, match_words

ChangeKind = Literal["added", "removed", "reworded", "moved", "split", "merged", "typography"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

_KIND_WORDS: dict[ChangeKind, str] = {"typography": "changed in typography alone"}
_MARKER = re.compile(r"(?:[-+*]|(?P<number>\d{1,9})[.)])\s+")


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of one clause, or of several that were split or merged."""

    kind: ChangeKind
    """typography: nothing but quotes, dashes, emphasis, footnote tags, list marks or white space changed."""
    old: str
    """As published, several clauses with a blank line between; empty for an added clause."""
    new: str
    """Empty for a removed clause."""
    old_lines: tuple[int, ...]
    """Line of each clause in the old release, from 1."""
    new_lines: tuple[int, ...]
    old_sections: tuple[Section, ...]
    """Sections in which the clauses stood, each once."""
    new_sections: tuple[Section, ...]
    old_authority: str | None
    """Authority level where the first one stood."""
    new_authority: str | None
    words_added: int
    words_removed: int
    """Neither counts words that merely moved, nor the numbers of lists."""
    is_example: bool
    """Whether it is or announces an example dialogue."""
    is_reworded: bool
    """Whether words, punctuation or link targets changed; a moved, split or merged clause may have kept them."""

    @property
    def pieces(self) -> list[DiffPiece]:
        """The redline as a reader wants it: typography is marked only where nothing else changed."""
        if self.kind == "typography":
            return self.source_pieces
        is_verbatim = _is_verbatim(self.new)
        pieces: list[DiffPiece] = []
        for is_equal, run in groupby(self.source_pieces, key=lambda piece: piece.kind == "equal"):
            found = list(run)
            deleted, inserted = ("".join(p.text for p in found if p.kind == kind) for kind in ("delete", "insert"))
            if is_equal or _look(deleted, is_verbatim) != _look(inserted, is_verbatim):
                pieces += found
            else:
                pieces.append(DiffPiece("equal", inserted))
        runs = [(kind, "".join(piece.text for piece in run)) for kind, run in groupby(pieces, key=lambda p: p.kind)]
        return [DiffPiece(kind, text) for kind, text in runs if text]

    @property
    def source_pieces(self) -> list[DiffPiece]:
        """The redline of the source, typography included."""
        return diff_words(self.old, self.new)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What happened to one section: its heading, and the clauses right under it."""

    old: Section | None
    """None: the section was added."""
    new: Section | None
    """None: the section was removed."""
    headings: tuple[HeadingChange, ...]
    clauses: tuple[ClauseChange, ...]
    """In the new document's order, removed ones where they stood; a moved one is listed where it is now."""
    departures: tuple[tuple[Section, int], ...] = ()
    """Other sections in which clauses of this one stand now, each with the number of them."""

    @property
    def section(self) -> Section:
        """The section as it is now; for a removed one as it was."""
        section = self.new or self.old
        assert section is not None
        return section

    @property
    def is_quiet(self) -> bool:
        """Whether nothing but typography changed."""
        kinds = {*(heading.kind for heading in self.headings), *(clause.kind for clause in self.clauses)}
        return kinds == {"typography"} and not self.departures

    def origin_of(self, clause: ClauseChange) -> str:
        """Where a clause that is listed here came from, in words; empty where that goes without saying."""
        if clause.kind in ("added", "removed"):
            return ""
        others = [section.title for section in clause.old_sections if section != self.old]
        levels = clause.old_authority, clause.new_authority
        parts = {"split": f"into {len(clause.new_lines)}", "merged": f"{len(clause.old_lines)} into one"}
        origin = [parts[clause.kind]] if clause.kind in parts else []
        if others:
            origin.append(f"from {_list_titles(others)}")
            if levels[0] != levels[1]:
                origin.append(f"authority level {levels[0] or 'none'} there and {levels[1] or 'none'} here")
        elif clause.kind == "moved":
            origin.append("within the section")
        return ", ".join(origin)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clauses changed, and by how many words."""

    clauses: Mapping[ChangeKind, int]
    """Changes of each kind; kinds that did not occur are left out."""
    words_added: int
    """Words of clauses, headings apart; a word that merely moved is not counted."""
    words_removed: int

    def __str__(self) -> str:
        kinds = [f"{number} {_KIND_WORDS.get(kind, kind)}" for kind, number in self.clauses.items()]
        if not kinds:
            return "headings alone"
        number, _, word = kinds[0].partition(" ")
        kinds[0] = f"{number} {'clause' if number == '1' else 'clauses'} {word}"
        words = [
            f"{number:,} {'word' if number == 1 else 'words'} {fate}"
            for number, fate in ((self.words_added, "added"), (self.words_removed, "removed"))
            if number
        ]
        return "; ".join(part for part in (", ".join(kinds), ", ".join(words)) if part)


@dataclass(frozen=True, slots=True)
class ReleaseChange:
    """What happened between a release and the next."""

    old_id: str
    """`lab/version`."""
    new_id: str
    sections: tuple[SectionChange, ...]
    """Sections in which anything changed, in the new document's order, removed ones where they stood."""

    @property
    def counts(self) -> Counts:
        """The changes of all sections."""
        return count_changes(clause for section in self.sections for clause in section.clauses)

    @property
    def old_version(self) -> str:
        """The old release's id without the lab."""
        return self.old_id.split("/", 1)[-1]

    @property
    def new_version(self) -> str:
        """The new release's id without the lab."""
        return self.new_id.split("/", 1)[-1]


def find_history(documents: Sequence[Document]) -> tuple[ReleaseChange, ...]:
    """What changed between each release and the next.

    Args:
        documents: releases of one document, older ones first.
    """
    return tuple(find_release_change(old, new) for old, new in pairwise(documents))


def find_release_change(old: Document, new: Document) -> ReleaseChange:
    """What changed between two releases, whichever lie between them."""
    comparison = _Comparison(old, new)
    return ReleaseChange(old.id, new.id, tuple(comparison.section_changes()))


def count_changes(clauses: Iterable[ClauseChange]) -> Counts:
    """Count changes by their kind."""
    found = list(clauses)
    by_kind = Counter(clause.kind for clause in found)
    return Counts(
        {kind: by_kind[kind] for kind in CHANGE_KINDS if by_kind[kind]},
        sum(clause.words_added for clause in found),
        sum(clause.words_removed for clause in found),
    )


def _list_titles(titles: Sequence[str]) -> str:
    return ", ".join(f'"{title}"' if title else "before the first heading" for title in titles)


def _is_verbatim(text: str) -> bool:
    """Whether it is an example or code, in which asterisks and the like are no marks."""
    return re.search(r"^[~`]{3}", text, re.MULTILINE) is not None


def _look(text: str, is_verbatim: bool) -> tuple[str, list[str], str]:
    """What is left of a text without its typography: equal for texts that differ in typography alone."""
    # "word --- word" is "word—word" to a reader.
    words = re.sub(r" ?- ?", "-", fold_words(text))
    return words, re.findall(r"\]\(([^)\s]+)\)", text), re.sub(r"[^*_`\\]", "", text) if is_verbatim else ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Clauses of both releases that belong together, by number; one side may be empty."""

    olds: tuple[int, ...]
    news: tuple[int, ...]


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.alignment = align_documents(old, new)
        self.old_of = pair_sections(self.alignment)
        self.new_of = {theirs: ours for ours, theirs in self.old_of.items()}
        self.groups = tuple(_group_clauses(self.alignment, self.old_of))
        self.moved = self._find_moved()

    def section_changes(self) -> Iterator[SectionChange]:
        headings = find_heading_changes(self.alignment, self.old_of)
        clauses = self._clauses_by_section()
        departures = self._departures(clauses)
        for old, new in order_sections(self.old, self.new, self.old_of):
            if new is None:
                assert old is not None
                yield SectionChange(old, None, (self._removed(old),), clauses[old], departures[old])
            elif old is None:
                yield SectionChange(None, new, (HeadingChange("added", "", new.title),), clauses[new])
            elif clauses[new] or headings[new.id] or departures[old]:
                yield SectionChange(old, new, headings[new.id], clauses[new], departures[old])

    def _departures(
        self, clauses: Mapping[Section, Sequence[ClauseChange]]
    ) -> dict[Section, tuple[tuple[Section, int], ...]]:
        found: dict[Section, Counter[Section]] = defaultdict(Counter)
        for where, listed in clauses.items():
            for clause in listed:
                for section in clause.old_sections:
                    if clause.new and self.old_of.get(where.id) != section.id:
                        found[section][where] += 1
        return defaultdict(tuple, {section: tuple(heirs.items()) for section, heirs in found.items()})

    def _removed(self, old: Section) -> HeadingChange:
        heir = self.alignment.sections.get(old.id)
        if heir is None:
            return HeadingChange("removed", old.title, "")
        return HeadingChange("merged", old.title, self.new.section(heir).title)

    def _clauses_by_section(self) -> dict[Section, tuple[ClauseChange, ...]]:
        """Changes in their order, by the section that they are listed in: an old one only if it was removed."""
        found: dict[Section, dict[tuple[int, int], ClauseChange]] = defaultdict(dict)
        before: dict[str, int] = {}
        for group in self.groups:
            old_section = self.old.clauses[group.olds[0]].section_id if group.olds else ""
            if group.news:
                where, place = self.new.section(self.new.clauses[group.news[0]].section_id), (group.news[0], -1)
                if group not in self.moved:
                    before[old_section] = group.news[-1]
            else:
                heir = self.new_of.get(old_section)
                where = self.new.section(heir) if heir else self.old.section(old_section)
                place = (before.get(old_section, -1), group.olds[0])
            if change := self._clause_change(group):
                found[where][place] = change
        ordered = {where: tuple(changes[place] for place in sorted(changes)) for where, changes in found.items()}
        return defaultdict(tuple, ordered)

    def _clause_change(self, group: _Group) -> ClauseChange | None:
        """What became of a group; None where it was kept."""
        old_text, new_text = _join(self.old, group.olds), _join(self.new, group.news)
        if old_text == new_text and group not in self.moved:
            return None
        is_verbatim = _is_verbatim(new_text)
        looks = [
            _look("\n\n".join(_body(side, index) for index in indices), is_verbatim)
            for side, indices in ((self.old, group.olds), (self.new, group.news))
        ]
        is_reworded = looks[0] != looks[1]
        olds = [self.old.clauses[index] for index in group.olds]
        news = [self.new.clauses[index] for index in group.news]
        ours, theirs = _words(self.old, group.olds), _words(self.new, group.news)
        common = sum(block.size for block in match_words(ours, theirs))
        old_sections = tuple(dict.fromkeys(self.old.section(clause.section_id) for clause in olds))
        new_sections = tuple(dict.fromkeys(self.new.section(clause.section_id) for clause in news))
        return ClauseChange(
            kind=self._kind(group, is_reworded),
            old=old_text,
            new=new_text,
            old_lines=tuple(clause.line for clause in olds),
            new_lines=tuple(clause.line for clause in news),
            old_sections=old_sections,
            new_sections=new_sections,
            old_authority=self.old.authority_of(old_sections[0]) if old_sections else None,
            new_authority=self.new.authority_of(new_sections[0]) if new_sections else None,
            words_added=len(theirs) - common,
            words_removed=len(ours) - common,
            is_example=any(clause.is_example for clause in (*olds, *news)),
            is_reworded=is_reworded,
        )

    def _kind(self, group: _Group, is_reworded: bool) -> ChangeKind:
        if not group.olds or not group.news:
            [clause] = [self.old.clauses[i] for i in group.olds] + [self.new.clauses[i] for i in group.news]
            if clause.kind == "rule":
                return "typography"
            return "removed" if group.olds else "added"
        if len(group.olds) > 1 or len(group.news) > 1:
            matches = self.alignment.matches
            return "split" if any(len(matches[index].new) > 1 for index in group.olds) else "merged"
        if group in self.moved:
            return "moved"
        return "reworded" if is_reworded else "typography"

    def _find_moved(self) -> set[_Group]:
        """Pairs of clauses of which the new one stands in another section, or out of the old order in its own."""
        moved = set()
        stayed: dict[str, list[_Group]] = defaultdict(list)
        for group in self.groups:
            if group.olds and group.news:
                theirs, ours = self.old.clauses[group.olds[0]].section_id, self.new.clauses[group.news[0]].section_id
                if self.old_of.get(ours) == theirs:
                    stayed[ours].append(group)
                else:
                    moved.add(group)
        for groups in stayed.values():
            moved |= {groups[index] for index in out_of_order([group.news[0] for group in groups])}
        return moved


def _group_clauses(alignment: Alignment, old_of: Mapping[str, str]) -> Iterator[_Group]:
    """Every clause of both releases in one group, in the old order, then the added ones."""
    forward = {index: match.new for index, match in alignment.matches.items()} | _match_wordless(alignment, old_of)
    backward: dict[int, set[int]] = defaultdict(set)
    for index, matched in forward.items():
        for one in matched:
            backward[one].add(index)
    seen: set[int] = set()
    for index in range(len(alignment.old.clauses)):
        if index not in seen:
            olds, news = {index}, set(forward.get(index, ()))
            while more := {other for one in news for other in backward[one]} - olds:
                olds |= more
                news |= {one for other in more for one in forward[other]}
            seen |= olds
            yield _Group(tuple(sorted(olds)), tuple(sorted(news)))
    for index in range(len(alignment.new.clauses)):
        if not backward[index]:
            yield _Group((), (index,))


def _match_wordless(alignment: Alignment, old_of: Mapping[str, str]) -> dict[int, tuple[int, ...]]:
    """Clauses without a word, such as rules, by their section and their marks; the alignment leaves them out."""
    places: dict[tuple[str | None, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, document in enumerate((alignment.old, alignment.new)):
        for index, clause in enumerate(document.clauses):
            if not document.words_of(clause):
                section = old_of.get(clause.section_id) if side else clause.section_id
                places[section, _slice(document, index)][side].append(index)
    return {old: (new,) for olds, news in places.values() for old, new in zip(olds, news, strict=False)}


def _slice(document: Document, index: int) -> str:
    return document.slice(document.clauses[index].span).strip().replace("\r\n", "\n")


def _join(document: Document, indices: Sequence[int]) -> str:
    return "\n\n".join(_slice(document, index) for index in indices)


def _marker(document: Document, index: int) -> re.Match[str] | None:
    return _MARKER.match(_slice(document, index)) if document.clauses[index].kind == "list-item" else None


def _body(document: Document, index: int) -> str:
    """A clause without the mark or number of its list."""
    marker = _marker(document, index)
    return _slice(document, index)[marker.end() if marker else 0 :]


def _words(document: Document, indices: Sequence[int]) -> list[str]:
    """Words of clauses, without the numbers of lists."""
    words: list[str] = []
    for index in indices:
        marker = _marker(document, index)
        words += document.words_of(document.clauses[index])[1 if marker and marker["number"] else 0 :]
    return words
