"""How well coverage is estimated, and how well the clauses about something are found, beside simple peers.

Labels and evidence are measured on threat models that a reader labelled on both labs' documents; each is looked for by
its title and description alone, and once more in a newcomer's words. Retrieval is measured as well on the prompts that
come with the Model Spec, each tagged with the place that it tests. Intervals resample threat models (or tags).

A peer's labels are cut from its best clause's score at the two thresholds that are best on this very data, which
flatters it; avenant's were fixed before.

    python benchmarks/coverage.py                    # a few minutes
    python benchmarks/coverage.py --gold FILE        # other labelled threat models, in the same form
    python benchmarks/coverage.py --show             # each label that is wrong, and each quote that is not found
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations_with_replacement, pairwise
from pathlib import Path

import numpy as np
from coverage_gold import GOLD, GoldThreat, read_gold
from coverage_peers import PEERS, Scores
from coverage_prompts import print_prompts
from coverage_table import print_header, print_row, resample
from scipy.stats import rankdata

from avenant.coverage.matrix import LABELS, Label, find_coverage, query_of
from avenant.coverage.retrieval import Query, index_clauses
from avenant.specs.library import Spec

KS = (5, 10, 20)


@dataclass
class Run:
    """What one system did."""

    name: str
    scores: dict[str, list[float]] = field(default_factory=dict)
    """How much guidance there is, by document, for each threat model."""
    labels: dict[str, list[Label]] = field(default_factory=dict)
    confidences: list[float] = field(default_factory=list)
    """How sure it is of each label, where it says."""
    ranks: dict[tuple[str, str], list[list[int]]] = field(default_factory=dict)
    """For each document and kind of query, for each threat model the rank (from 0) of each quote's clause."""


def run_avenant(specs: dict[str, Spec], gold: Sequence[GoldThreat]) -> Run:
    """Avenant's labels and rankings."""
    run = Run("avenant")
    threats = [one.threat for one in gold]
    for lab, spec in specs.items():
        matrix = find_coverage(threats, [spec])
        cells = [matrix.cell(threat.id, spec.id) for threat in threats]
        run.scores[lab] = [cell.score for cell in cells]
        run.labels[lab] = [cell.label for cell in cells]
        run.confidences += [cell.confidence for cell in cells]
        ranker = index_clauses(spec.document, spec.agents)
        full = [[ranker.score(query_of(threat))] for threat in threats]
        lay = [[ranker.score(Query(text)) for text in one.queries] for one in gold]
        _add_ranks(run, lab, gold, full, lay)
    return run


def run_peer(name: str, specs: dict[str, Spec], gold: Sequence[GoldThreat]) -> Run:
    """A peer's rankings, and the labels that its best clause's score gives at the best thresholds."""
    run = Run(name)
    for lab, spec in specs.items():
        peer = PEERS[name](spec.document)
        full = [[peer(f"{one.threat.title}. {one.threat.description}")] for one in gold]
        run.scores[lab] = [float(row[0].max()) for row in full]
        _add_ranks(run, lab, gold, full, [[peer(text) for text in one.queries] for one in gold])
    run.labels = _cut_best(run.scores, gold)
    return run


def _add_ranks(
    run: Run, lab: str, gold: Sequence[GoldThreat], full: Sequence[list[Scores]], lay: Sequence[list[Scores]]
) -> None:
    for kind, rows in (("full", full), ("lay", lay)):
        # Clauses of the same score share the middle of their ranks.
        ranks = [[rankdata(-scores) - 1 for scores in row] for row in rows]
        run.ranks[lab, kind] = [
            [int(min(rank[list(quote)])) for rank in row for quote in one.cells[lab].evidence]
            for one, row in zip(gold, ranks, strict=True)
        ]


def _cut_best(scores: dict[str, list[float]], gold: Sequence[GoldThreat]) -> dict[str, list[Label]]:
    values = sorted({score for row in scores.values() for score in row})
    cuts = [(a + b) / 2 for a, b in pairwise(values)]
    best: tuple[float, dict[str, list[Label]]] = (-1.0, {})
    for low, high in combinations_with_replacement([values[0] - 1, *cuts], 2):
        labels: dict[str, list[Label]] = {
            lab: ["absent" if one < low else "mentioned" if one < high else "addressed" for one in row]
            for lab, row in scores.items()
        }
        if (f1 := macro_f1(*_pairs(labels, gold, is_lenient=False))) > best[0]:
            best = (f1, labels)
    return best[1]


def _pairs(
    labels: dict[str, list[Label]], gold: Sequence[GoldThreat], *, is_lenient: bool, rows: Sequence[int] | None = None
) -> tuple[list[Label], list[Label]]:
    """What the reader said, and the system; where lenient, the other fair reader's word is as good as the first's."""
    truth: list[Label] = []
    said: list[Label] = []
    for lab, row in labels.items():
        for number in rows if rows is not None else range(len(gold)):
            cell = gold[number].cells[lab]
            said.append(row[number])
            truth.append(row[number] if is_lenient and cell.accepts(row[number]) else cell.label)
    return truth, said


