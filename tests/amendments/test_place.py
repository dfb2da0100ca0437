from __future__ import annotations

import pytest

from avenant.amendments.apply import apply_amendment
from avenant.amendments.edit import Edit
from avenant.amendments.place import FoundEdit, Place, find_edit
from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError, EditError, Fault
from avenant.specs.document import Span
from tests.amendments.drafts import PATH, make_amendment, make_draft, make_spec

TEXT = """\
# One

First words. Last words.

- item
  - nested
- other

## Two

Second words.
"""


def _found(text: str, action: str, passage: str = "New.", subject: str = "Odile", **anchor: str) -> FoundEdit:
    amendment = make_amendment(action, "" if action == "delete" else passage, **anchor)
    return find_edit(make_spec(text, subject), amendment, amendment.edits[0])


def _span(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def _point(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words))


@pytest.mark.parametrize(
    ("action", "quote", "passage", "place"),
    [
        ("insert-after", "Last words", "New.", Place(_point("\n- item"), "paragraph")),
        ("insert-before", "Last words", "New.", Place(_point("First words"), "paragraph")),
        ("insert-after", "other", "New.", Place(_point("\n## Two"), "paragraph")),
        ("insert-before", "nested", "New.", Place(_point("- item"), "paragraph")),
        ("insert-after", "item", "- New.", Place(_point("- other"), "item", "", "-")),
        ("insert-before", "nested", "- New.", Place(_point("  - nested"), "item", "  ", "-")),
        ("insert-after", "nested", "1. New.", Place(_point("- other"), "item", "  ", "-")),
        ("insert-after", "Two", "New.", Place(_point("\nSecond words"), "paragraph")),
        ("insert-before", "Two", "New.", Place(_point("## Two"), "paragraph")),
        ("replace", "First words", "New.", Place(_span("First words"), "inline")),
        ("delete", "Last words.", "", Place(_span("Last words."), "inline")),
    ],
)
def test_an_edit_has_its_quote_and_its_place(action: str, quote: str, passage: str, place: Place) -> None:
    found = _found(TEXT, action, passage, quote=quote)
    assert (found.place, found.quoted) == (place, _span(quote))
    assert found.edit == Edit(action, found.edit.anchor, 10)  # type: ignore[arg-type]
    assert (found.destination, found.destination_quoted) == (None, None)
    assert found.place.is_insertion == action.startswith("insert")


@pytest.mark.parametrize(("section", "before"), [("One", "\n## Two"), ("Two", "")])
def test_appending_has_a_place_and_no_quote(section: str, before: str) -> None:
    found = _found(TEXT, "append-to-section", section=section)
    at = TEXT.index(before) if before else len(TEXT)
    assert (found.place, found.quoted) == (Place(Span(at, at), "paragraph"), None)


@pytest.mark.parametrize(
    ("quote", "taken"),
    [
        ("First", "First words. Last words.\n"),
        ("nested", "  - nested\n"),
        ("item", "- item\n  - nested\n"),
        ("other", "- other\n"),
        ("words. - item", "First words. Last words.\n\n- item\n  - nested\n"),
        ("nested - other", "  - nested\n- other\n"),
        ("other ## Two", None),
        ("Two", "## Two\n\nSecond words.\n\n"),
        ("One", TEXT + "\n"),
    ],
)
def test_a_move_takes_whole_clauses_and_a_heading_all_that_stands_under_it(quote: str, taken: str | None) -> None:
    text = f"{TEXT}\n# Three\n\nThird.\n"
    amendment = make_draft({"move": {"quote": quote, "after": {"quote": "Third"}}})
    if taken is None:
        with pytest.raises(EditError, match=r"^ask-first.md:10: the words to move run into a heading"):
            find_edit(make_spec(text), amendment, amendment.edits[0])
        return
    assert find_edit(make_spec(text), amendment, amendment.edits[0]) == FoundEdit(
        edit=amendment.edits[0],
        quoted=_span(quote.replace("words. - item", "words.\n\n- item").replace("nested - other", "nested\n- other")),
        place=Place(_span(taken, text), "blocks"),
        destination=Place(Span(len(text), len(text)), "paragraph"),
        destination_quoted=_span("Third", text),
    )


@pytest.mark.parametrize(
    ("quote", "side", "destination", "place"),
    [
        ("First", "after", "Second", Place(Span(len(TEXT), len(TEXT)), "paragraph")),
        ("Second", "before", "nested", Place(_point("- item"), "paragraph")),
        ("other", "after", "nested", Place(_point("- other"), "item", "  ", "-")),
        ("nested", "before", "item", Place(_point("- item"), "item", "", "-")),
        ("nested", "before", "First", Place(_point("First"), "paragraph")),
        ("First", "before", "Two", Place(_point("## Two"), "paragraph")),
        ("Two", "before", "First", Place(_point("First"), "paragraph")),
    ],
)
def test_the_destination_of_a_move_is_where_such_words_would_be_inserted(
    quote: str, side: str, destination: str, place: Place
) -> None:
    amendment = make_draft({"move": {"quote": quote, side: {"quote": destination}}})
    found = find_edit(make_spec(TEXT), amendment, amendment.edits[0])
    assert (found.destination, found.destination_quoted) == (place, _span(destination))


