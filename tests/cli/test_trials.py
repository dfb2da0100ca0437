"""`avenant trials` and `avenant meta`, on stored trials of scripted models."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avenant.cli.main import cli
from avenant.errors import TrialError
from avenant.workspace import init_workspace
from tests.cli.runner import avenant
from tests.trials.materials import make_spec, make_trial, store_trial
from tests.trials.running import run
from tests.trials.scripted import STAGE

pytestmark = pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning")

_SUBJECTS = ("helpful", "indifferent", "deaf")


@pytest.fixture(scope="module")
def _ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tried")
    workspace = init_workspace(root / "proposals").root
    make_spec(workspace)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(root / "data"))
        STAGE.clear()
        for number, subject in enumerate(_SUBJECTS, 1):
            folder = f"trials/mark-views/2026-11-24T10-1{number}-00"
            trial = store_trial(make_trial(root / str(number), f"scripted/{subject}", folder=folder, block_size=10))
            shutil.copytree(run(trial).trial.folder, workspace / folder)
    return workspace


@pytest.fixture
def workspace(_ran: Path, tmp_path: Path) -> Path:
    shutil.copytree(_ran, tmp_path / "proposals")
    return tmp_path / "proposals"


def ask(workspace: Path, *arguments: str) -> Result:
    """One command, in this process."""
    with chdir(workspace):
        return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_trials_prints_a_row_for_each_with_verdict_and_effect(workspace: Path) -> None:
    done = avenant("trials", cwd=workspace)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]

    assert [row[2] for row in rows] == [f"2026-11-24T10-1{number}-00" for number in (1, 2, 3)]
    assert [row[3] for row in rows] == [f"scripted/{subject}" for subject in _SUBJECTS]
    assert {(row[0], row[1], row[4], row[5], row[6]) for row in rows} == {
        ("mark-views", "atelier/2026-09-01", "scripted/judge", "judge", "1 of 1, done")
    }
    assert rows[0][7] == "helps"
    assert rows[0][8].startswith("+0.")
    assert rows[2][7] == "cannot tell"
    assert "odile" not in done.stdout.casefold()


def test_trials_of_a_name_that_no_draft_and_no_trial_has_are_refused(workspace: Path) -> None:
    done = avenant("trials", "mark-vews", cwd=workspace)

    assert done.returncode == 2
    assert "there is no such amendment" in done.stderr


def test_trials_as_json_has_the_effect_with_its_interval_and_method(workspace: Path) -> None:
    data = json.loads(ask(workspace, "trials", "mark-views", "--json").stdout)

    assert [(one["state"], one["finished_blocks"]) for one in data] == [("finished", 1)] * 3
    assert data[0]["effect"]["ci_low"] < data[0]["effect"]["mean"] < data[0]["effect"]["ci_high"]
    assert data[0]["effect"]["families"] == 6
    assert "clustered by family" in data[0]["effect"]["method"]
    assert data[0]["folder"] == "trials/mark-views/2026-11-24T10-11-00"


def test_without_trials_it_says_how_to_begin_one(tmp_path: Path) -> None:
    root = init_workspace(tmp_path / "empty").root
    done = ask(root, "trials")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "no trials yet; begin one: avenant try" in done.stderr
    assert json.loads(ask(root, "trials", "--json").stdout) == []
    with pytest.raises(TrialError, match="there is no trial of 'mark-views'"):
        ask(root, "meta", "mark-views")
    with pytest.raises(TrialError, match="is no amendment"):
        ask(root, "meta", "*")


def test_meta_pools_what_is_fit_and_says_what_is_left_out(workspace: Path) -> None:
    done = ask(workspace, "meta", "mark-views")

    assert done.exit_code == 0
    assert "atelier/2026-09-01, by judge: 2 trials" in done.stdout
    assert "Pooled over 2 trials: +" in done.stdout
    assert "one degree of freedom" in done.stdout
    assert "I²" in done.stdout
    assert "◆" in done.stdout
    assert "left out: 2026-11-24T10-13-00 (scripted/deaf): the positive control does not show" in done.stdout
    assert "Page: trials/mark-views/meta.html" in done.stdout
    text = (workspace / "trials/mark-views/meta.html").read_text(encoding="utf-8")
    assert "scripted/indifferent" in text
    assert "odile" not in (text + done.stdout).casefold()


def test_meta_as_json_writes_no_page(workspace: Path) -> None:
    data = json.loads(ask(workspace, "meta", "amendments/mark-views.md", "--json").stdout)

    [group] = data["groups"]
    assert group["trials"] == ["2026-11-24T10-11-00", "2026-11-24T10-12-00"]
    assert [one["trial"] for one in data["left_out"]] == ["2026-11-24T10-13-00"]
    assert group["batteries"]["target"]["pooled"]["n"] == 2
    assert not (workspace / "trials/mark-views/meta.html").exists()


def test_one_trial_is_nothing_to_pool_and_writes_no_page(workspace: Path) -> None:
    for number in (2, 3):
        shutil.rmtree(workspace / f"trials/mark-views/2026-11-24T10-1{number}-00")
    done = ask(workspace, "meta", "mark-views")

    assert done.exit_code == 0
    assert "One trial: nothing to pool." in done.stdout
    assert not (workspace / "trials/mark-views/meta.html").exists()


def test_where_none_can_be_used_it_says_so(workspace: Path) -> None:
    for number in (1, 2):
        shutil.rmtree(workspace / f"trials/mark-views/2026-11-24T10-1{number}-00")
    done = ask(workspace, "meta", "mark-views")

    assert done.exit_code == 0
    assert "nothing to pool: none of 1 trial can be used" in done.stdout
    assert "left out: 2026-11-24T10-13-00" in done.stdout


def test_a_trial_that_cannot_be_read_does_not_hide_the_others(workspace: Path) -> None:
    (workspace / "trials/mark-views/2026-11-24T10-12-00/protocol.toml").write_text("title = 1\n", encoding="utf-8")
    done = ask(workspace, "trials")

    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 3
    assert "cannot be read" in done.stdout
    assert "keys missing or unknown" in done.stderr
