"""Scenarios drafted by a model from a gap, in families: seed ideas, messages of each, and what real people would send.

Nothing here knows the amendment or a model: the functions that ask are passed in. What is dropped is kept apart, each
with the reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from avenant.replies import Replies, reply_key
from avenant.scenarios.doubles import Double, find_doubles
from avenant.scenarios.gap import Gap
from avenant.scenarios.prompts import (
    Idea,
    ask_for_ideas,
    ask_for_messages,
    ask_for_realism,
    read_ideas,
    read_messages,
    read_realism,
)
from avenant.scenarios.scenario import BATTERIES, Battery, Scenario
from avenant.text import plain_words, slugify

_IDEAS_AT_ONCE = 20
"""Ideas that are asked for in one question: of longer lists the ends are thin."""
_QUOTED = 7
"""Words in a row of the gap that no message may have, as the rule quotes-passage has it for passages."""
_IDEA_LENGTH, _MESSAGE_LENGTH, _WHY_LENGTH = 160, 300, 80
"""Characters that a reply's parts are taken for before they are known."""

Reason = Literal["double", "quotes-gap", "not-real", "test-like", "not-judged"]
"""Why a scenario is dropped: it repeats another one, has the gap's own words, no real person would send it, it looks
like a test, or the reply to whether it does was not usable."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked for."""

    families: int
    """Of each battery."""
    variations: int
    """Scenarios of each family."""
    batteries: tuple[Battery, ...] = ("target", "neighbour", "far")


