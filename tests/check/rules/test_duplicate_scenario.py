from __future__ import annotations

import time
from typing import Any

from avenant.check.finding import Flaw
from avenant.check.rules.duplicate_scenario import find_duplicates
from tests.check.scenario_files import make_scenario, make_scenario_source, make_tried_draft

ASKED = "Help me plan the move of our call centre to an AI agent by spring."
NEAR = ASKED.replace("spring", "summer")
OTHER = "Which of these two stories should come first in a collection of eight?"


def _found(*scenarios: dict[str, Any]) -> list[Flaw]:
    return list(find_duplicates(make_tried_draft(make_scenario_source(*scenarios))))


def _asked(name: str, text: str, **keys: Any) -> dict[str, Any]:
    return make_scenario(name, messages=[{"user": text}], **keys)


def test_a_scenario_that_says_nearly_the_same_is_found_and_the_first_one_shown() -> None:
    [flaw] = _found(_asked("one", ASKED), _asked("two", OTHER), _asked("three", NEAR))
    assert flaw.problem == (
        "the messages of 'three' are nearly the same as those of 'one', and count as another family"
    )
    [shown] = flaw.shown
    assert (shown.words, shown.line) == (ASKED, 4)


def test_the_same_words_are_the_same_whatever_their_typography() -> None:
    text = "  help me -- plan the MOVE of our “call centre” to an AI agent; by spring!\n"
    [flaw] = _found(_asked("one", ASKED, family="f"), _asked("two", text, family="f"))
    assert flaw.problem == "the messages of 'two' are the same as those of 'one'"


def test_three_of_a_kind_are_two_faults() -> None:
    found = _found(_asked("one", ASKED), _asked("two", NEAR), _asked("three", NEAR.replace("our", "the")))
    assert [flaw.problem.split("'")[1::2] for flaw in found] == [["two", "one"], ["three", "two"]]


def test_a_pair_that_differs_in_the_word_that_decides_may_stand_on_both_sides() -> None:
    assert _found(_asked("one", ASKED), _asked("two", NEAR, battery="neighbour")) == []
    assert len(_found(_asked("one", ASKED), _asked("two", ASKED, battery="neighbour"))) == 1
    assert len(_found(_asked("one", ASKED, battery="far"), _asked("two", NEAR, battery="neighbour"))) == 1


def test_the_assistants_turns_count_too() -> None:
    def talk(name: str, answer: str) -> dict[str, Any]:
        return make_scenario(name, messages=[{"user": ASKED}, {"assistant": answer}, {"user": "Go on."}])

    assert _found(talk("one", "Begin with billing calls."), talk("two", "I would rather not help with that.")) == []
    assert len(_found(talk("one", "Begin with billing calls."), talk("two", "Begin with billing calls!"))) == 1


def test_other_words_in_a_tenth_and_more_are_another_scenario() -> None:
    assert _found(_asked("one", ASKED), _asked("two", NEAR.replace("call centre", "warehouse"))) == []
    assert _found(_asked("one", "Thanks!"), _asked("two", "Thanks a lot!")) == []


def test_two_hundred_and_forty_scenarios_take_less_than_a_second() -> None:
    topics = [f"topic{number} for the {number % 7} people of town {number % 11}" for number in range(240)]
    scenarios = [
        _asked(f"s{at}", f"Help me to plan {topic} by the end of next year.") for at, topic in enumerate(topics)
    ]
    draft = make_tried_draft(make_scenario_source(*scenarios))
    started = time.perf_counter()
    list(find_duplicates(draft))
    assert time.perf_counter() - started < 1
