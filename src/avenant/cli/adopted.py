"""`avenant adopted`: what became of a draft in a newer release."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from avenant.amendments.adoption import ALIKE, Adoption, EditUptake, Uptake, find_adoption
from avenant.amendments.amendment import Amendment, read_amendment
from avenant.amendments.anchor import name_place
from avenant.amendments.writing import rewrite_amendment
from avenant.cli.show import kept_note, print_side_by_side, print_text
from avenant.errors import SpecError, shown_path
from avenant.files import replace_text
from avenant.mask import Mask, mask_for
from avenant.specs.library import Spec, newer_releases, read_spec
from avenant.workspace import Workspace, find_workspace

_SAID: dict[Uptake, str] = {
    "word-for-word": "taken word for word",
    "in-substance": "perhaps taken in substance: read the lab's words beside yours",
    "not-found": "not found",
    "there-before": "the words stood in the older release already",
}


@click.command("adopted")
@click.argument("amendment")
@click.option("--in", "release", metavar="ID", help="The newer release; default: the newest here.")
@click.option(
    "--set-status",
    is_flag=True,
    help="Write `status: adopted` into the draft without being asked, if something was found.",
)
@click.option("--json", "is_json", is_flag=True, help="The findings as JSON.")
def adopted_command(amendment: str, release: str | None, set_status: bool, is_json: bool) -> int:
    """See whether a newer release took a draft's words or its idea.

    Only what is new in that release counts. "In substance" is a hint from words in common: it misses ideas put in
    other words, and takes a rule for its opposite. The draft's status changes only when you agree.

    Exits 0 where something was found, 1 where nothing was.

    Example: avenant adopted keep-bargaining-power --in anthropic/2026-01-20
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    old = read_spec(workspace.folder("specs"), draft.spec)
    new = read_spec(workspace.folder("specs"), _release(workspace, draft, release))
    adoption = find_adoption(draft, old, new)
    mask = mask_for(new, draft.placeholder, old)
    if is_json:
        click.echo(json.dumps(_row(adoption, new, mask), indent=2, ensure_ascii=False))
    else:
        _show(adoption, new, mask)
    is_taken = adoption.uptake in ("word-for-word", "in-substance")
    if is_taken and (set_status or (draft.status != "adopted" and not is_json and _agrees())):
        kept = replace_text(draft.path, rewrite_amendment(draft, status="adopted"), label="before-adopted")
        click.echo(f"status: adopted, in {shown_path(draft.path)}{kept_note(kept)}", err=is_json)
    return 0 if is_taken else 1


def _release(workspace: Workspace, draft: Amendment, release: str | None) -> str:
    newer = newer_releases(workspace.folder("specs"), draft.spec)
    if release is not None and release not in newer:
        known = ", ".join(newer) or "none"
        raise SpecError(f"{release} is no newer release than {draft.spec}", mend=f"newer ones here: {known}")
    if not newer:
        raise SpecError(
            f"there is no release newer than {draft.spec} in this workspace",
            mend=f"take it in: avenant spec add FILE --as {draft.spec.split('/')[0]}/version",
        )
    return release or newer[-1]


def _agrees() -> bool:
    return sys.stdin.isatty() and click.confirm("Set the draft's status to adopted?", default=False)


def _show(adoption: Adoption, new: Spec, masked: Mask) -> None:
    draft = adoption.amendment
    print_text(f"{draft.slug}: {draft.spec} -> {new.id}: {_SAID[adoption.uptake]}", style="bold")
    for number, edit in enumerate(adoption.edits, 1):
        place = f", at {name_place(new.document, edit.place)}" if edit.place else ""
        print_text(masked(f"\n  edit {number} ({edit.edit.action}): {_SAID[edit.uptake]}{place}"))
        if edit.likely and edit.uptake == "not-found":
            click.echo("  nearest words, for a look:")
        alike = [one for one in edit.likely if one.similarity >= ALIKE]
        for one in alike if edit.uptake == "in-substance" else edit.likely[:1]:
            measure = "share of its words gone" if edit.edit.action == "delete" else "similarity"
            text = f"  {name_place(new.document, one.place)}, {measure} {one.similarity:.2f}"
            print_text(masked(text), style="dim")
            lab = masked(new.document.slice(one.place).strip())
            print_side_by_side(("the draft", masked(edit.words)), (new.id, lab), is_marked=False)


def _row(adoption: Adoption, new: Spec, masked: Mask) -> dict[str, object]:
    def edit_row(edit: EditUptake) -> dict[str, object]:
        return {
            "action": edit.edit.action,
            "uptake": edit.uptake,
            "line": new.document.line(edit.place.start) if edit.place else None,
            "likely": [
                {"line": new.document.line(one.place.start), "similarity": one.similarity, "words": masked(one.words)}
                for one in edit.likely
            ],
        }

    return {
        "canary": adoption.amendment.canary,
        "amendment": adoption.amendment.slug,
        "spec": adoption.amendment.spec,
        "release": adoption.spec,
        "uptake": adoption.uptake,
        "edits": [edit_row(edit) for edit in adoption.edits],
    }
