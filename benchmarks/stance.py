"""How often `avenant stance` gives the verdict of a careful reader, on claims of our own.

`data/stance.yaml` has claims with their verdicts, written before anything was changed for them. Those marked `tuned`
were used for choosing the weights; the threshold was chosen on all. What a threshold chosen so is worth is told by
ten-fold cross-validation: for each tenth it is chosen on the nine others. The same run, and the same folds, measure two
simple peers: "keywords" takes the sentence with a judgement that has the largest share of the claim's words; "always
open" says open. The labs' documents are read from `../shared/specs`; none is part of this repository.

    python benchmarks/stance.py
    python benchmarks/stance.py --show           # each claim that is told wrongly
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from check_cases import DATA
from check_substance import NEWEST, SHARED, load_spec
from scipy.stats import binomtest

from avenant.coverage.stance import DECIDES, Verdict, find_stance
from avenant.reading.concepts import stopwords
from avenant.reading.judgement import Judgement, find_judgements, find_rules
from avenant.reading.likeness import stem_words
from avenant.specs.library import Spec
from avenant.text import fold_words, plain_words

LABS = ("anthropic", "openai")
CANNOT_TELL = "cannot tell"
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A claim with what a careful reader says."""

    id: str
    spec: Spec
    claim: str
    is_tuned: bool
    words: str
    verdict: Verdict
    also: str = ""
    """Another verdict that a fair reader could give."""
    seems: str = ""
    section: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a claim."""

    verdict: str
    sections: tuple[str, ...] = ()
    """Of the sentences that decide, the first one first."""
    words: str = ""
    """The sentence that decides."""
    direction: str = ""


Ask = Callable[[Row, float], Answer]
"""What a system says of a claim at a threshold."""


def read_rows() -> list[Row]:
    """The claims on documents that are here."""
    data: list[dict[str, Any]] = yaml.safe_load((DATA / "stance.yaml").read_text(encoding="utf-8"))
    specs = {lab: load_spec(SHARED / NEWEST[lab]) for lab in LABS if (SHARED / NEWEST[lab]).is_file()}
    return [
        Row(spec=specs[one.pop("document")], is_tuned=one.pop("tuned"), **one)
        for one in data
        if one["document"] in specs
    ]


@cache
def ask_avenant(row: Row, threshold: float) -> Answer:
    """The verdict of `find_stance`."""
    stance = find_stance(row.claim, row.spec, decides_from=threshold)
    found = [one.judgement for one in stance.deciding]
    words = row.spec.document.folded_slice(found[0].span) if found else stance.reason
    direction = stance.deciding[0].direction if found else ""
    return Answer(stance.verdict, tuple(one.clause.section_id for one in found), words, direction)


def ask_keywords(row: Row, threshold: float) -> Answer:
    """The share of the claim's words that stand in a sentence decides."""
    share, judgement = _overlap(row)
    return Answer(judgement.strength, (judgement.clause.section_id,)) if share >= threshold else Answer("open")


@cache
def _overlap(row: Row) -> tuple[float, Judgement]:
    document = row.spec.document
    ours = _stems(row.claim)
    judgements = (*find_judgements(document), *find_rules(document, row.spec.agents))
    shares = [len(ours & _stems(document.folded_slice(one.span))) / max(1, len(ours)) for one in judgements]
    share = max(shares)
    return share, judgements[shares.index(share)]


@cache
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem_words([word for word in plain_words(text) if word not in stopwords()]))


