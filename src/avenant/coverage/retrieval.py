"""Ranking the clauses of a document by how much they are about a query: by their words and by their meaning.

Each clause is read with what a reader has in mind when coming to it: the heading above and the stem of its list. Words
are compared by BM25 (Robertson and Zaragoza, 2009) over concepts, meanings by two small models (`vectors`); each score
is standardised over the document, and they are added. Who speaks counts as well (`voice`), and a question in a few
words is helped by the same in other words (`thesaurus`). What is alike is not thereby covered: see `matrix`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from avenant.coverage.thesaurus import Entry, read_thesaurus
from avenant.coverage.vectors import embed_contextual, embed_static
from avenant.coverage.voice import Speaker, Voice, read_voices
from avenant.coverage.words import WordIndex
from avenant.reading.sentences import Sentence, find_sentences
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.text import mask_names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

_WORDS, _STATIC, _CONTEXTUAL = 1.0, 1.0, 1.5
"""What each way of comparing weighs; chosen on our own labels, see LOG.md."""
_MORE = 2.0
"""What a query's other wordings weigh together beside its text."""
_THESAURUS = 1.0
"""What the thesaurus weighs beside the query."""
_SCALE = 1 / 14
"""Scores of the nearest clauses come to about 1."""
_AI, _LAB = "the AI", "the company"
"""What stands for the model's and the lab's names while meanings are compared: a name says nothing of the subject."""
_SPEAKERS: dict[Speaker, float] = {
    "instruction": 0.5,
    "background": 0.0,
    "promise": -0.5,
    "commentary": -2.0,
    "example": -4.0,
    "bad-example": -4.0,
}
"""What is added for who speaks: an instruction is nearer to what people look for than a user's words in a dialogue."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for."""

    text: str
    """A few words or some sentences."""
    more: tuple[str, ...] = ()
    """The same in other words; where there are none, the thesaurus helps."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause as it is ranked."""

    clause: Clause
    voice: Voice
    text: str
    """Its own words as a reader sees them, without marks; of an example dialogue, without the bad answers."""
    context: str
    """The title of the heading above it, and the stem of its list."""
    lead: str = ""
    """The stem of its list alone, as people are shown it; empty outside of lists."""
    neutral: str = ""
    """The text in its context, without the names of the model and of the lab."""

    @property
    def whole(self) -> str:
        """The text in its context."""
        return f"{self.context} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found."""

    unit: Unit
    score: float
    """How near it is to the query beside the document's other clauses: 0 as an average one, about 1 the nearest."""
    words: float
    """The part of the score from words."""
    meaning: float
    """The part of the score from meaning."""
    nearness: float = 0.0
    """How near it is taken alone by the static model, as a cosine, from -1 to 1: fit for telling how much
    a document has on a long query, such as a threat model with its phrases."""
    likeness: float = 0.0
    """How like it is to the query's text taken alone by the contextual model, as a cosine, from -1 to 1: fit for
    telling that nothing comes near to a few words."""

    @property
    def clause(self) -> Clause:
        """The clause."""
        return self.unit.clause


