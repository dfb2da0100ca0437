from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import avenant
from avenant.amendments.amendment import read_amendment
from avenant.amendments.apply import Change, apply_amendment, make_change
from avenant.amendments.place import find_edit
from avenant.errors import EditError
from avenant.files import read_text
from avenant.specs.document import Document, Span
from avenant.specs.library import read_spec
from avenant.specs.parse import parse_document
from avenant.text import fold_words
from avenant.workspace import Workspace
from tests.amendments.drafts import make_amendment, make_draft, make_spec

PASSAGE = "Clément asks first."
ODILE = read_text(Path(avenant.__file__).parent / "example" / "odile-constitution.md")
PARAGRAPHS = [clause for clause in parse_document(ODILE, "atelier/2026-09-01").clauses if clause.kind == "paragraph"]


def _amended(text: str, action: str, passage: str = PASSAGE, subject: str = "Odile", **anchor: str) -> str:
    """The amended text; a deletion is given no passage."""
    passage = "" if action == "delete" else passage
    return apply_amendment(make_spec(text, subject), make_amendment(action, passage, **anchor))


@pytest.mark.parametrize(
    ("text", "action", "quote", "amended"),
    [
        ("A.\n\nB.\n", "insert-after", "A.", "A.\n\nOdile asks first.\n\nB.\n"),
        ("A.\n\nB.\n", "insert-before", "B.", "A.\n\nOdile asks first.\n\nB.\n"),
        ("A.\n\nB.\n", "insert-before", "A.", "Odile asks first.\n\nA.\n\nB.\n"),
        ("A.\n\nB.\n", "insert-after", "B.", "A.\n\nB.\n\nOdile asks first.\n"),
        ("A.\n\nB.", "insert-after", "B.", "A.\n\nB.\n\nOdile asks first.\n"),
        ("A.  \n   \nB.\n", "insert-after", "A.", "A.  \n\nOdile asks first.\n   \nB.\n"),
        ("A and\nmore.\n\n\nB.\n", "insert-after", "A and", "A and\nmore.\n\nOdile asks first.\n\n\nB.\n"),
        ("A.\n# T\nB.\n", "insert-after", "A.", "A.\n\nOdile asks first.\n\n# T\nB.\n"),
        ("# T\n\nA.\n", "insert-after", "T", "# T\n\nOdile asks first.\n\nA.\n"),
        ("A.\n\n# T\n\nB.\n", "insert-before", "T", "A.\n\nOdile asks first.\n\n# T\n\nB.\n"),
        ("~~~xml\n# x\n~~~\nB.\n", "insert-after", "# x", "~~~xml\n# x\n~~~\n\nOdile asks first.\n\nB.\n"),
        ('!!! meta "C"\n    Body\n', "insert-after", "Body", '!!! meta "C"\n    Body\n\nOdile asks first.\n'),
        ("> one\n> two\n\nB.\n", "insert-after", "one two", "> one\n> two\n\nOdile asks first.\n\nB.\n"),
        ("# T\n\nA.\n", "insert-before", "T", "Odile asks first.\n\n# T\n\nA.\n"),
        ("A.\n\nB.\n\nC.\n", "insert-after", "A. B.", "A.\n\nB.\n\nOdile asks first.\n\nC.\n"),
        ("A.\n\nB.\n\nC.\n", "insert-before", "B. C.", "A.\n\nOdile asks first.\n\nB.\n\nC.\n"),
        ("A b c.\n\nB.\n", "replace", "b c", "A Odile asks first..\n\nB.\n"),
        ("A “b” c.\n\nB.\n", "replace", 'A "b" c.', "Odile asks first.\n\nB.\n"),
        ("A.\n\nB.\n\nC.\n", "delete", "B.", "A.\n\nC.\n"),
        ("A.\n\nB one two.\n", "delete", "one", "A.\n\nB two.\n"),
        ("A.\n\nB one two.\n", "delete", "two.", "A.\n\nB one\n"),
        ("- a\n- b b\n- c\n", "delete", "- b b", "- a\n- c\n"),
    ],
)
def test_an_edit_changes_its_place_alone(text: str, action: str, quote: str, amended: str) -> None:
    assert _amended(text, action, quote=quote) == amended
    windows = _amended(text.replace("\n", "\r\n"), action, quote=quote)
    assert windows == amended.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "section", "amended"),
    [
        ("# T\n\nA.\n\n## U\n\nB.\n", "T", "# T\n\nA.\n\nOdile asks first.\n\n## U\n\nB.\n"),
        ("# T\n\nA.\n\n## U\n\nB.", "U", "# T\n\nA.\n\n## U\n\nB.\n\nOdile asks first.\n"),
        ("# T\n## U\n\nB.\n", "T", "# T\n\nOdile asks first.\n\n## U\n\nB.\n"),
        ("A.\n\n# T\n", "preamble", "A.\n\nOdile asks first.\n\n# T\n"),
        ("# T\n\n- a\n  - b\n\n\n# U\n", "t", "# T\n\n- a\n  - b\n\nOdile asks first.\n\n\n# U\n"),
        ("# T {#own}\n\nA.\n", "own", "# T {#own}\n\nA.\n\nOdile asks first.\n"),
    ],
)
def test_appending_goes_below_the_last_clause_of_the_section_itself(text: str, section: str, amended: str) -> None:
    assert _amended(text, "append-to-section", section=section) == amended


