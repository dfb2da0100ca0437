"""How well `avenant adopted` tells what a newer release took of a draft: words, idea, or neither.

The drafts stand in `data/adoption.yaml`, in our own words; the labs' documents are read from `../shared/specs`, and
none is part of this repository. Further drafts are made from them while this runs: sentences that a release added (to
be found word for word) or kept (there before; not deleted), added sentences with some of their words exchanged
(reworked), and the paragraphs of Claude's constitution, which the Model Spec did not take (negatives; a few share an
idea all the same).

One half of every list is for development, the other for the test. "By the rule" a threshold is the lowest at which at
most 0.5 % of the development half's negatives are false alarms in the two pairs of releases with the most new words;
the peers get theirs by the same rule. Avenant's own stands higher, above every development negative, since a wrong
claim is worse than a missed one. Nothing is random.

    python benchmarks/adoption.py                       # the test half: a minute or two
    python benchmarks/adoption.py --half development
    python benchmarks/adoption.py --show                # each false alarm and each draft found, with the lab's words

BM25 needs `pip install bm25s`; without it that column is left out.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import Stemmer
from adoption_cases import (
    HALVES,
    LARGEST,
    NAME,
    NEGATIVE,
    POSITIVE,
    SPECS,
    STEPS,
    WRITTEN,
    Case,
    Pair,
    jaccard,
    keywords,
    make_cases,
    read_spec,
    words_of,
)
from rapidfuzz import fuzz
from scipy.stats import binomtest

from avenant.amendments.adoption import ALIKE, EditUptake, find_adoption
from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.writing import render_amendment
from avenant.specs.document import Clause

MOST_ALARMS = 0.005
"""Share of the development half's negatives in the largest pairs that a threshold by the rule lets through."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one method says of a case."""

    case: Case
    score: float
    sections: tuple[str, ...]
    """Of the places that it shows, best first."""
    words: str = ""
    """The lab's, in the first of them."""

    @property
    def is_placed(self) -> bool:
        """Whether the first place is in a right section."""
        return self.sections[:1] != () and self.sections[0] in self.case.into


@dataclass(frozen=True, slots=True)
class Column:
    """One method's results under one threshold."""

    name: str
    threshold: float
    results: Sequence[Result]

    def is_found(self, one: Result) -> bool:
        """Whether the method says that the idea was taken."""
        return one.score >= self.threshold


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--half", choices=HALVES, default="test")
    parser.add_argument("--show", action="store_true", help="each false alarm and each draft found")
    given = parser.parse_args()
    if not SPECS.is_dir():
        sys.exit(f"the labs' documents are not on this machine: no folder {SPECS}")
    cases = list(make_cases())
    print_exact(cases, given.half)
    scored = [case for case in cases if not case.expected]
    found = {"avenant, by the rule": [_ask_avenant(case) for case in scored]}
    found |= {name: [_ask_peer(peer, case) for case in scored] for name, peer in _peers().items()}
    spent_ms = [measure_ms(case) for case in scored if case.pair == LARGEST[0]]
    columns = [Column(name, choose_threshold(results), results) for name, results in found.items()]
    columns.insert(0, dataclasses.replace(columns[0], name="avenant", threshold=ALIKE))
    print_substance(columns, given.half)
    usual = statistics.median(spent_ms)
    print(f"\nA draft after alignment: median {usual:.1f} ms, longest {max(spent_ms):.1f} ms, n {len(spent_ms)}")
    if given.show:
        show(columns[0], given.half)


@cache
def _template() -> Amendment:
    edit = {"append-to-section": {"section": "Overview"}}
    return parse_amendment(
        render_amendment(title="Draft", spec="openai/2025-02-12", placeholder=NAME, edit=edit), Path("draft.md")
    )


def find_uptake(case: Case) -> EditUptake:
    """Avenant's answer."""
    draft = dataclasses.replace(_template(), edits=(case.edit,), sections={"Passage": case.passage})
    return find_adoption(draft, *(read_spec(version) for version in case.pair)).edits[0]