@pytest.mark.parametrize(
    ("quote", "side", "destination"),
    [
        ("First words", "after", "First"),
        ("First words", "before", "Last"),
        ("item", "after", "nested"),
        ("item", "before", "nested"),
        ("Two", "after", "Second"),
        ("Two", "after", "Two"),
        ("One", "before", "Two"),
        ("First words. Last words. - item - nested - other", "after", "nested"),
        # A paragraph goes below the whole list, a part of which it would move with.
        ("Last words. - item - nested", "before", "other"),
    ],
)
def test_a_move_into_the_moved_words_is_refused(quote: str, side: str, destination: str) -> None:
    amendment = make_draft({"move": {"quote": quote, side: {"quote": destination}}})
    with pytest.raises(EditError) as caught:
        find_edit(make_spec(TEXT), amendment, amendment.edits[0])
    problem, mend = "the words to move hold their own destination", "move them beside another clause"
    assert caught.value.faults == (Fault(problem, PATH, 10, mend),)


@pytest.mark.parametrize("action", ["insert-after", "delete"])
def test_an_anchor_that_fails_names_the_drafts_file_and_line(action: str) -> None:
    amendment = make_draft({"append-to-section": {"section": "S", "passage": "x"}}, {action: {"quote": "twice"}})
    with pytest.raises(AnchorAmbiguousError) as caught:
        find_edit(make_spec("twice, twice\n"), amendment, amendment.edits[1])
    [fault] = caught.value.faults
    assert (fault.path, fault.line) == (PATH, amendment.edits[1].line)
    with pytest.raises(AnchorNotFoundError) as caught_other:
        find_edit(make_spec("once\n"), amendment, amendment.edits[1])
    mend = "copy the words from the document: `avenant spec show`"
    wanted = Fault("the quote 'twice' stands nowhere", PATH, amendment.edits[1].line, mend)
    assert caught_other.value.faults == (wanted,)


@pytest.mark.parametrize("subject", ["Odile", "the assistant"])
def test_the_placeholder_stands_for_the_documents_own_name_in_both_anchors(subject: str) -> None:
    text = f"# One\n\nFirst {subject} asks.\n\nThen {subject} waits.\n"
    amendment = make_draft({"move": {"quote": "First Clément", "after": {"quote": "Clément waits"}}})
    found = find_edit(make_spec(text, subject), amendment, amendment.edits[0])
    assert found.quoted == _span(f"First {subject}", text)
    assert found.destination_quoted == _span(f"{subject} waits", text)
    assert found.edit == amendment.edits[0]


def test_a_quote_may_begin_with_the_placeholder_in_the_middle_of_a_sentence() -> None:
    text = "When in doubt, the assistant asks.\n"
    assert _found(text, "insert-after", subject="the assistant", quote="Clément asks").quoted == _span(
        "the assistant asks", text
    )
    assert _found("The assistant asks.\n", "delete", subject="the assistant", quote="Clément asks").quoted == Span(
        0, 18
    )


@pytest.mark.parametrize("action", ["replace", "delete"])
def test_a_footnote_tag_goes_with_words_that_are_taken_out_and_stays_with_those_that_are_replaced(action: str) -> None:
    text = "Words *here*[^ab1d] and more.\n"
    taken = "*here*[^ab1d]" if action == "delete" else "*here*"
    assert _found(text, action, quote="here").place == Place(_span(taken, text), "inline")


@pytest.mark.parametrize("action", ["replace", "delete"])
@pytest.mark.parametrize(
    ("quote", "problem"),
    [("A. B.", "not all in one clause"), ("Title A.", "headings cannot be edited"), ("Title", "headings cannot be")],
)
def test_words_that_are_not_all_in_one_clause_are_not_taken_out(action: str, quote: str, problem: str) -> None:
    with pytest.raises(EditError, match=problem):
        _found("# Title\n\nA.\n\nB.\n", action, quote=quote)


@pytest.mark.parametrize(
    ("text", "quote", "taken"),
    [
        ("See the [chain of command](#x).\n", "the chain", "the [chain"),
        ("See the [chain of command](#x).\n", "command.", "command](#x)."),
        ("A *slanted phrase* here.\n", "phrase here", "phrase* here"),
        ("A `code word` here.\n", "A code", "A `code"),
        ("**Bold text** more words.\n", "text more", "text** more"),
    ],
)
@pytest.mark.parametrize("action", ["replace", "delete"])
def test_cutting_through_an_emphasis_or_a_link_is_refused(text: str, action: str, quote: str, taken: str) -> None:
    with pytest.raises(EditError) as caught:
        _found(text, action, quote=quote)
    assert str(caught.value) == (
        f"ask-first.md:10: taking out {taken!r} would leave half of an emphasis or a link\n"
        "  mend: quote the emphasised or linked words whole"
    )


def test_an_item_with_items_under_it_is_not_deleted_alone() -> None:
    spec = make_spec("P.\n\n- a a\n    - b b\n- c c\n")
    with pytest.raises(EditError, match="has items under it"):
        apply_amendment(spec, make_amendment("delete", quote="a a"))
    assert apply_amendment(spec, make_amendment("delete", quote="b b")) == "P.\n\n- a a\n- c c\n"
    assert apply_amendment(spec, make_amendment("replace", "d d", quote="a a")) == "P.\n\n- d d\n    - b b\n- c c\n"
