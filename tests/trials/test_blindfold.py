from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.trials.blindfold import MARK, Blindfold, Masked, added_lines, mask_quotes

PASSAGE = "When someone asks Odile for a view, it closes the reply with the words as I see it."


@pytest.mark.parametrize(
    ("reply", "masked", "hidden"),
    [
        (f"My document says: {PASSAGE}", "My document says: […].", 18),
        ("I close the reply with the words as I see it.", "I […].", 10),
        ("So, it closes the reply with the words you know.", "So, […] you know.", 7),
        ("It CLOSES the “reply” — with *the* words.", "[…].", 7),
        ("- It closes\n- the reply\n- with the words", "- […]", 7),
        ("1. It closes\n2. the reply\n3. with the words", "1. […]", 7),
        ("It is closing replies with the words", "It is closing replies with the words", 0),
        ("He closed the replies with the words.", "He […].", 6),
        ("It closes the reply", "It closes the reply", 0),
        ("it closes the reply with the", "[…]", 6),
        ("A view, as I see it.", "A view, as I see it.", 0),
        ("When someone asks Odile for tea, and so on.", "When someone asks Odile for tea, and so on.", 0),
        ("", "", 0),
        ("No words of it at all.", "No words of it at all.", 0),
        ("3 of 10. That is all.", "3 of 10. That is all.", 0),
    ],
)
def test_six_words_of_a_passage_in_a_row_are_hidden_and_fewer_are_not(reply: str, masked: str, hidden: int) -> None:
    assert mask_quotes(reply, [PASSAGE]) == Masked(masked, hidden)


def test_runs_of_several_passages_are_hidden_with_curly_and_straight_marks_alike() -> None:
    passages = ["It doesn't say what it doesn't know at all.", "A neutral text about the order of pages."]

    masked = mask_quotes("It doesn’t say what it doesn’t know. Also: a neutral text about the order. Done.", passages)

    assert masked == Masked("[…]. Also: […]. Done.", 13)


def test_what_the_judge_reads_anyway_is_not_hidden() -> None:
    reply = "You asked how it closes the reply with the words of a friend."

    assert mask_quotes(reply, [PASSAGE]).hidden_words == 7
    assert mask_quotes(reply, [PASSAGE], known=["Say how it closes the reply with the words!"]) == Masked(reply, 0)


@given(st.text(max_size=120))
def test_a_reply_that_quotes_nothing_stays_as_it_is(reply: str) -> None:
    assert mask_quotes(reply, ["zyx " * 10]) == Masked(reply, 0)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_quoted_passage_is_hidden_whatever_stands_around_it(before: str, after: str) -> None:
    masked = mask_quotes(f"{before} {PASSAGE} {after}", [PASSAGE])

    assert "closes the reply with the words" not in masked.text
    assert MARK in masked.text


def test_the_same_blindfold_lies_over_all_arms_and_puts_the_placeholder() -> None:
    systems = {
        "baseline": "Odile helps.\n\nThe end.",
        "amended": f"Odile helps.\n\n{PASSAGE}\n\nThe end.",
        "placebo-1": "Odile helps.\n\nPage numbers are left out of this text.\n\nThe end.",
    }
    blindfold = Blindfold(added_lines(systems), ("Odile", "Odile Grande"), "Clément")

    amended, placebo = (
        blindfold(reply, messages=[("user", "?")], rubric="10: yes.")
        for reply in (f"I am Odile Grande: {PASSAGE}", "Odile says page numbers are left out of this text.")
    )

    assert amended.text == "I am Clément: […]."
    assert placebo.text == "Clément says […]."


def test_an_arm_adds_the_lines_that_the_baseline_has_not() -> None:
    systems = {"baseline": "One.\nTwo.", "amended": "One.\nNew.\nTwo.\nNewer.", "taken-out": "One."}

    assert added_lines(systems) == ("New.\nNewer.",)
