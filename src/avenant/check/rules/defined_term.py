"""defined-term: a term of the document is written otherwise than there, or defined anew.

A reader takes “Hard Constraints” for something else than “hard constraints”, and two definitions of one word for two
words. Terms are what the document puts in bold or in quotation marks where it explains them, what it names a section
by, what it links under, and what it writes with a hyphen. How they are written is learned from the insides of its
sentences.

Example: “By operators we mean paying customers” where the document has “**Operators**: …”; “user level rules” where it
has “user-level”.

Instead: the document's words. If its definition is wrong, amend the definition with a `replace`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import RunningText, parse_passage
from avenant.check.terms import Use, find_definitions, find_uses
from avenant.specs.document import Span


def find_defined_terms(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each way of writing a term that is not the document's, and for each definition of a known term."""
    for passage in draft.passages if draft.style else ():
        text = parse_passage(passage.text)
        yield from _find_otherwise(draft, passage, text)
        yield from _find_anew(draft, passage, text)


def _find_otherwise(draft: Draft, passage: Passage, text: RunningText) -> Iterator[Flaw]:
    assert draft.style is not None
    terms = draft.style.terms
    found: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in find_uses(text, frozenset(terms)):
        problem = terms[use.key].problem_of(use)
        if problem:
            found[use.words, problem].append(use)
    for (words, problem), uses in found.items():
        term = terms[uses[0].key]
        written = term.written_like(uses[0])
        yield Flaw(
            draft.path,
            passage.line_at(uses[0].start),
            draft.masked(f"“{words}”: the document writes the term {problem} ({term.uses} ×)"),
            draft.masked(f"write “{written}”"),
            passage.fix_all((use.start, use.end, written) for use in uses),
        )


def _find_anew(draft: Draft, passage: Passage, text: RunningText) -> Iterator[Flaw]:
    assert draft.style is not None
    assert draft.spec is not None
    document = draft.spec.document
    for term, start, _ in find_definitions(text, draft.style.terms):
        clause = document.clause_at(term.place)
        span = clause.span if clause else Span(term.place, term.place)
        yield Flaw(
            draft.path,
            passage.line_at(start),
            draft.masked(
                f"“{' '.join(term.key)}” is defined in the document already, on line {document.line(span.start)}"
            ),
            "use it as the document defines it, or amend the definition",
            shown=(draft.shown(span),),
        )


RULE = Rule(
    "defined-term",
    "note",
    "a reader takes it for another term",
    find_defined_terms,
    is_fixable=True,
)
