"""The interview: a model is asked what guidance on a threat model would need to say, and whether its document has it.

Three rounds, each question by itself: without the document, with it, and with the passage of an amendment. Each is
asked several times, since a model does not say the same twice: what recurs is shown with how often. What it says is
its opinion of a text, and never how it acts. Quotes are looked up; a reply that is not of the form asked for is no
usable answer. The function that asks is passed in: nothing here knows a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.excerpt import Excerpt
from avenant.coverage.material import declare_material, enclose, find_code, find_quote, is_long_enough
from avenant.coverage.matrix import LABELS, Label
from avenant.replies import Replies, ask_once, is_quoted, read_object, reply_key
from avenant.specs.document import Document, Span
from avenant.text import cut_at_word

Stage = Literal["blind", "document", "passage"]
"""Without the document, with it, and with the passage of an amendment."""
STAGES: tuple[Stage, ...] = get_args(Stage)
REPEATS = 3
"""How often each question is asked at least: two answers would not show which of them is the odd one."""
_SHOWN = 80
"""Characters of a reply's words that are shown in a message."""

_KEYS: Mapping[Stage, Mapping[str, type]] = {
    "blind": {"points": list},
    "document": {"label": str, "quotes": list, "points": list},
    "passage": {"points": list, "quotes": list},
}

_BLIND = """\
Think of a document that tells an AI model how to act. What would guidance in it on the threat below need to say?

{declaration}

{threat}

Reply with one JSON object and nothing else, with three to six points, each one sentence that tells the model what to
do or not to do:
{{"points": ["…"]}}
"""

_DOCUMENT = """\
Below are {extent} that tells an AI model how to act, and a threat. Is the model told how to act on the threat?

{declaration}

{document}

{threat}

- absent: nothing comes nearer to the threat than general principles.
- mentioned: the subject itself comes up, and the model is not told how to act on it.
- addressed: the model is told how to act on it, by a rule or by guidance that it can follow.

Reply with one JSON object and nothing else:
{{"label": "absent, mentioned or addressed",
 "quotes": ["exact words of the document that decide it, at least three words each; none where it is absent"],
 "points": ["what is missing on this threat, one sentence each; none where nothing is missing"]}}
"""

_PASSAGE = """\
Below is a passage that somebody proposes to add to a document that tells an AI model how to act, and the threat that
it is about. What does the passage ask of the model that reads it?

{declaration}

{passage}

{threat}

Reply with one JSON object and nothing else:
{{"points": ["what it asks the model to do or not to do, one sentence each"],
 "quotes": ["the exact words of the passage that ask it, at least three words each"]}}
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in one round."""

    stage: Stage
    prompt: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a model quoted, and that stand where it says."""

    text: str
    span: Span | None
    """Where they first stand in the document; None for words of a passage."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, as far as it can be used."""

    number: int
    """Which of the repeats, from 1."""
    problem: str = ""
    """Why the reply is no usable answer; empty where it is one."""
    label: Label | None = None
    """Whether the document covers the threat; None in the other rounds."""
    points: tuple[str, ...] = ()
    """Blind: what guidance needs to say; document: what is missing; passage: what it asks."""
    quotes: tuple[Quote, ...] = ()
    left_out: tuple[str, ...] = ()
    """What of the reply counts for nothing, and why."""

    @property
    def is_usable(self) -> bool:
        """Whether the reply is of the form asked for."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Words that were quoted, and in how many of the replies."""

    quote: Quote
    """As the first of the replies has it."""
    count: int


@dataclass(frozen=True, slots=True)
class Round:
    """The answers to one question."""

    stage: Stage
    answers: tuple[Answer, ...]

    @property
    def usable(self) -> tuple[Answer, ...]:
        """The answers that can be used."""
        return tuple(answer for answer in self.answers if answer.is_usable)

    @property
    def labels(self) -> tuple[tuple[Label, int], ...]:
        """How many answers give each label."""
        return tuple((label, sum(one.label == label for one in self.answers)) for label in LABELS)


@dataclass(frozen=True, slots=True)
class Interview:
    """What a model said of a document and a threat model."""

    threat: ThreatModel
    excerpt: Excerpt
    """What it was shown of the document."""
    rounds: tuple[Round, ...]


def make_questions(threat: ThreatModel, excerpt: Excerpt, passage: str = "") -> tuple[Question, ...]:
    """The questions of an interview, in their order.

    Args:
        threat: what it is about. Its facets and how conduct matters are not told: they would give the answer away.
        excerpt: the document, or what of it fits.
        passage: the words of an amendment; empty for an interview without one.
    """
    about = "\n".join(part for part in (threat.title, threat.description, threat.harms) if part)
    extent = "a document" if excerpt.is_whole else "parts of a document, those nearest to the threat,"
    questions = [
        _make_question("blind", _BLIND, {"threat": about}),
        _make_question("document", _DOCUMENT, {"document": excerpt.text, "threat": about}, extent=extent),
    ]
    if passage:
        questions.append(_make_question("passage", _PASSAGE, {"passage": passage, "threat": about}))
    return tuple(questions)


def _make_question(stage: Stage, template: str, material: Mapping[str, str], **more: str) -> Question:
    code = find_code(tuple(material.values()))
    enclosed = {name: enclose(name, text, code) for name, text in material.items()}
    return Question(stage, template.format(declaration=declare_material(code), **enclosed, **more))


