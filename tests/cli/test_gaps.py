"""`avenant gaps`, as a user runs it; which labels come out is not this test's matter."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from avenant.canary import find_canaries
from avenant.specs.library import add_spec
from avenant.workspace import init_workspace
from tests.cli.runner import avenant
from tests.coverage.materials import TEXT
from tests.coverage.test_language import OTHERS

THREATS = """\
- id: flattery
  title: Flattery that Odile gives
  description: The model tells people what they like to hear.
  goal: epistemics
  facets: ["Must the model not praise what it does not think good?"]
- id: coup
  title: A coup
  description: A few people take over a state.
  gravity: catastrophic
"""
LABELS = {"absent", "mentioned", "addressed"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "proposals")
    specs = workspace.folder("specs")
    add_spec(specs, TEXT.encode(), "atelier/1", source="constitution.md")
    add_spec(specs, OTHERS["French"].encode(), "french/1", source="constitution.md", subject="Odile")
    (workspace.root / "mine.yaml").write_text(THREATS, encoding="utf-8")
    return workspace.root


def test_gaps_prints_a_row_for_each_threat_model_and_says_what_labels_are(workspace: Path) -> None:
    done = avenant("gaps", "--catalogue", "mine.yaml", "atelier", "french", "deepseek", cwd=workspace)
    assert done.returncode == 0, done.stderr
    rows = {row[0]: row[1:] for row in (line.split("\t") for line in done.stdout.splitlines())}
    assert rows.pop("threat") == ["gravity", "atelier/1", "french/1", "deepseek", "title"]
    assert set(rows) == {"flattery", "coup"}
    gravity, label, french, absent, title = rows["flattery"]
    assert (gravity, french, absent) == ("serious", "cannot tell: not in English", "no document")
    assert label.split()[0] in LABELS
    assert label.split()[1].endswith("%")
    assert title == "Flattery that Clément gives"
    assert "atelier/1: of 2 threat models" in done.stderr
    assert "they are not the lab's judgement" in done.stderr
    assert "docs/gaps.md" in done.stderr


def test_explain_shows_clauses_with_their_lines_and_facets(workspace: Path) -> None:
    done = avenant("gaps", "atelier", "--catalogue", "mine.yaml", "--threat", "flattery", "--explain", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Flattery that Clément gives\nflattery; serious; epistemics\n")
    assert "facets, the questions that a document has to answer" in done.stdout
    assert "line " in done.stdout
    assert "coup" not in done.stdout
    assert "odile" not in done.stdout.casefold()


def test_every_format_goes_to_a_file_with_a_canary_and_without_a_name(workspace: Path) -> None:
    for style in ("table", "html", "csv", "json"):
        done = avenant("gaps", "--catalogue", "mine.yaml", "--format", style, "--out", f"shown/{style}", cwd=workspace)
        assert done.returncode == 0, done.stderr
        text = (workspace / "shown" / style).read_text(encoding="utf-8")
        assert len(find_canaries(text)) == 1, style
        assert "odile" not in text.casefold(), style
    rows = list(csv.DictReader(io.StringIO((workspace / "shown/csv").read_text(encoding="utf-8"))))
    assert [row["status"] for row in rows] == ["read", "not-english"] * 2
    data = json.loads((workspace / "shown/json").read_text(encoding="utf-8"))
    assert {cell["label"] for row in data["threats"] for cell in row["cells"]} <= {*LABELS, None}


def test_rows_are_chosen_by_goal_and_by_label(workspace: Path) -> None:
    chosen = ("gaps", "atelier", "--catalogue", "mine.yaml", "--goal", "epistemics")
    done = avenant(*chosen, cwd=workspace)
    header, row = done.stdout.splitlines()
    assert header.startswith("threat\tgravity\tatelier/")
    assert row.startswith("flattery\t")
    [other] = sorted(LABELS - {row.split("\t")[2].split()[0]})[:1]
    done = avenant(*chosen, "--label", other, cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "")
    assert "No threat model has this label." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--threat", "flatery"), "there is no threat model 'flatery'"),
        (("--catalogue", "empty.yaml"), "no threat models in it"),
        (("--catalogue", "missing.yaml"), "missing.yaml"),
        (("--catalogue", "mine.yaml", "--threat", "coup", "--goal", "epistemics"), "no threat model has the goal"),
        (("french",), "not in English"),
        (("atelie",), "did you mean 'atelier'?"),
        (("--explain", "--format", "json"), "--explain is for the screen"),
        (("--out", "specs/gaps.txt"), "specs/ holds what people wrote"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_mend(workspace: Path, arguments: tuple[str, ...], problem: str) -> None:
    (workspace / "empty.yaml").write_text("[]\n", encoding="utf-8")
    done = avenant("gaps", *arguments, cwd=workspace)
    assert done.returncode == 2
    assert problem in done.stderr
    assert not done.stdout


def test_a_workspace_without_documents_says_how_to_take_one_in(tmp_path: Path) -> None:
    root = init_workspace(tmp_path / "proposals").root
    done = avenant("gaps", cwd=root)
    assert done.returncode == 2
    assert "there are no documents in this workspace" in done.stderr
    assert "avenant spec add" in done.stderr
