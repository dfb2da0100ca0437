"""`avenant check --publish`: a whole folder, before it goes online."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as ProgressBar

from avenant.amendments.amendment import read_amendment
from avenant.check.finding import Check
from avenant.cli.show import console
from avenant.errors import FormatError, WorkspaceError
from avenant.publish.findings import make_check
from avenant.publish.scan import Progress, Scan, scan_folder
from avenant.specs.library import known_model_names, list_spec_ids, read_manifest
from avenant.workspace import Workspace, find_workspace

_MOST_SHOWN = 5


def check_folder(folder: Path, *, include_ignored: bool, include_history: bool) -> tuple[Check, Scan]:
    """Scan a folder, with what the workspace about it (or about the current folder) knows.

    Args:
        folder: what is about to go online.
        include_ignored: read the files that git ignores as well.
        include_history: read git's history as well.
    """
    workspace = _workspace(folder)
    names = _names(workspace)
    with ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(is_error=True),
        transient=True,
    ) as bar:
        task = bar.add_task("files", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.stage, completed=progress.done, total=progress.total)

        scan = scan_folder(
            folder,
            names,
            known_documents=_documents(workspace, folder),
            passages=_passages(workspace),
            include_ignored=include_ignored,
            include_history=include_history,
            progress=show,
        )
    return make_check(scan, folder, names), scan


def print_scan(scan: Scan, folder: Path) -> None:
    """What a scan looked at, and what it could not see."""
    click.echo(f"{folder}: {scan.files:,} files looked into, {scan.history:,} objects of git's history.", err=True)
    if scan.published:
        click.echo(f"{len(scan.published)} documents as the labs published them were let pass.", err=True)
    if scan.ignored:
        click.echo(f"{scan.ignored:,} files that git ignores were left out; --all reads them too.", err=True)
    if scan.links:
        click.echo(f"{scan.links} links were not followed.", err=True)
    if scan.pictures:
        click.echo(
            f"{len(scan.pictures)} pictures or recordings: look at them yourself, words in them are not read:", err=True
        )
        for picture in scan.pictures[:_MOST_SHOWN]:
            click.echo(f"    {picture}", err=True)
        if len(scan.pictures) > _MOST_SHOWN:
            click.echo(f"    and {len(scan.pictures) - _MOST_SHOWN} more", err=True)
    for note in scan.notes:
        click.echo(f"note: {note}", err=True)


def _workspace(folder: Path) -> Workspace | None:
    for start in (folder, Path.cwd()):
        try:
            return find_workspace(start)
        except WorkspaceError:
            continue
    return None


def _names(workspace: Workspace | None) -> tuple[str, ...]:
    """The names of all known models, and of those of the workspace's documents and settings."""
    if workspace is None:
        return known_model_names()
    specs = workspace.folder("specs")
    manifests = [read_manifest(specs / f"{spec_id}.toml") for spec_id in list_spec_ids(specs)]
    subjects = [one.subject for one in manifests if not one.subject.startswith("the ")]
    own = (*subjects, *(name for one in manifests for name in one.names))
    return tuple(dict.fromkeys((*own, *workspace.check.names, *known_model_names())))


def _documents(workspace: Workspace | None, folder: Path) -> set[str]:
    """Hashes of the documents that labs have published themselves."""
    roots = {workspace.folder("specs")} if workspace else set()
    roots |= {path.parent.parent for path in folder.glob("**/specs/*/*.toml")}
    found = set()
    for specs in roots:
        for spec_id in list_spec_ids(specs):
            manifest = specs / f"{spec_id}.toml"
            if manifest.is_file():
                try:
                    found.add(read_manifest(manifest).sha256)
                except FormatError:
                    # Not a manifest of ours: what lies beside it is scanned like any file.
                    continue
    return found


def _passages(workspace: Workspace | None) -> list[tuple[str, str]]:
    """The words of the workspace's drafts."""
    found = []
    for path in workspace.amendment_paths() if workspace else ():
        try:
            amendment = read_amendment(path)
        except FormatError:
            continue
        found += [(amendment.slug, text) for text in amendment.sections.values() if text]
        found += [(amendment.slug, edit.passage) for edit in amendment.edits if edit.passage]
    return found
