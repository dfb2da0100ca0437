"""Tables of shares with their intervals, in markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

ROUNDS = 2000


def resample(measure: Callable[[Sequence[int]], float], count: int) -> str:
    """A measure with its 95 % interval, from resampling what is measured (percentile bootstrap).

    Args:
        measure: gives the figure for some of the things, by their numbers; one may stand in it more than once.
        count: how many things there are.
    """
    rows = np.random.default_rng(0).integers(0, count, (ROUNDS, count)).tolist()
    values = [value for row in rows if not np.isnan(value := measure(row))]
    low, high = np.percentile(values, [2.5, 97.5]) if values else (np.nan, np.nan)
    return f"{measure(range(count)):.3f} [{low:.2f}, {high:.2f}]"


def print_header(*names: str) -> None:
    """The first two lines of a table whose rows are named."""
    print_row("", *names)
    print("|---" * (1 + len(names)) + "|")


def print_row(*cells: str) -> None:
    """One line of a table."""
    print(f"| {' | '.join(cells)} |", flush=True)