LIST = "Intro:\n- one\n  more\n- two\n\nAfter.\n"


@pytest.mark.parametrize("quote", ["one more", "two"])
def test_a_paragraph_goes_below_the_whole_list(quote: str) -> None:
    wanted = "Intro:\n- one\n  more\n- two\n\nOdile asks first.\n\nAfter.\n"
    assert _amended(LIST, "insert-after", quote=quote) == wanted


def test_a_paragraph_goes_above_the_whole_list() -> None:
    wanted = "Intro:\n\nOdile asks first.\n\n- one\n  more\n- two\n\nAfter.\n"
    assert _amended(LIST, "insert-before", quote="two") == wanted
    assert _amended(LIST, "insert-after", quote="Intro:") == wanted


@pytest.mark.parametrize(
    ("text", "action", "quote", "amended"),
    [
        (LIST, "insert-after", "one more", "Intro:\n- one\n  more\n- NEW\n- two\n\nAfter.\n"),
        (LIST, "insert-before", "one more", "Intro:\n- NEW\n- one\n  more\n- two\n\nAfter.\n"),
        (LIST, "insert-before", "two", "Intro:\n- one\n  more\n- NEW\n- two\n\nAfter.\n"),
        ("- a\n- b b", "insert-after", "b b", "- a\n- b b\n- NEW\n"),
        ("- a\n  - b b\n- c\n", "insert-after", "b b", "- a\n  - b b\n  - NEW\n- c\n"),
        ("- a\n\n- b b\n", "insert-after", "- a", "- a\n- NEW\n\n- b b\n"),
    ],
)
def test_a_list_item_becomes_an_item_beside_its_anchor(text: str, action: str, quote: str, amended: str) -> None:
    wanted = amended.replace("NEW", "Odile asks first.")
    assert _amended(text, action, f"- {PASSAGE}", quote=quote) == wanted
    windows = _amended(text.replace("\n", "\r\n"), action, f"- {PASSAGE}", quote=quote)
    assert windows == wanted.replace("\n", "\r\n")


def test_all_lines_of_a_passage_get_the_line_ends_and_the_indentation_of_their_place() -> None:
    assert _amended("A.\r\n\r\nB.\r\n", "insert-after", "One\ntwo.\n\nThree.", quote="A.") == (
        "A.\r\n\r\nOne\r\ntwo.\r\n\r\nThree.\r\n\r\nB.\r\n"
    )
    assert _amended("- a\n  - b b\n", "insert-after", "- One\n  two\n\n  three", quote="b b") == (
        "- a\n  - b b\n  - One\n    two\n\n    three\n"
    )


