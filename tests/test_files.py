from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant import files
from avenant.errors import Fault, FileError, FormatError
from avenant.files import (
    decode_text,
    parse_yaml,
    read_bytes,
    read_text,
    read_toml,
    sha256_text,
    write_bytes,
    write_text,
    write_toml,
)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb\r\n", "\ufeff# BOM\r\n", "mixed\n\r\n\r", "", "Clément — “né” 😀\n"])
def test_a_text_file_keeps_its_line_ends_and_its_byte_order_mark(tmp_path: Path, text: str) -> None:
    path = tmp_path / "new" / "folders" / "file.md"
    write_text(path, text)
    assert path.read_bytes() == text.encode("utf-8")
    assert read_text(path) == text


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_decoding_and_encoding_gives_every_byte_back(text: str) -> None:
    raw = text.encode("utf-8")
    assert decode_text(raw).encode("utf-8") == raw


def test_writing_replaces_a_file_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.md"
    write_bytes(path, b"a longer text than the next")
    write_bytes(path, b"short")
    assert path.read_bytes() == b"short"
    assert [p.name for p in tmp_path.iterdir()] == ["file.md"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~files._umask()


@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_a_failed_write_leaves_the_old_file_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file.md"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(FileError) as caught:
        write_text(path, "new")
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{path}: cannot write: No space left on device; the file is as it was before\n"
        "  mend: free some disk space or choose another folder, then run the command again"
    )
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.md"]


def test_writing_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FileError, match="cannot write: "):
        write_text(tmp_path / "file" / "below.md", "x")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(("name", "reason"), [("absent.md", "No such file or directory"), (".", "Is a directory")])
def test_an_unreadable_path_is_named(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        read_text(tmp_path / name)
    assert caught.value.faults == (Fault(f"cannot read: {reason}", tmp_path / name, None, "check the path"),)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "archive.md"
    with path.open("wb") as file:
        file.truncate(files.MAX_TEXT_BYTES + 1_000_000)
    with pytest.raises(FileError) as caught:
        read_bytes(path)
    assert caught.value.faults[0].problem == "the file has 21 MB; Avenant reads up to 20 MB"
    assert caught.value.faults[0].path == path


def test_a_byte_that_is_not_utf_8_is_shown_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(b"one\r\ntwo\nCl\xe9ment\n")
    with pytest.raises(FormatError) as caught:
        read_text(path)
    assert caught.value.faults == (Fault("byte 0xe9 is not UTF-8", path, 3, "save the file as UTF-8"),)


def test_a_zero_byte_is_shown_with_its_line() -> None:
    path = Path("document.docx")
    with pytest.raises(FormatError) as caught:
        decode_text(b"PK\n\nab\x00", path)
    assert caught.value.faults == (
        Fault("not a text file (it has a zero byte)", path, 3, "export the document as markdown in UTF-8"),
    )


def test_the_hash_is_of_the_utf_8_bytes() -> None:
    assert sha256_text("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


NESTED = """\
title: x
edits:
  - insert-after:
      section: A
      quote: >
        long
        words
  - delete: {quote: y}
threats:
  [one, two]
"""


def test_yaml_knows_the_line_of_every_key_and_item() -> None:
    parsed = parse_yaml(NESTED)
    assert parsed.data["edits"][0]["insert-after"] == {"section": "A", "quote": "long words\n"}
    lines = {path: parsed.line(*path) for path in [("title",), ("edits",), ("edits", 0), ("edits", 1), ("threats",)]}
    assert lines == {("title",): 1, ("edits",): 2, ("edits", 0): 3, ("edits", 1): 8, ("threats",): 9}
    assert parsed.line("edits", 0, "insert-after", "quote") == 5
    assert parsed.line("threats", 1) == 10


def test_yaml_gives_the_line_of_the_nearest_parent_of_an_unknown_key() -> None:
    parsed = parse_yaml(NESTED, first_line=11)
    assert parsed.line("edits", 1, "delete", "absent") == 18
    assert parsed.line("absent") == 11
    assert parse_yaml("").line("absent") == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 13, "invalid YAML: expected ',' or ']', but got ':'"),
        ("a: 1\nquote: he said: no\n", 12, "invalid YAML: mapping values are not allowed here"),
        ("a: 1\n\tb: 2\n", 12, "invalid YAML: found character '\\t' that cannot start any token"),
        ("a: 'open\n", 12, "invalid YAML: found unexpected end of stream"),
        ("a: *nobody\n", 11, "invalid YAML: found undefined alias 'nobody'"),
        ("a: 1\n---\nb: 2\n", 12, "invalid YAML: but found another document"),
        ("a: !!python/name:os.system\n", 11, "invalid YAML: could not determine a constructor for the tag "),
        ("a: 2026-13-45\n", 11, "invalid YAML: month must be in 1..12"),
        ("a: 1\nb: 2\n'a': 3\n", 13, "the key 'a' stands twice"),
        ("a:\n  - {b: 1, b: 2}\n", 12, "the key 'b' stands twice"),
    ],
)
def test_a_fault_in_yaml_is_shown_with_its_line_in_the_file(text: str, line: int, problem: str) -> None:
    path = Path("draft.md")
    with pytest.raises(FormatError) as caught:
        parse_yaml(text, path, first_line=11)
    [fault] = caught.value.faults
    assert fault.problem.startswith(problem)
    assert (fault.path, fault.line) == (path, line)


def test_a_character_that_yaml_forbids_is_refused() -> None:
    with pytest.raises(FormatError, match="special characters are not allowed"):
        parse_yaml("a: \x07\n", Path("draft.md"))


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "a: " + "[" * 2000 + "]" * 2000 + "\n", "a: !!int ''\n"])
def test_yaml_that_the_parser_cannot_take_is_a_format_error(text: str) -> None:
    with pytest.raises(FormatError):
        parse_yaml(text)


def test_toml_reads_back_as_it_was_written_below_its_comment(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    data = {"title": 'Odile’s "rules"', "names": ["Odile"], "number": 1, "long": "two\nlines\n", "table": {"x": True}}
    write_toml(path, data, comment="first\nsecond")
    assert read_text(path).startswith("# first\n# second\ntitle = ")
    assert read_toml(path) == data


def test_invalid_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('a = "1"\nb = \n', encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_toml(path)
    [fault] = caught.value.faults
    assert fault.problem == "invalid TOML: Invalid value (at line 2, column 5)"
    assert (fault.path, fault.mend) == (path, "correct the line it names")


def test_toml_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('\ufeffa = "1"\n', encoding="utf-8")
    assert read_toml(path) == {"a": "1"}
