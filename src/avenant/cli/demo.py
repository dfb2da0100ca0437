"""`avenant demo`: the main job on the example workspace, as a user would run it by hand."""

from __future__ import annotations

import os
import shlex
from contextlib import chdir
from pathlib import Path

import click
from rich.text import Text

from avenant.cli.show import console
from avenant.local.weights import read_weights
from avenant.workspace import copy_example

_DOCUMENTS = {
    "odile-constitution.md": "constitution-2026-09.md",
    "odile-constitution-2026-12-01.md": "constitution-2026-12.md",
}
"""The example's documents, and what they are called here: a file that may be published is not named after a model."""
_STEPS = (
    (
        "Take in the lab's document: a short constitution of our own. It calls its assistant by a name of its own; "
        "all that Avenant shows says Clément instead, so that it may stand on the open web.",
        ("spec", "add", "constitution-2026-09.md", "--as", "atelier/2026-09-01", "--licence", "Apache-2.0"),
    ),
    ("What it says on one topic.", ("spec", "show", "atelier/2026-09-01", "Giving an opinion")),
    (
        "Begin a draft of your own. It speaks of Clément too; the real name returns in what goes to the lab alone.",
        (
            "new",
            "My first amendment",
            "--spec",
            "atelier/2026-09-01",
            "--after",
            "the picture left behind is a true one",
        ),
    ),
    ("What is still to do in it.", ("check", "my-first-amendment")),
    ("Two drafts that are ready.", ("check", "mark-opinions", "keep-bargaining-power")),
    ("One of them as a redline.", ("diff", "mark-opinions")),
    (
        "And as a folder that may be published; with --for-lab it would speak of the model by its real name.",
        ("dossier", "mark-opinions"),
    ),
    (
        "Three months later the lab publishes a newer release. Take it in beside the old one.",
        ("spec", "add", "constitution-2026-12.md", "--as", "atelier/2026-12-01", "--licence", "Apache-2.0"),
    ),
    ("What changed in it.", ("log", "atelier")),
    ("Where the drafts would land in it; nothing is written yet.", ("rebase", "--dry-run")),
    ("Did the lab take up one of them?", ("adopted", "say-the-odds")),
    ("Try one, on the release that it was written for. This takes a minute or two.", ("try", "mark-opinions")),
)


@click.command("demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path), default="avenant-demo")
def demo_command(folder: Path) -> None:
    """Walk through everything on the example workspace, with the embedded model.

    DIR must be new or empty; default: avenant-demo.

    Example: avenant demo my-demo
    """
    from avenant.cli.main import cli

    read_weights()
    workspace = copy_example(folder)
    for shipped, name in _DOCUMENTS.items():
        (workspace.root / shipped).rename(workspace.root / name)
    out = console()
    _say(1, "Make a workspace; this one comes filled with an example.", ("init", str(folder)))
    out.print(f"A workspace with the example is ready in {folder.resolve()}")
    with chdir(folder):
        for number, (why, arguments) in enumerate(_STEPS, 2):
            _say(number, why, arguments)
            cli.main(args=list(arguments), standalone_mode=False)
    out.print(
        Text(
            f"\nDone. Go on in {shlex.quote(os.fspath(folder))}: read the report, fill in "
            "amendments/my-first-amendment.md, or try the other draft:\n"
            f"  cd {shlex.quote(os.fspath(folder))} && avenant try keep-bargaining-power"
        )
    )


def _say(number: int, why: str, arguments: tuple[str, ...]) -> None:
    out = console()
    out.print(Text(f"\n[{number}/{len(_STEPS) + 1}] {why}", style="bold"))
    out.print(Text(f"$ avenant {shlex.join(arguments)}", style="cyan"))
