"""What a document has judged: sentences in which its authors say what they have come to hold, and the rules it states.

The one place that says what a judgement is and how strong. Views are found by the words with which people state one
(`find_judgements`); what the document asks of its model is no view, but a rule (`find_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from avenant.reading.acts import Act, Force, acts_of
from avenant.reading.sentences import Sentence, find_sentences
from avenant.specs.document import Clause, Document, Span

Strength = Literal["settled", "leaning"]
"""settled: stated without a hedge; leaning: for now, in general, by default, or as what the model may do."""
Kind = Literal["view", "rule"]
"""view: the authors say what they hold; rule: the model is told what to do or to leave."""

_ADVERBS = r"(?:(?:\w+ly|have|also|do|would|therefore|still|nonetheless|nevertheless)\ )*"
_MARKERS = re.compile(
    rf"""
      (?<!why\ )(?<!if\ )(?<!how\ )(?<!when\ )(?<!what\ )
      \bwe\ {_ADVERBS}(?:believe|think|judge|decided|concluded|determined|hold\ that|chose|chosen|favou?r|prefer)\b
        (?!\ about|\ of\b)
    | \bwe\ {_ADVERBS}(?:do\ not|don't|did\ not)\ {_ADVERBS}(?:want|think|believe|wish|intend|expect)\b
    | \b(?:in|is)\ our\ (?:view|judge?ment)\b
    | \bour\ (?:\w+\ )?(?:view|judge?ment|position|stance|belief|best\ guess)\ is\b
    | \bour\ (?:current|present)\ (?:view|judge?ment|position|thinking|understanding|approach)\b
    | \b(?:should|must|will|may)\ (?:\w+ly\ )?never\b
    | \b(?:never|must\ not|may\ not):$
    | \b(?:hard\ constraints?|bright(?:-|\ )lines?|red(?:-|\ )lines?)\ (?:\w+\ )?(?:are|is|remain|represent|serve)\b
    | \berr(?:s|ing)?\ on\ the\ side\ of\b
    | \b(?:on\ balance|all\ things\ considered|takes?\ precedence|worth\ the\ cost)\b
    | \bwe\ {_ADVERBS}(?:want|ask|ask(?:ing)?)\ .{{1,60}}?\ (?:even\ (?:if|when|where|though)|rather\ than|above)\b
    | \b(?:at\ least\ for\ now|for\ the\ time\ being)\b
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_RULES_OUT = re.compile(r"\bnever\b|\b(?:must|may)\ not\b|\berr(?:s|ing)?\ on\b", re.IGNORECASE | re.VERBOSE)
"""Markers that tell the model what to do, and do not say what its authors hold."""
_HOLDS = r"(?:(?:\w+ly|also|still) )*(?:believes|thinks|judges|holds that|favou?rs|prefers)"
"""What a lab does in its own name when it states a view."""
_WEIGHING = re.compile(
    r"\bwe(?:'re|\ are)?\ (?:\w+ly\ )?(?:acknowledge|recogni[sz]e|grant|admit|concede|know|aware)\b", re.IGNORECASE
)
_BUT = re.compile(r"\b(?:but|however|still|nonetheless|nevertheless|yet|even\ so|that\ said)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"""\b(?:currently|current|for\ now|for\ the\ time\ being|at\ (?:this|the)\ (?:stage|moment|time)|at\ present
    |generally|in\ general|tend(?:s|ed)?\ to|tentative(?:ly)?|perhaps|probably|likely|uncertain|unsure|best\ guess
    |by\ default|might|may\ (?!never|not)|hope|expect|suspect|so\ far|in\ most\ cases|usually|typically)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PARENTHESIS = re.compile(r"\([^()]*\)")
_CONCESSION = re.compile(r"(?:while|although|though|even\ though)\b[^,]*,", re.IGNORECASE | re.VERBOSE)
"""At the head of a sentence, what it grants before it says what it holds; or what it holds before it goes on."""
_ASIDE = re.compile(
    r"\b(?:because|since|if|when|whenever|unless|which|who|whose|so\ that|such\ as|even\ (?:if|when|though)|though"
    r"|although)\b[^,;:.]*",
    re.IGNORECASE | re.VERBOSE,
)
"""Reasons, conditions and relative clauses: a hedge in them is none on the judgement."""
_FIRMEST: tuple[Force, ...] = ("must", "should", "does", "may")
_TOLD: dict[Force, tuple[str, str]] = {
    "must": ("must", "must not"),
    "should": ("should", "should not"),
    "does": ("does", "does not"),
    "may": ("may", "need not"),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A sentence in which a document states what its authors hold, or a rule."""

    clause: Clause
    span: Span
    """The sentence, in the document's text."""
    marker: str
    """The words by which a view is known, as the document has them; of a rule its verb, such as "should not"."""
    strength: Strength
    """Whether it is stated as settled, or as how its authors lean for now."""
    kind: Kind = "view"


@lru_cache(maxsize=8)
def find_judgements(document: Document) -> tuple[Judgement, ...]:
    """The judgements that a document states, in order; commentary for human readers is searched as well.

    Found by words alone: a view that is stated in none of the usual ways is missed, and a polite "we think" counts.
    """
    sentences = find_sentences(document, with_commentary=True)
    return tuple(_judgements(sentences, document.id.split("/")[0]))


def _judgements(sentences: tuple[Sentence, ...], lab: str) -> Iterator[Judgement]:
    holds = re.compile(rf"\b{re.escape(lab)} {_HOLDS}\b", re.IGNORECASE)
    for number, sentence in enumerate(sentences):
        held = holds.search(sentence.bare)
        marker = held.group() if held else _marker(sentence, sentences[number + 1 : number + 2])
        if marker and not sentence.bare.rstrip("\"')").endswith("?"):
            kind: Kind = "rule" if _RULES_OUT.search(marker) else "view"
            yield Judgement(sentence.clause, sentence.span, marker, _strength(sentence.bare, marker), kind)


@lru_cache(maxsize=8)
def find_rules(document: Document, agents: tuple[str, ...]) -> tuple[Judgement, ...]:
    """The rules that a document states for its model, in order: sentences that tell it what to do or to leave.

    What it may do counts as leaning. Sentences that state a view as well are among `find_judgements` too.

    Args:
        document: where to look.
        agents: what it calls its model; see `Spec.agents`.
    """
    found = ((sentence, _firmest(acts_of(sentence, agents))) for sentence in find_sentences(document))
    return tuple(_rule(sentence, act) for sentence, act in found if act is not None)


def _firmest(acts: tuple[Act, ...]) -> Act | None:
    return min(acts, key=lambda act: _FIRMEST.index(act.force), default=None)


def _rule(sentence: Sentence, act: Act) -> Judgement:
    is_allowed = act.force == "may" and act.is_wanted
    strength = "leaning" if is_allowed else _strength(sentence.bare)
    return Judgement(sentence.clause, sentence.span, _TOLD[act.force][not act.is_wanted], strength, "rule")


def _strength(text: str, marker: str = "") -> Strength:
    """How strong a sentence states its judgement: by hedges in the part that states it."""
    granted = _CONCESSION.match(text)
    if granted:
        is_there = bool(marker) and marker in granted.group()
        text = granted.group() if is_there else text[granted.end() :]
    text = _PARENTHESIS.sub("", text)
    text = _ASIDE.sub(lambda match: match.group() if marker and marker in match.group() else "", text)
    return "leaning" if _LEANING.search(text) else "settled"


def _marker(sentence: Sentence, following: tuple[Sentence, ...]) -> str:
    """The words that make a sentence a judgement; for a list item, its lead's words count as well."""
    text = sentence.lead + "\n" + sentence.bare
    if match := _MARKERS.search(text):
        return match.group()
    weighing = _WEIGHING.search(sentence.bare)
    if weighing is None:
        return ""
    in_this = _BUT.search(sentence.bare, weighing.end())
    in_next = following and following[0].clause == sentence.clause and _BUT.match(following[0].bare)
    return weighing.group() if in_this or in_next else ""
