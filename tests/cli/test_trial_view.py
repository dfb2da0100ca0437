from __future__ import annotations

import re
from pathlib import Path

import pytest

from avenant.cli.trial_view import show_result
from avenant.trials.results import Result
from tests.trials.made import Score, fixed_trial, made_result, sequential_trial


def _show(tmp_path: Path, score: Score, *, is_sequential: bool = True) -> Result:
    trial = sequential_trial(tmp_path) if is_sequential else fixed_trial(tmp_path)
    result = made_result(trial, score)
    show_result(trial, result, trial.folder / "report.html")
    return result


def test_it_shows_verdict_effects_path_and_cautions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = _show(tmp_path, lambda family, arm: 0.1 if arm == "amended" and family.startswith("target") else 0.5)
    shown = capsys.readouterr().out

    assert "Harms" in shown
    for standing in result.verdict.standings:
        assert standing.wide.mean is not None
        assert f"{standing.wide.mean:+.3f} (95% interval" in shown
    assert "falls: settled after" in shown
    assert "█" in shown
    assert "! The document was given in the prompt." in shown
    assert "report.html" in shown


def test_a_trial_of_fixed_size_has_no_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _show(tmp_path, lambda family, arm: 0.5, is_sequential=False)
    shown = capsys.readouterr().out

    assert "This trial cannot tell" in shown
    assert "settled after" not in shown


def test_what_was_not_measured_is_no_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _show(tmp_path, lambda family, arm: None)
    shown = capsys.readouterr().out

    assert re.search(r"Effect on the target +cannot tell", shown)
    assert "nan" not in shown
