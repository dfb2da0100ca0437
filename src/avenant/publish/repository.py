"""A git repository, read without changing it, running its hooks or fetching anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from avenant.errors import FileError

_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    "-c", "core.fsmonitor=false",  # else a program of the repository's own choice runs
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "protocol.allow=never",  # else a clone without all of its objects would fetch them
    "-c", "core.quotePath=false",
)  # fmt: skip
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, or the part of one that lies in a folder."""

    folder: Path
    """Where git's commands run."""
    prefix: str
    """The folder's path from the top of the work tree, with / at its end; empty for the whole."""
    is_bare: bool
    """Whether it has no work tree, so that there is nothing but its history."""
    is_shallow: bool
    """Whether older commits are not on this machine."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a commit brought in."""

    commit: str
    """The commit's id, in hexadecimal digits."""
    path: bytes
    """From the top of the work tree."""
    blob: str
    """The id of its contents."""


def find_repository(folder: Path) -> Repository | None:
    """The git repository that a folder is in; None where there is none.

    Raises:
        FileError: there is one, and git is not installed or refuses to read it.
    """
    if shutil.which("git") is None:
        if any((one / ".git").exists() for one in (folder, *folder.resolve().parents)):
            raise FileError("git is not installed, so what it ignores and its history cannot be told")
        return None
    asked = ("--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    try:
        done = subprocess.run(_command("rev-parse", *asked), cwd=folder, env=_environment(), capture_output=True)
    except OSError as error:
        raise FileError(f"git cannot look into the folder: {error.strerror}") from error
    if done.returncode:
        if b"not a git repository" in done.stderr:
            return None
        raise _fault(done.stderr)
    bare, inside, shallow, prefix, *_ = [*done.stdout.decode("utf-8", "surrogateescape").split("\n"), "", ""]
    if bare != "true" and inside != "true":
        return None
    return Repository(folder, prefix, bare == "true", shallow == "true")


def is_ignored(repository: Repository) -> bool:
    """Whether git ignores the folder itself, so that it would not go online through git."""
    if not repository.prefix:
        return False
    command = _command("check-ignore", "-q", "--", ".")
    return subprocess.run(command, cwd=repository.folder, env=_environment(), capture_output=True).returncode == 0


def list_published(repository: Repository) -> list[str]:
    """The files in the folder that git would publish: those that it tracks, and new ones that it does not ignore."""
    return [
        os.fsdecode(path) for path in dict.fromkeys(_fields(repository, "ls-files", "-co", "--exclude-standard", "-z"))
    ]


def count_ignored(repository: Repository) -> int:
    """How many files in the folder git ignores."""
    return sum(1 for _ in _fields(repository, "ls-files", "-oi", "--exclude-standard", "-z"))


def list_staged(repository: Repository) -> dict[str, bytes]:
    """What the next commit would hold: each blob with a path, from the folder."""
    staged: dict[str, bytes] = {}
    for entry in _fields(repository, "ls-files", "-s", "-z"):
        about, path = entry.split(b"\t", 1)
        mode, blob = about.split()[:2]
        if mode != b"160000":
            staged.setdefault(blob.decode(), path)
    return staged


def list_refs(repository: Repository) -> list[str]:
    """Full names of all branches, tags, notes and other refs."""
    with _running(repository, "for-each-ref", "--format=%(refname)") as output:
        return [line.decode("utf-8", "replace").rstrip("\n") for line in output]


def list_objects(repository: Repository) -> list[str]:
    """Ids of all objects that any ref reaches: commits, tags, folders, files."""
    arguments = ("rev-list", "--objects", "--all", "--no-object-names", "--missing=print", "--full-history")
    with _running(repository, *arguments, *_limits(repository)) as output:
        return [line.decode().strip() for line in output]


def list_changes(repository: Repository) -> Iterator[Change]:
    """Every file that each commit brought in or changed, older commits first."""
    with tempfile.TemporaryFile() as commits:
        arguments = ("rev-list", "--all", "--reverse", "--full-history")
        with _running(repository, *arguments, *_limits(repository)) as output:
            shutil.copyfileobj(output, commits)
        commits.seek(0)
        compare = ("diff-tree", "--stdin", "-c", "--root", "-r", "-z", "--raw", "--no-abbrev", "--no-renames")
        flags = ("--no-ext-diff", "--no-textconv")
        with _running(repository, *compare, *flags, *_limits(repository), given=commits) as output:
            commit, about = "", b""
            for field in _split(output):
                if about:
                    change = _change(commit, about, field)
                    about = b""
                    if change is not None:
                        yield change
                elif field.startswith(b":"):
                    about = field
                else:
                    commit = field.decode().strip()


@dataclass(frozen=True, slots=True)
class Object:
    """An object of the repository."""

    id: str
    kind: str
    """"commit", "tree", "blob", "tag"; "missing" where this machine does not have it."""
    size: int
    """Bytes."""
    raw: bytes
    """Its contents; empty where only the size was asked for."""


def size_objects(repository: Repository, ids: Iterable[str]) -> Iterator[Object]:
    """Kind and size of objects, in the order of their ids."""
    with _ids(ids) as given, _running(repository, "cat-file", "--batch-check", "--buffer", given=given) as output:
        for line in output:
            yield _object(line, b"")


def read_objects(repository: Repository, ids: Iterable[str]) -> Iterator[Object]:
    """Objects with their contents, in the order of their ids."""
    with _ids(ids) as given, _running(repository, "cat-file", "--batch", "--buffer", given=given) as output:
        while line := output.readline():
            head = _object(line, b"")
            if head.kind == "missing":
                yield head
                continue
            raw = output.read(head.size)
            output.read(1)
            yield Object(head.id, head.kind, head.size, raw)


def _object(line: bytes, raw: bytes) -> Object:
    fields = line.decode().split()
    if len(fields) < 3:
        return Object(fields[0], "missing", 0, raw)
    return Object(fields[0], fields[1], int(fields[2]), raw)


def _change(commit: str, about: bytes, path: bytes) -> Change | None:
    """Source: git's manual, "git-diff-tree", on its raw format and that of merges."""
    fields = about.lstrip(b":").split()
    mode, blob = fields[(len(fields) - 1) // 2 - 1], fields[-2].decode()
    return None if mode == b"160000" or not blob.strip("0") else Change(commit, path, blob)


def _limits(repository: Repository) -> Sequence[str]:
    return ("--", ".") if repository.prefix else ()


def _command(*arguments: str) -> list[str]:
    return ["git", *_SAFE, *arguments]


def _environment() -> dict[str, str]:
    """The environment without git's own variables, which a hook that calls us would have set for its repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


@contextmanager
def _ids(ids: Iterable[str]) -> Iterator[IO[bytes]]:
    """A file of ids: through a pipe, git and we could wait for each other for ever."""
    with tempfile.TemporaryFile() as file:
        file.writelines(f"{one}\n".encode() for one in ids)
        file.seek(0)
        yield file


@contextmanager
def _running(repository: Repository, *arguments: str, given: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
    """Output of a command of git, as it comes.

    Raises:
        FileError: the command failed.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            _command(*arguments),
            cwd=repository.folder,
            env=_environment(),
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert process.stdout is not None
        is_read = False
        try:
            yield process.stdout
            is_read = True
        finally:
            process.stdout.close()
            if not is_read:
                process.kill()
            process.wait()
        if process.returncode:
            errors.seek(0)
            raise _fault(errors.read())


def _fields(repository: Repository, *arguments: str) -> Iterator[bytes]:
    with _running(repository, *arguments) as output:
        yield from _split(output)


def _split(output: IO[bytes]) -> Iterator[bytes]:
    """The fields of an output that ends each with a zero byte, which no file name can hold."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *fields, rest = (rest + chunk).split(b"\x00")
        yield from fields
    if rest:
        yield rest


def _fault(errors: bytes) -> FileError:
    lines = errors.decode("utf-8", "replace").strip().splitlines() or ["git failed without a word"]
    return FileError(f"git says: {lines[0].removeprefix('fatal: ')}")
