"""How far raters agree: Krippendorff's alpha of any number of them; kappa and correlation of two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import correlation
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.float64]
else:
    Counts = Any

Metric = Literal["nominal", "ordinal", "interval"]
"""What makes two ratings differ: being unlike; the ratings between them; the square of their distance."""
Weights = Literal["none", "linear", "quadratic"]
"""How a disagreement of two raters counts: all the same; by distance; by the square of the distance."""
Kind = Literal["pearson", "spearman"]
RESAMPLES = 2000
_ROWS_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient of agreement with its interval."""

    coefficient: float | None
    """1 is perfect, 0 is chance; None where it is not defined: too few ratings, or all of them the same."""
    ci_low: float | None
    """None where there is no interval to be had."""
    ci_high: float | None
    level: float
    n: int
    """Units with ratings of at least two raters."""
    raters: int
    """Those with a rating that counts."""
    method: str


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | None]],
    *,
    metric: Metric,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """Krippendorff's alpha: 1 minus observed over expected disagreement.

    Units with fewer than two ratings do not count. The interval is the percentile interval of a bootstrap that draws
    whole units; Krippendorff's own draws pairs as if they were independent. Draws in which all ratings are the same
    have no alpha and are left out; where more than half are, there is no interval.

    Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; Hayes and Krippendorff 2007
    (Communication Methods and Measures 1(1)). The ordinal metric is written as the interval metric of mid-ranks, which
    is the same.

    Args:
        ratings: one row a unit, one column a rater; None where a rating is missing.
        metric: "interval" for grades from 0 to 10, "nominal" for categories.
        level: of the interval.
        resamples: bootstrap draws.
        seed: of the bootstrap.

    Raises:
        ValueError: rows of different length.
    """
    if len({len(row) for row in ratings}) > 1:
        raise ValueError("every unit has one place for each rater")
    pairable = [row for row in ratings if sum(value is not None for value in row) > 1]
    raters = len({column for row in pairable for column, value in enumerate(row) if value is not None})
    method = f"Krippendorff's alpha, {metric} metric; percentile bootstrap over units, {resamples} draws, seed {seed}"
    if not pairable:
        return Agreement(None, None, None, level, 0, raters, method)
    import numpy as np

    values = np.array(sorted({value for row in pairable for value in row if value is not None}))
    counts = np.array([[sum(v == value for v in row) for value in values] for row in pairable], dtype=float)
    whole = _alphas(counts, values, np.ones((1, len(pairable))), metric)[0]
    if np.isnan(whole):
        return Agreement(None, None, None, level, len(pairable), raters, method)
    low, high = _bootstrap(counts, values, metric, level, resamples, seed)
    return Agreement(float(whole), low, high, level, len(pairable), raters, method)


def cohens_kappa(
    first: Sequence[float | None], second: Sequence[float | None], *, weights: Weights = "none", level: float = 0.95
) -> Agreement:
    """Cohen's kappa of two raters, weighted by the distance of their ratings.

    The interval is large-sample, cut to [-1, 1].

    Source: Cohen 1968 (Psychological Bulletin 70(4)); the standard error of Fleiss, Cohen and Everitt 1969 (72(5)).

    Args:
        first: one rater's ratings; None where missing.
        second: the other's, of the same units in the same order.
        weights: how a disagreement counts.
        level: of the interval.

    Raises:
        ValueError: not as many ratings of one as of the other.
    """
    pairs = _complete(first, second)
    method = f"Cohen's kappa, weights {weights}; large-sample interval"
    values = sorted({value for pair in pairs for value in pair})
    if len(values) < 2:
        return Agreement(None, None, None, level, len(pairs), 2, method)
    import numpy as np
    from scipy.special import ndtri

    table: Counts = np.zeros((len(values), len(values)))
    for one, other in pairs:
        table[values.index(one), values.index(other)] += 1 / len(pairs)
    nearness = _nearness(np.array(values), weights)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float((nearness * table).sum()), float(rows @ nearness @ columns)
    kappa = (observed - expected) / (1 - expected)
    margin = np.add.outer(nearness @ columns, rows @ nearness)
    spread = float((table * (nearness - margin * (1 - kappa)) ** 2).sum()) - (kappa - expected * (1 - kappa)) ** 2
    half = float(ndtri(0.5 + level / 2)) * math.sqrt(max(0.0, spread) / len(pairs)) / (1 - expected)
    return Agreement(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), level, len(pairs), 2, method)


