"""How well a trial's checks of its judge tell good judges from bad ones: planted replies, and the blindness test.

Everything is simulated with a fixed seed; no model is asked. The checks themselves are Avenant's own.

    python benchmarks/judging.py                # both tables: two minutes
    python benchmarks/judging.py --runs 100     # rougher
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from avenant.trials.blinding import Blindness, GradedPair, choose_pairs, count_guesses, judge_blindness
from avenant.trials.planted import SCENARIOS, GradedPlant, Kind, Plant, assess_judge

_TAMPERED: tuple[Kind, ...] = ("praise", "grade-line", "false-end", "order")


@dataclass(frozen=True, slots=True)
class Grader:
    """A simulated judge: normal grades, rounded to whole ones from 0 to 10."""

    name: str
    good: float
    """Mean grade of good replies."""
    bad: float
    """Mean grade of bad ones."""
    sd: float
    slips: float = 0.0
    """Share of replies for which it takes good for bad or bad for good."""
    trick: Kind | None = None
    """Tampered replies of this kind get 10."""

    def grade(self, mean: float, rng: np.random.Generator) -> int:
        """A grade around a mean."""
        turned = 10 - mean if rng.random() < self.slips else mean
        return int(np.clip(round(rng.normal(turned, self.sd)), 0, 10))


GRADERS = (
    Grader("clear: 9 and 1, sd 1", 9, 1, 1),
    Grader("usual: 8 and 2, sd 1.5", 8, 2, 1.5),
    Grader("usual, wrong 1 in 50", 8, 2, 1.5, 0.02),
    Grader("usual, wrong 1 in 20", 8, 2, 1.5, 0.05),
    Grader("usual, wrong 1 in 10", 8, 2, 1.5, 0.1),
    Grader("usual, wrong 1 in 5", 8, 2, 1.5, 0.2),
    Grader("lenient: 9 and 4, sd 1", 9, 4, 1),
    Grader("lenient: 9 and 5, sd 1", 9, 5, 1),
    Grader("narrow: 6.5 and 4, sd 1", 6.5, 4, 1),
    Grader("obeys orders in replies", 9, 1, 1, trick="order"),
    Grader("at random: 5 and 5, sd 3", 5, 5, 3),
)


def pass_rate(grader: Grader, *, runs: int, seed: int = 1) -> float:
    """Share of runs in which a judge passes the check of planted replies, in [0, 1]."""
    rng = np.random.default_rng(seed)
    return sum(assess_judge(grader.name, _grade_all(grader, rng)).is_passed for _ in range(runs)) / runs


@dataclass(frozen=True, slots=True)
class Guessing:
    """What came of many simulated blindness tests."""

    share: float
    """Mean share of right guesses."""
    words: dict[str, float]
    """Share of the tests that end with each word."""


def guess_arms(effect: float, sign: float, *, runs: int, is_matched: bool = True, seed: int = 1) -> Guessing:
    """Simulated blindness tests of trials with 400 scenarios, half of them target ones.

    The guesser goes by how well a reply meets the rubric, which it sees almost exactly, and calls every reply with a
    sign one of the amended arm.

    Args:
        effect: of the amendment on target scenarios, on the scale from 0 to 1.
        sign: share of amended replies that have a sign.
        runs: tests.
        is_matched: whether only pairs with the same grade are guessed about, as Avenant does.
        seed: of everything.
    """
    rng = np.random.default_rng(seed)
    words: Counter[str] = Counter()
    shares = []
    for number in range(runs):
        quality, pairs = _make_pairs(effect, rng)
        if is_matched:
            chosen: Sequence[GradedPair] = choose_pairs(pairs, seed=number)
        else:
            chosen = [pairs[at] for at in rng.permutation(len(pairs))[:60]]
        guesses = count_guesses("judge", _guess_all(chosen, quality, sign, rng))
        shares.append(guesses.share or 0.0)
        words[judge_blindness(guesses)[0]] += 1
    return Guessing(float(np.mean(shares)), {word: words[word] / runs for word in get_args(Blindness)})


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    print("Planted replies: share of judges that pass\n")
    for grader in GRADERS:
        print(f"  {grader.name:28} {pass_rate(grader, runs=runs * 5):.3f}")
    print("\nBlindness test: mean share of right guesses, and how often each word comes out\n")
    print(f"  {'effect':>6} {'sign':>5} {'pairs':8} {'right':>6}  " + "  ".join(get_args(Blindness)))
    for effect in (0.0, 0.2, 0.4):
        for sign in (0.0, 0.5, 0.8):
            for is_matched in (True, False):
                found = guess_arms(effect, sign, runs=runs, is_matched=is_matched)
                row = "  ".join(f"{share:{len(word)}.2f}" for word, share in found.words.items())
                print(f"  {effect:6} {sign:5} {'matched' if is_matched else 'any':8} {found.share:6.2f}  {row}")


def _grade_all(grader: Grader, rng: np.random.Generator) -> list[GradedPlant]:
    graded = []
    for number in range(SCENARIOS):
        tampered = _TAMPERED[number % len(_TAMPERED)]
        kinds: list[tuple[Kind, float]] = [("wanted", grader.good), ("unwanted", grader.bad), (tampered, grader.bad)]
        kinds += [("blank", 1.0), ("off-topic", 1.0)] if number < 2 else []
        for kind, mean in kinds:
            grade = 10 if kind == grader.trick else grader.grade(mean, rng)
            graded.append(GradedPlant(Plant(str(number), (), "", kind, ""), grade, ""))
    return graded


def _make_pairs(effect: float, rng: np.random.Generator, count: int = 400) -> tuple[np.ndarray, list[GradedPair]]:
    """Quality of every reply, amended then placebo, and the pairs with their grades."""
    is_target = np.arange(count) % 2 == 0
    base = rng.normal(0.5, 0.2, count)
    quality = np.stack([base + effect * is_target, base]) + rng.normal(0, 0.15, (2, count))
    scores = np.clip(np.rint(quality * 10), 0, 10) / 10
    pairs = [
        GradedPair(str(at), bool(is_target[at]), (), "", "", "", float(scores[0, at]), float(scores[1, at]))
        for at in range(count)
    ]
    return quality, pairs


def _guess_all(
    pairs: Sequence[GradedPair], quality: np.ndarray, sign: float, rng: np.random.Generator
) -> list[tuple[bool, bool | None]]:
    guessed: list[tuple[bool, bool | None]] = []
    for pair in pairs:
        for side, is_amended in enumerate((True, False)):
            has_sign = is_amended and rng.random() < sign
            seems_good = bool(quality[side, int(pair.scenario)] + rng.normal(0, 0.05) > 0.55)
            guessed.append((is_amended, has_sign or seems_good))
    return guessed


if __name__ == "__main__":
    main()
