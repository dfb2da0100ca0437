"""Archives: zip (Word, PowerPoint, Excel, OpenDocument and EPUB files too), tar, and single compressed files."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from avenant.publish.part import MAX_EXPANDED_BYTES, Extract, Nest, Part, Unread

_ZSTANDARD = 93
"""The number of Zstandard among the zip format's methods; Inspect's logs are written with it."""
_ENCRYPTED_FLAG = 0x1
_FAULTS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises over archives that are broken, cut short, encrypted or of an unknown method."""

_TOO_MUCH = f"it unpacks to more than {MAX_EXPANDED_BYTES / 1e6:.0f} MB; the rest was left out"

_LOCKED = re.compile(rb"<(?:manifest:)?encryption-data\b|<(?:\w+:)?EncryptedData\b")
_LOCKED_FILES = re.compile(r'<(?:\w+:)?CipherReference\b[^>]*\bURI="([^"]+)"|full-path="([^"]+)"')
_FONTS = (".ttf", ".otf", ".woff", ".woff2", ".odttf")


def read_zip(raw: bytes, nest: Nest) -> Iterator[Part]:
    """The files of a zip archive, their names and the archive's comment.

    A document that is a zip of XML (Word, OpenDocument and the like) is one document, whatever its number of files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _FAULTS as error:
        yield Unread("", f"a broken zip archive ({error})")
        return
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        yield _names([member.filename for member in archive.infolist()])
        if archive.comment:
            yield Extract("comment of the archive", archive.comment.decode("utf-8", "replace"))
        is_document = not _is_office(archive)
        locked = _locked_files(archive)
        for member in members:
            if member.filename in locked or member.flag_bits & _ENCRYPTED_FLAG:
                if not member.filename.lower().endswith(_FONTS):
                    yield Unread(member.filename, "it is encrypted")
                continue
            if nest.limit <= 0:
                yield Unread("", _TOO_MUCH)
                return
            try:
                contents = _read_member(archive, member, nest)
            except _FAULTS as error:
                yield Unread(member.filename, f"a damaged file in the archive ({error})")
                continue
            yield from nest.open(member.filename, contents, is_document=is_document)


def read_tar(raw: bytes, nest: Nest) -> Iterator[Part]:
    """The files of a tar archive, their names, the targets of links, and the names of their owners."""
    names: list[str] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
            for member in archive:
                names += [member.name, member.linkname, member.uname, member.gname, *member.pax_headers.values()]
                if nest.limit <= 0:
                    yield Unread("", _TOO_MUCH)
                    break
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield from nest.open(member.name, file.read(nest.limit + 1), is_document=True)
    except _FAULTS as error:
        yield Unread("", f"a broken tar archive ({error})")
    yield _names(names)


def read_compressed(raw: bytes, name: str, nest: Nest) -> Iterator[Part]:
    """The one file in a file of gzip, bzip2, xz or Zstandard."""
    try:
        with _opened(raw) as file:
            contents = file.read(nest.limit + 1)
    except ImportError:
        yield Unread("", "it is compressed with Zstandard, and the package `zstandard` is not installed")
        return
    except _FAULTS as error:
        yield Unread("", f"a broken compressed file ({error})")
        return
    if raw.startswith(b"\x1f\x8b\x08") and raw[3] & 0x08:
        yield _names([raw[10 : raw.index(b"\x00", 10)].decode("latin-1")])
    stem, _, ending = name.rpartition(".")
    inner = {"tgz": f"{stem}.tar", "tbz2": f"{stem}.tar", "txz": f"{stem}.tar", "svgz": f"{stem}.svg"}
    yield from nest.open(inner.get(ending.lower(), stem), contents, is_document=True, shown="")


def is_tar(raw: bytes) -> bool:
    """Whether a file is a tar archive, of the old kind without a mark as well."""
    if raw[257:262] == b"ustar":
        return True
    # The old kind has nothing but a sum over its first header.
    digits = raw[148:156].strip(b"\x00 ")
    if len(raw) < 512 or not re.fullmatch(rb"[0-7]{4,7}", digits):
        return False
    return sum(raw[:148]) + 8 * ord(" ") + sum(raw[156:512]) == int(digits, 8)


def _names(names: list[str]) -> Extract:
    return Extract("names of files", "\n".join(name for name in dict.fromkeys(names) if name))


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, nest: Nest) -> bytes:
    if member.compress_type == _ZSTANDARD:
        _learn_zstandard()
    # The size that the archive states may be a lie, so no more than the limit is ever unpacked.
    with archive.open(member) as file:
        return file.read(nest.limit + 1)


def _learn_zstandard() -> None:
    """Teach the standard library Zstandard, which it knows from Python 3.14 on.

    Raises:
        NotImplementedError: the package that does it is not installed.
    """
    try:
        importlib.import_module("compression.zstd")
    except ImportError:
        try:
            # It came with Inspect, which needs it for its logs.
            importlib.import_module("zipfile_zstd")
        except ImportError as error:
            raise NotImplementedError("compressed with Zstandard, which this Python does not know") from error


def _opened(raw: bytes) -> IO[bytes]:
    file = io.BytesIO(raw)
    if raw.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if raw.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if raw.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    return importlib.import_module("zstandard").ZstdDecompressor().stream_reader(file, read_across_frames=True)  # type: ignore[no-any-return]


def _is_office(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"] or "META-INF/manifest.xml" in names


def _locked_files(archive: zipfile.ZipFile) -> frozenset[str]:
    """The files that an OpenDocument or EPUB file says are encrypted; the zip archive itself does not say so."""
    locked: set[str] = set()
    for name in ("META-INF/manifest.xml", "META-INF/encryption.xml"):
        try:
            raw = archive.read(name) if archive.getinfo(name).file_size < 10_000_000 else b""
        except (KeyError, *_FAULTS):
            continue
        if not _LOCKED.search(raw):
            continue
        for entry in re.split(r"(?=<(?:manifest:)?file-entry\b)", raw.decode("utf-8", "replace")):
            if _LOCKED.search(entry.encode()):
                locked.update(first or second for first, second in _LOCKED_FILES.findall(entry))
    return frozenset(locked)