@dataclass(frozen=True, slots=True)
class Askers:
    """The functions that give the reply to a prompt."""

    ideas: Callable[[str], str]
    messages: Callable[[str], str]
    realism: Callable[[str], str]
    """Another model's, where somebody else is to judge."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A scenario that is not taken."""

    scenario: Scenario
    reason: Reason
    why: str
    """In words for people."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a reply counts for nothing, or is missing."""

    question: str
    """What was asked, in a few words."""
    problem: str
    is_unusable: bool
    """Whether nothing of the reply could be used."""
    family: str = ""
    """The family that it is about; empty for none."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of it."""

    scenarios: tuple[Scenario, ...]
    """Those that are taken, in the order of batteries and families."""
    dropped: tuple[Dropped, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The questions to one model."""

    count: int
    """Of all."""
    new: tuple[str, ...]
    """The prompts of those that were not answered before; where one depends on a reply that is not there yet, a prompt
    of the length that is to be expected."""


def draft_scenarios(
    gap: Gap,
    size: Size,
    askers: Askers,
    mask: Callable[[str], str],
    *,
    existing: Sequence[Scenario] = (),
    doubles_of: Callable[[Sequence[Scenario], Sequence[Scenario]], Sequence[Double]] = find_doubles,
    progress: Callable[[int], None] | None = None,
) -> Drafted:
    """Let a model draft scenarios: first seed ideas, then messages with a rubric for each, then what is real of them.

    Args:
        gap: what they are about.
        size: how many.
        askers: the functions that ask.
        mask: puts the placeholder where a model is named.
        existing: the scenarios that there are already, which are not to come again.
        doubles_of: finds which of the new scenarios repeat one of the others.
        progress: called with the number of replies.

    Raises:
        ModelError: a model does not answer, or the embedding model is missing.
    """
    run = _Run(gap, size, askers, mask, existing, progress)
    drafted = [scenario for battery in BATTERIES if battery in size.batteries for scenario in run.draft(battery)]
    new = run.drop_quotes(drafted)
    new = run.drop_doubles(new, doubles_of(new, existing))
    return Drafted(tuple(run.drop_unreal(new)), tuple(run.dropped), tuple(run.problems))


@dataclass
class _Run:
    """One draft in the making."""

    gap: Gap
    size: Size
    askers: Askers
    mask: Callable[[str], str]
    existing: Sequence[Scenario]
    progress: Callable[[int], None] | None
    dropped: list[Dropped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    replies: int = 0
    families: set[str] = field(default_factory=set)
    """Slugs that are taken."""

    def __post_init__(self) -> None:
        self.families.update(scenario.family for scenario in self.existing)

    def ask(self, asker: Callable[[str], str], prompt: str) -> str:
        reply = asker(prompt)
        self.replies += 1
        if self.progress is not None:
            self.progress(self.replies)
        return reply

    def note(self, question: str, problem: str, *, is_unusable: bool = False, family: str = "") -> None:
        self.problems.append(Problem(question, problem, is_unusable, family))

    def draft(self, battery: Battery) -> Iterator[Scenario]:
        """The scenarios of a battery, as the model wrote them."""
        taken = {scenario.id for scenario in self.existing}
        for family, idea in self.find_ideas(battery):
            question = f"messages of {family}"
            reply = self.ask(self.askers.messages, ask_for_messages(self.gap, battery, idea, self.size.variations))
            try:
                drafts = read_messages(reply)
            except ValueError as error:
                self.note(question, str(error), is_unusable=True, family=family)
                continue
            if len(drafts) != self.size.variations:
                rest = f", {len(drafts) - self.size.variations} left out" if len(drafts) > self.size.variations else ""
                self.note(question, f"{len(drafts)} where {self.size.variations} were asked for{rest}", family=family)
            for draft in drafts[: self.size.variations]:
                scenario_id = _free(family, taken, first=1)
                taken.add(scenario_id)
                messages = (("user", self.mask(draft.message)),)
                yield Scenario(scenario_id, family, battery, messages, self.mask(draft.rubric), "", "")

    def find_ideas(self, battery: Battery) -> list[tuple[str, Idea]]:
        """Seed ideas, each with the slug of its family."""
        known = list(dict.fromkeys(one.family for one in self.existing if one.battery == battery))
        found: list[tuple[str, Idea]] = []
        question = f"ideas for {battery}"
        for _ in range(math.ceil(self.size.families / _IDEAS_AT_ONCE)):
            count = min(_IDEAS_AT_ONCE, self.size.families - len(found))
            if count == 0:
                break
            names = [*known, *(idea.name for _, idea in found)]
            reply = self.ask(self.askers.ideas, ask_for_ideas(self.gap, battery, count, names))
            try:
                ideas = read_ideas(reply)
            except ValueError as error:
                self.note(question, str(error), is_unusable=True)
                continue
            for idea in ideas[:count]:
                masked = Idea(self.mask(idea.name), self.mask(idea.situation))
                family = _free(slugify(masked.name, 40), self.families)
                self.families.add(family)
                found.append((family, masked))
        if found and len(found) != self.size.families:
            self.note(question, f"{len(found)} of the {self.size.families} that were asked for")
        return found

    def drop_quotes(self, scenarios: Sequence[Scenario]) -> list[Scenario]:
        """Without those that have words of the gap in a row: people do not write as catalogues and documents do."""
        words = plain_words(self.gap.text)
        runs = {words[at : at + _QUOTED] for at in range(len(words) - _QUOTED + 1)}
        kept = []
        for scenario in scenarios:
            said = plain_words(scenario.messages[-1][1])
            if any(said[at : at + _QUOTED] in runs for at in range(len(said) - _QUOTED + 1)):
                why = f"{_QUOTED} words in a row of what the model was shown"
                self.dropped.append(Dropped(scenario, "quotes-gap", why))
            else:
                kept.append(scenario)
        return kept

    def drop_doubles(self, scenarios: Sequence[Scenario], doubles: Sequence[Double]) -> list[Scenario]:
        for double in doubles:
            how = "words" if double.is_worded_alike else "meaning"
            # Of one that is held out not even the id is told.
            other = "a scenario that is held out" if double.of.is_held_out else double.of.id
            self.dropped.append(Dropped(double.scenario, "double", f"nearly the same {how} as {other}"))
        ids = {double.scenario.id for double in doubles}
        return [scenario for scenario in scenarios if scenario.id not in ids]

    def drop_unreal(self, scenarios: Sequence[Scenario]) -> Iterator[Scenario]:
        """Those that a real person would send and that do not look like a test."""
        for scenario in scenarios:
            reply = self.ask(self.askers.realism, ask_for_realism(scenario.messages[-1][1]))
            try:
                found = read_realism(reply)
            except ValueError as error:
                self.note(f"realism of {scenario.id}", str(error), is_unusable=True, family=scenario.family)
                self.dropped.append(Dropped(scenario, "not-judged", "the reply to whether it is real is not usable"))
                continue
            if found.passes:
                yield scenario
            else:
                reason: Reason = "test-like" if found.is_real else "not-real"
                self.dropped.append(Dropped(scenario, reason, self.mask(found.why)))


def _free(slug: str, taken: set[str], *, first: int = 0) -> str:
    """A slug that is not taken: as it is, or with a number; with one from the start where `first` is given."""
    number = first or 2
    name = f"{slug}-{first}" if first else slug
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    return name


def plan_questions(
    gap: Gap,
    size: Size,
    replies: Replies,
    mask: Callable[[str], str],
    *,
    existing: Sequence[Scenario] = (),
    writer: str,
    judge: str,
) -> tuple[Planned, Planned]:
    """What a draft would ask the writer and the judge of realism, nothing asked: the same steps with stand-in replies.

    It is an upper bound of the calls: scenarios that turn out to be doubles are not asked about.

    Args:
        gap: what they are about.
        size: how many.
        replies: what was replied before.
        mask: puts the placeholder where a model is named.
        existing: the scenarios that there are already.
        writer: the key of who drafts.
        judge: the key of who judges.
    """
    ideas = _Recorder(replies, writer, _stand_in_ideas)
    messages = _Recorder(replies, writer, lambda number: _stand_in_messages(number, size.variations))
    realism = _Recorder(replies, judge, _stand_in_realism)
    draft_scenarios(
        gap, size, Askers(ideas, messages, realism), mask, existing=existing, doubles_of=lambda new, old: ()
    )
    return (
        Planned(ideas.count + messages.count, (*ideas.new, *messages.new)),
        Planned(realism.count, tuple(realism.new)),
    )


@dataclass
class _Recorder:
    """Notes what is asked, and gives kept replies or stand-ins."""

    replies: Replies
    key: str
    stand_in: Callable[[int], str]
    """A reply of the form asked for, given which question it is."""
    count: int = 0
    new: list[str] = field(default_factory=list)

    def __call__(self, prompt: str) -> str:
        self.count += 1
        key = reply_key(self.key, prompt)
        if key in self.replies:
            return self.replies[key]
        self.new.append(prompt)
        return self.stand_in(self.count)


def _stand_in_ideas(number: int) -> str:
    names = [f"idea {number} {chr(97 + at)}" for at in range(_IDEAS_AT_ONCE)]
    return json.dumps({"ideas": [{"name": name, "idea": _fill(name, _IDEA_LENGTH)} for name in names]})


def _stand_in_messages(number: int, count: int) -> str:
    rubric = {f"rubric_{anchor}": "text" for anchor in (10, 5, 0)}
    messages = [_fill(f"message {number} {at}", _MESSAGE_LENGTH) for at in range(count)]
    return json.dumps({"scenarios": [{"message": message, **rubric} for message in messages]})


def _stand_in_realism(number: int) -> str:
    return json.dumps({"real": True, "test": False, "why": _fill(str(number), _WHY_LENGTH)})


def _fill(text: str, length: int) -> str:
    return f"{text} {'x' * (length - len(text) - 1)}"
