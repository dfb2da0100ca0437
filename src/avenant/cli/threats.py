"""`avenant threats`: the catalogue of threat models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from avenant.cli.show import print_table, print_text, workspace_mask
from avenant.coverage.catalogue import ThreatModel, find_threat, read_catalogue
from avenant.errors import WorkspaceError, shown_path
from avenant.workspace import Workspace, find_workspace


@click.command("threats")
@click.argument("threat_id", metavar="[ID]", required=False)
@click.option("--json", "is_json", is_flag=True, help="As JSON, each threat model in full.")
def threats_command(threat_id: str | None, is_json: bool) -> None:
    """List the threat models, or show one in full.

    They are those that Avenant brings along and those in the workspace's threats/, for which see docs/threats.md.

    Example: avenant threats intelligence-curse
    """
    workspace = _workspace()
    mask = workspace_mask(workspace) if workspace else str
    catalogue = read_catalogue(workspace.folder("threats") if workspace else None)
    shown = catalogue if threat_id is None else (find_threat(catalogue, threat_id),)
    if is_json:
        rows = [_row(threat) for threat in shown]
        click.echo(mask(json.dumps(rows if threat_id is None else rows[0], indent=2, ensure_ascii=False)))
    elif threat_id is None:
        rows_of_table = [(one.id, one.gravity, one.goal, mask(one.title)) for one in shown]
        print_table(("id", "gravity", "goal", "title"), rows_of_table)
    else:
        print_text(mask(_in_full(shown[0])))


def _workspace() -> Workspace | None:
    """The workspace; None outside of one, where the built-in catalogue can be read all the same."""
    try:
        return find_workspace(Path.cwd())
    except WorkspaceError:
        return None


def _row(threat: ThreatModel) -> dict[str, Any]:
    return {
        "id": threat.id,
        "title": threat.title,
        "description": threat.description,
        "harms": threat.harms,
        "conduct": threat.conduct,
        "facets": list(threat.facets),
        "phrases": list(threat.phrases),
        "sources": list(threat.sources),
        "goal": threat.goal,
        "gravity": threat.gravity,
        "file": _origin(threat),
    }


def _origin(threat: ThreatModel) -> str:
    return f"built-in, {threat.path.name}" if threat.is_built_in else f"{shown_path(threat.path)}:{threat.line}"


def _in_full(threat: ThreatModel) -> str:
    parts = [
        f"{threat.title}\n{threat.id}   gravity: {threat.gravity}   goal: {threat.goal}   ({_origin(threat)})",
        threat.description,
        threat.harms and f"Whom it harms\n{threat.harms}",
        threat.conduct and f"How a model's conduct matters\n{threat.conduct}",
        _listed("What a document has to answer", threat.facets),
        _listed("In other words", threat.phrases),
        _listed("Sources", threat.sources),
    ]
    return "\n\n".join(part for part in parts if part)


def _listed(title: str, items: tuple[str, ...]) -> str:
    return "\n".join((title, *(f"  - {item}" for item in items))) if items else ""
