"""`avenant anchor`: where an edit goes, chosen by a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.amendments.anchor import Anchor, name_place, show_place
from avenant.amendments.pointing import find_candidates, point_edit
from avenant.amendments.writing import render_yaml, rewrite_amendment
from avenant.cli.show import print_text
from avenant.errors import AnchorNotFoundError, EditError, shown_path
from avenant.files import replace_text
from avenant.specs.document import Span
from avenant.specs.library import Spec, read_spec
from avenant.text import mask_names
from avenant.workspace import find_workspace


@click.command("anchor")
@click.argument("amendment")
@click.option("--edit", "number", type=click.IntRange(1), default=1, show_default=True, help="Which of its edits.")
@click.option("--words", metavar="WORDS", help="Words to anchor to; default: those of the draft.")
@click.option("--in", "section", metavar="SECTION", help="The section in which to look.")
@click.option("--destination", "is_destination", is_flag=True, help="The place where a move goes to.")
@click.option("--choose", metavar="K", type=click.IntRange(1), help="Take the K-th of the places shown.")
def anchor_command(
    amendment: str, number: int, words: str | None, section: str | None, is_destination: bool, choose: int | None
) -> int:
    """Show every place where an edit might go, and write the anchor of the one that is chosen.

    Exits 0 where the anchor is right or was written, 1 where a place has still to be chosen.

    Example: avenant anchor keep-bargaining-power

    Example: avenant anchor keep-bargaining-power --words "the means are fair" --choose 1
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    spec = read_spec(workspace.folder("specs"), draft.spec)
    anchor = _anchor(draft, number, words, section, is_destination=is_destination)
    places, are_exact = find_candidates(spec, draft, anchor)
    if not places:
        raise AnchorNotFoundError(
            f"nothing in {spec.id} resembles {anchor.quote!r}",
            path=draft.path,
            line=draft.edits[number - 1].line,
            mend=f"copy other words from it (`avenant spec show {spec.id}`) and give them with --words",
        )
    is_asked_for = words is not None or section is not None
    if are_exact and len(places) == 1 and choose is None and not is_asked_for:
        _show(spec, draft, places)
        click.echo("The anchor finds this place and no other.")
        return 0
    if not are_exact:
        click.echo("These words stand nowhere; the nearest clauses:")
    _show(spec, draft, places)
    chosen = choose or (1 if are_exact and len(places) == 1 else _ask(len(places)))
    if chosen is None:
        click.echo("Choose one: --choose K", err=True)
        return 1
    if chosen > len(places):
        raise EditError(f"there are {len(places)} places, not {chosen}", mend="choose one of the numbers shown")
    edit = point_edit(spec, draft, number - 1, places[chosen - 1], is_destination=is_destination)
    kept = replace_text(draft.path, rewrite_amendment(draft, edits={number - 1: edit}), label="before-anchor")
    print_text(render_yaml([edit.front_matter()]).rstrip())
    click.echo(
        f"written to {shown_path(draft.path)}" + (f"; the old one is kept in {shown_path(kept)}" if kept else "")
    )
    return 0


def _anchor(draft: Amendment, number: int, words: str | None, section: str | None, *, is_destination: bool) -> Anchor:
    if number > len(draft.edits):
        raise EditError(f"the draft has {len(draft.edits)} edits, not {number}", path=draft.path, mend="see `edits:`")
    edit = draft.edits[number - 1]
    if is_destination and edit.destination is None:
        raise EditError(f"{edit.action} has no destination", path=draft.path, line=edit.line, mend="leave the flag out")
    known = edit.destination if is_destination and edit.destination else edit.anchor
    if words is None and section is None:
        return known
    return Anchor(words if words is not None else known.quote, section)


def _show(spec: Spec, draft: Amendment, places: list[Span]) -> None:
    for number, place in enumerate(places, 1):
        text = f"{name_place(spec.document, place)}\n    {show_place(spec.document, place)}"
        print_text(f"{number}. {mask_names(text, spec.model_names, draft.placeholder)}")


def _ask(count: int) -> int | None:
    if not sys.stdin.isatty():
        return None
    chosen: int = click.prompt("Which one? (0: none)", type=click.IntRange(0, count), default=0)
    return chosen or None
