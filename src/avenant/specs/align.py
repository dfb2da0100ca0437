"""Which clause of one release is which of another.

Words alone count: typography, markup, punctuation and footnote tags do not. Clauses with the very same words are
matched first. The others are matched by the words that they have in common in the same order, in runs of a few words
at least, so that two clauses do not look alike for their small words; section ids, footnote tags and the neighbours
serve as further evidence. A match has to stand clear of its runner-up: no match is better than a wrong one.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz.distance import LCSseq

from avenant.specs.document import Clause, Document, Section
from avenant.text import count_common

Likeness = Literal["same", "edited", "split", "merged"]

_EDITED = 0.6
"""Share of both clauses' words that an edited clause keeps at least, the further evidence added."""
_HELD = 0.75
"""Share of a clause's words that a longer clause holds at least where it was extended, merged or split."""
_HELD_WITH_EVIDENCE = 0.8
"""The same with strong further evidence added to it."""
_PART = 0.6
"""Share of a part's words that stand in the clause that was split, at least."""
_MARGIN = 0.12
"""By how much a match has to beat its runner-up."""
_LEAST_WORDS = 5
"""Clauses of fewer words are matched with the help of their neighbours alone."""


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one clause of the old release."""

    new: tuple[int, ...]
    """Numbers of the new release's clauses, in its order; several where the clause was split."""
    likeness: Likeness
    score: float
    """From 0 to 1: 1 for the same words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that might be the one, but is not sure enough."""

    new: int
    score: float


@dataclass(frozen=True)
class Alignment:
    """Two releases of a document, clause by clause."""

    old: Document
    new: Document
    matches: dict[int, Match]
    """By number of the old clause, in order; what is not in it has no certain counterpart."""
    candidates: dict[int, tuple[Candidate, ...]] = field(default_factory=dict)
    """For old clauses without a match: the likeliest ones, best first."""

    @cached_property
    def origins(self) -> dict[int, tuple[int, ...]]:
        """Numbers of the old clauses that became a new one, by number of the new clause."""
        found: dict[int, tuple[int, ...]] = {}
        for old, match in self.matches.items():
            for new in match.new:
                found[new] = (*found.get(new, ()), old)
        return found

    @cached_property
    def changed(self) -> tuple[tuple[int, tuple[str, ...], frozenset[str]], ...]:
        """Number and words, in order and as a set, of the new release's clauses that are new or edited."""
        same = {new for match in self.matches.values() if match.likeness == "same" for new in match.new}
        words = [(number, self.new.words_of(clause)) for number, clause in enumerate(self.new.clauses)]
        return tuple((number, one, frozenset(one)) for number, one in words if number not in same)

    @cached_property
    def sections(self) -> dict[str, str]:
        """Id of the new section of each old section that goes on: the same id, the same title, or most clauses."""
        return _align_sections(self)

    @cached_property
    def moved(self) -> frozenset[int]:
        """Numbers of the old clauses that stand elsewhere now: in another section, or out of their old order."""
        return _find_moved(self)


@lru_cache(maxsize=16)
def align_documents(old: Document, new: Document) -> Alignment:
    """Match the clauses of two releases of a document.

    The result depends on the two texts alone. Two releases of 40,000 words take a fraction of a second.
    """
    return _Aligner(old, new).align()


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike an old and a new clause are."""

    ratio: float
    """Share of both clauses' words that stand in common runs."""
    held_old: float
    """Share of the old clause's words that stand in the new one."""
    held_new: float
    """Share of the new clause's words that stand in the old one."""
    evidence: float
    """What section, footnote tags and neighbours add."""

    @property
    def edited(self) -> float:
        """How likely the new clause is the old one, edited."""
        return self.ratio + self.evidence

    @property
    def held(self) -> float:
        """How likely the old clause stands in the new one, among other words."""
        return self.held_old + self.evidence


_SECTION_EVIDENCE = 0.05
_SLOT_EVIDENCE = 0.1
_FOOTNOTE_EVIDENCE = 0.2
_OPENING_EVIDENCE = 0.2


_STRONG_EVIDENCE = 0.25
"""A footnote tag in common and the section besides."""


