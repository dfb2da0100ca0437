from __future__ import annotations

from dataclasses import replace

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.coverage.matrix import Matrix
from avenant.coverage.opinion import Opinion
from avenant.coverage.survey import Column, Survey
from avenant.coverage.table import make_table
from avenant.pages.coverage import render_coverage
from tests.coverage.materials import make_survey
from tests.pages.reading import Page


def _page(*labels: str) -> Page:
    table = make_table(make_survey(Column("deepseek", "no-document")), "Clément")
    return Page(render_coverage("What documents cover", table.with_labels(labels) if labels else table))


def test_every_cell_says_its_label_in_words_with_its_confidence() -> None:
    coup, none, flattery, _ = _page().texts["td"]
    assert " ".join(coup.split()).startswith("○ absent 55% unsure · contested")
    assert " ".join(flattery.split()).startswith("● addressed 88%")
    assert none.strip() == "no document"


def test_a_cell_opens_to_evidence_facets_near_miss_and_judgement() -> None:
    coup, _, flattery, _ = (" ".join(text.split()) for text in _page().texts["td"])
    assert "Clément must not praise what it does not think good." in flattery
    assert "Facets, the questions that a document has to answer: 1 of 2 met" in flattery
    assert "Missing: Must it say how sure it is?" in flattery
    assert "a promise of the lab, no instruction to its model" in coup
    assert "The document’s judgement (settled)" in coup
    assert "Nearest miss" in coup
    assert "Nearest miss" not in flattery


def test_the_table_has_headers_for_columns_and_rows() -> None:
    page = _page()
    assert page.source.count('<th scope="col">') == 3
    assert page.source.count('<th scope="row">') == 2
    assert page.texts["caption"]
    assert "1 absent" in " ".join(page.texts["thead"][0].split())


def test_markup_in_a_threat_model_is_shown_and_never_obeyed() -> None:
    page = _page()
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert "url(" not in page.texts["style"][0]
    assert any("<b>more</b>" in text for text in page.texts["th"])


def test_the_page_carries_the_projects_canary_and_no_name() -> None:
    page = _page()
    assert canary_line(PROJECT_CANARY) in page.texts["footer"][0]
    assert 'content="noindex, noai, noimageai"' in page.source
    assert "odile" not in page.source.casefold()
    assert "Clément stands for the names of the labs' models." in page.texts["footer"][0]


def test_where_no_row_is_left_the_page_says_so() -> None:
    assert "No threat model has this label." in _page("mentioned").texts["main"][0]


def test_a_judges_label_is_marked_as_its_opinion() -> None:
    survey = make_survey()
    opinion = Opinion("lab/judge", "mentioned", "absent", ("We will publish",), "Only a promise.", ("no facet 9",))
    cell = replace(survey.matrix.cell("coup", "atelier/1"), label="mentioned", opinion=opinion)
    judged = Survey(survey.columns, Matrix((cell.threat,), survey.matrix.specs, ((cell,),)))
    page = Page(render_coverage("What documents cover", make_table(judged, "Clément")))
    [text] = (" ".join(text.split()) for text in page.texts["td"])
    assert text.startswith("◐ mentioned by judge")
    assert "Only a promise. Label and reason are the opinion of lab/judge; by words it would be absent." in text
    assert "no facet 9" in text
