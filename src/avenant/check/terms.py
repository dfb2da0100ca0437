"""Terms: words that a document defines or names a section by, and how it writes them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.running_text import HOLE, RunningText
from avenant.reading.word_set import word_set

LEAST_USES = 3
"""A document that uses a term less often inside a sentence has no habit yet."""
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Use:
    """A term inside a sentence."""

    key: tuple[str, ...]
    """Its words in lower case, the last one in the singular."""
    words: str
    """As it stands there."""
    start: int
    """Offset in the text."""
    end: int
    is_before_word: bool
    """Whether it may belong to a noun behind it ("user-level instructions")."""

    @property
    def is_capital(self) -> bool:
        """Whether one of its words has a capital."""
        return self.words != self.words.lower()

    @property
    def joint(self) -> str:
        """What stands between its words."""
        found = re.search(r"[^\w]", self.words)
        return "" if found is None else " " if found.group().isspace() else "-"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a document."""

    key: tuple[str, ...]
    place: int
    """Offset at which the document introduces it."""
    is_defined: bool
    """Whether it is defined there, and not only the title of a section."""
    words: Mapping[str, int]
    """How it is written inside sentences, with the number of times."""
    capitals: int
    """Uses with a capital."""
    joints: Mapping[str, int]
    """Uses by what stands between its words."""

    @property
    def uses(self) -> int:
        """Uses inside sentences."""
        return sum(self.words.values())

    def problem_of(self, use: Use) -> str | None:
        """What of a use is otherwise than in the document, for people; None where nothing is."""
        if self.uses < LEAST_USES:
            return None
        if use.is_capital and not self.capitals:
            return "without a capital"
        if not use.is_capital and self.capitals == self.uses:
            return "with a capital"
        if self.joints.get(use.joint) or len(self.joints) != 1:
            return None
        # A hyphen comes and goes with a noun behind.
        if use.joint == "-" and use.is_before_word:
            return None
        if use.joint == " " and not use.is_before_word:
            return None
        return "with a hyphen" if "-" in self.joints else "without a hyphen" if use.joint == "-" else "otherwise"

    def written_like(self, use: Use) -> str:
        """The use as the document would write it."""
        words = use.words
        if self.joints and not self.joints.get(use.joint):
            words = re.sub(r"[-\s]+", next(iter(self.joints)), words)
        if not self.capitals:
            return words.lower()
        if self.capitals == self.uses and words == words.lower():
            usual = max(self.words, key=lambda word: self.words[word])
            return usual + ("s" if words.endswith("s") and not usual.endswith("s") else "")
        return words


@lru_cache(maxsize=32)
def learn_terms(text: RunningText) -> Mapping[tuple[str, ...], Term]:
    """The terms of a document, by key."""
    places: dict[tuple[str, ...], tuple[int, bool]] = {}
    for words, place, is_defined in _find_introduced(text):
        key = _key_of(words)
        if key and (key not in places or (is_defined and not places[key][1])):
            places[key] = (place, is_defined)
    uses: dict[tuple[str, ...], list[Use]] = defaultdict(list)
    for use in find_uses(text, frozenset(places)):
        uses[use.key].append(use)
    return {
        key: Term(
            key,
            place,
            is_defined,
            Counter(use.words for use in uses[key]),
            sum(use.is_capital for use in uses[key]),
            Counter(use.joint for use in uses[key]),
        )
        for key, (place, is_defined) in places.items()
    }


def find_uses(text: RunningText, keys: frozenset[tuple[str, ...]]) -> Iterator[Use]:
    """Terms inside the sentences of a text; titles, quoted words and the texts of links are left out."""
    firsts = _by_first_word(keys)
    plain = _LINK.sub(lambda match: HOLE * len(match.group()), text.unquoted)
    for clause in text.clauses:
        start, end = clause.span.start, clause.span.end
        words = list(_WORD.finditer(plain, start, end))
        lower = [_singular(word.group().lower()) for word in words]
        for number, word in enumerate(words):
            for key in firsts.get(word.group().lower(), ()) or firsts.get(lower[number], ()):
                last = number + len(key) - 1
                found = tuple(one.group().lower() for one in words[number:last]) + tuple(lower[last : last + 1])
                if found != key or not _is_inside(plain, start, word.start()):
                    continue
                between = plain[word.start() : words[last].end()]
                if re.fullmatch(r"\w+(?:[-\s]\w+)*", between):
                    behind = re.match(r" ([a-z]+)", plain[words[last].end() :][:20])
                    is_before_word = behind is not None and behind.group(1) not in _FUNCTION_WORDS
                    yield Use(key, between, word.start(), words[last].end(), is_before_word)
                    break