def correlate(
    first: Sequence[float | None], second: Sequence[float | None], *, kind: Kind = "pearson", level: float = 0.95
) -> Agreement:
    """Pearson's or Spearman's correlation of two raters: whether they order alike, not whether they agree.

    Source: the intervals are Fisher's (1921, z transform) and, for Spearman's, with the variance of Bonett and Wright
    2000 (Psychometrika 65(1)).

    Args:
        first: one rater's ratings; None where missing.
        second: the other's, of the same units in the same order.
        kind: "spearman" for the correlation of ranks.
        level: of the interval.

    Raises:
        ValueError: not as many ratings of one as of the other.
    """
    pairs = _complete(first, second)
    method = {
        "pearson": "Pearson's correlation; interval by Fisher's z",
        "spearman": "Spearman's rank correlation; interval by Fisher's z with Bonett and Wright's variance",
    }[kind]
    columns = [[one for one, _ in pairs], [other for _, other in pairs]]
    if len(pairs) < 3 or any(len(set(column)) < 2 for column in columns):
        return Agreement(None, None, None, level, len(pairs), 2, method)
    if kind == "spearman":
        from scipy.stats import rankdata

        columns = [rankdata(column).tolist() for column in columns]
    r = max(-1.0, min(1.0, correlation(*columns)))
    low, high = _fisher(r, len(pairs), (1 + r**2 / 2) if kind == "spearman" else 1.0, level)
    return Agreement(r, low, high, level, len(pairs), 2, method)


def _alphas(counts: Counts, values: Counts, draws: Counts, metric: Metric) -> Counts:
    """Alpha of each draw, a row that says how often each unit was drawn; not a number where it has none.

    `counts` says how often each unit (row) was given each value (column).
    """
    import numpy as np

    totals = draws @ counts
    n = totals.sum(axis=1)
    if metric == "nominal":
        places = None
    elif metric == "interval":
        places = values - values.mean()
    else:
        places = np.cumsum(totals, axis=1) - totals / 2 - n[:, None] / 2
    expected = _disagreement(totals, places) / (n - 1)
    each = _disagreement(counts, None if places is None else places[..., None, :]) / (counts.sum(axis=1) - 1)
    observed = (draws * each).sum(axis=1)
    several = (totals > 0).sum(axis=1) > 1
    return np.where(several, 1 - observed / np.where(several, expected, 1.0), np.nan)


def _disagreement(counts: Counts, places: Counts | None) -> Counts:
    """Sum over all ordered pairs of ratings of their squared distance, or of their being unlike."""
    import numpy as np

    n = counts.sum(axis=-1)
    if places is None:
        return np.asarray(n**2 - (counts**2).sum(axis=-1))
    return np.asarray(2 * (n * (counts * places**2).sum(axis=-1) - (counts * places).sum(axis=-1) ** 2))


def _bootstrap(
    counts: Counts, values: Counts, metric: Metric, level: float, resamples: int, seed: int
) -> tuple[float | None, float | None]:
    import numpy as np

    rng = np.random.default_rng(seed)
    units = len(counts)
    draws = rng.multinomial(units, [1 / units] * units, size=resamples).astype(float)
    parts = [_alphas(counts, values, part, metric) for part in np.array_split(draws, -(-resamples // _ROWS_AT_ONCE))]
    alphas = np.concatenate(parts)
    alphas = alphas[~np.isnan(alphas)]
    if units < 2 or len(alphas) * 2 <= resamples:
        return None, None
    low, high = np.quantile(alphas, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _nearness(values: Counts, weights: Weights) -> Counts:
    """1 for two equal ratings, 0 for those farthest apart (or unlike, without weights)."""
    import numpy as np

    distance = np.abs(values[:, None] - values[None, :])
    if weights == "none":
        return np.asarray(distance == 0, dtype=float)
    return np.asarray(1 - (distance / distance.max()) ** (1 if weights == "linear" else 2))


def _fisher(r: float, n: int, variance: float, level: float) -> tuple[float | None, float | None]:
    if n < 4:
        return None, None
    if abs(r) == 1:
        return r, r
    from scipy.special import ndtri

    half = float(ndtri(0.5 + level / 2)) * math.sqrt(variance / (n - 3))
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _complete(first: Sequence[float | None], second: Sequence[float | None]) -> list[tuple[float, float]]:
    """The units that both have rated."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} ratings of one rater and {len(second)} of the other")
    return [(one, other) for one, other in zip(first, second, strict=True) if one is not None and other is not None]
