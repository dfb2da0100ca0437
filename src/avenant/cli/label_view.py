"""What labels say, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from avenant.cli.show import print_text
from avenant.statistics.agreement import Agreement
from avenant.statistics.prediction_powered import Corrected
from avenant.trials.calibration import Calibration
from avenant.trials.estimate import Estimate
from avenant.trials.summary import number

_WIDTH = 34
_BATTERY = {"target": "target scenarios", "neighbour": "neighbour scenarios", "far": "far scenarios"}


def show_calibration(calibration: Calibration) -> None:
    """Print agreement, the judge's errors by arm, the effect with and without the correction, and what it means."""
    print_text(
        f"\nLabels on {_BATTERY[calibration.battery]}: {calibration.replies} replies graded by "
        f"{', '.join(calibration.graders)}; of {calibration.labelled} of {calibration.pairs} pairs both replies",
        style="bold",
    )
    for name, value in _rows(calibration):
        print_text(f"  {name:{_WIDTH}} {value}")
    Console(highlight=False).print(Text(f"\n{calibration.meaning}", style="bold"))


def show_note(calibration: Calibration) -> None:
    """Print what the corrected intervals cannot do."""
    Console(highlight=False).print(Padding(Text(f"\n! {calibration.note}", style="dim"), (0, 0, 0, 2)))


def _rows(calibration: Calibration) -> Iterator[tuple[str, str]]:
    yield "Judge and people: alpha", _agreement(calibration.alpha, "replies")
    yield "  weighted kappa", _agreement(calibration.kappa, "replies")
    yield "  correlation of grades", _agreement(calibration.correlation, "replies")
    yield "  correlation of differences", _agreement(calibration.difference_correlation, "pairs")
    if calibration.between is not None:
        yield "Graders among themselves: alpha", _agreement(calibration.between, "replies")
    for arm, error in calibration.errors.items():
        yield f"Judge minus people, {arm}", _estimate(error)
    yield "  amended minus placebo", _estimate(calibration.error_gap)
    yield "Effect by the judge alone", _estimate(calibration.judge)
    if calibration.decided.method != calibration.judge.method:
        yield "  as the verdict has it", number(calibration.decided)
    yield "Effect corrected by people", _corrected(calibration.corrected)


def _agreement(found: Agreement, units: str) -> str:
    if found.coefficient is None:
        return f"cannot tell ({found.n} {units}, or all grades the same)"
    if found.ci_low is None or found.ci_high is None:
        return f"{found.coefficient:.2f} (no interval: {found.n} {units})"
    return (
        f"{found.coefficient:.2f} ({found.level:.0%} interval {found.ci_low:.2f} to {found.ci_high:.2f}; "
        f"{found.n} {units})"
    )


def _estimate(estimate: Estimate) -> str:
    return "cannot tell" if estimate.mean is None else f"{number(estimate)}, n = {estimate.n}"


def _corrected(corrected: Corrected) -> str:
    if corrected.mean is None:
        return "cannot tell"
    if corrected.ci_low is None or corrected.ci_high is None:
        return f"{corrected.mean:+.3f} (no interval: too few labels, {corrected.n} pairs)"
    return (
        f"{corrected.mean:+.3f} ({corrected.level:.0%} interval {corrected.ci_low:+.3f} to {corrected.ci_high:+.3f}), "
        f"n = {corrected.n} labelled and {corrected.unlabelled} others"
    )
