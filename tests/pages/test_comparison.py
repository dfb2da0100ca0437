from __future__ import annotations

from avenant.canary import find_canaries
from avenant.coverage.comparison import Comparison, Topic, Topics
from avenant.coverage.survey import Column
from avenant.coverage.table import Place, make_table
from avenant.pages.comparison import render_comparison
from avenant.specs.document import Span
from tests.coverage.materials import make_survey
from tests.coverage.specs import make_spec

FIRST = Column("atelier/1", "read", make_spec("# A\n\nOdile must ask.\n"))
SECOND = Column("ouvroir/1", "read", make_spec("# B\n\nOdile may ask.\n", "ouvroir/1"))
NOBODY = Column("mistral", "no-document")


def _place(text: str, line: int) -> Place:
    return Place("id", text, "", "section", ("Title <1>",), None, line, Span(0, 1), "instruction", "must", 1.0)


def _topic(nearness: float | None) -> Topic:
    other = None if nearness is None else _place("Clément & others ask", 7)
    return Topic("atelier/1", "section", ("Title <1>",), 3, 2, _place("Clément <asks>", 4), other, nearness)


def test_topics_stand_beside_the_nearest_guidance_escaped_and_with_a_canary() -> None:
    topics = Topics((_topic(0.5), _topic(0.9)), (4, 0))
    page = render_comparison(Comparison((FIRST, SECOND), "Clément", None, topics))
    assert "atelier/1 and ouvroir/1 side by side" in page
    assert "Clément &lt;asks&gt;" in page
    assert "Clément &amp; others ask" in page
    assert "none near</span> 0.50, in ouvroir/1" in page
    assert "near</span> 0.90, in ouvroir/1" in page
    assert "2 sections that tell the model what to do, 1 without near guidance in the other document; 4 more" in page
    assert "By threat model" not in page
    assert "Clément stands for the names" in page
    assert len(find_canaries(page)) == 1


def test_a_lab_without_a_document_is_said_to_have_none() -> None:
    page = render_comparison(Comparison((FIRST, NOBODY), "", None, Topics((_topic(None),), (0, 0))))
    assert "<b>mistral:</b> no published document in this workspace." in page
    assert "mistral: nothing to compare with" in page
    assert "without near guidance" not in page


def test_labels_stand_beside_each_other_with_their_clauses() -> None:
    survey = make_survey(NOBODY)
    first, second = survey.columns
    page = render_comparison(Comparison((first, second), "", make_table(survey, "Clément"), None))
    assert "By topic" not in page
    assert "2 threat models" in page
    assert '<td class="addressed"><details><summary><span aria-hidden="true">●</span> ' in page
    assert '<span class="word">addressed</span> 88%</summary>' in page
    assert '<td class="absent unsure">' in page
    assert '<span class="word">absent</span> 55% unsure</summary>' in page
    assert "a dashed frame marks one below 60%" in page
    assert '<p class="label">Nearest miss</p>' in page
    assert page.count("<td>no published document in this workspace</td>") == 2
