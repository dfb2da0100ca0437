from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.amendments.anchor import Anchor
from avenant.amendments.edit import ACTIONS, SIDES, Action, Edit, parse_edits
from avenant.amendments.writing import render_yaml
from avenant.errors import Fault
from avenant.files import parse_yaml

PATH = Path("amendments/ask-first.md")


def _parsed(front: str) -> tuple[tuple[Edit, ...], list[Fault]]:
    """Edits and faults of a front matter that begins on line 2, as in a file."""
    faults: list[Fault] = []
    edits = parse_edits(parse_yaml(front, PATH, first_line=2), PATH, faults)
    return edits, faults


def _edits(front: str) -> tuple[Edit, ...]:
    edits, faults = _parsed(front)
    assert faults == []
    return edits


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_is_read_with_the_anchor_it_needs(action: str) -> None:
    anchors = {"append-to-section": "{section: Limits}", "move": "{quote: words, before: {quote: others}}"}
    [edit] = _edits(f"edits:\n  - {action}: {anchors.get(action, '{quote: words}')}\n")
    wanted = Anchor("", "Limits") if action == "append-to-section" else Anchor("words")
    assert (edit.action, edit.anchor, edit.line, edit.passage) == (action, wanted, 3, None)
    moved = ("before", Anchor("others")) if action == "move" else (None, None)
    assert (edit.side, edit.destination) == moved


