"""What stopping early costs and saves: false claims, power and scenarios used, under the verdict rule of a trial.

Simulated trials of at most 400 scenarios, a look every 10 from 20. The first table tests the mean against zero. The
second uses the whole verdict rule (95 % interval for an effect, 90 % interval within .05 for none) and prints G: the
geometric mean, over one and two replies and effects 0, .05, .10, .20, of scenarios used over Wald's bound for the
chance of the verdict that was reached. Stakes were tuned on one and two replies with other seeds; four replies, pass or
fail, and the awkward cases were not used for it.

    python benchmarks/sequential.py                       # 4000 trials a cell, about five minutes on one core
    python benchmarks/sequential.py --quick               # 300
    python benchmarks/sequential.py --ville 20            # also compare with the package ville (pip install ville)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sequential_rules import RULES, Array, Rule, Times, hedged
from sequential_scores import AWKWARD, EFFECTS, OUTCOMES

from avenant.statistics.betting import betting_path

CAP, MARGIN = 400, 0.05
LOOKS = tuple(range(20, CAP + 1, 10))
GOAL_OUTCOMES, GOAL_EFFECTS = ("score r=1", "score r=2"), (0.0, 0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Cell:
    """Trials of one outcome at one effect."""

    outcome: str
    effect: float
    values: Array
    """One row a trial."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A rule's test of zero in one cell."""

    rejects: float
    covers: float
    """Share of the 95 % intervals, as printed at the stop, that hold the true mean."""
    scenarios: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What the whole verdict rule says in one cell, as shares of trials."""

    helps: float
    harms: float
    none: float
    scenarios: float
    bound: float
    """Wald's lower bound of the mean number of scenarios for a rule with these chances; nan where there is none."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--quick", action="store_true", help="300 trials a cell")
    parser.add_argument("--ville", type=int, default=0, metavar="N", help="compare N trials with the package ville")
    options = parser.parse_args(arguments)
    trials = 300 if options.quick else options.trials
    rng = np.random.default_rng(options.seed)
    cells = [Cell(o.name, d, o.draw(d, (trials, CAP), rng)) for o in OUTCOMES for d in EFFECTS]
    awkward = [Cell(name, 0.0, draw((trials, CAP), rng)) for name, draw in AWKWARD.items()]
    print(f"{trials} trials a cell, seed {options.seed}; sd of differences: {_spreads(cells)}\n")
    print_tests(cells, awkward)
    print_verdicts(cells, awkward)
    print_agreement([cell for cell in cells if cell.outcome == "score r=1"])
    if options.ville:
        print_ville(next(cell.values for cell in cells if cell.effect == 0.10)[: options.ville])
    return 0


def print_tests(cells: Sequence[Cell], awkward: Sequence[Cell]) -> None:
    """Zero against the 95 % interval, one reply."""
    print("| rule | false positives | worst cover | power .02 / .05 | scenarios .05 / .10 / .20 | stress |")
    print("|---|---|---|---|---|---|")
    for name, rule in RULES.items():
        found = {cell.effect: test_zero(rule, cell) for cell in cells if cell.outcome == "score r=1"}
        stress = max(test_zero(rule, cell).rejects for cell in awkward)
        used = " / ".join(f"{found[effect].scenarios:.0f}" for effect in (0.05, 0.10, 0.20))
        print(
            f"| {name} | {found[0.0].rejects:.3f} | {min(test.covers for test in found.values()):.3f} "
            f"| {found[0.02].rejects:.2f} / {found[0.05].rejects:.2f} | {used} | {stress:.3f} |",
            flush=True,
        )


