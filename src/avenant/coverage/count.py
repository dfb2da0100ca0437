"""Counting words in documents: how often, where, and who speaks there.

What a reader sees is counted: neither tags, fences and footnote marks nor the targets of links. Inflected forms are
taken for one by the Snowball stemmer (Porter, 2001), which goes by endings: it holds "universe" and "university" for
one word, and "democracy" and "democratic" for two. The forms that were counted are given with every count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from avenant.coverage.voice import Speaker, read_voices
from avenant.errors import AvenantError
from avenant.reading.likeness import stem_words
from avenant.specs.document import Clause, Document, Section, Span
from avenant.specs.library import Spec
from avenant.text import plain_words, replace_name

Kind = Speaker | Literal["heading"]
"""In what a word stands: in a clause, by who speaks in it, or in a heading."""
KINDS: tuple[Kind, ...] = (*get_args(Speaker), "heading")

_MARKUP = re.compile(
    r"""</?[a-zA-Z_][^<>\n]*>           # a tag of an example dialogue or of HTML
    | <!--\s*(?:GOOD|BAD)\b(?:\[\#[^\]\s]*\])* | -->  # the grade of a turn; the note behind it is read
    | \A!!!\ \w+(?:\ "[^"\n]*")?        # the head of a note for human readers
    | ^[\ \t>]*[~`]{3,}\w*              # a fence
    """,
    re.MULTILINE | re.VERBOSE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"[.!?;:]\s|\n\s*\n")
"""What a phrase does not run across."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase that is counted."""

    text: str
    """As it was given."""
    is_exact: bool = False
    """Whether the very form alone counts, whatever its case and typography; a possessive counts as its noun."""

    def stems_for(self, subject: str, placeholder: str) -> tuple[str, ...]:
        """What is compared, the document's own name for its model put for the placeholder."""
        return _forms(plain_words(replace_name(self.text, placeholder, subject)), is_exact=self.is_exact)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a term stands."""

    kind: Kind
    section: Section
    clause: Clause | None
    """None in a heading."""
    line: int
    """Of its first word in the document, from 1."""
    span: Span
    """Of its words in the document's text."""
    form: str
    """The words as they stand there, in small letters."""


@dataclass(frozen=True, slots=True)
class Count:
    """One term in one document."""

    spec: Spec
    term: Term
    words: int
    """How many words the document, or the part of it that was looked at, has in all."""
    occurrences: tuple[Occurrence, ...]
    """In the order of the document."""

    @property
    def total(self) -> int:
        """How often it stands there."""
        return len(self.occurrences)

    @property
    def per_10_000(self) -> float | None:
        """How often in 10,000 words; None where there are no words."""
        return self.total * 10_000 / self.words if self.words else None

    @property
    def kinds(self) -> dict[Kind, int]:
        """How often in each kind of text, those with 0 too."""
        counts = Counter(one.kind for one in self.occurrences)
        return {kind: counts[kind] for kind in KINDS}

    @property
    def forms(self) -> dict[str, int]:
        """The forms that were counted, the most frequent first."""
        return dict(Counter(one.form for one in self.occurrences).most_common())

    @property
    def sections(self) -> tuple[tuple[Section, tuple[Occurrence, ...]], ...]:
        """The sections in which it stands, in the order of the document."""
        found: dict[str, list[Occurrence]] = {}
        for one in self.occurrences:
            found.setdefault(one.section.id, []).append(one)
        return tuple((places[0].section, tuple(places)) for places in found.values())


def make_terms(texts: Sequence[str], *, is_exact: bool = False) -> tuple[Term, ...]:
    """The terms that are meant, each once.

    Raises:
        AvenantError: one of them has no word in it.
    """
    for text in texts:
        if not plain_words(text):
            raise AvenantError(
                f"there is no word to count in {text!r}", mend='give words, and phrases in quotes: "rule of law"'
            )
    return tuple(dict.fromkeys(Term(" ".join(text.split()), is_exact) for text in texts))


def count_terms(
    specs: Sequence[Spec],
    terms: Sequence[Term],
    *,
    placeholder: str = "",
    scopes: Mapping[str, Sequence[Span]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Count, ...]:
    """How often terms stand in documents: for each term a count for each document.

    Args:
        specs: the documents.
        terms: what to count.
        placeholder: the name that may stand in a term for the documents' models.
        scopes: by document id, where in it to look; a document that is not in it is left out. None: everywhere.
        progress: called with the number of documents that were read, and of all.
    """
    found: dict[tuple[Term, str], Count] = {}
    looked_at = [spec for spec in specs if scopes is None or spec.id in scopes]
    for number, spec in enumerate(looked_at, 1):
        runs = [run for run in _read_runs(spec.document, spec.agents) if scopes is None or run.is_in(scopes[spec.id])]
        words = sum(len(run.words) for run in runs)
        for term in terms:
            wanted = term.stems_for(spec.manifest.subject, placeholder)
            places = tuple(place for run in runs for place in run.find(spec.document, wanted, term.is_exact))
            found[term, spec.id] = Count(spec, term, words, places)
        if progress is not None:
            progress(number, len(looked_at))
    return tuple(found[term, spec.id] for term in terms for spec in looked_at)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that stand together and have one kind: a clause's, a turn's of an example dialogue, or a heading's."""

    kind: Kind
    section: Section
    clause: Clause | None
    words: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def is_in(self, scopes: Sequence[Span]) -> bool:
        return bool(self.spans) and any(scope.start <= self.spans[0][0] < scope.end for scope in scopes)

    def find(self, document: Document, wanted: tuple[str, ...], is_exact: bool) -> Iterator[Occurrence]:
        stems = _forms(self.words, is_exact=True) if is_exact else self.stems
        size = len(wanted)
        for first in range(len(stems) - size + 1):
            if stems[first : first + size] == wanted:
                span = Span(self.spans[first][0], self.spans[first + size - 1][1])
                if size == 1 or not _BREAK.search(document.slice(span)):
                    form = " ".join(self.words[first : first + size])
                    yield Occurrence(self.kind, self.section, self.clause, document.line(span.start), span, form)


def _forms(words: Sequence[str], *, is_exact: bool) -> tuple[str, ...]:
    return tuple(word.removesuffix("'s") for word in words) if is_exact else tuple(stem_words(words))


@lru_cache(maxsize=16)
def _read_runs(document: Document, agents: tuple[str, ...]) -> tuple[_Run, ...]:
    voices = {voice.clause.span.start: voice.speaker for voice in read_voices(document, agents)}
    runs = [*_headings(document)]
    for clause in document.clauses:
        runs += _split_clause(document, clause, voices[clause.span.start])
    return tuple(sorted((run for run in runs if run.words), key=lambda run: run.spans[0]))


def _headings(document: Document) -> Iterator[_Run]:
    for section in document.sections:
        if section.title:
            # The attributes behind a title are no words of it.
            size = len(plain_words(section.title))
            first, last = document.words.range_in(section.span.start, section.body_start)
            yield _run(document, "heading", section, None, range(first, min(last, first + size)))


def _split_clause(document: Document, clause: Clause, speaker: Speaker) -> Iterator[_Run]:
    first, last = document.words.range_in(clause.span.start, clause.span.end)
    hidden = _hidden_spans(document, clause)
    seen = [number for number in range(first, last) if not _is_hidden(document.words.spans[number][0], hidden)]
    section = document.section(clause.section_id)
    parts: dict[Kind, dict[int, list[int]]] = {}
    for number in seen:
        turn = document.turn_at(document.words.spans[number][0]) if clause.turns else None
        kind: Kind = speaker if turn is None else "bad-example" if turn.grade == "bad" else "example"
        parts.setdefault(kind, {}).setdefault(turn.span.start if turn else -1, []).append(number)
    for kind, turns in parts.items():
        for numbers in turns.values():
            yield _run(document, kind, section, clause, numbers)


def _hidden_spans(document: Document, clause: Clause) -> list[tuple[int, int]]:
    text = document.slice(clause.span)
    is_code = clause.kind in ("code", "example")
    patterns = (_MARKUP,) if is_code else (_COMMENT, _MARKUP)
    start = clause.span.start
    return [(start + match.start(), start + match.end()) for one in patterns for match in one.finditer(text)]


def _is_hidden(offset: int, hidden: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in hidden)


def _run(
    document: Document, kind: Kind, section: Section, clause: Clause | None, numbers: Sequence[int] | range
) -> _Run:
    words = tuple(document.words.words[number] for number in numbers)
    spans = tuple(document.words.spans[number] for number in numbers)
    return _Run(kind, section, clause, words, _forms(words, is_exact=False), spans)
