from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from avenant.publish.scan import Scan, scan_folder
from tests.publish import materials
from tests.publish.materials import NAME

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PERSON = {"NAME": "Jo Doe", "EMAIL": "jo@example.org", "DATE": "2026-01-01T00:00:00Z"}


class Folder:
    """A folder that git tracks."""

    def __init__(self, path: Path, *arguments: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *arguments)

    def git(self, *arguments: str, **person: str) -> str:
        told = {
            f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in (PERSON | person).items()
        }
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        safe = ("-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false")
        done = subprocess.run(
            ["git", *safe, *arguments],
            cwd=self.path,
            env=clean | told | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, name: str, contents: str | bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents.encode() if isinstance(contents, str) else contents)

    def commit(self, message: str = "Words", **person: str) -> str:
        """Commit all there is, and give the short id."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, **person)
        return self.git("rev-parse", "HEAD")[:7]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "site")


def places(scan: Scan) -> list[str]:
    return [leak.place for leak in scan.leaks]


def test_a_name_that_is_only_in_the_history_is_found_with_its_commit_and_path(folder: Folder) -> None:
    folder.write("a.md", f"One\nTwo {NAME}\n")
    old = folder.commit()
    folder.write("a.md", "One\nTwo\n")
    folder.commit()
    scan = scan_folder(folder.path, (NAME,))
    (leak,) = scan.leaks
    assert leak.place == f"commit {old}: a.md:2"
    assert leak.is_in_history
    assert scan.history == 4
    assert scan_folder(folder.path, (NAME,), include_history=False).leaks == ()


def test_a_clean_repository_gives_nothing(folder: Folder) -> None:
    folder.write("a.md", "Words on Clément.")
    folder.commit()
    folder.git("tag", "-a", "v1", "-m", "First")
    scan = scan_folder(folder.path, (NAME,))
    assert (scan.leaks, scan.unread, scan.notes, scan.files, scan.history) == ((), (), (), 1, 3)


def test_versions_of_a_file_with_the_name_are_one_leak_with_its_oldest_commit(folder: Folder) -> None:
    commits = []
    for number in range(4):
        folder.write("a.md", f"{NAME} {number}\n")
        commits.append(folder.commit())
    scan = scan_folder(folder.path, (NAME,))
    assert [(leak.place, leak.count) for leak in scan.leaks] == [("a.md:1", 1), (f"commit {commits[0]}: a.md:1", 4)]


def test_messages_authors_notes_and_names_of_branches_and_tags_are_read(folder: Folder) -> None:
    message = folder.commit(f"Words\n\nCo-authored-by: {NAME} <a@b.c>")
    author = folder.commit("Words", NAME=f"{NAME} Bot")
    folder.git("branch", f"{NAME.lower()}/draft")
    folder.git("tag", "-a", "v1", "-m", f"For {NAME}")
    folder.git("tag", f"of-{NAME}")
    folder.git("notes", "add", "-m", f"Seen by {NAME}", "HEAD")
    found = places(scan_folder(folder.path, (NAME,)))
    notes = [place for place in found if place.endswith(":1")]
    assert sorted(set(found) - set(notes)) == sorted(
        [
            f"branch {NAME.lower()}/draft",
            f"tag of-{NAME}",
            f"commit {message}: message",
            f"commit {author}: author",
            "tag v1: message",
        ]
    )
    assert len(notes) == 1


def test_a_hundred_commits_with_the_same_trailer_are_one_leak(folder: Folder) -> None:
    first = folder.commit(f"One\n\nBy: {NAME}")
    folder.commit(f"Two\n\nBy: {NAME}")
    folder.commit(f"Three\n\nBy: {NAME}")
    (leak,) = scan_folder(folder.path, (NAME,)).leaks
    assert (leak.record, leak.count) == (f"commit {first}", 3)


def test_a_file_name_of_the_past_is_found(folder: Folder) -> None:
    folder.write(f"{NAME}/notes.md", "x")
    old = folder.commit()
    folder.git("mv", NAME, "clean")
    folder.commit()
    (leak,) = scan_folder(folder.path, (NAME,)).leaks
    assert leak.place == f"commit {old}: {NAME}: name of the file or folder"


def test_branches_merges_and_stashes_are_read(folder: Folder) -> None:
    folder.write("a.md", "x")
    folder.commit()
    folder.git("checkout", "-q", "-b", "side")
    folder.write("side.md", NAME)
    side = folder.commit()
    folder.git("rm", "-q", "side.md")
    folder.commit()
    folder.git("checkout", "-q", "main")
    folder.write("main.md", "x")
    folder.commit()
    folder.git("merge", "-q", "--no-commit", "side")
    folder.write("merged.md", f"Only in the merge: {NAME}")
    merge = folder.commit("Merge")
    folder.git("rm", "-q", "merged.md")
    folder.commit()
    folder.write("a.md", f"put aside {NAME}")
    folder.git("stash", "-q")
    found = places(scan_folder(folder.path, (NAME,)))
    assert f"commit {side}: side.md:1" in found
    assert f"commit {merge}: merged.md:1" in found
    assert any(place.endswith(": a.md:1") for place in found)
    assert len(found) == 3


def test_what_git_ignores_is_counted_and_read_only_where_asked(folder: Folder) -> None:
    folder.write(".gitignore", "trials/\n*.log\n")
    folder.write("trials/one.md", NAME)
    folder.write("deep/two.log", NAME)
    folder.write("new.md", NAME)
    folder.write("forced.log", NAME)
    folder.git("add", "-f", "forced.log", ".gitignore")
    scan = scan_folder(folder.path, (NAME,), include_history=False)
    assert (sorted(places(scan)), scan.ignored) == (["forced.log:1", "new.md:1"], 2)
    scan = scan_folder(folder.path, (NAME,), include_history=False, include_ignored=True)
    assert sorted(places(scan)) == ["deep/two.log:1", "forced.log:1", "new.md:1", "trials/one.md:1"]
    assert scan.ignored == 0


def test_what_is_staged_is_read_although_the_file_is_clean_again(folder: Folder) -> None:
    folder.write("a.md", NAME)
    folder.git("add", "a.md")
    folder.write("a.md", "clean")
    assert places(scan_folder(folder.path, (NAME,))) == ["the next commit: a.md:1"]


def test_a_file_that_is_deleted_and_not_committed_is_no_fault(folder: Folder) -> None:
    folder.write("a.md", "x")
    folder.commit()
    (folder.path / "a.md").unlink()
    scan = scan_folder(folder.path, (NAME,))
    assert (scan.unread, scan.files) == ((), 0)


def test_part_of_a_repository_is_read_with_its_part_of_the_history(folder: Folder) -> None:
    folder.write("outside.md", NAME)
    folder.write("site/a.md", NAME)
    folder.commit(f"By {NAME}")
    folder.write("site/a.md", "x")
    folder.write("outside.md", "x")
    folder.commit()
    scan = scan_folder(folder.path / "site", (NAME,))
    assert len(scan.notes) == 1
    assert sorted(place.split(": ", 1)[1] for place in places(scan)) == ["message", "site/a.md:1"]


def test_a_folder_that_git_ignores_is_read_like_any_other(folder: Folder) -> None:
    """A site that is built into an ignored folder goes online all the same."""
    folder.write(".gitignore", "public/\n")
    folder.commit()
    folder.write("public/index.html", f"<p>{NAME}</p>")
    scan = scan_folder(folder.path / "public", (NAME,))
    assert places(scan) == ["index.html:1"]
    assert len(scan.notes) == 1


def test_a_repository_in_a_folder_that_is_none_is_read_with_its_history(tmp_path: Path) -> None:
    inner = Folder(tmp_path / "all" / "site")
    inner.write("a.md", NAME)
    old = inner.commit()
    inner.write("a.md", "x")
    inner.commit()
    assert places(scan_folder(tmp_path / "all", (NAME,))) == [f"commit {old}: site/a.md:1"]


def test_submodules_and_inner_repositories_are_said_to_be_unread(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    other.write("a.md", NAME)
    other.commit()
    folder.git("submodule", "--quiet", "add", str(other.path), "sub")
    folder.commit()
    inner = Folder(folder.path / "inner")
    inner.write("b.md", NAME)
    inner.commit()
    scan = scan_folder(folder.path, (NAME,))
    assert scan.leaks == ()
    assert sorted(one.path for one in scan.unread) == ["inner", "sub"]
    scan = scan_folder(folder.path, (NAME,), include_ignored=True)
    assert {"inner/b.md:1", "sub/a.md:1"} <= set(places(scan))


def test_a_shallow_clone_says_so(folder: Folder, tmp_path: Path) -> None:
    folder.write("a.md", NAME)
    folder.commit()
    folder.write("a.md", "x")
    folder.commit()
    folder.git("clone", "-q", "--depth=1", f"file://{folder.path}", str(tmp_path / "clone"))
    scan = scan_folder(tmp_path / "clone", (NAME,))
    assert scan.leaks == ()
    assert any("shallow" in note for note in scan.notes)


def test_a_bare_repository_has_a_history_alone(folder: Folder, tmp_path: Path) -> None:
    folder.write("a.md", NAME)
    old = folder.commit()
    folder.git("clone", "-q", "--bare", str(folder.path), str(tmp_path / "all" / "site.git"))
    scan = scan_folder(tmp_path / "all" / "site.git", (NAME,))
    assert (places(scan), scan.files) == ([f"commit {old}: a.md:1"], 0)
    assert places(scan_folder(tmp_path / "all", (NAME,))) == [f"commit {old}: site.git/a.md:1"]


def test_a_work_tree_beside_its_repository_is_read(folder: Folder, tmp_path: Path) -> None:
    folder.write("a.md", NAME)
    old = folder.commit()
    folder.write("a.md", "x")
    folder.commit()
    folder.git("worktree", "add", "-q", str(tmp_path / "tree"))
    scan = scan_folder(tmp_path / "tree", (NAME,))
    assert (places(scan), scan.files) == ([f"commit {old}: a.md:1"], 1)


def test_hostile_names_of_files_are_read_from_the_history_too(folder: Folder) -> None:
    for name in (b"new\nline.md", b"bad\xff.md", b":colon.md", b"tab\t.md", b'"quoted".md'):
        folder.write(os.fsdecode(name), f"{NAME} in {name!r}")
    old = folder.commit()
    folder.git("rm", "-rq", ".")
    folder.commit()
    found = places(scan_folder(folder.path, (NAME,)))
    assert sorted(found) == sorted(
        f"commit {old}: {name}:1" for name in (r"new\nline.md", r"bad\xff.md", ":colon.md", r"tab\t.md", '"quoted".md')
    )


def test_documents_inside_the_history_are_opened_and_pictures_counted(folder: Folder) -> None:
    folder.write("a.docx", materials.word_runs(NAME))
    folder.write("b.png", materials.png())
    old = folder.commit()
    folder.git("rm", "-q", "a.docx", "b.png")
    folder.commit()
    scan = scan_folder(folder.path, (NAME,))
    assert places(scan) == [f"commit {old}: a.docx: word/document.xml"]
    assert f"commit {old}: b.png" in scan.pictures


def test_a_picture_that_is_still_there_is_counted_once(folder: Folder) -> None:
    folder.write("b.png", materials.png())
    folder.commit()
    assert scan_folder(folder.path, (NAME,)).pictures == ("b.png",)


def test_a_document_as_published_is_let_pass_in_the_history(folder: Folder) -> None:
    from avenant.files import sha256_text

    folder.write("specs/a.md", f"On {NAME}")
    folder.commit()
    assert scan_folder(folder.path, (NAME,), known_documents={sha256_text(f"On {NAME}")}).leaks == ()


def test_a_tag_on_a_file_that_no_commit_has_is_read(folder: Folder) -> None:
    folder.write("a.md", "x")
    folder.commit()
    folder.write("lone.md", NAME)
    blob = folder.git("hash-object", "-w", "lone.md")
    (folder.path / "lone.md").unlink()
    folder.git("tag", "lone", blob)
    assert places(scan_folder(folder.path, (NAME,))) == [f"object {blob[:7]}:1"]


def test_reading_runs_no_program_of_the_repository_and_writes_nothing(folder: Folder, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    folder.write(".gitattributes", "*.md diff=spy filter=spy\n")
    folder.write("a.md", NAME)
    folder.commit()
    folder.write("a.md", "changed")
    for key in (
        "core.fsmonitor",
        "diff.spy.textconv",
        "diff.external",
        "filter.spy.clean",
        "filter.spy.smudge",
        "core.pager",
    ):
        folder.git("config", key, str(program))
    for hook in ("post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(program, folder.path / ".git" / "hooks" / hook)
    before = snapshot(folder.path)
    assert scan_folder(folder.path, (NAME,)).leaks
    assert not mark.exists()
    assert snapshot(folder.path) == before


def snapshot(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_the_variables_of_a_hook_do_not_lead_to_another_repository(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.md", NAME)
    folder.commit()
    other = Folder(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    assert len(scan_folder(folder.path, (NAME,)).leaks) == 2


def test_without_git_all_files_are_read_and_the_history_is_said_to_be_unread(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(".gitignore", "b.md\n")
    folder.write("a.md", NAME)
    folder.write("b.md", NAME)
    folder.commit()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    scan = scan_folder(folder.path, (NAME,))
    assert sorted(places(scan)) == ["a.md:1", "b.md:1"]
    assert [one.path for one in scan.unread] == [".git"]
    assert "not installed" in scan.unread[0].reason


def test_a_broken_repository_is_said_to_be_unread_and_its_files_are_read(folder: Folder) -> None:
    folder.write("a.md", NAME)
    folder.commit()
    for path in (folder.path / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    scan = scan_folder(folder.path, (NAME,))
    assert "a.md:1" in places(scan)
    assert any(one.path == ".git" for one in scan.unread)


def test_a_repository_without_a_commit_is_read(folder: Folder) -> None:
    folder.write("a.md", NAME)
    assert places(scan_folder(folder.path, (NAME,))) == ["a.md:1"]