def print_verdicts(cells: Sequence[Cell], awkward: Sequence[Cell]) -> None:
    """The whole verdict rule; errors are the worst over all outcomes."""
    print("\n| rule | G | use | false effect | false none | right at 0 / .05, one reply | two replies | stress |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rule in RULES.items():
        judged = {(cell.outcome, cell.effect): judge_cell(rule, cell) for cell in cells}
        wrong = [judge_cell(rule, cell) for cell in awkward]
        goal = [judged[outcome, effect] for outcome in GOAL_OUTCOMES for effect in GOAL_EFFECTS]
        right = [f"{judged[o, 0.0].none:.3f} / {judged[o, 0.05].helps:.3f}" for o in GOAL_OUTCOMES]
        print(
            f"| {name} | {find_goal(goal):.3f} | {np.mean([cell.scenarios for cell in goal]) / CAP:.0%} "
            f"| {max(_false_effect(effect, cell) for (_, effect), cell in judged.items()):.3f} "
            f"| {max(cell.none for (_, effect), cell in judged.items() if effect >= MARGIN):.3f} "
            f"| {' | '.join(right)} | {max(cell.helps + cell.harms for cell in wrong):.3f} |",
            flush=True,
        )
        if name == "avenant":
            details = judged
    print("\navenant, cell by cell\n\n| outcome | effect | helps | harms | none | scenarios | over the bound |")
    print("|---|---|---|---|---|---|---|")
    for (outcome, effect), cell in details.items():
        print(
            f"| {outcome} | {effect:.2f} | {cell.helps:.3f} | {cell.harms:.3f} | {cell.none:.3f} "
            f"| {cell.scenarios:.0f} | {cell.scenarios / cell.bound:.2f} |"
        )


def print_agreement(cells: Sequence[Cell], trials: int = 25) -> None:
    """Whether the intervals that a trial prints decide as the tests of single means that the tables use."""
    same = total = 0
    for cell in cells:
        times = _times(RULES["avenant"], cell.values[:trials])
        for row in range(min(trials, len(cell.values))):
            path = {level: betting_path(cell.values[row], cap=CAP, level=level, looks=LOOKS) for level in (0.95, 0.90)}
            shown = (
                [interval.ci_low > 0 for interval in path[0.95]],
                [interval.ci_high < 0 for interval in path[0.95]],
                [interval.ci_low > -MARGIN and interval.ci_high < MARGIN for interval in path[0.90]],
            )
            tested = (times[0][row, 0], times[1][row, 0], max(times[2][row, 0], times[3][row, 0]))
            firsts = [LOOKS[flags.index(True)] if any(flags) else CAP + 1 for flags in shown]
            same += sum(first == int(time) for first, time in zip(firsts, tested, strict=True))
            total += 3
    print(f"\nPrinted intervals decide at the same look as the tests: {same} of {total} decisions")


def print_ville(values: Array) -> None:
    """The betting confidence sequence of the table beside an independent one."""
    from ville import BettingCS

    ours = hedged(values, np.zeros(1), 0.95, tuple(range(1, CAP + 1)))[:, 0]
    theirs = []
    for row in values:
        sequence = BettingCS(bounds=(-1.0, 1.0), alpha=0.05, grid=2001)
        lower = sequence.fit(row).lower_
        theirs.append(next((n for n, low in enumerate(lower, start=1) if low > 0), CAP + 1))
    print(f"Effect .10, a rise claimed after\n  ville   {theirs}\n  here    {ours.tolist()}")


def test_zero(rule: Rule, cell: Cell) -> Tested:
    """Whether zero, and whether the truth, is left out, and when."""
    means = np.array([0.0, cell.effect])
    low = rule(cell.values, means, 0.95, LOOKS)
    high = rule(-cell.values, -means, 0.95, LOOKS)
    times = np.minimum(low, high)
    stop = np.minimum(times[:, 0], CAP)
    return Tested((times[:, 0] <= CAP).mean(), (times[:, 1] > stop).mean(), stop.mean())


def judge_cell(rule: Rule, cell: Cell) -> Judged:
    """The first verdict to fire; none before helps and harms at the same look."""
    low, high, low_none, high_none = _times(rule, cell.values)
    inside = np.maximum(low_none[:, 0], high_none[:, 0])
    small = np.minimum(np.maximum(low[:, 0], high[:, 1]), np.maximum(high[:, 0], low[:, 1]))
    none, helps, harms = np.minimum(inside, small), low[:, 0], high[:, 0]
    first = np.minimum(np.minimum(none, helps), harms)
    fired = first <= CAP
    is_none = fired & (none == first)
    is_help = fired & ~is_none & (helps == first)
    shares = is_help.mean(), (fired & ~is_none & ~is_help).mean(), is_none.mean()
    used = np.minimum(first, CAP).mean()
    return Judged(*shares, used, find_bound(*shares, cell.effect, cell.values.std()))


def find_bound(helps: float, harms: float, none: float, effect: float, sd: float) -> float:
    """The largest of Wald's bounds over the verdicts that are wrong somewhere else than here."""
    bounds = [float("nan")]
    if effect:
        bounds += [_entropy(share, 0.025) * 2 * sd**2 / effect**2 for share in (helps, harms)]
    if effect != MARGIN:
        bounds.append(_entropy(none, 0.05) * 2 * sd**2 / (effect - MARGIN) ** 2)
    return float(np.nanmax(bounds))


def find_goal(cells: Sequence[Judged]) -> float:
    """G, the geometric mean of scenarios used over the bound."""
    return float(np.exp(np.mean([np.log(cell.scenarios / cell.bound) for cell in cells])))


def _times(rule: Rule, values: Array) -> tuple[Times, Times, Times, Times]:
    """Looks that reject [0, -margin] from below and [0, margin] from above at 95 %; then -margin and margin at 90 %."""
    means, margin = np.array([0.0, -MARGIN]), np.array([-MARGIN])
    return (
        rule(values, means, 0.95, LOOKS),
        rule(-values, means, 0.95, LOOKS),
        rule(values, margin, 0.90, LOOKS),
        rule(-values, margin, 0.90, LOOKS),
    )


def _entropy(p: float, allowed: float) -> float:
    p = min(max(p, 1e-12), 1 - 1e-12)
    return float(p * np.log(p / allowed) + (1 - p) * np.log((1 - p) / (1 - allowed)))


def _false_effect(effect: float, cell: Judged) -> float:
    return cell.harms if effect else cell.helps + cell.harms


def _spreads(cells: Sequence[Cell]) -> str:
    return ", ".join(f"{cell.outcome} {cell.values.std():.2f}" for cell in cells if cell.effect == 0)


if __name__ == "__main__":
    sys.exit(main())
