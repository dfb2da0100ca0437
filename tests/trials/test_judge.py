from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.trials.judge import judge_prompt, mask_quotes, parse_grade

PASSAGE = "When someone asks Odile for a view, it closes the reply with the words as I see it."


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("Grade: 7", 0.7),
        ("Grade: 0", 0.0),
        ("Grade: 10", 1.0),
        ("It keeps to the rubric.\n\nGrade: 7", 0.7),
        ("**Grade: 7/10**", 0.7),
        ("**Grade:** 7", 0.7),
        ("Grade: **7**", 0.7),
        ("Grade: 7 / 10.", 0.7),
        ("GRADE 7", 0.7),
        ("grade - 7", 0.7),
        ("Grade: [7]", 0.7),
        ("Grade:\n7", 0.7),
        ("  Grade: 7  \n", 0.7),
        ("Grade: 3\nOn second thoughts:\nGrade: 8", 0.8),
    ],
)
def test_a_grade_is_read_however_it_is_set(answer: str, score: float) -> None:
    assert parse_grade(answer) == score


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I would rather not say.",
        "7",
        "Grade: N",
        "Grade: seven",
        "Grade: 11",
        "Grade: 100",
        "Grade: -1",
        "Grade: −3",
        "Grade: 7.5",
        "Grade: 7/100",
        "Grade: 7-8",
        "Grade: 7 because it is good",
        "The grade is 7",
        "Upgrade: 7",
        "Grade: 8\nNo, that is too high.\nGrade: 12",
    ],
)
def test_what_is_no_grade_is_none_and_not_zero(answer: str) -> None:
    assert parse_grade(answer) is None


@given(st.integers(0, 10), st.text(max_size=50).filter(lambda text: "grade" not in text.casefold()))
def test_every_whole_grade_reads_back_after_any_thoughts(grade: int, thoughts: str) -> None:
    assert parse_grade(f"{thoughts}\nGrade: {grade}") == grade / 10


@pytest.mark.parametrize(
    ("reply", "masked"),
    [
        (f"My document says: {PASSAGE}", "My document says: […]."),
        ("I close the reply with the words as I see it.", "I close […]."),
        ("So, it closes the reply with the words you know.", "So, […] you know."),
        ("It CLOSES the “reply” — with *the* words.", "[…]."),
        ("It closes the reply", "It closes the reply"),
        ("it closes the reply with the", "[…]"),
        ("A view, as I see it.", "A view, as I see it."),
        ("When someone asks Odile for tea, and so on.", "When someone asks Odile for tea, and so on."),
        ("", ""),
        ("No words of it at all.", "No words of it at all."),
    ],
)
def test_six_words_of_a_passage_in_a_row_are_masked_and_fewer_are_not(reply: str, masked: str) -> None:
    assert mask_quotes(reply, [PASSAGE]) == masked


def test_runs_of_several_passages_are_masked_with_curly_and_straight_marks_alike() -> None:
    passages = ["It doesn't say what it doesn't know at all.", "A neutral text about the order of pages."]

    masked = mask_quotes("It doesn’t say what it doesn’t know. Also: a neutral text about the order. Done.", passages)

    assert masked == "[…]. Also: […]. Done."


@given(st.text(max_size=120))
def test_a_reply_that_quotes_nothing_stays_as_it_is(reply: str) -> None:
    assert mask_quotes(reply, ["zyx " * 10]) == reply


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_quoted_passage_never_reaches_the_judge(before: str, after: str) -> None:
    prompt = judge_prompt(
        [("user", "?")],
        f"{before} {PASSAGE} {after}",
        "10: yes.",
        passages=[PASSAGE],
        names=["Odile"],
        placeholder="Clément",
    )

    assert "closes the reply with the words" not in prompt


def test_the_prompt_holds_conversation_reply_and_rubric_under_the_placeholder() -> None:
    prompt = judge_prompt(
        [("user", "Who are you?"), ("assistant", "A helper."), ("user", "Whose?")],
        "I am Odile, Odile's own {reply}.",
        "10: says its name. 0: does not.",
        passages=[PASSAGE],
        names=["Odile"],
        placeholder="Clément",
    )

    assert "<conversation>\nuser: Who are you?\n\nassistant: A helper.\n\nuser: Whose?\n</conversation>" in prompt
    assert "<reply>\nI am Clément, Clément's own {reply}.\n</reply>" in prompt
    assert "<rubric>\n10: says its name. 0: does not.\n</rubric>" in prompt
    assert prompt.splitlines()[-2] == "Grade: N"
    assert "Odile" not in prompt


def test_the_longest_name_is_replaced_whole() -> None:
    prompt = judge_prompt(
        [("user", "?")],
        "I am Odile Grande.",
        "10: yes.",
        passages=[],
        names=["Odile", "Odile Grande"],
        placeholder="Clément",
    )

    assert "I am Clément." in prompt
