"""Two documents side by side, on the screen and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.cli.found_list import as_cell
from avenant.cli.show import console, print_table, print_text
from avenant.coverage.comparison import Comparison, Topic, say_no_label, say_status
from avenant.coverage.export import locate, rounded
from avenant.coverage.survey import Column
from avenant.coverage.table import Entry, Place, Row
from avenant.coverage.wording import MARKS
from avenant.text import cut_at_word

_HOW = (
    "Labels and nearness are estimated by words and two small embedding models; they are not the labs' judgement.\n"
    "Read both clauses before you rely on it: docs/find.md."
)
_SNIPPET = 110
"""Characters of a clause that are shown."""
_COLUMNS = (
    "kind", "id", "title", "document", "status", "label", "confidence", "told", "nearness", "is_met", "line",
    "section", "quote", "other_document", "other_status", "other_label", "other_confidence", "other_line",
    "other_section", "other_quote", "canary",
)  # fmt: skip


def print_comparison(comparison: Comparison, *, is_file: bool = False) -> None:
    """Print the labels of threat models, then the topics; tab-separated where the output is no terminal.

    Args:
        comparison: what was found.
        is_file: whether the output is a file, which has headers though it is no terminal.
    """
    has_header = is_file or not console().is_terminal
    for column in comparison.columns:
        if column.status != "read":
            print_text(f"{column.id}: {say_status(column)}")
    if comparison.table is not None:
        ids = [column.id for column in comparison.columns]
        header = ("threat", *(name for one in ids for name in (one, f"clause of {one}")))
        _print(f"Threat models: {_one_sided_rows(comparison)}", header, _threat_rows(comparison), has_header=has_header)
    if comparison.topics is not None:
        header = ("document", "section", "tells", "by", "other", "nearest guidance there")
        _print(say_topics(comparison), header, list(_topic_rows(comparison)), has_header=has_header)
    print_text(f"\n{_HOW}", style="dim")
    if comparison.placeholder:
        print_text(f"{comparison.placeholder} stands for the names of the labs' models.", style="dim")


def say_topics(comparison: Comparison) -> str:
    """How many topics each document has, and of how many the other has no guidance, in one sentence."""
    assert comparison.topics is not None
    said = []
    for column, silent in zip(comparison.columns, comparison.topics.silent, strict=True):
        topics = comparison.topics.of(column.id)
        if column.status == "read":
            alone = sum(topic.is_met is False for topic in topics)
            without = f"; {silent} more do not tell the model what to do" if silent else ""
            is_told = any(topic.is_met is not None for topic in topics)
            told = f"{alone} without near guidance in the other" if is_told else "nothing to compare with"
            said.append(f"{column.id} has {len(topics)} sections with guidance, {told}{without}")
    return f"Topics: {'. '.join(said) or 'none'}."


def comparison_as_json(comparison: Comparison) -> str:
    """Everything that was compared, quotes in full with their places."""
    first, second = comparison.columns
    table, topics = comparison.table, comparison.topics
    data = {
        "canary": canary_line(PROJECT_CANARY),
        "method": "estimated by words and two small embedding models; not the labs' judgement; see docs/find.md",
        "documents": [{"id": one.id, "status": one.status} for one in (first, second)],
        "threats": None if table is None else [_json_row(row) for row in table.rows],
        "topics": None if topics is None else [_json_topic(topic) for topic in topics.found],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def comparison_as_csv(comparison: Comparison) -> str:
    """A row for each threat model and each topic; what was not measured is empty; every row carries the canary."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in comparison.table.rows if comparison.table else ():
        writer.writerow(_csv_row(row))
    for topic in comparison.topics.found if comparison.topics else ():
        writer.writerow(_csv_topic(topic, comparison))
    return out.getvalue()


def _print(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, has_header: bool) -> None:
    print_text(f"\n{title}", style="bold")
    if has_header:
        click.echo("\t".join(header))
    print_table(header, rows)


def _one_sided_rows(comparison: Comparison) -> str:
    assert comparison.table is not None
    rows = comparison.table.rows
    labels = [{entry.label for entry in row.entries} for row in rows]
    alone = sum("addressed" in one and None not in one and len(one) > 1 for one in labels)
    return f"{alone} of {len(rows)} addressed by one of the two alone"


