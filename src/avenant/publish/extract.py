"""The readable texts of a file, whatever its format: by what it holds, and only then by what it is called."""

from __future__ import annotations

import hashlib
import io
import tomllib
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePath, PurePosixPath

from avenant.publish.archive import is_tar, read_compressed, read_tar, read_zip
from avenant.publish.binary import readable_runs
from avenant.publish.mail import is_mailbox, read_mail, read_mailbox
from avenant.publish.markup import is_markup, read_page, read_piece
from avenant.publish.part import Extract, Nest, Part, Picture, Published, Unread
from avenant.publish.pdf import read_pdf
from avenant.publish.picture import read_picture
from avenant.publish.plain import decode_plain, read_json, read_plain
from avenant.publish.rtf import rtf_words
from avenant.specs.library import Manifest

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_RECORDINGS = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf3", b"FLV\x01", b"#!AMR")
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_CLOSED = {
    b"7z\xbc\xaf\x27\x1c": "an archive of 7-Zip",
    b"Rar!\x1a\x07": "an archive of RAR",
    b"MSCF": "a cabinet archive",
    b"LZIP": "a file compressed with lzip",
    b"\x04\x22\x4d\x18": "a file compressed with LZ4",
    b"\x1f\x9d": "a file of compress",
    b"PAR1": "a table in Parquet",
    b"ARROW1": "a table in Arrow",
    b"ORC": "a table in ORC",
    b"Obj\x01": "a table in Avro",
    b"\x89HDF": "a file of HDF5",
    b"age-encryption": "an encrypted file",
    b"Salted__": "an encrypted file",
    b"PACK": "a pack of git",
    b"wOF2": "a font in WOFF2",
}
"""Beginnings of files whose words are packed in a way that Avenant cannot undo."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The beginning of Word, Excel and PowerPoint files until 2003, and of later ones that are encrypted."""
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")

_PAGE_ENDINGS = frozenset(
    (".html", ".htm", ".xhtml", ".shtml", ".xml", ".svg", ".rss", ".atom", ".opf", ".ncx", ".fodt", ".fods", ".vml")
)
_PIECE_ENDINGS = frozenset((".xml", ".rels", ".vml"))
_JSON_ENDINGS = frozenset((".json", ".jsonl", ".ndjson", ".ipynb", ".geojson", ".jsonld", ".webmanifest", ".map"))
_MAIL_ENDINGS = frozenset((".eml", ".mht", ".mhtml"))
_MANIFEST_KEYS = frozenset(Manifest.__dataclass_fields__)


def extract_texts(path: PurePath, raw: bytes, *, known: Collection[str] = ()) -> Iterator[Part]:
    """The readable texts of a file and of all files inside it, and what in it could not be read.

    Args:
        path: the file's name; its ending tells where the contents leave a doubt.
        raw: its contents.
        known: sha256 of documents that are let pass, with their manifests.
    """
    yield from Nest(_Reading(known).read).open(path.name, raw, is_document=True, shown="")


def is_packed(start: bytes) -> bool:
    """Whether a file must be read whole, by its beginning, since its words do not lie in it as they are."""
    packed = (b"PK\x03\x04", b"%PDF", b"{\\rtf", *_COMPRESSED, *_CLOSED, b"\xff\xfe", b"\xfe\xff")
    return start.startswith(packed) or is_tar(start)


def is_recording(start: bytes) -> bool:
    """Whether a file is a picture, sound or film, by its beginning."""
    is_container = start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] in (b"WEBP", b"WAVE", b"AVI "))
    return is_container or start.startswith((*_PICTURES, *_RECORDINGS))


class _Reading:
    """One file being read, with all inside it."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known

    def read(self, name: str, raw: bytes, nest: Nest) -> Iterator[Part]:
        """The parts of a file; a file that breaks its reader is one that could not be read."""
        if self._known and is_published(raw, self._known):
            yield Published("")
            return
        try:
            yield from _parts(name, raw, nest)
        # The readers face whatever people put into folders; one broken file must not end the scan.
        except Exception as error:
            yield Unread("", f"damaged or of an unusual kind ({type(error).__name__}: {error})")
            yield Extract("", readable_runs(raw), is_raw=True)


def is_published(raw: bytes, known: Collection[str]) -> bool:
    """Whether a file is one of the known documents, byte for byte, or the manifest of one and nothing else."""
    if hashlib.sha256(raw).hexdigest() in known:
        return True
    if len(raw) > 100_000 or b"sha256" not in raw:
        return False
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except ValueError:
        return False
    return data.keys() == _MANIFEST_KEYS and data["sha256"] in known


def _parts(name: str, raw: bytes, nest: Nest) -> Iterator[Part]:
    text = decode_plain(raw)
    if text is None:
        yield from (_binary_reader(name, raw) or _read_binary)(raw, nest)
        return
    ending = PurePosixPath(name).suffix.lower()
    if raw.startswith(b"%PDF-"):
        yield from read_pdf(raw, nest)
    elif raw.startswith(b"{\\rtf"):
        yield from _read_rtf(raw, nest)
    elif is_tar(raw):
        yield from read_tar(raw, nest)
    elif ending in _MAIL_ENDINGS:
        yield from read_mail(raw, nest)
    elif is_mailbox(raw):
        yield from read_mailbox(raw, nest)
    elif ending in _PAGE_ENDINGS or is_markup(text):
        yield from (read_piece if nest.is_piece and ending in _PIECE_ENDINGS else read_page)(text, nest)
    elif ending in _JSON_ENDINGS:
        yield from read_json(text, nest)
    else:
        yield from read_plain(text, nest)


Reader = Callable[[bytes, Nest], Iterator[Part]]


def _binary_reader(name: str, raw: bytes) -> Reader | None:
    """The reader for what a binary file begins with; None for a kind that is not known."""
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_zip
    if b"%PDF-" in raw[:1024]:
        return read_pdf
    if raw.startswith(b"{\\rtf"):
        return _read_rtf
    if raw.startswith(_COMPRESSED):
        return lambda raw, nest: read_compressed(raw, name, nest)
    if is_tar(raw):
        return read_tar
    if is_recording(raw):
        return lambda raw, _: read_picture(raw)
    if raw.startswith(_OLE):
        return _read_ole
    if closed := next((kind for start, kind in _CLOSED.items() if raw.startswith(start)), None):
        return lambda raw, _: iter((Unread("", f"it is {closed}, which Avenant cannot open"),))
    if PurePosixPath(name).suffix.lower() in _MAIL_ENDINGS:
        return read_mail
    return read_mailbox if is_mailbox(raw) else None


def _read_rtf(raw: bytes, nest: Nest) -> Iterator[Part]:
    if b"\\pict" in raw or b"\\object" in raw:
        yield Picture("")
    yield Extract("", rtf_words(raw))


def _read_binary(raw: bytes, nest: Nest) -> Iterator[Part]:
    yield Extract("", readable_runs(raw), is_raw=True)
    if zipfile.is_zipfile(io.BytesIO(raw)):
        # A program or a picture with an archive behind it.
        yield from read_zip(raw, nest)


def _read_ole(raw: bytes, nest: Nest) -> Iterator[Part]:
    if _ENCRYPTED_OLE in raw:
        yield Unread("", "it is encrypted with a password")
    else:
        yield Extract("", readable_runs(raw), is_raw=True)
