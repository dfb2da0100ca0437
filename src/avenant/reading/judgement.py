"""The judgements that a document states: sentences in which its authors say what they have come to hold.

They are found by the words with which people state a view. What a document merely asks of its model is no judgement
in this sense, unless it says that it is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from avenant.reading.sentences import Sentence, find_sentences
from avenant.specs.document import Clause, Document, Span

Strength = Literal["settled", "leaning"]

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


@dataclass(frozen=True, slots=True)
class Judgement:
    """A sentence in which a document states what its authors hold."""

    clause: Clause
    span: Span
    """The sentence, in the document's text."""
    marker: str
    """The words by which it is known, as the document has them."""
    strength: Strength
    """Whether it is stated as settled, or as how its authors lean for now."""


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
            strength: Strength = "leaning" if _LEANING.search(sentence.bare) else "settled"
            yield Judgement(sentence.clause, sentence.span, marker, strength)


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
