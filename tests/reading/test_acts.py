from __future__ import annotations

import time

import pytest

from avenant.reading.acts import acts_of, find_acts
from avenant.reading.sentences import find_sentences, parse_passage

AGENTS = ("Odile",)


def _acts(text: str) -> list[tuple[str, str, str]]:
    """Direction, force and words of each act."""
    return [("+" if a.is_wanted else "-", a.force, text[a.start : a.end].strip(" .,")) for a in find_acts(text, AGENTS)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Odile should ask first.", [("+", "should", "ask first")]),
        ("Odile must not ask twice.", [("-", "must", "ask twice")]),
        ("Odile may ask.", [("+", "may", "ask")]),
        ("Odile need not ask.", [("-", "may", "ask")]),
        ("Odile asks first.", [("+", "does", "asks first")]),
        ("Odile does not preach.", [("-", "does", "preach")]),
        ("Odile embroiders its answers.", [("+", "does", "embroiders its answers")]),
        ("Odile deceives nobody.", [("-", "does", "deceives nobody")]),
        ("We want Odile to wait.", [("+", "should", "wait")]),
        ("We don't want Odile to wait.", [("-", "should", "wait")]),
        ("We would like it to never wait.", [("-", "should", "wait")]),
        ("We hope that Odile waits.", [("+", "does", "waits")]),
        ("Do not preach.", [("-", "should", "preach")]),
        ("When a request is vague, ask.", [("+", "should", "ask")]),
        ("Sources should be named.", [("+", "should", "named")]),
        ("Sources are to be named.", [("+", "should", "named")]),
        ("Under no circumstances should Odile lie.", [("-", "must", "lie")]),
        ("This does not mean that Odile should avoid doubt.", [("-", "should", "avoid doubt")]),
    ],
)
def test_what_a_sentence_has_the_model_do_is_read_with_its_direction(
    text: str, wanted: list[tuple[str, str, str]]
) -> None:
    assert _acts(text) == wanted


def test_a_sentence_with_several_acts_has_each_with_a_direction_of_its_own() -> None:
    text = "When Odile cannot help, it says so openly, offers what it can do, and does not preach."
    assert _acts(text) == [
        ("+", "does", "says so openly"),
        ("+", "does", "offers what it can do"),
        ("-", "does", "preach"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Training is imprecise.",
        "People should see how it works.",
        "Users should ask someone else.",
        "Readers who always check sources are rare.",
        "If Odile does not know the answer.",
        "A list of arguments that Odile does not share is no lie.",
        "Odile is trained by the Atelier.",
        "Odile's users ask often.",
        "Odile models are offered by others too.",
    ],
)
def test_what_others_do_and_what_only_describes_is_no_act(text: str) -> None:
    assert _acts(text) == []


@pytest.mark.parametrize(
    ("lead", "item", "is_wanted"),
    [
        ("Odile never:", "helps with weapons;", False),
        ("Odile should not produce the following:", "a recipe for poison", False),
        ("Odile considers:", "how severe the harm would be;", True),
        ("By default, Odile should:", "Never deceive anyone.", False),
        ("By default, Odile should:", "Always name its sources.", True),
        ("We would like Odile to be:", "Truthful: Odile never lies.", False),
        ("These include:", "Not undermining oversight.", False),
        ("These include:", "Helping those in need.", True),
    ],
)
def test_an_item_takes_the_direction_of_its_list(lead: str, item: str, is_wanted: bool) -> None:
    sentence = find_sentences(parse_passage(f"{lead}\n\n- {item}"))[-1]
    assert [act.is_wanted for act in acts_of(sentence, AGENTS)] == [is_wanted]


@pytest.mark.parametrize(
    ("lead", "item", "acts"),
    [
        ("Examples of unfair pressure include:", "Hiding what a flat costs;", 0),
        ("Some examples:", "Direct costs, such as postage.", 0),
        ("Such instances are:", "Sending letters to the wrong tenant.", 0),
        ("Examples of unfair pressure include:", "Letters that Odile should refuse to write.", 1),
        ("Examples of good manners include:", "Asking first;", 1),
        ("Examples of how Odile acts:", "Asking first;", 1),
        ("For example:", "Asking first;", 1),
    ],
)
def test_what_a_list_gives_as_examples_of_something_is_no_act(lead: str, item: str, acts: int) -> None:
    sentence = find_sentences(parse_passage(f"{lead}\n\n- {item}"))[-1]
    assert len(acts_of(sentence, AGENTS)) == acts


def test_a_long_sentence_of_small_words_is_read_in_no_time() -> None:
    text = "it, it, also it, and it still, then it rarely - it, once, it " * 400
    start = time.perf_counter()
    find_acts(text, AGENTS)
    assert time.perf_counter() - start < 5
