"""The benchmark of coverage: its measures and its reading of labels, on a small document of our own."""

from __future__ import annotations

import importlib
import math
import sys
from pathlib import Path

import pytest

from avenant.specs.parse import parse_document

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
benchmark = importlib.import_module("coverage")
gold = importlib.import_module("coverage_gold")
peers = importlib.import_module("coverage_peers")
table = importlib.import_module("coverage_table")

DOCUMENT = """\
# Letters

The assistant should name the deadline of a letter, and “the office” that sent it.

# Rents

Rents rise each year.
"""
LABELS = """\
specs:
  openai: {document: A, release: "1", path: specs/openai/1/spec.md}
threat_models:
  - id: deadlines
    title: Missed deadlines
    description: >-
      A tenant misses
      a deadline.
    coverage:
      openai:
        label: addressed
        confidence: high
        evidence: [{quote: 'name the deadline of a letter, and "the office"', heading: [Letters]}]
    queries: ["When do I have to answer?"]
  - id: rents
    title: Rising rents
    description: Rents rise.
    coverage:
      openai:
        label: absent
        confidence: medium
        alternative: mentioned
        evidence: []
        near_miss: {quote: Rents rise each year, heading: [Rents]}
    queries: ["Why do I pay more?"]
"""


@pytest.fixture
def read(tmp_path: Path) -> tuple[dict[str, object], tuple[object, ...]]:
    (tmp_path / "specs/openai/1").mkdir(parents=True)
    (tmp_path / "specs/openai/1/spec.md").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold/labels.yaml").write_text(LABELS, encoding="utf-8")
    found: tuple[dict[str, object], tuple[object, ...]] = gold.read_gold(tmp_path / "gold/labels.yaml")
    return found


def test_labels_are_read_with_the_clauses_of_their_quotes(read: tuple[dict[str, object], tuple[object, ...]]) -> None:
    specs, (deadlines, rents) = read
    assert list(specs) == ["openai"]
    assert deadlines.cells["openai"].evidence == ((0,),)  # type: ignore[attr-defined]
    assert deadlines.threat.description == "A tenant misses a deadline."  # type: ignore[attr-defined]
    assert rents.cells["openai"].near_miss == (1,)  # type: ignore[attr-defined]
    assert [rents.cells["openai"].accepts(one) for one in ("absent", "mentioned", "addressed")] == [True, True, False]  # type: ignore[attr-defined]


def test_macro_f1_is_the_mean_over_the_labels_that_the_reader_gave() -> None:
    assert benchmark.macro_f1(["addressed", "absent"], ["addressed", "absent"]) == 1
    assert benchmark.macro_f1(["addressed", "absent"], ["addressed", "addressed"]) == pytest.approx((2 / 3 + 0) / 2)


def test_the_area_is_the_chance_of_the_right_order(read: tuple[dict[str, object], tuple[object, ...]]) -> None:
    _, threats = read
    assert benchmark.area([0.9, 0.1], threats, "openai", range(2)) == 1
    assert benchmark.area([0.1, 0.9], threats, "openai", range(2)) == 0
    assert benchmark.area([0.5, 0.5], threats, "openai", range(2)) == 0.5
    assert math.isnan(benchmark.area([0.5, 0.5], threats, "openai", [0]))


def test_a_peer_gets_the_cuts_that_suit_it_best(read: tuple[dict[str, object], tuple[object, ...]]) -> None:
    _, threats = read
    assert benchmark._cut_best({"openai": [0.9, 0.1]}, threats) == {"openai": ["addressed", "absent"]}


def test_every_peer_finds_what_is_asked_for_in_its_own_words() -> None:
    document = parse_document(DOCUMENT, "openai/1")
    for name, make in peers.PEERS.items():
        assert make(document)("the deadline of the letter").argmax() == 0, name


def test_an_interval_holds_its_figure() -> None:
    values = [0.0, 1.0, 1.0, 0.0]
    figure = table.resample(lambda rows: sum(values[row] for row in rows) / len(rows), 4)
    assert figure.startswith("0.500 [")
