"""`avenant trials` and `avenant meta`: what was tried, and what the trials of one amendment say together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from avenant.cli.show import console, print_table, workspace_mask
from avenant.errors import TrialError, shown_path
from avenant.mask import Mask
from avenant.trials.estimate import Estimate
from avenant.trials.forest import ForestRow, draw_forest
from avenant.trials.listing import ListedTrial, list_trials
from avenant.trials.meta import BatteryPool, Group, Meta, pool_trials
from avenant.trials.meta_words import count_trials, describe_cautions, describe_difference, describe_pool
from avenant.workspace import Workspace, find_workspace

_HEADER = ("amendment", "document", "trial", "subject", "judge", "outcome", "blocks", "verdict", "effect on the target")


@click.command("trials")
@click.argument("amendment", required=False)
@click.option("--json", "is_json", is_flag=True, help="As JSON, with folders and intervals.")
def trials_command(amendment: str | None, is_json: bool) -> None:
    """List the trials of the workspace, or of one amendment.

    The effect is that of the target battery, in the unit of the trial's outcome: amended minus placebo, or, by
    log-probability, amended minus inverted. A trial's name is that of its folder, trials/AMENDMENT/NAME, which
    `avenant report`, `avenant label` and `avenant try --resume` take.

    Example: avenant trials mark-opinions
    """
    workspace = find_workspace(Path.cwd())
    listed = list_trials(workspace.folder("trials"), _slug(amendment) if amendment else None)
    if amendment and not listed:
        # Trials outlive their draft; where there are none, a name that no draft has is a slip.
        workspace.amendment_path(amendment)
    if is_json:
        click.echo(json.dumps([_data(one, workspace_mask(workspace)) for one in listed], indent=2, ensure_ascii=False))
    elif not listed:
        of = f" of {amendment}" if amendment else ""
        click.echo(f"no trials{of} yet; begin one: avenant try {amendment or 'AMENDMENT'}", err=True)
    else:
        masked = workspace_mask(workspace)
        print_table(_HEADER, [_row(one, masked) for one in listed])
        for one in listed:
            if one.problem:
                click.echo(f"cannot be read: {masked(one.problem)}", err=True)


@click.command("meta")
@click.argument("amendment")
@click.option("--json", "is_json", is_flag=True, help="As JSON; no page is written.")
@click.option("--open", "is_open", is_flag=True, help="Open the page in the browser.")
def meta_command(amendment: str, is_json: bool, is_open: bool) -> None:
    """Pool the finished trials of one amendment over subjects and seeds.

    Random effects for target, neighbour and far, with how far the trials disagree. Trials of another document, another
    wording or another outcome are shown apart. Writes trials/AMENDMENT/meta.html.

    Example: avenant meta mark-opinions
    """
    workspace = find_workspace(Path.cwd())
    slug = _slug(amendment)
    listed = list_trials(workspace.folder("trials"), slug)
    if not listed:
        raise TrialError(f"there is no trial of {amendment!r}", mend=f"avenant try {slug}")
    meta = pool_trials(slug, listed)
    if is_json:
        from avenant.trials.meta_page import meta_data

        click.echo(json.dumps(meta_data(meta, workspace_mask(workspace)), indent=2, ensure_ascii=False))
        return
    _show(meta, workspace)
    if any(group.is_pooled for group in meta.groups):
        path = _write(meta, workspace)
        if is_open:
            click.launch(str(path))


def _slug(amendment: str) -> str:
    """An amendment's slug, given by name or by file.

    Raises:
        TrialError: it can be the name of no amendment.
    """
    name = Path(amendment).stem if amendment.endswith(".md") else Path(amendment).name
    if not name.strip(".") or set(name) & set("*?["):
        raise TrialError(f"{amendment!r} is no amendment", mend="`avenant trials` lists those that were tried")
    return name


def _row(one: ListedTrial, masked: Mask) -> tuple[str, ...]:
    if one.trial is None:
        return masked.id(one.amendment), "", one.folder.name, "", "", "", "", one.state, ""
    protocol, result = one.trial.protocol, one.result
    blocks = f"{result.finished_blocks if result else 0} of {len(protocol.blocks)}"
    known = () if result is None else (result.verdict.word, _short(result.verdict.target))
    return (
        masked.id(one.amendment),
        protocol.spec,
        one.folder.name,
        protocol.subject,
        protocol.judge or "none",
        protocol.outcome,
        blocks if one.state != "finished" else f"{blocks}, done",
        *(known or (one.state, "")),
    )


def _data(one: ListedTrial, masked: Mask) -> dict[str, Any]:
    protocol = one.trial.protocol if one.trial else None
    verdict = one.result.verdict if one.result else None
    return {
        "folder": f"trials/{masked.id(one.amendment)}/{one.folder.name}",
        "amendment": masked.id(one.amendment),
        "title": protocol and Mask(tuple(protocol.model_names), protocol.placeholder)(protocol.title),
        "spec": protocol and protocol.spec,
        "subject": protocol and protocol.subject,
        "judges": protocol and protocol.judges,
        "outcome": protocol and protocol.outcome,
        "seed": protocol and protocol.seed,
        "created": protocol and protocol.created,
        "state": one.state,
        "finished_blocks": one.result.finished_blocks if one.result else 0,
        "blocks": protocol and len(protocol.blocks),
        "verdict": verdict and verdict.word,
        "effect": verdict
        and {
            "mean": verdict.target.mean,
            "ci_low": verdict.target.ci_low,
            "ci_high": verdict.target.ci_high,
            "level": verdict.target.level,
            "families": verdict.target.families,
            "method": verdict.target.method,
        },
        "problem": masked(one.problem) if one.problem else None,
    }


def _short(estimate: Estimate) -> str:
    if estimate.mean is None:
        return "cannot tell"
    if estimate.ci_low is None or estimate.ci_high is None:
        return f"{estimate.mean:+z.3f} [no interval]"
    return f"{estimate.mean:+z.3f} [{estimate.ci_low:+z.3f}, {estimate.ci_high:+z.3f}]"


def _show(meta: Meta, workspace: Workspace) -> None:
    if not meta.groups:
        click.echo(f"nothing to pool: none of {count_trials(len(meta.left_out))} can be used")
    for group in meta.groups:
        _show_group(group, None if group is meta.groups[0] else meta.groups[0])
    masked = workspace_mask(workspace)
    for one in meta.left_out:
        subject = f" ({one.trial.protocol.subject})" if one.trial else ""
        click.echo(f"left out: {one.folder.name}{subject}: {masked(one.reason)}")


def _show_group(group: Group, first: Group | None) -> None:
    out = console()
    # Paragraphs are wrapped, pictures and paths are not.
    wrapping = Console(highlight=False)
    heading = f"{group.spec}, by {group.outcome}: {count_trials(len(group.studies))}"
    if first is not None:
        heading += f"; not pooled with those above, since they have {describe_difference(first, group)}"
    out.print(Text(heading, style="bold"))
    if not group.is_pooled:
        study = group.studies[0]
        effect = _short(study.result.verdict.target)
        out.print(Text(f"  {study.label}: {study.result.verdict.word}, {effect}. One trial: nothing to pool."))
        return
    for pool in group.pools:
        out.print(Text(f"\n{pool.battery}"))
        for line in _forest(pool, group.newest.protocol.margin):
            out.print(Text(line))
        for line in describe_pool(pool, group.newest.protocol.unit):
            wrapping.print(Padding(Text(line), (0, 0, 0, 2)))
    for line in describe_cautions(group):
        wrapping.print(Padding(Text(f"! {line}", style="dim"), (0, 0, 0, 2)))


def _forest(pool: BatteryPool, margin: float) -> list[str]:
    rows = [
        ForestRow(row.study.label, row.estimate.mean, row.estimate.ci_low, row.estimate.ci_high)
        for row in pool.rows
        if row.estimate.mean is not None
    ]
    pooled = pool.pooled
    if pooled.mean is not None and pooled.ci_low is not None:
        rows.append(ForestRow("pooled", pooled.mean, pooled.ci_low, pooled.ci_high, is_pooled=True))
    return draw_forest(rows, margin=margin) if rows else []


def _write(meta: Meta, workspace: Workspace) -> Path:
    from avenant.trials.meta_page import write_meta

    path = workspace.folder("trials") / meta.amendment / "meta.html"
    write_meta(path, meta)
    console().print(Text(f"\nPage: {shown_path(path)}"))
    return path
