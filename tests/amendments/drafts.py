"""A document and a draft as short as a test needs them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from avenant.amendments.amendment import Amendment, parse_amendment, render_amendment
from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document

SPEC_ID = "atelier/2026-09-01"
CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"


@lru_cache(maxsize=16)
def make_spec(text: str, subject: str = "Odile") -> Spec:
    """A release that holds this text; parsed once for a test that asks again."""
    manifest = Manifest("Rules", subject, ("Odile",), "CC0-1.0", "rules.md", "0" * 64, "2026-09-02")
    return Spec(SPEC_ID, Path("rules.md"), manifest, parse_document(text, SPEC_ID))


def make_source(action: str, passage: str = "", **anchor: str) -> str:
    """The file of a draft with one edit and this passage."""
    source = render_amendment(
        title="Ask first", spec=SPEC_ID, placeholder="Clément", edit={action: anchor}, canary=CANARY
    )
    head = source.split("## Passage")[0]
    rest = "".join(f"\n## {name}\n\nSome words.\n" for name in ("Why", "Expected behaviour", "Risks and side effects"))
    return f"{head}## Passage\n\n{passage}\n{rest}"


def make_amendment(action: str, passage: str = "", **anchor: str) -> Amendment:
    """A draft with one edit and this passage."""
    return parse_amendment(make_source(action, passage, **anchor), Path("ask-first.md"))
