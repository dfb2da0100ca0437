"""`avenant rebase`: drafts carried to a newer release, with the author's word where it is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.amendments.anchor import Anchor, find_places, name_place, show_place
from avenant.amendments.rebase import Rebased, RebasedEdit, reattach, rebase_amendment
from avenant.cli.show import kept_note, print_pieces, print_side_by_side, print_text, workspace_mask
from avenant.errors import AnchorError, AvenantError, EditError, SpecError, shown_path
from avenant.files import replace_text
from avenant.mask import mask_for
from avenant.specs.library import Spec, list_releases, read_spec, release_order
from avenant.text import cut_at_word, diff_words, replace_name
from avenant.workspace import Workspace, find_workspace

_DONE = ("adopted", "declined", "withdrawn")
_EXCERPT = 160


@click.command("rebase")
@click.argument("amendments", nargs=-1, metavar="[AMENDMENT]...")
@click.option("--to", "target", metavar="ID", help="The newer release; default: the newest here of the draft's lab.")
@click.option("--accept", is_flag=True, help="Confirm adapted edits without being asked.")
@click.option(
    "--at",
    "pointed",
    multiple=True,
    metavar="N=WORDS",
    help="Anchor edit N of the one draft given to these words of the newer release; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
def rebase_command(
    amendments: tuple[str, ...], target: str | None, accept: bool, pointed: tuple[str, ...], dry_run: bool
) -> int:
    """Carry drafts to a newer release of their document.

    Each edit ends as unchanged, moved (the same words in another place), adapted (the lab edited the clause: you
    have to confirm) or lost (refused, with the places that come nearest). The old file is kept in git or beside the
    new one. Without arguments: all open drafts. Exits 0 where all were carried over, 1 where some still need you.

    Example: avenant rebase --to anthropic/2026-01-20

    Example: avenant rebase keep-bargaining-power --at 1="words of the clause where it belongs now"
    """
    workspace = find_workspace(Path.cwd())
    paths = workspace.find_amendments(amendments)
    if target is not None and "/" in target:
        read_spec(workspace.folder("specs"), target)
    if pointed and len(paths) != 1:
        raise EditError("--at is for one draft", mend="give one amendment with it")
    done = [
        _rebase(workspace, path, target, pointed, accept=accept, is_dry=dry_run, is_chosen=bool(amendments))
        for path in paths or workspace.amendment_paths()
    ]
    tried = [is_carried for is_carried in done if is_carried is not None]
    left = tried.count(False)
    if not tried:
        click.echo("No open draft is behind the newest release.")
    elif left:
        click.echo(f"\n{left} of {len(tried)} drafts still need you: see above.", err=True)
    return 1 if left else 0


def _rebase(
    workspace: Workspace,
    path: Path,
    target: str | None,
    pointed: tuple[str, ...],
    *,
    accept: bool,
    is_dry: bool,
    is_chosen: bool,
) -> bool | None:
    """Carry one draft over; whether that was done, None where there is nothing to do."""
    try:
        draft = read_amendment(path)
        new_id = _target(workspace, draft, target, is_chosen=is_chosen)
        if new_id is None:
            return None
        old, new = (read_spec(workspace.folder("specs"), one) for one in (draft.spec, new_id))
        rebased = _with_pointed(rebase_amendment(draft, old, new), pointed, new)
        _show(rebased, old, new)
        return _write(rebased if is_dry else _ask(rebased, new), draft, accept=accept, is_dry=is_dry)
    except AvenantError as error:
        if is_chosen:
            raise
        # One broken draft does not keep the others where they are.
        click.echo(f"\nleft out: {workspace_mask(workspace)(str(error))}", err=True)
        return False


def _target(workspace: Workspace, draft: Amendment, target: str | None, *, is_chosen: bool) -> str | None:
    """The release to carry a draft to; None where there is nothing to do."""
    if draft.status in _DONE and not is_chosen:
        return None
    lab = draft.spec.split("/")[0]
    newest = list_releases(workspace.folder("specs"), lab)[-1]
    wanted = newest if target is None else target if "/" in target else f"{lab}/{target}"
    if wanted == draft.spec:
        return None
    if wanted.split("/")[0] == lab and release_order(wanted) > release_order(draft.spec):
        return wanted
    if not is_chosen:
        return None
    raise SpecError(
        f"{wanted} is no newer release of what {draft.slug} amends ({draft.spec})",
        path=draft.path,
        mend=f"give a newer one of the same lab; the newest here is {newest}",
    )


def _with_pointed(rebased: Rebased, pointed: tuple[str, ...], new: Spec) -> Rebased:
    for one in pointed:
        number, _, words = one.partition("=")
        if not number.isdecimal() or not 1 <= int(number) <= len(rebased.edits) or not words.strip():
            raise EditError(
                f"--at {one!r} is not of the form N=WORDS with N from 1 to {len(rebased.edits)}",
                mend='for example: --at 1="words of the clause"',
            )
        named = replace_name(words, rebased.old.placeholder, new.manifest.subject)
        places = find_places(new.document, Anchor(named)) or find_places(new.document, Anchor(words))
        if len(places) != 1:
            masked = mask_for(new, rebased.old.placeholder)
            found = (f"\n    {name_place(new.document, p)}: {show_place(new.document, p)}" for p in places[:5])
            shown = masked("".join(found))
            raise AnchorError(
                f"the words {words!r} stand in {len(places)} places of {new.id}{shown}",
                mend="give words that stand there once",
            )
        rebased = reattach(rebased, int(number) - 1, places[0], new)
    return rebased


def _show(rebased: Rebased, old: Spec, new: Spec) -> None:
    draft = rebased.old
    click.echo("")
    print_text(f"{draft.slug}: {old.id} -> {new.id}: {rebased.fate}", style="bold")

    masked = mask_for(new, draft.placeholder, old)
    for number, edit in enumerate(rebased.edits, 1):
        print_text(masked(f"  edit {number} ({edit.edit.action}): {edit.fate}{_where(edit, new)}"))
        for landing in edit.landings:
            if landing.reason:
                print_text(masked(f"    {landing.reason}"))
            if landing.old_words and landing.new_words:
                old_words, new_words = masked(landing.old_words), masked(landing.new_words)
                print_side_by_side((old.id, old_words), (new.id, new_words))
        if edit.passage is not None:
            print_text("    the merged passage:")
            print_pieces(diff_words(masked(draft.passage_of(edit.edit)), masked(edit.passage)))
        if edit.authority:
            before, after = (level or "none" for level in edit.authority)
            click.echo(f"    warning: the authority level here was {before} and is {after} now")
        _show_candidates(edit, new, masked)


def _where(edit: RebasedEdit, new: Spec) -> str:
    places = [landing.place for landing in edit.landings if landing.place is not None]
    return f", at {name_place(new.document, places[0])}" if places and edit.fate != "lost" else ""


def _show_candidates(edit: RebasedEdit, new: Spec, masked: Callable[[str], str]) -> None:
    if edit.fate != "lost":
        return
    is_taking_out = edit.edit.action in ("replace", "delete")
    if edit.candidates:
        click.echo("    look here:" if is_taking_out else "    it might belong beside:")
    for number, place in enumerate(edit.candidates, 1):
        words = cut_at_word(new.document.slice(place), _EXCERPT)
        print_text(masked(f"      {number}. {name_place(new.document, place)}: {words}"), style="dim")


def _ask(rebased: Rebased, new: Spec) -> Rebased:
    """At a terminal the author may point a lost edit at one of its candidates."""
    if not sys.stdin.isatty():
        return rebased
    for number, edit in enumerate(rebased.edits):
        # What takes words out is pointed at by the very words alone (--at), never by a whole clause.
        if edit.fate == "lost" and edit.candidates and edit.edit.action not in ("replace", "delete"):
            text = f"  edit {number + 1}: beside which? (0: leave it)"
            chosen = click.prompt(text, type=click.IntRange(0, len(edit.candidates)), default=0)
            if chosen:
                rebased = reattach(rebased, number, edit.candidates[chosen - 1], new)
    return rebased


def _write(rebased: Rebased, draft: Amendment, *, accept: bool, is_dry: bool) -> bool:
    """Write the draft if nothing stands in the way; whether it was carried over."""
    text = rebased.render()
    if text is None:
        click.echo("  not written: an edit is lost. Point at its place (--at N=WORDS), or mend the draft.")
        return False
    if rebased.fate == "adapted" and not accept:
        if is_dry or not sys.stdin.isatty():
            click.echo("  not written: an adapted edit has to be confirmed (--accept)")
            return False
        if not click.confirm("  Is this right?", default=False):
            click.echo("  not written")
            return False
    if is_dry:
        click.echo("  would be written")
        return True
    kept = replace_text(draft.path, text, label=draft.spec.split("/")[1])
    click.echo(f"  written to {shown_path(draft.path)}{kept_note(kept)}")
    return True
