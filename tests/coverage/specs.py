"""Documents of our own for the tests of coverage."""

from __future__ import annotations

from pathlib import Path

from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document


def make_spec(
    text: str,
    spec_id: str = "atelier/1",
    *,
    title: str | None = None,
    subject: str = "Odile",
    names: tuple[str, ...] = (),
    licence: str = "unknown",
) -> Spec:
    manifest = Manifest(
        title=title or f"{subject}'s constitution",
        subject=subject,
        names=names,
        licence=licence,
        source="constitution.md",
        sha256="",
        added="2026-11-26",
    )
    return Spec(spec_id, Path(f"specs/{spec_id}.md"), manifest, parse_document(text, spec_id))
