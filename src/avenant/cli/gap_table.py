"""What documents cover, on the screen: as a table, and cell by cell with the reasons."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from avenant.cli.show import console, print_table, print_text
from avenant.coverage.matrix import Label
from avenant.coverage.opinion import Opinion
from avenant.coverage.survey import WORDING
from avenant.coverage.table import Entry, Heading, Place, Row, Table
from avenant.coverage.wording import MARKS
from avenant.text import cut_at_word

_STYLES: dict[Label, str] = {"absent": "red", "mentioned": "yellow", "addressed": "green"}
_HOW = (
    "Labels are estimated by words and a small embedding model; they are not the lab's judgement.\n"
    "How often they are right: docs/gaps.md. Why a cell has its label: --explain."
)
_WIDE, _WIDTH = 96, 24
"""Characters that a wide table takes without its documents, and for each of them."""
_SNIPPET = 240
"""Characters of a clause that are shown."""


def print_gaps(table: Table, *, is_file: bool = False) -> None:
    """Print a table of labels, those most worth work first; tab-separated where the output is no terminal.

    Args:
        table: what was found.
        is_file: whether the output is a file, which has the footer as well though it is no terminal.
    """
    foot = "\n".join(_foot(table))
    if console().is_terminal:
        _print_grid(table)
        click.echo(f"\n{foot}")
        return
    header = ("threat", "gravity", *(heading.id for heading in table.headings), "title")
    # Without it nobody could tell which column is which document.
    if table.rows:
        click.echo("\t".join(header))
    print_table(header, [_cells(row) for row in table.rows])
    click.echo(f"\n{foot}" if is_file else foot, err=not is_file)


def print_explanations(table: Table) -> None:
    """Print for each threat model and document why it has its label."""
    for row in table.rows:
        print_text(f"{row.threat.title}", style="bold underline")
        print_text(f"{row.threat.id}; {row.threat.gravity}; {row.threat.goal}", style="dim")
        print_text(textwrap.fill(row.threat.description, 100))
        for entry in row.entries:
            _print_entry(entry)
        print_text("")
    print_text("\n".join(_foot(table)), style="dim")


def _print_grid(table: Table) -> None:
    """Print the table with marks and colours; where it is narrow, without what the id tells as well."""
    out = Console(highlight=False)
    is_wide = out.width >= _WIDE + _WIDTH * len(table.headings)
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column("threat", overflow="fold")
    for heading in table.headings:
        grid.add_column(heading.id, overflow="fold")
    for name in ("gravity", "title") if is_wide else ():
        grid.add_column(name, overflow="fold")
    for row in table.rows:
        more = (row.threat.gravity, row.threat.title) if is_wide else ()
        grid.add_row(Text(row.threat.id), *map(_marked, row.entries), *map(Text, more))
    out.print(grid)


def _cells(row: Row) -> tuple[str, ...]:
    return (row.threat.id, row.threat.gravity, *map(_said, row.entries), row.threat.title)


def _said(entry: Entry) -> str:
    if entry.label is None:
        return WORDING[entry.status]
    return f"{entry.label} {entry.certainty}{' contested' if entry.contest else ''}"


def _marked(entry: Entry) -> Text:
    """What a cell says, with its mark and colour; a question mark where it is unsure."""
    if entry.label is None:
        return Text(f"– {_said(entry)}", style="dim")
    return Text(f"{MARKS[entry.label]} {_said(entry)}{'?' if entry.is_unsure else ''}", style=_STYLES[entry.label])


def _foot(table: Table) -> Iterator[str]:
    if not table.rows:
        yield "No threat model has this label."
    for heading in table.headings:
        yield f"{heading.id}: {_counts(heading)}"
    if any(entry.contest for row in table.rows for entry in row.entries):
        yield "contested: the document seems to have stated a judgement on it already, which is hard to move."
    if any(entry.is_judged for row in table.rows for entry in row.entries):
        yield "by judge: a model's opinion of the nearest clauses; the words that it quotes stand in the document."
    yield _HOW
    if table.note:
        yield table.note


def _counts(heading: Heading) -> str:
    if heading.status == "not-here":
        return f"{WORDING['not-here']}; take it in: avenant spec add FILE --as {heading.id}/VERSION"
    if heading.status != "read":
        return WORDING[heading.status]
    total = sum(number for _, number in heading.counts)
    many = "1 threat model" if total == 1 else f"{total} threat models"
    return f"of {many} {', '.join(f'{number} {label}' for label, number in heading.counts)}"


def _print_entry(entry: Entry) -> None:
    if entry.label is None:
        print_text(f"\n{entry.column_id}: {WORDING[entry.status]}", style="bold")
        return
    certainty = entry.certainty if entry.confidence is None else f"confidence {entry.certainty}"
    print_text(f"\n{entry.column_id}: {entry.label} ({certainty})", style=f"bold {_STYLES[entry.label]}")
    if entry.shares:
        print_text(f"  estimated chances: {entry.shares}", style="dim")
    print_text(f"  {entry.reason}")
    if entry.opinion:
        print_text(f"  {_said_of(entry.opinion)}", style="dim")
    if entry.evidence:
        print_text("  evidence", style="bold")
        for place in entry.evidence:
            _print_place(place, "    ")
    if entry.near_miss:
        print_text("  nearest miss", style="bold")
        _print_place(entry.near_miss, "    ")
    if entry.facets:
        print_text(
            f"  facets, the questions that a document has to answer: {entry.met} of {len(entry.facets)} met",
            style="bold",
        )
        for facet in entry.facets:
            print_text(f"    {'met' if facet.is_met else 'missing'}: {facet.question}")
            if facet.place:
                _print_place(facet.place, "      ", opening="" if facet.is_met else "nearest: ")
    if entry.contest:
        print_text(f"  the document's judgement ({entry.contest.strength})", style="bold")
        _print_place(entry.contest.place, "    ", words=entry.contest.sentence)


def _said_of(opinion: Opinion) -> str:
    given = f"label and reason are the opinion of {opinion.model}; by words it would be {opinion.estimate}"
    if opinion.label is None:
        given = f"{opinion.model} was asked and gave no reply that counts"
    return "; ".join((given, *opinion.problems))


def _print_place(place: Place, indent: str, *, opening: str = "", words: str = "") -> None:
    print_text(f"{indent}{opening}{place.where}", style="dim")
    lead = f"({cut_at_word(place.lead, _SNIPPET // 2)}) " if place.lead else ""
    snippet = lead + cut_at_word(words or place.text, _SNIPPET)
    print_text(textwrap.indent(textwrap.fill(snippet, 100), f"{indent}  "))
