"""The places where a passage breaks the typographic habits of its document, as flaws with their fixes."""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.habits import Breach
from avenant.check.listing import list_words, show_around
from avenant.check.passage import Passage
from avenant.check.running_text import parse_passage
from avenant.check.typography import FENCES, QUOTES, UNSEEN, Mark, describe, find_marks, learn_typography, rewrite
from avenant.text import cut_at_word

_QUOTED = 40
"""Characters of quoted words that are shown."""


def find_breaches(draft: Draft, breach: Breach) -> Iterator[Flaw]:
    """A flaw for each habit that a passage breaks, clearly or slightly, at the first place where it does.

    What does not show on the page is slight.
    """
    if draft.style is None:
        return
    for passage in draft.passages:
        text = parse_passage(passage.text)
        own = learn_typography(text)
        for name, habit in draft.style.typography.items():
            for form in own[name].counts if name in own else ():
                found = habit.breach_by(form, own[name])
                if found and ("slight" if name in UNSEEN else found) == breach:
                    marks = [mark for mark in find_marks(text) if (mark.habit, mark.form) == (name, form)]
                    yield _flaw(draft, passage, habit.form, marks)


def _flaw(draft: Draft, passage: Passage, usual: str, marks: list[Mark]) -> Flaw:
    text = parse_passage(passage.text)
    name = marks[0].habit
    problem = f"{describe(name, marks[0].form)} where the document has {describe(name, usual)}"
    if name not in (*UNSEEN, FENCES):
        problem += ": " + list_words(_shown(passage.text, marks))
    return Flaw(
        draft.path,
        passage.line_at(marks[0].start),
        draft.masked(problem),
        f"write {name} as the document does",
        passage.fix_all(one for mark in marks for one in rewrite(text, mark, usual)),
    )


def _shown(text: str, marks: list[Mark]) -> Iterator[str]:
    """The words about each mark; what is quoted, for a pair of quotation marks."""
    is_paired = marks[0].habit == QUOTES and marks[0].form in ('""', "“”", "«»") and len(marks) % 2 == 0
    if not is_paired:
        yield from (show_around(text, mark.start, mark.end) for mark in marks)
    for first, last in zip(marks[::2], marks[1::2], strict=True) if is_paired else ():
        yield cut_at_word(text[first.start : last.end], _QUOTED)
