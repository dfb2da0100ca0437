"""`avenant compare`, as a user runs it."""

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

FIRST = """\
# How Odile acts

## Flattery

Odile must not praise work that is poor, even where people would rather hear that it is good.

## Bread

Odile should say how long a loaf of bread bakes, and at what heat.
"""
SECOND = """\
# How Brise acts

## Candour

Brise should never praise poor work, even where people hope to hear that it is good.

## History

People began to sail long ago, and told each other of it.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "proposals")
    specs = workspace.folder("specs")
    add_spec(specs, FIRST.encode(), "atelier/1", source="constitution.md", subject="Odile")
    add_spec(specs, SECOND.encode(), "ouvroir/1", source="constitution.md", subject="Brise")
    return workspace.root


THREATS = ("--threat", "sycophancy", "--threat", "intelligence-curse")


def test_compare_shows_labels_and_evidence_of_both(workspace: Path) -> None:
    done = avenant("compare", "atelier", "ouvroir", *THREATS, cwd=workspace)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "threat\tatelier/1\tclause of atelier/1\touvroir/1\tclause of ouvroir/1" in lines
    rows = {line.split("\t")[0]: line.split("\t") for line in lines if "\t" in line}
    for threat in ("sycophancy", "intelligence-curse"):
        assert len(rows[threat]) == 5
        assert all(any(label in cell for label in ("absent", "mentioned", "addressed")) for cell in rows[threat][1::2])
    assert "Topics" not in done.stdout, "of one threat model they would say nothing"
    assert "Odile" not in done.stdout
    assert "Brise" not in done.stdout
    assert "they are not the labs' judgement" in done.stdout


def test_compare_shows_each_section_with_the_nearest_guidance_of_the_other(workspace: Path) -> None:
    done = avenant("compare", "atelier", "ouvroir", "--topics-only", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "Topics: atelier/1 has 2 sections with guidance" in done.stdout
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.startswith(("atelier/1\t", "ouvroir/1\t"))]
    assert {(row[0], row[1]) for row in rows} == {
        ("atelier/1", "Flattery"),
        ("atelier/1", "Bread"),
        ("ouvroir/1", "Candour"),
    }
    assert "threat\t" not in done.stdout


def test_compare_is_written_as_page_json_and_csv_with_a_canary(workspace: Path) -> None:
    for style in ("html", "json", "csv", "text"):
        done = avenant(
            "compare", "atelier", "ouvroir", *THREATS[:2], "--format", style, "--out", f"compare.{style}", cwd=workspace
        )
        assert done.stdout == f"compare.{style}\n", done.stderr
        text = (workspace / f"compare.{style}").read_text(encoding="utf-8")
        assert len(find_canaries(text)) == 1
        assert "Odile" not in text
        assert "Brise" not in text
    done = avenant("compare", "atelier", "ouvroir", "--topics-only", "--format", "html", cwd=workspace)
    assert done.stdout == "compare.html\n"
    page = (workspace / "compare.html").read_text(encoding="utf-8")
    assert "Flattery" in page
    assert "By threat model" not in page


def test_compare_gives_programs_places_and_nearness(workspace: Path) -> None:
    done = avenant("compare", "atelier", "ouvroir", "--topics-only", "--format", "json", cwd=workspace)
    data = json.loads(done.stdout)
    assert data["documents"] == [{"id": "atelier/1", "status": "read"}, {"id": "ouvroir/1", "status": "read"}]
    assert data["threats"] is None
    text = (workspace / "specs/atelier/1.md").read_text(encoding="utf-8")
    [flattery] = [one for one in data["topics"] if one["section"] == "flattery"]
    assert text[flattery["own"]["start"] : flattery["own"]["end"]].startswith("Odile must not praise")
    assert flattery["other"]["quote"].startswith("Clément should never praise poor work")
    assert isinstance(flattery["nearness"], float)
    done = avenant("compare", "atelier", "ouvroir", "--topics-only", "--format", "csv", cwd=workspace)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["kind"] for row in rows} == {"topic"}
    assert {row["id"] for row in rows} == {"flattery", "bread", "candour"}


def test_a_lab_without_a_document_is_shown_as_such(workspace: Path) -> None:
    done = avenant("compare", "mistral", "atelier", *THREATS[:2], cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "mistral: no published document in this workspace" in done.stdout
    done = avenant("compare", "atelier", "openai", "--topics-only", cwd=workspace)
    assert "openai: no published document in this workspace; take it in: avenant spec add openai" in done.stdout
    assert "nothing to compare with" in done.stdout
    for style in ("html", "json", "csv"):
        done = avenant("compare", "atelier", "mistral", *THREATS[:2], "--format", style, cwd=workspace)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem", "mend"),
    [
        (("mistral", "openai"), "neither mistral nor openai has a document in this workspace", "avenant spec add"),
        (("atelier", "atelier/1"), "atelier/1 cannot be compared with itself", "name two documents"),
        (("atelier", "ouvroirs"), "the lab 'ouvroirs' is not known here", "did you mean 'ouvroir'?"),
        (("atelier", "ouvroir", "--threat", "sycofancy"), "no threat model 'sycofancy'", "sycophancy"),
        (("atelier", "ouvroir", "--topics-only", "--threats-only"), "give one of", ""),
        (("atelier", "ouvroir", "--topics-only", "--threat", "sycophancy"), "--threat does not go with", ""),
        (("atelier", "ouvroir", "--out", "specs/x"), "holds what people wrote", ""),
    ],
)
def test_what_cannot_be_compared_is_said_with_its_mend(
    workspace: Path, arguments: tuple[str, ...], problem: str, mend: str
) -> None:
    done = avenant("compare", *arguments, cwd=workspace)
    assert done.returncode == 2
    assert problem in done.stderr
    assert mend in done.stderr
