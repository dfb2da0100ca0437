"""`avenant port`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.specs.library import add_spec
from avenant.workspace import init_workspace
from tests.cli.runner import avenant

FIRST = """\
# How Odile acts

## Flattery

Odile must not praise work that is poor, since praise would then be worth nothing[^abcd]: see [bread](#bread).

Like Gemini and GPT-4o, Odile and Brise say so.

## Bread

Odile should say how long a loaf of bread bakes, so that nobody burns one.
"""
SECOND = """\
# How Brise acts

## Candour

Brise should say plainly where work is poor, because people rely on its praise.

## Ships

Brise should warn a captain of a storm, because a storm can sink a ship.

## History

People began to sail long ago, and told each other of it.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = init_workspace(tmp_path / "proposals")
    specs = workspace.folder("specs")
    add_spec(specs, FIRST.encode(), "atelier/1", source="constitution.md", subject="Odile")
    add_spec(specs, SECOND.encode(), "ouvroir/1", source="constitution.md", subject="Brise", licence="CC0-1.0")
    return workspace.root


def test_port_drafts_an_amendment_with_its_source(workspace: Path) -> None:
    done = avenant("port", "specs/atelier/1.md:5", "--to", "ouvroir", "--title", "No praise", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "amendments/no-praise.md\n"), done.stderr
    text = (workspace / "amendments/no-praise.md").read_text(encoding="utf-8")
    assert "spec: ouvroir/1\n" in text
    assert "## Passage\n\nClément must not praise work that is poor, since praise" in text
    assert "nothing: see bread." in text
    assert "1 link is its words alone; 1 footnote tag is gone; Clément stands for the model's name" in text
    assert 'Source: How Clément acts (atelier/1), line 5, under "How Clément acts > Flattery"' in text
    assert "Licence: unknown." in text
    assert "warning: the licence of atelier/1 is not known" in done.stderr
    assert "It goes after line" in done.stderr
    assert "What `avenant check` still finds" in done.stderr
    assert "empty-section" in done.stderr
    checked = avenant("check", "no-praise", "--json", cwd=workspace)
    assert not [rule for rule in ("model-name", "anchor", "missing-canary", "invalid-format") if rule in checked.stdout]
    assert avenant("diff", "no-praise", cwd=workspace).returncode == 0


def test_port_names_no_model_of_either_lab_nor_any_other(workspace: Path) -> None:
    for given, source, target in ((":7", "atelier", "ouvroir"), (":5", "ouvroir", "atelier")):
        done = avenant("port", given, "--from", source, "--to", target, "--title", f"From {source}", cwd=workspace)
        assert done.returncode == 0, done.stderr
        text = (workspace / f"amendments/from-{source}.md").read_text(encoding="utf-8")
        for name in ("Odile", "Brise", "Gemini", "GPT"):
            assert name not in text
            assert name not in done.stderr
    assert "Licence: CC0-1.0" in (workspace / "amendments/from-ouvroir.md").read_text(encoding="utf-8")


def test_a_dry_run_prints_the_draft_and_writes_nothing(workspace: Path) -> None:
    done = avenant(
        "port", "Clément must not praise", "--from", "atelier", "--to", "ouvroir", "--dry-run", cwd=workspace
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("---\ntitle: Clément must not praise work that is poor")
    assert not list((workspace / "amendments").iterdir())


def test_a_section_may_be_chosen(workspace: Path) -> None:
    port = ("port", ":5", "--from", "atelier", "--to", "ouvroir", "--dry-run")
    done = avenant(*port, "--at", "Ships", cwd=workspace)
    assert "after line 9 (Ships) of ouvroir/1" in done.stderr
    done = avenant(*port, "--at", "History", cwd=workspace)
    assert "at the end of 'History' of ouvroir/1" in done.stderr
    done = avenant(*port, "--at", "Shops", cwd=workspace)
    assert done.returncode == 2
    assert "there is no section 'Shops'" in done.stderr
    assert "'Ships'" in done.stderr


def test_a_draft_is_not_written_over(workspace: Path) -> None:
    port = ("port", ":5", "--from", "atelier", "--to", "ouvroir")
    assert avenant(*port, cwd=workspace).returncode == 0
    done = avenant(*port, cwd=workspace)
    assert done.returncode == 2
    assert "there is an amendment of this title already" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem", "mend"),
    [
        ((":5", "--to", "ouvroir"), "which document is the passage from?", "--from SPEC"),
        ((":5", "--from", "atelier", "--to", "atelier/1"), "both the source and the target", "name two documents"),
        ((":4", "--from", "atelier", "--to", "ouvroir"), "no clause stands in line 4", "begins in line"),
        (("no such words", "--from", "atelier", "--to", "ouvroir"), "stands nowhere", "copy the words"),
        ((":5", "--from", "mistral", "--to", "ouvroir"), "mistral has no document", "avenant spec list"),
        ((":5", "--from", "atelier", "--to", "ouvroir", "--title", "Brise"), "a model's real name stands in", ""),
    ],
)
def test_what_cannot_be_ported_is_said_with_its_mend(
    workspace: Path, arguments: tuple[str, ...], problem: str, mend: str
) -> None:
    done = avenant("port", *arguments, cwd=workspace)
    assert done.returncode == 2
    assert problem in done.stderr
    assert mend in done.stderr
    assert not list((workspace / "amendments").iterdir())
