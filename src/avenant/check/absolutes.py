"""Absolute words in instructions, and where a document keeps its own.

A document that explains its rules sets absolute ones apart: in a section of hard constraints, in the sections whose
rules nobody may override. Which sections these are is learned from the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from avenant.reading.acts import read_verbs
from avenant.reading.reading import Reading, read_sentences
from avenant.specs.document import Document, Section, Span

_PHRASES = re.compile(
    r"""
      \b(?:under|in)\ (?:no|any|all)\ circumstances?\b | \bwithout\ (?:any\ )?exceptions?\b | \bno\ exceptions\b
    | \bin\ (?:all|every|each\ and\ every|every\ single)\ (?:cases?|instances?|situations?)\b
    | \b(?:at\ all\ (?:times|costs)|at\ any\ (?:cost|price)|on\ no\ account|in\ no\ case|no\ matter)\b
    | \bwhatever\ the\ (?:\w+\ )?(?:circumstances?|instructions?|context|costs?|reasons?|arguments?|consequences?
        |users?|operators?|developers?|deployers?|person|pupil|topic)\b
    | \b(?:categorically|unconditionally|invariably|absolutely)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"\b(?:never|always)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"(?:\bnot|n't|\b(?:cannot|almost|nearly|hardly|practically|basically|virtually|rarely\ or|seldom\ or|seldom\ if"
    r"|as|if|has|have|had))\ $",
    re.IGNORECASE,
)
"""Before these two words: no rule without exception, or no rule."""
_AFTER_WORD = re.compile(r"\ (?:mind|before|again|been|having|seen|quite|fully|entirely)\b|-\w", re.IGNORECASE)
"""Behind them: an idiom, or what is past."""
_LIMITED = re.compile(r"\b(?:unless|except|other than|save (?:for|where|when))\b", re.IGNORECASE)
"""What says where the rule ends: it is not absolute then."""
_FREELY = 0.15
"""A document with an absolute word in so many of its directive sentences uses them as a manner of speech."""
_TOP = ("root", "platform")
"""Authority levels whose rules nobody may override; the Model Spec called the first by the second name before."""
_DENSE, _LEAST = 0.3, 3
"""A section keeps absolutes where so large a share of its directive sentences has them, and so many."""
_NEAR = 14
"""Characters within which an absolute word belongs to an act."""
_JOINT = re.compile(
    r"(?:\b(?:and|but|or|to|must|should|will|may)|[,;:])\W+(?:(?:\w+ly|also|then|be)\W+)?$", re.IGNORECASE
)
"""Before an absolute word that begins another act of the same one."""
_DEFINING = re.compile(
    r"\b(?:hard\ constraints?|bright(?:-|\ )lines?|red(?:-|\ )lines?|inviolable|non-negotiable"
    r"|absolute(?:ly)?\ (?:restrictions?|limits?|rules?|prohibit\w+|prohibitions?)|prohibited\ content"
    r"|ruled\ out\ whatever|(?:are|is|be)\ absolute)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:only|few|small|minimal|limited|reserved?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BrightLines:
    """Where a document keeps its absolutes."""

    rate: float
    """Share of the directive sentences outside these sections that have an absolute word, from 0 to 1."""
    section_ids: frozenset[str]
    """Sections that keep absolutes; those under them do as well."""
    stated: Span | None
    """The sentence that says so best; None where there is none."""

    @property
    def is_free_with_them(self) -> bool:
        """Whether absolute words are its manner of speech."""
        return self.rate >= _FREELY


def find_absolutes(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where a sentence that instructs has an absolute word: half-open offsets in its text."""
    if not reading.acts:
        return
    text = reading.sentence.bare
    if _LIMITED.search(text):
        return
    for match in _PHRASES.finditer(text):
        before = text[: match.start()]
        if not re.search(r"(?:\bnot|n't)\ (?:\w+ly\ )?$", before) or "any" in match.group().lower():
            yield match.span()
    for match in _WORD.finditer(text):
        if _HEDGE.search(text, 0, match.start()) or _AFTER_WORD.match(text, match.end()):
            continue
        if _governs(reading, text, match):
            yield match.span()


def _governs(reading: Reading, text: str, match: re.Match[str]) -> bool:
    """Whether the word belongs to what the model is to do, and not to what somebody else does."""
    start, end = match.span()
    for act in reading.acts:
        # "It always asks" has the word behind the model's name, "it should never ask" just before the act's words.
        is_inside = act.start <= start < act.start + _NEAR and not re.search("[,;:]", text[act.start : start])
        is_before = 0 <= act.start - end <= _NEAR and not re.search("[.;:]", text[end : act.start])
        if is_inside or is_before:
            return True
    told = re.match(r"\W+(\w+)", text[end:])
    is_free = not re.search(r"\w", text[:start]) or bool(_JOINT.search(text, 0, start))
    return is_free and told is not None and told[1].lower() in read_verbs()


@lru_cache(maxsize=8)
def find_bright_lines(document: Document, agents: tuple[str, ...]) -> BrightLines:
    """Learn where a document keeps its absolutes.

    Args:
        document: where to look.
        agents: what it calls its model.
    """
    readings = [reading for reading in read_sentences(document, agents) if reading.acts]
    having = [reading for reading in readings if any(find_absolutes(reading)) or _WORD.search(reading.sentence.lead)]
    total, absolute = (Counter(one.sentence.clause.section_id for one in some) for some in (readings, having))
    keeping = {one.id for one in document.sections if _keeps(document, one, absolute[one.id], total[one.id])}
    elsewhere = sum(total[section] for section in total if section not in keeping)
    loose = sum(absolute[section] for section in absolute if section not in keeping)
    return BrightLines(loose / (elsewhere or 1), frozenset(keeping), _find_stated(document, keeping, agents))


def _keeps(document: Document, section: Section, absolute: int, total: int) -> bool:
    if _DEFINING.search(section.title) or re.search(r"\b(?:never|always|prohibited)\b", section.title, re.IGNORECASE):
        return True
    return document.authority_of(section) in _TOP or (absolute >= _LEAST and absolute >= _DENSE * total)


def _find_stated(document: Document, keeping: set[str], agents: tuple[str, ...]) -> Span | None:
    """The sentence that says best where the absolutes are."""
    best: tuple[int, Span] | None = None
    for reading in read_sentences(document, agents):
        text = reading.sentence.whole
        defining = len(_DEFINING.findall(text))
        score = 3 * defining + len(_WORD.findall(text)) + 2 * bool(defining and _ONLY.search(text))
        score += bool(score) and reading.sentence.clause.section_id in keeping
        if score and (best is None or score > best[0]):
            best = (score, reading.sentence.span)
    return best[1] if best else None
