from __future__ import annotations

from dataclasses import replace

import pytest

from avenant.coverage.matrix import Matrix
from avenant.coverage.opinion import Opinion
from avenant.coverage.survey import Column, Survey
from avenant.coverage.table import make_table
from tests.coverage.materials import make_hit, make_spec, make_survey


def test_nothing_that_is_shown_has_a_models_name() -> None:
    table = make_table(make_survey(), "Clément")
    assert "odile" not in repr(table).casefold()
    [place] = table.rows[1].entries[0].evidence
    assert place.text == "Clément must not praise what it does not think good."
    assert place.section == ("The constitution of Clément", "Flattery")
    assert place.section_id == "clement-flatters"
    assert place.lead == "Clément tells people what is so:"


def test_a_place_is_that_of_the_clause_in_the_document() -> None:
    survey = make_survey()
    [place] = make_table(survey, "Clément").rows[1].entries[0].evidence
    document = survey.matrix.specs[0].document
    assert document.slice(place.span).startswith("- Odile must not praise")
    assert document.text.splitlines()[place.line - 1].startswith("- Odile must not praise")
    assert place.where == (
        "line 7; The constitution of Clément > Flattery; an instruction to the model, 'must'; authority root"
    )


@pytest.mark.parametrize(
    ("block", "words", "shown"),
    [
        ("2. Odile asks first.", "Odile asks", "Clément asks first."),
        ("~~~xml\n<user>\nIs it so?\n</user>\n~~~", "Is it", "<user> Is it so? </user>"),
        ('!!! meta "Commentary"\n\n    For people.', "For people", "For people."),
        ("*Odile* asks first.", "asks first", "Clément asks first."),
    ],
)
def test_a_quote_has_words_and_no_marks_of_its_block(block: str, words: str, shown: str) -> None:
    spec = make_spec(f"# Odile\n\n{block}\n")
    survey = make_survey()
    cell = replace(survey.matrix.cell("coup", "atelier/1"), spec=spec, near_miss=make_hit(spec, words), facets=())
    cell = replace(cell, judgement=None)
    matrix = Matrix((cell.threat,), (spec,), ((cell,),))
    [entry] = make_table(Survey((Column(spec.id, "read", spec),), matrix), "Clément").rows[0].entries
    assert entry.near_miss is not None
    assert " ".join(entry.near_miss.text.split()) == shown


def test_a_contested_cell_has_the_documents_sentence() -> None:
    contest = make_table(make_survey(), "Clément").rows[0].entries[0].contest
    assert contest is not None
    assert contest.sentence.startswith("We believe that founding a company")
    assert contest.strength == "settled"


def test_a_column_without_labels_has_no_number_at_all() -> None:
    table = make_table(make_survey(Column("deepseek", "no-document")), "Clément")
    entry = table.rows[0].entries[1]
    assert (entry.label, entry.confidence, entry.score, entry.certainty) == (None, None, None, "")
    assert entry.reason == "no document"
    assert table.headings[1].counts == ()
    assert table.headings[1].words is None


def test_rows_are_chosen_by_label_and_the_headings_count_all() -> None:
    table = make_table(make_survey(), "Clément").with_labels(["absent"])
    assert [row.threat.id for row in table.rows] == ["coup"]
    assert table.headings[0].counts == (("absent", 1), ("mentioned", 0), ("addressed", 1))
    assert not make_table(make_survey(), "Clément").with_labels(["mentioned"]).rows


def _judged(opinion: Opinion) -> Survey:
    survey = make_survey()
    cell = survey.matrix.cell("coup", "atelier/1")
    cell = replace(cell, label=opinion.label or cell.label, opinion=opinion)
    matrix = Matrix((cell.threat,), survey.matrix.specs, ((cell,),))
    return Survey(survey.columns, matrix)


def test_a_label_that_a_judge_gave_has_its_reason_and_no_confidence() -> None:
    opinion = Opinion("lab/odile-9", "mentioned", "absent", ("We will publish",), "Odile's lab says it itself.")
    [entry] = make_table(_judged(opinion), "Clément").rows[0].entries
    assert (entry.label, entry.confidence, entry.certainty) == ("mentioned", None, "by judge")
    assert entry.reason == "Clément's lab says it itself"
    assert entry.opinion is not None
    assert "odile" not in repr(entry.opinion).casefold()


def test_a_reply_that_counts_for_nothing_leaves_label_and_confidence() -> None:
    opinion = Opinion("lab/judge", None, "absent", problems=("the reply is no JSON",))
    [entry] = make_table(_judged(opinion), "Clément").rows[0].entries
    assert (entry.label, entry.certainty) == ("absent", "55%")
    assert entry.reason.startswith("the nearest clause falls short")
