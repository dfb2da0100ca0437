from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import pytest
from scipy.stats import binomtest

from avenant.trials.blindfold import Blindfold
from avenant.trials.blinding import (
    BlindnessTest,
    GradedPair,
    choose_pairs,
    count_guesses,
    count_questions,
    judge_blindness,
    run_blindness_test,
)
from tests.trials.asked import Scribe, as_json, shown

PASSAGE = "When someone asks Odile for a view, it closes the reply with the words as I see it."
PLACEBO = "Page numbers are left out, and titles are written in the same way throughout this text."
BLINDFOLD = Blindfold((PASSAGE, PLACEBO), ("Odile",), "Clément")


def _pair(
    number: int, *, is_target: bool = True, amended: str = "", placebo: str = "", scores: tuple[float, float] = (1, 1)
) -> GradedPair:
    battery = "target" if is_target else "far"
    return GradedPair(
        scenario=f"{battery}-{number}",
        is_target=is_target,
        messages=(("user", f"Question {number} of {battery}?"),),
        rubric="10: it answers. 0: it does not.",
        amended=amended or f"Amended answer {number}.",
        placebo=placebo or f"Neutral answer {number}.",
        amended_score=scores[0],
        placebo_score=scores[1],
    )


PAIRS = [_pair(number) for number in range(40)] + [_pair(number, is_target=False) for number in range(40)]


def _test(
    answer: Callable[[str], str],
    pairs: list[GradedPair] = PAIRS,
    *,
    passages: tuple[str, str] | None = None,
    seed: int = 1,
) -> tuple[BlindnessTest, Scribe]:
    guesser = Scribe(answer)
    found = asyncio.run(
        run_blindness_test(
            pairs, guesser.ask, {}, guesser="lab/judge", blindfold=BLINDFOLD, passages=passages, seed=seed
        )
    )
    return found, guesser


def seeing(prompt: str) -> str:
    """Knows the arm by a word of the reply."""
    return as_json(passage="bearing" if shown(prompt, "reply").startswith("Amended") else "other")


def seeing_with_passage(prompt: str) -> str:
    return seeing(prompt) if "<bearing-passage " in prompt else as_json(passage="bearing")


def test_a_judge_that_can_tell_the_arms_apart_breaks_the_blindness() -> None:
    found, guesser = _test(seeing)

    assert found.blindness == "broken"
    assert found.reason == "120 of 120 guesses are right: the judge can tell the arms apart by more than its grades"
    assert (found.pairs, found.target_pairs, found.matched_pairs, found.guesser) == (60, 30, 80, "lab/judge")
    [guesses] = found.guesses
    assert (guesses.amended_right, guesses.amended_n, guesses.placebo_right, guesses.placebo_n) == (60, 60, 60, 60)
    assert len(guesser.prompts) == 120


@pytest.mark.parametrize("word", ["bearing", "other"])
def test_a_judge_that_always_guesses_the_same_is_right_once_in_two(word: str) -> None:
    found, _ = _test(lambda prompt: as_json(passage=word))

    assert found.guesses[0].share == 0.5
    assert found.blindness == "kept"


def test_guesses_with_the_passage_are_shown_and_decide_nothing() -> None:
    found, guesser = _test(seeing_with_passage, passages=(PASSAGE, PLACEBO))

    assert found.blindness == "kept"
    assert [(one.view, one.share) for one in found.guesses] == [("judge", 0.5), ("informed", 1.0)]
    assert len(guesser.prompts) == 240 == count_questions(PAIRS, is_informed=True)
    informed = [prompt for prompt in guesser.prompts if "<bearing-passage " in prompt]
    assert len(informed) == 120
    assert {shown(prompt, "bearing-passage") for prompt in informed} == {PASSAGE}
    assert {shown(prompt, "other-passage") for prompt in informed} == {PLACEBO}
    assert not any(PASSAGE in prompt or PLACEBO in prompt for prompt in guesser.prompts if prompt not in informed)