def find_definitions(text: RunningText, terms: Mapping[tuple[str, ...], Term]) -> Iterator[tuple[Term, int, int]]:
    """Places where a text defines a term that is defined already."""
    for clause in text.clauses:
        for match in _DEFINING.finditer(text.text, clause.span.start, clause.span.end):
            words = next(word for word in match.groups() if word)
            term = terms.get(_key_of(words))
            if term is not None and term.is_defined:
                yield term, match.start(), match.end()


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINK = re.compile(r"\[[^\[\]\n]*\](?=\x1f)")
_PHRASE = r"[^\W\d_][\w’'-]{0,30}(?:[ ][\w’'-]{1,30}){0,3}"
_MARKED = rf"[“\"*_]{{1,4}}({_PHRASE})[,.]?[”\"*_]{{1,4}}"
_HEAD = re.compile(rf"(?:[-*+]\s+|\d+[.)]\s+)?\*\*({_PHRASE})(?:\*\*\s*:|:\*\*)")
_BOLD = re.compile(rf"\*\*({_PHRASE})\*\*")
_LINK_TEXT = re.compile(rf"\[({_PHRASE})\](?=\x1f)")
_HYPHENED = re.compile(r"(?<![\w-])([^\W\d_]+(?:-[^\W\d_]+)+)(?![\w-])")
_FUNCTION_WORDS = word_set(
    "a also an and are as at be because but by can could do does for from has have if in into is it its may might "
    "must not of on or our over rather should since so than that the their then they this through to under until "
    "was we were when where whether which while who will with without would"
)
_CUES = r"term|call(?:s|ed)?|calling|refer(?:s|red)?\sto\s(?:\w+\s){1,4}as|known\sas|notion\sof|concept\sof|defined\sas"
_DEFINED = re.compile(rf"\b(?:{_CUES})\s(?:an?\s|the\s)?{_MARKED}|\b[Bb]y\s(?:the\s)?{_MARKED}(?=,?\swe\smean)")
_DEFINING = re.compile(
    rf"""
      \b[Bb]y\s(?:an?\s|the\s)?[“"*_]{{0,4}}({_PHRASE}?)[,]?[”"*_]{{0,4}},?\s(?:we\smean|is\smeant)\b
    | \b(?:[Ww]e\sdefine|defines)\s(?:an?\s|the\s)?[“"*_]{{0,4}}({_PHRASE}?)[”"*_]{{0,4}}\sas\b
    | (?<!\w)(?:[Aa]n?\s|[Tt]he\s)?[“"*_]{{1,4}}({_PHRASE})[”"*_]{{1,4}}
        \s
      (?:means|refers\sto|is\sdefined\sas|is\sunderstood\sas)\b
    | (?<!\w)(?:[Aa]n?\s|[Tt]he\s)?({_PHRASE}?)\s(?:is|are)\sdefined\sas\b
    | ^(?:[-*+]\s+)?\*\*({_PHRASE})(?:\*\*\s*:|:\*\*)
    """,
    re.VERBOSE | re.MULTILINE,
)


def _find_introduced(text: RunningText) -> Iterator[tuple[str, int, bool]]:
    """Words that may be a term, where they stand, and whether they are defined there."""
    for section in text.document.sections:
        if section.title and len(section.title.split()) > 1:
            yield section.title, section.span.start, False
    for clause in text.clauses:
        start, end = clause.span.start, clause.span.end
        if match := _HEAD.match(text.text, start, end):
            yield match.group(1), match.start(), True
        for match in _DEFINED.finditer(text.text, start, end):
            yield next(word for word in match.groups() if word), match.start(), True
        for pattern in (_BOLD, _LINK_TEXT, _HYPHENED):
            for match in pattern.finditer(text.text, start, end):
                yield match.group(1), match.start(), False


def _key_of(words: str) -> tuple[str, ...]:
    found = [word.lower() for word in _WORD.findall(words)]
    found = found[1:] if found[:1] in (["the"], ["a"], ["an"]) else found
    if not found or len(found) > _MOST_WORDS or any(len(word) < 2 for word in found[:1]):
        return ()
    return (*found[:-1], _singular(found[-1]))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


@lru_cache(maxsize=32)
def _by_first_word(keys: frozenset[tuple[str, ...]]) -> Mapping[str, list[tuple[str, ...]]]:
    """Keys by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in sorted(keys, key=lambda one: (-len(one), one)):
        found[key[0]].append(key)
    return found


def _is_inside(text: str, start: int, at: int) -> bool:
    """Whether a word stands inside a sentence, where its case is its own."""
    before = text[start:at].rstrip()
    return bool(before) and (before[-1].isalpha() or before[-1] in ",;") and text[at - 1] == " "