NESTED = "- a a\n  - b b\n- c c\n"


def test_an_item_before_another_is_indented_as_that_one() -> None:
    assert _amended(NESTED, "insert-before", "- New.", quote="c c") == "- a a\n  - b b\n- New.\n- c c\n"


def test_an_item_after_another_goes_below_that_ones_nested_items() -> None:
    assert _amended(NESTED, "insert-after", "- New.", quote="a a") == "- a a\n  - b b\n- New.\n- c c\n"


def test_an_item_before_an_indented_first_item_is_indented_too() -> None:
    assert _amended("  - a a\n  - b\n", "insert-before", "- New.", quote="a a") == "  - New.\n  - a a\n  - b\n"


@pytest.mark.parametrize(
    ("text", "action", "quote", "amended"),
    [
        ("- a a\n- c c\n", "delete", "a a", "- c c\n"),
        ("* a a\n* c c\n", "delete", "* a a", "* c c\n"),
        ("**Bold** text.\n\nB.\n", "delete", "Bold text.", "B.\n"),
        ("**Bold** text.\n\nB.\n", "replace", "Bold text.", "Odile asks first.\n\nB.\n"),
        ("See the [chain](#x).\n", "replace", "See the chain", "Odile asks first..\n"),
        ("A [b](#x).\n", "delete", "b", "A.\n"),
        ("A.\n\nB [c](#x).\n", "delete", "B c.", "A.\n"),
    ],
)
def test_taking_out_words_takes_the_marks_that_belong_to_them(text: str, action: str, quote: str, amended: str) -> None:
    assert _amended(text, action, quote=quote) == amended


def test_a_star_that_is_no_mark_may_be_taken_out() -> None:
    assert _amended("3 * 4 is more.\n\nB.\n", "delete", quote="3 * 4 is more.") == "B.\n"


@pytest.mark.parametrize("action", ["delete", "replace"])
def test_taking_out_words_keeps_the_marks_about_their_neighbours(action: str) -> None:
    new = "" if action == "delete" else "Zz"
    amended = _amended("- **One** two three_four *five*\n", action, "Zz", quote="two")
    assert amended == f"- **One** {new} three_four *five*\n".replace("  ", " ")


def test_deleting_the_first_words_of_a_clause_leaves_no_space_at_its_head() -> None:
    assert _amended("A.\n\nB one two.\n", "delete", quote="B one") == "A.\n\ntwo.\n"


def test_deleting_the_last_clause_leaves_no_blank_line_at_the_end() -> None:
    assert _amended("A.\n\nB.\n", "delete", quote="B.") == "A.\n"


@pytest.mark.parametrize("text", ["\ufeffA.\n", "\ufeff# A.\n"])
def test_a_byte_order_mark_stays_first(text: str) -> None:
    assert _amended(text, "insert-before", quote="A.").startswith("\ufeffOdile asks first.\n\n")


def test_a_passage_goes_below_the_line_under_a_title() -> None:
    assert _amended("Title\n===\n\nA.\n", "insert-after", quote="Title") == "Title\n===\n\nOdile asks first.\n\nA.\n"


def test_the_name_returns_with_its_possessive_in_passage_and_anchor() -> None:
    text = "# Odile’s rules\n\nOdile’s help is real.\n"
    amended = _amended(
        text,
        "insert-after",
        "Clément’s help, **Clément**, Clémentine.",
        section="Clément's rules",
        quote="Clément's help",
    )
    assert amended == f"{text}\nOdile’s help, **Odile**, Clémentine.\n"


