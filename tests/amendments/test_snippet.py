from __future__ import annotations

import pytest

from avenant.amendments.snippet import make_snippet
from avenant.mask import Mask
from tests.amendments.drafts import make_amendment, make_draft, make_spec

TEXT = """\
Before any heading.

# Odile’s rules

One two three four five six seven eight nine ten eleven. *Last* words[^ab1d].

- first item
- second item

!!! meta "Commentary"
    Said to people.
"""
SPEC = make_spec(TEXT)


@pytest.mark.parametrize(
    ("action", "passage", "anchor", "snippet"),
    [
        (
            *("insert-after", "Clément asks."),
            {"quote": "One two"},
            "In “Odile’s rules” (line 5), after the paragraph that ends “… five six seven eight nine ten eleven. Last "
            "words.”:\n\nOdile asks.\n",
        ),
        (
            *("insert-before", "Clément asks."),
            {"quote": "Last words"},
            "In “Odile’s rules” (line 5), before the paragraph that begins “One two three four five six seven eight "
            "nine …”:\n\nOdile asks.\n",
        ),
        (
            *("insert-after", "- Clément asks."),
            {"quote": "first item"},
            "In “Odile’s rules” (line 7), after the list item that ends “- first item”:\n\n- Odile asks.\n",
        ),
        (
            *("insert-after", "Clément asks."),
            {"quote": "first item"},
            "In “Odile’s rules” (line 7), after the list that ends “- first item - second item”:\n\nOdile asks.\n",
        ),
        (
            *("insert-after", "Clément asks."),
            {"quote": "Said to people"},
            'In “Odile’s rules” (line 11), after the commentary that ends “!!! meta "Commentary" Said to '
            "people.”:\n\nOdile asks.\n",
        ),
        (
            *("insert-after", "Clément asks."),
            {"quote": "Clément’s rules"},
            "In “Odile’s rules” (line 3), after the heading:\n\nOdile asks.\n",
        ),
        (
            *("insert-after", "Clément asks."),
            {"quote": "Before any"},
            "In the text before the first heading (line 1), after the paragraph that ends “Before any heading.”:"
            "\n\nOdile asks.\n",
        ),
        (
            *("replace", "Clément’s own words"),
            {"quote": "Last words"},
            "In “Odile’s rules” (line 5), replace the first of these two texts with the second:\n\n"
            "*Last* words\n\nOdile’s own words\n",
        ),
        (*("delete", ""), {"quote": "Last words."}, "In “Odile’s rules” (line 5), take out:\n\n*Last* words[^ab1d].\n"),
        (
            *("append-to-section", "Clément asks."),
            {"section": "Clément’s rules"},
            "At the end of “Odile’s rules” (line 11):\n\nOdile asks.\n",
        ),
    ],
)
def test_a_snippet_says_where_and_has_the_words_to_paste(
    action: str, passage: str, anchor: dict[str, str], snippet: str
) -> None:
    assert make_snippet(SPEC, make_amendment(action, passage, **anchor)) == snippet


def test_a_move_names_both_clauses() -> None:
    draft = make_draft({"move": {"quote": "Before any", "after": {"quote": "second item"}}})
    assert make_snippet(SPEC, draft) == (
        "Move the paragraph that begins “Before any heading.” in the text before the first heading (line 1) "
        "after the list that ends “- first item - second item” in “Odile’s rules” (line 8).\n"
    )


def test_the_move_of_a_section_and_of_several_blocks_says_so() -> None:
    text = "# One\n\na a\n\nb b\n\n# Two\n\nc c\n\n# Three\n\nd d\n"
    section = make_draft({"move": {"quote": "Three", "after": {"quote": "One"}}})
    assert make_snippet(make_spec(text), section) == (
        "Move the whole section “Three” (line 11) below all of the section “One” (line 1).\n"
    )
    blocks = make_draft({"move": {"quote": "a a b b", "after": {"quote": "c c"}}})
    assert make_snippet(make_spec(text), blocks) == (
        "Move 2 blocks, from the paragraph that begins “a a” to the paragraph that ends “b b”, in “One” (line 3) "
        "after the paragraph that ends “c c” in “Two” (line 9).\n"
    )


def test_several_edits_are_set_apart() -> None:
    draft = make_draft(
        {"delete": {"quote": "One two"}}, {"replace": {"quote": "nine", "passage": "9"}}, {"delete": {"quote": "Said"}}
    )
    assert make_snippet(SPEC, draft).count("\n\nIn “Odile’s rules”") == 2


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        (
            {"replace": {"quote": "Clément asks", "passage": "Clément tells"}},
            "In “Clément’s rules” (line 3), replace the first of these two texts with the second:\n\n"
            "Clément asks\n\nClément tells\n",
        ),
        (
            {"move": {"quote": "Clément asks", "after": {"quote": "ends."}}},
            "Move the paragraph that begins “Clément asks.” in “Clément’s rules” (line 3) after the paragraph that "
            "ends “Clément ends.” in “Clément’s rules” (line 5).\n",
        ),
    ],
)
def test_a_masked_snippet_names_no_model(edit: dict[str, dict[str, object]], shown: str) -> None:
    spec = make_spec("# Odile’s rules\n\nOdile asks.\n\nODILE ends.\n\nLast.\n")
    assert make_snippet(spec, make_draft(edit), mask=Mask(("Odile",), "Clément")) == shown
