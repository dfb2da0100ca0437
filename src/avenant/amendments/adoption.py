"""Adoption: whether a newer release took a draft's words, or its idea, or neither.

Words that stood in the older release already are nobody's adoption, so only what is new in the newer one counts. Words
are found exactly, whatever their typography. An idea is looked for by its words: stems weighted by how rare they were
in the older release (TF-IDF; Salton and Buckley, 1988), so that what the lab brought in counts most. That finds a draft
that the lab reworked, or that shares its vocabulary; an idea in other words is mostly missed, and a rule is not told
from its opposite. "In substance" is therefore a hint to read the lab's words, which always come along.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import LCSseq

from avenant.amendments.amendment import Amendment
from avenant.amendments.edit import Edit
from avenant.amendments.place import FoundEdit, find_edit
from avenant.reading.likeness import measure_likeness, stem_words, weigh_clauses, weigh_stems
from avenant.specs.align import Alignment, align_documents
from avenant.specs.document import Document, Span
from avenant.specs.library import Spec
from avenant.text import match_words, plain_words, replace_name

Uptake = Literal["word-for-word", "in-substance", "not-found", "there-before"]

ALIKE = 0.2
"""Similarity from which new words are shown as the draft's idea; see LOG.md for how it was chosen."""
_CONTEXT_WORDS = 4
"""So many words before or after the draft's place tell that its words stand there."""
_RUN = 5
"""So many words one after another are no chance: fewer are found with others on both sides only."""
_LONG = 8
"""So many words are found wherever they stand: a replacement's, or a sentence's, whatever became of the rest."""
_HOME = 0.05
"""What standing in the draft's own section adds to a similarity."""
_HELD, _MOVED = 0.45, 0.75
"""Deleted words are gone where no clause holds more than the first share of them, in their order; moved: the second."""
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)\]*_]*\s+")


@dataclass(frozen=True, slots=True)
class Likely:
    """Words of the newer release's that resemble the draft's."""

    place: Span
    """The clause, or the words taken."""
    words: str
    """The lab's own words there."""
    similarity: float
    """From 0 to 1; for a deletion, the share of its words that no clause holds any more."""


@dataclass(frozen=True, slots=True)
class EditUptake:
    """What became of one edit's idea."""

    edit: Edit
    uptake: Uptake
    words: str
    """The draft's words under the document's own name: those added, or those taken out or moved."""
    place: Span | None = None
    """Where in the newer release, for words taken; for a deletion, the words on both sides of it."""
    likely: tuple[Likely, ...] = ()
    """The nearest words, three at most, best first; where nothing was found, no more than places to look."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a newer release took of a draft."""

    amendment: Amendment
    spec: str
    """Id of the newer release."""
    edits: tuple[EditUptake, ...]

    @property
    def uptake(self) -> Uptake:
        """Of the whole draft: word for word only if every edit was; not found only if none was."""
        found = {edit.uptake for edit in self.edits}
        if len(found) == 1:
            return found.pop()
        return "in-substance" if found & {"word-for-word", "in-substance"} else "not-found"


