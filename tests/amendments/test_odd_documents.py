"""Documents as nobody should write them: a clear message or a correct result, never a wrong place, never a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.amendments.apply import apply_amendment
from avenant.amendments.edit import Edit
from avenant.amendments.pointing import draft_anchor
from avenant.amendments.rebase import rebase_amendment
from avenant.errors import AnchorError, AvenantError, EditError, FileError, FormatError, SpecError
from avenant.files import MAX_TEXT_BYTES, read_bytes
from avenant.specs.library import Spec, add_spec, read_spec
from tests.amendments.drafts import make_amendment, make_spec
from tests.specs.test_parse import MARKDOWN

MARK = "Zzmark stands here."
DRAFT = make_amendment("insert-after", MARK, quote="x")


def _check_only_the_mark_was_added(text: str, amended: str) -> None:
    at = amended.index(MARK)
    before, after = amended[:at], amended[at + len(MARK) :]
    # What is added about the mark is line ends, a list's indentation apart.
    while not text.startswith(before):
        assert before[-1:].isspace()
        before = before[:-1]
    while not text.endswith(after):
        assert after[:1].isspace()
        after = after[1:]
    assert len(before) + len(after) >= len(text)


@settings(max_examples=150)
@given(MARKDOWN, st.sampled_from(["insert-after", "insert-before"]))
def test_a_passage_goes_beside_every_clause_and_nothing_else_changes(text: str, action: str) -> None:
    spec = make_spec(text)
    for clause in spec.document.clauses:
        try:
            anchor = draft_anchor(spec, clause.span, "Clément")
            edit = Edit(action, anchor, 1)  # type: ignore[arg-type]
            amended = apply_amendment(spec, replace(DRAFT, edits=(edit,)))
        except (AnchorError, EditError):
            continue
        _check_only_the_mark_was_added(text, amended)


@settings(max_examples=150)
@given(MARKDOWN, MARKDOWN)
def test_a_draft_is_carried_between_any_two_documents_or_refused(old_text: str, new_text: str) -> None:
    old, new = make_spec(old_text), replace(make_spec(new_text), id="atelier/2026-12-01")
    for clause in old.document.clauses:
        try:
            anchor = draft_anchor(old, clause.span, "Clément")
            rebased = rebase_amendment(replace(DRAFT, edits=(Edit("insert-after", anchor, 1),)), old, new)
        except (AnchorError, EditError):
            continue
        if rebased.amendment is not None:
            _check_only_the_mark_was_added(new_text, apply_amendment(new, rebased.amendment))
        else:
            assert rebased.fate == "lost"


@settings(max_examples=100)
@given(MARKDOWN)
def test_the_same_document_under_other_line_ends_is_unchanged(text: str) -> None:
    old, new = make_spec(text), make_spec(text.replace("\r\n", "\n").replace("\n", "\r\n"))
    for clause in old.document.clauses:
        try:
            anchor = draft_anchor(old, clause.span, "Clément")
            rebased = rebase_amendment(replace(DRAFT, edits=(Edit("insert-after", anchor, 1),)), old, new)
        except (AnchorError, EditError):
            continue
        assert rebased.fate in ("unchanged", "lost")


def test_headings_that_repeat_are_told_apart_by_their_ids() -> None:
    text = "".join(f"# Why\n\nReason number {word} is given here.\n\n" for word in ("one", "two", "three"))
    spec = make_spec(text)
    for number, clause in enumerate(spec.document.clauses):
        anchor = draft_anchor(spec, clause.span, "Clément")
        assert anchor.section == ("why", "why-2", "why-3")[number]
        amended = apply_amendment(spec, replace(DRAFT, edits=(Edit("insert-after", anchor, 1),)))
        assert amended.split("# Why")[number + 1].count(MARK) == 1


def test_a_list_thirty_levels_deep_takes_an_item_at_any_depth() -> None:
    text = "".join(f"{'  ' * depth}- item number {depth} of the list\n" for depth in range(30))
    spec = make_spec(text)
    draft = make_amendment("insert-after", f"- {MARK}", quote="item number 17 of")
    lines = apply_amendment(spec, draft).splitlines()
    assert lines.index(f"{'  ' * 17}- {MARK}") == 30


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fence_that_is_never_closed_keeps_the_passage_out_of_it(newline: str) -> None:
    text = newline.join(["# T", "", "Before the fence.", "", "~~~xml", "# no heading", "", "Inside."])
    spec = make_spec(text)
    amended = apply_amendment(spec, make_amendment("insert-after", MARK, quote="Before the fence"))
    assert amended == text.replace("fence.", f"fence.{newline}{newline}{MARK}")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04\x00\x00", "not a text file (it has a zero byte)"),
        (b"# T\n\nfine\n\xff\xfe\n", "byte 0xff is not UTF-8"),
        (b"", "the document is empty"),
        (b" \n\t\n", "the document is empty"),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(tmp_path: Path, raw: bytes, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        add_spec(tmp_path, raw, "atelier/1", source="rules.md")
    assert message in str(caught.value)
    assert not list(tmp_path.rglob("*.md"))


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(FileError, match=f"50 MB; Avenant reads up to {MAX_TEXT_BYTES // 1_000_000} MB"):
        read_bytes(path)


@pytest.mark.parametrize(
    "text", ["\ufeff# T\n\nA word of it.\n", "# T\r\n\r\nA word of it.\r\n", "# T\n\r\nA word of it.\r"]
)
def test_marks_and_mixed_line_ends_stay_as_they_are(tmp_path: Path, text: str) -> None:
    spec = add_spec(tmp_path, text.encode(), "atelier/1", source="rules.md")
    again = read_spec(tmp_path, "atelier/1")
    assert again.path.read_bytes() == text.encode()
    amended = apply_amendment(again, make_amendment("replace", "Clément", quote="A word"))
    assert amended == spec.document.text.replace("A word", "Odile")


def test_a_document_that_changed_behind_its_hash_is_refused_wherever_it_is_asked_for(tmp_path: Path) -> None:
    spec: Spec = add_spec(tmp_path, b"# T\n\nA word of it.\n", "atelier/1", source="rules.md")
    spec.path.write_text("# T\n\nAnother word of it.\n", encoding="utf-8")
    with pytest.raises(SpecError, match="changed since it was taken in"):
        read_spec(tmp_path, "atelier/1")
    assert issubclass(SpecError, AvenantError)
