from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import avenant
from avenant.amendments.anchor import make_anchor
from avenant.amendments.apply import apply_amendment, find_changes
from avenant.amendments.edit import SIDES, Edit, Side
from avenant.errors import EditError
from avenant.files import read_text
from avenant.specs.document import Clause, Document, Span
from avenant.specs.parse import parse_document
from tests.amendments.drafts import make_draft, make_spec

ODILE = read_text(Path(avenant.__file__).parent / "example" / "odile-constitution.md")


def _moved(text: str, quote: str, side: str, to: str) -> str:
    return apply_amendment(make_spec(text), make_draft({"move": {"quote": quote, side: {"quote": to}}}))


PARAGRAPHS = "A a.\n\nB b.\n\nC c.\n"


@pytest.mark.parametrize(
    ("text", "quote", "side", "to", "amended"),
    [
        # The first, the last, and one between.
        (PARAGRAPHS, "A a", "after", "C c", "B b.\n\nC c.\n\nA a.\n"),
        (PARAGRAPHS, "A a", "before", "C c", "B b.\n\nA a.\n\nC c.\n"),
        (PARAGRAPHS, "C c", "before", "A a", "C c.\n\nA a.\n\nB b.\n"),
        (PARAGRAPHS, "C c", "after", "A a", "A a.\n\nC c.\n\nB b.\n"),
        (PARAGRAPHS, "B b", "after", "C c", "A a.\n\nC c.\n\nB b.\n"),
        # Two at once.
        (PARAGRAPHS, "A a. B b", "after", "C c", "C c.\n\nA a.\n\nB b.\n"),
        # Without a line end at the end of the file.
        ("A a.\n\nB b.", "A a", "after", "B b", "B b.\n\nA a.\n"),
        ("A a.\n\nB b.", "B b", "before", "A a", "B b.\n\nA a.\n"),
        ("A a.\n\nB b.\n\nC c.", "A a", "after", "B b", "B b.\n\nA a.\n\nC c."),
        # Blank lines that were there stay, but for one beside the moved words.
        ("A a.\n\n\n\nB b.\n \nC c.\n", "B b", "before", "A a", "B b.\n\nA a.\n\n\n\nC c.\n"),
        ("A a.\n# T\nB b.\n", "A a", "after", "B b", "# T\nB b.\n\nA a.\n"),
        ("\ufeffA a.\n\nB b.\n", "A a", "after", "B b", "\ufeffB b.\n\nA a.\n"),
        ("\ufeffA a.\n\nB b.\n", "B b", "before", "A a", "\ufeffB b.\n\nA a.\n"),
        # Other blocks.
        (
            "A a.\n\n~~~xml\n# x\n\n  x\n~~~\n\nB b.\n",
            "# x",
            "after",
            "B b",
            "A a.\n\nB b.\n\n~~~xml\n# x\n\n  x\n~~~\n",
        ),
        ("!!! meta\n    x x\n\n    y\n\nB b.\n", "x x", "after", "B b", "B b.\n\n!!! meta\n    x x\n\n    y\n"),
        ("> a a\n> b\n\nB b.\n", "a a", "after", "B b", "B b.\n\n> a a\n> b\n"),
        ("A a.\n\n- b b\n- c c\n", "A a", "after", "c c", "- b b\n- c c\n\nA a.\n"),
        ("- b b\n- c c\n\nA a.\n", "A a", "before", "c c", "A a.\n\n- b b\n- c c\n"),
    ],
)
def test_whole_clauses_move_with_one_blank_line_beside_them(
    text: str, quote: str, side: str, to: str, amended: str
) -> None:
    assert _moved(text, quote, side, to) == amended
    windows = _moved(text.replace("\n", "\r\n"), quote, side, to)
    assert windows == amended.replace("\n", "\r\n")


LIST = "- a a\n  - b b\n\n    more b\n    - c c\n- d d\n\nP p.\n\n1. x x\n2. y y\n"


