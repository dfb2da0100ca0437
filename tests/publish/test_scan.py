from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from avenant.errors import FileError
from avenant.files import sha256_text
from avenant.publish import large, part
from avenant.publish.scan import Progress, Scan, UnreadPlace, scan_folder
from tests.publish import materials
from tests.publish.materials import NAME

needs_permissions = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever runs the tests may read everything"
)


def write(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, contents in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return folder


def places(scan: Scan) -> list[str]:
    return [leak.place for leak in scan.leaks]


def test_every_file_of_a_folder_is_read_hidden_ones_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "index.html": f"<p>{NAME}</p>",
            ".env": f"NAME={NAME}",
            ".github/workflows/ci.yml": f"a: {NAME}",
            "deep/" * 30 + "a.md": NAME,
            "node_modules/x/README": NAME,
            "clean.md": "Words.",
        },
    )
    scan = scan_folder(tmp_path, (NAME,))
    assert sorted(places(scan)) == sorted(
        [".env:1", ".github/workflows/ci.yml:1", "deep/" * 30 + "a.md:1", "index.html:1", "node_modules/x/README:1"]
    )
    assert scan.files == 6
    assert scan.unread == ()


def test_a_clean_folder_gives_nothing(tmp_path: Path) -> None:
    scan = scan_folder(write(tmp_path, {"a.md": "Words on Clément.", "b/c.html": "<p>x</p>"}), (NAME,))
    assert (scan.leaks, scan.unread, scan.pictures, scan.notes, scan.files) == ((), (), (), (), 2)


def test_a_name_in_the_name_of_a_folder_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, {f"about-{NAME}/one.md": "x", f"about-{NAME}/two.md": "x", f"three/{NAME.lower()}.md": "x"})
    scan = scan_folder(tmp_path, (NAME,))
    assert sorted((leak.path, leak.where) for leak in scan.leaks) == [
        (f"about-{NAME}", "name of the file or folder"),
        (f"three/{NAME.lower()}.md", "name of the file or folder"),
    ]


def test_links_are_not_followed_but_their_targets_are_read(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"a.md": NAME})
    folder = write(tmp_path / "site", {"b.md": "x"})
    (folder / "to-folder").symlink_to(outside)
    (folder / "to-file").symlink_to(outside / "a.md")
    (folder / "to-nothing").symlink_to(f"/nowhere/{NAME}")
    (folder / "to-itself").symlink_to("to-itself")
    (folder / "round").symlink_to(".")
    scan = scan_folder(folder, (NAME,))
    assert [(leak.path, leak.where) for leak in scan.leaks] == [("to-nothing", "target of the link")]
    assert (scan.links, scan.files, scan.unread) == (5, 1, ())


def test_hostile_file_names_are_read_and_shown_in_one_line(tmp_path: Path) -> None:
    names = [
        b"new\nline.md",
        b"bad\xff\xfebytes.md",
        b"\x1b[2J.md",
        b"-rf.md",
        b"  ",
        b"*?.md",
        "é\u0301\u202e.md".encode(),
    ]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text(NAME)
    scan = scan_folder(tmp_path, (NAME,))
    assert len(scan.leaks) == len(names)
    assert all(place.isprintable() for place in places(scan))
    assert r"new\nline.md:1" in places(scan)
    assert r"bad\xff\xfebytes.md:1" in places(scan)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    scan = scan_folder(tmp_path, (NAME,))
    assert [one.path for one in scan.unread] == ["pipe"]


