"""`avenant new`: a draft, anchored, ready to fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from avenant.amendments.anchor import Anchor, find_anchor, section_of
from avenant.amendments.edit import Action, Edit
from avenant.amendments.pointing import draft_anchor
from avenant.amendments.writing import render_amendment
from avenant.check.names import find_names
from avenant.check.placeholder import find_placeholder_faults
from avenant.check.veil import veil_names
from avenant.coverage.catalogue import find_threat, read_catalogue
from avenant.errors import EditError, FileError, shown_path
from avenant.files import write_text
from avenant.specs.document import Span
from avenant.specs.library import Spec, known_model_names, read_spec
from avenant.text import replace_name, slugify
from avenant.workspace import CONFIG, Workspace, find_workspace


@click.command("new")
@click.argument("title")
@click.option("--spec", "spec_id", required=True, metavar="ID", help="The document: see `avenant spec list`.")
@click.option("--after", metavar="WORDS", help="Exact words of the clause before the passage.")
@click.option("--before", metavar="WORDS", help="Exact words of the clause after the passage.")
@click.option("--replace", "replaced", metavar="WORDS", help="The exact words that the passage replaces.")
@click.option("--delete", "deleted", metavar="WORDS", help="The exact words to take out.")
@click.option("--append-to", "appended", metavar="SECTION", help="The section at whose end the passage goes.")
@click.option("--in", "section", metavar="SECTION", help="The section, where the words stand in more than one.")
@click.option(
    "--threat", "threats", multiple=True, metavar="ID", help="It answers this one: `avenant threats`; repeatable."
)
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Repeatable.")
@click.option("--placeholder", metavar="NAME", help="The name that stands for the model's; default: the workspace's.")
@click.option("--edit", is_flag=True, help="Open the file in $EDITOR.")
def new_command(
    title: str,
    spec_id: str,
    after: str | None,
    before: str | None,
    replaced: str | None,
    deleted: str | None,
    appended: str | None,
    section: str | None,
    threats: tuple[str, ...],
    authors: tuple[str, ...],
    placeholder: str | None,
    edit: bool,
) -> None:
    """Write a new amendment, anchored, its four sections ready to fill.

    Say where with one of --after, --before, --replace, --delete and --append-to. Further edits are added by hand.

    Example: avenant new "Keep bargaining power" --spec atelier/2026-09-01 --after "the means are fair"
    """
    workspace = find_workspace(Path.cwd())
    spec = read_spec(workspace.folder("specs"), spec_id)
    name = placeholder or workspace.defaults.placeholder
    _check_placeholder(name, spec, workspace)
    given: dict[Action, str | None] = {
        "insert-after": after,
        "insert-before": before,
        "replace": replaced,
        "delete": deleted,
        "append-to-section": appended,
    }
    _refuse_names((title, *authors, *threats), spec, workspace)
    _check_threats(threats, workspace)
    edit_at = _edit(spec, given, section, name)
    path = workspace.folder("amendments") / f"{slugify(title)}.md"
    if path.exists():
        raise FileError("there is an amendment of this title already", path=path, mend="choose another title")
    text = render_amendment(
        title=title, spec=spec_id, placeholder=name, edit=edit_at.front_matter(), threats=threats, authors=authors
    )
    write_text(path, text)
    sections = "the sections but ## Passage" if deleted else "its four sections"
    click.echo(f"{shown_path(path)}\nFill {sections}, then: avenant check {path.stem}")
    if edit:
        click.edit(filename=str(path))


def _refuse_names(words: Sequence[str], spec: Spec, workspace: Workspace) -> None:
    """Keep real names out of the title, from which the file's name is made, and the rest of the front matter.

    Raises:
        EditError: a model's real name stands in one of them.
    """
    names = _names(spec, workspace)
    for text in words:
        if any(find_names(text, names)):
            mend = (
                "give the placeholder, or leave the name out: it would end up in the file's name and in training data"
            )
            raise EditError(f"a model's real name stands in {veil_names(text, names)!r}", mend=mend)


def _check_threats(threats: Sequence[str], workspace: Workspace) -> None:
    """Make sure that there is a threat model of each id.

    Raises:
        ThreatError: there is none; the mend names the nearest.
    """
    if threats:
        catalogue = read_catalogue(workspace.folder("threats"))
        for threat_id in threats:
            find_threat(catalogue, threat_id)


def _names(spec: Spec, workspace: Workspace) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*spec.model_names, *known_model_names(), *workspace.check.names)))


def _check_placeholder(name: str, spec: Spec, workspace: Workspace) -> None:
    """Refuse a placeholder that leaks or clashes; say what else speaks against it.

    Raises:
        EditError: it is a model's name, or stands in the document; the mend proposes others.
    """
    names = _names(spec, workspace)
    for fault in find_placeholder_faults(name, spec.document.text, workspace.defaults.placeholder, names):
        if fault.severity == "error":
            raise EditError(fault.problem, mend=f"{fault.mend}: --placeholder NAME, or `placeholder` in {CONFIG}")
        click.echo(f"note: {fault.problem}; {fault.mend}", err=True)


def _edit(spec: Spec, given: Mapping[Action, str | None], section: str | None, placeholder: str) -> Edit:
    chosen = [(action, words) for action, words in given.items() if words]
    if len(chosen) != 1:
        raise EditError(
            "say where the passage goes, in one way",
            mend="one of --after, --before, --replace, --delete, --append-to, with words of the document",
        )
    [(action, words)] = chosen
    subject, document = spec.manifest.subject, spec.document
    named = replace_name(words, placeholder, subject)
    if action == "append-to-section":
        found = section_of(document, named)
        anchor = draft_anchor(spec, Span(found.span.start, found.body_start), placeholder)
        return Edit(action, replace(anchor, quote="", prefix="", suffix=""), line=1)
    place = find_anchor(document, Anchor(named, replace_name(section, placeholder, subject) if section else None))
    return Edit(action, draft_anchor(spec, place, placeholder), line=1)
