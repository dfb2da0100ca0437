"""How commands print: plain where the output is no terminal, so that it can be piped."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from avenant.errors import AvenantError, shown_path
from avenant.mask import Mask
from avenant.specs.document import Document, Section
from avenant.specs.library import read_manifest
from avenant.text import DiffPiece, diff_words, fold_words
from avenant.workspace import Workspace, find_workspace

_STYLES = {"insert": "bold green", "delete": "red strike", "equal": ""}
_MARKS = {"insert": ("{+", "+}"), "delete": ("[-", "-]"), "equal": ("", "")}


def console(*, is_error: bool = False) -> Console:
    """A console for standard output or standard error."""
    return Console(stderr=is_error, highlight=False, soft_wrap=True)


def workspace_mask(workspace: Workspace) -> Mask:
    """The mask for what is shown without a draft or a document at hand, such as errors.

    It holds the names of all documents of the workspace. Addresses of models and files are given as they are: an
    error that does not say what cannot be reached would help nobody.
    """
    specs = workspace.folder("specs")
    names = list(workspace.check.names)
    for path in specs.glob("*/*.toml"):
        try:
            manifest = read_manifest(path)
        except AvenantError:
            # The command that needs this document says so.
            continue
        names += [name for name in (manifest.subject, *manifest.names) if not name.startswith("the ")]
    labs = [f"{path.name}/" for path in specs.glob("*") if path.is_dir()]
    addresses = [workspace.defaults.subject, workspace.defaults.judge, *_given_addresses()]
    kept = (*labs, *(address for address in addresses if address))
    return Mask(tuple(dict.fromkeys(names)), workspace.defaults.placeholder, tuple(dict.fromkeys(kept)))


def _given_addresses() -> list[str]:
    """The models, pages and files that the command line names."""
    words = [part for word in sys.argv[1:] for part in word.split("=", 1)]
    models = [word for option, word in pairwise(words) if option in ("--subject", "--judge", "--model") and "/" in word]
    return [*models, *(word for word in words if "://" in word or os.path.exists(word))]  # noqa: PTH110


def mask_here(text: str) -> str:
    """A text under the placeholder of the workspace of the current folder; as it is where there is none."""
    try:
        return workspace_mask(find_workspace(Path.cwd()))(text)
    except AvenantError:
        return text


def find_shown_sections(document: Document, mask: Mask, title_or_id: str) -> tuple[Section, ...]:
    """Sections with this id or title, as the document has them or as they are shown."""
    if found := document.find_sections(title_or_id):
        return found
    wanted = fold_words(title_or_id.lstrip("# ")).casefold()
    return tuple(
        section
        for section in document.sections
        if mask.id(section.id) == title_or_id or fold_words(mask(section.title)).casefold() == wanted
    )


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
