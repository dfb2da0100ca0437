"""`avenant init`."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.workspace import init_workspace


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), default=".")
def init_command(folder: Path) -> None:
    """Make a workspace: a folder of plain files, made for git.

    Example: avenant init proposals
    """
    workspace = init_workspace(folder)
    click.echo(f"A workspace is ready in {workspace.root}")
    go = "" if workspace.root == Path.cwd() else f"  cd {folder}\n"
    click.echo(
        f"Next:\n{go}"
        "  avenant spec add FILE --as lab/version     take in a lab's document\n"
        '  avenant new "A title" --spec lab/version --after "words of the clause before it"'
    )
