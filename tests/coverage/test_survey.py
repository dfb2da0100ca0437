from __future__ import annotations

from pathlib import Path

import pytest

from avenant.coverage.survey import Column, choose_columns, choose_documents, find_gaps
from avenant.errors import SpecError
from avenant.specs.library import add_spec
from avenant.workspace import init_workspace
from tests.coverage.materials import COUP, FLATTERY, TEXT, make_survey
from tests.coverage.test_language import OTHERS


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = init_workspace(tmp_path / "proposals").folder("specs")
    texts = {
        "atelier/2": TEXT.replace("each year", "every year"),
        "atelier/10": TEXT,
        "atelier/9": f"{TEXT}\n",
        "french/1": f"# La constitution\n\n{OTHERS['French']}\n",
        "headings/1": "# Odile\n\n## Nothing below\n",
    }
    for spec_id, text in texts.items():
        add_spec(folder, text.encode(), spec_id, source="constitution.md", subject="Odile")
    return folder


def test_by_default_the_newest_release_of_each_lab_is_a_column(specs: Path) -> None:
    columns = choose_columns(specs)
    assert [(column.id, column.status) for column in columns] == [
        ("atelier/10", "read"),
        ("french/1", "not-english"),
        ("headings/1", "no-clause"),
    ]
    assert all(column.spec is not None for column in columns)


def test_a_lab_stands_for_its_newest_release_and_each_document_is_there_once(specs: Path) -> None:
    assert [column.id for column in choose_columns(specs, ["atelier", "atelier/2", "atelier/10"])] == [
        "atelier/10",
        "atelier/2",
    ]


def test_a_lab_without_a_document_is_a_column_that_says_so(specs: Path) -> None:
    found = choose_columns(specs, ["deepseek", "openai", "some-lab"])
    assert found == (
        Column("deepseek", "no-document"),
        Column("openai", "not-here"),
        Column("some-lab", "no-document"),
    )


@pytest.mark.parametrize(
    ("wanted", "problem", "mend"),
    [
        ("openal", "the lab 'openal' is not known here", "did you mean 'openai'?"),
        ("Some Lab", "'Some Lab' is neither a document nor a lab", "labs here: atelier, french, headings"),
        ("atelier/3", "there is no document 'atelier/3'", "documents here: atelier/2"),
    ],
)
def test_what_is_no_document_and_no_lab_is_refused(specs: Path, wanted: str, problem: str, mend: str) -> None:
    with pytest.raises(SpecError) as raised:
        choose_columns(specs, [wanted])
    assert problem in str(raised.value)
    assert mend in str(raised.value)


def test_a_lab_without_a_document_is_refused_where_one_is_needed(specs: Path) -> None:
    assert choose_documents(specs, ["atelier"]) == choose_columns(specs, ["atelier"])
    for wanted, mend in (("frensh", "did you mean 'french'? labs here: atelier, "), ("openal", "labs here: atelier, ")):
        with pytest.raises(SpecError, match=f"{wanted} has no document in this workspace") as raised:
            choose_documents(specs, [wanted])
        assert raised.value.faults[0].mend.startswith(mend)


def test_a_name_that_is_part_of_a_labs_is_no_slip_of_the_pen(specs: Path) -> None:
    assert choose_columns(specs, ["ant"]) == (Column("ant", "no-document"),)


def test_a_workspace_without_documents_says_how_to_take_one_in(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no documents in this workspace") as raised:
        choose_columns(tmp_path)
    assert "avenant spec add" in str(raised.value)


def test_no_label_is_given_for_what_cannot_be_read(specs: Path) -> None:
    columns = choose_columns(specs, ["french", "deepseek"])
    with pytest.raises(SpecError, match="not in English") as raised:
        find_gaps([FLATTERY], columns)
    assert "deepseek: no document" in str(raised.value)


def test_only_what_can_be_read_is_in_the_matrix_and_progress_is_told(specs: Path) -> None:
    done: list[int] = []
    matrix = find_gaps([FLATTERY, COUP], choose_columns(specs), progress=done.append)
    assert [spec.id for spec in matrix.specs] == ["atelier/10"]
    assert {threat.id for threat in matrix.threats} == {"flattery", "coup"}
    assert done[-1] == 2


def test_a_row_has_a_cell_for_every_column_and_none_where_there_is_no_label() -> None:
    survey = make_survey(Column("deepseek", "no-document"))
    [(coup, first), (flattery, second)] = survey.rows
    assert (coup.id, flattery.id) == ("coup", "flattery")
    assert [cell and cell.label for cell in (*first, *second)] == ["absent", None, "addressed", None]
