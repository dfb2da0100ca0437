"""Cutting a document that is longer than the subject can take: the same cut in every arm, and openly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from avenant.errors import TrialError
from avenant.specs.document import Document, Span

CutStyle = Literal["around", "before"]


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a document that the subject is shown."""

    span: Span
    """Range of the original's text."""
    is_whole: bool
    """Whether nothing was left out."""


def cut_document(
    document: Document,
    place: Span,
    *,
    budget_tokens: int | None,
    style: CutStyle,
    count_tokens: Callable[[str], int],
) -> Cut:
    """Choose whole clauses about the edited place until the budget is spent.

    Args:
        document: the original.
        place: where the edit goes; always inside the cut.
        budget_tokens: room for the document, the passage already taken off; None: no limit.
        style: "around" keeps the nearest clauses on both sides; "before" ends the cut at the place, so that the
            passage stands last, which a very small model needs.
        count_tokens: the subject's own count or an estimate.

    Raises:
        TrialError: not even the clause at the place fits.
    """
    text = document.text
    whole = Span(0, len(text))
    if style == "around" and (budget_tokens is None or count_tokens(text) <= budget_tokens):
        return Cut(whole, True)
    limit = float("inf") if budget_tokens is None else budget_tokens
    edges = sorted(
        {0, len(text), *(c.span.start for c in document.clauses), *(s.span.start for s in document.sections)}
    )
    lower = [edge for edge in reversed(edges) if edge <= place.start]
    upper = [edge for edge in edges if edge >= place.end] if style == "around" else [place.end]
    start, end = place.start, max(place.end, upper[0])
    used = count_tokens(text[start:end]) if end > start else 0
    below = iter(upper[1:])
    above = iter(edge for edge in lower if edge < start)
    is_open = {"above": True, "below": style == "around"}
    while any(is_open.values()):
        for side in ("above", "below"):
            edge = next(above if side == "above" else below, None) if is_open[side] else None
            if edge is None:
                is_open[side] = False
                continue
            piece = text[edge:start] if side == "above" else text[end:edge]
            cost = count_tokens(piece)
            if used + cost > limit:
                is_open[side] = False
                continue
            used += cost
            start, end = (edge, end) if side == "above" else (start, edge)
    if start == place.start and start > 0:
        raise TrialError(
            f"not one clause before the passage fits into {budget_tokens} tokens",
            mend="allow more: --document-tokens N",
        )
    return Cut(Span(start, end), Span(start, end) == whole)
