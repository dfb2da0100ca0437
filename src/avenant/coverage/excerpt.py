"""The part of a document that a model is shown where it cannot take the whole: the clauses nearest to a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avenant.coverage.retrieval import Query, index_clauses, read_meanings
from avenant.errors import SpecError
from avenant.specs.document import Clause, Document, Section, Span
from avenant.specs.library import Spec
from avenant.text import count_words

_GAP = "[…]"
"""Stands where something was left out."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a model is shown of a document."""

    text: str
    document: Document
    clauses: tuple[Clause, ...]
    """The clauses that are shown, in the document's order."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.clauses) == len(self.document.clauses)

    @property
    def left_out(self) -> tuple[Clause, ...]:
        """The clauses that are not shown."""
        shown = {clause.span.start for clause in self.clauses}
        return tuple(clause for clause in self.document.clauses if clause.span.start not in shown)

    @property
    def words(self) -> int:
        """Words of the clauses that are shown."""
        return sum(count_words(self.document.slice(clause.span)) for clause in self.clauses)


def make_excerpt(
    spec: Spec,
    query: Query,
    *,
    budget_tokens: int | None,
    count_tokens: Callable[[str], int],
    progress: Callable[[int, int], None] | None = None,
) -> Excerpt:
    """The whole document where it fits, else the clauses nearest to a query under their headings, in their order.

    Args:
        spec: the document.
        query: what the excerpt is for.
        budget_tokens: room for it; None: no limit.
        count_tokens: the model's own count or an estimate.
        progress: called with the number of texts that are read for the ranking, and of those that have to be.

    Raises:
        SpecError: no clause fits, or there is none.
    """
    document = spec.document
    if budget_tokens is None or count_tokens(document.text) <= budget_tokens:
        return Excerpt(document.text.strip(), document, document.clauses)
    if progress is not None:
        read_meanings([spec], has_thesaurus=not query.more, progress=progress)
    chosen: list[Clause] = []
    room = budget_tokens
    headed: set[str] = set()
    for hit in index_clauses(document, spec.agents).rank(query):
        section = document.section(hit.clause.section_id)
        heading = "" if section.id in headed else _heading(document, section)
        cost = count_tokens(f"{heading}\n\n{document.slice(hit.clause.span)}\n\n{_GAP}\n\n")
        if cost > room and chosen:
            break
        if cost > room:
            continue
        room -= cost
        headed.add(section.id)
        chosen.append(hit.clause)
    if not chosen:
        raise SpecError(
            f"not one clause of {spec.id} fits into {budget_tokens} tokens", mend="allow more: --document-tokens N"
        )
    chosen.sort(key=lambda clause: clause.span)
    return Excerpt(_join(document, chosen), document, tuple(chosen))


def _join(document: Document, clauses: Sequence[Clause]) -> str:
    parts: list[str] = []
    before = -1
    section_id = ""
    for clause in clauses:
        if document.index_of(clause) != before + 1:
            parts.append(_GAP)
        if clause.section_id != section_id:
            parts.append(_heading(document, document.section(clause.section_id)))
        parts.append(document.slice(clause.span).strip("\n"))
        before, section_id = document.index_of(clause), clause.section_id
    if before != len(document.clauses) - 1:
        parts.append(_GAP)
    return "\n\n".join(part for part in parts if part)


def _heading(document: Document, section: Section) -> str:
    return document.slice(Span(section.span.start, section.body_start)).strip()
