"""How often `avenant find` says rightly that something comes near, or that nothing does: `python benchmarks/find.py`.

Topics that the labs' documents speak of and topics that they do not, put to each document. Whether a document speaks of
a topic was told by reading and searching it; where that is doubtful, or one of the others turns up in an example
dialogue, it is left out for that document. The line is judged by ten-fold cross-validation over topics: for each tenth
it is chosen on the nine others. The topics under `LATER` were written after it had been chosen. In the same run the
line that was drawn before, by score and by the static model, and the share of a topic's words that a document has.
The documents are read from `../shared/specs`; none is part of this repository.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from coverage_table import print_header, print_row

from avenant.coverage.retrieval import Query, index_clauses
from avenant.coverage.search import ALIKE
from avenant.files import read_text
from avenant.reading.concepts import find_concepts
from avenant.specs.parse import parse_document

SPECS = Path(__file__).resolve().parents[2] / "shared" / "specs"
DOCUMENTS = {
    "openai": (SPECS / "openai/2025-12-18.r2/model_spec.md", ("the assistant", "the model")),
    "anthropic": (SPECS / "anthropic/2026-01-20/constitution.md", ("Claude",)),
}
THERE = (
    "concentration of power", "self-harm", "suicide", "whether the model may lie", "children",
    "sycophancy and flattery", "privacy of users", "oversight and shutting the model down",
    "creative writing with violence", "prompt injection from web pages", "weapons of mass destruction",
    "political bias", "the model's feelings", "emotional dependence on the assistant", "honesty", "follow the operator",
    "may it keep a secret", "hate speech", "help with code", "legal advice", "bioweapons", "lying to protect feelings",
    "what to do when instructions conflict", "refusing to help", "flattering users", "who may give it orders",
    "profanity", "copyright", "medical advice", "mental health crises", "jailbreaks", "the model's personality",
    "being neutral in politics", "roleplay", "secrets of the company", "mass surveillance", "cyberattacks",
    "images of real people", "apologising too much", "helping with illegal acts", "deceiving users",
    "protecting minors", "how sure it is of what it says", "the system prompt",
    "being open about being an AI", "people's autonomy",
    "writing fiction", "tone", "people in distress", "harm to third parties", "tool outputs with hidden orders",
    "personal data", "balanced views on controversial issues", "answering only part of a request",
    "taking actions with side effects",
)  # fmt: skip
ABSENT = (
    "football results", "quantum chromodynamics", "taxes on imported steel", "chocolate cake recipe", "xyzzy",
    "how to prune apple trees", "knitting patterns", "the moons of Jupiter", "train timetable", "guitar chords",
    "sailing across the Atlantic", "wheat harvest yields", "medieval castles", "tennis rackets",
    "mortgage interest rates", "volcanic eruptions", "dog breeds", "espresso machines", "bicycle repair",
    "bird migration", "sourdough bread", "garden fences", "the French Revolution", "hiking boots",
    "solar panels on a roof", "watercolour painting", "how to train a puppy", "tax deductions for farmers",
    "olive oil pressing", "fishing nets", "repairing a roof", "the rules of cricket", "growing tomatoes",
    "baroque music", "steam engines", "dental fillings", "wedding dresses", "ski resorts", "beekeeping",
    "furniture polish", "how long to roast a chicken", "plumbing of old houses", "Roman emperors",
    "the price of copper", "marathon training", "electric guitars", "planting tulip bulbs", "submarine cables",
    "leather shoes",
    "sheep farming", "chess openings", "Norwegian fjords", "the history of jazz", "how to change a tyre",
    "violin strings",
)  # fmt: skip
LATER = (
    (
        "hacking", "terrorist attacks", "encouraging people to think for themselves", "obeying the law",
        "emergency situations", "asking for clarification", "whistleblowing", "discrimination",
        "trust between people and AI", "warnings and caveats",
    ),
    (
        "cheese making", "Viking ships", "lawn mowers", "piano lessons", "desert cactus", "Olympic swimming",
        "wool sweaters", "coffee roasting", "ice hockey", "pottery kilns",
    ),
)  # fmt: skip
LEFT_OUT = {
    *(
        ("anthropic", topic)
        for topic in (
            "hate speech", "images of real people", "apologising too much", "terrorist attacks", "whistleblowing",
        )
    ),
    *(
        ("openai", topic)
        for topic in (
            "dog breeds", "quantum chromodynamics", "chocolate cake recipe", "bird migration",
            "taxes on imported steel", "how to train a puppy", "tax deductions for farmers", "piano lessons",
            "coffee roasting",
        )
    ),
}  # fmt: skip
LINES = {
    "avenant": np.arange(0.2, 0.45, 0.01),
    "score": np.arange(0.6, 2.4, 0.1),
    "static model": np.arange(0.15, 0.55, 0.01),
    "share of words": np.array([0.2, 0.34, 0.5, 0.67, 1.0]),
}
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A topic put to a document."""

    name: str
    topic: str
    is_there: bool
    values: dict[str, float]
    """What each way of telling gives for the clause of which it gives most."""

    def is_found_before(self) -> bool:
        """Whether it counted as found by the line that was drawn before this one."""
        return self.values["score"] >= 1.2 or self.values["static model"] >= 0.35


