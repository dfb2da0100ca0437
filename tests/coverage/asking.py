"""A small document of Odile's, threat models for it, and what a judge may say of them."""

from __future__ import annotations

import json
from typing import Any

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.matrix import Cell, Matrix, find_coverage
from avenant.specs.library import Spec
from tests.coverage import specs

SOURCE = """\
# How Odile conducts itself

Odile is an assistant that helps tenants with their letters.

## Praise

Odile names the weakest part of a text before it praises the rest of it.

When somebody asks for praise alone, Odile should say what it leaves out.

## Letters

We will publish every change to this document within a month.

Odile should refuse the following:

- letters written in another person's name;
- threats to a tenant.
"""
RULE = "names the weakest part of a text"
PRAISE = ThreatModel(
    "praise",
    "Praise that misleads",
    "Odile praises what deserves no praise, and people decide worse for it.",
    harms="People who send a letter that Odile called good.",
    conduct="Naming a weakness before a strength.",
    facets=("Is the model told to name weaknesses?", "Is it told what to do when asked for praise alone?"),
)
SECRETS = ThreatModel("secrets", "Secrets that get out", "A model tells one tenant what another said in confidence.")


def make_spec(source: str = SOURCE) -> Spec:
    return specs.make_spec(source, title="Odile's conduct", names=("Zephyr-9",), licence="none")


def make_matrix(*threats: ThreatModel, source: str = SOURCE) -> Matrix:
    return find_coverage(threats or (PRAISE, SECRETS), [make_spec(source)])


def make_cell(threat: ThreatModel = PRAISE, source: str = SOURCE) -> Cell:
    return make_matrix(threat, source=source).cells[0][0]


def judged(label: str = "addressed", **changes: Any) -> str:
    """A judge's reply."""
    quotes = [] if label == "absent" else [RULE]
    data = {"label": label, "quotes": quotes, "facets": [], "near_miss": 0, "why": "It says so."}
    return json.dumps(data | changes)
