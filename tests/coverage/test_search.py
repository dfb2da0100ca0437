from __future__ import annotations

from dataclasses import replace

import pytest

import avenant.coverage.search
from avenant.coverage.retrieval import Query
from avenant.coverage.search import (
    ALIKE,
    NEAR,
    Found,
    Sighting,
    Snippet,
    choose_near,
    cut_snippet,
    is_contents_entry,
    mark_words,
    place_of,
    search_documents,
)
from avenant.mask import Mask
from avenant.specs.document import Span
from avenant.specs.library import Spec
from tests.coverage.plain_ranker import index_plainly
from tests.coverage.specs import make_spec

OLD = """\
# How Odile acts

Contents:

- [Power and office](#power-and-office)

## Power and office

Odile must not help a small group to seize power over a town, a country or a company.

The town council publishes its minutes every second Tuesday of the month.

## Bread

> "How do I seize a loaf?"

Odile should say how long a loaf bakes, and at what heat, before it is asked.
"""
NEW = OLD.replace("a town, a country or a company", "a town, a country, a school or a company").replace(
    "## Bread", "A council of the town answers for Odile.\n\n## Bread"
)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avenant.coverage.search, "index_clauses", index_plainly)


def _texts(found: tuple[Found, ...]) -> list[str]:
    return [one.newest.hit.unit.text for one in found]


def test_the_nearest_clause_comes_first_and_all_are_there() -> None:
    spec = make_spec(OLD)
    found = search_documents([spec], "seize power")
    assert _texts(found)[0].startswith("Odile must not help")
    assert len(found) == len(spec.document.clauses) - 1, "all but the entry of the contents"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_clauses_come_near_where_one_of_their_document_is_alike() -> None:
    spec, other = make_spec(OLD), make_spec(OLD, "other/1")
    hit = index_plainly(spec.document, spec.agents).rank(Query("bread"))[0]

    def found(*values: tuple[float, float], of: Spec = spec) -> Found:
        hits = (replace(hit, score=score, likeness=likeness) for score, likeness in values)
        return Found(tuple(Sighting(of, one) for one in hits))

    alike, near, far = found((0.0, ALIKE)), found((NEAR, 0.0)), found((NEAR - 0.01, ALIKE - 0.01))
    elsewhere = found((NEAR, 0.0), of=other)
    assert choose_near([near, alike, far, elsewhere]) == (near, alike)
    assert choose_near([near, far, elsewhere]) == ()
    reworded = found((0.0, 0.0), (0.5, ALIKE))
    assert choose_near([reworded]) == (reworded,), "one of its wordings is enough"
    assert reworded.score == 0.5


def test_a_clause_of_several_releases_is_found_once_reworded_or_not() -> None:
    specs = [make_spec(OLD, "atelier/9"), make_spec(NEW, "atelier/10"), make_spec(NEW, "other/1")]
    found = search_documents(specs, "seize power over a town")
    ours = [one for one in found if one.newest.spec.id == "atelier/10"]
    power = next(one for one in ours if "seize power" in one.newest.hit.unit.text)
    assert [sighting.spec.id for sighting in power.sightings] == ["atelier/10", "atelier/9"]
    assert "a school" in power.newest.hit.unit.text, "the newest wording is shown"
    assert [power.is_worded_as_newest(sighting) for sighting in power.sightings] == [True, False]
    bread = next(one for one in ours if "loaf bakes" in one.newest.hit.unit.text)
    assert [bread.is_worded_as_newest(sighting) for sighting in bread.sightings] == [True, True]
    added = next(one for one in ours if "answers for Odile" in one.newest.hit.unit.text)
    assert [sighting.spec.id for sighting in added.sightings] == ["atelier/10"]
    assert [one for one in found if one.newest.spec.id == "other/1"], "another lab's clause is another clause"


def test_a_search_keeps_to_speakers_and_sections() -> None:
    spec = make_spec(OLD)
    told = search_documents([spec], "town", speakers=["instruction"])
    assert {one.newest.hit.unit.voice.speaker for one in told} == {"instruction"}
    [section] = spec.document.find_sections("Bread")
    inside = search_documents([spec], "town", scopes={spec.id: (spec.document.subtree(section),)})
    assert {one.newest.hit.clause.section_id for one in inside} == {"bread"}
    assert search_documents([spec], "town", scopes={}) == ()
    assert search_documents([spec], "town", scopes={spec.id: (Span(0, 1),)}) == ()


def test_the_placeholder_is_looked_for_as_the_documents_own_name() -> None:
    found = search_documents([make_spec(OLD)], "Clément loaf", placeholder="Clément")
    assert found[0].score == 1.0


def test_progress_is_told_document_by_document() -> None:
    told: list[tuple[int, int]] = []
    search_documents(
        [make_spec(OLD), make_spec(NEW, "other/1")], "town", progress=lambda done, total: told.append((done, total))
    )
    assert told == [(1, 2), (2, 2)]


def test_an_entry_of_the_contents_is_no_clause_to_find() -> None:
    document = make_spec(OLD).document
    entries = [clause for clause in document.clauses if is_contents_entry(document, clause)]
    assert [document.slice(clause.span).strip() for clause in entries] == ["- [Power and office](#power-and-office)"]


def test_a_place_is_shown_under_the_placeholder() -> None:
    spec = make_spec(OLD)
    [found, *_] = search_documents([spec], "seize power")
    place = place_of(spec, found.newest.hit, Mask(("Odile",), "Clément"))
    assert place.text.startswith("Clément must not help")
    assert place.section == ("How Clément acts", "Power and office")
    assert (place.line, place.speaker, place.force) == (9, "instruction", "must")
    assert "odile" not in place.clause_id
    assert spec.document.slice(place.span).startswith("Odile must not")


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("manipulating people", ["manipulates", "people", "Manipulation"]),
        ("the of", ["the", "of"]),
        ("of the council", []),
        ("odile's", ["Odile"]),
    ],
)
def test_inflected_words_are_marked_and_small_ones_only_where_there_are_no_others(
    words: str, marked: list[str]
) -> None:
    snippet = mark_words("Odile manipulates no people.\nManipulation is the\u00a0opposite of help.", words)
    assert [snippet.text[start:end] for start, end in snippet.marks] == marked
    assert "\n" not in snippet.text
    assert "".join(piece for piece, _ in snippet.pieces) == snippet.text
    assert [piece for piece, is_match in snippet.pieces if is_match] == marked


def test_a_snippet_is_cut_at_words_about_its_marked_words() -> None:
    text = f"{'bread ' * 60}Odile seizes no power. {'loaf ' * 60}"
    snippet = cut_snippet(mark_words(text, "seize power"), 80)
    assert snippet.text.startswith("… bread")
    assert snippet.text.endswith("loaf …")
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["seizes", "power"]
    assert len(snippet.text) <= 84
    assert cut_snippet(mark_words("short", "short"), 80) == Snippet("short", ((0, 5),))
    assert cut_snippet(mark_words(text, "nothing"), 40).text.startswith("bread bread"), "the beginning, without a mark"


def test_a_list_mark_is_taken_off_the_front_alone() -> None:
    counted = "Since 2025. Odile counts pages -- a user- or a tenant's - one by one."
    spec = make_spec(f"# Letters\n\n{counted}\n\n- Odile must not guess.\n")
    places = [place_of(spec, one.newest.hit, Mask((), "Clément")).text for one in search_documents([spec], "pages")]
    assert counted in places
    assert "Odile must not guess." in places
