"""Spelling variants of English: which of them a text has, word by word and class by class.

The lists say which spellings are variants of each other. Which of them is right, only the document says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.running_text import RunningText
from avenant.reading.word_set import word_set

_LEAST_WORDS = 5
"""Occurrences of words of a class from which a document has a habit for the whole of it."""
_LEAST_KINDS = 8
"""Different words of British or American spelling from which a document has a habit for all of them."""
_RARE = 0.02
_LEAST_JOINED = 3
"""Occurrences of a word from which a document has a habit of joining it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A word that is spelled in two ways."""

    word: str
    """As it stands in the text."""
    other: str
    """The other spelling, in the same case."""
    kind: str
    """Class of words that are spelled alike; empty for a word that stands alone."""
    side: str
    """"british" or "american"; empty where both write either."""
    start: int
    end: int

    @property
    def key(self) -> str:
        """The word in lower case."""
        return self.word.lower()


@dataclass(frozen=True, eq=False)
class Orthography:
    """Which spellings a document has."""

    words: Mapping[str, int]
    """Every word in lower case, those with hyphens whole."""
    kinds: Mapping[tuple[str, str], int]
    """Occurrences of variants, by class and side."""
    sides: Mapping[str, int]
    """Different variants, by side."""

    def evidence_against(self, found: Variant) -> str | None:
        """What in the document speaks for the other spelling, for people; None where it does not speak clearly."""
        here, there = self.words.get(found.key, 0), self.words.get(found.other.lower(), 0)
        if here:
            return None
        if there:
            return f"the document writes “{found.other.lower()}” ({there} ×)"
        other_side = "american" if found.side == "british" else "british"
        if not found.side:
            return None
        same, others = self.kinds.get((found.kind, found.side), 0), self.kinds.get((found.kind, other_side), 0)
        if found.kind and others >= _LEAST_WORDS and same <= _RARE * others:
            return f"the document writes -{found.kind.split('/')[other_side == 'american']} in such words ({others} ×)"
        if self.sides.get(other_side, 0) >= _LEAST_KINDS and self.sides.get(found.side, 0) <= 1:
            return f"the document has {other_side.title()} spelling"
        return None


@lru_cache(maxsize=32)
def learn_orthography(text: RunningText) -> Orthography:
    """The spellings of a document's own sentences."""
    words: Counter[str] = Counter()
    for clause in text.clauses:
        words.update(match.group().lower() for match in _WORD.finditer(text.of(clause)))
    kinds: Counter[tuple[str, str]] = Counter()
    sides: Counter[str] = Counter()
    for word, count in words.items():
        for variant in _variants(word, 0):
            kinds[variant.kind, variant.side] += count
            sides[variant.side] += 1
    return Orthography(words, kinds, sides)


def find_variants(text: RunningText) -> Iterator[Variant]:
    """Every word of a passage that is spelled in two ways, once for each other way."""
    for clause in text.clauses:
        for match in _WORD.finditer(text.of(clause)):
            yield from _variants(match.group(), clause.span.start + match.start())


def find_joined(text: RunningText, known: Orthography) -> Iterator[Variant]:
    """Words that the document joins by a hyphen, or without one, otherwise than the passage."""
    joined = _joined(known)
    for clause in text.clauses:
        for match in _WORD.finditer(text.of(clause)):
            word = match.group()
            other = joined.get(word.lower().replace("-", ""))
            if other is not None and other != word.lower():
                start = clause.span.start + match.start()
                yield Variant(word, _in_case_of(word, other), "", "", start, start + len(word))


