"""Where an anchor lands in a newer release: found for certain, or shown with what comes nearest.

The clauses of the two releases are matched first (`avenant.specs.align`). Words that a draft takes out must then stand
in the matched clause, word for word: where the lab reworded them, the draft's change and the lab's are merged if they
touch different words (three-way merge by words, as in diff3), and else the anchor is lost: the lab's wording is never
overwritten.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from avenant.amendments.edit import Side
from avenant.specs.align import Alignment
from avenant.specs.document import Clause, Document, Section, Span
from avenant.text import Block, count_common, fold_words, match_words, merge_words, similar_words

Fate = Literal["unchanged", "moved", "adapted", "lost"]
FATES: tuple[Fate, ...] = ("unchanged", "moved", "adapted", "lost")
"""From the best to the worst."""

_GONE = "the clause is gone, or too much of it changed to be sure"
_SENTENCE_WORDS = 8
"""Sentences of fewer words are not looked for by themselves."""
_HELD = 0.75
"""Share of a sentence's words that a clause holds at least for the sentence to stand there now."""
_HELD_NEAR = 0.6
"""The same, in the section where the sentence was."""
_MARGIN = 0.25
"""By how much that clause has to beat the next."""
_GOOD_PART = 0.25
"""Share of a clause's words that went to another place, from which its own place is open."""
_ENDS = re.compile(r"[.!?][^\w\s]*\s")
"""The end of a sentence, between two words."""
_CLOSED = re.compile(r"[.!?:][^\w\s]*\s*$")
"""Words that close a sentence."""
_TAG = re.compile(r"\[\^[^\]\s]+\]")
_QUOTE_WORDS = 25
"""A new quote is at most so long."""
_LEAST_RUN = 4
"""Words taken out are carried over only with a run of so many words about them that the lab left as they were."""
_LIGHT_EDIT = 0.5
"""A replacement that keeps this share of the words it replaces can be merged with the lab's own rewording."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of one anchor."""

    fate: Fate
    place: Span | None = None
    """The words to quote in the new release; None where the anchor is lost."""
    reason: str = ""
    """What the author should know, as a sentence; empty where nothing changed."""
    old_words: str = ""
    """The clause (or heading) in the old release, where the two differ."""
    new_words: str = ""
    """The clause in the new release; where the words were rewritten, the lab's own."""
    candidates: tuple[Span, ...] = ()
    """Where it might belong, best first: clauses of the new release."""
    passage: str | None = None
    """The passage merged with the lab's rewording, under the document's own name."""


