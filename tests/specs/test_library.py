from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from avenant.errors import Fault, FileError, FormatError, SpecError
from avenant.files import read_text, read_toml, sha256_text, write_toml
from avenant.specs.library import (
    Manifest,
    Spec,
    add_spec,
    guess_spec_id,
    known_makers,
    known_model_names,
    known_needs,
    list_spec_ids,
    read_labs,
    read_manifest,
    read_spec,
)
from avenant.text import mask_names
from tests.conftest import RELEASES

RAW = "# Odile’s rules\n\nOdile asks first.\n".encode()
ID = "atelier/2026-09-01"


def _add(folder: Path, raw: bytes = RAW, spec_id: str = ID) -> Spec:
    return add_spec(folder, raw, spec_id, source="rules.md", licence="CC0-1.0", today=dt.date(2026, 9, 2))


@pytest.mark.parametrize("raw", [RAW, RAW.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + RAW, RAW + b"no end of line"])
def test_a_document_is_kept_byte_for_byte(tmp_path: Path, raw: bytes) -> None:
    spec = _add(tmp_path, raw)
    assert spec.path == tmp_path / "atelier" / "2026-09-01.md"
    assert spec.path.read_bytes() == raw
    assert spec.document.text.encode() == raw
    assert read_spec(tmp_path, ID) == spec
    assert sorted(path.name for path in spec.path.parent.iterdir()) == ["2026-09-01.md", "2026-09-01.toml"]


def test_the_manifest_says_what_is_known_of_the_release(tmp_path: Path) -> None:
    manifest = Manifest(
        title="Odile’s rules",
        subject="Odile",
        names=("Odile",),
        licence="CC0-1.0",
        source="rules.md",
        sha256=sha256_text(RAW.decode()),
        added="2026-09-02",
    )
    assert _add(tmp_path).manifest == manifest
    assert read_manifest(tmp_path / "atelier" / "2026-09-01.toml") == manifest


@pytest.mark.parametrize("raw", [b"No heading.\n", b"#\n\nx\n"])
def test_a_document_without_a_heading_is_titled_by_its_id(tmp_path: Path, raw: bytes) -> None:
    assert _add(tmp_path, raw).manifest.title == ID


def test_taking_the_same_document_in_again_changes_nothing(tmp_path: Path) -> None:
    first = _add(tmp_path)
    again = add_spec(tmp_path, RAW, ID, source="elsewhere.md", licence="other", today=dt.date(2027, 1, 1))
    assert again == first
    assert read_manifest(tmp_path / "atelier" / "2026-09-01.toml").source == "rules.md"


def test_other_contents_under_the_same_id_are_refused(tmp_path: Path) -> None:
    _add(tmp_path)
    with pytest.raises(SpecError) as caught:
        _add(tmp_path, RAW.replace(b"\n", b"\r\n"))
    assert str(caught.value) == (
        "atelier/2026-09-01 is here already with other contents\n"
        "  mend: give the new release its own version: --as lab/version"
    )
    assert (tmp_path / "atelier" / "2026-09-01.md").read_bytes() == RAW


