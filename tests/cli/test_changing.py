"""What drafts do to their document: diff in every format, apply, conflicts, as a user runs them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from avenant.canary import canary_line, find_canaries
from avenant.cli.main import cli
from avenant.specs import library
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from avenant.workspace import Workspace
from tests.cli.runner import EXAMPLE_ID, avenant

CANARY = "cacc84b3-717d-4f8e-a946-5cc9ed181a24"
PASSAGE = "When someone asks Odile for its own view or taste"


def _document(example: Workspace) -> str:
    return (example.root / f"specs/{EXAMPLE_ID}.md").read_text(encoding="utf-8")


def test_the_unified_diff_applies_with_git_to_the_labs_own_file(example: Workspace, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    patch = ("diff", "mark-opinions", "--format", "unified", "--path", "spec.md")
    done = avenant(*patch, "--for-lab", cwd=example.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [canary_line(CANARY), "--- a/spec.md"]
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/spec.md").write_text(_document(example), encoding="utf-8")
    (tmp_path / "lab/it.patch").write_text(done.stdout, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "lab", check=True)
    subprocess.run(["git", "apply", "it.patch"], cwd=tmp_path / "lab", check=True)
    avenant("apply", "mark-opinions", "--out", "amended/it.md", cwd=example.root)
    assert (tmp_path / "lab/spec.md").read_bytes() == (example.root / "amended/it.md").read_bytes()
    for_reading = avenant(*patch, cwd=example.root).stdout
    assert for_reading.startswith("For reading: Clément stands here for the names of the lab's models. `avenant diff ")
    assert "Odile" not in for_reading
    assert for_reading.splitlines()[1:3] == [canary_line(CANARY), "--- a/spec.md"]


def test_criticmarkup_holds_both_documents(example: Workspace) -> None:
    marked = avenant("diff", "mark-opinions", "--format", "critic", "--for-lab", cwd=example.root).stdout
    assert marked.startswith(f"{{>>{canary_line(CANARY)}<<}}# ")
    without = re.sub(r"\{>>.*?<<\}", "", marked)
    assert re.sub(r"\{\+\+.*?\+\+\}", "", without, flags=re.DOTALL) == _document(example)
    assert PASSAGE in marked
    shown = avenant("diff", "mark-opinions", "--format", "critic", cwd=example.root)
    assert shown.stdout == marked.replace("Odile", "Clément")
    assert shown.stderr == ""


def test_the_snippet_says_where_in_one_line_and_has_the_passage(example: Workspace) -> None:
    done = avenant("diff", "mark-opinions", "--format", "snippet", "--for-lab", cwd=example.root)
    where, _, words = done.stdout.partition("\n\n")
    assert where.startswith("In “Giving an opinion” (line 60), after the paragraph that ends “")
    assert words.startswith(PASSAGE)
    assert "for the lab" in done.stderr
    assert not find_canaries(done.stdout), "a canary might be pasted along with the words"
    shown = avenant("diff", "mark-opinions", "--format", "snippet", cwd=example.root).stdout
    assert shown == done.stdout.replace("Odile", "Clément") + f"\n----\n{canary_line(CANARY)}\n"


def test_the_html_redline_is_a_page_under_the_placeholder(example: Workspace) -> None:
    done = avenant("diff", "mark-opinions", "--format", "html", "--out", "redline.html", cwd=example.root)
    assert (done.returncode, done.stdout) == (0, "redline.html\n")
    page = (example.root / "redline.html").read_text(encoding="utf-8")
    assert "<ins>" in page
    assert "When someone asks Clément for its own view" in page
    assert "Odile" not in page
    assert find_canaries(page) == (CANARY,)
    avenant("diff", "mark-opinions", "--format", "html", "--for-lab", "--out", "redline.html", cwd=example.root)
    page = (example.root / "redline.html").read_text(encoding="utf-8")
    assert "When someone asks Odile for its own view" in page
    assert "it is for the lab, not for the open web" in page


def test_the_redline_in_the_terminal_speaks_of_the_real_name_on_demand(example: Workspace) -> None:
    done = avenant("diff", "mark-opinions", "--for-lab", cwd=example.root)
    assert PASSAGE in done.stdout
    assert "for the lab" in done.stderr


@pytest.mark.parametrize("out", ["-", "amended.md", "amended/../amended.md", "dossiers/it.md", "../amended/it.md"])
@pytest.mark.parametrize("command", [["apply", "mark-opinions"], ["conflicts"]])
def test_the_amended_document_leaves_the_private_folders_for_the_lab_alone(
    example: Workspace, command: list[str], out: str
) -> None:
    before = sorted(example.root.parent.rglob("*"))
    refused = avenant(*command, "--out", out, cwd=example.root)
    assert refused.returncode == 2
    assert "this carries the model's real name" in refused.stderr
    assert "mend: add --for-lab if it is for the lab, or write it below amended/" in refused.stderr
    assert (refused.stdout, sorted(example.root.parent.rglob("*"))) == ("", before)
    if out != "-" or command[0] == "apply":
        assert avenant(*command, "--out", out, "--for-lab", cwd=example.root).returncode == 0


def test_what_is_written_below_amended_is_kept_out_of_git(example: Workspace) -> None:
    (example.root / ".gitignore").unlink()
    assert avenant("conflicts", "--out", "amended/combined.md", cwd=example.root).returncode == 0
    assert "amended/" in (example.root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_apply_writes_where_git_does_not_look(example: Workspace) -> None:
    done = avenant("apply", "mark-opinions", cwd=example.root)
    path = example.root / "amended/atelier-2026-09-01+mark-opinions.md"
    assert (done.returncode, done.stdout) == (0, f"{path.relative_to(example.root)}\n")
    assert PASSAGE in path.read_text(encoding="utf-8")
    assert "amended/" in (example.root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_several_amendments_go_in_together(example: Workspace) -> None:
    names = ("say-the-odds", "mark-opinions")
    done = avenant("apply", *names, "--for-lab", "--out", "-", cwd=example.root)
    again = avenant("apply", *reversed(names), "--for-lab", "--out", "-", cwd=example.root)
    assert done.stdout == again.stdout
    one = avenant("apply", "mark-opinions", "--for-lab", "--out", "-", cwd=example.root).stdout
    assert len(done.stdout) > len(one) > len(_document(example))


def test_apply_overwrites_the_document_and_its_own_file_but_no_other(example: Workspace) -> None:
    lab, other = example.root / "lab.md", example.root / "other.md"
    lab.write_text(_document(example), encoding="utf-8")
    other.write_text("Somebody's notes.\n", encoding="utf-8")
    for_lab = ("apply", "mark-opinions", "--for-lab", "--out")
    assert avenant(*for_lab, "lab.md", cwd=example.root).returncode == 0
    assert avenant(*for_lab, "lab.md", cwd=example.root).returncode == 0
    refused = avenant(*for_lab, "other.md", cwd=example.root)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert other.read_text(encoding="utf-8") == "Somebody's notes.\n"
    assert avenant(*for_lab, "other.md", "--force", cwd=example.root).returncode == 0


def test_conflicts_are_shown_with_both_places_and_the_others_combined(example: Workspace) -> None:
    none = avenant("conflicts", cwd=example.root)
    assert none.returncode == 0, none.stderr
    assert "go in together: keep-bargaining-power, mark-opinions, say-the-odds" in none.stdout
    shutil.copy(example.root / "amendments/mark-opinions.md", example.root / "amendments/zz-again.md")
    found = avenant("conflicts", "--out", "amended/combined.md", cwd=example.root)
    assert found.returncode == 1
    assert "mark-opinions and zz-again: both put words into the same place" in found.stdout
    assert "go in together: keep-bargaining-power, say-the-odds" in found.stdout
    names = ("keep-bargaining-power", "say-the-odds")
    together = avenant("apply", *names, "--for-lab", "--out", "-", cwd=example.root).stdout
    assert (example.root / "amended/combined.md").read_text(encoding="utf-8") == together
    [row] = json.loads(avenant("conflicts", "--json", cwd=example.root).stdout)
    assert (row["kind"], row["amendments"]) == ("same-place", ["mark-opinions", "zz-again"])
    refused = avenant("apply", "mark-opinions", "zz-again", cwd=example.root)
    assert refused.returncode == 2
    assert "are in conflict" in refused.stderr


def test_a_broken_draft_is_named_and_does_not_hide_the_others(example: Workspace) -> None:
    path = example.root / "amendments/say-the-odds.md"
    path.write_text(path.read_text(encoding="utf-8").replace("quote:", "quote: zzz"), encoding="utf-8")
    done = avenant("conflicts", cwd=example.root)
    assert done.returncode == 2
    assert "left out: amendments/say-the-odds.md" in done.stderr
    assert "go in together: keep-bargaining-power, mark-opinions" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["conflicts"], ["check"], ["apply", "mark-opinions", "say-the-odds"], ["rebase"], ["log", "atelier"]]
)
def test_no_command_parses_a_document_twice(
    example: Workspace, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (example.root / "newer.md").write_text(_document(example) + "\nOne more.\n", encoding="utf-8")
    assert avenant("spec", "add", "newer.md", "--as", "atelier/2026-12-01", cwd=example.root).returncode == 0
    parsed: list[str] = []

    def parse(text: str, document_id: str) -> Document:
        parsed.append(document_id)
        return parse_document(text, document_id)

    monkeypatch.setattr(library, "parse_document", parse)
    library._parse_once.cache_clear()
    monkeypatch.chdir(example.root)
    cli.main(arguments, standalone_mode=False)
    assert len(parsed) == len(set(parsed)) >= 1


@pytest.mark.parametrize("out", ["amendments/mark-opinions.md", f"specs/{EXAMPLE_ID}.md", "scenarios/x.yaml", "trials"])
@pytest.mark.parametrize(
    "command", [["diff", "mark-opinions", "--format", "unified"], ["apply", "mark-opinions", "--force", "--for-lab"]]
)
def test_nothing_is_written_over_what_people_wrote(example: Workspace, command: tuple[str, ...], out: str) -> None:
    before = {path: path.read_bytes() for path in example.root.rglob("*") if path.is_file()}
    done = avenant(*command, "--out", out, cwd=example.root)
    assert done.returncode == 2
    assert "error:" in done.stderr
    assert {path: path.read_bytes() for path in example.root.rglob("*") if path.is_file()} == before


def test_a_draft_named_twice_is_one_draft(example: Workspace) -> None:
    done = avenant("apply", "mark-opinions", "amendments/mark-opinions.md", cwd=example.root)
    assert done.returncode == 0, done.stderr


def test_a_binary_draft_is_a_finding_and_the_others_are_checked(example: Workspace) -> None:
    (example.root / "amendments/zz.md").write_bytes(b"\x00\x01")
    done = avenant("check", cwd=example.root)
    assert done.returncode == 1
    assert "amendments/zz.md:1: invalid-format" in done.stdout
