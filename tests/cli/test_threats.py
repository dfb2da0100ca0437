"""`avenant threats`, and `avenant new --threat`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.coverage.catalogue import find_threat, read_catalogue
from avenant.specs.library import add_spec
from avenant.workspace import init_workspace
from tests.cli.runner import avenant

OWN = """\
- id: water-board
  title: What Odile does to the water board
  description: Pumps stop, and nobody knows that Odile stopped them.
  facets:
    - Does Odile ask before it stops a pump?
  phrases:
    - Who stopped the pumps?
  gravity: limited
"""
SHOWN = """\
What Clément does to the water board
water-board   gravity: limited   goal: prevent-catastrophe   (threats/own.yaml:1)

Pumps stop, and nobody knows that Clément stopped them.

What a document has to answer
  - Does Clément ask before it stops a pump?

In other words
  - Who stopped the pumps?
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "proposals")
    text = b"# How Odile acts\n\nOdile asks first, and Odile says so.\n"
    add_spec(workspace.folder("specs"), text, "atelier/1", source="constitution.md", subject="Odile")
    workspace.folder("threats").mkdir()
    (workspace.folder("threats") / "own.yaml").write_text(OWN, encoding="utf-8")
    return workspace.root


def test_threats_lists_the_built_in_ones_and_those_of_the_workspace(workspace: Path) -> None:
    done = avenant("threats", cwd=workspace)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows == [
        *([one.id, one.gravity, one.goal, one.title] for one in read_catalogue()),
        ["water-board", "limited", "prevent-catastrophe", "What Clément does to the water board"],
    ]


def test_threats_shows_one_in_full_under_the_placeholder(workspace: Path) -> None:
    done = avenant("threats", "water-board", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, SHOWN)


def test_threats_shows_every_part_of_a_built_in_one(tmp_path: Path) -> None:
    done = avenant("threats", "intelligence-curse", cwd=tmp_path)
    assert done.returncode == 0, "no workspace is needed"
    threat = find_threat(read_catalogue(), "intelligence-curse")
    parts = (threat.description, threat.harms, threat.conduct, *threat.facets, *threat.phrases, *threat.sources)
    assert all(part in done.stdout for part in parts)
    assert "(built-in, economy.yaml)" in done.stdout


def test_threats_prints_json_for_machines(workspace: Path) -> None:
    rows = json.loads(avenant("threats", "--json", cwd=workspace).stdout)
    assert [row["id"] for row in rows] == [*(one.id for one in read_catalogue()), "water-board"]
    one = json.loads(avenant("threats", "water-board", "--json", cwd=workspace).stdout)
    assert one == rows[-1]
    assert one == {
        "id": "water-board",
        "title": "What Clément does to the water board",
        "description": "Pumps stop, and nobody knows that Clément stopped them.",
        "harms": "",
        "conduct": "",
        "facets": ["Does Clément ask before it stops a pump?"],
        "phrases": ["Who stopped the pumps?"],
        "sources": [],
        "goal": "prevent-catastrophe",
        "gravity": "limited",
        "file": "threats/own.yaml:1",
    }


def test_an_unknown_threat_is_guessed(workspace: Path) -> None:
    done = avenant("threats", "intelligence-curze", cwd=workspace)
    assert done.returncode == 2
    assert "no threat model 'intelligence-curze'" in done.stderr
    assert "did you mean intelligence-curse?" in done.stderr


def test_a_faulty_file_is_told_with_line_and_mend(workspace: Path) -> None:
    (workspace / "threats/own.yaml").write_text(OWN.replace("gravity: limited", "gravity: small"), encoding="utf-8")
    done = avenant("threats", cwd=workspace)
    assert done.returncode == 2
    assert "threats/own.yaml:8: unknown gravity 'small'" in done.stderr
    assert "mend: one of: catastrophic, serious, limited" in done.stderr


def test_new_takes_threats_of_the_catalogue_and_of_the_workspace_and_no_others(workspace: Path) -> None:
    new = ("new", "Ask first", "--spec", "atelier/1", "--after", "asks first")
    done = avenant(*new, "--threat", "sycofancy", cwd=workspace)
    assert done.returncode == 2
    assert "did you mean sycophancy?" in done.stderr
    assert not list((workspace / "amendments").iterdir())
    done = avenant(*new, "--threat", "sycophancy", "--threat", "water-board", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "- sycophancy\n- water-board\n" in (workspace / "amendments/ask-first.md").read_text(encoding="utf-8")
