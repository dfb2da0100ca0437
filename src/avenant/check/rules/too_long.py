"""too-long: a paragraph, list item, sentence or passage is far longer than the document's.

An editor at the lab has to cut what does not fit, and cuts what the author would have kept. The measure is the
document's own: half as long again as 98 of 100 of its paragraphs (or list items) and as the longest beside it, or as
its longest sentence; the whole passage, three times as long as the section that it goes into and as the usual section.
Where the document is too short to tell, twice as long as its longest paragraph (list item, sentence).

Example: a paragraph of 260 words in a section whose longest has 90.

Instead: one idea a paragraph, in the length of its neighbours; examples and reasons go under `## Why`.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.landing_place import section_of
from avenant.check.lengths import Lengths, count_clause_words, count_read_words
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage, read_running_text

_BEYOND_NEIGHBOURS = 1.5
_BEYOND_SECTION = 3
_NAMES = {"paragraph": "paragraph", "list-item": "list item"}


def find_too_long(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each piece of a passage that is far too long."""
    for passage in draft.passages if draft.style else ():
        for offset, problem in _find_long(draft, passage):
            yield Flaw(draft.path, passage.line_at(offset), problem, "cut it, or split it in two")


def _find_long(draft: Draft, passage: Passage) -> Iterator[tuple[int, str]]:
    assert draft.style is not None
    assert draft.spec is not None
    lengths = draft.style.lengths
    text = parse_passage(passage.text)
    document = draft.spec.document
    section = section_of(document, passage)
    neighbours = document.clauses_of(section) if section else ()
    known = count_clause_words(read_running_text(document))
    total = 0
    for clause in text.clauses:
        words = count_read_words(text.of(clause))
        total += words
        usual = lengths.get(clause.kind)
        if usual is not None and usual.is_known and usual.is_passed_by(words):
            beside = [known.get(one.span.start, 0) for one in neighbours if one.kind == clause.kind]
            if words > _BEYOND_NEIGHBOURS * max(beside, default=0):
                name = _NAMES[clause.kind]
                longest = f", the longest in its section has {max(beside)}" if beside else ""
                yield (
                    clause.span.start,
                    f"the {name} has {words} words; {usual.usual}{longest}",
                )
    yield from _find_long_sentences(passage, lengths["sentence"])
    own = sum(known.get(one.span.start, 0) for one in neighbours)
    usual = lengths["section"]
    has_heading = any(one.title for one in text.document.sections)
    if section and usual.is_known and not has_heading and total > _BEYOND_SECTION * max(own, usual.middle):
        yield (
            0,
            f"the passage has {total} words; the section that it goes into has {own}, and the usual one {usual.middle}",
        )


def _find_long_sentences(passage: Passage, usual: Lengths) -> Iterator[tuple[int, str]]:
    for sentence in parse_passage(passage.text).sentences if usual.is_known else ():
        words = count_read_words(sentence.text)
        if usual.is_passed_by(words):
            yield sentence.start, f"the sentence has {words} words; {usual.usual}"


RULE = Rule("too-long", "warning", "an editor cuts, and not what the author would have cut", find_too_long)
