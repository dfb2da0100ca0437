from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from avenant.coverage.excerpt import Excerpt, make_excerpt
from avenant.coverage.interview import (
    Answer,
    Question,
    Stage,
    find_new,
    find_recurring,
    hold_interview,
    make_questions,
    parse_reply,
    read_interview,
)
from avenant.coverage.retrieval import Query
from avenant.replies import reply_key
from tests.coverage.asking import PRAISE, RULE, make_spec

DOCUMENT = make_spec().document
PASSAGE = "When a letter is weak, Odile says so before it is sent, and says what would mend it."


def _excerpt(budget: int | None = None) -> Excerpt:
    return make_excerpt(make_spec(), Query("praise"), budget_tokens=budget, count_tokens=lambda text: len(text.split()))


def _questions(passage: str = PASSAGE) -> tuple[Question, ...]:
    return make_questions(PRAISE, _excerpt(), passage)


def _blind(*points: str) -> str:
    return json.dumps({"points": points or ("Say what is weak.",)})


def _covered(label: str = "addressed", *quotes: str, points: Any = ()) -> str:
    return json.dumps({"label": label, "quotes": quotes or (RULE,), "points": points})


def _asked(*quotes: str, points: Any = ("Say what is weak.",)) -> str:
    return json.dumps({"points": points, "quotes": quotes})


def _read(reply: str, stage: Stage = "document") -> Answer:
    return parse_reply(reply, stage, DOCUMENT, PASSAGE)


def test_the_blind_question_shows_neither_the_document_nor_what_would_give_the_answer_away() -> None:
    blind, document, passage = _questions()
    assert [one.stage for one in (blind, document, passage)] == ["blind", "document", "passage"]
    assert PRAISE.description in blind.prompt
    for told in (RULE, PRAISE.conduct, *PRAISE.facets, PASSAGE):
        assert told not in blind.prompt
    assert RULE in document.prompt
    assert PASSAGE in passage.prompt
    assert RULE not in passage.prompt


def test_without_an_amendment_there_are_two_rounds() -> None:
    assert [one.stage for one in _questions("")] == ["blind", "document"]


def test_a_model_that_sees_a_part_is_told_so() -> None:
    whole, part = (make_questions(PRAISE, excerpt)[1].prompt for excerpt in (_excerpt(), _excerpt(50)))
    assert "Below are a document that tells" in whole
    assert "parts of a document" in part
    assert "[…]" in part


def test_a_label_counts_with_a_quote_that_the_document_has() -> None:
    answer = _read(_covered("mentioned", RULE, "tells the plain truth", points=["A rule for praise."]))
    assert (answer.label, answer.points, answer.is_usable) == ("mentioned", ("A rule for praise.",), True)
    [quote] = answer.quotes
    assert quote.span is not None
    assert DOCUMENT.slice(quote.span) == RULE
    assert "the document does not have what it quotes: 'tells the plain truth'" in answer.left_out


def test_absent_needs_no_quote() -> None:
    answer = _read(json.dumps({"label": "absent", "quotes": [], "points": ["All of it."]}))
    assert (answer.label, answer.is_usable) == ("absent", True)


def test_what_a_passage_asks_is_quoted_from_the_passage() -> None:
    answer = _read(_asked("says so before it is sent", RULE), "passage")
    assert [quote.text for quote in answer.quotes] == ["says so before it is sent"]
    assert "the passage does not have" in answer.left_out[0]


@pytest.mark.parametrize(
    ("reply", "stage", "problem"),
    [
        ("", "blind", "no JSON"),
        ("Praise is fine.", "document", "no JSON"),
        (_blind(), "document", "exactly the keys"),
        (_covered(), "blind", "exactly the keys"),
        (_covered("covered"), "document", "the label is none of"),
        (_covered("addressed", "tells the plain truth"), "document", "quotes no words that the document has"),
        (_covered(points=[1]), "document", "a point is no text"),
        (_covered(points="one"), "document", "points is no list"),
        (_blind(" "), "blind", "it has no point"),
        (_asked(points=[]), "passage", "it has no point"),
    ],
)
def test_any_other_reply_is_no_usable_answer_and_says_why(reply: str, stage: Stage, problem: str) -> None:
    answer = _read(reply, stage)
    assert not answer.is_usable
    assert problem in answer.problem
    assert (answer.label, answer.points, answer.quotes) == (None, (), ())


def test_each_question_is_asked_so_often_and_a_reply_is_kept_before_the_next_is_asked_for() -> None:
    questions = _questions()
    replies: dict[str, str] = {}
    asked: list[tuple[str, int]] = []

    def ask(prompt: str, repeat: int) -> str:
        assert len(replies) == len(asked)
        if len(asked) == 4:
            raise RuntimeError("the line is cut")
        asked.append((prompt, repeat))
        return f"reply {len(asked)}"

    with pytest.raises(RuntimeError):
        hold_interview(questions, ask, replies, model="a/model")
    assert asked == [
        (questions[0].prompt, 0),
        (questions[0].prompt, 1),
        (questions[0].prompt, 2),
        (questions[1].prompt, 0),
    ]
    assert len(find_new(questions, replies, model="a/model", repeats=3)) == 5

    done: list[int] = []
    given = hold_interview(
        questions, lambda _, repeat: f"again {repeat}", replies, model="a/model", progress=done.append
    )
    assert done == list(range(1, 10))
    assert given == {
        "blind": ("reply 1", "reply 2", "reply 3"),
        "document": ("reply 4", "again 1", "again 2"),
        "passage": ("again 0", "again 1", "again 2"),
    }
    assert find_new(questions, replies, model="a/model", repeats=3) == ()
    assert len(find_new(questions, replies, model="a/model", repeats=4)) == 3
    assert reply_key("a/model", questions[0].prompt, repeat=1) in replies


def test_what_recurs_is_counted_over_the_replies() -> None:
    given: Mapping[Stage, tuple[str, ...]] = {
        "document": (
            _covered("addressed", "should say what it leaves out"),
            _covered("mentioned", RULE, f"{RULE} before it praises the rest"),
            _covered("addressed", "Odile names the weakest part"),
            "nonsense",
        ),
        "passage": (_asked("says what would mend it"), _asked("and says what would mend it.")),
    }
    interview = read_interview(PRAISE, _excerpt(), given, PASSAGE)
    document, passage = interview.rounds
    assert document.labels == (("absent", 0), ("mentioned", 1), ("addressed", 2))
    assert (len(document.answers), len(document.usable)) == (4, 3)
    found = find_recurring(document, DOCUMENT)
    assert [(one.quote.text, one.count) for one in found] == [(RULE, 2), ("should say what it leaves out", 1)]
    assert [one.count for one in find_recurring(passage, DOCUMENT)] == [2]