@needs_permissions
def test_what_may_not_be_read_is_said_to_be_unread(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": NAME, "b/c.md": NAME})
    (tmp_path / "a.md").chmod(0)
    (tmp_path / "b").chmod(0)
    scan = scan_folder(tmp_path, (NAME,))
    (tmp_path / "b").chmod(0o700)
    assert sorted(one.path for one in scan.unread) == ["a.md", "b"]


def test_a_file_that_cannot_be_read_does_not_end_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.md": NAME, "b.md": NAME, "c.md": NAME})
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied")
        if path.name == "b.md":
            path.unlink()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    scan = scan_folder(tmp_path, (NAME,))
    assert scan.unread == (
        UnreadPlace("a.md", "", "Permission denied"),
        UnreadPlace("b.md", "", "it was gone by the time it was read"),
    )
    assert places(scan) == ["c.md:1"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such folder"):
        scan_folder(tmp_path / "nowhere", (NAME,))


def test_documents_as_published_are_let_pass_and_listed(tmp_path: Path) -> None:
    text = f"# About {NAME}\n"
    write(tmp_path, {"specs/atelier/1.md": text, "copy.md": text + "more"})
    scan = scan_folder(tmp_path, (NAME,), known_documents={sha256_text(text)})
    assert scan.published == ("specs/atelier/1.md",)
    assert places(scan) == ["copy.md:1"]


def test_an_export_of_a_word_processor_on_the_web_is_read_packed_and_unpacked(tmp_path: Path) -> None:
    """As Google Docs exports a page: HTML of many spans, links that redirect, a folder of pictures."""
    page = (
        '<html><head><meta content="text/html; charset=UTF-8"><style type="text/css">ol{margin:0}</style></head>'
        f'<body class="c5"><p class="c0"><span class="c1">A draft for </span><span class="c2">{NAME[:2]}</span>'
        f'<span class="c3">{NAME[2:]}</span></p><p><a href="https://www.google.com/url?q=https://x.org/%4Fdile&amp;sa=D">x</a>'
        '<img alt="" src="images/image1.png" title=""></p></body></html>'
    )
    picture = materials.titled_png(NAME)
    write(
        tmp_path,
        {
            "Draft/Draft.html": page,
            "Draft/images/image1.png": picture,
            "Draft.zip": materials.zipped({"Draft.html": page.encode(), "images/image1.png": picture}),
            "Draft.docx": materials.word_runs(NAME),
            "Draft.odt": materials.open_document(NAME),
            "Draft.rtf": f"{{\\rtf1 {NAME[:2]}{{\\b {NAME[2:]}}}}}",
            "Draft.txt": f"\ufeffA draft for {NAME}\r\n",
            "Draft.md": f"A draft for {NAME}\n\n[image1]: <{materials.data_address(picture, 'image/png')}>\n",
            "Draft.epub": materials.MAKERS["book.epub"](NAME),
            "Draft.pdf": materials.MAKERS["page.pdf"](NAME),
        },
    )
    scan = scan_folder(tmp_path, (NAME,))
    assert sorted(places(scan)) == [
        "Draft.docx: word/document.xml",
        "Draft.epub: OEBPS/one.xhtml",
        "Draft.md: data in line 3: metadata",
        "Draft.md:1",
        "Draft.odt: content.xml",
        "Draft.pdf: page 1",
        "Draft.rtf",
        "Draft.txt:1",
        "Draft.zip: Draft.html:1",
        "Draft.zip: images/image1.png: metadata",
        "Draft/Draft.html:1",
        "Draft/images/image1.png: metadata",
    ]
    assert sorted(scan.pictures) == [
        "Draft.docx: docProps/thumbnail.jpeg",
        "Draft.md: data in line 3",
        "Draft.zip: images/image1.png",
        "Draft/images/image1.png",
    ]


def test_a_large_file_of_text_is_read_in_pieces_with_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avenant.publish.scan.MAX_FILE_BYTES", 1000)
    monkeypatch.setattr(large, "_PIECE", 997)
    lines = [f"line {number} of many\n" for number in range(1, 1001)]
    lines[499] = f"here is {NAME}\n"
    lines[999] = f"and {NAME}"
    write(tmp_path, {"a.txt": "".join(lines), "b.bin": bytes(3000) + f"about {NAME} here".encode() + bytes(3000)})
    scan = scan_folder(tmp_path, (NAME,))
    assert places(scan) == ["a.txt:500", "a.txt:1000", "b.bin"]


def test_a_large_text_without_line_ends_loses_no_name_between_two_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avenant.publish.scan.MAX_FILE_BYTES", 1000)
    monkeypatch.setattr(large, "_PIECE", 2000)
    write(tmp_path, {"a.txt": "".join(f"{'word ' * 100}{NAME} " for _ in range(40))})
    (leak,) = scan_folder(tmp_path, (NAME,)).leaks
    assert leak.count >= 5
    for at in range(1990, 2010):
        write(tmp_path, {"a.txt": "x" * (at - 1) + f" {NAME} " + "x" * 3000})
        assert len(scan_folder(tmp_path, (NAME,)).leaks) == 1, at


def test_a_large_file_of_a_packed_kind_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avenant.publish.scan.MAX_FILE_BYTES", 1000)
    write(tmp_path, {"a.zip": materials.zipped({"a": os.urandom(3000)})})
    scan = scan_folder(tmp_path, (NAME,))
    assert scan.unread == (UnreadPlace("a.zip", "", f"it is larger than {part.MAX_FILE_BYTES / 1e6:.0f} MB"),)


def test_a_long_text_loses_no_name_between_two_searches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avenant.publish.leak._PIECE", 1000)
    for at in (990, 994, 996, 998, 1000, 1001):
        write(tmp_path, {"a.txt": "x " * (at // 2) + " " * (at % 2) + NAME + " x" * 2000})
        (leak,) = scan_folder(tmp_path, (NAME,)).leaks
        assert leak.count == 1


def test_progress_goes_from_nothing_to_all_files(tmp_path: Path) -> None:
    seen: list[Progress] = []
    scan_folder(write(tmp_path, {"a": "x", "b": "x"}), (NAME,), progress=seen.append)
    assert seen == [Progress("files", 0, 2), Progress("files", 1, 2), Progress("files", 2, 2)]


def test_a_scan_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "site", {name: make(NAME) for name, make in materials.MAKERS.items()})
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    scan = scan_folder(folder, (NAME,))
    assert {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    } == before
    assert {leak.path for leak in scan.leaks} == set(materials.MAKERS)
    shutil.rmtree(folder)


def test_a_folder_of_many_files_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, {f"{number % 50}/{number}.md": f"Text {number}." for number in range(2000)} | {"7/x.md": NAME})
    scan = scan_folder(tmp_path, (NAME,))
    assert (scan.files, places(scan)) == (2001, ["7/x.md:1"])


def test_the_history_of_another_system_is_said_to_be_unread(tmp_path: Path) -> None:
    scan = scan_folder(write(tmp_path, {".hg/store/data": "x", "a.md": "x"}), (NAME,))
    assert [one.path for one in scan.unread] == [".hg"]
