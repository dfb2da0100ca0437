"""The two scales by which coverage is read, fitted to labels of our own: one reader's, of the built-in threat models.

The labels stand in `data/coverage-*.yaml`, without a word of the documents. They are used for nothing else; coverage is
measured on other labels by `coverage.py`.

    python benchmarks/coverage_fit.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import yaml
from coverage_gold import SHARED, read_spec
from coverage_table import print_header, print_row, resample
from numpy.typing import NDArray
from scipy.optimize import minimize

from avenant.coverage.catalogue import read_catalogue
from avenant.coverage.matrix import LABELS, query_of
from avenant.coverage.retrieval import index_clauses
from avenant.files import read_text

DATA = Path(__file__).parent / "data"
FILES = {
    "coverage-openai.yaml": "openai/2025-12-18.r2/model_spec.md",
    "coverage-anthropic.yaml": "anthropic/2026-01-20/constitution.md",
}
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What was measured of one document's cells, and what a reader said of them."""

    told: Numbers
    said: Numbers
    labels: Numbers
    """0 absent, 1 mentioned, 2 addressed."""
    ranks: list[list[int]]
    """For each cell, the ranks (from 0) of the clauses that the reader took for evidence."""


def read_labelled(file: str, spec_path: str) -> Labelled:
    """Measure the cells of one document."""
    data = yaml.safe_load(read_text(DATA / file))
    spec = read_spec(data["document"], SHARED / "specs" / spec_path)
    ranker = index_clauses(spec.document, spec.agents)
    threats = {threat.id: threat for threat in read_catalogue()}
    numbers = {clause.id: number for number, clause in enumerate(spec.document.clauses)}
    told, said, ranks = [], [], []
    is_told = np.array([unit.voice.speaker == "instruction" for unit in ranker.units])
    is_said = np.array([unit.voice.speaker not in ("example", "bad-example") for unit in ranker.units])
    for entry in data["threats"]:
        query = query_of(threats[entry["id"]])
        near = ranker.nearness(query)
        told.append(near[is_told].max())
        said.append(near[is_said].max())
        place = np.argsort(np.argsort(-ranker.score(query), kind="stable"), kind="stable")
        ranks.append([int(place[numbers[clause]]) for clause in entry.get("evidence") or ()])
    labels = [LABELS.index(entry["label"]) for entry in data["threats"]]
    return Labelled(np.array(told), np.array(said), np.array(labels, float), ranks)


def fit_scale(nearness: Numbers, is_so: Numbers) -> tuple[float, float]:
    """Slope and middle of the logistic curve with the greatest likelihood."""

    def loss(weights: Numbers) -> float:
        return float(np.logaddexp(0, -(2 * is_so - 1) * weights[1] * (nearness - weights[0])).sum())

    middle, slope = minimize(loss, [nearness.mean(), 10.0], method="Nelder-Mead").x
    return float(slope), float(middle)


def macro_f1(given: Numbers, labels: Numbers) -> float:
    """The mean of the F1 of the three labels."""
    right = [((given == k) & (labels == k)).sum() for k in range(3)]
    all_of = [(given == k).sum() + (labels == k).sum() for k in range(3)]
    return float(np.mean([2 * one / count for one, count in zip(right, all_of, strict=True)]))


def main() -> None:
    """Fit and print."""
    cells = [read_labelled(file, path) for file, path in FILES.items()]
    told, said, labels = (np.concatenate([getattr(one, name) for one in cells]) for name in ("told", "said", "labels"))
    scales = {"addressed": fit_scale(told, (labels == 2) * 1.0), "present": fit_scale(said, (labels >= 1) * 1.0)}
    for name, (slope, middle) in scales.items():
        print(f"{name}: slope {slope:.2f}, middle {middle:.3f}")
    given = np.where(told >= scales["addressed"][1], 2, np.where(said >= scales["present"][1], 1, 0))
    print(f"macro-F1 on these very labels {macro_f1(given, labels):.2f}, right {(given == labels).mean():.2f}\n")
    print_header("cells", "evidence @5", "@10", "@20")
    for file, one in zip(FILES, cells, strict=True):
        shares = [resample(partial(_found_share, one.ranks, k), len(one.ranks)) for k in (5, 10, 20)]
        print_row(file, str(len(one.ranks)), *shares)


def _found_share(ranks: Sequence[Sequence[int]], k: int, rows: Sequence[int]) -> float:
    return float(np.mean([rank < k for row in rows for rank in ranks[row]]))


if __name__ == "__main__":
    main()
