"""`avenant check`: is a draft safe to publish, and would an editor at the lab accept its form?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from avenant import __version__
from avenant.check.engine import check_amendments, find_orphans
from avenant.check.finding import Check, Finding
from avenant.check.fix import Mended, mend_amendments
from avenant.check.formats import as_github, as_json, as_sarif
from avenant.check.prose import find_prose_flaws
from avenant.check.registry import RULES, RULES_BY_ID
from avenant.cli.output import check_out
from avenant.cli.show import print_table, print_text
from avenant.errors import FileError, shown_path
from avenant.files import read_text, write_text
from avenant.workspace import Workspace, find_workspace

_STYLES = {"error": "red", "warning": "yellow", "note": "cyan"}
_FORMATS = ("text", "json", "sarif", "github")


@click.command("check")
@click.argument("amendments", nargs=-1, metavar="[AMENDMENT]...")
@click.option("--fix", "is_fixing", is_flag=True, help="Mend what needs no judgement.")
@click.option("--diff", "is_diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--format",
    "style",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="text: for people; json: for programs; sarif: for code scanning; github: annotations of a pull request.",
)
@click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the findings to a file.")
@click.option("--quiet", "-q", is_flag=True, help="Leave the notes out, which never fail the check.")
@click.option("--vale", "is_vale", is_flag=True, help="Have Vale read the prose as well, where it is installed.")
@click.option(
    "--judge", metavar="MODEL", help="Ask a model whether passages contradict clauses: an opinion, no verdict."
)
@click.option("--yes", "is_sure", is_flag=True, help="With --judge: ask without a question back.")
@click.option(
    "--publish",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Scan a whole folder before it goes online: web site, repository with its history, export.",
)
@click.option("--all", "is_all", is_flag=True, help="With --publish: read the files that git ignores as well.")
@click.option("--no-history", is_flag=True, help="With --publish: leave git's history out.")
@click.option("--rules", "is_listing", is_flag=True, help="List all rules.")
@click.option("--explain", "explained", metavar="RULE", help="What a rule finds, why, and what to write instead.")
def check_command(
    amendments: tuple[str, ...],
    is_fixing: bool,
    is_diff: bool,
    style: str,
    is_json: bool,
    out: Path | None,
    quiet: bool,
    is_vale: bool,
    judge: str | None,
    is_sure: bool,
    folder: Path | None,
    is_all: bool,
    no_history: bool,
    is_listing: bool,
    explained: str | None,
) -> int:
    """Check drafts and their scenarios: names, anchors, form, substance. Without arguments: all of them.

    Exits 0 where there is nothing but notes, 1 with errors or warnings, 2 where it could not check.

    A rule is turned off in avenant.toml, under [check.off], or for one place by a comment above it:
    <!-- avenant: off RULE: the reason -->

    Example: avenant check keep-bargaining-power

    Example: avenant check --fix

    Example: avenant check --explain absolute-word
    """
    if is_listing:
        print_table(("rule", "severity", "fix", "why"), [_rule_row(rule.id) for rule in RULES])
        return 0
    if explained is not None:
        _explain(explained)
        return 0
    if folder is not None:
        if amendments or is_fixing or is_diff or judge or is_vale:
            raise click.UsageError("--publish scans a folder: it takes no amendments, --fix, --diff, --judge or --vale")
        return _publish(folder, "json" if is_json else style, out, is_all=is_all, no_history=no_history)
    workspace = _workspace(amendments)
    paths = _paths(workspace, amendments)
    if is_diff or is_fixing:
        mended = mend_amendments(workspace, paths)
        check = mended.check
        _show_diff(mended) if is_diff else _write(mended)
    else:
        check = check_amendments(workspace, paths)
    more: list[Finding] = []
    if is_vale:
        more += find_prose_flaws(workspace, paths)
    if judge is not None:
        from avenant.cli.judging import find_opinions

        more += find_opinions(workspace, paths, judge, is_sure=is_sure)
    if more:
        check = check_amendments(workspace, paths, more=more)
    if quiet:
        check = Check(tuple(one for one in check.findings if one.is_failing), check.turned_off)
    text = _render("json" if is_json else style, check, workspace.root)
    if out is not None:
        check_out(out, workspace)
        write_text(out, text if text is not None else "".join(f"{_plain(one)}\n" for one in check.findings))
        click.echo(str(shown_path(out)))
    elif text is not None:
        click.echo(text, nl=False)
    else:
        _print(check)
    if text is None:
        _print_summary(check, paths)
    return 1 if check.is_failing else 0


def _publish(folder: Path, style: str, out: Path | None, *, is_all: bool, no_history: bool) -> int:
    from avenant.cli.publish import check_folder, print_scan

    check, scan = check_folder(folder, include_ignored=is_all, include_history=not no_history)
    text = _render(style, check, folder.resolve())
    if out is not None:
        write_text(out, text if text is not None else "".join(f"{_plain(one)}\n" for one in check.findings))
    elif text is not None:
        click.echo(text, nl=False)
    else:
        _print(check)
    print_scan(scan, shown_path(folder))
    _print_turned_off(check)
    if not check.findings:
        click.echo("No model's name found.", err=True)
    return 1 if check.is_failing else 0


def _workspace(names: Sequence[str]) -> Workspace:
    """The workspace of the files that are named (as pre-commit names them), else of the current folder."""
    folders = [Path(name).parent for name in names if Path(name).is_file()] or [Path.cwd()]
    first, *others = [find_workspace(folder) for folder in dict.fromkeys(folders)]
    for other in others:
        if other.root != first.root:
            problem = f"these files are of two workspaces, {shown_path(first.root)} and {shown_path(other.root)}"
            raise FileError(problem, mend="check the files of each workspace apart")
    return first


def _paths(workspace: Workspace, names: Sequence[str]) -> list[Path]:
    """The drafts that are named; a scenario file stands for its draft."""
    if not names:
        return [*workspace.amendment_paths(), *find_orphans(workspace)]
    orphans = {path.resolve() for path in find_orphans(workspace)}
    found = []
    for name in names:
        path = Path(name)
        is_scenarios = path.suffix in (".yaml", ".yml")
        found.append(
            path if path.resolve() in orphans else workspace.amendment_path(path.stem if is_scenarios else name)
        )
    return list({path.resolve(): path for path in found}.values())


def _render(style: str, check: Check, root: Path) -> str | None:
    if style == "json":
        return as_json(check)
    if style == "sarif":
        return as_sarif(check, _top(root), __version__)
    return as_github(check, _top(root)) if style == "github" else None


def _top(root: Path) -> Path:
    """The top of the repository, from which GitHub takes paths; without a repository, where the command runs."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    here = Path.cwd()
    return here if root.is_relative_to(here) else root