def test_an_edit_is_read_with_all_its_keys() -> None:
    front = """\
title: x
edits:
  - move:
      section: Being helpful
      quote: "It asks: first"
      prefix: before
      suffix: after
      authority: root
      after: {section: Limits, quote: others, prefix: c, suffix: d, authority: user}
  - replace:
      quote: words
      passage: |

        Its own words,
        in two lines.

"""
    assert _edits(front) == (
        Edit(
            "move",
            Anchor("It asks: first", "Being helpful", "before", "after", "root"),
            line=4,
            side="after",
            destination=Anchor("others", "Limits", "c", "d", "user"),
        ),
        Edit("replace", Anchor("words"), line=11, passage="Its own words,\nin two lines."),
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_only_an_edit_that_puts_words_in_is_adding(action: Action) -> None:
    assert Edit(action, Anchor("x"), 1).is_adding == (action not in ("delete", "move"))


def test_the_anchors_of_a_move_are_two() -> None:
    one, other = Anchor("x"), Anchor("y")
    assert Edit("delete", one, 1).anchors == (one,)
    assert Edit("move", one, 1, side="after", destination=other).anchors == (one, other)


ANCHOR_KEYS = "section, quote, prefix, suffix, authority"
DELETE_KEYS = f"the keys are {ANCHOR_KEYS}"
KEYS = f"the keys are {ANCHOR_KEYS}, passage"
MOVE_KEYS = f"the keys are {ANCHOR_KEYS}, after, before"
BEGIN = "begin it with one of: insert-after, insert-before, replace, delete, append-to-section, move"
NEW = "see `avenant new`"


@pytest.mark.parametrize(
    ("edits", "faults"),
    [
        ("{delete: {quote: x}}", [(2, "edits must be a list", "begin each edit with `- `")]),
        ("\n- replace: {section: A}", [(3, "replace: quote is missing or empty", KEYS)]),
        ("\n- replace: {quote: '  '}", [(3, "replace: quote is missing or empty", KEYS)]),
        ("\n- append-to-section: {quote: x}", [(3, "append-to-section: section is missing or empty", KEYS)]),
        (
            "\n- delete: {quotes: x}",
            [
                (3, "delete: unknown key 'quotes'", DELETE_KEYS),
                (3, "delete: quote is missing or empty", DELETE_KEYS),
            ],
        ),
        ("\n- delete: {quote: 7}", [(3, f"delete needs the keys {ANCHOR_KEYS}, as texts", NEW)]),
        ("\n- delete:", [(3, f"delete needs the keys {ANCHOR_KEYS}, as texts", NEW)]),
        ("\n- replace: {quote: x, passage: 7}", [(3, f"replace needs the keys {ANCHOR_KEYS}, passage, as texts", NEW)]),
        ("\n- delete", [(3, "not an edit: 'delete'", BEGIN)]),
        ("\n- rewrite: {quote: x}", [(3, "not an edit: {'rewrite': {'quote': 'x'}}", BEGIN)]),
        (
            "\n- delete: {quote: x}\n  replace: {quote: y}",
            [(3, "not an edit: {'delete': {'quote': 'x'}, 'replace': {'quote': 'y'}}", BEGIN)],
        ),
        ("\n- delete: {quote: x}\n\n- delete: {}", [(5, "delete: quote is missing or empty", DELETE_KEYS)]),
        ("\n- replace: {quote: x, passage: ' '}", [(3, "replace: passage is empty", KEYS)]),
        ("\n- delete: {quote: x, passage: y}", [(3, "delete: unknown key 'passage'", DELETE_KEYS)]),
        ("\n- delete: {quote: x, after: y}", [(3, "delete: unknown key 'after'", DELETE_KEYS)]),
        (
            "\n- move: {quote: x, passage: y, after: {quote: z}}",
            [(3, "move: unknown key 'passage'", MOVE_KEYS)],
        ),
        (
            "\n- move: {quote: x}",
            [(3, "move: give one of after and before, with the clause beside which the words go", MOVE_KEYS)],
        ),
        (
            "\n- move: {quote: x, after: {quote: y}, before: {quote: z}}",
            [(3, "move: give one of after and before, with the clause beside which the words go", MOVE_KEYS)],
        ),
        ("\n- move: {quote: x, after: y}", [(3, f"move: after needs the keys {ANCHOR_KEYS}, as texts", MOVE_KEYS)]),
        (
            "\n- move: {quote: x, before: {quote: 7}}",
            [(3, f"move: before needs the keys {ANCHOR_KEYS}, as texts", MOVE_KEYS)],
        ),
        (
            "\n- move: {section: x, before: {section: y, after: z}}",
            [
                (3, "move: quote is missing or empty", MOVE_KEYS),
                (3, "move: before: unknown key 'after'", MOVE_KEYS),
                (3, "move: before: quote is missing or empty", MOVE_KEYS),
            ],
        ),
        (
            "\n- move: {quote: 7, after: {quote: y}}",
            [(3, f"move needs the keys {ANCHOR_KEYS}, after, before, as texts", NEW)],
        ),
    ],
)
def test_an_edit_is_refused_with_its_line(edits: str, faults: list[tuple[int, str, str]]) -> None:
    assert _parsed(f"edits: {edits}\n")[1] == [Fault(problem, PATH, line, mend) for line, problem, mend in faults]


@pytest.mark.parametrize("edits", ["", " []", " null"])
def test_no_edits_are_no_fault_of_an_edit(edits: str) -> None:
    assert _parsed(f"title: x\nedits:{edits}\n") == ((), [])


def test_two_edits_that_share_the_passage_are_refused_and_each_further_one_is_named() -> None:
    share = "  - insert-after: {quote: x}\n"
    own = "  - replace: {quote: y, passage: z}\n"
    without = "  - delete: {quote: x}\n  - move: {quote: y, after: {quote: z}}\n"
    for edits in (share, own * 3, share + own * 2 + without, without + own + share):
        assert _parsed(f"edits:\n{edits}")[1] == []
    mend = "give each of them but one its own words: `passage: …` in the edit"
    assert _parsed(f"edits:\n{share}{own}{share}{without}{share}")[1] == [
        Fault("3 edits take the words under ## Passage", PATH, line, mend) for line in (5, 8)
    ]


def test_the_first_word_of_a_fragment_is_not_taken_for_the_head_of_a_sentence() -> None:
    anchor = Anchor("Clément asks. Clément waits")
    whole = anchor.with_subject("Clément", "the assistant").quote
    fragment = anchor.with_subject("Clément", "the assistant", is_fragment=True).quote
    assert (whole, fragment) == ("The assistant asks. The assistant waits", "the assistant asks. The assistant waits")


def test_an_edit_is_written_as_people_read_it_without_empty_keys() -> None:
    edit = Edit("move", Anchor("x", "S", "a", "b", "root"), 7, side="before", destination=Anchor("y"))
    assert list(edit.front_matter()["move"].items()) == [
        ("section", "S"),
        ("quote", "x"),
        ("prefix", "a"),
        ("suffix", "b"),
        ("authority", "root"),
        ("before", {"quote": "y"}),
    ]
    assert Edit("replace", Anchor("x"), 1, "new").front_matter() == {"replace": {"quote": "x", "passage": "new"}}
    assert Edit("append-to-section", Anchor("", "S"), 1).front_matter() == {"append-to-section": {"section": "S"}}


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1, max_size=30)
QUOTE = WORDS.filter(str.strip)
ANCHORS = st.builds(
    Anchor,
    QUOTE,
    st.none() | QUOTE,
    st.just("") | WORDS,
    st.just("") | WORDS,
    st.none() | st.sampled_from(["root", "user", "no", "1"]),
)
EDITS = st.one_of(
    st.builds(
        Edit,
        st.sampled_from([action for action in ACTIONS if action not in ("append-to-section", "delete", "move")]),
        ANCHORS,
        st.just(2),
        st.none() | st.lists(QUOTE.map(str.strip), min_size=1, max_size=3).map("\n".join),
    ),
    st.builds(Edit, st.just("delete"), ANCHORS, st.just(2)),
    st.builds(Edit, st.just("append-to-section"), QUOTE.map(lambda title: Anchor("", title)), st.just(2)),
    st.builds(Edit, st.just("move"), ANCHORS, st.just(2), side=st.sampled_from(SIDES), destination=ANCHORS),
)


@given(EDITS)
def test_an_edit_that_is_written_and_read_is_the_same(edit: Edit) -> None:
    front: dict[str, Any] = {"edits": [edit.front_matter()]}
    [again] = _edits(render_yaml(front))
    assert (again.front_matter(), again.line) == (edit.front_matter(), 3)
