from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import avenant
from avenant.amendments.anchor import make_anchor
from avenant.amendments.apply import Change, apply_amendment, apply_changes, find_changes
from avenant.amendments.edit import Edit
from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError, EditError, Fault
from avenant.files import read_text
from avenant.specs.document import Document, Span
from avenant.specs.parse import parse_document
from tests.amendments.drafts import FIRST_EDIT_LINE, PATH, make_draft, make_spec

ODILE = read_text(Path(avenant.__file__).parent / "example" / "odile-constitution.md")
TEXT = "# One\n\nA a.\n\nB b one two three.\n\n- C c\n- D d\n\nE e.\n"


def _amended(text: str, *edits: Mapping[str, Any], passage: str = "") -> str:
    return apply_amendment(make_spec(text), make_draft(*edits, passage=passage))


def _insert(quote: str, passage: str, action: str = "insert-after") -> dict[str, Any]:
    return {action: {"quote": quote, "passage": passage}}


def _replace(quote: str, passage: str) -> dict[str, Any]:
    return _insert(quote, passage, "replace")


def _delete(quote: str) -> dict[str, Any]:
    return {"delete": {"quote": quote}}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_edit_has_its_effect_whatever_their_order_in_the_file(newline: str) -> None:
    edits = (
        {"append-to-section": {"section": "One", "passage": "Clément’s last.\n\nWords."}},
        _replace("one two", "2"),
        {"insert-before": {"quote": "D d"}},
        _delete("A a."),
        {"move": {"quote": "C c", "after": {"quote": "D d"}}},
        _insert("One", "First."),
    )
    wanted = (
        "# One\n\nFirst.\n\nB b 2 three.\n\n- Odile waits\n- D d\n- C c\n\nE e.\n\nOdile’s last.\n\nWords.\n"
    ).replace("\n", newline)
    for order in (edits, edits[::-1], edits[3:] + edits[:3]):
        assert _amended(TEXT.replace("\n", newline), *order, passage="- Clément waits") == wanted


def test_edits_at_one_point_keep_their_order() -> None:
    edits = [_insert("A a", f"New {number}.") for number in range(3)]
    assert _amended("A a.\n\nB b.\n", *edits) == "A a.\n\nNew 0.\n\nNew 1.\n\nNew 2.\n\nB b.\n"
    assert _amended("A a.\n\nB b.\n", *edits[::-1]) == "A a.\n\nNew 2.\n\nNew 1.\n\nNew 0.\n\nB b.\n"
    edits = [_insert("B b", f"New {number}.", "insert-before") for number in range(3)]
    assert _amended("A a.\n\nB b.\n", *edits) == "A a.\n\nNew 0.\n\nNew 1.\n\nNew 2.\n\nB b.\n"
    edits = [_insert("A a", f"- new {number}") for number in range(3)]
    assert _amended("- A a\n  - B b\n- C c\n", *edits) == "- A a\n  - B b\n- new 0\n- new 1\n- new 2\n- C c\n"


def test_edits_at_two_sides_of_one_gap_stand_in_the_documents_order() -> None:
    edits = (_insert("B b", "Second.", "insert-before"), _insert("A a", "First."))
    assert _amended("A a.\n\nB b.\n", *edits) == "A a.\n\nFirst.\n\nSecond.\n\nB b.\n"


@pytest.mark.parametrize(
    ("edits", "amended"),
    [
        ((_delete("B b."), _delete("C c.")), "A a.\n\nD d.\n"),
        ((_delete("A a."), _delete("B b."), _delete("C c.")), "D d.\n"),
        ((_insert("C c", "New.", "insert-before"), _delete("B b.")), "A a.\n\nNew.\n\nC c.\n\nD d.\n"),
        ((_insert("B b", "New.", "insert-before"), _delete("B b.")), "A a.\n\nNew.\n\nC c.\n\nD d.\n"),
        ((_insert("C c", "New."), _delete("D d.")), "A a.\n\nB b.\n\nC c.\n\nNew.\n"),
        ((_replace("A", "X"), _replace("a", "x")), "X x.\n\nB b.\n\nC c.\n\nD d.\n"),
        (
            (_replace("A a", "X"), {"replace": {"quote": ".", "prefix": "A a", "passage": "!"}}),
            "X!\n\nB b.\n\nC c.\n\nD d.\n",
        ),
        (
            ({"move": {"quote": "A a", "after": {"quote": "B b"}}}, _insert("B b", "New.")),
            "B b.\n\nA a.\n\nNew.\n\nC c.\n\nD d.\n",
        ),
    ],
)
def test_edits_side_by_side_do_not_reach_into_each_other(edits: Sequence[dict[str, Any]], amended: str) -> None:
    assert _amended("A a.\n\nB b.\n\nC c.\n\nD d.\n", *edits) == amended


def test_the_last_clauses_go_though_both_take_the_blank_line_between_them() -> None:
    edits = (_delete("B b."), _delete("C c."))
    assert _amended("A a.\n\nB b.\n\nC c.\n", *edits).rstrip("\n") == "A a."
    assert _amended("A a.\n\nB b.\n\nC c.", *edits).rstrip("\n") == "A a."


