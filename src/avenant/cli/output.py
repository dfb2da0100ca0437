"""Where commands write: to the screen, or to a file that is nobody's work."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.errors import FileError, shown_path
from avenant.files import write_text
from avenant.workspace import Workspace

FOR_THE_LAB = "note: this carries the model's real name: for the lab, not for the open web"
_OWN_FOLDERS = ("specs", "amendments", "scenarios")


def emit(text: str, out: Path | None, workspace: Workspace) -> None:
    """Print a text, or write it to a file and print the file's path.

    Raises:
        FileError: the file is a folder, or lies where the workspace keeps what people wrote.
    """
    if out is None:
        click.echo(text.encode("utf-8"), nl=False)
        return
    check_out(out, workspace)
    write_text(out, text)
    click.echo(str(shown_path(out)))


def check_out(out: Path, workspace: Workspace) -> None:
    """Make sure that a command may write to a file.

    Raises:
        FileError: it is a folder, or lies where the workspace keeps what people wrote.
    """
    if out.is_dir():
        raise FileError("this is a folder", path=out, mend="give a file in it")
    for name in _OWN_FOLDERS:
        if out.resolve().is_relative_to(workspace.folder(name).resolve()):
            raise FileError(
                f"{name}/ holds what people wrote: nothing is written over it", path=out, mend="write it elsewhere"
            )
