"""other-person: the passage speaks to the model, or of it, in a person or under a noun that the document does not use.

A document that says “the assistant should” all through and once “you must” or “the AI will” reads as if two hands had
written it, and a reader asks whether somebody else is meant. What counts is how the document's own sentences speak of
its model; quoted words, dialogues and commentary do not. The placeholder stands for the name that the document gives
its model, whatever that is. “he” and “she” are found where the document has neither: its model is “it”, its people are
“they”.

Example: “You should ask first”, “the AI must ask first”, or “he asks first” in a document that says “Odile asks first”.

Instead: “Clément asks first”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from avenant.check.address import NAME, PRONOUNS, Address, find_pronouns, find_references
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.listing import list_words
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage

_LEAST_REFERENCES = 20
"""A document that directs its model less often has no way of its own yet."""
_LEAST_SENTENCES = 50
_LEAST_SENTENCES_ABOUT_PEOPLE = 300
"""A shorter document may have had no occasion for "he" or "she"."""
_RARE = 0.01
"""Share of a document's references that a noun has at most for it to be a foreign one."""
_RARE_PRONOUN = 0.005
"""Share of a document's sentences that have a pronoun at most for it to be a foreign one."""


def find_other_person(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each foreign noun and each foreign person of a passage, at the first place."""
    for passage in draft.passages if draft.style else ():
        assert draft.style is not None
        found = _find_places(draft, draft.style.address, passage)
        for said, places in found.items():
            shown = list_words(f"“{' '.join(passage.text[start:end].split())}”" for start, end in places)
            yield Flaw(
                draft.path,
                passage.line_at(places[0][0]),
                draft.masked(f"{said}: {shown}"),
                f"speak of {draft.amendment.placeholder} by that name or as “it”, and of people as “they”",
            )


def _find_places(draft: Draft, address: Address, passage: Passage) -> dict[str, list[tuple[int, int]]]:
    """Places in the passage by what is to be said of them."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for sentence in parse_passage(passage.text).sentences:
        for reference in find_references(sentence, draft.subject_names, address.verbs):
            if _is_foreign(address, reference.noun, is_directed=reference.mood is not None):
                found[_said_of_noun(reference.noun)].append((reference.start, reference.end))
        for person, start, end in find_pronouns(sentence):
            if _is_foreign_person(address, person):
                places = found[_said_of(person)]
                if not any(low <= start < high for low, high in places):
                    places.append((start, end))
    return found


def _said_of_noun(noun: str) -> str:
    if noun in PRONOUNS:
        return _said_of(noun)
    if noun == NAME:
        return "the document does not call its model by the name that the placeholder stands for"
    return f"the document does not speak of its model as “{noun}”"


def _said_of(person: str) -> str:
    if person == "he or she":
        return "the document never says “he” or “she”"
    return f"the document does not {'speak to its model as “you”' if person == 'you' else f'say “{person}”'}"


def _is_foreign(address: Address, noun: str, *, is_directed: bool) -> bool:
    total = sum(address.directed.values())
    if noun == "" or total < _LEAST_REFERENCES:
        return False
    if is_directed:
        return address.directed.get(noun, 0) <= _RARE * total
    return noun not in (NAME, *PRONOUNS) and not address.mentioned.get(noun)


def _is_foreign_person(address: Address, person: str) -> bool:
    count = address.pronouns.get(person, 0)
    if person == "he or she":
        return address.sentences >= _LEAST_SENTENCES_ABOUT_PEOPLE and not count
    return address.sentences >= _LEAST_SENTENCES and count <= _RARE_PRONOUN * address.sentences


RULE = Rule("other-person", "warning", "it reads as if somebody else were meant", find_other_person)
