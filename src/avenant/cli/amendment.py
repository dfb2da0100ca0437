"""`avenant new`, `avenant check`, `avenant diff`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from avenant.amendments.amendment import read_amendment, render_amendment
from avenant.amendments.anchor import Anchor, find_anchor
from avenant.amendments.apply import apply_amendment
from avenant.amendments.redline import make_redline, unified_diff
from avenant.check.engine import RULES, check_amendments
from avenant.cli.show import print_pieces, print_text
from avenant.errors import AnchorError, FileError, shown_path
from avenant.files import write_text
from avenant.specs.library import Spec, read_spec
from avenant.text import DiffPiece, mask_names, names_pattern, replace_name, slugify
from avenant.workspace import find_workspace


@click.command("new")
@click.argument("title")
@click.option("--spec", "spec_id", required=True, metavar="ID", help="The document: see `avenant spec list`.")
@click.option("--after", "quote", required=True, metavar="WORDS", help="Exact words of the clause before the passage.")
@click.option("--in", "section", metavar="SECTION", help="The section, where the words stand in more than one.")
@click.option("--threat", "threats", multiple=True, metavar="ID", help="A threat model that it answers; repeatable.")
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Repeatable.")
@click.option("--placeholder", metavar="NAME", help="The name that stands for the model's; default: the workspace's.")
@click.option("--edit", is_flag=True, help="Open the file in $EDITOR.")
def new_command(
    title: str,
    spec_id: str,
    quote: str,
    section: str | None,
    threats: tuple[str, ...],
    authors: tuple[str, ...],
    placeholder: str | None,
    edit: bool,
) -> None:
    """Write a new amendment, anchored, its four sections ready to fill.

    Example: avenant new "Keep bargaining power" --spec atelier/2026-09-01 --after "the means are fair"
    """
    workspace = find_workspace(Path.cwd())
    spec = read_spec(workspace.folder("specs"), spec_id)
    name = placeholder or workspace.defaults.placeholder
    anchor = _anchor(spec, quote, section, name)
    path = workspace.folder("amendments") / f"{slugify(title)}.md"
    if path.exists():
        raise FileError("there is an amendment of this title already", path=path, mend="choose another title")
    text = render_amendment(
        title=title, spec=spec_id, placeholder=name, edit={"insert-after": anchor}, threats=threats, authors=authors
    )
    write_text(path, text)
    click.echo(f"{shown_path(path)}\nFill its four sections, then: avenant check {path.stem}")
    if edit:
        click.edit(filename=str(path))


def _anchor(spec: Spec, quote: str, section: str | None, placeholder: str) -> dict[str, str]:
    """The anchor as the file has it: with the section that holds the words, under the placeholder."""
    subject = spec.manifest.subject
    named = replace_name(quote, placeholder, subject)
    span = find_anchor(spec.document, Anchor(named, replace_name(section, placeholder, subject) if section else None))
    holder = spec.document.section_at(span.start)
    anchor = {"section": holder.title} if holder.title else {}
    if len(spec.document.find_sections(holder.title)) > 1:
        anchor = {"section": holder.id}
    anchor["quote"] = " ".join(named.split())
    anchor = {key: replace_name(value, subject, placeholder) for key, value in anchor.items()}
    if found := names_pattern(spec.model_names).search(anchor["quote"]):
        raise AnchorError(
            f"the words hold the name {found.group()!r}, which a draft must not carry",
            mend="anchor to words without it",
        )
    return anchor


@click.command("check")
@click.argument("amendments", nargs=-1, metavar="[AMENDMENT]...")
@click.option("--json", "is_json", is_flag=True, help="Findings as JSON.")
def check_command(amendments: tuple[str, ...], is_json: bool) -> int:
    """Check drafts: form, anchors, names, sections. Without arguments: all of them.

    Exits 0 where nothing is found, 1 with findings, 2 where it could not check.

    Example: avenant check keep-bargaining-power
    """
    workspace = find_workspace(Path.cwd())
    paths = [workspace.amendment_path(name) for name in amendments] or workspace.amendment_paths()
    findings = check_amendments(workspace, paths)
    if is_json:
        rows = [
            {"path": str(f.path), "line": f.line, "rule": f.rule, "problem": f.problem, "mend": f.mend}
            for f in findings
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 1 if findings else 0
    for finding in findings:
        click.echo(str(finding))
    if not paths:
        click.echo("No amendments yet. Write one: avenant new")
    elif findings:
        click.echo(f"{len(findings)} findings in {len(paths)} drafts.", err=True)
        for rule in dict.fromkeys(finding.rule for finding in findings):
            click.echo(f"  {rule}: {RULES[rule]}", err=True)
    else:
        click.echo(f"{len(paths)} drafts checked: nothing found.")
    return 1 if findings else 0


@click.command("diff")
@click.argument("amendment")
@click.option(
    "--format",
    "style",
    type=click.Choice(["redline", "unified"]),
    default="redline",
    show_default=True,
    help="redline: word by word, under the placeholder. unified: for `git apply`, under the model's real name.",
)
@click.option("--path", metavar="PATH", help="The file's path in the lab's repository, for the unified diff.")
def diff_command(amendment: str, style: str, path: str | None) -> None:
    """Show an amendment as a redline.

    Example: avenant diff keep-bargaining-power --format unified --path model_spec.md > for-the-lab.patch
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    spec = read_spec(workspace.folder("specs"), draft.spec)
    change = apply_amendment(spec, draft)
    if style == "unified":
        click.echo(unified_diff(spec.document, change, path or spec.path.name).encode("utf-8"), nl=False)
        if spec.model_names:
            click.echo("note: this carries the model's real name: for the lab, not for the open web", err=True)
        return
    redline = make_redline(spec.document, change)

    def masked(text: str) -> str:
        return mask_names(text, spec.model_names, draft.placeholder)

    print_text(f"{spec.id}, line {redline.line}, {masked(redline.section)}\n", style="bold")
    print_text(masked(redline.before) + "\n", style="dim")
    print_pieces([DiffPiece(piece.kind, masked(piece.text.strip("\r\n"))) for piece in redline.pieces])
    if redline.after:
        print_text("\n" + masked(redline.after), style="dim")
