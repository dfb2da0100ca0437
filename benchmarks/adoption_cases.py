"""The drafts that `avenant adopted` is measured with: from `data/adoption.yaml`, and from the documents themselves."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from avenant.amendments.anchor import Anchor, find_places
from avenant.amendments.edit import Edit
from avenant.files import read_text
from avenant.specs.document import Clause, Document
from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document
from avenant.text import fold_words, replace_name

SPECS = Path(__file__).resolve().parents[2] / "shared" / "specs"
CONSTITUTION = SPECS / "anthropic" / "2026-01-20" / "constitution.md"
DATA = Path(__file__).with_name("data") / "adoption.yaml"
HALVES = ("development", "test")
VERSIONS = ("2025-02-12", "2025-04-11", "2025-09-12", "2025-10-27", "2025-12-18", "2025-12-18.r2")
Pair = tuple[str, str]
STEPS: tuple[Pair, ...] = tuple(itertools.pairwise(VERSIONS))
LARGEST: tuple[Pair, ...] = ((VERSIONS[1], VERSIONS[2]), (VERSIONS[0], VERSIONS[-1]))
"""The pairs with the most new words, where a false alarm is likeliest: a step, and all steps at once."""
PAIRS = (*STEPS, LARGEST[1])
NAME, SUBJECT = "Clément", "the assistant"
EXCHANGED = (20, 40, 60)
"""Percent of the words of a reworked sentence that are other ones."""
WRITTEN = ("taken", "taken-house")
POSITIVE = (*WRITTEN, *(f"reworked {percent} %" for percent in EXCHANGED))
NEGATIVE = ("constitution", "not-taken", "said-before")


@dataclass(frozen=True, slots=True)
class Case:
    """One draft with one edit, for one pair of releases."""

    kind: str
    """The list that it comes from, or how it was made."""
    half: str
    pair: Pair
    edit: Edit
    passage: str = ""
    """Under the placeholder."""
    into: tuple[str, ...] = ()
    """Ids of the sections in which the lab's own words stand."""
    expected: tuple[str, ...] = ()
    """Uptakes that are right; none where a score is judged."""

    @property
    def text(self) -> str:
        """The passage under the document's own name."""
        return replace_name(self.passage, NAME, SUBJECT)


def make_cases() -> Iterator[Case]:
    """Every draft, for both halves."""
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    step = {old: (old, new) for old, new in STEPS}
    for kind in (*WRITTEN, "opposite"):
        for row in data[kind]:
            into = tuple(row.get("into", ()))
            yield Case(kind, row["half"], step[str(row["old"])], _append(row["section"]), row["draft"], into)
    for kind, pair in itertools.product(("not-taken", "said-before"), PAIRS):
        for row in data[kind]:
            yield Case(kind, row["half"], pair, _append(row["section"]), row["draft"])
    for row in data["replaced"]:
        kind, edit = f"replaced, {row['uptake']}", Edit("replace", Anchor(row["quote"], row["section"]), 1)
        yield Case(kind, row["half"], step[str(row["old"])], edit, row["passage"], expected=(row["uptake"],))
    for kind, right in (("deleted", ("word-for-word", "in-substance")), ("reworded, not deleted", ("not-found",))):
        for row in data[kind.split(",")[0]]:
            edit = _delete(str(row["old"]), row["section"], row["first"], row["last"])
            yield Case(kind, row["half"], step[str(row["old"])], edit, expected=right)
    yield from make_negatives()
    for pair in STEPS:
        yield from make_copies(pair)


def make_negatives() -> Iterator[Case]:
    """Paragraphs of Claude's constitution, anchored in the section of the clause with the most keywords in common."""
    document = parse_document(read_text(CONSTITUTION), "anthropic/2026-01-20")
    texts = [" ".join(document.slice(clause.span).split()) for clause in document.clauses]
    for number, text in enumerate(text for text in texts if len(words_of(text)) >= 15):
        for pair in PAIRS:
            old = read_spec(pair[0]).document
            near = max(old.clauses, key=lambda clause: jaccard(keywords(text), keywords(old.slice(clause.span))))
            edit, passage = _append(near.section_id), replace_name(text, "Claude", NAME)
            yield Case("constitution", HALVES[number % 2], pair, edit, passage)


