"""How often `avenant find` says rightly that something comes near, or that nothing does: `python benchmarks/find.py`.

Twenty topics that the labs' documents speak of and twenty that they do not, put to each document, with a row for each
pair of the two lines that are drawn in `avenant.coverage.search`. Whether a document speaks of a topic was told by
reading it; where one of the others turned up in an example dialogue it is left out for that document. The documents are
read from `../shared/specs`; none is part of this repository.
"""

from __future__ import annotations

from pathlib import Path

from avenant.coverage.retrieval import Query, index_clauses
from avenant.coverage.search import NEAR, NEAR_ALONE
from avenant.files import read_text
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
    "may it keep a secret", "hate speech", "help with code", "legal advice",
)  # fmt: skip
ABSENT = (
    "football results", "quantum chromodynamics", "taxes on imported steel", "chocolate cake recipe", "xyzzy",
    "how to prune apple trees", "knitting patterns", "the moons of Jupiter", "train timetable", "guitar chords",
    "sailing across the Atlantic", "wheat harvest yields", "medieval castles", "tennis rackets",
    "mortgage interest rates", "volcanic eruptions", "dog breeds", "espresso machines", "bicycle repair",
    "bird migration",
)  # fmt: skip
LEFT_OUT = {
    ("anthropic", "hate speech"),
    *(
        ("openai", topic)
        for topic in (
            "dog breeds", "quantum chromodynamics", "chocolate cake recipe", "bird migration",
            "taxes on imported steel",
        )
    ),
}  # fmt: skip
LINES = sorted({NEAR, 0.8, 1.0, 1.2, 1.4, 1.6}), sorted({NEAR_ALONE, 0.3, 0.35, 0.4, 0.45, 0.5})

Nearest = list[tuple[str, list[tuple[float, float]]]]


def main() -> None:
    """Print how many topics were missed and how many were taken for found, for each pair of lines."""
    there, absent = find_nearest(THERE), find_nearest(ABSENT)
    print(f"now: score {NEAR}, nearness {NEAR_ALONE}")
    print("missed:", [name for name, hits in there if not is_found(hits, NEAR, NEAR_ALONE)])
    print("wrongly found:", [name for name, hits in absent if is_found(hits, NEAR, NEAR_ALONE)])
    print(f"\n| score | nearness | missed of {len(there)} | wrongly found of {len(absent)} |\n|---|---|---|---|")
    for score in LINES[0]:
        for nearness in LINES[1]:
            missed = sum(not is_found(hits, score, nearness) for _, hits in there)
            wrong = sum(is_found(hits, score, nearness) for _, hits in absent)
            print(f"| {score} | {nearness} | {missed} | {wrong} |")


def find_nearest(topics: tuple[str, ...]) -> Nearest:
    """Score and nearness of every clause, for each topic in each document."""
    found: Nearest = []
    for lab, (path, agents) in DOCUMENTS.items():
        ranker = index_clauses(parse_document(read_text(path), f"{lab}/1"), agents)
        for topic in topics:
            if (lab, topic) not in LEFT_OUT:
                hits = ranker.rank(Query(topic))
                found.append((f"{lab}: {topic}", [(hit.score, hit.nearness) for hit in hits]))
    return found


def is_found(hits: list[tuple[float, float]], score: float, nearness: float) -> bool:
    """Whether some clause comes near."""
    return any(hit[0] >= score or hit[1] >= nearness for hit in hits)


if __name__ == "__main__":
    main()
