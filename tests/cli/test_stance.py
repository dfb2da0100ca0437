"""`avenant stance`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.canary import find_canaries
from avenant.specs.library import add_spec
from avenant.workspace import Workspace, init_workspace
from tests.cli.runner import EXAMPLE_ID, avenant

FRENCH = (
    "# Règles\n\nLe modèle ne doit jamais mentir à une personne qui lui pose une question, même pour lui épargner une "
    "peine. Il dit ce qu’il sait et ce qu’il ne sait pas, et il ne flatte pas les personnes qui lui parlent.\n"
)
CLAIM = "Odile may produce sexual material involving children."


def test_the_answer_comes_first_then_the_quote_with_its_place(example: Workspace) -> None:
    done = avenant("stance", CLAIM, cwd=example.root)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == [EXAMPLE_ID, "settled: seems to go against the claim"]
    assert lines[2].endswith("Clément never: produces sexual material involving children;”")
    assert lines[3].startswith("    Hard constraints, line ")
    assert "Odile" not in done.stdout + done.stderr
    assert lines[-1].startswith("Found by words and meanings")


def test_the_placeholder_in_a_claim_is_the_documents_model(example: Workspace) -> None:
    own, under = (
        avenant("stance", claim, cwd=example.root).stdout for claim in (CLAIM, CLAIM.replace("Odile", "Clément"))
    )
    assert own == under


def test_what_is_open_says_why_and_shows_the_nearest(example: Workspace) -> None:
    done = avenant("stance", "Astronomers must publish their telescopes' data.", cwd=example.root)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].startswith("open: no sentence of it has “astronomers”")
    assert "  the nearest judgement:" in done.stdout.splitlines()


def test_json_has_all_of_it_under_the_placeholder_with_a_canary(example: Workspace) -> None:
    done = avenant("stance", CLAIM, EXAMPLE_ID, "--format", "json", cwd=example.root)
    data = json.loads(done.stdout)
    assert data["claim"] == CLAIM.replace("Odile", "Clément")
    assert len(find_canaries(done.stdout)) == 1
    [row] = data["documents"]
    assert (row["id"], row["status"], row["verdict"]) == (EXAMPLE_ID, "read", "settled")
    [first, *_] = row["deciding"]
    assert first["section_id"] == "hard-constraints"
    assert first["kind"] == "rule"
    assert data["decides_from"] <= first["nearness"] <= 1
    assert "Odile" not in done.stdout


def test_a_document_in_another_language_is_not_called_open(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "proposals")
    add_spec(workspace.folder("specs"), FRENCH.encode(), "atelier/1", source="fr.md", subject="Odile")
    done = avenant("stance", CLAIM, cwd=workspace.root)
    assert done.returncode == 0
    assert "cannot tell: not in English" in done.stdout
    assert "open" not in done.stdout
    data = json.loads(avenant("stance", CLAIM, "--format", "json", cwd=workspace.root).stdout)
    assert data["documents"][0]["verdict"] is None


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("",), "the claim says nothing that could be looked for"),
        (("Clément",), "the claim says nothing that could be looked for"),
        ((CLAIM, "atelier/9"), "there is no document 'atelier/9'"),
    ],
)
def test_bad_input_is_refused_with_a_mend(example: Workspace, arguments: tuple[str, ...], problem: str) -> None:
    done = avenant("stance", *arguments, cwd=example.root)
    assert done.returncode == 2
    assert problem in done.stderr
    assert "mend:" in done.stderr


def test_a_workspace_without_documents_says_how_to_take_one_in(tmp_path: Path) -> None:
    done = avenant("stance", CLAIM, cwd=init_workspace(tmp_path / "proposals").root)
    assert done.returncode == 2
    assert "avenant spec add" in done.stderr
