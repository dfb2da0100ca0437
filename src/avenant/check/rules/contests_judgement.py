"""contests-judgement: the draft goes against what the document states as its judgement, and does not answer it.

Labs are hard to move on what they have judged. They have weighed it, said so in public, and will read a draft against
it with that in mind. Such a draft has to meet the stated view head on: what it overlooks, what has changed since, what
would be lost by keeping it.

Example: deleting "Claims of urgency are no reason to act alone", or replacing "it errs on the side of asking" by "it
acts", without a word on why the document has it.

Instead: add a section `## Against the stated view` to the draft, quote the view under the placeholder's name, and
answer it. A rewording that keeps the direction is no contest. What is only added is compared by words, as for
contradicts-clause.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.amendments.amendment import STATED_VIEW
from avenant.check.contest import Contested, find_contested
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule

_MOST = 2


def find_contests(draft: Draft) -> Iterator[Flaw]:
    """Flaws for what is taken out and, two at most, for stated judgements that a passage points away from."""
    if draft.amendment.sections.get(STATED_VIEW):
        return
    found = list(find_contested(draft))
    taken_out = [one for one in found if one.is_taken_out]
    opposed = sorted((one for one in found if not one.is_taken_out and one.judgement), key=lambda one: -one.strength)
    for contested in (*taken_out, *opposed[:_MOST]):
        shown = (draft.shown(contested.reading.sentence.span),)
        mend = f"answer it in a section `## {STATED_VIEW}`, or keep its direction"
        yield Flaw(draft.path, contested.line, _problem(contested), mend, shown=shown)


def _problem(contested: Contested) -> str:
    if not contested.is_taken_out:
        return "the passage seems to go against what the document states as its judgement"
    what = "what the document states as its judgement" if contested.judgement else "what the document asks for"
    return f"the edit takes out {what}, and its words do not keep the direction"


RULE = Rule("contests-judgement", "warning", "labs are hard to move on what they have judged", find_contests)
