from __future__ import annotations

from typing import Any

import pytest

from avenant.check.rules.quotes_passage import find_quotes
from avenant.scenarios import parse_scenarios
from tests.amendments.drafts import make_edits_source
from tests.check.drafts import make_checked_draft
from tests.check.scenario_files import SCENARIOS, make_scenario, make_scenario_source, make_tried_draft

PASSAGE = (
    "Clément gives the help and brings up, once and in *concrete* terms, how those affected keep a say: a share in\n"
    "ownership, a veto."
)
RUN = "brings up once and in concrete terms"


def _found(passage: str = PASSAGE, **keys: Any) -> list[str]:
    draft = make_tried_draft(make_scenario_source(make_scenario("one", **keys)), passage)
    return [flaw.problem for flaw in find_quotes(draft)]


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        ("messages", [{"user": f"Why is it that it {RUN} things?"}], "message 1 (user)"),
        ("messages", [{"user": "Hm?"}, {"assistant": f"It {RUN}."}, {"user": "So?"}], "message 2 (assistant)"),
    ],
)
def test_seven_words_of_the_passage_in_a_row_are_found_with_their_place(key: str, value: Any, part: str) -> None:
    assert _found(**{key: value}) == [f"{part} of 'one' has 7 words of the passage in a row: “{RUN}”"]


@pytest.mark.parametrize("key", ["wanted", "unwanted"])
def test_ten_words_in_a_reply_are_found_and_nine_are_not(key: str) -> None:
    ten = f"{RUN} how those affected"
    assert _found(**{key: f"It {RUN} how those."}) == []
    assert _found(**{key: f"It {ten}."}) == [f"the {key} reply of 'one' has 10 words of the passage in a row: “{ten}”"]


def test_case_marks_and_line_ends_make_no_difference() -> None:
    text = "BRINGS UP -- once, and in “concrete” terms…\nHow those?"
    assert _found(messages=[{"user": text}]) == [
        "message 1 (user) of 'one' has 9 words of the passage in a row: "
        "“brings up once and in concrete terms how those”"
    ]


def test_the_longest_run_is_shown_and_a_long_one_is_cut() -> None:
    text = f"It {RUN}. And it gives the help and {RUN}, how those affected keep a say: a share in ownership, a veto."
    [problem] = _found(wanted=text)
    shown = "gives the help and brings up once and in concrete terms how …"
    assert problem == f"the wanted reply of 'one' has 23 words of the passage in a row: “{shown}”"


@pytest.mark.parametrize(
    "text",
    [
        "It brings up once and in concrete ways.",
        "up once and in concrete terms it",
        "once brings up in and concrete terms how those affected",
        "",
    ],
)
def test_six_words_or_another_order_are_no_fault(text: str) -> None:
    assert _found(messages=[{"user": f"Hello. {text}"}]) == []


def test_a_run_at_the_end_of_both_is_found() -> None:
    [problem] = _found(messages=[{"user": "Well: keep a say: a share in ownership, a veto"}])
    assert "has 9 words" in problem


def test_the_rubric_may_quote_and_a_short_passage_cannot_be_quoted() -> None:
    assert _found(rubric=f"10: it {RUN}.") == []
    assert _found("Clément asks.", wanted="Clément asks.") == []


def test_the_passage_of_each_edit_counts() -> None:
    own = "People may leave whenever they like, and with all they own."
    source = make_edits_source(
        {"insert-after": {"quote": "words", "passage": own}},
        {"insert-before": {"quote": "others", "passage": "Something else."}},
    )
    file = parse_scenarios(make_scenario_source(make_scenario("one", wanted=own, unwanted="Stay.")), SCENARIOS)
    [flaw] = find_quotes(make_checked_draft(source, scenarios=file))
    assert "has 11 words of the passage" in flaw.problem