class _Aligner:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.old_words = [old.words_of(clause) for clause in old.clauses]
        self.new_words = [new.words_of(clause) for clause in new.clauses]
        self.matches: dict[int, Match] = {}
        self.candidates: dict[int, tuple[Candidate, ...]] = {}
        self.taken: set[int] = set()
        self.likenesses: dict[tuple[int, int], _Likeness] = {}

    def align(self) -> Alignment:
        self._match_same()
        self.sections = Alignment(self.old, self.new, self.matches).sections
        self._measure()
        self._match_edited()
        self._drop_doubled()
        return Alignment(self.old, self.new, dict(sorted(self.matches.items())), self.candidates)

    def _match_same(self) -> None:
        """Clauses with the very same words; of several alike, only as many as there were, in their order."""
        places: dict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for index, words in enumerate(self.old_words):
            places[words][0].append(index)
        for index, words in enumerate(self.new_words):
            places[words][1].append(index)
        for words, (olds, news) in places.items():
            if words and len(olds) == len(news):
                for old, new in zip(olds, news, strict=True):
                    if len(words) >= _LEAST_WORDS or self._is_same_section(old, new):
                        self.matches[old] = Match((new,), "same", 1.0)
                        self.taken.add(new)

    def _is_same_section(self, old: int, new: int) -> bool:
        ours, theirs = self.old.clauses[old].section_id, self.new.clauses[new].section_id
        return ours == theirs

    def _measure(self) -> None:
        """Likeness of every open old clause to every open new one that shares enough words with it."""
        numbers: dict[str, int] = {}
        coded = [
            [[numbers.setdefault(word, len(numbers)) for word in words] for words in side]
            for side in (self.old_words, self.new_words)
        ]
        open_new = [n for n in range(len(self.new_words)) if n not in self.taken and self.new_words[n]]
        slots = _Slots(self.matches)
        for old in range(len(self.old_words)):
            if old in self.matches or not self.old_words[old]:
                continue
            for new in open_new:
                ours, theirs = coded[0][old], coded[1][new]
                least = min(len(ours), len(theirs))
                if LCSseq.similarity(ours, theirs) < _MIN_SHARED * least:
                    continue
                if (self.old.clauses[old].kind == "example") != (self.new.clauses[new].kind == "example"):
                    continue
                common = count_common(ours, theirs)
                if common:
                    self.likenesses[old, new] = _Likeness(
                        ratio=2 * common / (len(ours) + len(theirs)),
                        held_old=common / len(ours),
                        held_new=common / len(theirs),
                        evidence=self._evidence(old, new, slots),
                    )

    def _evidence(self, old: int, new: int, slots: _Slots) -> float:
        ours, theirs = self.old.clauses[old], self.new.clauses[new]
        found = _SECTION_EVIDENCE * (self.sections.get(ours.section_id) == theirs.section_id)
        found += _SLOT_EVIDENCE * slots.holds(old, new)
        found += _FOOTNOTE_EVIDENCE * bool(set(ours.footnotes) & set(theirs.footnotes))
        return found + _OPENING_EVIDENCE * self._is_same_opening(ours, theirs)

    def _is_same_opening(self, ours: Clause, theirs: Clause) -> bool:
        """Whether two example dialogues begin with the same turn: replies are rewritten more often than questions."""
        if not ours.turns or not theirs.turns:
            return False
        turns = (self.old.folded_slice(ours.turns[0].span), self.new.folded_slice(theirs.turns[0].span))
        return turns[0] == turns[1]

    def _match_edited(self) -> None:
        by_old: dict[int, dict[int, _Likeness]] = defaultdict(dict)
        by_new: dict[int, dict[int, _Likeness]] = defaultdict(dict)
        for (old, new), likeness in self.likenesses.items():
            by_old[old][new] = likeness
            by_new[new][old] = likeness
        for old, found in by_old.items():
            match = self._split(old, found) or self._edited(old, found, by_new) or self._merged(old, found)
            if match is None:
                ranked = sorted(found.items(), key=lambda item: -max(item[1].edited, item[1].held))
                self.candidates[old] = tuple(
                    Candidate(new, round(min(1.0, max(one.edited, one.held)), 3))
                    for new, one in ranked[:_CANDIDATES]
                    if max(one.ratio, one.held_old, one.held_new) >= _WORTH_SHOWING
                )
            else:
                self.matches[old] = match

    def _drop_doubled(self) -> None:
        """Clauses can be put together in one only if their words stand beside each other there."""
        origins: dict[int, list[int]] = defaultdict(list)
        for old, match in self.matches.items():
            for new in match.new:
                origins[new].append(old)
        for new, olds in origins.items():
            held = sum(self.likenesses[old, new].held_old * len(self.old_words[old]) for old in olds if len(olds) > 1)
            if held > len(self.new_words[new]):
                for old in olds:
                    self.matches.pop(old, None)
                    self.candidates[old] = (Candidate(new, 1.0),)

    def _split(self, old: int, found: dict[int, _Likeness]) -> Match | None:
        """New clauses, one after another, that lie mostly in the old one's words and hold most of them together."""
        parts = sorted(
            new
            for new, one in found.items()
            if one.held_new >= _PART and len(self.new_words[new]) >= _LEAST_WORDS and one.held_old < _HELD
        )
        held = sum(found[new].held_old for new in parts)
        if len(parts) < 2 or parts[-1] - parts[0] >= len(parts) or held < _HELD:
            return None
        return Match(tuple(parts), "split", min(1.0, held))

    def _edited(self, old: int, found: dict[int, _Likeness], by_new: dict[int, dict[int, _Likeness]]) -> Match | None:
        new, best = max(found.items(), key=lambda item: item[1].edited)
        rivals = [one.edited for other, one in found.items() if other != new]
        rivals += [one.edited for other, one in by_new[new].items() if other != old]
        is_clear = best.edited - max(rivals, default=0.0) >= _MARGIN
        if best.edited < _EDITED or not is_clear:
            return None
        likeness: Likeness = "same" if self.old_words[old] == self.new_words[new] else "edited"
        return Match((new,), likeness, best.ratio)

    def _merged(self, old: int, found: dict[int, _Likeness]) -> Match | None:
        new, best = max(found.items(), key=lambda item: item[1].held)
        rivals = [one.held for other, one in found.items() if other != new]
        is_clear = best.held - max(rivals, default=0.0) >= _MARGIN
        is_long = len(self.old_words[old]) >= _LEAST_WORDS
        is_held = best.held_old >= _HELD or (best.evidence >= _STRONG_EVIDENCE and best.held >= _HELD_WITH_EVIDENCE)
        return Match((new,), "merged", best.held_old) if is_held and is_long and is_clear else None


