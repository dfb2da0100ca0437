"""From a user's prompt to the place of the Model Spec that it tests: ground truth that comes with the document."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from coverage_gold import EXAMPLES_SPEC, SHARED, Prompt, read_prompts, read_spec
from coverage_peers import PEERS, Peer, Scores
from coverage_table import print_header, print_row, resample
from scipy.stats import rankdata

from avenant.coverage.retrieval import Query, index_clauses
from avenant.specs.document import Document
from avenant.specs.library import Spec

Ranks = tuple[float, float]
"""The rank of the section and that of the paragraph, from 1."""
_MEASURES: tuple[Callable[[Ranks], float], ...] = (
    lambda ranks: ranks[0] <= 1,
    lambda ranks: ranks[0] <= 3,
    lambda ranks: ranks[0] <= 10,
    lambda ranks: 1 / ranks[0],
    lambda ranks: ranks[1] <= 10,
    lambda ranks: 1 / ranks[1],
)


def print_prompts() -> None:
    """The table of prompts, by section and by paragraph."""
    spec = read_spec(EXAMPLES_SPEC, SHARED / "specs" / EXAMPLES_SPEC / "model_spec.md")
    document = spec.document
    prompts = read_prompts(document)
    tags = sorted({prompt.tag for prompt in prompts})
    paragraphs = sum(not clause.is_example for clause in document.clauses)
    print(
        f"\n{len(prompts)} prompts, {len(tags)} tags, to {len(document.sections)} sections, {paragraphs} paragraphs\n"
    )
    print_header("section @1", "@3", "@10", "MRR", "paragraph @10", "MRR", "index s", "query ms")
    for name, make in _systems(spec):
        begun = time.perf_counter()
        score, score_sections = make()
        indexed = time.perf_counter()
        found: dict[str, list[Ranks]] = {tag: [] for tag in tags}
        for prompt in prompts:
            scores = score(prompt.text)
            found[prompt.tag].append(_rank(document, prompt, scores, score_sections(prompt.text)))
        each_ms = (time.perf_counter() - indexed) * 1000 / len(prompts)
        rows = [found[tag] for tag in tags]
        shares = [resample(partial(_mean, rows, measure), len(tags)) for measure in _MEASURES]
        print_row(name, *shares, f"{indexed - begun:.1f}", f"{each_ms:.1f}")


def _systems(spec: Spec) -> Iterator[tuple[str, Callable[[], tuple[Peer, Peer]]]]:
    yield "avenant", partial(_make_own, spec)
    for name, make in PEERS.items():
        yield name, partial(_make_peer, make, spec.document)


def _make_own(spec: Spec) -> tuple[Peer, Peer]:
    index_clauses.cache_clear()
    ranker = index_clauses(spec.document, spec.agents)
    return (lambda text: ranker.score(Query(text))), (lambda text: ranker.score_sections(Query(text)))


def _make_peer(make: Callable[[Document], Peer], document: Document) -> tuple[Peer, Peer]:
    """A peer, and the same for sections, each as near as its nearest clause."""
    peer = make(document)
    of_clause = _section_numbers(document)

    def score_sections(text: str) -> Scores:
        scores = np.full(len(document.sections), -np.inf)
        np.maximum.at(scores, of_clause, peer(text))
        return scores

    return peer, score_sections


def _section_numbers(document: Document) -> np.ndarray:
    numbers = {section.id: number for number, section in enumerate(document.sections)}
    return np.array([numbers[clause.section_id] for clause in document.clauses])


def _rank(document: Document, prompt: Prompt, scores: Scores, sections: Scores) -> Ranks:
    place = next(number for number, clause in enumerate(document.clauses) if prompt.tag in clause.footnotes)
    is_paragraph = np.array([not clause.is_example for clause in document.clauses])
    section = rankdata(-sections)[_section_numbers(document)[place]]
    # A tag that stands in the heading of an example belongs to the paragraph above it.
    above = max(number for number in range(place + 1) if is_paragraph[number])
    paragraph = rankdata(-scores[is_paragraph])[is_paragraph[:above].sum()]
    return float(section), float(paragraph)


def _mean(rows: Sequence[Sequence[Ranks]], measure: Callable[[Ranks], float], chosen: Sequence[int]) -> float:
    return float(np.mean([measure(ranks) for row in chosen for ranks in rows[row]]))
