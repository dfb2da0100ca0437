from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from avenant.errors import ModelError
from avenant.replies import KeptReplies
from avenant.trials.answers import (
    Answer,
    Form,
    ask_in_form,
    gather_all,
    keep_replies,
    open_judges,
    read_answer,
    schema_of,
)
from avenant.trials.judge import GRADE
from avenant.trials.pairwise import CHOICE
from tests.trials import scripted  # noqa: F401  (registers the provider)
from tests.trials.asked import Scribe, as_json


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        (as_json(grade=7), 0.7),
        (as_json(grade=0), 0.0),
        (as_json(grade=10), 1.0),
        (f"```json\n{as_json(grade=3)}\n```", 0.3),
        ("It keeps to the rubric.\n\nGrade: 7", 0.7),
        ('{\n  "grade": 7\n}', 0.7),
    ],
)
def test_a_grade_is_read_from_the_object_or_from_a_grade_line(reply: str, score: float) -> None:
    assert read_answer(reply, GRADE) == score


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (as_json(grade=11), "grade is not from 0 to 10: 11"),
        (as_json(grade=-1), "grade is not from 0 to 10: -1"),
        (as_json(grade=True), "grade is no int: True"),
        (as_json(grade="7"), "grade is no int: '7'"),
        (as_json(grade=7.5), "grade is no int: 7.5"),
        (as_json(), "the reply has not exactly the keys reason and grade"),
        (as_json(grade=7, more=1), "the reply has not exactly the keys reason and grade"),
        ("I would rather not say.", "the reply is no JSON: 'I would rather not say.'"),
        ("", "the reply is no JSON: ''"),
    ],
)
def test_a_broken_answer_is_no_grade_and_says_why(reply: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as raised:
        read_answer(reply, GRADE)

    assert str(raised.value) == why


def test_a_word_that_is_no_choice_is_broken() -> None:
    with pytest.raises(ValueError, match="better is none of 1, 2, neither: 'both'"):
        read_answer(as_json(better="both"), CHOICE)


@pytest.mark.parametrize(
    ("replies", "answer"),
    [
        ([as_json(grade=7)], (0.7, 1, "")),
        (["Well.", as_json(grade=7)], (0.7, 2, "")),
        (["Well.", "Well, well."], (None, 2, "the reply is no JSON: 'Well, well.'")),
        (["Well.", "Well.", as_json(grade=7)], (None, 2, "the reply is no JSON: 'Well.'")),
    ],
)
def test_a_broken_answer_is_asked_for_once_more_and_no_more(
    replies: list[str], answer: tuple[float | None, int, str]
) -> None:
    left = iter(replies)
    judge = Scribe(lambda prompt: next(left))

    found = asyncio.run(ask_in_form("How good is it?", GRADE, judge.ask))

    assert (found.value, found.asked, found.problem) == answer
    assert len(judge.prompts) == found.asked
    assert all(prompt.startswith("How good is it?") for prompt in judge.prompts)


def test_a_kept_reply_is_not_asked_for_again_whether_broken_or_not(tmp_path: Path) -> None:
    judge = Scribe(lambda prompt: "Well." if "hard" in prompt else as_json(grade=7))
    kept = KeptReplies(tmp_path)

    async def ask_both() -> list[Answer[float]]:
        ask = keep_replies(judge.ask, kept, model="x/y")
        return [await ask_in_form(prompt, GRADE, ask) for prompt in ("easy", "hard")]

    first, again = asyncio.run(ask_both()), asyncio.run(ask_both())

    assert first == again
    assert [answer.value for answer in first] == [0.7, None]
    assert len(judge.prompts) == 3
    other = keep_replies(judge.ask, kept, model="x/z")
    assert asyncio.run(ask_in_form("easy", GRADE, other)).value == 0.7
    assert len(judge.prompts) == 4, "another judge has replies of its own"


def test_the_same_prompt_twice_at_once_has_one_reply() -> None:
    counts = iter(range(11))
    judge = Scribe(lambda prompt: as_json(grade=next(counts)))

    async def ask_twice() -> list[Answer[float]]:
        ask = keep_replies(judge.ask, {}, model="x/y")
        return await gather_all(partial(ask_in_form, "How good?", GRADE, ask) for _ in range(5))

    assert {answer.value for answer in asyncio.run(ask_twice())} == {0.0}


def test_results_come_in_the_order_of_the_questions_and_each_is_reported() -> None:
    done: list[None] = []

    async def slow(number: int) -> int:
        await asyncio.sleep(0.001 * (5 - number % 5))
        return number

    assert asyncio.run(gather_all((partial(slow, n) for n in range(25)), on_done=lambda: done.append(None))) == list(
        range(25)
    )
    assert len(done) == 25


def test_a_judge_that_is_gone_ends_the_pass_and_what_it_said_before_is_kept(tmp_path: Path) -> None:
    def answer(prompt: str) -> str:
        if int(prompt) >= 12:
            raise ModelError("nobody is at home")
        return as_json(grade=7)

    judge = Scribe(answer)

    async def ask_all() -> list[Answer[float]]:
        ask = keep_replies(judge.ask, KeptReplies(tmp_path), model="x/y")
        return await gather_all(partial(ask_in_form, str(number), GRADE, ask) for number in range(100))

    with pytest.raises(ModelError, match="nobody is at home"):
        asyncio.run(ask_all())

    assert len(list(tmp_path.iterdir())) == 12
    assert len(judge.prompts) < 40, "most of the rest is not asked at all"


def test_a_form_becomes_a_strict_schema_without_limits_that_some_providers_refuse() -> None:
    grade, choice = (schema_of(form).json_schema.model_dump(exclude_none=True) for form in (GRADE, CHOICE))

    assert grade == {
        "type": "object",
        "properties": {"reason": {"type": "string"}, "grade": {"type": "integer"}},
        "required": ["reason", "grade"],
        "additionalProperties": False,
    }
    assert choice["properties"]["better"] == {"type": "string", "enum": ["1", "2", "neither"]}
    assert schema_of(GRADE).strict


def _ask(name: str, prompts: int = 1) -> tuple[list[Answer[float]], int, int]:
    async def ask() -> tuple[list[Answer[float]], int, int]:
        async with open_judges([name]) as judges:
            judge = judges[name]
            prompt = "<conversation>\n?\n</conversation>\n<reply>\nThe answer is seven.\n</reply>"
            answers = [await ask_in_form(f"{number}{prompt}", GRADE, judge.ask) for number in range(prompts)]
            return answers, judge.calls, judge.output_tokens

    return asyncio.run(ask())


def test_a_judge_gets_the_schema_through_inspect() -> None:
    answers, calls, tokens = _ask("scripted/judge-strict", 2)

    assert [answer.value for answer in answers] == [1.0, 1.0]
    assert (calls, tokens) == (2, 14)


def test_a_judge_whose_provider_refuses_schemas_is_asked_without() -> None:
    answers, calls, _ = _ask("scripted/judge-plain", 3)

    assert [(answer.value, answer.asked) for answer in answers] == [(1.0, 1)] * 3
    assert calls == 3


def test_a_judge_that_does_not_answer_is_an_error_with_its_name() -> None:
    with pytest.raises(
        ModelError, match="the judge scripted/judge-crashing did not answer: the judge is not to be had"
    ):
        _ask("scripted/judge-crashing")


def test_two_passes_one_after_the_other_reach_the_same_judge() -> None:
    assert [_ask("scripted/judge-strict")[0][0].value for _ in range(2)] == [1.0, 1.0]


def test_a_form_with_a_fallback_never_uses_it_for_an_object_of_the_right_form() -> None:
    def never(text: str) -> Any:
        raise AssertionError(text)

    form = Form("grade", GRADE.keys, GRADE.read, fallback=never)

    assert read_answer(as_json(grade=4), form) == 0.4
