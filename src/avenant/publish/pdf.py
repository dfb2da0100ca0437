"""PDF files: the words of each page, comments, links, bookmarks, metadata, attachments, earlier versions."""

from __future__ import annotations

import io
import itertools
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from avenant.publish.binary import readable_runs
from avenant.publish.part import Extract, Nest, Part, Picture, Unread

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MAX_STREAM = 5_000_000
_LEAST_BROKEN = 5
"""Letters that a word parted over two lines must have; shorter ones come about by chance."""


def read_pdf(raw: bytes, nest: Nest) -> Iterator[Part]:
    """What pages show and what lies behind them.

    A page without words is a picture of a page. What the file holds besides its pages (an earlier version under a
    later one, form fields) is read from its objects as they are stored.
    """
    from pypdf import PdfReader

    with _silent():
        try:
            reader = PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                yield Unread("", "it is encrypted with a password")
                return
            count = len(reader.pages)
        # The library raises what its parts raise: a broken file can bring up nearly any error.
        except Exception as error:
            yield Unread("", f"a broken or unusual PDF file ({error or type(error).__name__})")
            yield Extract("objects of the file", _stored(raw), is_raw=True)
            return
        for index in range(count):
            yield from _page(reader, index)
        yield from _behind(reader, nest)
    if not reader.is_encrypted:
        yield Extract("objects of the file", _stored(raw), is_raw=True, is_echo=True)


def _page(reader: PdfReader, index: int) -> Iterator[Part]:
    where = f"page {index + 1}"
    try:
        page = reader.pages[index]
        text = page.extract_text()
        notes = "\n".join(_notes(page))
        has_picture = _has_picture(page)
    except Exception as error:
        yield Unread(where, f"a broken page ({error or type(error).__name__})")
        return
    yield Extract(where, text)
    yield Extract(where, "\n".join(_broken_words(text)))
    if notes:
        yield Extract(f"{where}, comments and links", notes)
    if has_picture or not text.strip():
        yield Picture(where)


def _broken_words(text: str) -> Iterator[str]:
    """Words that a narrow column breaks without a hyphen: the end of each line with the start of the next."""
    lines = [line.split() for line in text.split("\n")]
    for above, below in itertools.pairwise(lines):
        if above and below and len(above[-1] + below[0]) >= _LEAST_BROKEN:
            yield above[-1] + below[0]


def _notes(page: PageObject) -> Iterator[str]:
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        yield from _texts(note, 0)


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in a dictionary or list of a PDF; references are not followed, so that it comes to an end."""
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, DictionaryObject | ArrayObject) and depth < 8:
        items = value.values() if isinstance(value, DictionaryObject) else value
        for item in items:
            yield from _texts(item, depth + 1)


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return False
    return any(item.get_object().get("/Subtype") == "/Image" for item in objects.get_object().values())


def _behind(reader: PdfReader, nest: Nest) -> Iterator[Part]:
    try:
        texts = [str(value) for value in (reader.metadata or {}).values()]
        if reader.xmp_metadata is not None:
            texts.append(reader.xmp_metadata.stream.get_data().decode("utf-8", "replace"))
        yield Extract("metadata", "\n".join(texts))
        yield Extract("bookmarks", "\n".join(_titles(reader.outline)))
        fields = reader.get_fields() or {}
        yield Extract("form fields", "\n".join(text for field in fields.values() for text in _texts(field, 0)))
        attachments = [(name, raw) for name, files in reader.attachments.items() for raw in files]
    except Exception as error:
        yield Unread("metadata and attachments", f"broken ({error or type(error).__name__})")
        return
    for name, raw in attachments:
        yield from nest.open(name, raw[: nest.limit + 1], is_document=True)


def _titles(outline: list[Any]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        else:
            yield str(item.title)


def _stored(raw: bytes) -> str:
    """Readable runs of the file and of the streams in it that hold words and not pixels or shapes of letters."""
    between: list[bytes] = []
    runs: list[str] = []
    at, left = 0, 4 * _MAX_STREAM
    for start, end in _streams(raw):
        between.append(raw[at:start])
        at = end
        contents = _unpacked(raw[start:end].lstrip(b"\r\n"), min(_MAX_STREAM, left))
        readable = readable_runs(contents)
        if len(readable) > 0.8 * len(contents):
            runs.append(readable)
        left -= len(contents)
        if left <= 0:
            break
    between.append(raw[at:])
    return "\n".join([readable_runs(b"\n".join(between)), *runs])


def _streams(raw: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while (start := raw.find(b"stream", at)) >= 0:
        end = raw.find(b"endstream", start)
        if end < 0:
            return
        yield start + len(b"stream"), end
        at = end + len(b"endstream")


def _unpacked(contents: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(contents, limit + 1)
    except zlib.error:
        return contents


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the library from writing to the screen what it thinks of a file."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
