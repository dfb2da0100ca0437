from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.text import count_words
from avenant.trials.passages import CONTROL_WORD, is_control_obeyed, make_control, make_placebos

LENGTHS = st.integers(8, 300)
SEEDS = st.integers(0, 10_000)


def passage(length: int) -> str:
    return " ".join(["word"] * length)


@given(LENGTHS, SEEDS)
def test_placebos_are_within_two_words_or_two_percent_of_the_passage(length: int, seed: int) -> None:
    for placebo in make_placebos(passage(length), seed=seed):
        assert abs(count_words(placebo) - length) <= max(2, 0.02 * length)


@pytest.mark.parametrize("length", range(8, 31))
def test_placebos_of_a_short_passage_are_three_as_well(length: int) -> None:
    placebos = make_placebos(passage(length), seed=1)

    assert len(set(placebos)) == 3
    assert all(abs(count_words(placebo) - length) <= 2 for placebo in placebos)


@given(LENGTHS, SEEDS)
def test_placebos_are_three_different_texts_of_whole_sentences(length: int, seed: int) -> None:
    placebos = make_placebos(passage(length), seed=seed)

    assert len(set(placebos)) == 3
    for placebo in placebos:
        assert placebo[0].isupper()
        assert placebo.endswith(".")


def test_placebos_of_a_very_short_passage_are_short_sentences() -> None:
    assert {count_words(placebo) for placebo in make_placebos("Be brief.", seed=1)} == {8}


def test_placebos_of_a_long_passage_repeat_sentences_to_its_length() -> None:
    assert [count_words(placebo) for placebo in make_placebos(passage(900), seed=1)] == [900] * 3


def test_placebos_are_the_seeds_own() -> None:
    text = passage(40)

    assert make_placebos(text, seed=1) == make_placebos(text, seed=1)
    assert make_placebos(text, seed=1) != make_placebos(text, seed=2)


@given(LENGTHS, SEEDS)
def test_placebos_ask_for_nothing(length: int, seed: int) -> None:
    words = " ".join(make_placebos(passage(length), seed=seed)).casefold().split()

    assert not {"must", "should", "shall", "never", "always", "assistant", "reply", "you"} & set(words)


@pytest.mark.parametrize(
    ("reply", "is_obeyed"),
    [
        ("Bonjour, and so on", True),
        ("bonjour!", True),
        ("BONJOUR", True),
        ("\n **Bonjour** to you", True),
        ("“Bonjour”", True),
        ("> Bonjour", True),
        ("# Bonjour", True),
        ("Hello, and bonjour", False),
        ("Bon jour", False),
        ("", False),
        ("I will not say Bonjour", False),
    ],
)
def test_the_control_is_obeyed_where_the_word_stands_first(reply: str, is_obeyed: bool) -> None:
    assert is_control_obeyed(reply) == is_obeyed


@pytest.mark.parametrize(("name", "subject"), [("Odile", "Odile"), ("the assistant", "The assistant")])
def test_the_control_and_its_inversion_are_two_rules_about_the_same_word(name: str, subject: str) -> None:
    control = make_control(name)

    assert control.rule.startswith(f"{subject} begins every reply with the word {CONTROL_WORD}")
    assert control.inverted.startswith(f"{subject} never begins a reply with the word {CONTROL_WORD}")
    assert is_control_obeyed(control.wanted)
    assert not is_control_obeyed(control.unwanted)
    assert count_words(control.wanted) == count_words(control.unwanted)
