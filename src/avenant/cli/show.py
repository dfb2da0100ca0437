"""How commands print: plain where the output is no terminal, so that it can be piped."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from avenant.text import DiffPiece

_STYLES = {"insert": "bold green", "delete": "red strike", "equal": ""}
_MARKS = {"insert": ("{+", "+}"), "delete": ("[-", "-]"), "equal": ("", "")}


def console(*, is_error: bool = False) -> Console:
    """A console for standard output or standard error."""
    return Console(stderr=is_error, highlight=False, soft_wrap=True)


def print_text(text: str, *, style: str = "") -> None:
    """Print text as it stands; markup in it means nothing."""
    console().print(Text(text, style=style))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; tab-separated without a header where the output is no terminal."""
    out = console()
    if not out.is_terminal:
        for row in rows:
            # Not through rich, which would turn tabs into spaces.
            click.echo("\t".join(row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name, justify="right" if name in ("words", "line") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)


def print_pieces(pieces: Sequence[DiffPiece]) -> None:
    """Print a redline: coloured in a terminal, with {+ +} and [- -] marks elsewhere."""
    out = console()
    text = Text()
    for piece in pieces:
        before, after = ("", "") if out.is_terminal and not out.no_color else _MARKS[piece.kind]
        text.append(f"{before}{piece.text}{after}", style=_STYLES[piece.kind])
    out.print(text)
