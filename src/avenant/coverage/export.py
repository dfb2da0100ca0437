"""A table of coverage for programs: CSV, a row for each threat model and document, and JSON with everything."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.coverage.matrix import LABELS
from avenant.coverage.opinion import Opinion
from avenant.coverage.table import Contest, Entry, Place, Row, ShownFacet, Table

SCHEMA_VERSION = 1
"""Counted up whenever a key is renamed, removed or given another meaning; new keys do not count."""
METHOD = "estimated by words and a small embedding model; not the lab's judgement; see docs/gaps.md"
COLUMNS = (
    "threat",
    "title",
    "goal",
    "gravity",
    "document",
    "status",
    "label",
    "confidence",
    "score",
    "facets",
    "facets_met",
    "is_contested",
    "reason",
    "evidence_line",
    "evidence_section",
    "evidence_speaker",
    "evidence_force",
    "evidence_quote",
    "near_miss_line",
    "near_miss_section",
    "near_miss_speaker",
    "near_miss_force",
    "near_miss_quote",
    "judge",
    "estimate",
    "canary",
    *(f"chance_{label}" for label in LABELS),
)
"""The header of the CSV file; later versions may add to its end."""


def as_csv(table: Table) -> str:
    """A row for each threat model and column; what was not measured is empty.

    Of the evidence it has the best clause alone. Every row carries the canary, so that each part of it does.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in table.rows:
        for entry in row.entries:
            cells = _csv_row(row, entry)
            writer.writerow(
                {key: safe_cell(value) if isinstance(value, str) else value for key, value in cells.items()}
            )
    return out.getvalue()


def as_json(table: Table) -> str:
    """Everything that the table knows, quotes in full with their places."""
    data = {
        "schema_version": SCHEMA_VERSION,
        "canary": canary_line(PROJECT_CANARY),
        "method": METHOD,
        "note": table.note,
        "documents": [
            {
                "id": heading.id,
                "status": heading.status,
                "title": heading.title,
                "path": heading.path,
                "words": heading.words,
                "counts": dict(heading.counts),
            }
            for heading in table.headings
        ],
        "threats": [_json_row(row) for row in table.rows],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _csv_row(row: Row, entry: Entry) -> dict[str, Any]:
    return {
        "threat": row.threat.id,
        "title": row.threat.title,
        "goal": row.threat.goal,
        "gravity": row.threat.gravity,
        "document": entry.column_id,
        "status": entry.status,
        "label": entry.label,
        "confidence": rounded(entry.confidence),
        "score": rounded(entry.score),
        "facets": len(row.threat.facets),
        "facets_met": None if entry.label is None else entry.met,
        "is_contested": None if entry.label is None else str(entry.contest is not None).lower(),
        "reason": entry.reason,
        **_csv_place("evidence", entry.evidence[0] if entry.evidence else None),
        **_csv_place("near_miss", entry.near_miss),
        "judge": entry.opinion.model if entry.opinion else None,
        "estimate": entry.opinion.estimate if entry.opinion else entry.label,
        "canary": canary_line(PROJECT_CANARY),
        **{f"chance_{label}": rounded(chance) for label, chance in entry.chances.items()},
    }


def _csv_place(name: str, place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    return {
        f"{name}_line": place.line,
        f"{name}_section": " > ".join(place.section),
        f"{name}_speaker": place.speaker,
        f"{name}_force": place.force,
        f"{name}_quote": " ".join(place.text.split()),
    }


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _json_row(row: Row) -> dict[str, Any]:
    threat = row.threat
    return {
        "id": threat.id,
        "title": threat.title,
        "description": threat.description,
        "goal": threat.goal,
        "gravity": threat.gravity,
        "is_built_in": threat.is_built_in,
        "cells": [_json_entry(entry) for entry in row.entries],
    }


def _json_entry(entry: Entry) -> dict[str, Any]:
    return {
        "document": entry.column_id,
        "status": entry.status,
        "label": entry.label,
        "confidence": rounded(entry.confidence),
        "chances": {label: rounded(chance) for label, chance in entry.chances.items()},
        "score": rounded(entry.score),
        "reason": entry.reason,
        "evidence": [_json_place(place) for place in entry.evidence],
        "near_miss": _json_place(entry.near_miss) if entry.near_miss else None,
        "facets": [_json_facet(facet) for facet in entry.facets],
        "judgement": _json_contest(entry.contest) if entry.contest else None,
        "opinion": _json_opinion(entry.opinion) if entry.opinion else None,
    }


def _json_opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "judge": opinion.model,
        "label": opinion.label,
        "estimate": opinion.estimate,
        "quotes": list(opinion.quotes),
        "why": opinion.why,
        "problems": list(opinion.problems),
        "is_answered": opinion.is_answered,
    }


def _json_facet(facet: ShownFacet) -> dict[str, Any]:
    return {
        "question": facet.question,
        "is_met": facet.is_met,
        "clause": _json_place(facet.place) if facet.place else None,
    }


def _json_contest(contest: Contest) -> dict[str, Any]:
    return {
        "strength": contest.strength,
        "marker": contest.marker,
        "sentence": contest.sentence,
        "clause": _json_place(contest.place),
    }


def _json_place(place: Place) -> dict[str, Any]:
    return {**locate(place), "score": rounded(place.score), "lead": place.lead, "quote": place.text}


def locate(place: Place) -> dict[str, Any]:
    """Where a clause stands and who speaks in it, for programs."""
    return {
        "clause": place.clause_id,
        "section": place.section_id,
        "path": list(place.section),
        "authority": place.authority,
        "line": place.line,
        "start": place.span.start,
        "end": place.span.end,
        "speaker": place.speaker,
        "force": place.force,
    }


def rounded(value: float | None) -> float | None:
    """A figure as files have it, to three decimals; None where nothing was measured."""
    return None if value is None else round(value, 3)
