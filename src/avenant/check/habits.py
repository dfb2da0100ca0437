"""A habit: one of several ways to write the same thing, counted in a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

LEAST_CASES = 6
"""A document that had the choice less often has no habit yet; with so few, all have to be alike."""
CLEAR = 0.95
"""Share of a document's cases from which its way is a habit."""
_CHANCE = 0.01
"""What the document itself would have less often than this is no slip."""

Breach = Literal["clear", "slight"]


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a document writes something in which way."""

    counts: Mapping[str, int]
    """Cases by form."""
    clauses: Mapping[str, int]
    """Clauses by the form that most of their cases have; whoever slips does so all through a paragraph."""

    @property
    def form(self) -> str:
        """The usual form."""
        return max(self.counts, key=lambda form: self.counts[form])

    def breach_by(self, form: str, passage: Habit) -> Breach | None:
        """How a passage breaks the habit by writing a form; None where it does not.

        It does where it writes most of its cases otherwise than the document. The breach is "clear" where the document
        itself would next to never have as many such clauses, and else "slight".

        Args:
            form: how the passage writes.
            passage: all the cases that it had.
        """
        cases = sum(self.counts.values())
        is_habit = cases >= LEAST_CASES and self.counts[self.form] >= CLEAR * cases
        if not is_habit or form == self.form or 2 * passage.counts.get(self.form, 0) >= sum(passage.counts.values()):
            return None
        share = self.clauses.get(form, 0) / sum(self.clauses.values())
        chance = chance_of(max(1, passage.clauses.get(form, 0)), sum(passage.clauses.values()), share)
        return "clear" if chance < _CHANCE else "slight"


def chance_of(count: int, total: int, share: float) -> float:
    """Chance of `count` or more cases out of `total`, where each is one with a chance of `share` (binomial)."""
    below, one = 0.0, (1 - share) ** total
    for number in range(count):
        below += one
        one *= share / (1 - share) * (total - number) / (number + 1)
    return max(0.0, 1 - below)


def count_habits(cases: Iterable[tuple[str, str, int]]) -> dict[str, Habit]:
    """Habits by name.

    Args:
        cases: the habit's name, the form, and the number of the clause, for each case.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    clauses: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for name, form, clause in cases:
        counts[name][form] += 1
        clauses[name][clause][form] += 1
    usual: dict[str, Counter[str]] = {}
    for name, by_clause in clauses.items():
        # Of two forms that a clause has as often, the document's usual one.
        forms = (max(found, key=lambda form: (found[form], counts[name][form])) for found in by_clause.values())
        usual[name] = Counter(forms)
    return {name: Habit(forms, usual[name]) for name, forms in counts.items()}
