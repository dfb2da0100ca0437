from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from avenant.trials.design import Trial
from avenant.trials.listing import list_trials
from tests.trials.materials import make_trial, store_trial


@pytest.fixture
def trials(finished: Trial, tmp_path: Path) -> Path:
    """A finished trial, one that lacks two blocks, one that has not begun and one that cannot be read."""
    folder = finished.folder.parent
    begun = folder / "2"
    shutil.copytree(finished.folder, begun)
    for log in sorted((begun / "logs").glob("*.eval"))[1:]:
        log.unlink()
    store_trial(make_trial(tmp_path / "other", folder="trials/mark-views/3"))
    shutil.move(tmp_path / "other/trials/mark-views/3", folder / "3")
    broken = folder / "4"
    shutil.copytree(finished.folder, broken)
    (broken / "protocol.toml").write_text("title = 1\n", encoding="utf-8")
    return folder.parent


def test_every_trial_is_listed_with_how_far_it_has_come(trials: Path) -> None:
    listed = list_trials(trials)

    assert [(one.folder.name, one.state) for one in listed] == [
        ("1", "finished"),
        ("2", "unfinished"),
        ("3", "not begun"),
        ("4", "cannot be read"),
    ]
    assert {one.amendment for one in listed} == {"mark-views"}
    assert [one.result.finished_blocks if one.result else None for one in listed] == [3, 1, None, None]
    assert listed[0].result is not None
    assert listed[0].result.verdict.word == "helps"


def test_what_cannot_be_read_says_why(trials: Path) -> None:
    assert [bool(one.problem) for one in list_trials(trials)] == [False, False, False, True]
    assert "keys missing or unknown" in list_trials(trials)[3].problem


def test_a_damaged_log_makes_a_trial_that_cannot_be_read(trials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from avenant.errors import TrialError

    def fail(trial: Trial) -> None:
        raise TrialError("this log is damaged")

    monkeypatch.setattr("avenant.trials.listing.read_result", fail)
    listed = list_trials(trials)

    assert [one.state for one in listed] == ["cannot be read", "cannot be read", "not begun", "cannot be read"]
    assert listed[0].problem == "this log is damaged"


def test_an_amendment_has_its_own_trials_alone(trials: Path) -> None:
    shutil.copytree(trials / "mark-views/3", trials / "another/1")

    assert [one.amendment for one in list_trials(trials, "another")] == ["another"]
    assert len(list_trials(trials)) == 5


def test_a_workspace_without_trials_has_none(tmp_path: Path) -> None:
    assert list_trials(tmp_path / "trials") == ()