@pytest.mark.parametrize(
    "spec_id", ["atelier", "Atelier/1", "atelier/", "/1", "a/b/c", "../x/1", "a/..", "a/1 2", "a/é"]
)
def test_a_malformed_id_is_refused_and_nothing_written(tmp_path: Path, spec_id: str) -> None:
    with pytest.raises(SpecError) as caught:
        _add(tmp_path, spec_id=spec_id)
    assert caught.value.faults == (
        Fault(f"{spec_id!r} is not of the form lab/version", mend="for example: --as anthropic/2026-01-20"),
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("raw", "problem"), [(b" \r\n\n", "the document is empty"), (b"# T\n\xe9", "byte 0xe9 is not UTF-8")]
)
def test_what_is_no_text_is_refused_and_nothing_written(tmp_path: Path, raw: bytes, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        _add(tmp_path, raw)
    assert (caught.value.faults[0].problem, caught.value.faults[0].path) == (problem, Path("rules.md"))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_lab_needs_a_subject(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        _add(tmp_path, spec_id="maison/1.0")
    assert str(caught.value) == (
        "the lab 'maison' is not known here\n"
        "  mend: say what the document calls its model: --subject NAME (and --name for each other model name)"
    )
    assert list(tmp_path.iterdir()) == []
    spec = add_spec(tmp_path, RAW, "maison/1.0", source="x", subject="Solène", names=("Solo", "Solène"))
    assert spec.manifest.names == ("Solo", "Solène")
    assert spec.model_names == ("Solène", "Solo")


def test_the_assistant_is_no_name(tmp_path: Path) -> None:
    spec = _add(tmp_path, spec_id="openai/2026-09-01")
    assert spec.manifest.subject == "the assistant"
    assert "the assistant" not in spec.model_names
    assert {"ChatGPT", "GPT-4o"} <= set(spec.model_names)


def test_names_of_the_lab_are_added_to_those_given(tmp_path: Path) -> None:
    spec = add_spec(tmp_path, RAW, ID, source="x", subject="Odile la Grande", names=("Odette",))
    assert spec.manifest.names == ("Odette", "Odile")
    assert spec.model_names == ("Odile la Grande", "Odette", "Odile")


def test_a_document_that_changed_behind_its_hash_is_refused(tmp_path: Path) -> None:
    path = _add(tmp_path).path
    path.write_bytes(RAW.replace(b"first", b"last"))
    with pytest.raises(SpecError) as caught:
        read_spec(tmp_path, ID)
    assert caught.value.faults == (
        Fault(
            "atelier/2026-09-01 changed since it was taken in (its sha256 is not the manifest's)",
            path,
            mend="restore it from git, or take the new text in under its own version with `avenant spec add`",
        ),
    )


def test_a_changed_line_end_is_a_change(tmp_path: Path) -> None:
    path = _add(tmp_path).path
    path.write_bytes(RAW.replace(b"\n", b"\r\n"))
    with pytest.raises(SpecError, match="changed since it was taken in"):
        read_spec(tmp_path, ID)


@pytest.mark.parametrize("spec_id", ["atelier/1999-01-01", "atelier", "../atelier/2026-09-01", ""])
def test_an_unknown_id_is_answered_with_those_that_there_are(tmp_path: Path, spec_id: str) -> None:
    for known in ("openai/b", "atelier/2026-09-01", "openai/a"):
        _add(tmp_path, spec_id=known)
    with pytest.raises(SpecError) as caught:
        read_spec(tmp_path, spec_id)
    assert str(caught.value) == (
        f"there is no document {spec_id!r} in this workspace\n"
        "  mend: documents here: atelier/2026-09-01, openai/a, openai/b"
    )


def test_in_an_empty_workspace_an_unknown_id_is_answered_with_how_to_take_one_in(tmp_path: Path) -> None:
    assert list_spec_ids(tmp_path / "specs") == []
    with pytest.raises(
        SpecError, match="documents here: none yet; `avenant spec add FILE --as lab/version` takes one in"
    ):
        read_spec(tmp_path / "specs", ID)


def test_a_document_without_its_manifest_is_not_read(tmp_path: Path) -> None:
    path = _add(tmp_path).path.with_suffix(".toml")
    path.unlink()
    with pytest.raises(FileError) as caught:
        read_spec(tmp_path, ID)
    assert caught.value.faults[0].path == path


def test_a_document_whose_manifest_was_never_written_can_be_taken_in_again(tmp_path: Path) -> None:
    first = _add(tmp_path)
    first.path.with_suffix(".toml").unlink()
    assert _add(tmp_path) == first


FIELDS = "added, licence, names, sha256, source, subject, title"


@pytest.mark.parametrize(
    ("change", "problem", "mend"),
    [
        ({"licence": None}, "keys missing or unknown: licence", f"a manifest has exactly: {FIELDS}"),
        ({"extra": 1, "title": None}, "keys missing or unknown: extra, title", f"a manifest has exactly: {FIELDS}"),
        ({"names": "Odile"}, "names must be a list of texts", 'for example: names = ["Odile"]'),
        ({"names": [1]}, "names must be a list of texts", 'for example: names = ["Odile"]'),
        ({"subject": ""}, "subject must be a text and not empty", "fill it in, in quotes"),
        ({"added": dt.date(2026, 9, 2)}, "added must be a text and not empty", "fill it in, in quotes"),
    ],
)
def test_a_manifest_has_every_key_and_no_other(
    tmp_path: Path, change: dict[str, object], problem: str, mend: str
) -> None:
    path = _add(tmp_path).path.with_suffix(".toml")
    data = {key: value for key, value in (read_toml(path) | change).items() if value is not None}
    write_toml(path, data)
    with pytest.raises(FormatError) as caught:
        read_spec(tmp_path, ID)
    assert caught.value.faults == (Fault(problem, path, None, mend),)


@pytest.mark.parametrize(
    "path", RELEASES or [pytest.param(None, marks=pytest.mark.skip(reason="the labs' documents are not here"))]
)
def test_lab_and_version_of_the_real_documents_are_seen_in_their_paths(path: Path) -> None:
    raw = path.read_bytes()
    wanted = f"{path.parent.parent.name}/{path.parent.name}"
    assert guess_spec_id(str(path), raw) == wanted
    address = f"https://raw.githubusercontent.com/org/repo/main/{wanted}/{path.name}"
    assert guess_spec_id(address, raw) == wanted


def test_a_version_is_not_guessed_without_a_date_nor_a_lab_without_a_sign() -> None:
    assert guess_spec_id("anthropic/constitution.md", "# Claude’s Constitution".encode()) is None
    assert guess_spec_id("rules/2026-09-01.md", b"# Rules\n\nAsk first.\n") is None
    assert guess_spec_id("rules/2026-09-01.md", "# Claude’s Constitution".encode()) == "anthropic/2026-09-01"
    assert guess_spec_id("rules/2026-09-01.md", "\n\n# Claude’s Constitution".encode()) == "anthropic/2026-09-01"
    assert guess_spec_id("2026-09-01.r2.md", b"The Model Spec outlines") == "openai/2026-09-01.r2"
    assert guess_spec_id("2025-01-01/atelier/2026-09-01.md", b"\xff") == "atelier/2026-09-01"


def test_the_lab_is_guessed_from_the_title_and_not_from_a_word_in_the_text() -> None:
    raw = "# Odile’s rules\n\nThese are for Odile, the assistant that the Atelier trains.\n".encode()
    assert guess_spec_id("downloads/odile-2026-09-01.md", raw) == ID


def test_a_source_that_is_an_address_is_shown_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        add_spec(tmp_path, b" ", ID, source="https://example.org/rules.md")
    assert str(caught.value).startswith("https://example.org/rules.md: the document is empty")


def test_the_real_documents_are_taken_in_byte_for_byte(tmp_path: Path, shared: Path) -> None:
    for path in (shared / "anthropic/2026-01-20/constitution.md", shared / "openai/2025-12-18.r2/model_spec.md"):
        spec_id = f"{path.parent.parent.name}/{path.parent.name}"
        add_spec(tmp_path, path.read_bytes(), spec_id, source=str(path))
        assert read_spec(tmp_path, spec_id).document.text == read_text(path)
    assert list_spec_ids(tmp_path) == ["anthropic/2026-01-20", "openai/2025-12-18.r2"]


def test_model_names_of_all_labs_are_known_once_each() -> None:
    names = known_model_names()
    assert {"Claude", "ChatGPT", "Odile", "Opus"} <= set(names)
    assert len(set(names)) == len(names)
    assert "the assistant" not in names


def test_what_a_name_needs_is_said_of_names_that_are_listed_and_once() -> None:
    for lab in read_labs().values():
        assert set(lab) <= {"subject", "title", "makers", "names", "capital", "capital_inside", "company"}
        needy = [name for need in ("capital", "capital_inside", "company") for name in lab.get(need, ())]
        assert len(set(needy)) == len(needy)
        assert set(needy) <= set(lab["names"])
    assert known_needs()["Opus"] == "capital_inside"
    assert "Claude" not in known_needs()
    assert "Anthropic" in known_makers()
    assert not set(known_makers()) & set(known_model_names())


def test_names_that_are_words_are_masked_with_a_capital_alone() -> None:
    for name, need in known_needs().items():
        if need != "company" and name.isalpha():
            assert mask_names(f"{name} and {name.lower()}", (name,), "Clément") == f"Clément and {name.lower()}"


def test_a_word_that_only_its_company_makes_a_name_is_not_masked(tmp_path: Path) -> None:
    names = _add(tmp_path, spec_id="openai/2026-09-01").model_names
    assert "Whisper" in known_model_names()
    assert "Whisper" not in names
    assert mask_names("ChatGPT may whisper.", names, "Clément") == "Clément may whisper."


def test_a_lab_without_a_document_needs_a_subject_and_is_never_guessed(tmp_path: Path) -> None:
    assert "subject" not in read_labs()["deepseek"]
    with pytest.raises(SpecError, match="the lab 'deepseek' is not known here"):
        _add(tmp_path, spec_id="deepseek/1.0")
    spec = add_spec(tmp_path, RAW, "deepseek/1.0", source="x", subject="Solène")
    assert spec.model_names == ("Solène", "DeepSeek")
    assert guess_spec_id("deepseek/2026-09-01.md", b"# Rules\n\nAsk first.\n") is None
