from __future__ import annotations

import re

import pytest

from avenant.cli.gap_table import print_explanations, print_gaps
from avenant.coverage.survey import Column
from avenant.coverage.table import make_table
from tests.coverage.materials import make_survey

TABLE = make_table(make_survey(Column("deepseek", "no-document"), Column("openai", "not-here")), "Clément")
HOW = (
    "Labels are estimated by words and a small embedding model; they are not the lab's judgement.\n"
    "How often they are right: docs/gaps.md. Why a cell has its label: --explain.\n"
    "Clément stands for the names of the labs' models.\n"
)
FOOT = (
    "atelier/1: of 2 threat models 1 absent, 0 mentioned, 1 addressed\n"
    "deepseek: no document\n"
    "openai: not in this workspace; take it in: avenant spec add FILE --as openai/VERSION\n"
    "contested: the document seems to have stated a judgement on it already, which is hard to move.\n"
    f"{HOW}"
)


def test_a_pipe_gets_header_and_rows_and_the_foot_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_gaps(TABLE)
    shown = capsys.readouterr()
    assert shown.out == (
        "threat\tgravity\tatelier/1\tdeepseek\topenai\ttitle\n"
        "coup\tcatastrophic\tabsent 55% contested\tno document\tnot in this workspace\t"
        '=A coup, with "help" & <b>more</b>\n'
        "flattery\tserious\taddressed 88%\tno document\tnot in this workspace\tFlattery\n"
    )
    assert shown.err == FOOT


@pytest.mark.parametrize(("columns", "is_wide"), [(80, False), (200, True)])
def test_a_terminal_gets_marks_and_words_and_as_much_as_there_is_room_for(
    columns: int, is_wide: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    print_gaps(TABLE)
    lines = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).splitlines()
    assert lines[0].split()[:2] == ["threat", "atelier/1"]
    assert ("title" in lines[0]) == is_wide
    assert any("○ absent 55% contested?" in " ".join(line.split()) for line in lines)
    assert any("● addressed 88%" in line and "– no document" in line for line in lines)


def test_an_explanation_is_made_of_reason_clauses_facets_and_judgement(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanations(TABLE.with_labels(["absent"]))
    assert capsys.readouterr().out == (
        '=A coup, with "help" & <b>more</b>\n'
        "coup; catastrophic; prevent-catastrophe\n"
        "A few people take over a state with Clément's help.\n"
        "\n"
        "atelier/1: absent (confidence 55%)\n"
        "  the nearest clause falls short: a promise of the lab, no instruction to its model\n"
        "  nearest miss\n"
        "    line 11; The constitution of Clément > Power; a promise of the lab, no instruction to its model\n"
        "      We will publish each year how Clément was used by people in office.\n"
        "  facets, the questions that a document has to answer: 0 of 1 met\n"
        "    missing: Does it refuse to help?\n"
        "      nearest: line 11; The constitution of Clément > Power; a promise of the lab, no instruction to its "
        "model\n"
        "        We will publish each year how Clément was used by people in office.\n"
        "  the document's judgement (settled)\n"
        "    line 13; The constitution of Clément > Power\n"
        "      We believe that founding a company or standing for office should remain something Clément "
        "helps\n      with.\n"
        "\n"
        "deepseek: no document\n"
        "\n"
        "openai: not in this workspace\n"
        f"\n{FOOT}"
    )
