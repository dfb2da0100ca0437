"""`avenant check --publish`: what a user sees; how each kind of file is read is tested with the scan."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from avenant.workspace import Workspace
from tests.amendments.drafts import CANARY, make_source
from tests.cli.runner import avenant

QUOTE = "the picture left behind is a true one"
PASSAGE = (
    "When someone asks Clément for a rule of thumb, Clément gives one and says where it fails, since people carry "
    "such rules further than they were meant to go."
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A clean folder that belongs to no workspace."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<p>Cl&eacute;ment asks first.</p>", encoding="utf-8")
    return folder


def _git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.email=jo@example.org", "-c", "user.name=Jo")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_clean_folder_passes_and_pictures_are_named(site: Path) -> None:
    (site / "chart.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = avenant("check", "--publish", "site", cwd=site.parent)
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 files looked into" in done.stderr
    assert "chart.png" in done.stderr
    assert "No model's name found." in done.stderr


def test_a_name_is_found_and_not_spelt_out(site: Path) -> None:
    (site / "more.html").write_text('<p>Cl<b>au</b>de</p>\n<img alt="a talk with ChatGPT">', encoding="utf-8")
    done = avenant("check", "--publish", "site", cwd=site.parent)
    assert done.returncode == 1
    assert "site/more.html:" in done.stdout
    assert "C·····" in done.stdout
    assert "Claude" not in done.stdout + done.stderr
    assert "ChatGPT" not in done.stdout + done.stderr


def test_a_name_that_only_the_history_keeps_is_found(site: Path) -> None:
    _git(site, "init", "-q")
    (site / "notes.md").write_text("We ask Claude.\n", encoding="utf-8")
    _git(site, "add", "-A")
    _git(site, "commit", "-qm", "One")
    (site / "notes.md").write_text("We ask Clément.\n", encoding="utf-8")
    _git(site, "commit", "-qam", "Two")
    done = avenant("check", "--publish", ".", cwd=site)
    assert done.returncode == 1
    assert "git's history keeps it" in done.stdout
    assert avenant("check", "--publish", ".", "--no-history", cwd=site).returncode == 0


def test_what_git_ignores_is_read_only_when_asked(site: Path) -> None:
    _git(site, "init", "-q")
    (site / ".gitignore").write_text("private/\n", encoding="utf-8")
    (site / "private").mkdir()
    (site / "private" / "log.txt").write_text("Claude\n", encoding="utf-8")
    done = avenant("check", "--publish", ".", cwd=site)
    assert done.returncode == 0
    assert "1 files that git ignores were left out; --all reads them too." in done.stderr
    assert avenant("check", "--publish", ".", "--all", cwd=site).returncode == 1


def test_a_workspaces_own_document_passes_and_its_changed_copy_does_not(example: Workspace) -> None:
    root = example.root
    for name in ("odile-constitution.md", "odile-constitution-2026-12-01.md"):
        (root / name).unlink()
    done = avenant("check", "--publish", ".", cwd=root)
    assert done.returncode == 0, done.stdout
    assert "documents as the labs published them were let pass" in done.stderr
    (root / "copy.md").write_text("Odile's constitution, in our words.\n", encoding="utf-8")
    changed = avenant("check", "--publish", ".", cwd=root)
    assert changed.returncode == 1
    assert changed.stdout.startswith("copy.md:1: model-name:")


def test_a_comment_with_a_reason_lets_a_name_pass(site: Path) -> None:
    text = "<!-- avenant: off model-name: a person of this name -->\nClaude and his brother.\n\nClaude.\n"
    (site / "people.md").write_text(text, encoding="utf-8")
    done = avenant("check", "--publish", "site", cwd=site.parent)
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["4"]
    assert "1 finding turned off (model-name)." in done.stderr


def test_a_drafts_words_without_its_canary_are_found(example: Workspace, site: Path) -> None:
    source = make_source("insert-after", PASSAGE, quote=QUOTE)
    (example.folder("amendments") / "draft.md").write_text(source, encoding="utf-8")
    page = site / "post.md"
    page.write_text(f"A proposal.\n\n{PASSAGE}\n", encoding="utf-8")
    done = avenant("check", "--publish", str(site), cwd=example.root)
    assert done.returncode == 1
    assert "post.md:1: missing-canary: this carries words of the draft draft and no canary" in done.stdout
    page.write_text(f"A proposal.\n\n{PASSAGE}\n\nCanary {CANARY}\n", encoding="utf-8")
    assert avenant("check", "--publish", str(site), cwd=example.root).returncode == 0


def test_a_file_that_cannot_be_read_fails_the_scan(site: Path) -> None:
    (site / "broken.docx").write_bytes(b"PK\x03\x04 not really")
    done = avenant("check", "--publish", "site", cwd=site.parent)
    assert done.returncode == 1
    assert "unread-file" in done.stdout


def test_formats_for_machines(site: Path) -> None:
    (site / "more.md").write_text("Claude\n", encoding="utf-8")
    rows = json.loads(avenant("check", "--publish", "site", "--json", cwd=site.parent).stdout)
    assert [(Path(row["path"]).name, row["line"], row["rule"]) for row in rows] == [("more.md", 1, "model-name")]
    github = avenant("check", "--publish", "site", "--format", "github", cwd=site.parent)
    assert github.stdout.startswith("::error file=")
    sarif = json.loads(avenant("check", "--publish", "site", "--format", "sarif", cwd=site.parent).stdout)
    assert len(sarif["runs"][0]["results"]) == 1


def test_a_folder_that_is_not_there_exits_2(tmp_path: Path) -> None:
    done = avenant("check", "--publish", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no such folder" in done.stderr