def _threat_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    assert comparison.table is not None
    return [
        (row.threat.id, *(text for entry in row.entries for text in (_label(entry), _evidence(entry))))
        for row in comparison.table.rows
    ]


def _label(entry: Entry) -> str:
    if entry.label is None:
        return say_no_label(entry.status)
    return f"{MARKS[entry.label]} {entry.label} {entry.certainty}{'?' if entry.is_unsure else ''}"


def _evidence(entry: Entry) -> str:
    place = entry.nearest
    if place is None:
        return ""
    return f"{'' if entry.evidence else 'nearest miss: '}{_quote(place)}"


def _topic_rows(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    assert comparison.topics is not None
    for topic in comparison.topics.found:
        other = comparison.other_of(topic)
        clauses = f"{topic.told} {'clause' if topic.told == 1 else 'clauses'}"
        yield (
            topic.column_id,
            topic.path[-1] if topic.path else "",
            clauses,
            _quote(topic.own),
            *_answer(topic, other),
        )


def _answer(topic: Topic, other: Column) -> tuple[str, str]:
    if topic.other is None or topic.nearness is None:
        reason = "no guidance to the model in it" if other.status == "read" else say_status(other)
        return other.id, reason
    return f"{other.id} {topic.nearness:.2f}", f"{'' if topic.is_met else 'none near; nearest: '}{_quote(topic.other)}"


def _quote(place: Place) -> str:
    return f"line {place.line}: {cut_at_word(place.text, _SNIPPET)}"


def _json_row(row: Row) -> dict[str, Any]:
    return {
        "id": row.threat.id,
        "title": row.threat.title,
        "gravity": row.threat.gravity,
        "cells": [
            {
                "document": entry.column_id,
                "status": entry.status,
                "label": entry.label,
                "confidence": rounded(entry.confidence),
                "reason": entry.reason,
                "clause": _json_place(entry.nearest),
                "is_evidence": bool(entry.evidence),
            }
            for entry in row.entries
        ],
    }


def _json_topic(topic: Topic) -> dict[str, Any]:
    return {
        "document": topic.column_id,
        "section": topic.section_id,
        "path": list(topic.path),
        "line": topic.line,
        "clauses_with_guidance": topic.told,
        "nearness": rounded(topic.nearness),
        "is_met": topic.is_met,
        "own": _json_place(topic.own),
        "other": _json_place(topic.other),
    }


def _json_place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {**locate(place), "quote": place.text}


def _csv_row(row: Row) -> dict[str, Any]:
    first, second = row.entries
    cells = {"kind": "threat", "id": row.threat.id, "title": as_cell(row.threat.title)}
    for prefix, entry in (("", first), ("other_", second)):
        cells[f"{prefix}document"] = entry.column_id
        cells[f"{prefix}status"] = entry.status
        cells[f"{prefix}label"] = entry.label or ""
        cells[f"{prefix}confidence"] = "" if entry.confidence is None else f"{entry.confidence:.3f}"
        cells |= _csv_place(prefix, entry.nearest)
    return cells | {"canary": canary_line(PROJECT_CANARY)}


def _csv_topic(topic: Topic, comparison: Comparison) -> dict[str, Any]:
    other = comparison.other_of(topic)
    return {
        "kind": "topic",
        "id": topic.section_id,
        "title": as_cell(topic.path[-1] if topic.path else ""),
        "document": topic.column_id,
        "status": "read",
        "told": topic.told,
        "nearness": rounded(topic.nearness),
        "is_met": "" if topic.is_met is None else str(topic.is_met).lower(),
        "other_document": other.id,
        "other_status": other.status,
        "canary": canary_line(PROJECT_CANARY),
        **_csv_place("", topic.own),
        **_csv_place("other_", topic.other),
    }


def _csv_place(prefix: str, place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    return {
        f"{prefix}line": str(place.line),
        f"{prefix}section": as_cell(" > ".join(place.section)),
        f"{prefix}quote": as_cell(place.text),
    }
