"""A forest plot as lines of text: a row for each estimate, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avenant.trials.axis import Scale, scale_over

_WIDTH = 25
_LABEL = 28


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One estimate."""

    label: str
    mean: float
    ci_low: float | None
    """None where there is no interval."""
    ci_high: float | None
    is_pooled: bool = False


def draw_forest(rows: Sequence[ForestRow], *, margin: float) -> list[str]:
    """Lines of at most 80 characters: label, interval on the scale, numbers.

    Args:
        rows: in the order in which they are drawn.
        margin: smallest effect worth having; the scale holds it on both sides of 0.
    """
    ends = [end for row in rows for end in (row.mean, row.ci_low, row.ci_high) if end is not None]
    scale = scale_over(ends, margins=(margin,), start=0, end=_WIDTH - 1)
    width = max(len(_cut(row.label)) for row in rows)
    axis = f"{scale.low:+.2f}{scale.high:+.2f}".replace("+", " +").replace("-", " -").split()
    lines = [f"{'':{width}}  {axis[0]}{axis[1]:>{_WIDTH - len(axis[0])}}"]
    lines += [f"{_cut(row.label):{width}}  {_bar(row, scale)}  {_numbers(row)}" for row in rows]
    return lines


def _bar(row: ForestRow, scale: Scale) -> str:
    cells = [" "] * _WIDTH
    cells[round(scale(0))] = "│"
    low, high = (row.mean if end is None else end for end in (row.ci_low, row.ci_high))
    for place in range(round(scale(low)), round(scale(high)) + 1):
        cells[place] = "═" if row.is_pooled else "┼" if cells[place] == "│" else "─"
    cells[round(scale(row.mean))] = "◆" if row.is_pooled else "●"
    return "".join(cells)


def _numbers(row: ForestRow) -> str:
    if row.ci_low is None or row.ci_high is None:
        return f"{row.mean:+z.3f} [no interval]"
    return f"{row.mean:+z.3f} [{row.ci_low:+z.3f}, {row.ci_high:+z.3f}]"


def _cut(label: str) -> str:
    """The end of a long label: that is where models of one provider differ."""
    return label if len(label) <= _LABEL else f"…{label[-_LABEL + 1 :]}"