def read_cases(there: Sequence[str], absent: Sequence[str]) -> list[Case]:
    """All topics in both documents, but for what is left out."""
    cases = []
    for lab, (path, agents) in DOCUMENTS.items():
        ranker = index_clauses(parse_document(read_text(path), f"{lab}/1"), agents)
        words = [{one.name for one in find_concepts(unit.whole)} for unit in ranker.units]
        for topic in (*there, *absent):
            if (lab, topic) not in LEFT_OUT:
                hits = ranker.rank(Query(topic))
                wanted = {one.name for one in find_concepts(topic)}
                values = {
                    "avenant": max(hit.likeness for hit in hits),
                    "score": max(hit.score for hit in hits),
                    "static model": max(hit.nearness for hit in hits),
                    "share of words": max(len(wanted & one) / max(1, len(wanted)) for one in words),
                }
                cases.append(Case(f"{lab}: {topic}", topic, topic in there, values))
    return cases


def cross_validate(way: str, cases: Sequence[Case], seed: int = 0) -> list[bool]:
    """Whether each topic counts as found, by the line that does best on the nine tenths of topics without it."""
    topics = sorted({case.topic for case in cases})
    random.Random(seed).shuffle(topics)
    fold = {topic: number % FOLDS for number, topic in enumerate(topics)}
    values, truth = np.array([case.values[way] for case in cases]), np.array([case.is_there for case in cases])
    folds = np.array([fold[case.topic] for case in cases])
    found = np.zeros(len(cases), bool)
    for number in range(FOLDS):
        rest = folds != number
        wrong = [((values[rest] >= line) != truth[rest]).sum() for line in LINES[way]]
        best = [line for line, count in zip(LINES[way], wrong, strict=True) if count == min(wrong)]
        found[~rest] = values[~rest] >= best[len(best) // 2]
    return found.tolist()


def _print(name: str, cases: Sequence[Case], found: Sequence[bool]) -> None:
    missed = sum(case.is_there and not one for case, one in zip(cases, found, strict=True))
    wrong = sum(one and not case.is_there for case, one in zip(cases, found, strict=True))
    there = sum(case.is_there for case in cases)
    print_row(name, f"{missed} of {there}", f"{wrong} of {len(cases) - there}")


def main() -> None:
    """Print how many topics were missed and how many were taken for found."""
    cases, later = read_cases(THERE, ABSENT), read_cases(*LATER)
    print_header("missed", "wrongly found")
    for way in LINES:
        _print(f"{way}, cross-validated", cases, cross_validate(way, cases))
    _print("the line before (score 1.2, static model 0.35)", cases, [case.is_found_before() for case in cases])
    _print(f"the line as it is, {ALIKE}", cases, [case.values["avenant"] >= ALIKE for case in cases])
    _print("written later: the line before", later, [case.is_found_before() for case in later])
    _print(f"written later: the line as it is, {ALIKE}", later, [case.values["avenant"] >= ALIKE for case in later])
    for case in (*cases, *later):
        if (case.values["avenant"] >= ALIKE) != case.is_there:
            print(f"{'missed' if case.is_there else 'wrongly found'}: {case.name} {case.values['avenant']:.2f}")


if __name__ == "__main__":
    main()
