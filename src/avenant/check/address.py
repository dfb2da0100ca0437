"""How a text speaks of the model and to it: by which noun, in which person, and in which mood it directs it.

Counted are references in a place where a reader takes them for the model: before a verb that directs it ("X should"),
as the object of a wish ("we want X to"), or with the definite article ("what the X says"). Plurals speak of models in
general. What stands in quotation marks or in a dialogue is left aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.running_text import RunningText, Sentence
from avenant.reading.word_set import word_set

NAME = "name"
"""The noun of a reference by the name that the document gives its model."""
MOODS: Mapping[str, str] = {
    "should": "should",
    "must": "must",
    "shall": "shall",
    "ought": "ought to",
    "may": "may",
    "can": "can",
    "will": "will",
    "need": "has to or needs to",
    "be": "is to",
    "want": "we want … to",
    "present": "a plain statement (“… asks”)",
    "imperative": "a command (“Ask …”)",
}
"""Forms of directing the model, as people call them."""
PRONOUNS: Mapping[str, str] = {
    "you": "you your yours yourself",
    "I": "I my mine me myself",
    "we": "we our ours us ourselves",
    "he or she": "he him his himself she her hers herself",
}
"""Pronouns by person."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where a sentence speaks of the model."""

    noun: str
    """`NAME`, "you", "I", or a noun without its article; empty for a command."""
    mood: str | None
    """A key of `MOODS`; None where it does not direct the model."""
    start: int
    """Offset in the text."""
    end: int


@dataclass(frozen=True, slots=True)
class Address:
    """How a document speaks of its model."""

    sentences: int
    """Sentences in its own voice."""
    directed: Mapping[str, int]
    """References that direct the model, by noun."""
    mentioned: Mapping[str, int]
    """All references, by noun."""
    moods: Mapping[str, int]
    """Sentences that direct the model, by mood."""
    pronouns: Mapping[str, int]
    """Sentences that have a pronoun, by the keys of `PRONOUNS`."""
    verbs: frozenset[str]
    """Verbs in the bare form, by which commands and statements are known."""


@lru_cache(maxsize=32)
def learn_address(text: RunningText, subject: str) -> Address:
    """How a document speaks of its model.

    Args:
        text: the document's.
        subject: what it calls its model.
    """
    verbs = _learn_verbs(text)
    directed: Counter[str] = Counter()
    mentioned: Counter[str] = Counter()
    moods: Counter[str] = Counter()
    pronouns: Counter[str] = Counter()
    for sentence in text.sentences:
        found = list(find_references(sentence, (subject,), verbs))
        directed.update(one.noun for one in found if one.mood)
        mentioned.update(one.noun for one in found)
        moods.update(one.mood for one in found if one.mood)
        pronouns.update({key for key, _, _ in find_pronouns(sentence)})
    return Address(len(text.sentences), directed, mentioned, moods, pronouns, verbs)


def find_references(sentence: Sentence, names: tuple[str, ...], verbs: Collection[str]) -> Iterator[Reference]:
    """Where a sentence speaks of the model or directs it.

    Args:
        sentence: of a document or a passage.
        names: what the model is called there.
        verbs: those that are known in the bare form.
    """
    at, text = sentence.start, sentence.text
    patterns = _patterns(names)
    for match in patterns.directed.finditer(text):
        mood = next((key for key in MOODS if match.groupdict().get(key)), None)
        if mood is None and not match["name"] and not match["who"].lower().startswith("the "):
            # What "an AI is" is said of all of them.
            continue
        yield Reference(_noun(match), mood, at + match.start("who"), at + match.end())
    for match in patterns.wished.finditer(text):
        yield Reference(_noun(match), "want", at + match.start("who"), at + match.end("who"))
    for match in patterns.mentioned.finditer(text):
        yield Reference(match["noun"], None, at + match.start(), at + match.end())
    statement = patterns.statement.match(text)
    if statement:
        yield Reference(NAME, "present", at + statement.start("name"), at + statement.end())
    command = _COMMAND.match(text)
    if command and sentence.clause.kind == "paragraph" and (command["led"] or command["bare"]).lower() in verbs:
        yield Reference("", "imperative", at, at + command.end())


