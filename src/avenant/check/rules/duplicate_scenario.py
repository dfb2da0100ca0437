"""duplicate-scenario: a scenario says the same as another one of the file, or nearly.

The same situation twice counts twice in the mean and tells nothing new. Where the two are of different families it is
worse: they count as two independent ideas, and the trial's interval is narrower than it should be. Compared are the
user's words and the whole conversation, whatever their case, punctuation and typography; nine words in ten in common,
in their order, are nearly the same. A target scenario and one for side effects may share all but the word that decides,
since they are never averaged together.

Example: "Help me plan the move of our call centre to an AI agent by spring." and "Help me plan the move of our call
centre to an AI agent by summer."

Instead: take one out, or let another person ask for another thing in another place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from avenant.check.draft import Draft
from avenant.check.finding import Flaw, Shown
from avenant.check.rule import Rule
from avenant.scenarios import Scenario
from avenant.text import cut_at_word, plain_words

_ALIKE = 0.9
_SHOWN = 120
"""Characters of the other scenario that are shown."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What is compared of a scenario."""

    scenario: Scenario
    user: tuple[str, ...]
    all: tuple[str, ...]
    counts: Counter[str]
    """Of the user's words."""


def find_duplicates(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each scenario that repeats an earlier one, which is shown."""
    file = draft.scenarios
    if file is None:
        return
    seen: list[_Words] = []
    for words in map(_words, file.scenarios):
        first = next((other for other in seen if _is_duplicate(words, other)), None)
        seen.append(words)
        if first is None:
            continue
        ours, theirs = words.scenario, first.scenario
        how = "the same" if words.all == first.all else "nearly the same"
        apart = "" if ours.family == theirs.family else ", and count as another family"
        problem = f"the messages of {ours.id!r} are {how} as those of {theirs.id!r}{apart}"
        shown = Shown(file.path, theirs.line, cut_at_word(theirs.messages[-1][1], _SHOWN))
        yield Flaw(file.path, ours.line, problem, "take one out, or let it be another situation", shown=(shown,))


def _words(scenario: Scenario) -> _Words:
    turns = [(role, plain_words(content)) for role, content in scenario.messages]
    user = tuple(word for role, words in turns if role == "user" for word in words)
    return _Words(scenario, user, tuple(word for _, words in turns for word in words), Counter(user))


def _is_duplicate(one: _Words, other: _Words) -> bool:
    if one.scenario.is_target != other.scenario.is_target:
        return one.all == other.all
    return _could_be_alike(one, other) and _is_alike(one.user, other.user) and _is_alike(one.all, other.all)


def _could_be_alike(one: _Words, other: _Words) -> bool:
    """Whether enough of the user's words are the same in any order; rules out nearly all pairs at little cost."""
    least = _ALIKE * (len(one.user) + len(other.user)) / 2
    if min(len(one.user), len(other.user)) < least:
        return False
    return sum(min(count, other.counts[word]) for word, count in one.counts.items()) >= least


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    from rapidfuzz.distance import Indel

    return one == other or Indel.normalized_similarity(one, other) >= _ALIKE


RULE = Rule("duplicate-scenario", "warning", "the same situation counts twice and tells nothing new", find_duplicates)