def measure_ms(case: Case) -> float:
    """Milliseconds for a draft once the releases are compared."""
    started = time.perf_counter()
    find_uptake(case)
    return 1000 * (time.perf_counter() - started)


def _ask_avenant(case: Case) -> Result:
    likely, document = find_uptake(case).likely, read_spec(case.pair[1]).document
    sections = tuple(document.section_at(one.place.start).id for one in likely)
    return Result(case, likely[0].similarity if likely else 0.0, sections, likely[0].words if likely else "")


Peer = Callable[[Case, Sequence[str]], Sequence[float]]
"""Scores a passage against the texts of the clauses that have new words."""


def _ask_peer(peer: Peer, case: Case) -> Result:
    clauses, texts = _changed(case.pair)
    if not clauses:
        return Result(case, 0.0, ())
    ranked = sorted(zip(peer(case, texts), (clause.section_id for clause in clauses), strict=True), reverse=True)[:3]
    return Result(case, float(ranked[0][0]), tuple(section for _, section in ranked))


@cache
def _changed(pair: Pair) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """The newer release's clauses which the older one had not, of five words and more, but for dialogues."""
    old, new = (read_spec(version).document for version in pair)
    before = {words_of(old.slice(clause.span)) for clause in old.clauses}
    texts = {clause.id: words_of(new.slice(clause.span)) for clause in new.clauses if not clause.is_example}
    changed = tuple(one for one in new.clauses if len(texts.get(one.id, ())) >= 5 and texts[one.id] not in before)
    return changed, tuple(" ".join(texts[clause.id]) for clause in changed)


def _peers() -> dict[str, Peer]:
    peers: dict[str, Peer] = {"keyword overlap": _by_keywords, "token_set_ratio": _by_token_set}
    return peers | ({"BM25": _by_bm25} if importlib.util.find_spec("bm25s") else {})


def _by_keywords(case: Case, texts: Sequence[str]) -> list[float]:
    return [jaccard(keywords(case.text), keywords(text)) for text in texts]


def _by_token_set(case: Case, texts: Sequence[str]) -> list[float]:
    ours = " ".join(words_of(case.text))
    return [fuzz.token_set_ratio(ours, text) / 100 for text in texts]


def _by_bm25(case: Case, texts: Sequence[str]) -> list[float]:
    """Divided by the number of the passage's words, so that long passages do not win by their length."""
    query = Stemmer.Stemmer("english").stemWords(words_of(case.text))
    return [float(one) / len(query) for one in _index(tuple(texts)).get_scores(query)]


@cache
def _index(texts: tuple[str, ...]) -> Any:
    import bm25s  # type: ignore[import-not-found]

    index = bm25s.BM25()
    index.index([Stemmer.Stemmer("english").stemWords(text.split()) for text in texts], show_progress=False)
    return index


def choose_threshold(results: Sequence[Result]) -> float:
    """The lowest score that at most `MOST_ALARMS` of the development half's negatives in the largest pairs reach."""
    chosen = (one for one in results if one.case.half == "development" and _is_negative(LARGEST)(one.case))
    alarms = sorted((one.score for one in chosen), reverse=True)
    return math.nextafter(alarms[int(MOST_ALARMS * len(alarms))], math.inf)


def print_exact(cases: Sequence[Case], half: str) -> None:
    """Words found, deletions and replacements: the uptake is right or wrong."""
    print(f"The uptake is right, {half} half: share, 95 % interval (Wilson)")
    chosen = [(case, find_uptake(case).uptake) for case in cases if case.expected and case.half == half]
    for kind in dict.fromkeys(case.kind for case, _ in chosen):
        ours = [(case, uptake) for case, uptake in chosen if case.kind == kind]
        print(f"  {f'{kind} ({len(ours)})':60}{interval([uptake in case.expected for case, uptake in ours])}")
        for case, uptake in ours:
            if uptake not in case.expected:
                words = " ".join((case.passage or case.edit.anchor.quote).split())[:70]
                print(f"    {uptake}: {' -> '.join(case.pair)}: {words}")


