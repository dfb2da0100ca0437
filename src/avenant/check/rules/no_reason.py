"""no-reason: the passage gives no reason.

A rule whose purpose is understood carries over to the case that nobody foresaw. Labs explain most of what they ask, and
an editor will look for the reason in the passage itself: `## Why` stays behind in the draft.

Example: "When a user asks for a summary of a contract, Clément lists the deadlines first."

Instead: "… first, since a missed deadline cannot be mended."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.reading import find_whole_passages, read_passage
from avenant.check.rule import Rule
from avenant.reading.reading import Reading

_CAUSE = re.compile(
    r"""\b(?:because|since|so\ that|so\ as\ to|so\ (?:they|it|people|users?|we|the|he|she|someone)|therefore|thus|hence
    |thereby|otherwise|lest|due\ to|owing\ to|given\ that|in\ order\ to|for\ (?:this|that|these)\ reasons?|reasons?
    |the\ (?:aim|goal|purpose|point|risk|idea)|which\ (?:would|could|can|may|might|means|helps|makes|is|are|has|have)
    |as\ (?:this|that|it|they|these|those|people|users?|the)|rather\ than|important|crucial|matters?
    |(?:to|can|could|may|might)\ (?:avoid|prevent|ensure|protect|help|allow|reduce|minimi[sz]e|preserve|maintain
    |respect|support|encourage|make|build|keep)
    |helps?|lets?|allows?|ensures?|enables?|prevents?|protects?|avoid(?:s|ing)?|risks?)\b
    | [;:-]\ ?(?:this|that|it|they|people|such|a|an|the)\ | \bfor\ (?:people|nobody|a|an|the|no)\ \w+\ \w+s\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What may tell a reason or a purpose. It is a wide net: better to miss a passage without one than to nag."""
_EXAMPLE = re.compile(
    r"(?:for\ (?:example|instance)|e\.g\.|examples?\b|consider|suppose|imagine|note\ that)", re.IGNORECASE
)
_LEAST_WORDS = 4


def find_missing_reason(draft: Draft) -> Iterator[Flaw]:
    """A flaw where no passage of the draft gives a reason."""
    passages = find_whole_passages(draft)
    readings = [reading for passage in passages for reading in read_passage(draft, passage)]
    has_acts = any(reading.acts for reading in readings)
    if has_acts and not any(_gives_reason(reading) for reading in readings):
        problem = "the passage gives no reason"
        mend = "add one in a clause or a sentence: `## Why` is not part of the document"
        yield Flaw(draft.path, passages[0].line, problem, mend)


def _gives_reason(reading: Reading) -> bool:
    """Whether a sentence says why, or states how the world is rather than what to do."""
    text = reading.sentence.bare
    if _CAUSE.search(text):
        return True
    is_statement = not reading.acts and text.rstrip("\"')").endswith(".") and not _EXAMPLE.match(text)
    return is_statement and len(reading.words) >= _LEAST_WORDS


RULE = Rule("no-reason", "note", "a rule without its reason does not carry over", find_missing_reason)
