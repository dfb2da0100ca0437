"""dangling-reference: the passage points at what stands above or below and does not say what it is.

The author knows what stood above when the draft was written. The lab pastes the passage where it sees fit, and in the
next release something else stands there. What points inside the passage, as “the following principles” before its own
list, is let pass, and so is what names its goal by a link.

Example: “As discussed above, Clément asks first”; “see the previous paragraph”.

Instead: name the section, with a link where the document has links: “as [Asking first](#asking_first) says”.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.references import Pointer, find_pointers
from avenant.check.rule import Rule
from avenant.check.running_text import RunningText, parse_passage


def find_dangling_references(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each pointer that leads out of the passage."""
    for passage in draft.passages:
        text = parse_passage(passage.text)
        for pointer in find_pointers(text):
            if not _is_inside(text, pointer):
                problem = f"“{pointer.words}”: once pasted, nobody can tell what stands there"
                mend = "name the section or the clause that is meant"
                yield Flaw(draft.path, passage.line_at(pointer.start), draft.masked(problem), mend)


def _is_inside(text: RunningText, pointer: Pointer) -> bool:
    """Whether the passage has a block on the side that is pointed at, or the words after a colon."""
    clauses = text.document.clauses
    if pointer.direction == "before":
        return any(clause.span.end <= pointer.start for clause in clauses)
    rest = text.text[pointer.end :].split(".")[0]
    return ":" in rest or any(clause.span.start >= pointer.end for clause in clauses)


RULE = Rule("dangling-reference", "warning", "once pasted, it points at something else", find_dangling_references)
