"""Families: what chance is counted over in a trial."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from avenant.scenarios import Scenario


def count_families(scenarios: Iterable[Scenario]) -> Counter[str]:
    """Scenarios of each family, in the order in which the families come."""
    return Counter(scenario.family for scenario in scenarios)


def effective_families(sizes: Mapping[str, int]) -> float:
    """How many families of one size tell as much as these: their number where they are alike, fewer where not.

    Source: n² / Σ n_c², the design effect of unequal weights (Kish, "Survey Sampling", 1965) with families for
    weights; with perfect correlation inside a family the variance of a mean of n scenarios is σ² · Σ n_c² / n².

    Args:
        sizes: scenarios of each family; at least one.
    """
    return sum(sizes.values()) ** 2 / sum(size**2 for size in sizes.values())
