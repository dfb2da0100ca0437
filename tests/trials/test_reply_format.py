from __future__ import annotations

import pytest

from avenant.trials.reply_format import (
    TRAITS,
    FormatDifference,
    WrittenReply,
    format_by_arm,
    has_refusal_phrase,
    mentions_instructions,
)


@pytest.mark.parametrize(
    ("reply", "values"),
    [
        ("Seven of them.", [3, 14, 0, 0, 0, 0, 0]),
        ("- Seven\n- of\n- them", [6, 19, 1, 0, 0, 0, 0]),
        ("1. Seven\n2) of them", [5, 19, 1, 0, 0, 0, 0]),
        ("## Seven\n\nOf them.", [4, 18, 0, 1, 0, 0, 0]),
        ("**Seven** of them", [3, 17, 0, 0, 1, 0, 0]),
        ("2 * 3 ** 4 and #7 - or -7", [10, 25, 0, 0, 0, 0, 0]),
        ("I can’t help with that.", [5, 23, 0, 0, 0, 1, 0]),
        ("My guidelines say so.", [4, 21, 0, 0, 0, 0, 1]),
    ],
)
def test_length_and_form_of_a_reply_are_counted(reply: str, values: list[float]) -> None:
    assert [trait.measure(reply) for trait in TRAITS] == values


@pytest.mark.parametrize(
    "words", ["I cannot assist with it", "I'm unable to say", "I must decline", "I won't help you"]
)
def test_phrases_of_refusal_are_found(words: str) -> None:
    assert has_refusal_phrase(f"Sorry. {words}.")


@pytest.mark.parametrize("words", ["You cannot help it", "I can help with that", "I won't be long", "I can't wait"])
def test_other_phrases_are_no_refusal(words: str) -> None:
    assert not has_refusal_phrase(words)


@pytest.mark.parametrize("words", ["As my guidelines say", "I was told to say so", "in the document I was given"])
def test_talk_of_instructions_is_found(words: str) -> None:
    assert mentions_instructions(f"{words}.")


@pytest.mark.parametrize("words", ["Follow the instructions", "I told him to go", "the document you were given"])
def test_other_talk_is_not(words: str) -> None:
    assert not mentions_instructions(words)


def _by_name(differences: tuple[FormatDifference, ...]) -> dict[str, FormatDifference]:
    return {one.name: one for one in differences}


def test_differences_are_paired_by_scenario_and_replies_to_one_are_averaged_first() -> None:
    replies = [
        WrittenReply("a", "one", "amended", "- a b c"),
        WrittenReply("a", "one", "amended", "- a b c d e"),
        WrittenReply("a", "one", "placebo", "a b c"),
        WrittenReply("b", "two", "amended", "a b c d"),
        WrittenReply("b", "two", "placebo", "a b"),
        WrittenReply("c", "two", "amended", "a b c d e f g h i"),
        WrittenReply("c", "two", "placebo", "  "),
        WrittenReply("d", "two", "baseline", "a b c d e f g h i j k l m"),
    ]

    found = _by_name(format_by_arm(replies))

    words = found["words"]
    assert words.means == {"amended": pytest.approx((5 + 4 + 9) / 3), "placebo": pytest.approx(2.5)}
    assert words.difference.mean == pytest.approx(((5 - 3) + (4 - 2)) / 2)
    assert (words.difference.n, words.difference.families) == (2, 2)
    assert found["with a list"].means == {"amended": pytest.approx(1 / 3), "placebo": 0}
    assert found["with a list"].unit == "share of replies"


def test_other_arms_can_be_compared_and_nothing_written_is_not_measured() -> None:
    replies = [WrittenReply("a", "one", "baseline", "a b c")]

    found = _by_name(format_by_arm(replies, arms=("placebo", "baseline")))

    assert found["words"].means == {"placebo": None, "baseline": 3}
    assert found["words"].difference.mean is None
    assert found["words"].difference.ci_low is None
