"""What coverage is measured on: labelled threat models, and prompts with the place of the Model Spec that they test.

Both are read from `../shared`; none of it is part of this repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.matrix import Label
from avenant.files import read_text
from avenant.specs.document import Document
from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document
from avenant.text import fold_words, plain_words

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOLD = SHARED / "gold" / "coverage-dev.yaml"
EXAMPLES = SHARED / "specs" / "openai" / "examples"
EXAMPLES_SPEC = "openai/2025-12-18.r2"
SUBJECTS = {"openai": "the assistant", "anthropic": "Claude"}
_USER = re.compile(r"<user\b[^>]*>\s*(.*?)\s*</user>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GoldCell:
    """One threat model in one document, as a reader labelled it."""

    label: Label
    alternative: Label | None
    """What another fair reader might say; None where the reader was sure."""
    evidence: tuple[tuple[int, ...], ...]
    """For each quote, the numbers of the clauses that hold it."""
    near_miss: tuple[int, ...]
    """The numbers of the clauses that hold the near miss; empty where there is none."""

    def accepts(self, label: Label) -> bool:
        """Whether a label is the reader's, or that of the other fair reader."""
        return label in (self.label, self.alternative)


@dataclass(frozen=True, slots=True)
class GoldThreat:
    """A labelled threat model."""

    threat: ThreatModel
    """Its title and description alone: what a stranger's catalogue would have."""
    queries: tuple[str, ...]
    """How a newcomer might ask."""
    cells: dict[str, GoldCell]
    """By document."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a user says in one of the Model Spec's own test cases."""

    tag: str
    """The footnote of the place that it tests."""
    text: str


def read_gold(path: Path) -> tuple[dict[str, Spec], tuple[GoldThreat, ...]]:
    """The documents by their name in the file, and the labelled threat models."""
    data = yaml.safe_load(read_text(path))
    # The paths in the file begin where `specs/` is; a file that lies elsewhere means the documents beside this project.
    top = next((folder for folder in path.resolve().parents if (folder / "specs").is_dir()), SHARED)
    specs = {name: read_spec(f"{name}/{one['release']}", top / one["path"]) for name, one in data["specs"].items()}
    return specs, tuple(_read_threat(entry, specs) for entry in data["threat_models"])


@cache
def read_spec(spec_id: str, path: Path) -> Spec:
    """A document with what is known of its lab."""
    subject = SUBJECTS[spec_id.split("/")[0]]
    manifest = Manifest(spec_id, subject, (), "CC0-1.0", str(path), "0" * 64, "2026-01-01")
    return Spec(spec_id, path, manifest, parse_document(read_text(path), spec_id))


def _read_threat(entry: dict[str, Any], specs: dict[str, Spec]) -> GoldThreat:
    description = " ".join(entry["description"].split())
    threat = ThreatModel(entry["id"], entry["title"], description)
    cells = {name: _read_cell(entry["coverage"][name], spec.document) for name, spec in specs.items()}
    return GoldThreat(threat, tuple(" ".join(query.split()) for query in entry["queries"]), cells)


def _read_cell(entry: dict[str, Any], document: Document) -> GoldCell:
    evidence = tuple(find_quote(document, one["quote"]) for one in entry["evidence"])
    near = find_quote(document, entry["near_miss"]["quote"]) if "near_miss" in entry else ()
    return GoldCell(entry["label"], entry.get("alternative"), evidence, near)


def find_quote(document: Document, quote: str) -> tuple[int, ...]:
    """The numbers of the clauses that hold a quote."""
    wanted = f" {' '.join(plain_words(quote))} "
    return tuple(
        number for number, clause in enumerate(document.clauses) if wanted in f" {' '.join(document.words_of(clause))} "
    )


def read_prompts(document: Document) -> tuple[Prompt, ...]:
    """The prompts of the Model Spec's test cases whose tag is in the document."""
    tags = {tag for clause in document.clauses for tag in clause.footnotes}
    return tuple(_prompts(tags))


def _prompts(tags: set[str]) -> Iterator[Prompt]:
    for path in sorted(EXAMPLES.glob("*.md")):
        if path.stem in tags:
            for block in re.findall(r"~~~+xml(.*?)~~~+", read_text(path), flags=re.DOTALL):
                turns: Sequence[str] = _USER.findall(block)
                if text := fold_words("\n".join(turns)).strip():
                    yield Prompt(path.stem, text)
