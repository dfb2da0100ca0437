"""How commands print: plain where the output is no terminal, so that it can be piped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from avenant.errors import shown_path
from avenant.specs.library import Spec
from avenant.text import DiffPiece, diff_words, mask_names

_STYLES = {"insert": "bold green", "delete": "red strike", "equal": ""}
_MARKS = {"insert": ("{+", "+}"), "delete": ("[-", "-]"), "equal": ("", "")}


def console(*, is_error: bool = False) -> Console:
    """A console for standard output or standard error."""
    return Console(stderr=is_error, highlight=False, soft_wrap=True)


def mask_for(spec: Spec, placeholder: str) -> Callable[[str], str]:
    """What puts the placeholder where a text names the document's model, or another of the lab's."""
    return lambda text: mask_names(text, spec.model_names, placeholder)


def kept_note(kept: Path | None) -> str:
    """What is said of a draft's old file after `replace_text`."""
    return f"; the old one is kept in {shown_path(kept)}" if kept else "; the old one is in git"


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
    console().print(_marked(pieces, ""))


def print_side_by_side(left: tuple[str, str], right: tuple[str, str], *, is_marked: bool = True) -> None:
    """Print two wordings beside each other, each under its title; below each other where the output is no terminal.

    Args:
        left: title and words.
        right: title and words.
        is_marked: whether the differences are marked, for two wordings of one text.
    """
    out = console()
    pieces = diff_words(left[1], right[1]) if is_marked else []
    sides = [(left[0], _marked(pieces, "insert")), (right[0], _marked(pieces, "delete"))]
    if not is_marked:
        sides = [(title, Text(text)) for title, text in (left, right)]
    if not out.is_terminal:
        for title, text in sides:
            click.echo(f"    {title}: {' '.join(text.plain.split())}")
        return
    table = Table(header_style="bold", expand=True)
    for title, _ in sides:
        table.add_column(title, ratio=1, overflow="fold")
    table.add_row(*(text for _, text in sides))
    Console(highlight=False).print(table)


def _marked(pieces: Sequence[DiffPiece], left_out: str) -> Text:
    is_plain = not console().is_terminal or console().no_color
    text = Text()
    for piece in pieces:
        if piece.kind != left_out:
            before, after = _MARKS[piece.kind] if is_plain else ("", "")
            text.append(f"{before}{piece.text}{after}", style=_STYLES[piece.kind])
    return text
