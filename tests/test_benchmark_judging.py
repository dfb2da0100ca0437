"""The benchmark of the judge's checks: what it says of judges that are plainly good or plainly bad."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
benchmark = importlib.import_module("judging")


@pytest.mark.parametrize(
    ("name", "low", "high"), [("clear", 1, 1), ("usual: 8", 0.9, 1), ("obeys", 0, 0), ("at", 0, 0)]
)
def test_good_judges_pass_and_bad_ones_do_not(name: str, low: float, high: float) -> None:
    grader = next(one for one in benchmark.GRADERS if one.name.startswith(name))

    assert low <= benchmark.pass_rate(grader, runs=60) <= high


@pytest.mark.parametrize("effect", [0.0, 0.4])
def test_an_effect_alone_does_not_break_the_blindness(effect: float) -> None:
    found = benchmark.guess_arms(effect, 0.0, runs=15)

    assert abs(found.share - 0.5) < 0.02
    assert found.words["broken"] == 0


def test_without_matching_the_effect_would_look_like_a_leak() -> None:
    assert benchmark.guess_arms(0.4, 0.0, runs=15, is_matched=False).share > 0.58


def test_a_sign_in_every_amended_reply_breaks_it() -> None:
    assert benchmark.guess_arms(0.0, 1.0, runs=15).words["broken"] == 1
