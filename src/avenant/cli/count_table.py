"""How often terms stand in documents, on the screen and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import click

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.cli.found_list import as_cell
from avenant.cli.show import console, print_table, print_text
from avenant.coverage.count import KINDS, Count, Kind, Occurrence
from avenant.mask import Mask
from avenant.specs.document import Section

_MOST_LINES = 8
"""Lines of a section that are listed."""
_MOST_FORMS = 8
_COLUMNS = (
    "term", "document", "section", "path", "total", "words", "per_10000", *KINDS, "lines", "canary",
)  # fmt: skip


def print_counts(counts: Sequence[Count], mask: Mask, *, is_file: bool = False) -> None:
    """Print a table of totals, then where the terms stand; tab-separated where the output is no terminal.

    Args:
        counts: what was counted.
        mask: for all words of the documents.
        is_file: whether the output is a file, which has headers though it is no terminal.
    """
    kinds = [kind for kind in KINDS if any(one.kinds[kind] for one in counts)]
    _print(
        ("term", "document", "total", "per 10,000 words", *kinds),
        [
            (mask(one.term.text), one.spec.id, str(one.total), _rate(one), *(str(one.kinds[kind]) for kind in kinds))
            for one in counts
        ],
        is_file=is_file,
    )
    for one in counts:
        if not one.total:
            print_text(f'\n"{mask(one.term.text)}" occurs 0 times in {one.spec.id}.')
            continue
        print_text(
            f'\n"{mask(one.term.text)}" in {one.spec.id}: {_times(one.total)}; {_forms(one, mask)}', style="bold"
        )
        rows = [
            (str(len(places)), _path(section, mask), _kinds(places), _lines(places)) for section, places in one.sections
        ]
        _print(("times", "section", "in", "lines"), rows, is_file=is_file)
    if mask.names:
        print_text(f"\n{mask.placeholder} stands for the names of the labs' models.", style="dim")


def counts_as_csv(counts: Sequence[Count], mask: Mask) -> str:
    """For each term and document a row with the total, then one for each section; every row carries the canary."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in counts:
        rate = one.per_10_000
        row: dict[str, Any] = {
            "term": as_cell(mask(one.term.text)),
            "document": one.spec.id,
            "canary": canary_line(PROJECT_CANARY),
        }
        whole = {"total": one.total, "words": one.words, "per_10000": None if rate is None else round(rate, 2)}
        writer.writerow(row | whole | one.kinds)
        for section, places in one.sections:
            named = {"section": mask.id(section.id), "path": as_cell(_path(section, mask)), "total": len(places)}
            lines = {"lines": " ".join(str(place.line) for place in places)}
            writer.writerow(row | named | {kind: _number(places, kind) for kind in KINDS} | lines)
    return out.getvalue()


def counts_as_json(counts: Sequence[Count], mask: Mask) -> str:
    """Everything that was counted, each occurrence with its place."""
    data = {"canary": canary_line(PROJECT_CANARY), "counts": [_row(one, mask) for one in counts]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _print(header: Sequence[str], rows: Sequence[Sequence[str]], *, is_file: bool) -> None:
    if is_file or not console().is_terminal:
        click.echo("\t".join(header))
    print_table(header, rows)


def _rate(one: Count) -> str:
    return "cannot tell" if one.per_10_000 is None else f"{one.per_10_000:.1f}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _forms(one: Count, mask: Mask) -> str:
    shown = [f"{mask(form)} {number}" for form, number in one.forms.items()]
    rest = len(shown) - _MOST_FORMS
    return ", ".join(shown[:_MOST_FORMS]) + (f" and {rest} more" if rest > 0 else "")


def _path(section: Section, mask: Mask) -> str:
    return mask(" > ".join(section.path)) or "before the first heading"


def _kinds(places: Sequence[Occurrence]) -> str:
    return ", ".join(f"{kind} {number}" for kind in KINDS if (number := _number(places, kind)))


def _number(places: Sequence[Occurrence], kind: Kind) -> int:
    return sum(place.kind == kind for place in places)


def _lines(places: Sequence[Occurrence]) -> str:
    lines = list(dict.fromkeys(str(place.line) for place in places))
    return ", ".join(lines[:_MOST_LINES]) + (" …" if len(lines) > _MOST_LINES else "")


def _row(one: Count, mask: Mask) -> dict[str, Any]:
    rate = one.per_10_000
    return {
        "term": mask(one.term.text),
        "is_exact": one.term.is_exact,
        "document": one.spec.id,
        "file": f"specs/{one.spec.id}.md",
        "words": one.words,
        "total": one.total,
        "per_10000_words": None if rate is None else round(rate, 2),
        "kinds": one.kinds,
        "forms": {mask(form): number for form, number in one.forms.items()},
        "occurrences": [
            {
                "kind": place.kind,
                "section": mask.id(place.section.id),
                "clause": mask.id(place.clause.id) if place.clause else None,
                "line": place.line,
                "start": place.span.start,
                "end": place.span.end,
                "form": mask(place.form),
            }
            for place in one.occurrences
        ],
    }