def test_only_replies_that_were_graded_alike_are_guessed_about() -> None:
    moved = [_pair(number, amended=f"Amended moved {number}.", scores=(1, 0.9)) for number in range(100, 140)]

    found, guesser = _test(seeing, PAIRS[:12] + moved)

    assert (found.pairs, found.matched_pairs) == (12, 12)
    assert not any("moved" in prompt for prompt in guesser.prompts)


def test_too_few_alike_replies_say_nothing() -> None:
    found, _ = _test(seeing, PAIRS[:9])

    assert found.blindness == "cannot tell"
    assert found.reason == "only 18 guesses about replies that were graded alike; it takes 20 at least"


def test_without_any_pair_nothing_is_measured() -> None:
    found, guesser = _test(seeing, [])

    assert found.blindness == "cannot tell"
    assert (found.guesses[0].share, found.guesses[0].ci_low, found.guesses[0].ci_high) == (None, None, None)
    assert found.hidden == {"amended": None, "placebo": None}
    assert guesser.prompts == []


def test_a_guesser_that_seldom_answers_says_nothing() -> None:
    found, _ = _test(lambda prompt: seeing(prompt) if "Question 1" in prompt else "I cannot tell.")

    assert found.blindness == "cannot tell"
    assert found.guesses[0].missing > 0
    assert found.reason.endswith("questions were not answered")


def test_hidden_words_are_hidden_from_the_guesser_and_reported_by_arm() -> None:
    quoting = [
        _pair(number, amended="So it closes the reply with the words of old." if number % 2 else "No.")
        for number in range(20)
    ]

    found, guesser = _test(lambda prompt: as_json(passage="bearing" if "[…]" in shown(prompt, "reply") else "other"))
    quoted, quoting_guesser = _test(
        lambda prompt: as_json(passage="bearing" if "[…]" in shown(prompt, "reply") else "other"), quoting
    )

    assert found.hidden == {"amended": 0.0, "placebo": 0.0}
    assert quoted.hidden == {"amended": 0.5, "placebo": 0.0}
    assert not any("closes the reply" in prompt for prompt in quoting_guesser.prompts)
    assert quoted.guesses[0].share == 0.75, "the mark alone tells the arm of every second amended reply"
    assert guesser.prompts


def test_the_seed_fixes_sample_and_order() -> None:
    orders = [tuple(_test(seeing, seed=seed)[1].prompts) for seed in (1, 1, 2)]

    assert orders[0] == orders[1] != orders[2]
    arms = [shown(prompt, "reply").startswith("Amended") for prompt in orders[0]]
    assert 30 < sum(a != b for a, b in itertools.pairwise(arms)) < 90, "the arms are mixed"


def test_targets_and_others_are_taken_in_equal_parts_as_far_as_there_are() -> None:
    few = [_pair(number) for number in range(4)] + [_pair(number, is_target=False) for number in range(80)]

    assert sum(pair.is_target for pair in choose_pairs(few, seed=1)) == 4
    assert len(choose_pairs(few, seed=1)) == 60


@pytest.mark.parametrize(
    ("right", "n", "blindness"),
    [
        (60, 120, "kept"),
        (67, 120, "kept"),
        (68, 120, "cannot tell"),
        (82, 120, "cannot tell"),
        (83, 120, "broken"),
        (31, 60, "kept"),
        (32, 60, "cannot tell"),
        (43, 60, "cannot tell"),
        (44, 60, "broken"),
        (0, 60, "kept"),
        (17, 20, "broken"),
        (16, 20, "cannot tell"),
        (19, 19, "cannot tell"),
    ],
)
def test_the_verdict_follows_the_exact_interval(right: int, n: int, blindness: str) -> None:
    guesses = count_guesses("judge", [(at % 2 == 0, (at % 2 == 0) == (at < right)) for at in range(n)])

    assert judge_blindness(guesses)[0] == blindness
    interval = binomtest(right, n).proportion_ci(0.95, method="exact")
    assert (guesses.ci_low, guesses.ci_high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert guesses.share == pytest.approx(right / n)
    assert guesses.n == n
