"""absolute-word: the passage says never, always or the like where the document weighs.

Labs keep absolutes for few matters and say so: hard constraints, bright lines, rules that nobody may override. An
absolute word elsewhere reads as if the matter belonged among them, and a model that takes it at its word will apply it
to the case that nobody foresaw.

Example: "Clément must never round a figure, no matter what the user prefers."

Instead: "Clément gives the exact figure where the difference matters, since …". In quotes, with "almost" or "not", in
sentences that only describe, and in the document's own section of absolutes the words may stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.absolutes import BrightLines, find_absolutes, find_bright_lines
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.passage import Passage
from avenant.check.reading import agents_of, read_passage, replaced_words
from avenant.check.rule import Rule
from avenant.specs.document import Document


def find_absolute_words(draft: Draft) -> Iterator[Flaw]:
    """One flaw for each sentence of a passage with absolute words, outside the document's own absolutes."""
    if draft.spec is None:
        return
    document = draft.spec.document
    lines = find_bright_lines(document, agents_of(draft))
    if lines.is_free_with_them:
        return
    shown = (draft.shown(lines.stated),) if lines.stated else ()
    for passage in draft.passages:
        if _is_among_them(document, passage, lines):
            continue
        before = replaced_words(draft, passage).casefold()
        for reading in read_passage(draft, passage):
            text = reading.sentence.text
            found = (text[start:end] for start, end in find_absolutes(reading))
            # What the replaced clause has as well is not the author's.
            words = [word for word in found if word.casefold() not in before]
            if words:
                listed = ", ".join(f"“{word}”" for word in dict.fromkeys(words))
                problem = f"{listed} in an instruction; the document keeps such words for few matters"
                line = passage.line_at(reading.sentence.span.start)
                yield Flaw(draft.path, line, problem, "say what is weighed, or where it ends", shown=shown)


def _is_among_them(document: Document, passage: Passage, lines: BrightLines) -> bool:
    """Whether a passage goes into a section that keeps absolutes, or into one under it."""
    if passage.found is None:
        return False
    at = max(0, passage.found.place.span.start - passage.found.place.is_insertion)
    here = document.section_at(at)
    if here.id in lines.section_ids:
        return True
    kept = [document.section(section_id) for section_id in lines.section_ids]
    return any(document.subtree(section).contains(here.span) for section in kept)


RULE = Rule("absolute-word", "warning", "the document keeps absolutes for its bright lines", find_absolute_words)
