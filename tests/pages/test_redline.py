from __future__ import annotations

from avenant.amendments.redline import Redline
from avenant.canary import canary_line
from avenant.pages.redline import render_redline
from avenant.text import DiffPiece
from tests.pages.reading import Page

CANARY = "5e1c3f4e-7a9b-4b7e-9c55-0f2c6f3d8a11"
REDLINE = Redline(
    section="Being honest > Giving an opinion",
    line=61,
    before="Tact is welcome here.",
    pieces=(
        DiffPiece("equal", "Clément "),
        DiffPiece("delete", "may say"),
        DiffPiece("insert", "says"),
        DiffPiece("equal", " so."),
    ),
    after="Some requests put people at risk.",
)


def _render(*redlines: Redline, title: str = "Mark opinions") -> Page:
    note = "Clément stands for the model's name."
    return Page(render_redline(title, "atelier/2026-09-01", redlines, note, canary=CANARY))


def test_the_page_shows_the_place_and_what_is_inserted_and_deleted() -> None:
    page = _render(REDLINE)
    assert page.lang == "en"
    assert page.headings == [("h1", "Mark opinions"), ("h2", "Being honest > Giving an opinion")]
    assert page.texts["ins"][0] == "says"
    assert page.texts["del"][0] == "may say"
    for words in (
        "Clément stands for the model's name.",
        "atelier/2026-09-01",
        "line 61",
        REDLINE.before,
        REDLINE.after,
    ):
        assert words in page.texts["main"][0]


def test_several_places_are_numbered() -> None:
    text = _render(REDLINE, REDLINE).texts["main"][0]
    assert "Change 1 of 2" in text
    assert "Change 2 of 2" in text
    assert "Change 1" not in _render(REDLINE).texts["main"][0]


def test_blank_lines_around_a_passage_are_not_shown_and_those_within_are() -> None:
    pieces = (DiffPiece("insert", "\r\n\nOne.\n\nTwo.\n\n"),)
    page = _render(Redline("Being honest", 1, "", pieces, ""))
    assert page.texts["ins"][0] == "One.\n\nTwo."


def test_markup_in_the_words_is_shown_and_never_obeyed() -> None:
    evil = "<script>alert(1)</script>"
    page = _render(Redline(evil, 1, evil, (DiffPiece("insert", evil),), evil), title=evil)
    assert "script" not in page.tags
    assert page.texts["ins"][0] == evil
    assert page.texts["main"][0].count(evil) == 5


def test_the_page_asks_not_to_be_indexed_because_it_is_a_draft() -> None:
    assert 'content="noindex, noai, noimageai"' in _render(REDLINE).source


def test_the_page_carries_the_drafts_canary_where_people_and_where_programs_look() -> None:
    page = _render(REDLINE)
    assert canary_line(CANARY) in page.texts["footer"][0]
    assert f'<meta name="canary" content="{canary_line(CANARY)}">' in page.source


def test_an_amendment_that_changes_nothing_says_so() -> None:
    assert "It changes nothing." in _render().texts["main"][0]