def macro_f1(truth: Sequence[Label], said: Sequence[Label]) -> float:
    """The mean over the labels that a reader gave of F1."""
    values = []
    for label in LABELS:
        right = sum(t == s == label for t, s in zip(truth, said, strict=True))
        if wanted := truth.count(label):
            values.append(2 * right / (wanted + said.count(label)))
    return float(np.mean(values))


def area(scores: Sequence[float], gold: Sequence[GoldThreat], lab: str, rows: Sequence[int]) -> float:
    """The chance that a threat model that is addressed scores higher than one that is absent (AUC)."""
    yes = np.array([scores[i] for i in rows if gold[i].cells[lab].label == "addressed"])
    no = np.array([scores[i] for i in rows if gold[i].cells[lab].label == "absent"])
    if not len(yes) or not len(no):
        return float("nan")
    return float(np.mean((yes[:, None] > no) + 0.5 * (yes[:, None] == no)))


def print_labels(runs: Sequence[Run], gold: Sequence[GoldThreat]) -> None:
    """The table of labels."""
    labs = list(runs[0].scores)
    print(f"labels: {len(gold)} threat models in {len(labs)} documents\n")
    aucs = [f"AUC {lab}" for lab in labs]
    print_header("recall addressed", "mentioned", "absent", "macro-F1 strict", "lenient", *aucs)
    for run in runs:
        truth, said = _pairs(run.labels, gold, is_lenient=False)
        right = Counter(t for t, s in zip(truth, said, strict=True) if t == s)
        recalls = [f"{right[label]}/{truth.count(label)}" for label in reversed(LABELS)]
        measures = [partial(_f1_of, run, gold, is_lenient) for is_lenient in (False, True)]
        measures += [partial(area, run.scores[lab], gold, lab) for lab in labs]
        print_row(run.name, *recalls, *(resample(one, len(gold)) for one in measures))


def _f1_of(run: Run, gold: Sequence[GoldThreat], is_lenient: bool, rows: Sequence[int]) -> float:
    return macro_f1(*_pairs(run.labels, gold, is_lenient=is_lenient, rows=rows))


def print_confidence(run: Run, gold: Sequence[GoldThreat]) -> None:
    """How often labels are right, by how sure avenant is of them."""
    cells = [one.cells[lab] for lab in run.labels for one in gold]
    said = [label for lab in run.labels for label in run.labels[lab]]
    print()
    print_header("cells", "confidence, mean", "right", "right or fair")
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 1.01)):
        rows = [number for number, confidence in enumerate(run.confidences) if low <= confidence < high]
        if rows:
            right = np.mean([cells[row].label == said[row] for row in rows])
            fair = np.mean([cells[row].accepts(said[row]) for row in rows])
            mean = np.mean([run.confidences[row] for row in rows])
            print_row(f"{low:.1f} to {min(high, 1):.1f}", str(len(rows)), f"{mean:.2f}", f"{right:.2f}", f"{fair:.2f}")


def print_evidence(runs: Sequence[Run], count: int) -> None:
    """The tables of evidence."""
    labs = list(runs[0].scores)
    for kind, what in (("full", "title and description"), ("lay", "a newcomer's words")):
        print(f"\nevidence among the first {', '.join(map(str, KS))}, looked for by {what}\n")
        print_header(*(f"{lab} @{k}" for lab in labs for k in KS))
        for run in runs:
            measures = [partial(_found_share, run.ranks[lab, kind], k) for lab in labs for k in KS]
            print_row(run.name, *(resample(one, count) for one in measures))


def _found_share(ranks: Sequence[Sequence[int]], k: int, rows: Sequence[int]) -> float:
    found = [rank < k for row in rows for rank in ranks[row]]
    return float(np.mean(found)) if found else float("nan")


def print_misses(run: Run, gold: Sequence[GoldThreat]) -> None:
    """Each label that is wrong, and each quote that is far down."""
    for lab in run.labels:
        for number, one in enumerate(gold):
            cell, said = one.cells[lab], run.labels[lab][number]
            far = [rank for rank in run.ranks[lab, "full"][number] if rank >= 10]
            fair = f" or {cell.alternative}" if cell.alternative else ""
            wrong = f"{said}, the reader {cell.label}{fair}" if said != cell.label else ""
            if wrong or far:
                where = f"  quotes at {far}" if far else ""
                print(f"{lab:10} {one.threat.id:34} {run.scores[lab][number]:.2f} {wrong}{where}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD, help="labelled threat models")
    parser.add_argument("--only", choices=("labels", "prompts"), help="one part alone")
    parser.add_argument("--show", action="store_true", help="each miss")
    options = parser.parse_args()
    if not options.gold.is_file():
        sys.exit(f"{options.gold} is not here: nothing to measure on")
    if options.only != "prompts":
        specs, gold = read_gold(options.gold)
        runs = [run_avenant(specs, gold), *(run_peer(name, specs, gold) for name in PEERS)]
        always: dict[str, list[Label]] = {lab: ["addressed"] * len(gold) for lab in specs}
        if options.show:
            print_misses(runs[0], gold)
        print_labels([*runs, Run("always addressed", {lab: [1.0] * len(gold) for lab in specs}, always)], gold)
        print_confidence(runs[0], gold)
        print_evidence(runs, len(gold))
    if options.only != "labels":
        print_prompts()


if __name__ == "__main__":
    main()
