"""other-mood: the passage directs the model in a form that the document next to never uses.

“Should”, “must”, “may”, “will”, a plain statement, a command, or “we want … to”: each document has its few, and often
tells rules of unlike weight apart by them. A form of its own makes the reader wonder how much it weighs. What counts is
the share that each form has among the document's own sentences.

Example: “Clément shall ask first”, or “Ask first.”, in a document that says “Odile should ask”.

Instead: the document's form for a rule of that weight. A plain statement of what is so may stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from avenant.check.address import MOODS, find_references
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.listing import list_words
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage

_LEAST_SENTENCES = 50
"""A document with fewer sentences that direct its model has no habit yet."""
_RARE = 0.01
"""Share of those sentences that a form has at most for it to be a foreign one."""
_SHOWN = 3
"""Usual forms that are named."""


def find_other_mood(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each foreign form of a passage, at the first place."""
    if draft.style is None:
        return
    address = draft.style.address
    total = sum(address.moods.values())
    if total < _LEAST_SENTENCES:
        return
    usual = sorted(address.moods, key=lambda mood: -address.moods[mood])[:_SHOWN]
    mend = "the document's forms: " + ", ".join(f"{MOODS[one]} ({address.moods[one] / total:.0%})" for one in usual)
    for passage in draft.passages:
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for sentence in parse_passage(passage.text).sentences:
            for one in find_references(sentence, draft.subject_names, address.verbs):
                if one.mood and address.moods.get(one.mood, 0) <= _RARE * total:
                    places[one.mood].append((one.start, one.end))
        for mood, found in places.items():
            count = address.moods.get(mood, 0)
            shown = list_words(f"“{' '.join(passage.text[start:end].split())}”" for start, end in found)
            problem = f"{MOODS[mood]} is the form of {count} of the document's {total} sentences that direct its model"
            yield Flaw(draft.path, passage.line_at(found[0][0]), draft.masked(f"{problem}: {shown}"), mend)


RULE = Rule("other-mood", "note", "a reader wonders how much the rule weighs", find_other_mood)
