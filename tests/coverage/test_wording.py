from __future__ import annotations

from dataclasses import replace

import pytest

from avenant.coverage.matrix import Cell
from avenant.coverage.voice import Speaker
from avenant.coverage.wording import percent_of, reason_of
from tests.coverage.materials import make_hit, make_survey


def _cell(threat_id: str) -> Cell:
    return make_survey().matrix.cell(threat_id, "atelier/1")


@pytest.mark.parametrize(("share", "shown"), [(0.0, "1%"), (1.0, "99%"), (0.555, "56%"), (0.004, "1%")])
def test_an_estimate_is_never_shown_as_certain(share: float, shown: str) -> None:
    assert percent_of(share) == shown


def test_an_addressed_cell_says_who_tells_the_model_and_what_is_answered() -> None:
    assert reason_of(_cell("flattery")) == (
        "1 clause tells the model what to do (the nearest says 'must'); 1 of 2 facets met"
    )


def test_an_addressed_cell_of_which_no_facet_is_met_asks_to_look_twice() -> None:
    cell = _cell("flattery")
    cell = replace(cell, facets=tuple(replace(facet, is_met=False) for facet in cell.facets))
    assert reason_of(cell).endswith("; yet none of 2 facets seems met, so look twice")


@pytest.mark.parametrize(
    ("speaker", "reason"),
    [
        ("promise", "a promise of the lab, no instruction to its model"),
        ("example", "an example only, no rule"),
        ("background", "background: what is at stake or why, not how to act"),
        ("commentary", "a note for human readers, no instruction to the model"),
    ],
)
def test_an_absent_cell_says_why_the_nearest_clause_falls_short(speaker: Speaker, reason: str) -> None:
    cell = _cell("coup")
    cell = replace(cell, near_miss=make_hit(cell.spec, "We will publish", speaker))
    assert reason_of(cell) == f"the nearest clause falls short: {reason}"


def test_an_instruction_that_is_a_near_miss_is_on_another_subject() -> None:
    cell = _cell("coup")
    hit = make_hit(cell.spec, "Odile must not praise", "instruction")
    near = "the nearest clause falls short: an instruction on another subject"
    assert reason_of(replace(cell, near_miss=hit)) == f"{near} (alike in meaning; it meets no facet)"
    hit = replace(hit, words=0.9)
    assert reason_of(replace(cell, near_miss=hit, facets=())) == f"{near} (alike in words)"


def test_an_absent_cell_without_a_near_miss_says_so() -> None:
    assert reason_of(replace(_cell("coup"), near_miss=None)) == "no clause comes near"


def test_a_mentioned_cell_says_that_nobody_tells_the_model() -> None:
    cell = replace(_cell("flattery"), label="mentioned")
    assert "too little or too far" in reason_of(cell)
    cell = replace(cell, evidence=(make_hit(cell.spec, "We will publish", "promise"),))
    assert reason_of(cell).startswith("the topic comes up, and none of these clauses tells the model how to act")
