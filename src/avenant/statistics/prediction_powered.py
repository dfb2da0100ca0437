"""Prediction-powered inference: a mean that a judge measured, corrected by what people said of a random sample."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

FEWEST_LABELS = 20
"""Below this there is no interval: the variance of the correction, and its weight, would be guesses."""


@dataclass(frozen=True, slots=True)
class GradedPair:
    """One unit's paired difference as the judge has it and, for a random sample, as people have it."""

    family: str
    """The statistical cluster."""
    judge: float
    """Difference of the judge's scores."""
    human: float | None
    """Difference of people's scores; None where nobody labelled the pair."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The mean of people's differences, estimated from the judge's and corrected by the labelled ones."""

    mean: float | None
    """None where there are no labels."""
    ci_low: float | None
    """None where labels are too few or all of one family."""
    ci_high: float | None
    level: float
    n: int
    """Labelled pairs."""
    unlabelled: int
    """Pairs that only the judge has seen."""
    families: int
    """Of the labelled pairs."""
    judge_error: float | None
    """Mean of judge minus people over the labelled pairs; None without labels."""
    trust: float | None
    """Weight of the judge's unlabelled differences, in [0, 1], tuned for the narrowest interval; 0 is people alone."""
    method: str = (
        "prediction-powered (PPI++), weight tuned; standard error clustered by family (CR1), "
        "t with labelled families - 1 df"
    )

    @property
    def is_enough(self) -> bool:
        """Whether there are enough labels for an interval."""
        return self.n >= FEWEST_LABELS and self.families > 1


def correct_mean(pairs: Sequence[GradedPair], *, level: float = 0.95) -> Corrected:
    """Estimate the mean of people's differences from all the judge's and a random sample of people's.

    The estimate is mean(human - trust * judge) over the labelled + trust * mean(judge) over the others; it is right on
    average whatever the judge's error, provided that the labelled pairs are a random sample. With trust 0 it is the
    mean of the labels.

    Source: Angelopoulos, Duchi and Zrnic 2023, "PPI++: Efficient prediction-powered inference" (arXiv 2311.01453),
    the mean with power tuning. Deviations: the weight and the standard error are those of sums by
    family, which a labelled and an unlabelled pair may share; Student's t in place of the normal.

    Args:
        pairs: all pairs with a judge's difference; those with a human one a random sample of them.
        level: of the interval.
    """
    labelled = [(pair.family, pair.judge, pair.human) for pair in pairs if pair.human is not None]
    others = [(pair.family, pair.judge) for pair in pairs if pair.human is None]
    families = len({family for family, *_ in labelled})
    if not labelled:
        return Corrected(None, None, None, level, 0, len(others), 0, None, None)
    human = fmean([label for *_, label in labelled])
    seen = fmean([judge for _, judge, _ in labelled])
    shift = fmean([judge for _, judge in others]) - seen if others else 0.0
    plain = _sums([(family, label) for family, _, label in labelled])
    gap = _difference(_sums(others), _sums([(family, judge) for family, judge, _ in labelled])) if others else {}
    trust = _tune(plain, gap)
    mean = human + trust * shift
    half = _half(plain, gap, trust, families, level) if len(labelled) >= FEWEST_LABELS and families > 1 else None
    # Labels that leave no width say that there are too few of them, and not that the mean is known.
    low, high = (mean - half, mean + half) if half else (None, None)
    return Corrected(mean, low, high, level, len(labelled), len(others), families, seen - human, trust)


def _tune(plain: dict[str, float], gap: dict[str, float]) -> float:
    """The weight that makes the sum over families of (plain + weight * gap)^2 smallest, held to [0, 1]."""
    square = math.fsum(value**2 for value in gap.values())
    if square == 0:
        return 0.0
    return min(1.0, max(0.0, -math.fsum(plain.get(family, 0.0) * value for family, value in gap.items()) / square))


def _half(plain: dict[str, float], gap: dict[str, float], trust: float, families: int, level: float) -> float:
    from scipy.special import stdtrit

    parts = [plain.get(family, 0.0) + trust * gap.get(family, 0.0) for family in plain.keys() | gap.keys()]
    variance = len(parts) / (len(parts) - 1) * math.fsum(part**2 for part in parts)
    return float(stdtrit(families - 1, 0.5 + level / 2)) * math.sqrt(variance)


def _sums(values: Sequence[tuple[str, float]]) -> dict[str, float]:
    """What each family adds to the mean beyond its due: the sum of its deviations, over n."""
    mean = fmean([value for _, value in values])
    sums: dict[str, float] = defaultdict(float)
    for family, value in values:
        sums[family] += (value - mean) / len(values)
    return dict(sums)


def _difference(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    families = sorted(first.keys() | second.keys())
    return {family: first.get(family, 0.0) - second.get(family, 0.0) for family in families}
