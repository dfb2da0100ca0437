"""The axis of a picture: from effects to places on the page, with round ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale."""

    low: float
    """Smallest value on it."""
    high: float
    start: float
    """Where the smallest value stands."""
    end: float
    """Where the largest stands; below `start` on an axis that points upwards."""

    def __call__(self, value: float) -> float:
        """The place of a value; one beyond the scale stands at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Round values on the scale, about five."""
        step = _step(self.high - self.low)
        return [step * k for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def scale_over(values: Iterable[float], *, margins: Sequence[float], start: float, end: float) -> Scale:
    """A scale that holds all values and the stated margins on both sides of 0, with a little room.

    Args:
        values: what is drawn.
        margins: half-widths that must be seen.
        start: where the smallest value stands.
        end: where the largest stands.
    """
    reach = 1.3 * max(margins)
    known = [*values, -reach, reach]
    room = 0.04 * (max(known) - min(known))
    return Scale(min(known) - room, max(known) + room, start, end)


def _step(width: float) -> float:
    raw = width / 5
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