def print_substance(columns: Sequence[Column], half: str) -> None:
    """Recall, false alarms, precision and the place shown, a column for each method."""
    print(f"\nThe idea, {half} half: share, 95 % interval (Wilson, as if the drafts had nothing in common)")
    _print_row("", [column.name for column in columns])
    _print_row("threshold", [f"{column.threshold:.3f}" for column in columns])
    halves = [[one for one in column.results if one.case.half == half] for column in columns]
    for label, is_in, is_hit in _rows():
        chosen = [[one for one in results if is_in(one.case)] for results in halves]
        hits = [[is_hit(column, one) for one in ours] for column, ours in zip(columns, chosen, strict=True)]
        _print_row(f"{label} ({len(chosen[0])})", [interval(ours) for ours in hits])
    for kind in WRITTEN:
        claims = [[one for one in ours if column.is_found(one)] for column, ours in zip(columns, halves, strict=True)]
        right = [sum(one.case.kind == kind and one.is_placed for one in ours) for ours in claims]
        made = [sum(one.case.kind == kind or _is_negative(STEPS)(one.case) for one in ours) for ours in claims]
        label = f"precision: {kind} among negatives, release to release"
        _print_row(label, [f"{count}/{total}" for count, total in zip(right, made, strict=True)])


def _print_row(label: str, cells: Sequence[str]) -> None:
    print(f"  {label:60}" + "".join(f"{cell:22}" for cell in cells).rstrip())


Row = tuple[str, Callable[[Case], bool], Callable[[Column, Result], bool]]


def _rows() -> Iterator[Row]:
    """What is counted: a label, the cases, and what a hit is."""
    for kind in POSITIVE:
        yield f"{kind}: found, right section", _is_of(kind), lambda column, one: column.is_found(one) and one.is_placed
    for kind in WRITTEN:
        yield (
            f"{kind}: found, wrong section",
            _is_of(kind),
            lambda column, one: column.is_found(one) and not one.is_placed,
        )
        yield f"{kind}: right section shown first", _is_of(kind), lambda _, one: one.is_placed
        is_among = lambda _, one: not set(one.sections).isdisjoint(one.case.into)  # noqa: E731
        yield f"{kind}: right section among three", _is_of(kind), is_among
    yield "opposite: found", _is_of("opposite"), Column.is_found
    for pairs, name in ((STEPS, "release to release"), (LARGEST, "largest pairs")):
        for kind in NEGATIVE:
            yield f"false alarm, {name}: {kind}", _is_negative(pairs, kind), Column.is_found
        yield f"false alarm, {name}: all", _is_negative(pairs), Column.is_found


def _is_of(kind: str) -> Callable[[Case], bool]:
    return lambda case: case.kind == kind


def _is_negative(pairs: Sequence[Pair], *kinds: str) -> Callable[[Case], bool]:
    return lambda case: case.kind in (kinds or NEGATIVE) and case.pair in pairs


def interval(hits: Sequence[bool]) -> str:
    """A share with its interval."""
    if not hits:
        return "cannot tell"
    test = binomtest(sum(hits), len(hits))
    bounds = test.proportion_ci(method="wilson")
    return f"{test.statistic:.3f} [{bounds.low:.3f}, {bounds.high:.3f}]"


def show(column: Column, half: str) -> None:
    """Each false alarm and each draft found, with the lab's words."""
    for one in sorted(column.results, key=lambda one: -one.score):
        case = one.case
        if case.half == half and column.is_found(one) and not case.kind.startswith("reworked"):
            mark = "" if case.kind not in POSITIVE else ", right section" if one.is_placed else ", wrong section"
            print(f"\n{case.kind}, {' -> '.join(case.pair)}, {one.score:.2f}, {one.sections[0]}{mark}")
            print(f"  draft: {' '.join(case.passage.split())[:400]}")
            print(f"  lab:   {' '.join(one.words.split())[:400]}")


if __name__ == "__main__":
    main()
