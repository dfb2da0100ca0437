"""What a sentence has the model do: each act with its direction, found by the words that govern it.

This is reading by rule of thumb: modal verbs, negations and a list of verbs. It takes no sentence apart as a grammar
would, so a reader of its results says "look here" and never "this contradicts".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Literal

from avenant.reading.sentences import Sentence
from avenant.text import fold_words

Force = Literal["must", "should", "may", "does"]
"""How an act is put: as a rule without exception, as what is wanted, as what is allowed, as what the model does."""

_AGENT = "\ufffc"
"""Stands for the model's name while a sentence is read."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a sentence has the model do or leave."""

    start: int
    """Offset in the sentence at which the act's own words begin, just behind what governs them."""
    end: int
    """Offset just past them."""
    is_wanted: bool
    """Whether it is to be done or may be done; otherwise it is to be left."""
    force: Force
    is_named: bool
    """Whether the model itself is the one who acts; otherwise nobody is named, or "it" or "they" are."""


def acts_of(sentence: Sentence, agents: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts of a sentence, in order; for a list item, with the direction that the lead of its list gives it.

    Args:
        sentence: read bare, so that what it quotes is no act.
        agents: what the model is called.
    """
    own = find_acts(sentence.bare, agents)
    above = find_acts(sentence.lead, agents)[-1:] if not any(act.is_named for act in own) else ()
    if above:
        words = sentence.lead[above[0].start : above[0].end].split()
        if len(words) <= _GENERAL_WORDS or not above[0].is_wanted:
            order = _ORDER.match(sentence.bare)
            is_wanted = above[0].is_wanted != bool(order)
            start = order.end() if order else 0
            return (replace(above[0], start=start, end=len(sentence.bare), is_wanted=is_wanted),)
    if _lists_examples(sentence.lead, agents):
        # What it opens with, "inserting a backdoor" or "direct costs", names a thing and tells nobody to do it.
        return tuple(act for act in own if act.is_named or act.start > 0)
    return own or (_find_gerund(sentence.bare) if sentence.clause.kind == "list-item" else ())


@lru_cache(maxsize=16384)
def find_acts(text: str, agents: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts of a sentence that stands alone, folded and bare."""
    masked = _mask_agents(text, agents)
    starts = sorted(_find_starts(masked), key=lambda start: (start.at, start.governs_from))
    ends = [start.governs_from for start in starts[1:]] + [len(text)]
    return tuple(
        Act(start.at, end, start.is_wanted != bool(_NOBODY.match(text, start.at)), start.force, start.is_named)
        for start, end in zip(starts, ends, strict=False)
        if start.at < end
    )


def _lists_examples(lead: str, agents: tuple[str, ...]) -> bool:
    """Whether a list gives examples of something, neither said to be good nor the model's own conduct."""
    return bool(_EXAMPLES.search(lead)) and not _GOOD.search(lead) and _AGENT not in _mask_agents(lead, agents)


def _mask_agents(text: str, agents: tuple[str, ...]) -> str:
    """The text with the model's name blanked out, at the same length; its possessive is left alone."""
    return _agents_pattern(agents).sub(lambda match: _AGENT * len(match.group()), text) if agents else text


@lru_cache(maxsize=32)
def _agents_pattern(agents: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(fold_words(name)) for name in sorted(agents, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names})(?!'s?\b|\w)", re.IGNORECASE)


_GENERAL_WORDS = 4
"""A lead of so few words behind its verb ("must not produce the following:") only gives the items their direction."""
_EXAMPLES = re.compile(r"(?<!for )\b(?:examples?|instances)\b", re.IGNORECASE)
"""What the lead of a list says whose items are examples of something, and so are no acts."""
_GOOD = re.compile(
    r"\b(?:good|better|best|helpful|safe|safer|appropriate|acceptable|desirable|allowed|permitted|encouraged)\b",
    re.IGNORECASE,
)
"""What it says where they are examples to follow."""
_ADVERB = (
    r"(?:\w+ly|also|then|thus|still|just|instead|rather|once|first|sometimes|often|always|either|even|now|at\ least"
    r"|at\ most|in\ general|for\ now|by\ default|as\ a\ rule|as\ well|at\ all|ever|too|however|almost|already|both|yet)"
)
_ADVERBS = rf"(?:,?\ *{_ADVERB},?\ +)*"
_WHO = rf"(?P<who>{_AGENT}+|\bit\b|\bthey\b)"
_ASIDE = r"(?:,[^,.;:]{1,60},|\ \([^()]{1,80}\)|\ ?-[^-.;:]{1,80}-)?"
_ASKING = {
    "must": r"must|shall|has\ to|have\ to|needs?\ to|(?:is|are)\ required\ to",
    "should": r"should|ought\ to|(?:is|are)\ (?:expected\ |supposed\ )?to|had\ better",
    "may": r"may|can|(?:is|are)\ (?:free|allowed|permitted|welcome|able)\ to",
    "does": r"will|(?:tr(?:ies|y)|aims?|strives?|seeks?)\ to",
}
_FORBIDDING = {
    "must": (
        r"must\ (?:not|never)|mustn't|shall\ (?:not|never)|(?:may|can|should|will)\ (?:\w+ly\ )?never|may\ not|cannot"
        r"|can\ not|can't|(?:is|are)\ not\ (?:allowed|permitted)\ to"
    ),
    "should": r"should\ not|shouldn't|ought\ not(?:\ to)?|(?:is|are)\ not\ to",
    "may": (
        r"need\ not|needn't|(?:does\ not|doesn't|do\ not|don't)\ (?:need|have)\ to"
        r"|(?:is|are)\ (?:also\ )?not\ required\ to"
    ),
    "does": r"does\ not|doesn't|do\ not|don't|will\ not|won't|never|no\ longer|refrains?\ from",
}
_FORBID = "|".join(f"(?P<not_{force}>{words})" for force, words in _FORBIDDING.items())
_ASK = "|".join(f"(?P<do_{force}>{words})" for force, words in _ASKING.items())
_NOT = r"(?:(?:\w+ly\ )?(?:not|never)\ )"
_MODAL = rf"(?:(?:{_FORBID}|{_ASK})\b(?P<negated>\ {_NOT})?)"
_GOVERNED = re.compile(rf"{_WHO}{_ASIDE}\ +{_ADVERBS}{_MODAL}", re.IGNORECASE)
"""The model, or "it", with a modal verb or a negation."""
_FURTHER = re.compile(
    rf"(?:[,;]|\b(?:and|but|or|nor)\b)\ *(?:and\ |but\ |or\ |nor\ )?{_ADVERBS}{_MODAL}", re.IGNORECASE
)
"""A further act of the same one who acts: "… and should not …"."""
_WISH = (
    r"(?:want|'d\ like|like|prefer|hope|hoping|expect|ask|asking|encourage|trust|urge|need"
    r"|wish|intend|aim|direct|tell|instruct|train|allow|permit)(?:s|es)?"
)
_WISHED = re.compile(
    r"(?:\bwe|\bwould|\bto|\band|(?P<refused>n't|\bnot)|\b(?-i:[A-Z]\w+))\ "
    r"(?:\w+ly\ |also\ |therefore\ |thus\ |still\ |do\ )?"
    rf"{_WISH}\ +(?:for\ )?{_WHO}\ +(?P<before>{_NOT})?{_ADVERBS}to(?=[\ :])(?P<behind>\ {_NOT})?",
    re.IGNORECASE,
)
"""What the document wants of the model: "we want it to …"."""
_PEOPLE = (
    r"users?|operators?|developers?|deployers?|people|person|persons|humans?|we|i|you|they|he|she|it|one|anyone|someone"
    r"|everyone|who|which|that|what|and|or|but|nor|then|also|anthropic|openai|lab|company|companies|institutions?"
)
_IMPERSONAL = re.compile(
    r"(?<![\w'])(?P<subject>[\w'-]+)\ (?P<force>should|must|(?:is|are)\ to\ be)(?P<negated>\ not|n't)?\ "
    r"(?P<never>(?:\w+ly\ )?never\ )?(?:\w+ly\ |also\ )?(?:be\ )?(?=\w)",
    re.IGNORECASE,
)
"""What is to be, whoever does it: "sources should be named"."""
_SUBORDINATE = re.compile(
    r"\b(?:if|when|whenever|where|wherever|whether|unless|until|once|how|what|which|whom|why|after|before|than|as|like"
    r"|person|people)\ +$",
    re.IGNORECASE,
)
"""Behind these the model's act is a condition or an aside: "when it does not know"."""
_NO_ORDER = r"has|have|had|is|are|was|were|do|does|did|will|would|can|could|should|must|may|mind|before|again"
_CONDITION = re.compile(
    r"(?:if|when|whenever|where|wherever|for|in|on|at|before|after|with|without|once|while|as|unless|until|given|asked"
    r"|told|faced|by)\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"\bthat\ +$", re.IGNORECASE)
_HOPED = re.compile(r"\b(?:hopes?|prefer|expect|trust|wish|so(?=\ +that))(?:\ +that)?\ +$", re.IGNORECASE)
_NOUN_BEHIND = re.compile(
    r"(?<!\band)(?<!\bbut)(?<!\bor)(?<!\bso)(?<!\bthen)(?<!\bbecause)(?<!\bsince)(?<!\bthough)(?<!\balthough)(?<!\bwhile)"
    r"(?<!\bwhereas)(?<!\bcase)(?<!\bcases)(?<!\bhere)(?<!\btherefore)(?<!\brather)(?<!ly)(?<=[^\W\d_])\ +$",
    re.IGNORECASE,
)
"""A word that begins no clause of its own, just before the model's name or a pronoun."""
_DENIED = re.compile(r"(?:\bnot|n't)\ (?:mean|imply|say)(?:\ that)?\ $", re.IGNORECASE)
"""What stands before an act that the sentence takes back: "this does not mean that it should …"."""
_NOBODY = re.compile(r"\W*\w+\ (?:nobody|no\ one|nothing|none)\b", re.IGNORECASE)
"""An act that is left because it reaches nobody: "deceives nobody"."""
_ORDER = re.compile(r"(?:never|not|do not|don't|avoid)\ ", re.IGNORECASE)
"""How an item of a list turns the direction of its lead round."""
_INVERTED = re.compile(
    r"\b(?:under\ no\ circumstances?|in\ no\ case|on\ no\ account|at\ no\ time|nor|neither|never)\b[^.;:]{0,40}?"
    rf"\b(?:should|must|may|can|does|will)\ {_WHO}\ ",
    re.IGNORECASE,
)
"""The model behind its verb: "under no circumstances should it …"."""


@dataclass(frozen=True, slots=True)
class _Start:
    governs_from: int
    """Where the words that govern the act begin."""
    at: int
    """Where its own words begin."""
    is_wanted: bool
    force: Force
    is_named: bool


def _find_starts(text: str) -> Iterator[_Start]:
    taken: list[int] = []
    for find in (_wished, _inverted, _governed, _told, _described, _impersonal):
        for start in find(text):
            if all(abs(start.at - other) > 2 for other in taken):
                taken.append(start.at)
                yield start


def _wished(text: str) -> Iterator[_Start]:
    for match in _WISHED.finditer(text):
        negations = sum(bool(match[name]) for name in ("refused", "before", "behind"))
        force: Force = "may" if re.search(r"\b(?:allow|permit)", match.group(), re.IGNORECASE) else "should"
        yield _Start(match.start(), match.end(), negations % 2 == 0, force, _AGENT in match["who"])


def _inverted(text: str) -> Iterator[_Start]:
    for match in _INVERTED.finditer(text):
        yield _Start(match.start(), match.end(), False, "must", _AGENT in match["who"])


def _governed(text: str) -> Iterator[_Start]:
    """Acts behind a modal verb or a negation, and further ones of the same sentence."""
    first = min(_first_agent(text), next((start.governs_from for start in _impersonal(text)), len(text)))
    for match in _GOVERNED.finditer(text):
        if _is_main(text, match):
            first = min(first, match.start())
            yield _modal(match, _AGENT in match["who"])
    for match in _FURTHER.finditer(text, first):
        yield _modal(match, _AGENT in text)


def _first_agent(text: str) -> int:
    at = text.find(_AGENT)
    return len(text) if at < 0 else at


def _is_main(text: str, match: re.Match[str]) -> bool:
    """Whether the model's act is the sentence's own, and no condition or relative clause."""
    before = text[: match.start("who")]
    if _SUBORDINATE.search(before):
        return False
    groups = match.groupdict()
    is_modal = any(groups.get(name) for name in ("do_must", "do_should", "not_must", "not_should"))
    if _HOPED.search(before):
        return True
    if _THAT.search(before):
        return is_modal
    # "The people it works for": a pronoun behind a noun begins a relative clause.
    return not _NOUN_BEHIND.search(before) or (is_modal and _AGENT in match["who"])


def _modal(match: re.Match[str], is_named: bool) -> _Start:
    group = next(name for name, words in match.groupdict().items() if words and name[:3] in ("do_", "not"))
    is_wanted = group.startswith("do_") and not match["negated"]
    if _DENIED.search(match.string, 0, match.start()):
        is_wanted = not is_wanted
    force: Force = group.split("_")[1]  # type: ignore[assignment]
    return _Start(match.start(), match.end(), is_wanted, force, is_named)


def _told(text: str) -> Iterator[_Start]:
    """Imperatives: at the head of the sentence, or behind its condition."""
    for match in _imperative().finditer(text):
        if match.start() and not (
            _CONDITION.match(text) and _AGENT not in text and text.count(",", 0, match.end()) == 1
        ):
            continue
        order = (match["order"] or "").lower()
        force: Force = "must" if order in ("never ", "always ") else "should"
        at = match.start("any") if order else match.start("verb")
        yield _Start(at, at, order in ("", "always "), force, False)


@lru_cache(maxsize=1)
def _imperative() -> re.Pattern[str]:
    verbs = "|".join(sorted(read_verbs()))
    # Behind "never" any verb will do, but for "never has …".
    told = rf"(?P<order>do\ not\ |don't\ |never\ |always\ )(?P<any>(?!(?:{_NO_ORDER})\b)\w+)|(?P<verb>{verbs})"
    return re.compile(rf"(?:^|,\ +)(?:please\ |then\ |instead,?\ )?(?:{told})(?=[\ ,.])", re.IGNORECASE)


def _described(text: str) -> Iterator[_Start]:
    """Present tense: "it answers and asks"."""
    first = next(
        (match.start() for match in _GOVERNED.finditer(text) if match["not_does"] and _is_main(text, match)), -1
    )
    for match in _present().finditer(text):
        if _is_main(text, match):
            first = match.start() if first < 0 else min(first, match.start())
            at = match.start("verb") if match["verb"] else match.start("any") + 1
            yield _Start(match.start(), at, True, "does", _AGENT in match["who"])
    for match in _further_present().finditer(text, first if first >= 0 else len(text)):
        yield _Start(match.start(), match.start("verb"), True, "does", _AGENT in text)


@lru_cache(maxsize=1)
def _present() -> re.Pattern[str]:
    # Behind the model's name any verb will do; behind "it" only those of conduct: "it rains".
    named = rf"(?<={_AGENT})\ +{_ADVERBS}(?!(?:is|has|was|does|as|this|its|users|models)\b)\w+[^\W\d_s]s\b"
    verb = rf"(?P<verb>{_third_persons()})\b"
    return re.compile(rf"{_WHO}(?:{_ASIDE}\ +{_ADVERBS}{verb}|(?P<any>{named}))", re.IGNORECASE)


@lru_cache(maxsize=1)
def _further_present() -> re.Pattern[str]:
    joint = r"(?:,|;|\band|\bbut|\bor)\ +(?:and\ |but\ |or\ )?"
    return re.compile(rf"{joint}{_ADVERBS}(?P<verb>{_third_persons()})\b", re.IGNORECASE)


def _impersonal(text: str) -> Iterator[_Start]:
    for match in _IMPERSONAL.finditer(text):
        if re.fullmatch(_PEOPLE, match["subject"], re.IGNORECASE) or _AGENT in match["subject"]:
            continue
        is_wanted = not (match["negated"] or match["never"])
        force: Force = "must" if match["force"].lower() == "must" or match["never"] else "should"
        yield _Start(match.start("force"), match.end(), is_wanted, force, False)


_GERUND = re.compile(r"(?P<no>not\ |never\ )?(?:\w+ly\ )?(?P<verb>\w+)ing\b", re.IGNORECASE)


def _find_gerund(text: str) -> tuple[Act, ...]:
    """The act of an item that begins with one: "Not undermining …"."""
    match = _GERUND.match(text)
    if match is None:
        return ()
    verb = match["verb"].lower()
    # Without a negation it may be a thing that is listed: "Housing".
    if not match["no"] and not {verb, f"{verb}e"} & read_verbs():
        return ()
    return (Act(match.start("verb"), len(text), not match["no"], "does", False),)


@lru_cache(maxsize=1)
def read_verbs() -> frozenset[str]:
    """Verbs of conduct in their first form."""
    lines = (resources.files("avenant.reading") / "verbs.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _third_persons() -> str:
    return "|".join(sorted(_third_person(verb) for verb in read_verbs() - {"be"}))


def _third_person(verb: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"
