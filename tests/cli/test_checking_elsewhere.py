"""`avenant check` as other tools run it and with another tool beside it: pre-commit, GitHub, Vale."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from avenant.workspace import Workspace
from tests.cli.runner import avenant

WORD = "lecture"
"""Stands once in a passage of the example."""
VALE = f"""#!{sys.executable}
import json, pathlib, sys
found = {{}}
for name in sys.argv[3:]:
    for number, line in enumerate(pathlib.Path(name).read_text(encoding="utf-8").splitlines(), 1):
        if {WORD!r} in line:
            found[name] = [{{"Check": "Own.Words", "Message": "say it plainly", "Line": number, "Match": {WORD!r},
                            "Severity": "error", "Span": [1, 2], "Link": "", "Description": "", "Action": {{}}}}]
print(json.dumps(found))
sys.exit(bool(found))
"""


@pytest.fixture
def top(example: Workspace, tmp_path: Path) -> Path:
    """A repository with the example workspace in its folder `policy`."""
    shutil.copytree(example.root, tmp_path / "top/policy")
    (tmp_path / "top/.git").mkdir()
    return tmp_path / "top"


def _install_vale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "vale").write_text(VALE, encoding="utf-8")
    (folder / "vale").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def _name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("When someone asks Clément", "When someone asks Odile"), encoding="utf-8")


@pytest.mark.parametrize("folder", ["", "policy", "policy/amendments"])
def test_paths_start_at_the_top_of_the_repository_wherever_the_command_runs(top: Path, folder: str) -> None:
    draft = top / "policy/amendments/mark-opinions.md"
    _name(draft)
    given = os.path.relpath(draft, top / folder)
    sarif = json.loads(avenant("check", given, "-q", "--format", "sarif", cwd=top / folder).stdout)
    [result] = [one for one in sarif["runs"][0]["results"] if one["ruleId"] == "model-name"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "policy/amendments/mark-opinions.md", "uriBaseId": "%SRCROOT%"}
    github = avenant("check", given, "-q", "--format", "github", cwd=top / folder).stdout
    assert "::error file=policy/amendments/mark-opinions.md,line=" in github


def test_files_are_named_as_pre_commit_names_them_from_above_the_workspace(top: Path) -> None:
    _name(top / "policy/amendments/mark-opinions.md")
    done = avenant("check", "-q", "policy/scenarios/mark-opinions.yaml", "policy/amendments/say-the-odds.md", cwd=top)
    assert done.returncode == 1
    assert "model-name" in done.stdout
    assert "in 2 drafts." in done.stderr


def test_files_of_two_workspaces_are_not_checked_against_one_of_them(top: Path) -> None:
    shutil.copytree(top / "policy", top / "other")
    done = avenant("check", "policy/amendments/say-the-odds.md", "other/amendments/say-the-odds.md", cwd=top)
    assert done.returncode == 2
    assert "these files are of two workspaces, policy and other" in done.stderr


def test_vale_adds_notes_that_never_fail_and_can_be_turned_off(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_vale(tmp_path / "bin", monkeypatch)
    (top / "policy/.vale.ini").write_text("[*.md]\n", encoding="utf-8")
    draft = top / "policy/amendments/keep-bargaining-power.md"
    lines = draft.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if WORD in text)
    done = avenant("check", "keep-bargaining-power", "--vale", cwd=top / "policy")
    assert done.returncode == 0
    assert f"amendments/keep-bargaining-power.md:{line}: prose: Own.Words: say it plainly\n" in done.stdout
    lines.insert(line - 1, "<!-- avenant: off prose: the word is meant -->")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = avenant("check", "keep-bargaining-power", "--vale", cwd=top / "policy")
    assert "prose" not in done.stdout
    assert "1 finding turned off (prose)." in done.stderr


def test_without_vale_the_command_exits_2_and_says_how_to_install_it(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(top))
    done = avenant("check", "--vale", cwd=top / "policy")
    assert done.returncode == 2
    assert "Vale is not installed" in done.stderr
    assert "pip install vale" in done.stderr
