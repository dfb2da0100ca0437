"""`avenant compare`: two documents side by side, by threat model and by topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from avenant.cli.comparison_table import comparison_as_csv, comparison_as_json, print_comparison
from avenant.cli.output import check_out, emit, out_option, print_to_text
from avenant.cli.progress import show_progress
from avenant.cli.show import workspace_mask
from avenant.coverage.catalogue import find_threat, read_catalogue
from avenant.coverage.comparison import Comparison, check_columns, find_topics, sort_rows
from avenant.coverage.retrieval import read_meanings
from avenant.coverage.survey import Column, Survey, choose_columns, find_gaps
from avenant.coverage.table import Table, make_table
from avenant.mask import Mask
from avenant.workspace import Workspace, find_workspace

_FORMATS = ("text", "html", "json", "csv")


@click.command("compare")
@click.argument("first", metavar="SPEC|LAB")
@click.argument("second", metavar="SPEC|LAB")
@click.option("--threat", "threats", metavar="ID", multiple=True, help="This threat model alone; may be repeated.")
@click.option("--threats-only", "is_threats_only", is_flag=True, help="By threat model alone.")
@click.option("--topics-only", "is_topics_only", is_flag=True, help="By topic alone.")
@click.option(
    "--format",
    "style",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="text: tables for the screen; html: a page; json: everything, for programs; csv: for a spreadsheet.",
)
@out_option("Write to a file. Default: the screen; for html compare.html in the current folder.")
def compare_command(
    first: str,
    second: str,
    threats: tuple[str, ...],
    is_threats_only: bool,
    is_topics_only: bool,
    style: str,
    out: Path | None,
) -> None:
    """Put two documents side by side, by threat model and by topic.

    By threat model: the label of each and the clause that speaks for it. By topic, which is each section that tells
    the model what to do: the nearest guidance of the other document, or none. Where one has guidance and the other
    none comes first. A LAB stands for its newest release; one without a document is shown as such. All of it is
    estimated from words and meanings; see docs/find.md.

    Example: avenant compare anthropic openai

    Example: avenant compare anthropic openai --threat intelligence-curse --threats-only

    Example: avenant compare anthropic openai --topics-only --format html --out topics.html
    """
    if is_threats_only and is_topics_only:
        raise click.UsageError("give one of --threats-only and --topics-only, or neither")
    if threats and is_topics_only:
        raise click.UsageError("--threat does not go with --topics-only")
    workspace = find_workspace(Path.cwd())
    path = out or (Path("compare.html") if style == "html" else None)
    if path is not None:
        check_out(path, workspace)
    mask = Mask(workspace_mask(workspace).names, workspace.defaults.placeholder)
    columns = _read_columns(workspace, first, second, mask)
    table = None if is_topics_only else _find_table(workspace, columns, threats, mask)
    comparison = _find_comparison(columns, table, mask, has_topics=not (is_threats_only or threats))
    if style == "text" and path is None:
        print_comparison(comparison)
    else:
        emit(_render(comparison, style), path, workspace)


def _read_columns(workspace: Workspace, first: str, second: str, mask: Mask) -> tuple[Column, Column]:
    """The two documents, read for their meanings with a progress display."""
    left, right = check_columns(choose_columns(workspace.folder("specs"), (first, second)))
    specs = [column.spec for column in (left, right) if column.spec is not None and column.status == "read"]
    with show_progress("reading the documents") as show:
        read_meanings(specs, progress=show)
    return _masked(left, mask), _masked(right, mask)


def _masked(column: Column, mask: Mask) -> Column:
    """A lab without a document goes by the name that somebody typed."""
    return column if column.spec is not None else replace(column, id=mask.id(column.id))


def _find_table(workspace: Workspace, columns: tuple[Column, Column], wanted: Sequence[str], mask: Mask) -> Table:
    catalogue = read_catalogue(workspace.folder("threats"))
    chosen = {find_threat(catalogue, one).id for one in wanted} or {one.id for one in catalogue}
    threats = [one for one in catalogue if one.id in chosen]
    total = len(threats) * sum(column.status == "read" for column in columns)
    with show_progress("looking for threat models") as show:
        matrix = find_gaps(threats, columns, progress=lambda done: show(done, total))
    return sort_rows(make_table(Survey(columns, matrix), mask.placeholder, mask.names))


def _find_comparison(
    columns: tuple[Column, Column], table: Table | None, mask: Mask, *, has_topics: bool
) -> Comparison:
    if not has_topics:
        return Comparison(columns, mask.placeholder if mask.names else "", table, None)
    with show_progress("comparing guidance") as show:
        return Comparison(
            columns, mask.placeholder if mask.names else "", table, find_topics(columns, mask, progress=show)
        )


def _render(comparison: Comparison, style: str) -> str:
    if style == "html":
        from avenant.pages.comparison import render_comparison

        return render_comparison(comparison)
    if style == "json":
        return comparison_as_json(comparison)
    if style == "csv":
        return comparison_as_csv(comparison)
    return print_to_text(lambda: print_comparison(comparison, is_file=True))
