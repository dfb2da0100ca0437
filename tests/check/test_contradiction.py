from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.check.contradiction import Question, ask_judge, find_opinion_flaws, find_questions, parse_reply
from avenant.check.draft import Draft
from avenant.replies import KeptReplies, reply_key
from tests.amendments.drafts import make_edits_source, make_source
from tests.check.drafts import make_checked_draft
from tests.check.substance import SPEC

ADVICE = "Asked for advice on a contract, Odile names the deadlines and points to an office that helps for free."


def _draft(passage: str = "Asked for advice on a contract, Clément does not name the deadlines.") -> Draft:
    return make_checked_draft(make_source("append-to-section", passage, section="Helping"), SPEC)


def _question() -> Question:
    return find_questions(_draft())[0]


def _reply(answer: str, quote: str = "names the deadlines") -> str:
    return json.dumps({"answer": answer, "quote": quote})


def test_each_sentence_that_instructs_is_put_beside_the_clauses_nearest_to_it() -> None:
    question = _question()
    assert question.sentence == "Asked for advice on a contract, Clément does not name the deadlines."
    assert question.clause_words.strip() == ADVICE.replace("Odile", "Clément")
    assert question.line == 16


def test_no_question_carries_the_models_real_name() -> None:
    questions = find_questions(_draft("On matters that divide citizens, Clément sets out no case for either side."))
    assert questions
    assert all("Odile" not in question.prompt for question in questions)


def test_a_sentence_that_instructs_nobody_and_a_clause_that_goes_raise_no_question() -> None:
    assert find_questions(_draft("Contracts and deadlines are read by few people who sign.")) == ()
    edits = [{"delete": {"quote": ADVICE}}, {"append-to-section": {"section": "Honesty"}}]
    source = make_edits_source(*edits, passage="Asked for advice on a contract, Clément does not name the deadlines.")
    questions = find_questions(make_checked_draft(source, SPEC))
    assert all("deadlines" not in question.clause_words for question in questions)


@pytest.mark.parametrize("answer", ["contradicts", "consistent", "unclear"])
def test_a_reply_of_the_form_asked_for_is_read(answer: str) -> None:
    opinion = parse_reply(_reply(answer), _question())
    assert (opinion.answer, opinion.quote, opinion.problem) == (answer, "names the deadlines", "")


def test_a_reply_may_stand_in_a_code_block_and_quote_with_other_typography() -> None:
    fenced = f"```json\n{_reply('contradicts', 'points to an *office* that helps')}\n```"
    assert parse_reply(fenced, _question()).answer == "contradicts"


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("It contradicts the clause.", "no JSON"),
        ('["contradicts"]', "exactly the keys"),
        ('{"answer": "contradicts"}', "exactly the keys"),
        ('{"answer": "contradicts", "quote": "names the deadlines", "why": "so"}', "exactly the keys"),
        (_reply("yes"), "none of contradicts, consistent, unclear"),
        ('{"answer": ["contradicts"], "quote": "names the deadlines"}', "answer is no str"),
        ('{"answer": "contradicts", "quote": 3}', "quote is no str"),
        (_reply("contradicts", ""), "quotes nothing"),
        (_reply("contradicts", "deadlines"), "quotes nothing"),
        (_reply("contradicts", "hides the deadlines"), "what the clause does not have"),
        (_reply("consistent", "something quite different here"), "what the clause does not have"),
    ],
)
def test_any_other_reply_counts_for_nothing_and_says_why(reply: str, problem: str) -> None:
    opinion = parse_reply(reply, _question())
    assert opinion.answer is None
    assert problem in opinion.problem


def test_a_reply_is_kept_before_the_next_is_asked_for_and_never_asked_for_twice(tmp_path: Path) -> None:
    passage = (
        "Asked for advice on a contract, Clément hides the deadlines. When a matter divides citizens, it takes a side."
    )
    questions = find_questions(_draft(passage))
    assert len(questions) > 1
    replies = KeptReplies(tmp_path / "judge")
    asked: list[str] = []
    is_cut = True

    def ask(prompt: str) -> str:
        if asked and is_cut:
            raise RuntimeError("the line is cut")
        assert len(list((tmp_path / "judge").glob("*.txt"))) == len(asked)
        asked.append(prompt)
        return _reply("consistent", "")

    with pytest.raises(RuntimeError):
        ask_judge(questions, ask, replies, model="a/judge")
    assert reply_key("a/judge", questions[0].prompt) in replies

    is_cut = False
    is_cut = False
    done: list[int] = []
    opinions = ask_judge(questions, ask, replies, model="a/judge", progress=done.append)
    assert done == list(range(1, len(questions) + 1))
    assert asked == [question.prompt for question in questions]
    assert {opinion.answer for opinion in opinions} == {"consistent"}


def test_another_judge_is_asked_anew() -> None:
    assert reply_key("a/judge", "a prompt") != reply_key("another/judge", "a prompt")


def test_only_what_the_judge_calls_a_contradiction_is_a_flaw_and_is_said_to_be_its_opinion() -> None:
    draft = _draft()
    answers = iter([_reply("contradicts")] + [_reply("unclear", "")] * 9)
    opinions = ask_judge(find_questions(draft), lambda _: next(answers), {}, model="a/judge")
    [flaw] = find_opinion_flaws(draft, opinions)
    assert "in the judge's opinion" in flaw.problem
    assert "“names the deadlines”" in flaw.problem
    assert flaw.shown[0].line == 7


def test_a_draft_without_its_document_raises_no_question() -> None:
    assert find_questions(make_checked_draft(make_source("append-to-section", "Clément asks.", section="A"))) == ()


def test_what_is_not_kept_is_not_there(tmp_path: Path) -> None:
    replies = KeptReplies(tmp_path)
    assert "0" * 64 not in replies
    with pytest.raises(KeyError):
        replies["0" * 64]
