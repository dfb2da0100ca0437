"""What errors and lists show of names, ids and addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.specs.library import add_spec
from avenant.workspace import Workspace, init_workspace
from tests.cli.runner import avenant

TEXT = "# Mistral’s rules\n\nMistral asks.\n\nMistral tells.\n\n# The rules of Mistral\n\nThe Mistral-7 ends.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a lab that is called as its model is."""
    made = init_workspace(tmp_path / "proposals")
    raw = TEXT.encode()
    add_spec(made.folder("specs"), raw, "mistral/1", source="rules.md", subject="Mistral", names=("Mistral-7",))
    return made


def test_an_error_masks_names_and_goes_on_telling_ids(workspace: Workspace) -> None:
    done = avenant("spec", "show", "mistral/1", "Mistral’s rule", cwd=workspace.root)
    assert done.returncode == 2
    assert done.stderr == (
        "error: there is no section 'Clément’s rule'\n  mend: nearest: 'Clément’s rules'; 'The rules of Clément'\n"
    )
    done = avenant("spec", "show", "mistral/2", cwd=workspace.root)
    assert "there is no document 'mistral/2' in this workspace\n  mend: documents here: mistral/1\n" in done.stderr


def test_an_error_goes_on_telling_the_addresses_that_were_given(workspace: Workspace) -> None:
    file = workspace.root / "mistral.md"
    file.write_bytes(b"\x00")
    done = avenant("spec", "add", "mistral.md", "--as", "mistral/2", cwd=workspace.root)
    assert "mistral.md" in done.stderr
    done = avenant("spec", "add", "http://127.0.0.1:1/mistral.md", "--as", "mistral/2", cwd=workspace.root)
    assert "cannot fetch http://127.0.0.1:1/mistral.md: " in done.stderr


def test_an_error_goes_on_telling_which_model_cannot_be_reached(
    example: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    models = ("--subject", "openai/odile-1", "--judge=openai/odile-2", "--yes")
    done = avenant("try", "mark-opinions", *models, cwd=example.root)
    assert done.returncode == 2
    assert "openai/odile-2 is not ready" in done.stderr


def test_names_that_the_settings_add_are_masked_too(workspace: Workspace) -> None:
    config = workspace.root / "avenant.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[check]\nnames = ["Foehn"]\n', encoding="utf-8")
    done = avenant("log", "FOEHN", cwd=workspace.root)
    assert "there is no release of 'Clément' in this workspace" in done.stderr


def test_a_damaged_manifest_does_not_hide_the_error(workspace: Workspace) -> None:
    (workspace.root / "specs/mistral/1.toml").write_text("title = ", encoding="utf-8")
    done = avenant("spec", "show", "mistral/1", cwd=workspace.root)
    assert done.returncode == 2
    assert "specs/mistral/1.toml: invalid TOML" in done.stderr


def test_sections_that_are_shown_alike_are_told_apart_by_their_lines(tmp_path: Path) -> None:
    root = init_workspace(tmp_path / "proposals").root
    text = "# Odile\n\nOne.\n\n# ODETTE\n\nTwo.\n"
    add_spec(root / "specs", text.encode(), "gale/1", source="rules.md", subject="Odile", names=("Odette",))
    done = avenant("spec", "show", "gale/1", "Clément", cwd=root)
    assert done.returncode == 2
    assert "2 sections are shown as 'Clément'" in done.stderr
    assert "give the title as published: see lines 1 and 5 of specs/gale/1.md" in done.stderr
    assert "Two." in avenant("spec", "show", "gale/1", "Odette", cwd=root).stdout
