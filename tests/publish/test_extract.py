from __future__ import annotations

import base64
import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.files import sha256_text
from avenant.publish import part
from avenant.publish.binary import readable_runs
from avenant.publish.extract import extract_texts
from avenant.publish.leak import Leak, Leaks
from avenant.publish.part import MAX_DEPTH, Extract, Picture, Published, Unread
from tests.publish import materials
from tests.publish.materials import MAKERS, NAME, PLACEHOLDER

ASCII_PLACEHOLDER = "Clemens"


def find_leaks(name: str, raw: bytes) -> list[Leak]:
    leaks = Leaks(name, (NAME,))
    for one in extract_texts(Path(name), raw):
        if isinstance(one, Extract):
            leaks.read(one)
    return list(leaks)


def unread(name: str, raw: bytes) -> list[Unread]:
    return [one for one in extract_texts(Path(name), raw) if isinstance(one, Unread)]


@pytest.mark.parametrize("kind", MAKERS)
def test_the_name_is_found_in_every_kind_of_file(kind: str) -> None:
    raw = MAKERS[kind](NAME)
    leaks = find_leaks(kind, raw)
    assert [leak.name for leak in leaks] == [NAME] * len(leaks)
    assert leaks
    assert unread(kind, raw) == []


@pytest.mark.parametrize("kind", MAKERS)
def test_the_clean_twin_of_every_kind_of_file_has_nothing_to_find(kind: str) -> None:
    raw = MAKERS[kind](ASCII_PLACEHOLDER)
    assert find_leaks(kind, raw) == []
    assert unread(kind, raw) == []


def test_a_line_is_that_of_the_file_whatever_stands_before_it() -> None:
    page = f"<html>\n<body\nclass=x>\n<p>One\ntwo <b>{NAME[:2]}</b>{NAME[2:]}</p>\n<img\nalt='{NAME}'>\n"
    assert [leak.line for leak in find_leaks("a.html", page.encode())] == [5, 7]
    data = f'{{\n "a": "one\\n\\ntwo",\n "b": [1,\n 2, "{NAME}"]}}'
    assert [leak.line for leak in find_leaks("a.json", data.encode())] == [4]


def test_a_name_that_two_readings_of_a_file_show_is_one_leak_with_its_count() -> None:
    leaks = find_leaks("a.html", f"<p>{NAME} and {NAME}</p>".encode())
    assert [(leak.line, leak.count) for leak in leaks] == [(1, 2)]


def test_words_of_two_paragraphs_are_not_joined_to_a_name() -> None:
    assert find_leaks("a.html", f"<table><td>x{NAME[:2]}</td><td>{NAME[2:]}x</td></table>".encode()) == []


def test_the_place_of_a_leak_says_where_to_look() -> None:
    raw = materials.zipped({"a/b.md": materials.markdown(NAME)})
    assert [leak.place for leak in find_leaks("site.zip", raw)] == ["site.zip: a/b.md:3"]


def test_an_excerpt_shows_hidden_characters_and_moves_no_cursor() -> None:
    (leak,) = find_leaks("a.txt", "\x1b[2J Od\u200bile \u202e".encode())
    assert leak.excerpt == r"\x1b[2J Od\u200bile \u202e"
    assert leak.disguise == "hidden characters"


def test_pictures_are_counted_and_those_inside_documents_too() -> None:
    picture = materials.png()
    for name, raw in {
        "a.png": picture,
        "a.docx": materials.zipped({"[Content_Types].xml": b"<Types/>", "word/media/image1.png": picture}),
        "a.html": f'<img src="{materials.data_address(picture, "image/png")}">'.encode(),
        "a.zip": materials.zipped({"images/image1.png": picture}),
        "scanned.pdf": materials.pdf(lambda document: document.image(io.BytesIO(REAL_PICTURE))),
    }.items():
        pictures = [one for one in extract_texts(Path(name), raw) if isinstance(one, Picture)]
        assert len(pictures) == 1, name


def test_text_that_begins_like_a_binary_format_is_text() -> None:
    for start in ("BMW", "ID3", "PACK", "GIF89a", "ORC", "RIFF", "Rar!", "BZh"):
        assert [leak.line for leak in find_leaks("a.txt", f"{start} is a word\n{NAME}".encode())] == [2], start


def test_a_zip_bomb_is_refused_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "MAX_EXPANDED_BYTES", 5_000_000)
    monkeypatch.setattr(part, "MAX_FILE_BYTES", 1_000_000)
    bomb = materials.zipped({f"{number}.txt": bytes(900_000) for number in range(8)})
    assert len(bomb) < 10_000
    assert "larger than 5 MB" in unread("a.zip", bomb)[0].reason
    assert len(unread("a.zip", bomb)) == 2
    single = materials.zipped({"a.txt": bytes(1_100_000), "b.md": materials.markdown(NAME)})
    assert [one.reason for one in unread("a.zip", single)] == ["it is larger than 1 MB"]
    assert [leak.where for leak in find_leaks("a.zip", single)] == ["b.md"]


def test_archives_are_opened_to_a_depth_and_no_further() -> None:
    raw = materials.zipped({"a.md": materials.markdown(NAME)})
    for _ in range(MAX_DEPTH - 2):
        raw = materials.zipped({"in.zip": raw})
    assert find_leaks("a.zip", raw)
    assert unread("a.zip", raw) == []
    raw = materials.zipped({"in.zip": materials.zipped({"in.zip": raw})})
    assert find_leaks("a.zip", raw) == []
    assert [one.reason for one in unread("a.zip", raw)] == [f"more than {MAX_DEPTH} archives lie one inside another"]