@pytest.mark.parametrize(
    ("quote", "side", "to", "amended"),
    [
        (
            *("a a", "after", "d d"),
            "- d d\n- a a\n  - b b\n\n    more b\n    - c c\n\nP p.\n\n1. x x\n2. y y\n",
        ),
        (
            *("b b", "after", "d d"),
            "- a a\n- d d\n- b b\n\n  more b\n  - c c\n\nP p.\n\n1. x x\n2. y y\n",
        ),
        (
            *("c c", "before", "a a"),
            "- c c\n- a a\n  - b b\n\n    more b\n- d d\n\nP p.\n\n1. x x\n2. y y\n",
        ),
        (
            *("d d", "before", "c c"),
            "- a a\n  - b b\n\n    more b\n    - d d\n    - c c\n\nP p.\n\n1. x x\n2. y y\n",
        ),
        (
            *("b b", "before", "y y"),
            "- a a\n- d d\n\nP p.\n\n1. x x\n- b b\n\n  more b\n  - c c\n2. y y\n",
        ),
        (
            *("b b", "after", "P p"),
            "- a a\n- d d\n\nP p.\n\n- b b\n\n  more b\n  - c c\n\n1. x x\n2. y y\n",
        ),
    ],
)
def test_a_list_item_moves_with_its_nested_items_and_is_indented_as_its_new_neighbour(
    quote: str, side: str, to: str, amended: str
) -> None:
    assert _moved(LIST, quote, side, to) == amended
    assert _moved(LIST.replace("\n", "\r\n"), quote, side, to) == amended.replace("\n", "\r\n")


def test_a_whole_list_that_moves_leaves_no_blank_lines_behind() -> None:
    text = "A a.\n\n- b b\n- c c\n\nD d.\n"
    assert _moved(text, "b b - c c", "after", "D d") == "A a.\n\nD d.\n\n- b b\n- c c\n"


SECTIONS = "# One\n\na a\n\n# Two\n\nb b\n\n## Three\n\nc c\n\n# Four\n\nd d\n"
WITH_TWO = "# Two\n\nb b\n\n## Three\n\nc c\n"


@pytest.mark.parametrize(
    ("quote", "side", "to", "amended"),
    [
        ("Two", "before", "One", f"{WITH_TWO}\n# One\n\na a\n\n# Four\n\nd d\n"),
        ("Two", "after", "d d", f"# One\n\na a\n\n# Four\n\nd d\n\n{WITH_TWO}"),
        ("One", "before", "Four", f"{WITH_TWO}\n# One\n\na a\n\n# Four\n\nd d\n"),
        ("One", "after", "d d", f"{WITH_TWO}\n# Four\n\nd d\n\n# One\n\na a\n"),
        ("Four", "before", "One", f"# Four\n\nd d\n\n# One\n\na a\n\n{WITH_TWO}"),
        ("Four", "after", "a a", f"# One\n\na a\n\n# Four\n\nd d\n\n{WITH_TWO}"),
        ("Three", "before", "Two", "# One\n\na a\n\n## Three\n\nc c\n\n# Two\n\nb b\n\n# Four\n\nd d\n"),
        ("Three", "after", "a a", "# One\n\na a\n\n## Three\n\nc c\n\n# Two\n\nb b\n\n# Four\n\nd d\n"),
    ],
)
def test_a_section_moves_with_the_sections_under_it(quote: str, side: str, to: str, amended: str) -> None:
    assert _moved(SECTIONS, quote, side, to) == amended
    assert _moved(SECTIONS.replace("\n", "\r\n"), quote, side, to) == amended.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("quote", "side", "to"), [("A a", "before", "B b"), ("B b", "after", "A a"), ("B b", "before", "C c")]
)
def test_a_move_to_where_the_words_stand_is_said_to_change_nothing(quote: str, side: str, to: str) -> None:
    with pytest.raises(EditError, match="changes nothing"):
        _moved(PARAGRAPHS, quote, side, to)


def test_a_section_moved_after_a_heading_goes_below_all_that_stands_under_it() -> None:
    text = "# One\n\na a\n\n## Under one\n\nb b\n\n# Two\n\nc c\n"
    three = f"{text}\n# Three\n\nd d\n"
    assert _moved(three, "Three", "after", "One") == text.replace("# Two", "# Three\n\nd d\n\n# Two")


def test_indented_code_keeps_its_indentation() -> None:
    assert _moved("A a.\n\n    x x\n      y\n\nB b.\n", "x x", "after", "B b") == "A a.\n\nB b.\n\n    x x\n      y\n"


def test_neighbours_of_a_block_without_blank_lines_do_not_run_into_each_other() -> None:
    moved = _moved("A a.\n~~~\nx x\n~~~\nB b.\n\nC c.\n", "x x", "after", "C c")
    assert moved == "A a.\n\nB b.\n\nC c.\n\n~~~\nx x\n~~~\n"


def test_a_common_noun_at_two_kinds_of_places_is_found_at_both() -> None:
    text = "The assistant asks.\n\nB b.\n\nAt times the assistant waits.\n"
    draft = make_draft({"move": {"quote": "Clément asks", "after": {"quote": "Clément waits"}}})
    assert apply_amendment(make_spec(text, "the assistant"), draft) == (
        "B b.\n\nAt times the assistant waits.\n\nThe assistant asks.\n"
    )


