"""The tools that people carry a change with today, each as a function: a change of the old release -> the new, amended.

All get the same change and refuse in their own way: an exit status, a conflict, or a patch that they report as failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from anchors_cases import Edit

MATCH_DISTANCE = 1_000_000
"""diff-match-patch: characters from the expected place at which a perfect match scores as badly as no match."""
MATCH_THRESHOLD = 0.5
"""diff-match-patch: the score above which no match is taken."""

_NAME = "document.md"
_CONTEXT = 3
_TEMPORARY = Path("/dev/shm")
_ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool."""

    name: str
    program: str | None
    """What has to be on the path; None for a Python package that the project needs anyway."""
    carry: Callable[[Desk, Edit], str | None]
    """Carries one change: the amended new release, or None where the tool refuses."""

    @property
    def is_installed(self) -> bool:
        """Whether it can run here."""
        return self.program is None or shutil.which(self.program) is not None


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with both releases, ready for the tools."""

    folder: Path
    old: str
    new: str
    old_id: str
    """git's id of the old release; empty without git."""
    index: bytes
    """git's index with the new release in it; empty without git."""

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Run a program in the folder, deaf to the user's own git settings."""
        return subprocess.run(command, cwd=self.folder, env=_ENVIRONMENT, capture_output=True, check=False)

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder, byte for byte."""
        (self.folder / name).write_bytes(text.encode())

    def read(self, name: str) -> str:
        """Read a file of the folder, byte for byte."""
        return (self.folder / name).read_bytes().decode()


@contextmanager
def open_desk(old: str, new: str) -> Iterator[Desk]:
    """Lay both releases out in a temporary folder, in memory where the machine has such a place."""
    parent = _TEMPORARY if _TEMPORARY.is_dir() and os.access(_TEMPORARY, os.W_OK) else None
    with TemporaryDirectory(prefix="anchors-", dir=parent) as name:
        desk = Desk(Path(name), old, new, "", b"")
        desk.write("old.md", old)
        desk.write(_NAME, new)
        if shutil.which("git"):
            desk.run("git", "init", "-q")
            old_id = desk.run("git", "hash-object", "-w", "old.md").stdout.decode().strip()
            desk.run("git", "add", _NAME)
            desk = Desk(desk.folder, old, new, old_id, (desk.folder / ".git" / "index").read_bytes())
        yield desk


def write_patch(desk: Desk, edit: Edit) -> None:
    """Write the change as a unified diff against the old release, as `git diff` has it."""
    amended = edit.apply(desk.old)
    first = desk.old.count("\n", 0, edit.start)
    old, new = desk.old.splitlines(keepends=True), amended.splitlines(keepends=True)
    stop_old, stop_new = len(old), len(new)
    while first < min(stop_old, stop_new) and old[first] == new[first]:
        first += 1
    while first < min(stop_old, stop_new) and old[stop_old - 1] == new[stop_new - 1]:
        stop_old, stop_new = stop_old - 1, stop_new - 1
    # Where lines are only added, git lets them slide down as far as they go.
    while first == stop_old < len(old) and old[first] == new[first]:
        first, stop_old, stop_new = first + 1, stop_old + 1, stop_new + 1
    start, end = max(0, first - _CONTEXT), min(len(old), stop_old + _CONTEXT)
    kept_before, kept_after = old[start:first], old[stop_old:end]
    taken, given = old[first:stop_old], new[first:stop_new]
    count_old = len(kept_before) + len(taken) + len(kept_after)
    count_new = len(kept_before) + len(given) + len(kept_after)
    marked = [(" ", kept_before), ("-", taken), ("+", given), (" ", kept_after)]
    lines = [sign + line for sign, group in marked for line in group]
    body = "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
    index = f"index {desk.old_id}..{'0' * 39}1 100644\n" if desk.old_id else ""
    head = f"diff --git a/{_NAME} b/{_NAME}\n{index}--- a/{_NAME}\n+++ b/{_NAME}\n"
    desk.write("change.patch", f"{head}@@ -{start + 1},{count_old} +{start + 1},{count_new} @@\n{body}")


def git_apply(desk: Desk, edit: Edit) -> str | None:
    """`git apply`: all context lines must match; the hunk may have moved."""
    write_patch(desk, edit)
    if desk.run("git", "apply", "change.patch").returncode:
        return None
    result = desk.read(_NAME)
    desk.write(_NAME, desk.new)
    return result


def git_apply_3way(desk: Desk, edit: Edit) -> str | None:
    """`git apply --3way`: a merge with the blob of the old release, then as `git apply`."""
    write_patch(desk, edit)
    done = desk.run("git", "apply", "--3way", "--cached", "change.patch")
    result = None if done.returncode else desk.run("git", "cat-file", "-p", f":{_NAME}").stdout.decode()
    (desk.folder / ".git" / "index").write_bytes(desk.index)
    return result


def patch(desk: Desk, edit: Edit) -> str | None:
    """GNU patch with its usual fuzz: up to two context lines at each end may differ."""
    write_patch(desk, edit)
    done = desk.run("patch", "-s", "-f", "-r", "-", "-o", "patched.md", _NAME, "change.patch")
    return None if done.returncode else desk.read("patched.md")


def git_merge_file(desk: Desk, edit: Edit) -> str | None:
    """`git merge-file`: a three-way merge of lines; a conflict is a refusal."""
    desk.write("amended.md", edit.apply(desk.old))
    done = desk.run("git", "merge-file", "-p", _NAME, "old.md", "amended.md")
    return None if done.returncode else done.stdout.decode()


def match_patch(desk: Desk, edit: Edit) -> str | None:
    """diff-match-patch's `patch_apply`, which looks for the words around the change far and wide."""
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Match_Distance, engine.Match_Threshold = MATCH_DISTANCE, MATCH_THRESHOLD
    parts = [
        (0, desk.old[: edit.start]),
        (-1, desk.old[edit.start : edit.end]),
        (1, edit.text),
        (0, desk.old[edit.end :]),
    ]
    patches = engine.patch_make(desk.old, [part for part in parts if part[1]])
    result, done = engine.patch_apply(patches, desk.new)
    return result if all(done) else None


PEERS: Mapping[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer("git apply", "git", git_apply),
        Peer("git apply --3way", "git", git_apply_3way),
        Peer("patch", "patch", patch),
        Peer("git merge-file", "git", git_merge_file),
        Peer("diff-match-patch", None, match_patch),
    )
}
"""By name."""