_MIN_SHARED = 0.3
"""Share of the shorter clause's words in common, in whatever runs, below which two clauses are not compared."""
_WORTH_SHOWING = 0.3
_CANDIDATES = 3


class _Slots:
    """Where a clause would stand if nothing but it had changed: between its neighbours' counterparts."""

    def __init__(self, matches: dict[int, Match]) -> None:
        self.olds = sorted(matches)
        self.news = [matches[old].new for old in self.olds]

    def holds(self, old: int, new: int) -> bool:
        at = bisect.bisect_left(self.olds, old)
        low = self.news[at - 1][-1] if at > 0 else -1
        high = self.news[at][0] if at < len(self.news) else 10**9
        return low < new < high


def _align_sections(alignment: Alignment) -> dict[str, str]:
    old, new = alignment.old, alignment.new
    found: dict[str, str] = {}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for index, match in alignment.matches.items():
        clause = old.clauses[index]
        for one in match.new:
            votes[clause.section_id][new.clauses[one].section_id] += clause.span.end - clause.span.start
    ids = {section.id for section in new.sections}
    for section in old.sections:
        by_title = new.find_sections(section.title) if section.title else ()
        if section.id in ids:
            found[section.id] = section.id
        elif len(by_title) == 1:
            found[section.id] = by_title[0].id
        elif votes[section.id]:
            [(best, weight)] = votes[section.id].most_common(1)
            if 2 * weight > sum(votes[section.id].values()) and 2 * weight > _weight(old, section):
                found[section.id] = best
    return found


def _weight(document: Document, section: Section) -> int:
    return sum(clause.span.end - clause.span.start for clause in document.clauses_of(section))


def _find_moved(alignment: Alignment) -> frozenset[int]:
    moved = set()
    kept: list[tuple[int, int]] = []
    for index, match in alignment.matches.items():
        section = alignment.old.clauses[index].section_id
        if alignment.new.clauses[match.new[0]].section_id != alignment.sections.get(section):
            moved.add(index)
        else:
            kept.append((index, match.new[0]))
    in_order = _longest_increasing([new for _, new in kept])
    return frozenset(moved | {index for index, new in kept if new not in in_order})


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The members of a longest non-decreasing subsequence (patience sorting)."""
    tops: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect.bisect_right(tops, number)
        before.append(tails[at - 1] if at else -1)
        if at == len(tops):
            tops.append(number)
            tails.append(index)
        else:
            tops[at], tails[at] = number, index
    found = set()
    at = tails[-1] if tails else -1
    while at >= 0:
        found.add(numbers[at])
        at = before[at]
    return found
