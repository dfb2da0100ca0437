"""Drafts as rules see them."""

from __future__ import annotations

from pathlib import Path

from avenant.amendments.amendment import parse_amendment
from avenant.check.draft import Draft
from avenant.scenarios import ScenarioFile
from avenant.specs.library import Spec, known_model_names
from tests.amendments.drafts import PATH


def make_checked_draft(
    source: str, spec: Spec | None = None, *, scenarios: ScenarioFile | None = None, path: Path = PATH
) -> Draft:
    """What the rules look at for a draft of this text, to this document."""
    return Draft(
        amendment=parse_amendment(source, path),
        spec=spec,
        newer=(),
        names=(*(spec.model_names if spec else ()), *known_model_names()),
        workspace_placeholder="Clément",
        scenarios=scenarios,
    )