class Ranker:
    """A document made ready for being searched; made once by `index_clauses`."""

    def __init__(self, document: Document, units: tuple[Unit, ...]) -> None:
        import numpy as np

        self.document = document
        self.units = units
        wholes = [unit.whole for unit in units]
        self._words = WordIndex(wholes)
        self._static = embed_static(wholes)
        self._contextual = embed_contextual([unit.neutral for unit in units])
        self._bare = embed_static([unit.text for unit in units])
        self._speakers = np.array([_SPEAKERS[unit.voice.speaker] for unit in units])
        order = {section.id: number for number, section in enumerate(document.sections)}
        self._sections = np.array([order[unit.clause.section_id] for unit in units], dtype=int)
        self._members = [np.flatnonzero(self._sections == number) for number in np.unique(self._sections)]
        self._entries: dict[str, tuple[Scores, Scores]] = {}

    def rank(self, query: Query, *, limit: int | None = None) -> tuple[Hit, ...]:
        """All clauses, or so many of them, nearest first."""
        import numpy as np

        words, meaning = self._parts(query)
        scores = self._add(words, meaning)
        nearness, likeness = self.nearness(query), self._contextual @ embed_contextual([query.text])[0]
        return tuple(
            Hit(self.units[i], *(float(one[i]) for one in (scores, words, meaning, nearness, likeness)))
            for i in map(int, np.argsort(-scores, kind="stable")[:limit])
        )

    def score(self, query: Query) -> Scores:
        """How near each clause is beside the others, in the document's order; see `Hit.score`."""
        return self._add(*self._parts(query))

    def score_sections(self, query: Query) -> Scores:
        """How near each section is beside the others, in the document's order; of one without a clause, -inf.

        Half of it is the mean of its three nearest clauses, whoever speaks, half the nearness of its middle.
        """
        import numpy as np

        words, meaning = self._parts(query)
        clauses = words + meaning
        texts = (query.text, *query.more)
        vector = embed_contextual(texts).mean(axis=0)
        means, middles = [], []
        for members in self._members:
            means.append(np.sort(clauses[members])[-3:].mean())
            middle = self._contextual[members].mean(axis=0)
            # A long way from the middle, a large section is no likelier than a small one.
            middles.append(vector @ middle - middle @ middle / 2)
        scores = np.full(len(self.document.sections), -np.inf)
        scores[np.unique(self._sections)] = _standardise(np.array(means)) + _standardise(np.array(middles))
        return scores

    def nearness(self, query: Query) -> Scores:
        """How near each clause is taken alone, in the document's order; see `Hit.nearness`."""
        import numpy as np

        middle = embed_static([query.text, *query.more]).mean(axis=0)
        near: Scores = self._bare @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
        return near

    def _add(self, words: Scores, meaning: Scores) -> Scores:
        return words + meaning + self._speakers * _SCALE

    def _parts(self, query: Query) -> tuple[Scores, Scores]:
        words, meaning = self._compare(query)
        if not query.more:
            for share, entry in read_thesaurus().find(query.text):
                other_words, other_meaning = self._compare_entry(entry)
                words = words + _THESAURUS * share * other_words
                meaning = meaning + _THESAURUS * share * other_meaning
        return words * _SCALE, meaning * _SCALE

    def _compare_entry(self, entry: Entry) -> tuple[Scores, Scores]:
        if entry.text not in self._entries:
            self._entries[entry.text] = self._compare(Query(entry.text, entry.phrases))
        return self._entries[entry.text]

    def _compare(self, query: Query) -> tuple[Scores, Scores]:
        import numpy as np

        words, meaning = self._compare_words([query.text])[0], self._compare_meaning([query.text])[0]
        if query.more:
            words = (words + _MORE * np.mean(self._compare_words(query.more), axis=0)) / (1 + _MORE)
            meaning = (meaning + _MORE * np.mean(self._compare_meaning(query.more), axis=0)) / (1 + _MORE)
        return words, meaning

    def _compare_words(self, texts: Sequence[str]) -> list[Scores]:
        return [_WORDS * _standardise(self._words.score(text)) for text in texts]

    def _compare_meaning(self, texts: Sequence[str]) -> list[Scores]:
        static, contextual = embed_static(texts) @ self._static.T, embed_contextual(texts) @ self._contextual.T
        return [
            _STATIC * _standardise(one) + _CONTEXTUAL * _standardise(other)
            for one, other in zip(static, contextual, strict=True)
        ]


def _standardise(scores: Scores) -> Scores:
    return (scores - scores.mean()) / (scores.std() + 1e-9) if len(scores) else scores


@lru_cache(maxsize=16)
def index_clauses(document: Document, agents: tuple[str, ...]) -> Ranker:
    """Make a document ready for being searched; half a minute for one of 40,000 words, once on a machine.

    Args:
        document: what to search.
        agents: what it calls its model; see `Spec.agents`.

    Raises:
        ModelError: the files of a model of `vectors` are missing.
    """
    return Ranker(document, read_units(document, agents))


def read_meanings(specs: Sequence[Spec], *, has_thesaurus: bool = True, progress: Callable[[int, int], None]) -> None:
    """Read ahead what a search of documents needs, with a report on the way; what was read once is kept.

    Args:
        specs: the documents.
        has_thesaurus: whether the thesaurus is needed too, as for a query without other words.
        progress: called with the number of texts that are read, and of those that have to be.
    """
    texts = [unit.neutral for spec in specs for unit in read_units(spec.document, spec.agents)]
    embed_contextual([*texts, *(read_thesaurus().texts() if has_thesaurus else ())], progress=progress)


@lru_cache(maxsize=16)
def read_units(document: Document, agents: tuple[str, ...]) -> tuple[Unit, ...]:
    """The clauses of a document as they are ranked, in their order."""
    leads = {sentence.clause.span.start: sentence for sentence in find_sentences(document) if sentence.lead}
    return tuple(
        _read_unit(document, voice, leads.get(voice.clause.span.start), agents)
        for voice in read_voices(document, agents)
    )


def _read_unit(document: Document, voice: Voice, item: Sentence | None, agents: tuple[str, ...]) -> Unit:
    """A clause as it is ranked; of an item of a list, with one of its sentences."""
    clause = voice.clause
    text = " ".join(" ".join(document.folded_slice(span).split()) for span in heard_spans(clause))
    lead = item.lead if item else ""
    title = document.section(clause.section_id).title
    context = " ".join(part if part[-1] in ".:?!" else f"{part}." for part in (title, lead) if part)
    neutral = mask_names(mask_names(f"{context} {text}".strip(), agents, _AI), (document.id.split("/")[0],), _LAB)
    return Unit(clause, voice, text.strip(), context, shown_lead(document, item) if item else "", neutral)


def shown_lead(document: Document, sentence: Sentence) -> str:
    """The stem of the list that a sentence stands in, as people are shown it; empty outside of lists."""
    span = sentence.lead_span
    return sentence.lead if span is None else " ".join(document.shown_slice(span).split())


def heard_spans(clause: Clause) -> Iterator[Span]:
    """What of a clause counts: all of it but the answers that the document calls bad."""
    start = clause.span.start
    for turn in clause.turns:
        if turn.grade == "bad":
            yield Span(start, turn.span.start)
            start = turn.span.end
    yield Span(start, clause.span.end)