def test_a_common_noun_is_raised_at_the_start_of_a_sentence() -> None:
    text = "# The assistant’s rules\n\nThe assistant helps, and so the assistant asks.\n"
    passage = "Clément waits. Then Clément’s user answers, and:\n\n- Clément acts"
    amended = _amended(text, "insert-after", passage, "the assistant", section="Clément’s rules", quote="Clément helps")
    assert amended == (
        f"{text}\nThe assistant waits. Then the assistant’s user answers, and:\n\n- The assistant acts\n"
    )


def test_a_quote_may_begin_with_the_placeholder_in_the_middle_of_a_sentence() -> None:
    text = "When in doubt, the assistant asks.\n"
    assert _amended(text, "insert-after", "New.", "the assistant", quote="Clément asks") == f"{text}\nNew.\n"


@pytest.mark.parametrize("action", ["insert-after", "insert-before", "append-to-section"])
def test_adding_an_empty_passage_is_refused(action: str) -> None:
    anchor = {"section": "T"} if action == "append-to-section" else {"quote": "A."}
    with pytest.raises(EditError) as caught:
        _amended("# T\n\nA.\n", action, "<!-- a comment alone -->", **anchor)
    assert str(caught.value) == "ask-first.md:10: the passage is empty\n  mend: write it under `## Passage`"


def test_one_place_serves_many_passages() -> None:
    spec = make_spec("A.\n\nB.\n")
    amendment = make_amendment("insert-after", PASSAGE, quote="A.")
    place = find_edit(spec, amendment, amendment.edits[0]).place
    changes = [make_change(spec.document, place, words) for words in (" One.\n", "Two.")]
    assert changes == [Change(Span(3, 3), "\nOne.\n"), Change(Span(3, 3), "\nTwo.\n")]


def _texts(document: Document) -> list[tuple[str, str]]:
    return [(clause.kind, document.slice(clause.span).strip()) for clause in document.clauses]


def _inserted(text: str, amended: str) -> str:
    """What was added in one place; fails where anything else differs."""
    start = next((at for at, (old, new) in enumerate(zip(text, amended, strict=False)) if old != new), len(text))
    length = len(amended) - len(text)
    assert amended[start + length :] == text[start:]
    return amended[start : start + length]


