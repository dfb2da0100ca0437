"""no-condition: the passage does not say when it applies.

An instruction without its occasion applies to every reply. A model that is told to name its sources, and not when,
names them under a birthday poem as well, and nobody can tell which scenarios to try.

Example: "Clément names the people who would lose by a plan."

Instead: "When someone asks Clément for a plan that decides over other people’s livelihoods, Clément names those who
would lose by it." A principle that is meant to hold everywhere may do without; this is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.reading import find_whole_passages, read_passage
from avenant.check.rule import Rule

_CONDITION = re.compile(
    r"""\b(?:when|whenever|if|where|wherever|unless|until|while|whether|once|before|after|during|upon|asked|told|faced
    |given|provided|absent|as\ long\ as|insofar|to\ the\ extent|in\ case|by\ default|except|regardless|without
    |whoever)\b
    | (?:^|\b(?:for|to|with|from|toward|towards|among|of)\ (?:\w+\ ){0,2})(?:people|users?|someone|anyone|those)
    \ (?:who|whose)\b
    | \b(?:in|for|on|with|at|under|to|about|within|of)\ (?:\w+\W+){0,3}?(?:cases?|situations?|contexts?|settings?
    |conversations?|requests?|questions?|tasks?|topics?|matters?|discussions?|interactions?|circumstances?|messages?
    |instructions?|queries|areas?|domains?|examples?|decisions?|activities|actions|advice|content|behaviors?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What may tell an occasion. It is a wide net: better to miss a passage without one than to nag."""


def find_missing_condition(draft: Draft) -> Iterator[Flaw]:
    """A flaw where no passage of the draft says when it applies."""
    passages = find_whole_passages(draft)
    readings = [reading for passage in passages for reading in read_passage(draft, passage)]
    has_acts = any(reading.acts for reading in readings)
    if has_acts and not any(_CONDITION.search(reading.sentence.whole) for reading in readings):
        problem = "the passage does not say when it applies, so it applies to every reply"
        yield Flaw(draft.path, passages[0].line, problem, "name the occasion: “When someone asks …”, “Where …”")


RULE = Rule("no-condition", "note", "a rule without an occasion applies to every reply", find_missing_condition)
