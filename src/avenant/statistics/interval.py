"""An interval with its level."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval for a mean."""

    ci_low: float
    """Lower end, included."""
    ci_high: float
    """Upper end, included."""
    level: float
    """Chance that the interval holds the mean, at least; such as 0.95."""

    def contains(self, value: float) -> bool:
        """Whether a value lies in it, ends included."""
        return self.ci_low <= value <= self.ci_high