def test_a_move_is_one_change_for_each_of_its_places() -> None:
    amendment = make_draft({"move": {"quote": "C c", "before": {"quote": "A a"}}})
    changes = find_changes(make_spec(PARAGRAPHS), amendment)
    assert [(change.span, change.text) for change in changes] == [(Span(0, 0), "C c.\n\n"), (Span(11, 17), "")]


def test_a_move_and_an_edit_of_the_moved_words_reach_into_each_other() -> None:
    amendment = make_draft(
        {"move": {"quote": "C c", "before": {"quote": "A a"}}}, {"delete": {"quote": "c."}}, passage=""
    )
    with pytest.raises(EditError, match=r"^ask-first.md:14: the edit reaches into that of line 10\n"):
        find_changes(make_spec(PARAGRAPHS), amendment)


def _texts(document: Document) -> list[str]:
    return sorted(document.slice(clause.span).strip() for clause in document.clauses)


def _edit(document: Document, moved: Span, side: Side, to: Span) -> Edit:
    return Edit("move", make_anchor(document, moved), 1, side=side, destination=make_anchor(document, to))


def _apply(text: str, edit: Edit) -> str:
    try:
        return apply_amendment(make_spec(text), make_draft(edit.front_matter()))
    except EditError as error:
        if "changes nothing" not in str(error):
            raise
        return text


def _heading(document: Document, section_id: str) -> Span:
    section = document.section(section_id)
    at = document.text.index(section.title, section.span.start)
    return Span(at, at + len(section.title))


def _beside(document: Document, clause: Clause) -> tuple[Side, Span]:
    """Where a clause stands, by a neighbour in its own section that it leaves behind."""
    own = document.clauses_of(document.section(clause.section_id))
    at = own.index(clause)
    if at + 1 < len(own):
        return "before", own[at + 1].span
    return ("after", own[at - 1].span) if at else ("after", _heading(document, clause.section_id))


DOCUMENT = parse_document(ODILE, "atelier/2026-09-01")
CLAUSES = st.integers(0, len(DOCUMENT.clauses) - 1)


@settings(max_examples=40)
@given(CLAUSES, CLAUSES, st.sampled_from(SIDES), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_after_a_move_all_words_are_still_there_once_and_moving_back_restores_every_byte(
    index: int, other: int, side: Side, newline: str, has_last_line_end: bool
) -> None:
    text = (ODILE if has_last_line_end else ODILE.rstrip("\n")).replace("\n", newline)
    document = make_spec(text).document
    clause, to = document.clauses[index], document.clauses[other]
    assume(clause != to)
    amended = _apply(text, _edit(document, clause.span, side, to.span))
    new = make_spec(amended).document
    assert _texts(new) == _texts(document)
    assert {one.id for one in new.clauses} == {one.id for one in document.clauses}
    # An item that left its list has no list to go back to, or another indentation.
    if clause.list_span is None:
        side_back, neighbour = _beside(document, clause)
        moved, to_back = (_find(new, document.slice(span)) for span in (clause.span, neighbour))
        restored = _apply(amended, _edit(new, moved, side_back, to_back))
        # The last line gets a line end where it moves up, and keeps it.
        assert restored == text if has_last_line_end else restored.rstrip() == text


def _find(document: Document, words: str) -> Span:
    start = document.text.index(words.strip())
    return Span(start, start + len(words.strip()))


@settings(max_examples=20)
@given(st.data(), st.sampled_from(["\n", "\r\n"]))
def test_after_the_move_of_a_section_all_sections_are_still_there_once(data: st.DataObject, newline: str) -> None:
    text = ODILE.replace("\n", newline)
    document = make_spec(text).document
    sections = [section for section in document.sections if section.level > 1]
    section, to = data.draw(st.sampled_from(sections)), data.draw(st.sampled_from(sections))
    assume(not document.subtree(section).contains(to.span))
    amended = _apply(text, _edit(document, _heading(document, section.id), "before", _heading(document, to.id)))
    new = make_spec(amended).document
    assert sorted(one.title for one in new.sections) == sorted(one.title for one in document.sections)
    assert _texts(new) == _texts(document)
    body = document.slice(document.subtree(section)).strip()
    assert amended.count(body) == 1
    assert amended.index(body) < amended.index(document.slice(to.span).strip())
    for one in document.sections:
        [found] = [other for other in new.sections if other.title == one.title]
        assert new.slice(found.span).strip() == document.slice(one.span).strip()
