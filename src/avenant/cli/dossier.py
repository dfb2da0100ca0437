"""`avenant dossier`: an amendment as one folder, safe to publish or for the lab."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.amendments.amendment import read_amendment
from avenant.check.engine import check_amendments
from avenant.cli.output import FOR_THE_LAB, check_place
from avenant.dossier.bundle import Bundle, gather_bundle, make_files
from avenant.dossier.folder import check_folder, write_dossier
from avenant.errors import EditError, Fault, shown_path
from avenant.mask import mask_for
from avenant.specs.library import read_spec
from avenant.workspace import Workspace, find_workspace, ignore_folder

_PUBLIC = "dossiers"
_PRIVATE = "dossiers/for-lab"


@click.command("dossier")
@click.argument("amendments", nargs=-1, required=True, metavar="AMENDMENT...")
@click.option("--for-lab", "is_for_lab", is_flag=True, help="Under the model's real name; for the lab alone.")
@click.option("--path", metavar="PATH", default="", help="The file's path in the lab's repository, for the patch.")
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder; with several amendments the one that gets a folder for each. Default: dossiers/AMENDMENT, with "
    "--for-lab dossiers/for-lab/AMENDMENT, which git does not track.",
)
def dossier_command(amendments: tuple[str, ...], is_for_lab: bool, path: str, out: Path | None) -> None:
    """Gather an amendment into a folder: cover, redline, snippet, patch, draft.

    Everything is under the placeholder, carries the draft's canary and may be published. With --for-lab everything
    is under the model's real name, with the amended document beside it; the draft itself stays as it is. A folder is
    written whole or not at all, in place of an older dossier of the same draft and of nothing else.

    Example: avenant dossier keep-bargaining-power

    Example: avenant dossier keep-bargaining-power --for-lab --path model_spec.md
    """
    workspace = find_workspace(Path.cwd())
    paths = workspace.find_amendments(amendments)
    _refuse_errors(workspace, paths)
    bundles = [_gather(workspace, one, path, is_for_lab=is_for_lab) for one in paths]
    folders = [_folder(workspace, bundle, out, is_one=len(bundles) == 1) for bundle in bundles]
    for folder, bundle in zip(folders, bundles, strict=True):
        check_place(folder, workspace)
        check_folder(folder, canary=bundle.amendment.canary)
    if is_for_lab:
        ignore_folder(workspace.root, _PRIVATE)
    for folder, bundle in zip(folders, bundles, strict=True):
        files = make_files(bundle)
        write_dossier(folder, files, canary=bundle.amendment.canary)
        click.echo(f"{shown_path(folder)}: {', '.join(file.name for file in files)}")
    if is_for_lab:
        click.echo(FOR_THE_LAB, err=True)


def _refuse_errors(workspace: Workspace, paths: list[Path]) -> None:
    """A draft that leaks, or that cannot be read or applied, goes nowhere."""
    faults = [
        Fault(f"{finding.rule}: {finding.problem}", finding.path, finding.line, finding.mend)
        for finding in check_amendments(workspace, paths).findings
        if finding.severity == "error" and finding.path in paths
    ]
    if faults:
        raise EditError.from_faults(faults)


def _gather(workspace: Workspace, path: Path, lab_path: str, *, is_for_lab: bool) -> Bundle:
    draft = read_amendment(path)
    spec = read_spec(workspace.folder("specs"), draft.spec)
    return gather_bundle(spec, draft, path=lab_path, is_for_lab=is_for_lab)


def _folder(workspace: Workspace, bundle: Bundle, out: Path | None, *, is_one: bool) -> Path:
    draft = bundle.amendment
    # A draft's file may be called after the model; what is published is not.
    slug = draft.slug if bundle.is_for_lab else mask_for(bundle.spec, draft.placeholder).id(draft.slug)
    if out is not None:
        return out if is_one else out / slug
    return workspace.root / (_PRIVATE if bundle.is_for_lab else _PUBLIC) / slug
