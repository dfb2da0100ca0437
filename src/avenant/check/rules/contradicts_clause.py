"""contradicts-clause: a clause of the document seems to point the other way.

Two clauses that pull apart leave the model to choose. The lab will see the older one first, and it was weighed.

Example: "Where a task may grow, Clément takes more access than it requires", in a document that has "It takes no more
access or resources than a task requires".

Instead: look at the clause that is shown. If it does say the opposite, replace it, or say in the passage how the two go
together. This is a guess by words that two sentences share and by the verbs and negations that govern them: it misses
most contradictions in other words, and often shows a clause that only sounds contrary. Hence a note, and two at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.contest import find_contested
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule

_MOST = 2


def find_contradictions(draft: Draft) -> Iterator[Flaw]:
    """At most two flaws, the strongest first; what contests a stated judgement is the finding of another rule."""
    found = [one for one in find_contested(draft) if not one.is_taken_out and one.judgement is None]
    for contested in sorted(found, key=lambda one: -one.strength)[:_MOST]:
        shown = (draft.shown(contested.reading.sentence.span),)
        problem = "look here: a clause may point the other way"
        mend = "if it does, replace it, or say how the two go together"
        yield Flaw(draft.path, contested.line, problem, mend, shown=shown)


RULE = Rule("contradicts-clause", "note", "the model would have to choose between the two", find_contradictions)