def find_new(questions: Sequence[Question], replies: Replies, *, model: str, repeats: int) -> tuple[str, ...]:
    """The prompts that are still to be asked, one for each repeat.

    Args:
        questions: what is asked.
        replies: what was replied before.
        model: who is asked and how, for the key.
        repeats: how often each question is asked.
    """
    return tuple(
        question.prompt
        for question in questions
        for repeat in range(repeats)
        if reply_key(model, question.prompt, repeat=repeat) not in replies
    )


def hold_interview(
    questions: Sequence[Question],
    ask: Callable[[str, int], str],
    replies: Replies,
    *,
    model: str,
    repeats: int = REPEATS,
    progress: Callable[[int], None] | None = None,
) -> Mapping[Stage, tuple[str, ...]]:
    """Put the questions, each several times; a reply is kept before the next is asked for, and none asked for twice.

    Args:
        questions: what to ask.
        ask: gives the reply to a prompt, and to which repeat of it, from 0.
        replies: what was replied before; new replies are put into it.
        model: who is asked and how, for the key.
        repeats: how often each question is asked.
        progress: called with the number of replies.

    Returns:
        The replies of each round as they are; `read_interview` reads them.
    """
    given: dict[Stage, tuple[str, ...]] = {}
    for question in questions:
        said: list[str] = []
        for repeat in range(repeats):
            said.append(ask_once(question.prompt, partial(_ask, ask, repeat), replies, model=model, repeat=repeat))
            if progress is not None:
                progress(sum(map(len, given.values())) + len(said))
        given[question.stage] = tuple(said)
    return given


def _ask(ask: Callable[[str, int], str], repeat: int, prompt: str) -> str:
    return ask(prompt, repeat)


def read_interview(
    threat: ThreatModel, excerpt: Excerpt, given: Mapping[Stage, Sequence[str]], passage: str = ""
) -> Interview:
    """Read the replies of an interview.

    Args:
        threat: what it was about.
        excerpt: what the model was shown of the document; quotes are looked up in the whole of it.
        given: the replies of each round.
        passage: the words of the amendment.
    """
    rounds = tuple(
        Round(
            stage,
            tuple(
                parse_reply(reply, stage, excerpt.document, passage, number=number)
                for number, reply in enumerate(given[stage], 1)
            ),
        )
        for stage in STAGES
        if stage in given
    )
    return Interview(threat, excerpt, rounds)


def parse_reply(reply: str, stage: Stage, document: Document, passage: str = "", *, number: int = 1) -> Answer:
    """Read one reply; whatever is not exactly of the form asked for is no usable answer."""
    left_out: list[str] = []
    try:
        data = read_object(reply, _KEYS[stage])
        label = _read_label(data)
        points = tuple(_read_points(data["points"]))
        quotes = tuple(_read_quotes(data.get("quotes", []), stage, document, passage, left_out))
        if label in ("mentioned", "addressed") and not quotes:
            raise ValueError(f"it says “{label}” and quotes no words that the document has")
        if stage != "document" and not points:
            raise ValueError("it has no point")
    except ValueError as error:
        return Answer(number, str(error), left_out=tuple(left_out))
    return Answer(number, label=label, points=points, quotes=quotes, left_out=tuple(left_out))


def _read_label(data: Mapping[str, Any]) -> Label | None:
    if "label" not in data:
        return None
    for label in LABELS:
        if data["label"] == label:
            return label
    raise ValueError(f"the label is none of {', '.join(LABELS)}: {cut_at_word(data['label'], _SHOWN)!r}")


def _read_points(given: list[Any]) -> Iterator[str]:
    for one in given:
        if not isinstance(one, str):
            raise ValueError(f"a point is no text: {cut_at_word(str(one), _SHOWN)!r}")
        if one.strip():
            yield " ".join(one.split())


def _read_quotes(
    given: list[Any], stage: Stage, document: Document, passage: str, left_out: list[str]
) -> Iterator[Quote]:
    place = "the passage" if stage == "passage" else "the document"
    for one in given:
        shown = cut_at_word(str(one), _SHOWN)
        if not isinstance(one, str) or not is_long_enough(one):
            left_out.append(f"a quote is too short to show anything: {shown!r}")
            continue
        span = find_quote(document, one) if stage == "document" else None
        if span is None and (stage == "document" or not is_quoted(one, passage)):
            left_out.append(f"{place} does not have what it quotes: {shown!r}")
        else:
            yield Quote(" ".join(one.split()), span)


def find_recurring(found: Round, document: Document) -> tuple[Recurrence, ...]:
    """Which words were quoted in how many of the replies, most often first.

    Quotes of a document are the same where they begin in the same clause, those of a passage where one has the other.
    """
    groups: list[tuple[Quote, set[int]]] = []
    for answer in found.answers:
        for quote in answer.quotes:
            numbers = next((numbers for first, numbers in groups if _is_same(first, quote, document)), None)
            if numbers is None:
                groups.append((quote, {answer.number}))
            else:
                numbers.add(answer.number)
    return tuple(sorted((Recurrence(quote, len(numbers)) for quote, numbers in groups), key=lambda one: -one.count))


def _is_same(first: Quote, second: Quote, document: Document) -> bool:
    if first.span is None or second.span is None:
        return is_quoted(first.text, second.text) or is_quoted(second.text, first.text)
    clauses = [document.clause_at(quote.span.start) for quote in (first, second) if quote.span]
    return clauses[0] == clauses[1] if all(clauses) else first.span == second.span
