"""What labels buy: coverage and width of the corrected interval, where the judge favours one arm.

    python benchmarks/labels.py [--repetitions 1000] [--seed 1]

300 pairs without a true effect; the judge's difference is people's plus 0.05 and noise. The sample is drawn as
`avenant label` draws it. The table of docs/label.md is this one's first six rows.
"""

from __future__ import annotations

import argparse
import itertools
import math
from dataclasses import dataclass

import numpy as np

from avenant.statistics.prediction_powered import GradedPair, correct_mean
from avenant.trials.estimate import Difference, estimate_mean
from avenant.trials.labels import Pair, draw_pairs
from avenant.trials.results import Transcript

PAIRS, BIAS = 300, 0.05
SD, FAMILY_SD = 0.31, 0.08
"""Of people's differences within and between families: those of the scores that docs/trial.md speaks of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One trial: whether each interval holds the truth, 0, or lies above it, and its half width."""

    is_held: bool
    is_above: bool
    half: float


def main() -> None:
    """Print a row for each number of labels, correlation and size of family."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"{chosen.repetitions} repetitions, {PAIRS} pairs, judge's bias {BIAS}, no true effect")
    print("family  labels  correlation | corrected: holds 0  above 0  half width | judge alone: holds 0  above 0  half")
    for size, labels, correlation in itertools.product((1, 3), (20, 60, 120), (0.8, 0.5)):
        rng = np.random.default_rng(chosen.seed)
        trials = [run_one(rng, size, labels, correlation, seed) for seed in range(chosen.repetitions)]
        corrected, judge = (summary([trial[at] for trial in trials]) for at in (0, 1))
        print(f"{size:6}  {labels:6}  {correlation:11} | {corrected:>35} | {judge}", flush=True)


def run_one(rng: np.random.Generator, size: int, labels: int, correlation: float, seed: int) -> tuple[Outcome, Outcome]:
    """Simulate a trial; the corrected interval and the judge's own."""
    family = rng.normal(0, FAMILY_SD, PAIRS // size).repeat(size)
    own, noise = rng.normal(size=(2, PAIRS))
    people = family + SD * own
    judge = family + BIAS + SD * (correlation * own + math.sqrt(1 - correlation**2) * noise)
    pairs = [
        Pair(f"family-{at // size}", Transcript(str(at), "amended", "", float(judge[at])), _ZERO) for at in range(PAIRS)
    ]
    drawn = {int(pair.amended.scenario) for pair in draw_pairs(pairs, count=labels, seed=seed)}
    units = [
        GradedPair(pair.family, pair.difference, float(people[at]) if at in drawn else None)
        for at, pair in enumerate(pairs)
    ]
    alone = estimate_mean([Difference(str(at), pair.family, pair.difference) for at, pair in enumerate(pairs)])
    return tuple(_outcome(one.ci_low, one.ci_high) for one in (correct_mean(units), alone))  # type: ignore[return-value]


def summary(outcomes: list[Outcome]) -> str:
    """Shares and mean half width."""
    n = len(outcomes)
    held, above = sum(one.is_held for one in outcomes) / n, sum(one.is_above for one in outcomes) / n
    return f"{held:.3f}  {above:.3f}  {math.fsum(one.half for one in outcomes) / n:.3f}"


_ZERO = Transcript("", "placebo", "", 0.0)


def _outcome(low: float | None, high: float | None) -> Outcome:
    assert low is not None
    assert high is not None
    return Outcome(low <= 0 <= high, low > 0, (high - low) / 2)


if __name__ == "__main__":
    main()
