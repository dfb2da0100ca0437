from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.files import read_text
from avenant.pages.history import render_history
from avenant.specs.history import find_history
from avenant.specs.parse import parse_document
from tests.pages.reading import Page

OLD = """\
# Honesty {#honesty authority=platform}

Odile gives the facts first, and says — plainly — how sure it is of each of them.

Tact is welcome here, provided that the picture left behind is a true one.

Founding a company or standing for office shifts power, and Odile helps with both.

# Power {#power}

Some requests put other people at risk, and Odile thinks of them before it replies.
"""
NEW = """\
# Honesty {#honesty authority=root}

Odile gives the facts at once, and says --- plainly --- how sure it is of each of them.

Where the evidence is thin, Odile says so with a <script>alert("thin")</script> of its own.

# Power {#power}

Some requests put other people at risk, and Odile thinks of them before it replies[^ab12].

Founding a company or standing for office shifts power, and Odile helps with both.
"""
LAST = NEW.replace("[^ab12]", "")


def _render(*texts: str, is_complete: bool = False) -> Page:
    documents = [parse_document(text, f"atelier/{number}") for number, text in enumerate(texts, 1)]
    return Page(render_history("Odile's constitution", find_history(documents), is_complete=is_complete))


def test_the_page_has_the_newest_release_first_and_a_contents_list_that_leads_everywhere() -> None:
    page = _render(OLD, NEW, LAST.replace("at once", "straight away"))
    assert page.lang == "en"
    assert page.headings == [
        ("h1", "Odile's constitution: what changed"),
        ("h2", "Contents"),
        ("h2", "3"),
        ("h3", "Honesty"),
        ("h2", "2"),
        ("h3", "Honesty"),
        ("h3", "Power"),
    ]
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.targets) == set(page.ids)


def test_every_kind_of_change_is_shown_with_its_words() -> None:
    page = _render(OLD, NEW)
    text = page.texts["main"][0]
    assert "Section authority level: platform before, root now" in text
    assert "added · line 5" in text
    assert "removed · was line 5" in text
    assert 'moved · from "Honesty", authority level platform there and none here · line 11' in text
    assert "1 clause moved to “Power”" in text
    assert "first" in page.texts["del"]
    assert "at once" in page.texts["ins"]
    assert any(words.startswith("Where the evidence is thin") for words in page.texts["ins"])
    assert any(words.startswith("Tact is welcome") for words in page.texts["del"])


def test_typography_is_counted_and_shown_on_demand_alone() -> None:
    assert "1 changed in typography alone" in _render(OLD, NEW).texts["main"][0]
    assert "[^ab12]" not in _render(OLD, NEW).source
    assert "[^ab12]" in _render(OLD, NEW, is_complete=True).texts["ins"]
    assert "Typography alone." in _render(NEW, LAST).texts["main"][0]


def test_markup_in_a_document_is_shown_and_never_obeyed() -> None:
    page = _render(OLD.replace("# Power", "# Power & <b>might</b>"), NEW)
    assert not {"script", "b"} & page.tags
    assert any('<script>alert("thin")</script>' in words for words in page.texts["ins"])


def test_releases_without_a_change_say_so() -> None:
    assert "Nothing changed." in _render(OLD, OLD).texts["main"][0]
    assert "Nothing changed." in _render(OLD).texts["main"][0]


def test_the_page_carries_the_projects_canary_and_asks_not_to_be_indexed() -> None:
    page = _render(OLD, NEW)
    assert canary_line(PROJECT_CANARY) in page.texts["footer"][0]
    assert f'<meta name="canary" content="{canary_line(PROJECT_CANARY)}">' in page.source
    assert 'content="noindex, noai, noimageai"' in page.source


def test_words_before_the_first_heading_have_a_place() -> None:
    page = _render("Odile is an assistant of the atelier, and this is what it is for.\n", f"An invitation.\n\n{OLD}")
    assert ("h3", "Before the first heading") in page.headings


@lru_cache(maxsize=1)
def _model_spec(shared: Path) -> Page:
    versions = ("2025-02-12", "2025-04-11", "2025-09-12")
    documents = [parse_document(read_text(shared / "openai" / v / "model_spec.md"), f"openai/{v}") for v in versions]
    return Page(render_history("OpenAI Model Spec", find_history(documents)))


def test_the_model_spec_has_its_known_changes_in_a_page_that_parses(shared: Path) -> None:
    page = _model_spec(shared)
    assert "misalignment, " in page.texts["ins"]
    assert "Section authority level: platform before, root now" in page.texts["main"][0]
    assert {"2025-09-12/red_line_principles", "2025-04-11/risk_taxonomy"} <= set(page.ids)
    assert set(page.targets) <= set(page.ids)


@pytest.mark.usefixtures("shared")
def test_the_page_needs_neither_script_nor_network(shared: Path) -> None:
    page = _model_spec(shared)
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert "@import" not in page.texts["style"][0]
    assert "url(" not in page.texts["style"][0]