def cross_validate(ask: Ask, thresholds: Sequence[float], rows: Sequence[Row], seed: int) -> dict[str, Answer]:
    """The answer to each claim at the threshold that does best on the nine tenths without it."""
    order = list(rows)
    random.Random(seed).shuffle(order)
    answers = {}
    for fold in range(FOLDS):
        rest = [row for number, row in enumerate(order) if number % FOLDS != fold]
        hits = [sum(ask(row, one).verdict == row.verdict for row in rest) for one in thresholds]
        best = [one for one, count in zip(thresholds, hits, strict=True) if count == max(hits)]
        answers |= {row.id: ask(row, best[len(best) // 2]) for row in order[fold::FOLDS]}
    return answers


def share(hits: int, total: int) -> str:
    """A share with its 95 % interval (Clopper and Pearson)."""
    if not total:
        return "none"
    ci = binomtest(hits, total).proportion_ci(method="exact")
    return f"{hits}/{total} = {hits / total:.2f} [{ci.low:.2f}, {ci.high:.2f}]"


def report(name: str, answers: dict[str, Answer], rows: Sequence[Row]) -> None:
    """Shares of right verdicts."""
    decided = [row for row in rows if row.verdict != "open"]
    said = [row for row in rows if answers[row.id].verdict != "open"]
    print(f"  {name}")
    print(f"    verdict of three     {_count(rows, lambda row: answers[row.id].verdict == row.verdict)}")
    fair = _count(rows, lambda row: answers[row.id].verdict in (row.verdict, row.also))
    print(f"      or another fair    {fair}")
    is_right = _count(rows, lambda row: (answers[row.id].verdict == "open") == (row.verdict == "open"))
    print(f"    open or decided      {is_right}")
    print(f"    decided is found     {_count(decided, lambda row: answers[row.id].verdict != 'open')}")
    print(f"    of “decided”, right  {_count(said, lambda row: row.verdict != 'open')}")
    print(f"    in the right section {_count(decided, lambda row: row.section in answers[row.id].sections)}")
    unseen = [row for row in rows if not row.is_tuned]
    print(f"    verdict, unseen      {_count(unseen, lambda row: answers[row.id].verdict == row.verdict)}")
    for words in ("lay", "expert"):
        part = [row for row in rows if row.words == words]
        print(f"    verdict, {words:11} {_count(part, lambda row: answers[row.id].verdict == row.verdict)}")
    told = [row for row in decided if row.section in answers[row.id].sections and answers[row.id].direction]
    if told:
        print(f"    direction is right   {_count(told, lambda row: answers[row.id].direction == row.seems)}")
        wrong = _count(told, lambda row: answers[row.id].direction not in (row.seems, CANNOT_TELL))
        print(f"    direction is wrong   {wrong}")


def _count(rows: Iterable[Row], is_hit: Callable[[Row], bool]) -> str:
    hits = [is_hit(row) for row in rows]
    return share(sum(hits), len(hits))


def show_misses(answers: dict[str, Answer], rows: Sequence[Row]) -> None:
    """Each claim that is told wrongly."""
    for row in rows:
        answer = answers[row.id]
        is_there = not row.key or fold_words(row.key).casefold() in fold_words(answer.words).casefold()
        if answer.verdict != row.verdict or not is_there or (answer.direction and answer.direction != row.seems):
            print(f"    {row.id} {row.claim}")
            print(f"        {row.verdict} {row.seems}; said {answer.verdict} {answer.direction}: {answer.words[:160]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="each claim that is told wrongly")
    parser.add_argument("--seed", type=int, default=0, help="for the folds")
    options = parser.parse_args()
    rows = read_rows()
    if not rows:
        sys.exit(f"the labs' documents are not here: nothing to measure on (looked in {SHARED})")
    print(
        f"{len(rows)} claims, {sum(row.verdict == 'open' for row in rows)} of them open; {FOLDS}-fold cross-validation"
    )
    always: Ask = lambda row, threshold: Answer("open")  # noqa: E731
    systems: dict[str, tuple[Ask, Sequence[float]]] = {
        "avenant": (ask_avenant, [number / 100 for number in range(22, 48)]),
        "keywords": (ask_keywords, [number / 40 for number in range(8, 40)]),
        "always open": (always, [1.0]),
    }
    for name, (ask, thresholds) in systems.items():
        answers = cross_validate(ask, thresholds, rows, options.seed)
        report(name, answers, rows)
        if options.show and name == "avenant":
            show_misses(answers, rows)
    print(f"at the threshold as it is, {DECIDES}, which was chosen on these claims")
    report("avenant", {row.id: ask_avenant(row, DECIDES) for row in rows}, rows)


if __name__ == "__main__":
    main()