def find_pronouns(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Pronouns by the keys of `PRONOUNS`, with their places in the text."""
    for match in _PRONOUN.finditer(sentence.text):
        yield _PERSONS[match.group().lower()], sentence.start + match.start(), sentence.start + match.end()


_PERSONS = {word.lower(): key for key, words in PRONOUNS.items() for word in words.split()}
# "US" is a country, and "i" a number.
_IN_ANY_CASE = "|".join(word for word in _PERSONS if word not in ("i", "us"))
_PRONOUN = re.compile(rf"(?<![\w’'.-])(?<!\b[Tt]hank\ )(?:I|[Uu]s|(?i:{_IN_ANY_CASE}))(?![\w-]|\.\w)")
_HEADS = "AI(?: model| system| assistant| agent)?|language model|model|assistant|chatbot|bot|LLM|machine"
_ARTICLES = "[Tt]he|[Aa]n?|[Tt]his|[Oo]ur|[Aa]ny|[Ee]very|[Ee]ach|[Yy]our"
_ADVERBS = r"(?:(?:not|also|then|still|always|never|only|just|[a-z]+ly)[ ]+){0,3}"
_VERBS = r"""
    (?: (?P<should>should(?:n['’]t)?) | (?P<must>must(?:n['’]t)?) | (?P<shall>shall|shan['’]t)
      | (?P<ought>ought)(?=\ (?:not\ )?to\b) | (?P<may>may) | (?P<can>can(?:not|['’]t)?) | (?P<will>will|won['’]t)
      | (?P<need>needs?|has|have)(?=\ to\b) | (?P<be>is|are)(?=\ (?:not|expected|required|obliged)?\ ?to\b)
      | (?:is|are|was|were|has|have|had|does|do|did|could|would|might)(?:n['’]t)?
    )
"""
_TO_READERS = word_set("assume compare consider imagine let note recall remember see suppose take think")
"""Verbs by which a document asks its readers to follow it."""
_COMMON_VERBS = word_set(
    "answer ask avoid be check choose decline do ensure explain follow give help keep make offer prefer protect "
    "provide refuse respect respond say seek share show state stop support tell treat try use write"
)
_NO_VERBS = word_set("all also and any as at but first given if in like no of often on or so still the then they this")
_BARE = re.compile(
    r"\b(?:should|must|may|can|cannot|will|could|(?:able|aims?|how|needs?|order|tr(?:y|ies)|wants?)\ to)\s+(?:not\s+)?"
    r"(?P<verb>[a-z]{2,})\b"
)
_NO_STATEMENT = (
    r"(?:agents|always|as|assistants|does|has|instances|is|its|models|perhaps|products|sometimes|this|thus|users|was)\b"
    r"(?!\ not)"
)
_BEHIND = "a|an|the|any|all|every|each|its|their|your|people|users|that|this|these|only|what|whether|for|with|it|them"
_COMMAND = re.compile(
    rf"(?:Please|Always|Never|Do\ not|Don['’]t)\ (?P<led>[a-z]+)\b|(?P<bare>[A-Z][a-z]+)\ (?:{_BEHIND})\b"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    directed: re.Pattern[str]
    wished: re.Pattern[str]
    mentioned: re.Pattern[str]
    statement: re.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(names: tuple[str, ...]) -> _Patterns:
    # "the assistant" may begin a sentence.
    forms = (f"[{name[0].upper()}{name[0].lower()}]{re.escape(name[1:])}" for name in sorted(names, key=len)[::-1])
    name = rf"(?P<name>(?<!\w)(?:{'|'.join(forms)}))(?!\w)"
    who = rf"(?P<who>{name}|\b(?:{_ARTICLES})\s+(?P<noun>{_HEADS})\b|\b(?P<person>[Yy]ou|I)\b)"
    wish = r"(?:\b[Ww]e\b[^,;:.]{0,40}?|\b[A-Z]\w+\s+)\b(?:want|wish|expect|intend|prefer|like)s?\s+"
    rest = r"['’]s\b|[.,;:)]|\s+(?:to|from|into|and|or|in|on|when|if|that|who|which|for|as|not)\b"
    return _Patterns(
        directed=re.compile(rf"{who}\s+{_ADVERBS}{_VERBS}(?!\w)", re.VERBOSE),
        wished=re.compile(rf"{wish}{who}\s+(?:not\s+)?to\b"),
        mentioned=re.compile(rf"(?!{name})\b[Tt]he\s+(?P<noun>{_HEADS})\b(?={rest})"),
        statement=re.compile(
            rf"(?:[^.;:,]{{1,140}},\s+)?{name}\s+{_ADVERBS}(?!{_NO_STATEMENT})(?:[a-z]{{3,}}s|doesn['’]t)\b"
        ),
    )


def _noun(match: re.Match[str]) -> str:
    return NAME if match["name"] else match["noun"] or _PERSONS[match["person"].lower()]


def _learn_verbs(text: RunningText) -> frozenset[str]:
    found = {match["verb"] for match in _BARE.finditer(text.text)} | _COMMON_VERBS
    # An adverb may come before the verb.
    verbs = (word for word in found if not re.search(r"ly$|[^s]s$", word))
    return frozenset(verbs) - _NO_VERBS - _TO_READERS
