"""`avenant anchor`: where an edit goes, chosen by a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.amendments.anchor import Anchor, name_place, show_place
from avenant.amendments.pointing import Candidates, find_candidates, point_edit
from avenant.amendments.writing import render_yaml, rewrite_amendment
from avenant.cli.show import kept_note, print_text
from avenant.errors import AnchorNotFoundError, EditError, shown_path
from avenant.files import replace_text
from avenant.mask import mask_for
from avenant.specs.document import Span
from avenant.specs.library import Spec, read_spec
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
    found = find_candidates(spec, draft, anchor)
    if not found.places:
        raise AnchorNotFoundError(
            f"nothing in {spec.id} resembles {anchor.quote!r}",
            path=draft.path,
            line=draft.edits[number - 1].line,
            mend=f"copy other words from it (`avenant spec show {spec.id}`) and give them with --words",
        )
    click.echo(_SAID[found.kind], nl=bool(_SAID[found.kind]))
    _show(spec, draft, found.places)
    is_sure = found.kind == "exact" and len(found.places) == 1
    if is_sure and choose is None and words is None and section is None:
        click.echo("The anchor finds this place and no other.")
        return 0
    _refuse_whole_clauses(draft, number, found)
    chosen = choose or (1 if is_sure else _ask(len(found.places)))
    if chosen is None:
        click.echo("Choose one: --choose K", err=True)
        return 1
    if chosen > len(found.places):
        raise EditError(f"there are {len(found.places)} places, not {chosen}", mend="choose one of the numbers shown")
    edit = point_edit(spec, draft, number - 1, found.places[chosen - 1], is_destination=is_destination)
    kept = replace_text(draft.path, rewrite_amendment(draft, edits={number - 1: edit}), label="before-anchor")
    print_text(render_yaml([edit.front_matter()]).rstrip())
    click.echo(f"written to {shown_path(draft.path)}{kept_note(kept)}")
    return 0


_SAID = {
    "exact": "",
    "elsewhere": "The words do not stand in that section and context; elsewhere:",
    "near": "These words stand nowhere; the nearest clauses:",
}


def _refuse_whole_clauses(draft: Amendment, number: int, found: Candidates) -> None:
    """What takes words out is pointed at by the very words, never by a whole clause."""
    edit = draft.edits[number - 1]
    if found.kind == "near" and edit.action in ("replace", "delete"):
        raise AnchorNotFoundError(
            f"{edit.action} takes out exactly the words that it quotes, and these stand nowhere",
            path=draft.path,
            line=edit.line,
            mend="copy the exact words from one of the clauses above: --words",
        )


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


def _show(spec: Spec, draft: Amendment, places: Sequence[Span]) -> None:
    masked = mask_for(spec, draft.placeholder)
    for number, place in enumerate(places, 1):
        text = f"{name_place(spec.document, place)}\n    {show_place(spec.document, place)}"
        print_text(f"{number}. {masked(text)}")


def _ask(count: int) -> int | None:
    if not sys.stdin.isatty():
        return None
    chosen: int = click.prompt("Which one? (0: none)", type=click.IntRange(0, count), default=0)
    return chosen or None