def make_copies(pair: Pair) -> Iterator[Case]:
    """Sentences that a release added or kept, in other typography; the added ones also with words exchanged."""
    old, new = (read_spec(version).document for version in pair)
    before, after = (f" {' '.join(words_of(document.text))} " for document in (old, new))
    for number, (clause, text) in enumerate(_sentences(new)):
        section, words = clause.section_id, words_of(text)
        edit = _append(section if old.find_sections(section) else old.sections[1].id)
        is_new = f" {' '.join(words)} " not in before
        if is_new or number % 10 < 2:
            right = "word-for-word" if is_new else "there-before"
            yield Case(f"copied, {right}", HALVES[number % 2], pair, edit, retype(text), (section,), (right,))
        if is_new and not clause.is_example and len(words) >= 12 and _share_known(words, before) < 0.5:
            for percent in EXCHANGED:
                passage = _exchange(words, percent, number)
                yield Case(f"reworked {percent} %", HALVES[number % 2], pair, edit, passage, (section,))
    for number, (clause, text) in enumerate(_sentences(old)):
        is_plain = not re.search(r"[*_`<]", text) and len(find_places(old, Anchor(text, clause.section_id))) == 1
        if number % 10 < 2 and is_plain and f" {' '.join(words_of(text))} " in after:
            edit = Edit("delete", Anchor(text, clause.section_id), 1)
            yield Case("kept, not deleted", HALVES[number % 2], pair, edit, expected=("not-found",))


def retype(text: str) -> str:
    """The same words as somebody would have copied them: curly quotes, long dashes, emphasis, the placeholder."""
    text = re.sub(r'"([^"]*)"', r"“\1”", re.sub(r"(?<=\w)'(?=\w)", "’", text)).replace("---", "—")
    text = re.sub(r"\b[Tt]he assistant\b", NAME, re.sub(r"^\W+", "", text))
    return re.sub(r"^(\w{4,}) ", r"*\1* ", text)


def _sentences(document: Document) -> Iterator[tuple[Clause, str]]:
    """Sentences of five words and more, without links and footnotes; what stands in code fences is none."""
    for clause in document.clauses:
        for text in re.split(r"(?<=[.!?])\s+|\n", document.slice(clause.span)) if clause.kind != "example" else ():
            if len(words_of(text)) >= 5 and not re.search(r"\]\(|\[\^", text):
                yield clause, text


def _append(section: str) -> Edit:
    return Edit("append-to-section", Anchor("", section), 1)


def _share_known(words: Sequence[str], before: str) -> float:
    """Share of a text's runs of three words that stood in the older release."""
    runs = [f" {' '.join(words[at : at + 3])} " in before for at in range(len(words) - 2)]
    return sum(runs) / len(runs)


def _exchange(words: Sequence[str], percent: int, seed: int) -> str:
    """The words with some of them replaced by others from a document on the same subject."""
    others = words_of(read_text(CONSTITUTION))
    return " ".join(
        others[(seed * 977 + at * 13) % len(others)] if (at * 7919 + seed * 104729) % 100 < percent else word
        for at, word in enumerate(words)
    )


def _delete(version: str, section: str, first: str, last: str) -> Edit:
    document = read_spec(version).document
    start = find_places(document, Anchor(first, section))[0].start
    end = min(place.end for place in find_places(document, Anchor(last, section)) if place.end > start)
    return Edit("delete", Anchor(document.text[start:end], section), 1)


@cache
def words_of(text: str) -> tuple[str, ...]:
    """Words in lower case: this benchmark's own notion, apart from Avenant's."""
    return tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", fold_words(text).casefold()))


@cache
def keywords(text: str) -> frozenset[str]:
    """Words of four letters and more."""
    return frozenset(word for word in words_of(text) if len(word) > 3)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the keywords of two texts that both have."""
    return len(one & other) / len(one | other) if one | other else 0.0


@cache
def read_spec(version: str) -> Spec:
    """A release of the Model Spec."""
    path = SPECS / "openai" / version / "model_spec.md"
    manifest = Manifest("Model Spec", SUBJECT, (), "CC0-1.0", str(path), "0" * 64, "2026-01-01")
    return Spec(f"openai/{version}", path, manifest, parse_document(read_text(path), f"openai/{version}"))
