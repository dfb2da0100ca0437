"""`avenant dossier`, as a user runs it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from avenant.canary import find_canaries
from avenant.workspace import Workspace
from tests.cli.runner import EXAMPLE_ID, avenant

PUBLIC = ["README.md", "amendment.patch", "draft.md", "redline.html", "snippet.txt"]
CANARY = "cacc84b3-717d-4f8e-a946-5cc9ed181a24"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_dossier_is_gathered_under_the_placeholder(example: Workspace) -> None:
    done = avenant("dossier", "mark-opinions", cwd=example.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("dossiers/mark-opinions: README.md, redline.html, snippet.txt, amendment.patch, draft.md\n")
    folder = example.root / "dossiers/mark-opinions"
    assert _names(folder) == PUBLIC
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "Odile" not in text
        assert find_canaries(text) == (CANARY,)
    assert (folder / "draft.md").read_bytes() == (example.root / "amendments/mark-opinions.md").read_bytes()


def test_for_the_lab_it_lies_where_git_does_not_look_and_the_draft_stays(example: Workspace) -> None:
    before = (example.root / "amendments/mark-opinions.md").read_bytes()
    (example.root / ".gitignore").unlink()
    done = avenant("dossier", "mark-opinions", "--for-lab", "--path", "spec.md", cwd=example.root)
    assert done.returncode == 0, done.stderr
    assert "for the lab, not for the open web" in done.stderr
    folder = example.root / "dossiers/for-lab/mark-opinions"
    assert _names(folder) == sorted([*PUBLIC, "amended.md"])
    assert (example.root / "amendments/mark-opinions.md").read_bytes() == before
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "-q"], cwd=example.root, check=True)
    status = subprocess.run(
        ["git", "status", "--short", "--untracked-files=all"],
        cwd=example.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "dossiers" not in status.stdout
    (folder / "spec.md").write_bytes((example.root / f"specs/{EXAMPLE_ID}.md").read_bytes())
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "amendment.patch"], cwd=folder, check=True)
    assert (folder / "spec.md").read_bytes() == (folder / "amended.md").read_bytes()


def test_several_amendments_get_a_folder_each_and_a_second_run_takes_their_places(example: Workspace) -> None:
    names = ("mark-opinions", "say-the-odds")
    for _ in range(2):
        done = avenant("dossier", *names, "--out", "out", cwd=example.root)
        assert done.returncode == 0, done.stderr
        assert _names(example.root / "out") == sorted(names)
    alone = avenant("dossier", "mark-opinions", "--out", "alone", cwd=example.root)
    assert alone.stdout.startswith("alone: README.md")
    assert _names(example.root / "alone") == PUBLIC


@pytest.mark.parametrize("out", [".", "amendments", "amendments/new", "specs/atelier", "scenarios/x", "avenant.toml"])
def test_nothing_is_written_over_anything_else(example: Workspace, out: str) -> None:
    before = {path: path.read_bytes() for path in example.root.rglob("*") if path.is_file()}
    done = avenant("dossier", "mark-opinions", "--out", out, cwd=example.root)
    assert done.returncode == 2
    assert "mend: " in done.stderr
    assert {path: path.read_bytes() for path in example.root.rglob("*") if path.is_file()} == before


def test_another_drafts_dossier_is_not_replaced(example: Workspace) -> None:
    assert avenant("dossier", "mark-opinions", "--out", "out", cwd=example.root).returncode == 0
    done = avenant("dossier", "say-the-odds", "--out", "out", cwd=example.root)
    assert done.returncode == 2
    assert "out: the folder holds another draft's dossier" in done.stderr


def test_one_draft_that_is_not_ready_keeps_all_from_being_written(example: Workspace) -> None:
    path = example.root / "amendments/say-the-odds.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("quote:", "quote: zzz").replace("## Why\n", "## Why\n\n<!--"), encoding="utf-8")
    done = avenant("dossier", "mark-opinions", "say-the-odds", cwd=example.root)
    assert done.returncode == 2
    assert "amendments/say-the-odds.md:" in done.stderr
    assert not (example.root / "dossiers").exists()


def test_a_draft_that_says_the_real_name_in_disguise_is_refused(example: Workspace) -> None:
    path = example.root / "amendments/mark-opinions.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("## Why\n", "## Why\n\nO d i l e would like it. "), encoding="utf-8")
    done = avenant("dossier", "mark-opinions", cwd=example.root)
    assert done.returncode == 2
    assert "disguised-name" in done.stderr
    assert not (example.root / "dossiers").exists()


def test_a_folder_is_not_called_after_a_model(example: Workspace) -> None:
    shutil.copy(example.root / "amendments/mark-opinions.md", example.root / "amendments/odile-marks-opinions.md")
    off = '\n[check.off]\nname-in-file-name = "to see what the dossier makes of it"\n'
    config = example.root / "avenant.toml"
    config.write_text(config.read_text(encoding="utf-8") + off, encoding="utf-8")
    done = avenant("dossier", "odile-marks-opinions", cwd=example.root)
    assert done.returncode == 0, done.stderr
    assert _names(example.root / "dossiers") == ["clement-marks-opinions"]