def _print(check: Check) -> None:
    for finding in check.findings:
        print_text(str(finding), style=_STYLES[finding.severity])
        for shown in finding.shown:
            print_text(f"    {shown_path(shown.path)}:{shown.line}: {shown.words}", style="dim")


def _plain(finding: Finding) -> str:
    shown = (f"    {shown_path(one.path)}:{one.line}: {one.words}" for one in finding.shown)
    return "\n".join([str(finding), *shown])


def _print_summary(check: Check, paths: Sequence[Path]) -> None:
    drafts = _count(len(paths), "draft")
    if not paths:
        click.echo("No amendments yet. Write one: avenant new")
    elif not check.findings:
        click.echo(f"{drafts} checked: nothing found.")
    else:
        counts = [
            _count(sum(one.severity == severity for one in check.findings), severity)
            for severity in ("error", "warning", "note")
        ]
        click.echo(f"{', '.join(counts)} in {drafts}.", err=True)
        for rule in dict.fromkeys(finding.rule for finding in check.findings):
            click.echo(f"  {rule}: {RULES_BY_ID[rule].why}", err=True)
        if any(finding.fix for finding in check.findings):
            fixable = sum(finding.fix is not None for finding in check.findings)
            click.echo(f"{fixable} can be mended by `avenant check --fix`; see them first with --diff.", err=True)
    _print_turned_off(check)


def _print_turned_off(check: Check) -> None:
    rules = ", ".join(dict.fromkeys(finding.rule for finding in check.turned_off))
    if check.turned_off:
        click.echo(f"{_count(len(check.turned_off), 'finding')} turned off ({rules}).", err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _write(mended: Mended) -> None:
    for path, text in mended.texts.items():
        write_text(path, text)
    for finding in mended.findings:
        click.echo(f"mended: {shown_path(finding.path)}:{finding.line}: {finding.rule}: {finding.problem}", err=True)


def _show_diff(mended: Mended) -> None:
    for path, text in mended.texts.items():
        name = str(shown_path(path))
        lines = difflib.unified_diff(
            read_text(path).splitlines(keepends=True), text.splitlines(keepends=True), name, name, n=1
        )
        click.echo("".join(lines), nl=False)


def _rule_row(rule_id: str) -> tuple[str, str, str, str]:
    rule = RULES_BY_ID[rule_id]
    return rule.id, rule.severity, "yes" if rule.is_fixable else "", rule.why


def _explain(rule_id: str) -> None:
    if rule_id not in RULES_BY_ID:
        from rapidfuzz import process

        near = process.extractOne(rule_id, list(RULES_BY_ID), score_cutoff=60)
        hint = f"did you mean {near[0]}? " if near else ""
        raise FileError(f"there is no rule {rule_id!r}", mend=f"{hint}`avenant check --rules` lists them")
    rule = RULES_BY_ID[rule_id]
    click.echo(f"{rule.page or f'{rule.id}: {rule.why}'}\n\nseverity: {rule.severity}", nl=True)
    if rule.is_fixable:
        click.echo("`avenant check --fix` mends some of it.")
