"""typography: the passage writes quotation marks, dashes, bullets or the like otherwise than the document.

An editor sees at once that such a paragraph came from elsewhere, and has to go through it by hand. What counts is the
document's own habit: straight or curly quotation marks and apostrophes, dashes, ellipses, bullets, marks of emphasis,
spaces, code fences, paragraphs in one line, “e.g.” with or without its comma. Where the document itself is of two
minds, nothing is found. Code, links' addresses, tags and dialogues are left alone.

Example: `the user's "own" words -- unchanged` in a document that writes “own” and —.

Instead: `the user’s “own” words—unchanged`. `--fix` does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.listing import list_words, show_around
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage
from avenant.check.style import DocumentStyle
from avenant.check.typography import FENCES, FIXED_SPACES, LINES, SPACES, Mark, describe, find_marks, rewrite


def find_typography(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each of the document's habits that a passage breaks, at the first place where it does."""
    for passage in draft.passages if draft.style else ():
        yield from _find_in(draft, draft.style, passage)


def _find_in(draft: Draft, style: DocumentStyle, passage: Passage) -> Iterator[Flaw]:
    marks: dict[str, list[Mark]] = defaultdict(list)
    for mark in find_marks(parse_passage(passage.text)):
        marks[mark.habit].append(mark)
    for name, cases in marks.items():
        habit = style.typography.get(name)
        for form in dict.fromkeys(mark.form for mark in cases):
            found = [mark for mark in cases if mark.form == form]
            if habit is not None and habit.is_broken_by(form, len(found), len(cases)):
                yield _flaw(draft, passage, habit.form, describe(name, form), found)


def _flaw(draft: Draft, passage: Passage, usual: str, found: str, marks: list[Mark]) -> Flaw:
    text = parse_passage(passage.text)
    habit = marks[0].habit
    replacements = [one for mark in marks for one in rewrite(text, mark, usual)]
    is_plain = habit in (SPACES, FIXED_SPACES, LINES, FENCES)
    shown = "" if is_plain else list_words(show_around(passage.text, mark.start, mark.end) for mark in marks)
    problem = f"{found} where the document has {describe(habit, usual)}"
    return Flaw(
        draft.path,
        passage.line_at(marks[0].start),
        draft.masked(f"{problem}: {shown}" if shown else problem),
        f"write {habit} as the document does",
        passage.fix_all(replacements),
    )


RULE = Rule(
    "typography",
    "warning",
    "an editor would have to go through it by hand",
    find_typography,
    is_fixable=True,
)