@settings(max_examples=30)
@given(
    st.integers(0, len(PARAGRAPHS) - 1),
    st.sampled_from(["insert-after", "insert-before"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["Zz one.", "Zz one\ntwo.\n\nThree[^ab1d].", "Zz “é” **x**.\n\n> quoted"]),
)
def test_inserting_then_taking_out_restores_every_byte(
    index: int, action: str, newline: str, has_last_line_end: bool, passage: str
) -> None:
    text = (ODILE if has_last_line_end else ODILE.rstrip("\n")).replace("\n", newline)
    document = make_spec(text).document
    clause = document.clauses[parse_document(ODILE, "x/1").clauses.index(PARAGRAPHS[index])]
    amended = _amended(text, action, passage, quote=fold_words(document.slice(clause.span)))
    added = _inserted(text, amended)
    words = passage.replace("\n", newline)
    assert added.strip() == words
    assert set(added.replace(words, "")) <= set(newline)
    assert amended.replace(added, "", 1) == text
    new = [("paragraph", part) for part in words.split(newline * 2)]
    new = [("quote", part) if part[0] == ">" else (kind, part) for kind, part in new]
    at = document.clauses.index(clause) + (action == "insert-after")
    old = _texts(document)
    assert _texts(parse_document(amended, "x/1")) == [*old[:at], *new, *old[at:]]


@settings(max_examples=30)
@given(st.integers(0, len(PARAGRAPHS) - 2), st.sampled_from(["\n", "\r\n"]))
def test_deleting_an_inserted_passage_restores_every_byte(index: int, newline: str) -> None:
    text = ODILE.replace("\n", newline)
    amended = _amended(text, "insert-after", "Zz one.", quote=fold_words(_slice(PARAGRAPHS[index].span)))
    assert _amended(amended, "delete", quote="Zz one.") == text


def _slice(span: Span) -> str:
    return ODILE[span.start : span.end]


@settings(max_examples=30)
@given(st.integers(0, len(PARAGRAPHS) - 1), st.data())
def test_replacing_words_and_putting_them_back_restores_every_byte(index: int, data: st.DataObject) -> None:
    words = _slice(PARAGRAPHS[index].span).split()
    first = data.draw(st.integers(0, len(words) - 1))
    # Single spaces, no marks: in this document every paragraph is one line, and emphasis stands in lists alone.
    quote = " ".join(words[first : first + 12])
    prefix = " ".join(words[:first])
    amended = _amended(ODILE, "replace", "Zz", quote=quote, prefix=prefix, suffix=" ".join(words[first + 12 :]))
    assert amended.count("Zz") == 1
    assert _amended(amended, "replace", quote.replace("Odile", "Clément"), quote="Zz") == ODILE


@pytest.mark.parametrize("name", ["constitution", "model_spec"])
def test_an_insertion_leaves_every_clause_of_a_real_document_as_it_was(
    request: pytest.FixtureRequest, name: str
) -> None:
    release: Document = request.getfixturevalue(name)
    spec = make_spec(release.text)
    document, old, kinds = spec.document, _texts(release), set()
    for number, clause in enumerate(document.clauses[:: len(document.clauses) // 8]):
        quote = fold_words(document.slice(clause.span)).replace("\\", "\\\\")
        action = "insert-before" if number % 2 else "insert-after"
        amended = apply_amendment(spec, make_amendment(action, "Zz one.", quote=quote, section=clause.section_id))
        assert _inserted(release.text, amended).strip() == "Zz one."
        new = _texts(parse_document(amended, "x/1"))
        assert [shape for shape in new if shape != ("paragraph", "Zz one.")] == old
        kinds.add(clause.kind)
    assert {"paragraph", "list-item"} <= kinds


def test_every_example_amendment_adds_its_passage_under_the_documents_name(example: Workspace) -> None:
    spec = read_spec(example.folder("specs"), "atelier/2026-09-01")
    for path in example.amendment_paths():
        amendment = read_amendment(path)
        amended = apply_amendment(spec, amendment)
        wanted = amendment.passage.replace(amendment.placeholder, "Odile")
        assert _inserted(spec.document.text, amended).strip() == wanted


@pytest.mark.parametrize("passage", ["~~~xml\n<user>", "Here it is:\n\n<!-- something", "```\ncode"])
@pytest.mark.parametrize("action", ["insert-after", "replace"])
def test_a_passage_that_would_take_the_text_after_it_along_is_refused(action: str, passage: str) -> None:
    edit = {action: {"quote": "A a.", "passage": passage}}
    with pytest.raises(EditError, match="would take the text after it along"):
        apply_amendment(make_spec("A a.\n\nB b.\n"), make_draft(edit))


@pytest.mark.parametrize("text", ["- a a. b b.\n- c c\n", '!!! meta "C"\n    a a. b b.\n', "> a a. b b.\n> more\n"])
def test_several_lines_do_not_replace_words_inside_indented_clauses(text: str) -> None:
    with pytest.raises(EditError, match="several lines cannot replace words inside"):
        _amended(text, "replace", "One.\n\nTwo.", quote="b b")
    assert _amended(text, "replace", "One.", quote="b b.") == text.replace("b b.", "One.")
    assert _amended("A a. B b.\n", "replace", "One.\n\nTwo.", quote="B b.") == "A a. One.\n\nTwo.\n"


def test_an_item_takes_the_bullet_of_its_list() -> None:
    assert _amended("* a a\n* b b\n", "insert-after", "- New.", quote="a a") == "* a a\n* New.\n* b b\n"


def test_an_amendment_that_changes_nothing_says_so() -> None:
    with pytest.raises(EditError, match="changes nothing"):
        _amended("A a. B b.\n", "replace", "B b.", quote="B b.")