def locked_zip() -> bytes:
    raw = bytearray(materials.zipped({"a.txt": b"words"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(materials.pdf(lambda document: None))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked_open_document() -> bytes:
    entry = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return materials.zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": random.Random(1).randbytes(500),
            "META-INF/manifest.xml": b"<manifest:manifest>" + entry + b"</manifest:manifest>",
        }
    )


def locked_word() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(99)


@pytest.mark.parametrize("make", [locked_zip, locked_pdf, locked_open_document, locked_word])
def test_what_is_encrypted_is_said_to_be(make: materials.Maker) -> None:
    (one,) = unread("a.bin", make())  # type: ignore[call-arg]
    assert "encrypted" in one.reason


@pytest.mark.parametrize(
    "start",
    [b"7z\xbc\xaf\x27\x1c\0\x04", b"Rar!\x1a\x07\x01\0", b"PAR1\x15\x04\x15\x80", b"ARROW1\0\0", b"\x89HDF\r\n\x1a\n"],
)
def test_packed_formats_that_cannot_be_opened_are_said_to_be_unread(start: bytes) -> None:
    (one,) = unread("a", start + random.Random(2).randbytes(300))
    assert one.reason.endswith("which Avenant cannot open")


@pytest.mark.parametrize(
    "kind", ["runs.docx", "two-deep.zip", "page.pdf", "site.tar.gz", "draft.md.gz", "draft.md.xz", "text.odt"]
)
def test_a_file_that_was_cut_short_is_unread_and_breaks_nothing(kind: str) -> None:
    raw = MAKERS[kind](PLACEHOLDER if kind != "page.pdf" else "Clement")
    assert unread(kind, raw[: len(raw) // 2])


@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
def test_no_broken_file_breaks_the_reading(kind: str, at: int, junk: bytes) -> None:
    raw = CACHE.setdefault(kind, MAKERS[kind](NAME))
    at %= len(raw)
    for one in extract_texts(Path(kind), raw[:at] + junk + raw[at + len(junk) :]):
        assert isinstance(one, Extract | Unread | Picture)


def test_noise_holds_no_names() -> None:
    from avenant.specs.library import known_model_names

    noise = random.Random(7).randbytes(1_000_000)
    files = {
        "a.bin": noise,
        "a.jpg": materials.jpeg(b"Exif\0\0") + noise,
        "a.json": b'{"blob": "%s"}' % base64.b64encode(noise),
        "package-lock.json": b'{"integrity": ["%s"]}'
        % b'",\n"'.join(b"sha512-" + base64.b64encode(noise[at : at + 64]) for at in range(0, 200_000, 64)),
    }
    for name, raw in files.items():
        leaks = Leaks(name, known_model_names())
        for one in extract_texts(Path(name), raw):
            if isinstance(one, Extract):
                leaks.read(one)
        assert [leak.excerpt for leak in leaks] == [], name


def test_a_document_as_published_is_let_pass_with_its_manifest_and_nothing_else() -> None:
    text = f"# The document\n\nWords on {NAME}.\n"
    known = {sha256_text(text)}
    fields = {"title": "T", "subject": NAME, "licence": "CC0-1.0", "source": "x", "added": "2026-01-01"}
    values = fields | {"sha256": sha256_text(text)}
    manifest = "".join(f'{key} = "{value}"\n' for key, value in values.items()) + f'names = ["{NAME}"]\n'

    def published(name: str, raw: bytes) -> list[str]:
        return [one.where for one in extract_texts(Path(name), raw, known=known) if isinstance(one, Published)]

    assert published("a.md", text.encode()) == [""]
    assert published("a.toml", manifest.encode()) == [""]
    assert published("a.zip", materials.zipped({"a.md": text.encode()})) == ["a.md"]
    assert published("a.md", text.encode() + b"\n") == []
    assert published("a.toml", (manifest + 'more = "x"\n').encode()) == []
    assert published("a.toml", manifest.replace(sha256_text(text), sha256_text("other")).encode()) == []


def test_a_notebook_is_read_once_and_not_as_json_again() -> None:
    texts = [
        one.text for one in extract_texts(Path("a.ipynb"), MAKERS["output.ipynb"]("x")) if isinstance(one, Extract)
    ]
    assert len(texts) == 1


def test_a_file_in_an_archive_may_not_be_larger_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "MAX_FILE_BYTES", 1_000_000)
    raw = bytearray(materials.zipped({"a.txt": bytes(1_200_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(mark) + offset
        raw[at : at + 4] = (10).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        assert archive.infolist()[0].file_size == 10
    assert unread("a.zip", bytes(raw))


def test_a_wide_run_is_whole_whatever_stands_before_it() -> None:
    for before in (b"", b"x", b"\0", b"\x01", b" \0"):
        for after in (b"", b"x", b"\0", b"\x01"):
            for encoding in ("utf-16-le", "utf-16-be"):
                run = before + f"about {NAME}".encode(encoding) + after
                assert NAME in readable_runs(run).split("about ")[-1][: len(NAME)], (before, after, encoding)


CACHE: dict[str, bytes] = {}
REAL_PICTURE = materials.png()


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a.html", b"<a '"),
        ("a.html", b"<!--"),
        ("a.html", b"<script "),
        ("a.json", b'"\\'),
        ("a.txt", b"\\"),
        ("a.txt", b"aA1"),
        ("a.txt", b"data:a;base64,"),
        ("a.rtf", b"{\\rtf"),
        ("a.pdf", b"%PDF-1 stream\r\n"),
        ("a.bin", b"\x00a"),
        ("a.mbox", b"From a\n"),
    ],
)
def test_a_hostile_file_is_read_in_a_time_in_proportion_to_its_size(name: str, piece: bytes) -> None:
    """In the square of it, these would take many minutes."""
    start = time.perf_counter()
    assert list(extract_texts(Path(name), piece * (400_000 // len(piece))))
    assert time.perf_counter() - start < 30