def find_adoption(amendment: Amendment, old: Spec, new: Spec) -> Adoption:
    """Look for a draft's words and idea in a newer release.

    Args:
        amendment: the draft.
        old: the release that it was written for.
        new: the newer release.

    Raises:
        AnchorError, EditError: the draft does not fit its own release.
    """
    seeker = _Seeker(amendment, old, new, align_documents(old.document, new.document))
    return Adoption(amendment, new.id, tuple(seeker.seek(edit) for edit in amendment.edits))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Words to find one after another, between others that tell their place; in the form of `Words.words`."""

    left: tuple[str, ...]
    words: tuple[str, ...]
    right: tuple[str, ...]

    def find_in(self, document: Document) -> Span | None:
        """Where the words stand so, punctuation and typography apart; None where nowhere, or no words."""
        text = _join_words(document)
        at = text.find(f" {' '.join((*self.left, *self.words, *self.right))} ") if self.words else -1
        if at < 0:
            return None
        first = text.count(" ", 0, at) + len(self.left)
        spans = document.words.spans[first : first + len(self.words)]
        return Span(spans[0][0], spans[-1][1])


@dataclass(frozen=True)
class _Seeker:
    amendment: Amendment
    old: Spec
    new: Spec
    alignment: Alignment

    def seek(self, edit: Edit) -> EditUptake:
        found = find_edit(self.old, self.amendment, edit)
        if edit.action == "delete":
            return self._seek_deletion(found)
        if found.destination is not None:
            return self._seek_move(found, found.destination.span.start)
        passage = replace_name(self.amendment.passage_of(edit), self.amendment.placeholder, self.new.manifest.subject)
        return self._seek_words(found, passage) or self._seek_idea(found, passage)

    def _seek_words(self, found: FoundEdit, passage: str) -> EditUptake | None:
        """The passage word for word; None where neither release has it."""
        words = plain_words(passage)
        frames, alone = self._frames(found.place.span, words), _Frame((), words, ())
        least = _LONG if found.edit.action == "replace" else _RUN
        if place := self._find_new([*frames, alone] if len(words) >= least else frames):
            return self._taken(found.edit, "word-for-word", passage, place)
        stood = [alone] if len(words) >= _RUN and found.edit.action != "replace" else frames
        if stood and all(frame.find_in(self.old.document) for frame in stood):
            return EditUptake(found.edit, "there-before", passage)
        return None

    def _frames(self, place: Span, words: tuple[str, ...]) -> list[_Frame]:
        """The words as they would stand in their place: few between others on both sides, more beside those of one."""
        left, right = self._beside(place)
        sides = ((left, ()), ((), right)) if len(words) >= _RUN else ((left, right),)
        return [_Frame(before, words, behind) for before, behind in sides if before or behind]

    def _beside(self, place: Span) -> tuple[tuple[str, ...], tuple[str, ...]]:
        words = self.old.document.words
        first, last = words.range_in(place.start, place.end)
        return words.words[max(0, first - _CONTEXT_WORDS) : first], words.words[last : last + _CONTEXT_WORDS]

    def _find_new(self, frames: Sequence[_Frame]) -> Span | None:
        """Where the first of the frames stands that the older release lacks."""
        new = (frame for frame in frames if frame.find_in(self.old.document) is None)
        return next((place for frame in new if (place := frame.find_in(self.new.document))), None)

    def _taken(self, edit: Edit, uptake: Uptake, words: str, place: Span) -> EditUptake:
        return EditUptake(edit, uptake, words, place, (self._shown(place, 1.0),))

    def _shown(self, place: Span, similarity: float) -> Likely:
        return Likely(place, self.new.document.slice(place).strip(), round(similarity, 3))

    def _seek_idea(self, found: FoundEdit, passage: str) -> EditUptake:
        for sentence in _SENTENCE_END.split(passage):
            alone = _Frame((), plain_words(sentence), ())
            if len(alone.words) >= _LONG and (place := self._find_new([alone])):
                return self._taken(found.edit, "in-substance", passage, place)
        section = self.old.document.section_at(max(0, found.place.span.start - 1)).id
        likely = self._find_nearest(self._novel_words(found, passage), self.alignment.sections.get(section, ""))
        is_alike = bool(likely) and likely[0].similarity >= ALIKE
        return EditUptake(found.edit, "in-substance" if is_alike else "not-found", passage, None, likely)

    def _novel_words(self, found: FoundEdit, passage: str) -> Sequence[str]:
        """Words that the draft adds: for a replacement, without those that it keeps."""
        before = self.old.document.words
        first, last = before.range_in(found.place.span.start, found.place.span.end)
        return _find_added(before.words[first:last], plain_words(passage))

    def _find_nearest(self, words: Sequence[str], home: str) -> tuple[Likely, ...]:
        """The clauses of which the new words resemble a draft's, best first.

        What resembles them as much in the older release speaks against a clause, the draft's own section for it.
        """
        before, clauses = self.old.document, self.new.document.clauses
        rarity, olds = weigh_clauses(before)
        ours = weigh_stems(stem_words(words), rarity)
        rival = max((measure_likeness(ours, theirs) for theirs in olds), default=0.0)
        news = _weigh_news(before, self.new.document).items()
        alike = {number: likeness for number, theirs in news if (likeness := measure_likeness(ours, theirs))}
        scores = {number: alike[number] - rival / 2 + _HOME * (clauses[number].section_id == home) for number in alike}
        ranked = sorted(scores, key=lambda number: (-scores[number], number))[:3]
        return tuple(self._shown(clauses[number].span, min(1.0, max(0.0, scores[number]))) for number in ranked)

    def _seek_deletion(self, found: FoundEdit) -> EditUptake:
        """Whether the words on both sides stand together now, or at least no clause holds the deleted ones."""
        before, after, place = self.old.document, self.new.document, found.place.span
        passage, (left, right) = before.slice(place), self._beside(place)
        words = before.words.words[slice(*before.words.range_in(place.start, place.end))]
        shares = [LCSseq.similarity(words, after.words_of(clause)) / max(1, len(words)) for clause in after.clauses]
        held = max(shares, default=0.0) if words else 1.0
        place_now = self._find_new([_Frame((), (*left, *right), ())])
        if place_now and (len(words) < _RUN or held < _MOVED):
            return self._taken(found.edit, "word-for-word", passage, place_now)
        clause = before.clause_at(place.start)
        match = self.alignment.matches.get(before.index_of(clause)) if clause and held <= _HELD else None
        numbers = match.new[:1] if match else [shares.index(held)] if held in shares and held > _HELD else ()
        likely = tuple(self._shown(after.clauses[number].span, 1 - held) for number in numbers)
        return EditUptake(found.edit, "in-substance" if held <= _HELD else "not-found", passage, None, likely)

    def _seek_move(self, found: FoundEdit, goal: int) -> EditUptake:
        """Whether the moved words stand at their destination, or have come into its section at least."""
        before, blocks = self.old.document, found.place.span
        passage, words = before.slice(blocks).strip(), plain_words(before.slice(blocks))
        if not before.text[min(blocks.end, goal) : max(blocks.start, goal)].strip():
            return EditUptake(found.edit, "there-before", passage)
        if place := self._find_new(self._frames(Span(goal, goal), words)):
            return self._taken(found.edit, "word-for-word", passage, place)
        here, there = (before.section_at(max(0, offset)).id for offset in (blocks.start, goal - 1))
        place, section = _Frame((), words, ()).find_in(self.new.document), self.alignment.sections.get(there)
        if place and here != there and self.new.document.section_at(place.start).id == section:
            return self._taken(found.edit, "in-substance", passage, place)
        return EditUptake(found.edit, "not-found", passage)


@lru_cache(maxsize=8)
def _weigh_news(old: Document, new: Document) -> Mapping[int, Mapping[str, float]]:
    """Weights of what is new in each clause, by its number; but for dialogues: their topic says little of the rule."""
    alignment, stood = align_documents(old, new), old.words.words
    runs = {stood[at : at + _RUN] for at in range(len(stood) - _RUN + 1)}
    news = {}
    for number, clause in enumerate(new.clauses):
        origins = (old.words_of(old.clauses[origin]) for origin in alignment.origins.get(number, ()))
        added = _find_added([word for words in origins for word in words], new.words_of(clause), runs)
        if added and not clause.is_example:
            news[number] = weigh_stems(stem_words(added), weigh_clauses(old)[0])
    return news


def _find_added(old: Sequence[str], new: Sequence[str], runs: Container[tuple[str, ...]] = ()) -> list[str]:
    """Words of the new text that stand neither in a run in common with the old one nor in one of `runs`."""
    kept = {number for block in match_words(old, new) for number in range(block.new, block.new + block.size)}
    for at in range(len(new) - _RUN + 1):
        if tuple(new[at : at + _RUN]) in runs:
            kept.update(range(at, at + _RUN))
    return [word for number, word in enumerate(new) if number not in kept]


@lru_cache(maxsize=8)
def _join_words(document: Document) -> str:
    return f" {' '.join(document.words.words)} "
