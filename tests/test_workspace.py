from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from avenant.errors import AvenantError, Fault, FileError, FormatError, WorkspaceError
from avenant.workspace import (
    EMBEDDED_MODEL,
    FOLDERS,
    Defaults,
    Workspace,
    copy_example,
    find_workspace,
    init_workspace,
    make_folder,
    read_workspace,
)


def _tree(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder with its bytes; None for a folder."""
    return {str(p.relative_to(folder)): None if p.is_dir() else p.read_bytes() for p in folder.rglob("*")}


def test_init_makes_a_workspace_with_the_documented_defaults(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "deep" / "proposals")
    assert workspace == Workspace(tmp_path / "deep" / "proposals", Defaults(EMBEDDED_MODEL, "", "Clément"))
    assert workspace.defaults == Defaults()
    assert set(_tree(workspace.root)) == {"avenant.toml", ".gitignore", *FOLDERS}


def test_init_keeps_what_carries_the_real_name_out_of_git(tmp_path: Path) -> None:
    init_workspace(tmp_path)
    lines = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert lines[-4:] == ["trials/", "amended/", "dossiers/for-lab/", "answers/"]


@pytest.mark.parametrize("known", ["*.pyc\n", "*.pyc"])
def test_init_keeps_it_out_of_git_where_there_is_a_gitignore_already(tmp_path: Path, known: str) -> None:
    (tmp_path / ".gitignore").write_text(known, encoding="utf-8")
    init_workspace(tmp_path)
    lines = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[1][:1], lines[-4:]) == (
        "*.pyc",
        "#",
        ["trials/", "amended/", "dossiers/for-lab/", "answers/"],
    )


def test_init_leaves_a_gitignore_that_has_it_all(tmp_path: Path) -> None:
    known = "trials/\namended/\ndossiers/for-lab/\nanswers/\n*.pyc"
    (tmp_path / ".gitignore").write_text(known, encoding="utf-8")
    init_workspace(tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == known


def test_init_refuses_a_folder_that_is_a_workspace_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "avenant.toml").write_text('placeholder = "Solène"\n', encoding="utf-8")
    before = _tree(tmp_path)
    with pytest.raises(WorkspaceError) as caught:
        init_workspace(tmp_path)
    assert str(caught.value) == f"{tmp_path} is a workspace already\n  mend: go on in it, or choose another folder"
    assert _tree(tmp_path) == before


def test_init_in_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FileError, match="cannot make the folder: "):
        init_workspace(tmp_path / "file")


def test_a_workspace_is_found_from_any_folder_below_it(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "outer")
    inner = init_workspace(tmp_path / "outer" / "amendments" / "inner")
    make_folder(workspace.folder("specs") / "atelier" / "deep")
    assert find_workspace(workspace.root) == workspace
    assert find_workspace(workspace.folder("specs") / "atelier" / "deep") == workspace
    assert find_workspace(inner.folder("trials")) == inner


def test_where_there_is_no_workspace_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        find_workspace(tmp_path)
    assert str(caught.value) == (
        f"no workspace here: neither {tmp_path} nor any folder above it has an avenant.toml\n"
        "  mend: run `avenant init DIR` to make one, or change into one"
    )


def test_settings_that_are_left_out_have_their_default(tmp_path: Path) -> None:
    path = tmp_path / "avenant.toml"
    path.write_text('judge = "openai/some-model"\n', encoding="utf-8")
    assert read_workspace(tmp_path).defaults == Defaults(judge="openai/some-model")


@pytest.mark.parametrize(
    ("text", "line", "problem", "mend"),
    [
        (
            'judge = ""\nmodel = "x"\n',
            2,
            "unknown setting 'model'",
            "known: judge, placeholder, subject, and the tables [check] and [prices]",
        ),
        ("# comment\n\nsubject = 3\n", 3, "subject must be a text in quotes, not 3", "quote it"),
        ("check = 3\n", 1, "check must be a table", "write [check.off] above the rules that are turned off"),
        (
            "[check]\noff = 3\n",
            2,
            "check.off must be a table of rules and reasons",
            '[check.off], then: rule-id = "the reason"',
        ),
        ('[check.off]\ntoo-long = ""\n', 2, "no reason why too-long is turned off", 'too-long = "the reason"'),
        ("[check]\nnames = 'Odile'\n", 2, "check.names must be a list of names", 'for example: names = ["Odile"]'),
        ("[check]\nof = 1\n", 2, "unknown setting check.of", "known: check.off, check.names"),
        ("placeholder = ['Clément']\n", 1, "placeholder must be a text in quotes, not ['Clément']", "quote it"),
    ],
)
def test_a_bad_setting_is_shown_with_its_line(tmp_path: Path, text: str, line: int, problem: str, mend: str) -> None:
    path = tmp_path / "avenant.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        find_workspace(tmp_path)
    assert caught.value.faults == (Fault(problem, path, line, mend),)


def test_the_example_is_a_workspace_with_drafts_and_their_scenarios(tmp_path: Path) -> None:
    workspace = copy_example(tmp_path / "new")
    assert find_workspace(tmp_path / "new") == workspace
    drafts = [path.stem for path in workspace.amendment_paths()]
    assert drafts
    assert sorted(path.stem for path in workspace.folder("scenarios").glob("*.yaml")) == drafts
    assert (workspace.root / "odile-constitution.md").read_bytes().startswith("# Odile’s constitution\n".encode())
    assert not list(workspace.root.rglob("__pycache__"))


def test_the_example_may_go_into_an_empty_folder(tmp_path: Path) -> None:
    assert copy_example(tmp_path).amendment_paths() != []


@pytest.mark.parametrize("name", ["note.txt", ".hidden", "avenant.toml"])
def test_the_example_is_not_copied_over_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        copy_example(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} exists and is not empty\n  mend: choose a new folder: `avenant demo OTHER-FOLDER`"
    )
    assert _tree(tmp_path) == {name: b"mine"}


def test_the_example_is_not_copied_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="exists and is not empty"):
        copy_example(tmp_path / "file")
    assert _tree(tmp_path) == {"file": b"mine"}


def test_an_example_that_cannot_be_copied_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(shutil, "copytree", fail)
    with pytest.raises(FileError, match="cannot copy the example: disk full"):
        copy_example(tmp_path / "new")


def test_an_amendment_is_given_by_path_file_name_or_slug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = init_workspace(tmp_path / "proposals")
    path = workspace.folder("amendments") / "ask-first.md"
    path.write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert workspace.amendment_path("ask-first") == path
    assert workspace.amendment_path("ask-first.md") == path
    assert workspace.amendment_path(path) == path
    assert workspace.amendment_path(Path("proposals/amendments/ask-first.md")).resolve() == path
    assert workspace.amendment_paths() == [path]


def test_an_unknown_amendment_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path)
    for name in ("say-less.md", "ask-first.md", "notes.txt"):
        (workspace.folder("amendments") / name).write_text("x", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        workspace.amendment_path("ask-frist")
    assert str(caught.value) == (
        "ask-frist: there is no such amendment\n  mend: amendments here: ask-first, say-less; `avenant new` makes one"
    )


def test_an_unknown_amendment_in_an_empty_workspace_is_answered_with_none_yet(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path)
    assert workspace.amendment_paths() == []
    with pytest.raises(FileError, match="amendments here: none yet; `avenant new` makes one"):
        workspace.amendment_path("first")


def test_a_name_that_no_file_can_have_is_answered_like_any_unknown_amendment(tmp_path: Path) -> None:
    with pytest.raises(AvenantError, match="there is no such amendment"):
        init_workspace(tmp_path).amendment_path("x" * 300)