@dataclass(frozen=True)
class Lander:
    """Lands anchors of one release in another."""

    alignment: Alignment

    @property
    def before(self) -> Document:
        """The release that the anchors were written for."""
        return self.alignment.old

    @property
    def after(self) -> Document:
        """The newer release."""
        return self.alignment.new

    def land_section(self, section: Section) -> Landing:
        """Where a section went of which the heading is quoted, or at whose end words are put."""
        new_id = self.alignment.sections.get(section.id)
        if new_id is None:
            reason = f"the section {section.title!r} is gone"
            return Landing("lost", reason=reason, candidates=self._near_section(section.id))
        new = self.after.section(new_id)
        heading = Span(new.span.start, new.body_start)
        words = self.after.slice(heading)
        at = new.span.start + max(0, words.find(new.title.split()[0])) if new.title else new.span.start
        place = Span(at, at + len(words[at - new.span.start :].split("{")[0].rstrip(" #=-\r\n")))
        if fold_words(new.title) == fold_words(section.title):
            return Landing("unchanged", place)
        return Landing("adapted", place, "the section has another title now", section.title, new.title)

    def _near_section(self, section_id: str) -> tuple[Span, ...]:
        clauses = [i for i, clause in enumerate(self.before.clauses) if clause.section_id == section_id]
        return self._neighbours(clauses[0]) if clauses else ()

    def land_beside(self, quoted: Span, side: Side) -> Landing:
        """Where a clause went beside which a passage is put."""
        clause = self.before.clause_at(quoted.start if side == "before" else quoted.end - 1)
        if clause is None:
            return self.land_section(self.before.section_at(quoted.start))
        own = Span(max(quoted.start, clause.span.start), min(quoted.end, clause.span.end))
        return self._land_clause(clause, own, side)

    def _land_clause(self, clause: Clause, quoted: Span, side: Side) -> Landing:
        index = self.before.index_of(clause)
        match = self.alignment.matches.get(index)
        if match is not None and match.likeness == "same":
            return self._stays(index, self._quote(clause, quoted, self.after.clauses[match.new[0]]))
        if match is None:
            home = self._home(clause, self._sentences(clause, quoted)[:: 1 if side == "before" else -1])
            if home is not None:
                return self._adapted(clause, quoted, home, "the lab put the sentence that you quote into this clause")
            home = self._only_home(clause)
            if home is None:
                return self._lost(index, _GONE)
            return self._adapted(clause, quoted, home, "the lab rewrote the clause and kept a sentence of it here")
        if elsewhere := self._gone_elsewhere(clause, match.new):
            return self._lost(index, "the lab put parts of the clause into different places", (*match.new, *elsewhere))
        reason = {
            "edited": "the lab edited the clause",
            "split": f"the lab split the clause; the anchor is now its {'first' if side == 'before' else 'last'} part",
            "merged": "the lab put the clause into a longer one",
        }[match.likeness]
        return self._adapted(clause, quoted, match.new[0] if side == "before" else match.new[-1], reason)

    def _adapted(self, clause: Clause, quoted: Span, number: int, reason: str) -> Landing:
        new = self.after.clauses[number]
        place = self._quote(clause, quoted, new)
        return Landing("adapted", place, reason, _words_of(self.before, clause), _words_of(self.after, new))

    def _home(self, clause: Clause, sentences: Sequence[tuple[int, int]]) -> int | None:
        """Number of the clause, new or edited, that holds most of a sentence and stands clear of all others.

        Args:
            clause: in the older release.
            sentences: word ranges in it; the first that has such a clause decides.
        """
        section = self.alignment.sections.get(clause.section_id)
        for first, last in sentences:
            words = self.before.words.words[first:last]
            if len(words) < _SENTENCE_WORDS:
                continue
            shares = [(0.0, -1), (0.0, -1), *self._shares(words, clause)]
            shares.sort()
            (runner_up, _), (share, number) = shares[-2:]
            is_near = number >= 0 and self.after.clauses[number].section_id == section
            if share >= (_HELD_NEAR if is_near else _HELD) and share - runner_up >= _MARGIN:
                return number
        return None

    def _only_home(self, clause: Clause) -> int | None:
        """Number of the one clause, new in the same section, in which sentences of the clause stand now."""
        found = {self._home(clause, [sentence]) for sentence in self._sentences(clause, clause.span)} - {None}
        home = found.pop() if len(found) == 1 else None
        if home is None or self.alignment.origins.get(home):
            return None
        section = self.alignment.sections.get(clause.section_id)
        return home if self.after.clauses[home].section_id == section else None

    def _shares(self, words: Sequence[str], clause: Clause) -> Iterator[tuple[float, int]]:
        """What share of the words each new or edited clause holds, with its number."""
        least = (1 - _MARGIN) * _HELD_NEAR * len(set(words))
        for number, others, known in self.alignment.changed:
            kind = self.after.clauses[number].kind
            if (kind == clause.kind or "example" not in (kind, clause.kind)) and len(
                known.intersection(words)
            ) >= least:
                yield count_common(words, others) / len(words), number

    def _sentences(self, clause: Clause, quoted: Span) -> list[tuple[int, int]]:
        """Half-open word ranges of the clause's sentences that the quoted words touch, in order."""
        first, last = self.before.words.range_in(quoted.start, quoted.end)
        start, end = self.before.words.range_in(clause.span.start, clause.span.end)
        spans = self.before.words.spans
        breaks = [
            number
            for number in range(start + 1, end)
            if _ENDS.search(self.before.text, spans[number - 1][1], spans[number][0])
        ]
        ranges = zip([start, *breaks], [*breaks, end], strict=True)
        return [(low, high) for low, high in ranges if low < last and first < high]

    def _gone_elsewhere(self, clause: Clause, news: Sequence[int]) -> list[int]:
        """Clauses outside the matched ones that took a good part of the clause, sentence by sentence."""
        sentences = self._sentences(clause, clause.span)
        total = sum(last - first for first, last in sentences)
        found: dict[int, int] = {}
        for first, last in sentences if len(sentences) > 1 else ():
            home = self._home(clause, [(first, last)])
            if home is not None and home not in news:
                found[home] = found.get(home, 0) + last - first
        return list(found) if sum(found.values()) >= _GOOD_PART * total else []

    def _stays(self, index: int, place: Span) -> Landing:
        if index not in self.alignment.moved:
            return Landing("unchanged", place)
        old = self.before.section_at(self.before.clauses[index].span.start)
        new = self.after.section_at(place.start)
        where = f"from {old.title!r} to {new.title!r}" if old.title != new.title else "within its section"
        return Landing("moved", place, f"the clause moved {where}")

    def land_blocks(self, quoted: Span) -> Landing:
        """The clauses that a move takes: all matched, none split, still one after another."""
        first, last = self.before.clause_at(quoted.start), self.before.clause_at(quoted.end - 1)
        if first is None:
            return self.land_section(self.before.section_at(quoted.start))
        assert last is not None
        if first == last:
            match = self.alignment.matches.get(self.before.index_of(first))
            if match is None or match.likeness not in ("same", "edited"):
                # A part of a clause, or a clause with other words in it, is not what the author moves.
                return self._lost(self.before.index_of(first), _GONE, match.new if match else ())
            return self._land_clause(first, quoted, "after")
        numbers = range(self.before.index_of(first), self.before.index_of(last) + 1)
        matches = [self.alignment.matches.get(number) for number in numbers]
        news = [match.new[0] for match in matches if match is not None and match.likeness == "same"]
        if news != list(range(news[0], news[0] + len(numbers))) if news else True:
            return self._lost(numbers[0], "the clauses to move are not all as they were, one after another")
        place = Span(self.after.clauses[news[0]].span.start, self.after.clauses[news[-1]].span.end)
        return self._stays(numbers[0], place)

    def land_words(self, quoted: Span, passage: str) -> Landing:
        """Words to take out: they must stand as they were, or be merged word by word.

        Args:
            quoted: the words in the older release.
            passage: what replaces them, under the document's own name; empty for a deletion.
        """
        clause = self.before.clause_at(quoted.start)
        assert clause is not None
        index = self.before.index_of(clause)
        match = self.alignment.matches.get(index)
        if match is None:
            return self._land_words_alone(clause, quoted)
        for number in match.new:
            new = self.after.clauses[number]
            place = self._same_words(clause, quoted, new)
            if place is None or not self._keeps_ends(quoted, clause, place, new):
                continue
            old_words, new_words = self.before.slice(quoted), self.after.slice(place)
            reason = "the lab edited the clause and left these words"
            if match.likeness == "same" and fold_words(old_words) == fold_words(new_words):
                if _TAG.findall(old_words) == _TAG.findall(new_words):
                    return self._stays(index, place)
                reason = "the lab changed the footnote tags in these words; those there now are taken out"
            return Landing("adapted", place, reason, _words_of(self.before, clause), _words_of(self.after, new))
        return self._merge(clause, quoted, self.after.clauses[match.new[0]], passage)

    def _land_words_alone(self, clause: Clause, quoted: Span) -> Landing:
        """Words to take out of a clause that has no match: they may stand in another one as they were."""
        home = self._home(clause, self._sentences(clause, quoted))
        new = None if home is None else self.after.clauses[home]
        place = None if new is None else self._same_words(clause, quoted, new)
        if new is None or place is None or not self._keeps_ends(quoted, clause, place, new):
            return self._lost(self.before.index_of(clause), _GONE, () if home is None else (home,))
        reason = "the lab put these words into another clause"
        return Landing("adapted", place, reason, _words_of(self.before, clause), _words_of(self.after, new))

    def _keeps_ends(self, quoted: Span, clause: Clause, place: Span, new: Clause) -> bool:
        """Whether words that began or ended a sentence still do: if not, the lab rewrote the sentence."""
        was, now = _ends(self.before, clause, quoted), _ends(self.after, new, place)
        return all(later or not earlier for earlier, later in zip(was, now, strict=True))

    def _merge(self, clause: Clause, quoted: Span, new: Clause, passage: str) -> Landing:
        place = self._rewritten(clause, quoted, new)
        candidates = (new.span,)
        reason = "the lab rewrote these words"
        old_words = self.before.slice(quoted)
        if place is None:
            shown = _words_of(self.after, new)
            return Landing("lost", None, reason, old_words, shown, candidates)
        new_words = self.after.slice(place)
        if passage and fold_words(passage) == fold_words(new_words):
            reason = "the lab wrote the same words as the draft (see `avenant adopted`)"
            return Landing("lost", None, reason, old_words, new_words, candidates)
        is_light = all(similar_words(old_words, other) >= _LIGHT_EDIT for other in (passage, new_words))
        merged = merge_words(old_words, passage, new_words) if is_light else None
        if merged is None:
            return Landing("lost", None, reason, old_words, new_words, (place,))
        reason = "the lab edited these words; both changes are in the merged passage"
        return Landing("adapted", place, reason, old_words, new_words, passage=merged)

    def _runs(self, clause: Clause, new: Clause) -> list[Block]:
        """Runs of words that two clauses have in common, by the words' numbers in their documents."""
        start, _ = self.before.words.range_in(clause.span.start, clause.span.end)
        offset, _ = self.after.words.range_in(new.span.start, new.span.end)
        found = match_words(self.before.words_of(clause), self.after.words_of(new))
        return [Block(start + run.old, offset + run.new, run.size) for run in found]

    def _same_words(self, clause: Clause, quoted: Span, new: Clause) -> Span | None:
        """Where the quoted words stand in the new clause, in a run of words that the lab left as it was."""
        first, last = self.before.words.range_in(quoted.start, quoted.end)
        whole = len(self.before.words_of(clause))
        for run in self._runs(clause, new):
            is_held = run.old <= first < last <= run.old + run.size
            if is_held and (run.size >= _LEAST_RUN or run.size == whole):
                at = run.new + first - run.old
                return self._span(quoted, first, last, at, at + last - first)
        return None

    def _rewritten(self, clause: Clause, quoted: Span, new: Clause) -> Span | None:
        """What stands in the new clause between the words that stood before and after the quoted ones."""
        first, last = self.before.words.range_in(quoted.start, quoted.end)
        low, high = start, end = self.after.words.range_in(new.span.start, new.span.end)
        for run in self._runs(clause, new):
            if run.size < _LEAST_RUN - 1:
                continue
            if run.old <= first:
                low = run.new + min(first - run.old, run.size)
            if run.old + run.size >= last and high == end:
                high = run.new + max(0, last - run.old)
        return self._span(quoted, first, last, low, high) if first < last and start <= low < high else None

    def _span(self, quoted: Span, first: int, last: int, new_first: int, new_last: int) -> Span:
        """Source span of words of the new release, with the marks about them that the old quote had."""
        old, new = self.before.words.spans, self.after.words.spans
        start, end = new[new_first][0], new[new_last - 1][1]
        lead = self.before.folded_slice(Span(quoted.start, old[first][0]))
        tail = self.before.folded_slice(Span(old[last - 1][1], quoted.end))
        folded = self.after.folded
        before, after = (bisect.bisect_left(folded.starts, offset) for offset in (start, end))
        if lead and folded.text.endswith(lead, 0, before):
            start = folded.starts[before - len(lead)]
        if tail and folded.text.startswith(tail, after):
            end = folded.ends[after + len(tail) - 1]
        return Span(start, end)

    def _quote(self, clause: Clause, quoted: Span, new: Clause) -> Span:
        """Words of the new clause to quote: the old ones as far as they stand there, else its first."""
        if (place := self._same_words(clause, quoted, new)) is not None:
            return place
        first, last = self.before.words.range_in(quoted.start, quoted.end)
        kept = [
            (min(last, run.old + run.size) - max(first, run.old), run.new + max(first, run.old) - run.old)
            for run in self._runs(clause, new)
        ]
        size, at = max(kept, default=(0, 0))
        if size < _LEAST_RUN:
            at, end = self.after.words.range_in(new.span.start, new.span.end)
            size = end - at
        spans = self.after.words.spans[at : at + min(size, _QUOTE_WORDS)]
        return Span(spans[0][0], spans[-1][1]) if spans else new.span

    def _lost(self, index: int, reason: str, likely: Sequence[int] = ()) -> Landing:
        clause = self.before.clauses[index]
        numbers = (*likely, *(one.new for one in self.alignment.candidates.get(index, ())))
        alike = [self.after.clauses[number].span for number in numbers]
        candidates = tuple(dict.fromkeys((*alike, *self._neighbours(index))))
        return Landing("lost", None, reason, _words_of(self.before, clause), candidates=candidates)

    def _neighbours(self, index: int) -> tuple[Span, ...]:
        """Where the nearest clauses before and after it went, which are still there."""
        found = []
        for numbers in (range(index - 1, -1, -1), range(index + 1, len(self.before.clauses))):
            near: Iterable[int] = (number for number in numbers if number in self.alignment.matches)
            match = next((self.alignment.matches[number] for number in near), None)
            if match is not None:
                found.append(self.after.clauses[match.new[-1]].span)
        return tuple(found)


def _words_of(document: Document, clause: Clause) -> str:
    return document.slice(clause.span).strip()


def _ends(document: Document, clause: Clause, span: Span) -> tuple[bool, bool]:
    """Whether words begin a sentence of their clause, and whether they end one."""
    before = document.text[clause.span.start : span.start]
    after = document.text[span.end : clause.span.end]
    words = document.text[span.start : span.end]
    begins = not re.search(r"\w", re.sub(r"^\s*\d{1,9}[.)]", "", before)) or _CLOSED.search(before) is not None
    ends = not re.search(r"\w", _TAG.sub("", after)) or _CLOSED.search(_TAG.sub("", words)) is not None
    return begins, ends or re.match(r"[.!?]", _TAG.sub("", after)) is not None
