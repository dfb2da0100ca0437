"""`avenant gaps`: threat models by documents: absent, mentioned or addressed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from avenant.cli.gap_table import print_explanations, print_gaps
from avenant.cli.output import check_out, emit, out_option, print_to_text
from avenant.cli.progress import show_progress
from avenant.cli.show import workspace_mask
from avenant.coverage.catalogue import GOALS, ThreatModel, find_threat, read_catalogue
from avenant.coverage.export import as_csv, as_json
from avenant.coverage.matrix import LABELS, Matrix
from avenant.coverage.retrieval import read_meanings
from avenant.coverage.survey import Column, Survey, choose_columns, find_gaps
from avenant.coverage.table import Table, make_table
from avenant.errors import ThreatError
from avenant.workspace import Workspace, find_workspace

_TITLE = "What documents cover, and what they leave open"
_FORMATS = ("table", "html", "csv", "json")
_PRICE = "With --judge: dollars per million tokens of prompt and of reply."


@click.command("gaps")
@click.argument("specs", nargs=-1, metavar="[SPEC|LAB]...")
@click.option("--threat", "threats", metavar="ID", multiple=True, help="This threat model alone; may be repeated.")
@click.option(
    "--catalogue",
    "catalogues",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The threat models of this file alone; may be repeated. Default: the built-in ones and the workspace's.",
)
@click.option("--goal", type=click.Choice(GOALS), help="Threat models with this goal alone.")
@click.option(
    "--label", "labels", type=click.Choice(LABELS), multiple=True, help="Rows with this label somewhere; repeatable."
)
@click.option(
    "--explain", "is_explaining", is_flag=True, help="Show why: the clauses, which facets are met, the nearest miss."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(_FORMATS),
    default="table",
    show_default=True,
    help="table: for the screen; html: a heat map that opens; csv: a row a cell; json: everything, for programs.",
)
@click.option("--judge", metavar="MODEL", help="Have a model label what words found: an opinion, which costs money.")
@click.option("--price", nargs=2, type=click.FloatRange(min=0), metavar="IN OUT", help=_PRICE)
@click.option("--yes", "-y", "is_sure", is_flag=True, help="With --judge: ask without a question back.")
@out_option("Write to a file. Default: the screen; for html gaps.html in the current folder.")
def gaps_command(
    specs: tuple[str, ...],
    threats: tuple[str, ...],
    catalogues: tuple[Path, ...],
    goal: str | None,
    labels: tuple[str, ...],
    is_explaining: bool,
    style: str,
    judge: str | None,
    price: tuple[float, float] | None,
    is_sure: bool,
    out: Path | None,
) -> int:
    """Show which threat models documents address, which they mention, and which are absent from them.

    Without a SPEC the newest release of each lab in the workspace is read. A LAB stands for its newest release; one
    without a document is shown as a column of its own. Labels are estimates from words and meanings, none of them
    the lab's judgement; see docs/gaps.md. What is written to a file carries a canary.

    Example: avenant gaps

    Example: avenant gaps anthropic --threat intelligence-curse --explain

    Example: avenant gaps --label absent --format html --out gaps.html

    Example: avenant gaps --judge openai/gpt-4o-mini --price 0.15 0.6
    """
    if is_explaining and style != "table":
        raise click.UsageError("--explain is for the screen: html and json have all of it, csv has the best clauses")
    workspace = find_workspace(Path.cwd())
    path = out or (Path("gaps.html") if style == "html" else None)
    if path is not None:
        # Before the work, not after it.
        check_out(path, workspace)
    catalogue = _choose_threats(workspace, threats, catalogues, goal)
    columns = choose_columns(workspace.folder("specs"), specs)
    matrix = _find_gaps(catalogue, columns)
    if judge is not None:
        from avenant.cli.coverage_judging import judge_matrix

        matrix = judge_matrix(matrix, workspace, judge, price=price, is_sure=is_sure)
    table = make_table(Survey(columns, matrix), workspace.defaults.placeholder, workspace_mask(workspace).names)
    _show(table.with_labels(labels) if labels else table, style, path, workspace, is_explaining=is_explaining)
    return 0 if matrix.is_answered else 2


def _choose_threats(
    workspace: Workspace, wanted: Sequence[str], files: Sequence[Path], goal: str | None
) -> tuple[ThreatModel, ...]:
    """The threat models that are meant, in the catalogue's order.

    Raises:
        ThreatError: there are none.
    """
    catalogue = read_catalogue(workspace.folder("threats"), only=files)
    chosen = {find_threat(catalogue, one).id for one in wanted} or {one.id for one in catalogue}
    found = tuple(one for one in catalogue if one.id in chosen and goal in (None, one.goal))
    if not catalogue:
        raise ThreatError("there are no threat models", mend="write one into threats/*.yaml: see docs/threats.md")
    if not found:
        goals = ", ".join(dict.fromkeys(one.goal for one in catalogue if one.id in chosen))
        raise ThreatError(f"no threat model has the goal {goal!r}", mend=f"goals among those chosen: {goals}")
    return found


def _find_gaps(catalogue: Sequence[ThreatModel], columns: Sequence[Column]) -> Matrix:
    """The matrix, with a progress display on standard error."""
    specs = [column.spec for column in columns if column.spec is not None and column.status == "read"]
    if specs:
        with show_progress("reading the documents") as show:
            read_meanings(specs, has_thesaurus=any(threat.is_bare for threat in catalogue), progress=show)
    total = len(catalogue) * len(specs)
    with show_progress("looking for threat models") as show:
        return find_gaps(catalogue, columns, progress=lambda done: show(done, total))


def _show(table: Table, style: str, path: Path | None, workspace: Workspace, *, is_explaining: bool) -> None:
    if style == "table" and path is None:
        print_explanations(table) if is_explaining else print_gaps(table)
        return
    emit(_render(table, style, is_explaining=is_explaining), path, workspace)


def _render(table: Table, style: str, *, is_explaining: bool) -> str:
    if style == "html":
        from avenant.pages.coverage import render_coverage

        return render_coverage(_TITLE, table)
    if style == "csv":
        return as_csv(table)
    if style == "json":
        return as_json(table)
    return print_to_text(lambda: print_explanations(table) if is_explaining else print_gaps(table, is_file=True))
