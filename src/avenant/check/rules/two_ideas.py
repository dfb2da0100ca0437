"""two-ideas: the amendment seems to hold more than one idea.

A lab takes an amendment or leaves it. Two ideas in one are harder to take than each alone, a trial cannot tell which of
them helped, and one that is declined takes the other with it.

Example: a title such as "Name the sources of recipes and warn of icy roads", with a sentence for each; a paragraph that
begins with "On another matter".

Instead: one draft each; `avenant new` makes the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.passage import Passage
from avenant.check.reading import agents_of, read_passage
from avenant.check.rule import Rule
from avenant.reading.acts import read_verbs
from avenant.reading.index import Index, index_document
from avenant.reading.reading import Reading

_ANOTHER = re.compile(
    r"""(?:separately|on\ (?:another|a\ different|an\ unrelated)\ (?:matter|note|topic|point)
    |(?:in\ addition|also|secondly),?\ on\ (?:another|a\ different|an\ unrelated)\ \w+
    |unrelated\ to\ (?:this|that|the\ above)|as\ a\ separate\ (?:matter|point))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OCCASION = re.compile(r"\b(?:when|whenever|if|where|wherever|asked|before|after|while|once)\b", re.IGNORECASE)
_JOINT = re.compile(r"\s+and\s+|\s*;\s*|\s+&\s+")
_APART = 0.12
"""Two texts that share no more than this of what the shorter one is about have topics of their own."""
_LEAST = 4
"""So many concepts make a topic."""
_COMMON = frozenset({"person", "say", "ask", "give", "use", "offer", "answer", "know", "want", "make"})
"""Concepts that any two instructions may share."""


def find_two_ideas(draft: Draft) -> Iterator[Flaw]:
    """A flaw where words or topics say that there is more than one idea."""
    if draft.spec is None:
        return
    index = index_document(draft.spec.document, agents_of(draft))
    mend = "make a draft of each: a lab takes one idea or leaves it"
    for passage in draft.passages:
        readings = read_passage(draft, passage)
        for reading in readings[1:]:
            if match := _ANOTHER.match(reading.sentence.text):
                line = passage.line_at(reading.sentence.span.start)
                yield Flaw(draft.path, line, f"“{match.group()}” begins a second idea", mend)
                return
        second = _find_second(readings, index) if _has_two_verbs(draft.amendment.title) else None
        if second is not None:
            line = passage.line_at(second.sentence.span.start)
            yield Flaw(draft.path, line, "the title and the passage have two topics; the second begins here", mend)
            return
    if apart := _find_apart(draft, draft.passages, index):
        yield Flaw(draft.path, apart.line, "two edits in different chapters have no topic in common", mend)


def _has_two_verbs(title: str) -> bool:
    """Whether a title joins two instructions."""
    parts = [part.split() for part in _JOINT.split(title)]
    long = [part for part in parts if len(part) >= 2]
    # Few verbs are listed; that one half begins with one is enough, as the passage has to bear it out.
    return len(long) >= 2 and any(part[0].lower() in read_verbs() for part in long)


def _find_second(readings: Sequence[Reading], index: Index) -> Reading | None:
    """The sentence at which another topic begins, with an occasion and an act of its own on both sides."""
    for at in range(1, len(readings)):
        before, after = readings[:at], readings[at:]
        if not _OCCASION.search(after[0].sentence.bare) or not after[0].acts:
            continue
        has_both = all(any(_is_rule(reading) for reading in half) for half in (before, after))
        if has_both and _are_apart(before, after, index):
            return readings[at]
    return None


def _is_rule(reading: Reading) -> bool:
    return bool(reading.acts) and bool(_OCCASION.search(reading.sentence.bare))


def _are_apart(ours: Sequence[Reading], theirs: Sequence[Reading], index: Index) -> bool:
    left, right = ({concept for reading in half for concept in reading.concepts} for half in (ours, theirs))
    if min(len(left), len(right)) < _LEAST:
        return False
    weights = [index.weigh(concepts) for concepts in (left & right - _COMMON, left, right)]
    return weights[0] <= _APART * min(weights[1:])


def _find_apart(draft: Draft, passages: Sequence[Passage], index: Index) -> Passage | None:
    """The second of two passages that go into different chapters and share no topic."""
    placed = [passage for passage in passages if passage.found is not None]
    for number, passage in enumerate(placed):
        for other in placed[:number]:
            readings = read_passage(draft, passage), read_passage(draft, other)
            if _chapter(draft, passage) != _chapter(draft, other) and _are_apart(*readings, index):
                return passage
    return None


def _chapter(draft: Draft, passage: Passage) -> str:
    """The outermost heading above the place of a passage, below the document's title."""
    assert draft.spec is not None
    assert passage.found is not None
    path = draft.spec.document.section_at(max(0, passage.found.place.span.start - 1)).path
    return next(iter(path), "")


RULE = Rule("two-ideas", "note", "a lab takes one idea or leaves it", find_two_ideas)
