"""`avenant find`, as a user runs it."""

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

OLD = """\
# How Odile acts

## Power

Odile must not help a small group to seize power over a town or a country.

We believe that powerful people need to be answerable.

## Bread

Odile should say how long a loaf of bread bakes, and at what heat.
"""
NEW = OLD.replace("over a town or a country", "over a village, a town or a country")
FRENCH = """\
# La constitution

Nous voulons que le modèle dise toujours la vérité aux gens avec lesquels il parle, même quand elle ne leur plaît pas.

Il ne doit jamais aider un petit groupe à prendre le pouvoir dans une ville, dans une région ou dans un pays.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "proposals")
    for spec_id, text in (("atelier/1", OLD), ("atelier/2", NEW), ("ouvroir/1", OLD)):
        add_spec(workspace.folder("specs"), text.encode(), spec_id, source="constitution.md", subject="Odile")
    return workspace.root


def test_find_shows_clauses_with_place_speaker_and_marked_words(workspace: Path) -> None:
    done = avenant("find", "seize", "power", "over a town", "--spec", "atelier", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "1. atelier/2   specs/atelier/2.md:5" in done.stdout
    assert "line 5; How Clément acts > Power; an instruction to the model, 'must'" in done.stdout
    assert "Clément must not help a small group to *seize* *power*" in done.stdout
    assert "Odile" not in done.stdout
    assert "Clément stands for the names of the labs' models." in done.stdout


def test_find_looks_in_the_newest_release_of_each_lab_or_in_all_and_shows_a_clause_once(workspace: Path) -> None:
    found = json.loads(avenant("find", "seize power", "--format", "json", cwd=workspace).stdout)
    assert [one["id"] for one in found["documents"]] == ["atelier/2", "ouvroir/1"]
    every = json.loads(avenant("find", "seize power", "--all-releases", "--format", "json", cwd=workspace).stdout)
    assert [one["id"] for one in every["documents"]] == ["atelier/1", "atelier/2", "ouvroir/1"]
    [power] = [one for one in every["found"] if one["document"] == "atelier/2" and "seize" in one["quote"]]
    assert [(one["document"], one["is_worded_as_newest"]) for one in power["releases"]] == [
        ("atelier/2", True),
        ("atelier/1", False),
    ]
    one_lab = avenant("find", "seize power", "--all-releases", "--spec", "atelier", cwd=workspace)
    assert "also in 1 (line 5, worded otherwise)" in one_lab.stdout


def test_find_gives_programs_ids_and_offsets(workspace: Path) -> None:
    done = avenant("find", "seize power", "--spec", "atelier/1", "--format", "json", cwd=workspace)
    data = json.loads(done.stdout)
    assert len(find_canaries(done.stdout)) == 1
    [power] = [one for one in data["found"] if "seize" in one["quote"]]
    text = (workspace / "specs/atelier/1.md").read_text(encoding="utf-8")
    assert text[power["start"] : power["end"]].startswith("Odile must not help")
    assert (power["file"], power["line"], power["speaker"], power["section"]) == (
        "specs/atelier/1.md", 5, "instruction", "power",
    )  # fmt: skip
    assert power["matches"] == ["seize", "power"]
    assert power["clause"].startswith("clement-must-not-help")


def test_where_nothing_comes_near_the_nearest_is_shown_and_said_to_be_no_more(workspace: Path) -> None:
    done = avenant("find", "volcanic eruptions", "--spec", "ouvroir", "--format", "json", cwd=workspace)
    data = json.loads(done.stdout)
    assert data["near"] == 0
    assert 1 <= len(data["found"]) <= 3
    assert not any(one["is_near"] for one in data["found"])
    shown = avenant("find", "volcanic eruptions", "--spec", "ouvroir", cwd=workspace).stdout
    assert "nothing comes near in ouvroir/1; the nearest" in shown


def test_find_keeps_to_a_section_a_speaker_and_a_limit(workspace: Path) -> None:
    for section in ("Bread", "bread"):
        done = avenant("find", "Clément", "--section", section, "--format", "json", cwd=workspace)
        assert {one["section"] for one in json.loads(done.stdout)["found"]} == {"bread"}
    done = avenant("find", "power", "--speaker", "background", "--format", "json", cwd=workspace)
    assert {one["speaker"] for one in json.loads(done.stdout)["found"]} == {"background"}
    done = avenant("find", "power", "--limit", "1", "--format", "json", cwd=workspace)
    assert len(json.loads(done.stdout)["found"]) == 1
    done = avenant("find", "power", "--speaker", "commentary", cwd=workspace)
    assert "no clause of this speaker stands there" in done.stdout


def test_find_writes_files_with_a_canary(workspace: Path) -> None:
    for style in ("text", "json", "csv"):
        done = avenant("find", "power", "--format", style, "--out", f"found.{style}", cwd=workspace)
        assert done.stdout == f"found.{style}\n", done.stderr
        text = (workspace / f"found.{style}").read_text(encoding="utf-8")
        assert len(find_canaries(text)) == 1
        assert "Odile" not in text
    rows = csv.DictReader(io.StringIO((workspace / "found.csv").read_text(encoding="utf-8")))
    places = {(row["document"], row["line"], row["section"]) for row in rows}
    assert places & {("atelier/2", line, "How Clément acts > Power") for line in ("5", "7")}
    done = avenant("find", "power", "--out", "specs/found.txt", cwd=workspace)
    assert done.returncode == 2


def test_count_has_totals_places_and_an_honest_zero(workspace: Path) -> None:
    done = avenant("find", "--count", "power", "democracy", "--spec", "atelier/1", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, COUNTED)
    exact = avenant("find", "--count", "power", "--exact", "--spec", "atelier/1", "--format", "json", cwd=workspace)
    [count] = json.loads(exact.stdout)["counts"]
    assert (count["total"], count["forms"], count["is_exact"]) == (2, {"power": 2}, True)


COUNTED = """\
term	document	total	per 10,000 words	instruction	background	heading
power	atelier/1	3	681.8	1	1	1
democracy	atelier/1	0	0.0	0	0	0

