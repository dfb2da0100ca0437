"""Whether a document has formed a judgement on a claim: settled, leaning, or open.

That a topic occurs is no judgement: only sentences that state a view or a rule decide (`reading.judgement`), and only
where they are near enough to the claim in clause, meaning and words. All of it is found by words: irony, and what is
judged in quite other words, is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Literal

from avenant.coverage.language import is_foreign
from avenant.coverage.retrieval import Query, index_clauses, shown_lead
from avenant.coverage.vectors import embed_static
from avenant.errors import FormatError
from avenant.reading.concepts import find_concepts, stems_of
from avenant.reading.index import CLASH, index_document, opposed_share
from avenant.reading.judgement import Judgement, find_judgements, find_rules
from avenant.reading.likeness import weigh_stems
from avenant.reading.reading import Reading, merge_readings, read_sentences
from avenant.reading.sentences import Sentence, find_sentences, parse_passage
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec
from avenant.text import fold_words, replace_name

Verdict = Literal["settled", "leaning", "open"]
Direction = Literal["agrees", "against", "cannot tell"]

MEANING, WORDS = 0.4, 0.6
"""What the two parts of nearness count: the likeness in meaning of a sentence (a cosine), and the share of what the
claim says that stands in it; a claim of few words is taken to say one thing more, which stands nowhere."""
DECIDES = 0.31
"""Nearness from which a sentence is about the claim's own matter, and so may decide it; chosen on all claims of
`benchmarks/data/stance.yaml`, which tells by cross-validation how well that does."""
_CLAUSE = 0.15
"""What the search's score of its clause (about 1 for the nearest clause of any document) counts when the sentences that
are near enough are ranked. The weights were chosen on the claims that are marked for it; others do about as well."""
_ALIKE = 0.08
"""Judgements less near than the first by no more than this are shown beside it."""
_MOST = 3
_A_MODEL = ("the assistant", "the model", "an assistant", "a model", "an AI", "the AI")
"""What people call a model in a claim, besides the document's own names."""
_MODELS = ("models", "AI", "AI systems")
"""Words for models that say nothing of what a claim is about."""
_LEFT_OPEN = re.compile(
    r"""\b(?:remains?|is|are|still)\ (?:\w+ly\ )?(?:an?\ )?(?:open|unresolved|unsettled|undecided|uncertain)\b
    | \b(?:open|unresolved|unsettled)\ (?:\w+\ )?(?:questions?|problems?|issues?|domain)\b
    | \bwe\ (?:do\ not|don't)\ (?:\w+ly\ |yet\ )?(?:know|have\ (?:all\ )?(?:the\ )?answers?)\b
    | \bwe\ (?:are|remain)\ (?:\w+ly\ )?(?:uncertain|unsure|undecided)\b
    | \b(?:matter|topic|subject)\ of\ (?:\w+\ and\ )?debate\b
    | \b(?:may|might|can)\ (?:well\ )?never\ be\ (?:\w+ly\ )?(?:resolved|answered|known|settled|decided)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a document says that it has no answer."""
_OF_CONDUCT = re.compile(
    r"""\b(?:should\w*|must\w*|may|can|can't|cannot|could|shall|ought|never|always|has\ to|have\ to|needs?|allow\w*
    |permi\w*|forb\w*|prohibit\w*|right|wrong|okay|ok|fine|good|better|best|worse|acceptabl\w*|legitimate|justif\w*
    |priorit\w*|safe\w*|deserv\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words of claims that say what to do or what is good; without one a claim says what is so, and no rule decides it."""
_CONDITION = re.compile(r"\b(?:if|when|where|in\ cases?)\b[^,;.]*$", re.IGNORECASE | re.VERBOSE)
_DENIED = re.compile(r"\b(?:not|never|nothing|nobody|no\ one|none|cannot|neither|nor|without)\b|n't\b", re.I | re.X)
_FIRST_WORDS = 24
"""Characters behind a rule's verb in which it may turn round: "should generally avoid"."""
_PART_END = re.compile(r"[,;:(]")
_AVOIDED = re.compile(r"\b(?:avoid|refrain|refus|declin)\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A judgement of the document beside a claim."""

    judgement: Judgement
    nearness: float
    """From 0 to 1: how much it is about the claim's own matter."""
    direction: Direction
    """Whether it seems to agree with the claim or to go against it; told by words, and the least sure of all."""
    lead: str
    """For a list item, the sentence above the list, without which it says nothing; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence in which a topic occurs."""

    clause: Clause
    span: Span


@dataclass(frozen=True, slots=True)
class Stance:
    """What a document has judged on a claim."""

    claim: str
    spec: Spec
    verdict: Verdict
    """settled or leaning: as the first of `deciding` is stated; open: no judgement was found that decides."""
    deciding: tuple[Weighed, ...]
    """The judgement that decides, then others about as near; none where it is open."""
    nearest: Weighed | None
    """Where it is open, the nearest judgement all the same; None where the document states none."""
    reason: str
    """Where it is open, why the nearest judgement does not decide; otherwise empty."""
    mention: Mention | None
    """Where it is open, a sentence in which the topic occurs and is not judged; None where none was found."""


def find_stance(claim: str, spec: Spec, *, names: Sequence[str] = (), decides_from: float = DECIDES) -> Stance:
    """Whether a document has formed a judgement on a claim.

    Args:
        claim: a sentence that says what is so or what a model should do, in anyone's words.
        spec: the document.
        names: what the claim may call the model besides the document's own names, such as the placeholder.
        decides_from: nearness from which a judgement decides.

    Raises:
        FormatError: the claim is not in English, or says nothing that could be looked for.
    """
    ours = _read_claim(claim, spec, names)
    book = _read_book(spec.document, spec.agents)
    nearness = book.measure(ours)
    rank = book.rank(ours, nearness)
    order = sorted(range(len(rank)), key=lambda n: (-rank[n], n))
    judged = [n for n in order if book.can_decide(n, ours)]
    near = [n for n in order if nearness[n] >= decides_from]
    left_open = next((n for n in near if _leaves_open(book.sentences[n])), None)
    is_decided = bool(judged) and nearness[judged[0]] >= decides_from
    if is_decided and (left_open is None or rank[left_open] < rank[judged[0]]):
        first = [n for n in judged[:_MOST] if n in near and rank[n] >= rank[judged[0]] - _ALIKE]
        # What is asked or ruled out decides before what is merely allowed.
        deciding = tuple(book.weigh(n, nearness[n], ours) for n in sorted(first, key=book.is_allowance))
        return Stance(claim, spec, deciding[0].judgement.strength, deciding, None, "", None)
    nearest = max((n for n, one in enumerate(book.judgements) if one is not None), key=rank.__getitem__, default=None)
    topic = left_open if left_open is not None else next(iter(near), None)
    return Stance(
        claim,
        spec,
        "open",
        (),
        None if nearest is None else book.weigh(nearest, nearness[nearest], ours),
        _reason(ours, book, nearest=nearest, topic=topic, is_left_open=left_open is not None),
        None if topic is None else Mention(book.sentences[topic].clause, book.sentences[topic].span),
    )


def check_claim(claim: str, names: Sequence[str] = ()) -> None:
    """Make sure that a claim can be read and says something to look for; long work may come after this.

    Args:
        claim: as for `find_stance`.
        names: what the model is called, which says nothing by itself.

    Raises:
        FormatError: it is in another language than English, or says nothing.
    """
    if is_foreign(claim):
        raise FormatError(
            f"the claim seems not to be in English, and no other language can be read: {claim.strip()!r}",
            mend="say it in English",
        )
    if next(find_concepts(fold_words(claim), stems_of((*names, *_A_MODEL, *_MODELS))), None) is None:
        raise _nothing_said(claim)


def _nothing_said(claim: str) -> FormatError:
    return FormatError(
        f"the claim says nothing that could be looked for: {claim.strip()!r}",
        mend='write a sentence, for example: avenant stance "the assistant may lie to spare feelings"',
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    text: str
    """Folded, other names replaced by what the document calls its model."""
    reading: Reading
    """All its sentences as one."""
    concepts: tuple[str, ...]
    """What it is about, without the model itself."""
    words: tuple[str, ...]
    """The word of each concept."""

    @property
    def is_of_conduct(self) -> bool:
        """Whether it says what to do or what is good, and not only what is so."""
        return bool(self.reading.acts) or bool(_OF_CONDUCT.search(self.text))


def _read_claim(claim: str, spec: Spec, names: Sequence[str]) -> _Claim:
    check_claim(claim, (*names, *spec.agents))
    agents = tuple(dict.fromkeys((*spec.agents, *_A_MODEL, *_MODELS)))
    text = claim
    for name in (*names, *_A_MODEL):
        text = replace_name(text, name, spec.manifest.subject)
    # A heading or a dialogue would have no sentence.
    plain = " ".join(re.sub(r"[#>`<]", " ", text).split())
    readings = read_sentences(parse_passage(plain), agents)
    if not readings:
        raise _nothing_said(claim)
    text = fold_words(plain)
    found = list(find_concepts(text, stems_of(agents)))
    words = tuple(text[one.start : one.end] for one in found)
    return _Claim(text, reduce(merge_readings, readings), tuple(one.name for one in found), words)


class _Book:
    """A document's sentences with what they judge, made ready for being put beside claims."""

    def __init__(self, document: Document, agents: tuple[str, ...]) -> None:
        self.document, self.agents = document, agents
        self.index = index_document(document, agents)
        self.sentences = find_sentences(document, with_commentary=True)
        # A rule that states a view as well is shown as a view.
        found = {one.span: one for one in (*find_rules(document, agents), *find_judgements(document))}
        self.judgements = tuple(found.get(one.span) for one in self.sentences)
        skipped = stems_of(agents)
        self.concepts = [frozenset(one.name for one in find_concepts(s.whole, skipped)) for s in self.sentences]
        self.known = frozenset(name for concepts in self.concepts for name in concepts)
        self._readings = {one.sentence.span: one for one in self.index.readings}
        self._vectors = embed_static([sentence.whole for sentence in self.sentences])

    def can_decide(self, number: int, claim: _Claim) -> bool:
        """Whether a sentence judges at all, and judges what a claim is about: a rule says nothing of what is so."""
        judgement = self.judgements[number]
        return judgement is not None and (judgement.kind == "view" or claim.is_of_conduct)

    def is_allowance(self, number: int) -> bool:
        """Whether a sentence's judgement is what the model may do."""
        judgement = self.judgements[number]
        return judgement is not None and (judgement.kind, judgement.marker) == ("rule", "may")

    def measure(self, claim: _Claim) -> list[float]:
        """How near each sentence is to a claim, from 0 to 1."""
        meaning = self._vectors @ embed_static([claim.text])[0]
        weights = weigh_stems(claim.concepts, self.index.rarity)
        total = sum(weights.values()) + self.index.rarity[""]
        said = [sum(weight for name, weight in weights.items() if name in one) / total for one in self.concepts]
        return [MEANING * max(0.0, float(m)) + WORDS * w for m, w in zip(meaning, said, strict=True)]

    def rank(self, claim: _Claim, nearness: Sequence[float]) -> list[float]:
        """What sentences are ranked by: their nearness, and how near their clauses are beside others."""
        ranker = index_clauses(self.document, self.agents)
        clauses = {hit.clause.span.start: hit.score for hit in ranker.rank(Query(claim.text))}
        found = (clauses.get(sentence.clause.span.start, 0.0) for sentence in self.sentences)
        return [near + _CLAUSE * score for near, score in zip(nearness, found, strict=True)]

    def weigh(self, number: int, nearness: float, claim: _Claim) -> Weighed:
        """One of the judgements beside a claim."""
        judgement = self.judgements[number]
        assert judgement is not None
        sentence = self.sentences[number]
        lead = shown_lead(self.document, sentence)
        return Weighed(judgement, nearness, self._direction(claim, sentence, judgement), lead)

    def _direction(self, claim: _Claim, sentence: Sentence, judgement: Judgement) -> Direction:
        theirs = self._readings.get(sentence.span)
        is_denied, denies = _is_denied(claim.text), _denies(sentence, judgement)
        by_denial: Direction = "agrees" if is_denied == denies else "against"
        if theirs is not None:
            clashes = self.index.find_clashes(claim.reading)
            if any(clash.reading is theirs and clash.strength >= CLASH for clash in clashes):
                return "against"
        if theirs is None or not any(name in theirs.signs for name in claim.reading.signs):
            # That neither denies anything does not make them agree.
            return by_denial if is_denied or denies else "cannot tell"
        is_opposed = opposed_share(claim.reading, theirs) >= 0.5
        return by_denial if is_opposed == (by_denial == "against") else "cannot tell"


@lru_cache(maxsize=8)
def _read_book(document: Document, agents: tuple[str, ...]) -> _Book:
    return _Book(document, agents)


def _leaves_open(sentence: Sentence) -> bool:
    """Whether a sentence says that its authors have no answer; "if it is unresolved" does not."""
    match = _LEFT_OPEN.search(sentence.bare)
    return match is not None and not _CONDITION.search(sentence.bare, 0, match.start())


def _is_denied(text: str) -> bool:
    """Whether a text denies or rules out something: two denials undo each other."""
    return len(_DENIED.findall(text)) % 2 == 1


def _denies(sentence: Sentence, judgement: Judgement) -> bool:
    """Whether a judgement rules something out or denies it."""
    before, marker, behind = sentence.whole.partition(judgement.marker)
    if judgement.kind == "rule":
        return _is_denied(judgement.marker) != bool(_AVOIDED.search(behind[:_FIRST_WORDS]))
    part = f"{marker}{behind}" if marker else before
    return _is_denied(_PART_END.split(part.replace(":", " ", 1))[0])


def _reason(claim: _Claim, book: _Book, *, nearest: int | None, topic: int | None, is_left_open: bool) -> str:
    if nearest is None:
        return "no sentence was found in which the document states a view or a rule"
    if is_left_open:
        return "the document seems to say itself that this is open"
    if topic is not None and topic == nearest:
        return (
            "the claim says what is so, and the nearest judgement is a rule for the model, which says nothing of that"
        )
    if topic is not None:
        return "the topic occurs, and no view or rule was found there"
    missing = _missing(claim, book)
    if missing:
        return f"no sentence of it has {_listed(missing)}, or a word that is known to mean the same; try other words"
    return "the nearest judgement seems to be about something else"


def _missing(claim: _Claim, book: _Book) -> list[str]:
    """Words of the claim for which the document has none that means the same."""
    pairs = zip(claim.concepts, claim.words, strict=True)
    return list(dict.fromkeys(word.lower() for name, word in pairs if name not in book.known))


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:4]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
