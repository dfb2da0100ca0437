"""All contact with the disk: text with its newlines, YAML and TOML with line numbers, atomic replacement."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
import yaml

from avenant.errors import FileError, FormatError

MAX_TEXT_BYTES = 20_000_000
"""A document larger than this is not a document that people write; the largest known one is 0.3 MB."""

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Yaml:
    """Parsed YAML together with the line of every key and item."""

    data: Any
    """Plain dicts, lists and scalars."""
    lines: dict[KeyPath, int]
    """Line in the file (from 1) of each key path, such as ("edits", 0, "insert-after")."""

    def line(self, *path: str | int) -> int:
        """Line of a key path, or of its nearest known parent."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        FileError: it is missing, a folder, unreadable or larger than `MAX_TEXT_BYTES`.
    """
    try:
        size = path.stat().st_size
        if size > MAX_TEXT_BYTES:
            raise FileError(
                f"the file has {size / 1e6:.0f} MB; Avenant reads up to {MAX_TEXT_BYTES / 1e6:.0f} MB",
                path=path,
                mend="give the document itself, not an archive or an export with pictures",
            )
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read: {error.strerror}", path=path, mend="check the path") from error


def decode_text(raw: bytes, path: Path | None = None) -> str:
    """Decode UTF-8 without touching line ends or a byte-order mark, so that encoding gives `raw` back.

    Raises:
        FormatError: binary content, or a byte that is not UTF-8 (with its line).
    """
    if b"\x00" in raw:
        line = raw[: raw.index(b"\x00")].count(b"\n") + 1
        raise FormatError(
            "not a text file (it has a zero byte)",
            path=path,
            line=line,
            mend="export the document as markdown in UTF-8",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FormatError(
            f"byte 0x{raw[error.start]:02x} is not UTF-8",
            path=path,
            line=line,
            mend="save the file as UTF-8",
        ) from error


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, keeping every line end as it is."""
    return decode_text(read_bytes(path), path)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        FileError: the folder cannot be written or the disk is full; the old file is as it was.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, raw: bytes) -> None:
    """Write to a temporary file in the same folder, flush it to the disk, then replace."""
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise FileError(
            f"cannot write: {error.strerror}; the file is as it was before",
            path=path,
            mend="free some disk space or choose another folder, then run the command again",
        ) from error


def replace_text(path: Path, text: str, *, label: str) -> Path | None:
    """Replace a file that people wrote; the old one is kept in git, or beside it.

    Args:
        path: the file.
        text: its new contents.
        label: what the kept file's name ends in, such as a version.

    Returns:
        The file that keeps the old contents; None where git's last commit has them.

    Raises:
        FileError: it cannot be written; the old file is as it was.
    """
    old = read_bytes(path)
    kept = None if _is_committed(path, old) else _free_name(path.with_name(f"{path.name}.{label}"), old)
    if kept is not None:
        write_bytes(kept, old)
    write_text(path, text)
    return kept


def _is_committed(path: Path, contents: bytes) -> bool:
    """Whether the last commit of the repository that holds the file, if there is one, has these contents."""
    try:
        shown = subprocess.run(
            ["git", "show", f"HEAD:./{path.name}"], cwd=path.parent, capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return shown.returncode == 0 and shown.stdout == contents


def _free_name(path: Path, contents: bytes) -> Path:
    """The path, or a numbered one, that is free or has these contents already."""
    number, name = 2, path
    while name.exists() and name.read_bytes() != contents:
        number, name = number + 1, path.with_name(f"{path.name}.{number}")
    return name


def sha256_text(text: str) -> str:
    """Hash of a text's UTF-8 bytes, as lower-case hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def parse_yaml(text: str, path: Path | None = None, first_line: int = 1) -> Yaml:
    """Parse YAML and remember where every key stands.

    Args:
        text: the YAML alone.
        path: the file, for messages.
        first_line: the line of the file at which `text` begins.

    Raises:
        FormatError: invalid YAML or a doubled key, with its line.
    """
    try:
        node = _compose(text)
        data = None if node is None else yaml.constructor.SafeConstructor().construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or str(error)
        raise FormatError(
            f"invalid YAML: {problem}",
            path=path,
            line=line,
            mend="check the indentation and the colons near this line; put a text with a colon in quotes",
        ) from error
    except (ValueError, IndexError, RecursionError) as error:
        # PyYAML lets its own slips through: an empty !!int, a list that holds itself, brackets without end.
        raise FormatError(
            f"invalid YAML: {error}", path=path, line=first_line, mend="write plain texts, lists and keys"
        ) from error
    try:
        return Yaml(data, dict(_walk(node, (), path, first_line)))
    except RecursionError as error:
        raise FormatError(
            "a list or key in this YAML holds itself", path=path, line=first_line, mend="take the alias out"
        ) from error


def _compose(text: str) -> yaml.Node | None:
    """The nodes of a YAML text, by libyaml where it is there: ten times as fast."""
    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        # The other one says more clearly what is wrong.
        return yaml.compose(text, Loader=yaml.SafeLoader)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        FormatError: invalid TOML (the message carries the line).
    """
    try:
        return tomllib.loads(read_text(path).removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"invalid TOML: {error}", path=path, mend="correct the line it names") from error


def write_toml(path: Path, data: dict[str, Any], comment: str = "") -> None:
    """Write a TOML file, with a comment at its top, and make sure that it reads back as it was given."""
    text = "".join(f"# {line}\n" for line in comment.splitlines()) + tomli_w.dumps(data, multiline_strings=True)
    assert tomllib.loads(text) == data
    write_text(path, text)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _walk(node: yaml.Node | None, at: KeyPath, path: Path | None, first_line: int) -> Iterator[tuple[KeyPath, int]]:
    if node is None:
        return
    yield at, first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = first_line + key.start_mark.line
            if str(key.value) in seen:
                raise FormatError(f"the key {key.value!r} stands twice", path=path, line=line, mend="keep one of them")
            seen.add(str(key.value))
            yield from _walk(value, (*at, str(key.value)), path, first_line)
            yield (*at, str(key.value)), line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*at, index), path, first_line)
