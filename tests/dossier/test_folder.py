from __future__ import annotations

from pathlib import Path

import pytest

from avenant.canary import canary_line
from avenant.dossier import folder as folder_module
from avenant.dossier.bundle import DossierFile
from avenant.dossier.folder import write_dossier
from avenant.errors import FileError

CANARY = "5e1c3f4e-7a9b-4b7e-9c55-0f2c6f3d8a11"
OTHER = "cacc84b3-717d-4f8e-a946-5cc9ed181a24"


def _files(*names: str, words: str = "Words.") -> list[DossierFile]:
    return [DossierFile("README.md", f"{words}\n\n{canary_line(CANARY)}\n"), *(DossierFile(n, words) for n in names)]


def _tree(folder: Path) -> dict[str, str | None]:
    return {str(p.relative_to(folder)): None if p.is_dir() else p.read_text() for p in sorted(folder.rglob("*"))}


def test_a_dossier_is_written_with_the_folders_above_it_and_nothing_beside(tmp_path: Path) -> None:
    folder = tmp_path / "dossiers/deep/ask-first"
    write_dossier(folder, _files("draft.md"), canary=CANARY)
    assert _tree(folder) == {"README.md": f"Words.\n\n{canary_line(CANARY)}\n", "draft.md": "Words."}
    assert list(folder.parent.iterdir()) == [folder]


def test_a_newer_dossier_takes_the_older_ones_place_whole(tmp_path: Path) -> None:
    folder = tmp_path / "ask-first"
    write_dossier(folder, _files("amended.md", "draft.md"), canary=CANARY)
    write_dossier(folder, _files("draft.md", words="New."), canary=CANARY.upper())
    assert sorted(_tree(tmp_path)) == ["ask-first", "ask-first/README.md", "ask-first/draft.md"]
    assert (folder / "draft.md").read_text() == "New."


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    write_dossier(tmp_path, _files(), canary=CANARY)
    assert sorted(_tree(tmp_path)) == ["README.md"]


@pytest.mark.parametrize(
    ("here", "problem"),
    [
        ({"notes.txt": "Mine."}, "the folder holds what is no dossier's: notes.txt"),
        ({"README.md": canary_line(CANARY), "notes.txt": "Mine."}, "the folder holds what is no dossier's: notes.txt"),
        ({"README.md": canary_line(OTHER), "draft.md": "x"}, "the folder holds another draft's dossier"),
        ({"README.md": "Somebody's own."}, "the folder holds another draft's dossier"),
        ({"draft.md": "Somebody's own."}, "the folder holds another draft's dossier"),
    ],
)
def test_anything_else_is_refused_and_left_as_it_is(tmp_path: Path, here: dict[str, str], problem: str) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    for name, text in here.items():
        (folder / name).write_text(text)
    with pytest.raises(FileError) as caught:
        write_dossier(folder, _files("draft.md"), canary=CANARY)
    assert str(caught.value) == f"{folder}: {problem}\n  mend: choose another folder: --out DIR"
    assert _tree(tmp_path) == {"there": None, **{f"there/{name}": text for name, text in sorted(here.items())}}


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("Mine.")
    with pytest.raises(FileError, match="this is a file"):
        write_dossier(tmp_path / "there", _files(), canary=CANARY)
    assert _tree(tmp_path) == {"there": "Mine."}


@pytest.mark.parametrize("failing", ["write", "replace"])
def test_a_failure_half_way_leaves_the_older_dossier_and_no_trace(
    tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ask-first"
    write_dossier(folder, _files("draft.md"), canary=CANARY)
    before = _tree(tmp_path)
    if failing == "write":
        written = iter([True, False])
        real = folder_module.write_text

        def write(path: Path, text: str) -> None:
            if not next(written):
                raise FileError("cannot write: No space left on device", path=path)
            real(path, text)

        monkeypatch.setattr(folder_module, "write_text", write)
    else:
        rename = Path.rename
        calls = iter([True, False, True])

        def refuse(path: Path, target: Path) -> Path:
            if not next(calls):
                raise OSError(28, "No space left on device")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(FileError, match="No space left on device"):
        write_dossier(folder, _files("draft.md", words="New."), canary=CANARY)
    assert _tree(tmp_path) == before


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_dossier(tmp_path / "link", _files(), canary=CANARY)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real/README.md").is_file()