@pytest.mark.parametrize(
    "edits",
    [
        (_replace("one two", "x"), _replace("two three", "y")),
        (_replace("one two", "x"), _replace("one two", "x")),
        (_replace("one two", "x"), _delete("two")),
        (_delete("two"), _delete("B b one two three.")),
        (_delete("B b one two three."), _insert("B b", "New.")),
        (_delete("B b one two three."), {"move": {"quote": "A a", "after": {"quote": "B b"}}}),
        ({"move": {"quote": "B b", "before": {"quote": "A a"}}}, _replace("two", "2")),
        ({"move": {"quote": "C c", "after": {"quote": "E e"}}}, {"move": {"quote": "C c", "before": {"quote": "A a"}}}),
        ({"move": {"quote": "One", "after": {"quote": "Z z"}}}, _insert("A a", "New.")),
        ({"move": {"quote": "C c - D d", "after": {"quote": "Z z"}}}, _insert("C c", "- new")),
    ],
)  # fmt: skip
def test_edits_that_reach_into_each_other_are_refused_with_the_lines_of_both(edits: Sequence[dict[str, Any]]) -> None:
    text = f"{TEXT}\n# Two\n\nZ z.\n"
    for order in (edits, edits[::-1]):
        amendment = make_draft(*order)
        with pytest.raises(EditError) as caught:
            find_changes(make_spec(text), amendment)
        [fault] = caught.value.faults
        first, second = FIRST_EDIT_LINE, amendment.edits[1].line
        assert fault in [
            Fault(f"the edit reaches into that of line {one}", PATH, other, "make one edit of the two")
            for one, other in ((first, second), (second, first))
        ]


def test_every_anchor_is_found_in_the_document_as_it_is_published() -> None:
    with pytest.raises(AnchorNotFoundError, match=r"^ask-first.md:13: the quote 'New words' stands nowhere"):
        _amended("A a.\n", _insert("A a", "New words."), _delete("New words"))
    edits = (_insert("A a", "B b."), _delete("B b."))
    assert _amended("A a.\n\nB b.\n", *edits) == "A a.\n\nB b.\n"
    with pytest.raises(AnchorAmbiguousError, match=r"^ask-first.md:12: the quote 'B b' stands in 2 places"):
        _amended("A a.\n\nB b.\n\nB b.\n", _delete("A a."), _delete("B b"))


def test_an_edit_without_words_is_named_by_its_line() -> None:
    with pytest.raises(EditError) as caught:
        _amended("A a.\n", _insert("A a", "New."), {"insert-before": {"quote": "A a"}})
    assert caught.value.faults == (Fault("the passage is empty", PATH, 13, "write it under `## Passage`"),)


def test_changes_at_one_point_are_made_in_the_order_given() -> None:
    changes = [Change(Span(2, 2), "b"), Change(Span(2, 2), "a"), Change(Span(2, 4), "X"), Change(Span(0, 1), "")]
    assert apply_changes("01234", changes) == "1baX4"
    assert apply_changes("01234", []) == "01234"


def _texts(document: Document) -> list[str]:
    return [document.slice(clause.span).strip() for clause in document.clauses]


DOCUMENT = parse_document(ODILE, "atelier/2026-09-01")
PARAGRAPHS = [number for number, clause in enumerate(DOCUMENT.clauses) if clause.kind == "paragraph"]
CHOICES = st.lists(
    st.tuples(st.sampled_from(PARAGRAPHS), st.sampled_from(["insert-after", "insert-before", "replace", "delete"])),
    min_size=1,
    max_size=8,
    unique=True,
)


def _edit(document: Document, number: int, action: str, passage: str) -> Edit:
    span = document.clauses[number].span
    anchor = make_anchor(document, Span(span.start, span.start + len(document.slice(span).rstrip())))
    return Edit(action, anchor, 1, None if action == "delete" else passage)  # type: ignore[arg-type]


@settings(max_examples=30)
@given(CHOICES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_amended_text_differs_in_the_edited_places_alone(
    choices: list[tuple[int, str]], newline: str, has_last_line_end: bool
) -> None:
    text = (ODILE if has_last_line_end else ODILE.rstrip("\n")).replace("\n", newline)
    document = make_spec(text).document
    # A clause is taken out once at most, and nothing goes beside it then.
    taken = {number: action for number, action in choices if action in ("replace", "delete")}
    chosen = [(n, a) for n, a in choices if taken.get(n, a) == a]
    edits = [_edit(document, n, a, f"Zz {at}.") for at, (n, a) in enumerate(chosen)]
    new = make_spec(_amended(text, *(edit.front_matter() for edit in edits))).document
    wanted: list[str] = []
    for number, words in enumerate(_texts(document)):
        beside = {
            action: [f"Zz {at}." for at, one in enumerate(chosen) if one == (number, action)] for _, action in chosen
        }
        own = [] if taken.get(number) == "delete" else beside.get("replace") or [words]
        wanted += [*beside.get("insert-before", []), *own, *beside.get("insert-after", [])]
    assert _texts(new) == wanted
    headings = [document.slice(Span(s.span.start, s.body_start)) for s in document.sections]
    assert [new.slice(Span(s.span.start, s.body_start)) for s in new.sections] == headings


@settings(max_examples=30)
@given(CHOICES, st.sampled_from(["\n", "\r\n"]))
def test_taking_all_edits_back_restores_every_byte(choices: list[tuple[int, str]], newline: str) -> None:
    text = ODILE.replace("\n", newline)
    document = make_spec(text).document
    chosen = [(n, a) for n, a in choices if a != "delete" and ((n, "replace") not in choices or a == "replace")]
    there, back = [], []
    for at, (number, action) in enumerate(chosen):
        edit = _edit(document, number, action, f"Zz {at}.")
        there.append(edit.front_matter())
        words = document.slice(document.clauses[number].span).strip()
        back.append(_replace(f"Zz {at}.", words) if action == "replace" else _delete(f"Zz {at}."))
    if there:
        amended = _amended(text, *there)
        assert amended != text
        assert _amended(amended, *back) == text
