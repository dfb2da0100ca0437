"""Where commands write: to the screen, or to a file that is nobody's work."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.errors import FileError, shown_path
from avenant.files import write_text
from avenant.workspace import PRIVATE_FOLDERS, Workspace, ignore_folder

_Command = TypeVar("_Command", bound=Callable[..., object])

FOR_THE_LAB = "note: this carries the model's real name: for the lab, not for the open web"
_OWN_FOLDERS = ("specs", "amendments", "scenarios", "threats")


def out_option(help: str = "Write to a file. Default: the screen.") -> Callable[[_Command], _Command]:
    """The option `-o FILE` of a command that writes one text.

    Args:
        help: what is said of it.
    """
    path = click.Path(path_type=Path, dir_okay=False)
    return click.option("-o", "--out", metavar="FILE", type=path, help=help)


def emit(text: str, out: Path | None, workspace: Workspace) -> None:
    """Print a text, or write it to a file and print the file's path.

    Raises:
        FileError: the file is a folder, or lies where the workspace keeps what people wrote.
    """
    if out is None:
        click.echo(text.encode("utf-8"), nl=False)
        return
    check_out(out, workspace)
    if (private := _private_folder(out, workspace)) is not None:
        ignore_folder(workspace.root, private)
    write_text(out, text)
    click.echo(str(shown_path(out)))


def print_to_text(show: Callable[[], None]) -> str:
    """What a function prints, as a text for a file: with a canary at its end."""
    with contextlib.redirect_stdout(io.StringIO()) as written:
        show()
    return f"{written.getvalue()}\n{canary_line(PROJECT_CANARY)}\n"


def check_real_name(out: Path | None, workspace: Workspace, *, is_for_lab: bool) -> None:
    """Make sure that a text with the model's real name may go somewhere: for the lab, or where git does not look.

    Args:
        out: the file; None for standard output.
        workspace: of which some folders are private.
        is_for_lab: whether the user said so.

    Raises:
        FileError: it would leave the workspace, and nobody said that it is for the lab.
    """
    if not is_for_lab and (out is None or _private_folder(out, workspace) is None):
        raise FileError(
            "this carries the model's real name and would go where it may be published",
            path=out,
            mend="add --for-lab if it is for the lab, or write it below amended/, which git does not track",
        )


def check_out(out: Path, workspace: Workspace) -> None:
    """Make sure that a command may write to a file.

    Raises:
        FileError: it is a folder, or lies where the workspace keeps what people wrote.
    """
    if out.is_dir():
        raise FileError("this is a folder", path=out, mend="give a file in it")
    check_place(out, workspace)


def check_place(out: Path, workspace: Workspace) -> None:
    """Make sure that a file or a folder would not lie where the workspace keeps what people wrote.

    Raises:
        FileError: it would.
    """
    for name in _OWN_FOLDERS:
        if out.resolve().is_relative_to(workspace.folder(name).resolve()):
            raise FileError(
                f"{name}/ holds what people wrote: nothing is written over it", path=out, mend="write it elsewhere"
            )


def _private_folder(out: Path, workspace: Workspace) -> str | None:
    """The folder that git does not track in which a file lies; None where it lies in none."""
    found = (name for name in PRIVATE_FOLDERS if out.resolve().is_relative_to(workspace.folder(name).resolve()))
    return next(found, None)
