from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.coverage.catalogue import ThreatModel
from avenant.errors import ThreatError
from avenant.scenarios.gap import Gap, find_gap
from avenant.specs.library import Spec, add_spec
from tests.trials.materials import AMENDMENT, DOCUMENT

THREAT = ThreatModel(
    "views", "Views pass for facts", "Odile's views are taken for facts.", facets=("Does Odile say so?",)
)


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return add_spec(tmp_path, DOCUMENT.encode(), "atelier/2026-09-01", source="conduct.md", subject="Odile")


def _gap(spec: Spec, source: str, *, longest: int = 10_000) -> Gap:
    amendment = parse_amendment(source, Path("amendments/mark-views.md"))
    return find_gap(spec, amendment, [THREAT], lambda text: text.replace("Odile", "Clément"), longest=longest)


def test_the_gap_is_the_threat_and_the_sections_where_the_words_go_under_the_placeholder(spec: Spec) -> None:
    gap = _gap(spec, AMENDMENT)
    assert gap.threats == (
        "Views pass for facts\nClément's views are taken for facts.\n"
        "Questions on the model's conduct that are open:\n- Does Clément say so?",
    )
    [section] = gap.sections
    assert section.startswith("How Clément conducts itself > Talking with people\nClément answers the question")
    assert section.endswith("and says what was wrong.")


def _edits(edits: str) -> str:
    head, rest = AMENDMENT.split("edits:\n")
    return f"{head}edits:\n{edits}{rest[rest.index('---') :]}"


@pytest.mark.parametrize("title", ["Talking with people", "Keeping to the truth", "Closing words"])
def test_a_passage_at_the_end_of_a_section_belongs_to_it_and_not_to_the_next(spec: Spec, title: str) -> None:
    gap = _gap(spec, _edits(f"  - append-to-section:\n      section: {title}\n"))
    assert [section.splitlines()[0].split(" > ")[-1] for section in gap.sections] == [title]


def test_each_section_counts_once_and_of_a_move_the_one_where_the_words_go(spec: Spec) -> None:
    edits = """\
  - insert-after:
      quote: "it says anything else about the matter."
  - move:
      quote: "keeps to plain words"
      after:
        quote: "how it came to know it"
  - insert-before:
      quote: "corrects its own mistakes"
      passage: "It does so at once."
"""
    titles = [one.splitlines()[0].split(" > ")[-1] for one in _gap(spec, _edits(edits)).sections]
    assert titles == ["Talking with people", "Keeping to the truth"]


def test_a_long_section_is_cut_at_a_word_and_that_is_shown(spec: Spec) -> None:
    [section] = _gap(spec, AMENDMENT, longest=50).sections
    assert section.splitlines()[1] == "Clément answers the question that was asked before […]"


def test_no_words_of_the_amendment_can_change_the_gap(spec: Spec) -> None:
    changed = AMENDMENT
    for words in ("Mark views as views", "a view of its own", "Views pass for facts.", "A view ends with the words."):
        assert words in changed
        changed = changed.replace(words, "quite other words")
    assert _gap(spec, changed) == _gap(spec, AMENDMENT)
    assert "Amendment" not in {field.type for field in dataclasses.fields(Gap)}


def test_without_a_threat_model_there_is_nothing_to_draft_from(spec: Spec) -> None:
    amendment: Amendment = parse_amendment(AMENDMENT, Path("amendments/mark-views.md"))
    with pytest.raises(ThreatError) as caught:
        find_gap(spec, amendment, [], str, longest=100)
    assert caught.value.faults[0].path == Path("amendments/mark-views.md")
    assert "--threat ID" in str(caught.value)