_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_OUR = (
    "arm behavi cand clam col demean endeav fav ferv flav glam harb hon hum lab misdemean neighb od parl ranc rig rum "
    "sav savi splend tum val vap vig"
)
_OUR_ENDS = "able|ably|al|ally|ed|er|ers|ful|hood|hoods|ing|ings|ism|ist|ists|ite|ites|less|s|y"
_RE = "calib cent fib lit lust maneuv manoeuv meag met sab somb spect theat"
_LL = (
    "cancel channel counsel dial equal fuel funnel grovel initial jewel label level libel marshal marvel model panel "
    "pedal pencil quarrel refuel rival shovel signal spiral swivel symbol total towel travel tunnel unravel"
)
_ALWAYS_ISE = word_set(
    "advertise advise appraise apprise braise bruise chastise circumcise comprise compromise concise cruise demise "
    "despise devise disenfranchise disguise enfranchise enterprise excise exercise expertise franchise imprecise "
    "improvise incise likewise malaise merchandise otherwise paradise porpoise praise precise premise promise "
    "reprise revise supervise surmise surprise televise tortoise treatise turquoise"
)
_ALWAYS_IZE = word_set("assize capsize downsize outsize oversize prize resize seize undersize upsize")
_CLASSES = (
    ("our/or", re.compile(rf"(?P<stem>{_OUR.replace(' ', '|')})(?P<mark>our|or)(?P<end>(?:{_OUR_ENDS})?)")),
    ("re/er", re.compile(rf"(?P<stem>{_RE.replace(' ', '|')})(?P<mark>re|er)(?P<end>(?:s|d|ed)?)")),
    (
        "ll/l",
        re.compile(
            rf"(?P<stem>{'|'.join(word[:-1] for word in _LL.split())})(?P<mark>ll|l)(?P<end>ed|ing|ings|er|ers)"
        ),
    ),
    ("yse/yze", re.compile(r"(?P<stem>(?:\w{2,}a|electro|hydro)l|paral)(?P<mark>ys|yz)(?P<end>e|ed|er|ers|ing)")),
    ("ise/ize", re.compile(r"(?P<stem>[a-z]{3,})(?P<mark>is|iz)(?P<end>e|es|ed|er|ers|ing|able|ation|ations|ational)")),
)
"""British and American spelling of classes of words; of the last two, "e" belongs to the end."""
_PAIRS = {
    "british american": (
        "acknowledgement acknowledgment|acknowledgements acknowledgments|ageing aging|aluminium aluminum|"
        "amongst among|artefact artifact|artefacts artifacts|catalogue catalog|catalogues catalogs|cheque check|"
        "defence defense|enrol enroll|enrolment enrollment|fulfil fulfill|fulfils fulfills|fulfilment fulfillment|"
        "grey gray|instalment installment|judgement judgment|judgements judgments|learnt learned|licence license|"
        "manoeuvre maneuver|mould mold|offence offense|offences offenses|paediatric pediatric|plough plow|"
        "practise practice|practised practiced|practising practicing|pretence pretense|programme program|"
        "programmes programs|sceptic skeptic|sceptical skeptical|scepticism skepticism|skilful skillful|"
        "spelt spelled|tyre tire|whilst while|wilful willful"
    ),
    "": (
        "adviser advisor|advisers advisors|benefitted benefited|benefitting benefiting|enquire inquire|"
        "enquiry inquiry|enquiries inquiries|focussed focused|focussing focusing|naïve naive|okay OK|"
        "toward towards|afterward afterwards|usable useable"
    ),
}
_NEVER_A_FAULT = word_set(
    "among analyses check learned license meter meters mold paralyses practice program spelled tire while"
)
"""Spellings that have another sense as well, or that both sides know."""


@lru_cache(maxsize=1)
def _pairs() -> Mapping[str, tuple[str, str]]:
    """Other spelling and side of each listed word."""
    found: dict[str, tuple[str, str]] = {}
    for sides, pairs in _PAIRS.items():
        first_side, second_side = sides.split() if sides else ("", "")
        for pair in pairs.split("|"):
            first, second = pair.split()
            found[first], found[second] = (second, first_side), (first, second_side)
    return found


@lru_cache(maxsize=20_000)
def _other_spelling(word: str) -> tuple[str, str, str] | None:
    """Other spelling, class and side of a word in lower case; None where there is one spelling alone."""
    if word in _NEVER_A_FAULT:
        return None
    if word in _pairs():
        other, side = _pairs()[word]
        return other, "", side
    for kind, pattern in _CLASSES:
        match = pattern.fullmatch(word)
        if match is None:
            continue
        forms = tuple(form.removesuffix("e") if kind in ("yse/yze", "ise/ize") else form for form in kind.split("/"))
        is_british = match["mark"] == forms[0]
        if kind == "ise/ize" and f"{match['stem'].removeprefix('un')}{match['mark']}e" in _ALWAYS_ISE | _ALWAYS_IZE:
            return None
        other = match["stem"] + forms[is_british] + match["end"]
        return _repaired(other, kind), kind, "british" if is_british else "american"
    return None


def _repaired(word: str, kind: str) -> str:
    """centered, but centred."""
    return re.sub("reed$", "red", re.sub("erd$", "ered", word)) if kind == "re/er" else word


def _variants(word: str, start: int) -> Iterator[Variant]:
    found = _other_spelling(word.lower())
    if found is not None:
        other, kind, side = found
        yield Variant(word, _in_case_of(word, other), kind, side, start, start + len(word))


def _in_case_of(word: str, other: str) -> str:
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other[0].upper() + other[1:] if word[0].isupper() else other


@lru_cache(maxsize=32)
def _joined(known: Orthography) -> Mapping[str, str]:
    """The one form that a document has of words which others write with a hyphen or without, by their letters."""
    forms: dict[str, list[str]] = {}
    for word, count in known.words.items():
        if count >= _LEAST_JOINED:
            forms.setdefault(word.replace("-", ""), []).append(word)
        else:
            forms.setdefault(word.replace("-", ""), []).extend([word, ""])
    return {letters: found[0] for letters, found in forms.items() if len(found) == 1}