"power" in atelier/1: 3 times; power 2, powerful 1
times	section	in	lines
3	How Clément acts > Power	instruction 1, background 1, heading 1	3, 5, 7

"democracy" occurs 0 times in atelier/1.

Clément stands for the names of the labs' models.
"""


def test_count_is_written_for_spreadsheets_and_programs(workspace: Path) -> None:
    done = avenant("find", "--count", "power", "Clément", "--all-releases", "--format", "csv", cwd=workspace)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["term"], row["document"], row["total"]) for row in rows if not row["section"]] == [
        ("power", "atelier/1", "3"),
        ("power", "atelier/2", "3"),
        ("power", "ouvroir/1", "3"),
        ("Clément", "atelier/1", "3"),
        ("Clément", "atelier/2", "3"),
        ("Clément", "ouvroir/1", "3"),
    ]
    assert [row["lines"] for row in rows if row["section"] == "power" and row["term"] == "power"] == ["3 5 7"] * 3
    assert all("canary" in row["canary"] for row in rows)
    done = avenant("find", "--count", "power", "--out", "counts.txt", cwd=workspace)
    text = (workspace / "counts.txt").read_text(encoding="utf-8")
    assert "Odile" not in text
    assert len(find_canaries(text)) == 1
    assert text.startswith("term\tdocument\ttotal")


@pytest.mark.parametrize(
    ("arguments", "problem", "mend"),
    [
        (("!?",), "there is no word to look for", "say in a few words"),
        (("--count", "!?"), "there is no word to count", "phrases in quotes"),
        (("power", "--exact"), "--exact goes with --count", ""),
        (("--count", "power", "--speaker", "promise"), "--speaker is for a search", ""),
        (("power", "--spec", "atelier/9"), "there is no document 'atelier/9'", "documents here:"),
        (("power", "--spec", "mistral"), "mistral has no document in this workspace", "avenant spec list"),
        (("power", "--section", "Breads"), "no document has a section 'Breads'", "the nearest: 'Bread'"),
        ((), "Missing argument", ""),
    ],
)
def test_what_cannot_be_done_is_said_with_its_mend(
    workspace: Path, arguments: tuple[str, ...], problem: str, mend: str
) -> None:
    done = avenant("find", *arguments, cwd=workspace)
    assert done.returncode == 2
    assert problem in done.stderr
    assert mend in done.stderr


def test_a_workspace_without_documents_says_how_to_get_one(tmp_path: Path) -> None:
    root = init_workspace(tmp_path / "empty").root
    done = avenant("find", "power", cwd=root)
    assert done.returncode == 2
    assert "avenant spec add" in done.stderr


def test_a_document_in_another_language_is_searched_with_a_note_and_one_without_clauses_is_left_out(
    workspace: Path,
) -> None:
    specs = workspace / "specs"
    add_spec(specs, FRENCH.encode(), "french/1", source="c.md", subject="le modèle")
    add_spec(specs, b"# Odile\n\n## Nothing below\n", "headings/1", source="c.md", subject="Odile")
    done = avenant("find", "--count", "pouvoir", "--format", "json", cwd=workspace)
    assert "note: french/1: not in English; words are folded as English ones are" in done.stderr
    assert "note: headings/1: cannot tell: no clause in it; left out" in done.stderr
    counts = {one["document"]: one["total"] for one in json.loads(done.stdout)["counts"]}
    assert counts == {"atelier/2": 0, "french/1": 1, "ouvroir/1": 0}
    done = avenant("find", "pouvoir", "--spec", "french", "--format", "json", cwd=workspace)
    assert "note: french/1: not in English; only words in common are found" in done.stderr
    assert json.loads(done.stdout)["found"][0]["line"] == 5
