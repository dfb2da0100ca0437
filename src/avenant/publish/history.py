"""What a git repository keeps for ever: each version of each file, messages, authors, names of branches."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from avenant.publish.part import MAX_FILE_BYTES
from avenant.publish.repository import (
    Change,
    Repository,
    list_changes,
    list_objects,
    list_refs,
    list_staged,
    read_objects,
    size_objects,
)

_SHOWN = 7
"""Digits of a commit's id that are shown, as git does."""
_SIGNATURE = re.compile(rb"(?m)^gpgsig(?:-sha256)? .*\n(?: .*\n)*")
_PERSON = re.compile(rb"(?m)^(?:author|committer|tagger) (.*?) -?\d+ [+-]\d{4}$")
_ENCODING = re.compile(rb"(?m)^encoding (\S+)$")

Kind = Literal["file", "file name", "message", "author", "name"]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that the history keeps."""

    kind: Kind
    where: str
    """"commit abc1234", "tag v1", "branch main", "the next commit"."""
    path: str
    """The file, from the top of the work tree; empty for what belongs to no file."""
    raw: bytes
    """Its contents."""
    is_current: bool = False
    """It is a file's version that the next commit would hold as well."""
    unread: str = ""
    """Why it could not be read; empty where it could."""


def read_history(repository: Repository, *, progress: Callable[[int, int], None]) -> Iterator[Record]:
    """Everything that any branch, tag, note or other ref reaches, each version of a file once.

    Args:
        repository: what to read; where it is a part of a repository, files outside it are left out.
        progress: called with the objects that are done and all of them.

    Raises:
        FileError: git fails.
    """
    first: dict[str, Change] = {}
    paths: dict[bytes, str] = {}
    for change in list_changes(repository):
        first.setdefault(change.blob, change)
        paths.setdefault(change.path, change.commit)
    if not repository.prefix:
        yield from _names(repository)
    for path, commit in _with_folders(paths):
        yield Record("file name", f"commit {commit[:_SHOWN]}", os.fsdecode(path), b"")
    staged = {} if repository.is_bare else list_staged(repository)
    ids = list(dict.fromkeys((*list_objects(repository), *staged)))
    yield from _objects(repository, ids, first, staged, progress)


def _objects(
    repository: Repository,
    ids: list[str],
    first: dict[str, Change],
    staged: dict[str, bytes],
    progress: Callable[[int, int], None],
) -> Iterator[Record]:
    wanted: list[str] = []
    absent = 0
    for one in size_objects(repository, [name for name in ids if not name.startswith("?")]):
        if one.kind == "missing":
            absent += 1
        elif one.kind == "blob" and one.size > MAX_FILE_BYTES:
            where, path = _place(one.id, first, staged)
            reason = f"it is larger than {MAX_FILE_BYTES / 1e6:.0f} MB"
            yield Record("file", where, path, b"", one.id in staged, reason)
        elif one.kind != "tree":
            wanted.append(one.id)
    absent += sum(name.startswith("?") for name in ids)
    if absent:
        yield Record("name", "", ".git", b"", unread=f"{absent} objects of the history are not on this machine")
    for number, one in enumerate(read_objects(repository, wanted)):
        progress(number, len(wanted))
        if one.kind == "blob":
            where, path = _place(one.id, first, staged)
            yield Record("file", where, path, one.raw, one.id in staged)
        elif one.kind == "commit":
            yield from _commit(f"commit {one.id[:_SHOWN]}", one.raw)
        elif one.kind == "tag":
            name = re.search(rb"(?m)^tag (.*)$", one.raw)
            yield from _commit(f"tag {name[1].decode('utf-8', 'replace') if name else one.id[:_SHOWN]}", one.raw)
    progress(len(wanted), len(wanted))


def _place(blob: str, first: dict[str, Change], staged: dict[str, bytes]) -> tuple[str, str]:
    """Where a blob came in, and the file that it was then."""
    if blob in first:
        return f"commit {first[blob].commit[:_SHOWN]}", os.fsdecode(first[blob].path)
    if blob in staged:
        return "the next commit", os.fsdecode(staged[blob])
    # A tag can point at a file that no commit holds.
    return f"object {blob[:_SHOWN]}", ""


def _commit(where: str, raw: bytes) -> Iterator[Record]:
    head, _, message = raw.partition(b"\n\n")
    encoding = _ENCODING.search(head)
    yield Record("message", where, "", _utf8(message, encoding))
    people = b"\n".join(dict.fromkeys(_PERSON.findall(head)))
    yield Record("author", where, "", _utf8(people, encoding))
    # Other headers are rare: a tag that was merged is kept in one.
    if rest := _PERSON.sub(b"", _SIGNATURE.sub(b"", head + b"\n")).strip():
        yield Record("message", where, "", _utf8(rest, encoding))


def _utf8(raw: bytes, encoding: re.Match[bytes] | None) -> bytes:
    try:
        return raw.decode(encoding[1].decode()).encode() if encoding else raw
    except (LookupError, ValueError):
        return raw


def _with_folders(paths: dict[bytes, str]) -> Iterator[tuple[bytes, str]]:
    """Each path and each folder on the way to it once, with the commit of the first file there."""
    seen: set[bytes] = set()
    for path, commit in paths.items():
        while path and path not in seen:
            seen.add(path)
            yield path, commit
            path = path.rpartition(b"/")[0]


def _names(repository: Repository) -> Iterator[Record]:
    kinds = {"heads": "branch", "tags": "tag", "remotes": "remote branch"}
    for ref in list_refs(repository):
        parts = ref.split("/", 2)
        name = parts[2] if len(parts) == 3 else ref
        yield Record("name", f"{kinds.get(parts[1] if len(parts) > 1 else '', 'ref')} {name}", "", name.encode())
