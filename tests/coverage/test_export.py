from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from avenant.canary import find_canaries
from avenant.coverage.export import COLUMNS, as_csv, as_json
from avenant.coverage.survey import Column
from avenant.coverage.table import make_table
from tests.coverage.materials import make_survey

TABLE = make_table(make_survey(Column("deepseek", "no-document")), "Clément")


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(TABLE))))


def test_csv_has_a_row_for_each_threat_model_and_column_under_a_fixed_header() -> None:
    assert as_csv(TABLE).splitlines()[0] == ",".join(COLUMNS)
    assert [(row["threat"], row["document"], row["label"], row["confidence"]) for row in _rows()] == [
        ("coup", "atelier/1", "absent", "0.55"),
        ("coup", "deepseek", "", ""),
        ("flattery", "atelier/1", "addressed", "0.875"),
        ("flattery", "deepseek", "", ""),
    ]
    assert [row["status"] for row in _rows()] == ["read", "no-document"] * 2


def test_csv_has_the_best_evidence_and_the_nearest_miss_with_their_places() -> None:
    coup, _, flattery, _ = _rows()
    assert flattery["evidence_line"] == "7"
    assert flattery["evidence_section"] == "The constitution of Clément > Flattery"
    assert flattery["evidence_quote"] == "Clément must not praise what it does not think good."
    assert (flattery["facets_met"], flattery["facets"]) == ("1", "2")
    assert coup["near_miss_speaker"] == "promise"
    assert (coup["is_contested"], flattery["is_contested"]) == ("true", "false")


def test_csv_has_the_chances_of_each_label_at_its_end() -> None:
    assert COLUMNS[-3:] == ("chance_absent", "chance_mentioned", "chance_addressed")
    [row, *_] = TABLE.rows
    entry = replace(row.entries[0], chances={"absent": 0.5512, "mentioned": 0.35, "addressed": 0.0988})
    table = replace(TABLE, rows=(replace(row, entries=(entry, row.entries[1])),))
    read, without = csv.DictReader(io.StringIO(as_csv(table)))
    assert [read[name] for name in COLUMNS[-3:]] == ["0.551", "0.35", "0.099"]
    assert [without[name] for name in COLUMNS[-3:]] == ["", "", ""]


def test_what_was_not_measured_is_empty_in_csv_and_null_in_json() -> None:
    absent = {key for key, value in _rows()[1].items() if not value}
    assert {"label", "confidence", "score", "facets_met", "is_contested", "evidence_quote", "near_miss_quote"} <= absent
    cell = json.loads(as_json(TABLE))["threats"][0]["cells"][1]
    assert (cell["label"], cell["confidence"], cell["score"], cell["evidence"]) == (None, None, None, [])


def test_a_spreadsheet_takes_no_text_for_a_formula() -> None:
    assert _rows()[0]["title"].startswith("'=A coup")


def test_json_has_a_version_and_quotes_that_stand_at_their_place() -> None:
    data = json.loads(as_json(TABLE))
    assert data["schema_version"] == 1
    assert [one["id"] for one in data["documents"]] == ["atelier/1", "deepseek"]
    assert data["documents"][0]["counts"] == {"absent": 1, "mentioned": 0, "addressed": 1}
    [quote] = data["threats"][1]["cells"][0]["evidence"]
    source = make_survey().matrix.specs[0].document.text[quote["start"] : quote["end"]]
    assert source.replace("Odile", "Clément").strip() == f"- {quote['quote']}"
    assert source[0] == make_survey().matrix.specs[0].document.text.splitlines()[quote["line"] - 1][0]
    [facet] = data["threats"][0]["cells"][0]["facets"]
    assert facet["is_met"] is False
    assert facet["clause"]["speaker"] == "promise"
    assert data["threats"][0]["cells"][0]["judgement"]["strength"] == "settled"


def test_both_carry_one_canary_and_no_name() -> None:
    for text in (as_csv(TABLE), as_json(TABLE)):
        assert len(find_canaries(text)) == 1
        assert "odile" not in text.casefold()
    assert all(find_canaries(row["canary"]) for row in _rows())
