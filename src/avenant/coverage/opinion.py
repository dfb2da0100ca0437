"""What a judge made of one threat model in one document: an opinion, kept apart from the estimate by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from avenant.coverage.matrix import Label


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge replied, as far as it counts."""

    model: str
    """The judge's name."""
    label: Label | None
    """The cell's label then; None where the reply counts for nothing, and the cell keeps its estimate."""
    estimate: Label
    """The label that words gave."""
    quotes: tuple[str, ...] = ()
    """Exact words of the clauses, checked to be in them, under the placeholder."""
    why: str = ""
    """In the judge's words: why this label; of an absent one, why the nearest clause falls short."""
    problems: tuple[str, ...] = ()
    """What of the reply counts for nothing, and why."""
    is_answered: bool = True
    """Whether the judge replied at all."""
