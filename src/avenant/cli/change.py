"""`avenant diff`, `avenant apply`, `avenant conflicts`: what drafts do to their document."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.amendments.anchor import name_place, show_place
from avenant.amendments.apply import EMPTY_PASSAGE, Change, apply_changes, find_changes
from avenant.amendments.conflicts import WHY, Conflict, apply_together, find_conflicts, without_conflicts
from avenant.amendments.redline import Redline
from avenant.cli.output import FOR_THE_LAB, check_real_name, emit
from avenant.cli.show import print_pieces, print_text, workspace_mask
from avenant.dossier.export import export_critic, export_page, export_patch, export_snippet, make_redlines
from avenant.errors import AvenantError, EditError, FileError, shown_path
from avenant.files import read_bytes
from avenant.mask import mask_for
from avenant.specs.library import Spec, read_spec
from avenant.text import DiffPiece, cut_at_word
from avenant.workspace import Workspace, find_workspace

_LONGEST_PLACE = 300
AMENDED = "amended"
"""Folder of amended documents; they carry the model's real name, so git does not track it."""


@click.command("diff")
@click.argument("amendment")
@click.option(
    "--format",
    "style",
    type=click.Choice(["redline", "html", "unified", "critic", "snippet"]),
    default="redline",
    show_default=True,
    help="redline: word by word; html: a page; unified: a diff, with --for-lab one for `git apply`; critic: the "
    "document as CriticMarkup; snippet: the words to paste, and where.",
)
@click.option("--for-lab", "is_for_lab", is_flag=True, help="Under the model's real name; for the lab alone.")
@click.option("--path", metavar="PATH", help="The file's path in the lab's repository, for the unified diff.")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file.")
def diff_command(amendment: str, style: str, is_for_lab: bool, path: str | None, out: Path | None) -> None:
    """Show what an amendment changes, under the placeholder.

    Every format but the redline carries the draft's canary, but for the snippet that goes to the lab.

    Example: avenant diff keep-bargaining-power

    Example: avenant diff keep-bargaining-power --format html --out redline.html

    Example: avenant diff keep-bargaining-power --format unified --for-lab --path model_spec.md > for-the-lab.patch
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    spec = read_spec(workspace.folder("specs"), draft.spec)
    changes = find_changes(spec, draft)
    if style == "redline" and out is None:
        _print_redlines(spec, make_redlines(spec, draft, changes, is_for_lab=is_for_lab))
    else:
        emit(_render(style, spec, draft, changes, path or spec.path.name, is_for_lab=is_for_lab), out, workspace)
    if is_for_lab:
        click.echo(FOR_THE_LAB, err=True)


def _render(style: str, spec: Spec, draft: Amendment, changes: Sequence[Change], path: str, *, is_for_lab: bool) -> str:
    if style == "unified":
        return export_patch(spec, draft, changes, path, is_for_lab=is_for_lab)
    if style == "critic":
        return export_critic(spec, draft, changes, is_for_lab=is_for_lab)
    if style == "snippet":
        return export_snippet(spec, draft, is_for_lab=is_for_lab)
    if style == "redline":
        raise EditError("a redline in colour is for the terminal", mend="to a file: --format html, or critic")
    return export_page(spec, draft, changes, is_for_lab=is_for_lab)


def _print_redlines(spec: Spec, redlines: Sequence[Redline]) -> None:
    for number, redline in enumerate(redlines):
        if number:
            print_text("")
        print_text(f"{spec.id}, line {redline.line}, {redline.section}\n", style="bold")
        print_text(redline.before + "\n", style="dim")
        print_pieces([DiffPiece(piece.kind, piece.text.strip("\r\n")) for piece in redline.pieces])
        if redline.after:
            print_text("\n" + redline.after, style="dim")


@click.command("apply")
@click.argument("amendments", nargs=-1, required=True, metavar="AMENDMENT...")
@click.option(
    "-o", "--out", metavar="FILE", help="Where to write; - for standard output. Default: amended/LAB-VERSION+NAME.md"
)
@click.option("--for-lab", "is_for_lab", is_flag=True, help="Let it go where --out says, outside private folders too.")
@click.option("--force", is_flag=True, help="Overwrite a file that is not the document itself.")
def apply_command(amendments: tuple[str, ...], out: str | None, is_for_lab: bool, force: bool) -> None:
    """Write the amended document; it differs in the edited places alone, byte for byte.

    Several amendments to one document go in together, unless they are in conflict. The file carries the model's
    real name, and no canary, since it is the lab's own text: without --for-lab it stays in a folder that git does
    not track.

    Example: avenant apply keep-bargaining-power

    Example: avenant apply keep-bargaining-power --for-lab --out ../model_spec/model_spec.md
    """
    workspace = find_workspace(Path.cwd())
    if out is not None:
        check_real_name(None if out == "-" else Path(out), workspace, is_for_lab=is_for_lab)
    drafts = [read_amendment(path) for path in workspace.find_amendments(amendments)]
    [(spec, together)] = _by_spec(workspace, drafts, are_one=True)
    text = apply_changes(spec.document.text, apply_together(spec, together))
    if out == "-":
        emit(text, None, workspace)
        click.echo(FOR_THE_LAB, err=True)
        return
    path = Path(out) if out else _amended_path(workspace, spec, together)
    if out and not force:
        _refuse_to_overwrite(path, spec, text)
    emit(text, path, workspace)
    click.echo(FOR_THE_LAB, err=True)


def _amended_path(workspace: Workspace, spec: Spec, drafts: Sequence[Amendment]) -> Path:
    return workspace.root / AMENDED / f"{'+'.join([spec.id.replace('/', '-'), *(draft.slug for draft in drafts)])}.md"


def _refuse_to_overwrite(path: Path, spec: Spec, text: str) -> None:
    """The lab's own file may be amended where it lies; any other file is somebody's."""
    if path.is_file() and read_bytes(path) not in (spec.document.text.encode("utf-8"), text.encode("utf-8")):
        raise FileError("there is another file of this name", path=path, mend="choose another --out, or add --force")


@click.command("conflicts")
@click.argument("amendments", nargs=-1, metavar="[AMENDMENT]...")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the combined document.")
@click.option("--for-lab", "is_for_lab", is_flag=True, help="Let it go where --out says, outside private folders too.")
@click.option("--json", "is_json", is_flag=True, help="Conflicts as JSON.")
def conflicts_command(amendments: tuple[str, ...], out: Path | None, is_for_lab: bool, is_json: bool) -> int:
    """Find drafts that touch the same clause or each other's anchors, and combine the others.

    Without arguments: all drafts of the workspace, document by document. The combined document carries the model's
    real name; see `avenant apply`. Exits 0 where there are no conflicts, 1 with some, 2 where it could not look at a
    draft.

    Example: avenant conflicts

    Example: avenant conflicts mark-opinions keep-bargaining-power --out amended/combined.md
    """
    workspace = find_workspace(Path.cwd())
    if out is not None:
        check_real_name(out, workspace, is_for_lab=is_for_lab)
    drafts = [read_amendment(path) for path in workspace.find_amendments(amendments)] if amendments else []
    paths = [] if drafts else workspace.amendment_paths()
    sound = [draft for draft in (_sound_draft(workspace, path) for path in paths) if draft is not None]
    if not drafts and not paths:
        click.echo("No amendments yet. Write one: avenant new")
        return 0
    groups = _by_spec(workspace, drafts or sound, are_one=out is not None)
    found = [(spec, drafts, find_conflicts(spec, drafts)) for spec, drafts in groups]
    if is_json:
        rows = [_row(spec, conflict) for spec, _, conflicts in found for conflict in conflicts]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    for spec, drafts, conflicts in found:
        if not is_json:
            _print_conflicts(spec, drafts, conflicts)
        if out is not None:
            together = apply_together(spec, without_conflicts(drafts, conflicts))
            emit(apply_changes(spec.document.text, together), out, workspace)
            click.echo(FOR_THE_LAB, err=True)
    if len(sound) < len(paths):
        return 2
    return 1 if any(conflicts for *_, conflicts in found) else 0


def _sound_draft(workspace: Workspace, path: Path) -> Amendment | None:
    """A draft that can be read and finds its places; one that is broken is named and does not stop the others."""
    try:
        draft = read_amendment(path)
        find_changes(read_spec(workspace.folder("specs"), draft.spec), draft)
    except AvenantError as error:
        if error.faults[0].problem == EMPTY_PASSAGE:
            return draft
        click.echo(f"left out: {workspace_mask(workspace)(str(error))}", err=True)
        return None
    return draft


def _by_spec(workspace: Workspace, drafts: Sequence[Amendment], *, are_one: bool) -> list[tuple[Spec, list[Amendment]]]:
    groups: dict[str, list[Amendment]] = defaultdict(list)
    for draft in drafts:
        groups[draft.spec].append(draft)
    if are_one and len(groups) > 1:
        raise EditError(
            f"these amendments are to {len(groups)} documents: {', '.join(sorted(groups))}",
            mend="give amendments to one document; `avenant rebase` carries drafts to a newer release",
        )
    return [(read_spec(workspace.folder("specs"), spec_id), group) for spec_id, group in sorted(groups.items())]


def _row(spec: Spec, conflict: Conflict) -> dict[str, object]:
    first, second = conflict.amendments
    return {
        "spec": spec.id,
        "kind": conflict.kind,
        "line": spec.document.line(conflict.place.start),
        "amendments": [first.slug, second.slug],
        "edit_lines": [edit.line for edit in conflict.edits],
    }


def _print_conflicts(spec: Spec, drafts: Sequence[Amendment], conflicts: Sequence[Conflict]) -> None:
    print_text(f"{spec.id}: {len(drafts)} {'draft' if len(drafts) == 1 else 'drafts'}", style="bold")
    for conflict in conflicts:
        first, second = conflict.amendments
        masked = mask_for(spec, first.placeholder)
        click.echo(f"\n  {first.slug} and {second.slug}: {WHY[conflict.kind]} ({conflict.kind})")
        for draft, edit in zip(conflict.amendments, conflict.edits, strict=True):
            click.echo(f"    {shown_path(draft.path)}:{edit.line}: {edit.action}")
        place = f"{name_place(spec.document, conflict.place)}: {show_place(spec.document, conflict.place)}"
        print_text(f"    {cut_at_word(masked(place), _LONGEST_PLACE)}", style="dim")
    if conflicts:
        click.echo("")
    together = without_conflicts(drafts, conflicts)
    left_out = [draft.slug for draft in drafts if draft not in together]
    click.echo(f"  go in together: {', '.join(draft.slug for draft in together) or 'none'}")
    if left_out:
        click.echo(f"  in a conflict: {', '.join(left_out)}")
