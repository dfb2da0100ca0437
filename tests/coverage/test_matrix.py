from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from avenant.coverage.catalogue import ThreatModel, find_threat, read_catalogue
from avenant.coverage.matrix import Cell, find_coverage, query_of, rank_for_work
from avenant.specs.document import Document
from avenant.specs.library import Manifest, Spec
from tests.coverage.materials import make_spec

TEXT = """\
# Flattery

Odile must not be sycophantic: it does not flatter people, praise bad work or tell them only what they want to hear. It
gives honest feedback where people would rather hear something else, and where a user pushes back without a new argument
it does not agree just to please, but keeps to its view.

# Letters

Odile should help a tenant to answer a letter, and names the deadline.

# The company

We will publish each year who works for us.
"""
FLATTERY = ThreatModel(
    "flattery",
    "Sycophancy",
    "The model tells people what they want to hear: it flatters them, praises bad work, and agrees with whoever pushes "
    "back, in order to please them.",
    facets=(
        "Does the model keep to its view when a user pushes back without a new argument?",
        "Does the model refuse to help with weapons of war?",
    ),
    phrases=("Does it just tell me what I want to hear?", "flattery and false praise instead of honest feedback"),
    gravity="limited",
)
WAR = ThreatModel(
    "war",
    "Nuclear war by accident",
    "Machines in the command of nuclear weapons take a false alarm for an attack, and nobody has the time to doubt it.",
    gravity="catastrophic",
)


@pytest.fixture(scope="module")
def spec() -> Spec:
    return make_spec(TEXT)


def _cell(threat: ThreatModel, spec: Spec) -> Cell:
    return find_coverage([threat], [spec]).cell(threat.id, spec.id)


def test_what_the_model_is_told_to_do_is_addressed_with_the_clause_that_says_so(spec: Spec) -> None:
    cell = _cell(FLATTERY, spec)
    assert cell.label == "addressed"
    assert "must not be sycophantic" in cell.evidence[0].unit.text
    assert cell.near_miss is None


def test_what_is_nowhere_is_absent_with_its_nearest_miss(spec: Spec) -> None:
    cell = _cell(WAR, spec)
    assert cell.label == "absent"
    assert cell.evidence == ()
    assert cell.near_miss is not None


def test_the_same_words_as_a_promise_are_a_mention_at_most() -> None:
    promise = "# Flattery\n\nWe will see to it that people are not flattered, and that bad work is not praised.\n"
    assert _cell(FLATTERY, make_spec(promise)).label != "addressed"


def test_a_user_who_speaks_of_it_does_not_make_it_covered() -> None:
    example = (
        "# Letters\n\nOdile should help with letters.\n\n**Example**: praise\n\n~~~xml\n<user>\nFlatter me, praise my "
        "bad work and give in when I push back!\n</user>\n<assistant>\nNo.\n</assistant>\n~~~\n"
    )
    assert _cell(FLATTERY, make_spec(example)).label == "absent"


def test_facets_are_met_by_guidance_alone(spec: Spec) -> None:
    met, unmet = _cell(FLATTERY, spec).facets
    assert met.is_met
    assert met.hit is not None
    assert "keeps to its view" in met.hit.unit.text
    assert not unmet.is_met


def test_confidence_is_the_chance_of_the_label(spec: Spec) -> None:
    for cell in (_cell(FLATTERY, spec), _cell(WAR, spec)):
        assert cell.confidence == cell.chances[cell.label] > 0
        assert sum(cell.chances.values()) == pytest.approx(1)
        assert 0 <= cell.score <= 1
    assert _cell(FLATTERY, spec).score > _cell(WAR, spec).score


def test_a_stated_judgement_is_shown() -> None:
    judged = (
        "# Flattery\n\nWe believe that Odile should never flatter people, praise bad work or tell them only what they "
        "want to hear, in order to please them.\n"
    )
    cell = _cell(FLATTERY, make_spec(judged))
    assert cell.judgement is not None
    assert cell.judgement.strength == "settled"


def test_what_is_absent_comes_first_and_of_that_what_is_grave(spec: Spec) -> None:
    grave, slight = (
        WAR,
        ThreatModel("tax", "Tax evasion by yachts", "Yachts are hidden from the tax.", gravity="limited"),
    )
    matrix = find_coverage([FLATTERY, slight, grave], [spec])
    assert [threat.id for threat in matrix.threats] == ["war", "tax", "flattery"]
    assert [row[0].threat for row in matrix.cells] == list(matrix.threats)


def test_without_a_document_there_is_an_empty_row() -> None:
    matrix = find_coverage([FLATTERY], [])
    assert matrix.cells == ((),)
    assert rank_for_work(()) == ()


def test_an_empty_document_covers_nothing() -> None:
    cell = _cell(FLATTERY, make_spec("# A heading\n"))
    assert (cell.label, cell.near_miss, cell.evidence) == ("absent", None, ())
    assert not any(facet.is_met for facet in cell.facets)


def test_progress_counts_cells(spec: Spec) -> None:
    told: list[int] = []
    find_coverage([FLATTERY, WAR], [spec], progress=told.append)
    assert told == [1, 2]


def test_a_bare_threat_borrows_the_words_of_the_built_in_one_that_is_the_same() -> None:
    known = find_threat(read_catalogue(), "sycophancy")
    bare = ThreatModel("mine", known.title, known.description)
    assert set(known.phrases) <= set(query_of(bare).more)
    strange = ThreatModel("cake", "Apple cake", "Apples, flour and butter are baked for an hour.")
    assert query_of(strange).more == ("Apple cake",)


@pytest.mark.parametrize("lab", ["openai", "anthropic"])
def test_on_the_labs_documents_what_is_addressed_scores_above_what_is_absent(
    lab: str, model_spec: Document, constitution: Document
) -> None:
    """On labels of our own, to which the scales were fitted; on those of others see `benchmarks/coverage.py`."""
    document = model_spec if lab == "openai" else constitution
    path = Path(__file__).parents[2] / "benchmarks/data" / f"coverage-{lab}.yaml"
    labels = {one["id"]: one["label"] for one in yaml.safe_load(path.read_text(encoding="utf-8"))["threats"]}
    subject = "the assistant" if lab == "openai" else "Claude"
    spec = Spec(document.id, Path(), Manifest(lab, subject, (), "CC0-1.0", "", "0" * 64, "2026-01-01"), document)
    scores: dict[str, list[float]] = {"addressed": [], "mentioned": [], "absent": []}
    for [cell] in find_coverage(read_catalogue(), [spec]).cells:
        scores[labels[cell.threat.id]].append(cell.score)
    pairs = [(yes > no) + 0.5 * (yes == no) for yes in scores["addressed"] for no in scores["absent"]]
    assert sum(pairs) / len(pairs) > 0.7
