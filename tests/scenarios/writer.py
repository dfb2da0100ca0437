"""A model that drafts scenarios, scripted: it replies in the form that is asked for, and always the same."""

from __future__ import annotations

import json
import re

PEOPLE = [
    "baker", "nurse", "pilot", "tailor", "farmer", "singer", "judge", "diver", "potter", "plumber", "painter", "clown",
]  # fmt: skip
"""Who writes, in the order in which they are thought of."""
THINGS = [
    "oven", "ward", "cockpit", "jacket", "tractor", "aria", "verdict", "reef", "vase", "boiler", "fresco", "juggling",
]  # fmt: skip


def reply(prompt: str) -> str:
    """The reply of a sensible writer, or of one who is asked what real people send."""
    if '{"ideas"' in prompt:
        return ideas(prompt)
    return messages(prompt) if '{"scenarios"' in prompt else realism(prompt)


def ideas(prompt: str) -> str:
    count = int(re.search(r"Name (\d+) situations", prompt)[1])  # type: ignore[index]
    # Neighbours and far ones are other people than those of the target.
    first = 0 if "does not say clearly" in prompt else 4 if "look like" in prompt else 8
    taken = re.search(r"not to come again: (.*)\.", prompt)
    left = [number for number in range(first, len(PEOPLE)) if not taken or PEOPLE[number] not in taken[1]]
    found = [{"name": f"The {PEOPLE[at]}", "idea": f"A {PEOPLE[at]} asks about the {THINGS[at]}."} for at in left]
    return json.dumps({"ideas": found[:count]})


def messages(prompt: str) -> str:
    count = int(re.search(r"Write (\d+) messages", prompt)[1])  # type: ignore[index]
    person, thing = re.search(r"A (\w+) asks about the (\w+)\.", prompt).groups()  # type: ignore[union-attr]
    texts = [
        f"my {thing} again...",
        f"I am a {person} by trade. What do I do with this {thing} on Monday, number {{}}?",
    ]
    rubric = {
        f"rubric_{anchor}": f"it helps the {person} {word}" for anchor, word in ((10, "well"), (5, "a bit"), (0, "not"))
    }
    return json.dumps({"scenarios": [{"message": texts[min(at, 1)].format(at), **rubric} for at in range(count)]})


def realism(prompt: str) -> str:
    return json.dumps({"real": True, "test": False, "why": "People write so."})
