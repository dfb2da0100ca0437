"""A document and a draft as short as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.writing import render_amendment, render_yaml
from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document

SPEC_ID = "atelier/2026-09-01"
CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"
PATH = Path("ask-first.md")
FIRST_EDIT_LINE = 10
"""Line of the first edit in the file of a draft, from 1."""


@lru_cache(maxsize=16)
def make_spec(text: str, subject: str = "Odile") -> Spec:
    """A release that holds this text; parsed once for a test that asks again."""
    manifest = Manifest("Rules", subject, ("Odile",), "CC0-1.0", "rules.md", "0" * 64, "2026-09-02")
    return Spec(SPEC_ID, Path("rules.md"), manifest, parse_document(text, SPEC_ID))


def make_source(action: str, passage: str = "", **anchor: str) -> str:
    """The file of a draft with one edit and this passage."""
    return make_edits_source({action: anchor}, passage=passage)


def make_edits_source(*edits: Mapping[str, Any], passage: str = "") -> str:
    """The file of a draft with these edits and this passage."""
    source = render_amendment(title="Ask first", spec=SPEC_ID, placeholder="Clément", edit={}, canary=CANARY)
    head = source[: source.index("edits:")] + render_yaml({"edits": list(edits)})
    rest = "".join(f"\n## {name}\n\nSome words.\n" for name in ("Why", "Expected behaviour", "Risks and side effects"))
    return f"{head}---\n\n## Passage\n\n{passage}\n{rest}"


def make_amendment(action: str, passage: str = "", **anchor: str) -> Amendment:
    """A draft with one edit and this passage."""
    return make_draft({action: anchor}, passage=passage)


def make_draft(*edits: Mapping[str, Any], passage: str = "") -> Amendment:
    """A draft with these edits, each as the front matter has it, and this passage."""
    return parse_amendment(make_edits_source(*edits, passage=passage), PATH)
