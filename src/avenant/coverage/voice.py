"""Who speaks in a clause, to whom, and how firmly: an instruction to the model, the lab's promise, an example …

A topic that occurs is not yet covered: a lab's promise, a list of what is at stake, a user's words in an example
dialogue and a bad answer tell the model nothing of what to do. Read by rules of thumb about words; a sentence put in
an unusual way is taken for background.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from avenant.reading.acts import Act, Force, acts_of
from avenant.reading.sentences import Sentence, find_sentences
from avenant.specs.document import Clause, Document
from avenant.text import fold_words

Speaker = Literal["instruction", "background", "promise", "commentary", "example", "bad-example"]
"""instruction: the model is told what to do; background: reasons, values, explanations; promise: the lab says what it
does or will do itself; commentary: for human readers; example: a dialogue or its heading; bad-example: a dialogue that
shows only what is wrong."""

_WE = r"\bwe(?:'(?:ve|re|ll))?\ (?:\w+ly\ |also\ |have\ |are\ |will\ |would\ |further\ |still\ )*"
_PROMISE = re.compile(
    rf"""{_WE}(?:commit\w*|promise\w*|pledge\w*|work\w*\ (?:to|on|towards?|collaboratively)|plan\ to
    |intend\ to|aim\ to|seek\ to|try\ to|continue\ to|adhere|uphold|monitor|maintain|publish|provide|enforce|invest\w*
    |develop\w*|train\w*|built|build|taken|made|given|place)\b
    |\bwe\ (?:will|won't)\b | \bour\ (?:commitments?|policies|mission|responsibility|goals?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TELLS = re.compile(
    rf"{_WE}(?:do\ |don't\ |do\ not\ |did\ not\ )?(?:want|ask|expect|hope|need|prefer|wish|encourage|like)\b",
    re.IGNORECASE | re.VERBOSE,
)
"""What the lab wants of its model, which instructs it."""
_OURS = re.compile(r"\bwe\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Voice:
    """How one clause speaks."""

    clause: Clause
    speaker: Speaker
    force: Force | None
    """The firmest word with which it tells the model what to do; None where it does not."""
    acts: int
    """How many acts of the model it asks for, allows or forbids."""


_FIRMEST: tuple[Force, ...] = ("must", "should", "does", "may")


@lru_cache(maxsize=16)
def read_voices(document: Document, agents: tuple[str, ...]) -> tuple[Voice, ...]:
    """How each clause of a document speaks, in their order.

    Args:
        document: what to read.
        agents: what it calls its model, such as `("the assistant", "the model")`; see `Spec.agents`.
    """
    sentences: dict[int, list[Sentence]] = {}
    for sentence in find_sentences(document, with_commentary=True):
        sentences.setdefault(sentence.clause.span.start, []).append(sentence)
    lab = re.escape(document.id.split("/")[0])
    own = re.compile(
        rf"\b{lab}(?:'s)?\ (?:\w+ly\ )?(?:will|commits?|is\ committed|maintains|aims|believes|has|does|provides)\b",
        re.I | re.X,
    )
    return tuple(_read_voice(clause, sentences.get(clause.span.start, []), agents, own) for clause in document.clauses)


def _read_voice(clause: Clause, sentences: list[Sentence], agents: tuple[str, ...], own: re.Pattern[str]) -> Voice:
    if clause.is_example:
        grades = Counter(turn.grade for turn in clause.turns)
        is_bad = bool(grades["bad"]) and not grades["good"]
        return Voice(clause, "bad-example" if is_bad else "example", None, 0)
    acts = [act for sentence in sentences for act in acts_of(sentence, agents) if _instructs(act, sentence, agents)]
    wants = any(_TELLS.search(sentence.bare) and _names(sentence.bare, agents) for sentence in sentences)
    if clause.is_commentary:
        return Voice(clause, "commentary", None, 0)
    if acts or wants:
        force: Force = next((one for one in _FIRMEST if any(act.force == one for act in acts)), "should")
        return Voice(clause, "instruction", force, max(1, len(acts)))
    if any(_PROMISE.search(text) or own.search(text) for text in (sentence.whole for sentence in sentences)):
        return Voice(clause, "promise", None, 0)
    return Voice(clause, "background", None, 0)


def _instructs(act: Act, sentence: Sentence, agents: tuple[str, ...]) -> bool:
    """Whether an act is the model's own: it is named, or the sentence is an item or an order without a subject."""
    if act.is_named:
        return True
    # "We are committed to the following:" makes promises of its items.
    is_ours = bool(_OURS.search(sentence.lead)) and not _names(sentence.lead, agents)
    return not is_ours and (bool(sentence.lead) or act.force in ("must", "should"))


def _names(text: str, agents: tuple[str, ...]) -> bool:
    return any(fold_words(agent).casefold() in text.casefold() for agent in agents)
