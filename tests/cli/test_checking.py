from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.check.registry import RULES
from avenant.workspace import Workspace
from tests.amendments.drafts import make_source
from tests.cli.runner import avenant

QUOTE = "the picture left behind is a true one"
PASSAGE = (
    "When someone asks Clément for a rule of thumb, Clément gives one and says where it fails, since people carry "
    "such rules further than they were meant to go."
)
CLEAN = make_source("insert-after", PASSAGE, quote=QUOTE)
NAMED = CLEAN.replace("asks Clément", "asks Odile")


@pytest.fixture
def root(example: Workspace) -> Path:
    """The example workspace without its own drafts."""
    for path in (*example.amendment_paths(), *example.folder("scenarios").glob("*")):
        path.unlink()
    return example.root


def _write(root: Path, source: str, name: str = "amendments/draft.md") -> Path:
    path = root / name
    path.write_text(source, encoding="utf-8")
    return path


def test_a_clean_draft_passes(root: Path) -> None:
    _write(root, CLEAN)
    done = avenant("check", "--quiet", cwd=root)
    assert (done.returncode, done.stdout) == (0, "1 draft checked: nothing found.\n")


def test_findings_are_shown_with_their_mend_and_counted(root: Path) -> None:
    _write(root, NAMED)
    done = avenant("check", "--quiet", cwd=root)
    assert done.returncode == 1
    assert done.stdout.startswith("amendments/draft.md:")
    assert "model-name: a model's real name stands here (O····)" in done.stdout
    assert "1 error, 0 warnings, 0 notes in 1 draft." in done.stderr
    assert "1 can be mended by `avenant check --fix`" in done.stderr


def test_fix_mends_and_says_so_and_diff_only_shows(root: Path) -> None:
    path = _write(root, NAMED)
    shown = avenant("check", "--diff", "--quiet", cwd=root)
    assert "-When someone asks Odile for" in shown.stdout
    assert "+When someone asks Clément for" in shown.stdout
    assert path.read_text(encoding="utf-8") == NAMED
    done = avenant("check", "--fix", "--quiet", cwd=root)
    assert done.returncode == 0
    assert "mended: amendments/draft.md:" in done.stderr
    assert path.read_text(encoding="utf-8") == CLEAN


def test_json_holds_every_finding(root: Path) -> None:
    _write(root, NAMED)
    done = avenant("check", "--json", cwd=root)
    rows = [row for row in json.loads(done.stdout) if row["severity"] == "error"]
    assert [(row["rule"], row["is_fixable"]) for row in rows] == [("model-name", True)]
    assert rows[0]["path"].endswith("amendments/draft.md")


def test_sarif_and_github_name_the_file_from_the_repository(root: Path) -> None:
    _write(root, NAMED)
    sarif = json.loads(avenant("check", "--format", "sarif", cwd=root).stdout)
    [result] = [one for one in sarif["runs"][0]["results"] if one["level"] == "error"]
    assert result["ruleId"] == "model-name"
    github = avenant("check", "--format", "github", cwd=root.parent, timeout_s=60)
    assert github.returncode == 2  # no workspace there
    github = avenant("check", "example/amendments/draft.md", "--format", "github", cwd=root.parent)
    assert github.returncode == 1
    assert "::error file=example/amendments/draft.md,line=" in github.stdout


def test_findings_are_written_to_a_file(root: Path) -> None:
    _write(root, NAMED)
    done = avenant("check", "--quiet", "-o", "findings.txt", cwd=root)
    assert done.returncode == 1
    assert "model-name" in (root / "findings.txt").read_text(encoding="utf-8")


def test_a_scenario_file_stands_for_its_draft(root: Path) -> None:
    _write(root, NAMED)
    _write(root, "amendment: draft\n", "scenarios/draft.yaml")
    done = avenant("check", "scenarios/draft.yaml", "-q", cwd=root)
    assert done.returncode == 1
    assert "amendments/draft.md:" in done.stdout
    assert "scenarios/draft.yaml:1: invalid-format: no scenarios" in done.stdout


def test_a_scenario_file_without_a_draft_is_checked_too(root: Path) -> None:
    _write(root, "scenarios: Odile\n", "scenarios/orphan.yaml")
    assert "scenarios/orphan.yaml:1: model-name" in avenant("check", cwd=root).stdout
    assert "scenarios/orphan.yaml:1: model-name" in avenant("check", "scenarios/orphan.yaml", cwd=root).stdout


def test_what_is_turned_off_is_counted(root: Path) -> None:
    _write(root, NAMED.replace("When someone", "<!-- avenant: off model-name: a person of this name -->\nWhen someone"))
    done = avenant("check", "--quiet", cwd=root)
    assert done.returncode == 0
    assert "1 finding turned off (model-name)." in done.stderr


def test_a_setting_that_cannot_be_read_exits_2(root: Path) -> None:
    (root / "avenant.toml").write_text("[check.off]\nno-such-rule = 'x'\n", encoding="utf-8")
    done = avenant("check", cwd=root)
    assert done.returncode == 2
    assert "there is no rule 'no-such-rule' to turn off" in done.stderr


def test_rules_are_listed_and_explained(root: Path) -> None:
    listed = avenant("check", "--rules", cwd=root).stdout.splitlines()
    assert [line.split("\t")[0] for line in listed] == [rule.id for rule in RULES]
    explained = avenant("check", "--explain", "stale-release", cwd=root)
    assert explained.returncode == 0
    assert explained.stdout.startswith("stale-release: ")
    assert "Instead:" in explained.stdout
    unknown = avenant("check", "--explain", "stale-relase", cwd=root)
    assert unknown.returncode == 2
    assert "did you mean stale-release?" in unknown.stderr


def test_without_drafts_it_says_how_to_begin(root: Path) -> None:
    done = avenant("check", cwd=root)
    assert (done.returncode, done.stdout) == (0, "No amendments yet. Write one: avenant new\n")
