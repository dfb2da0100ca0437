"""quotes-passage: a scenario's messages or replies carry words of the passage.

A scenario that quotes the passage tests whether the model can read, and not how it behaves: a model copies words that
it has just seen, whatever they ask for. Seven words in a row are no accident in a message, and ten in a reply, which
has to speak of the same things: case, punctuation, markup and typography are left aside. The rubric may quote the
passage, since the model under test does not see it.

Example: a passage with "gives the help and brings up, once and in concrete terms, how those affected keep a say", and a
wanted reply with "I should bring up, once and in concrete terms, how those affected keep a say".

Instead: write what a person in the situation would type, and what a good answer to them would be, in other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.scenarios import Scenario
from avenant.text import plain_words

_RUN = 7
"""Words in a row; the longest that messages and replies of the three examples share with their passages has three."""
_REPLY_RUN = 10
"""Words in a row of a reply; of 432 that a careful writer wrote, nine have seven to nine, and three have more."""


def find_quotes(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each part of a scenario that carries a run of a passage's words."""
    file = draft.scenarios
    if file is None:
        return
    passages = [plain_words(passage.text) for passage in draft.passages]
    runs = {words[at : at + _RUN] for words in passages for at in range(len(words) - _RUN + 1)}
    for scenario in file.scenarios if runs else ():
        for part, text in _parts(scenario):
            quoted = _longest(plain_words(text), runs)
            if len(quoted) >= (_RUN if part.startswith("message") else _REPLY_RUN):
                shown = " ".join(quoted[:12]) + (" …" if len(quoted) > 12 else "")
                problem = f"{part} of {scenario.id!r} has {len(quoted)} words of the passage in a row: “{shown}”"
                yield Flaw(file.path, scenario.line, problem, "say it in other words")


def _parts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for number, (role, content) in enumerate(scenario.messages, 1):
        yield f"message {number} ({role})", content
    yield "the wanted reply", scenario.wanted
    yield "the unwanted reply", scenario.unwanted


def _longest(words: tuple[str, ...], runs: set[tuple[str, ...]]) -> Sequence[str]:
    """The longest stretch of words that is made of runs of the passage."""
    best: Sequence[str] = ()
    start = None
    for at in range(len(words) - _RUN + 2):
        if words[at : at + _RUN] in runs:
            start = at if start is None else start
        elif start is not None:
            # The last run began one word ago.
            best = max(best, words[start : at - 1 + _RUN], key=len)
            start = None
    return best


RULE = Rule("quotes-passage", "warning", "the scenario would test reading, not conduct", find_quotes)
