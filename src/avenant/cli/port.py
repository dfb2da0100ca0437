"""`avenant port`: a draft to one document from a passage of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from avenant.amendments.anchor import section_of
from avenant.check.engine import check_amendments
from avenant.check.finding import Finding
from avenant.check.names import find_names, put_placeholder
from avenant.check.veil import veil_names
from avenant.cli.progress import show_progress
from avenant.cli.show import find_shown_sections, workspace_mask
from avenant.coverage.port import UNKNOWN, Port, draft_port, find_passage, rewrite_passage, title_of
from avenant.coverage.retrieval import read_meanings
from avenant.coverage.survey import choose_documents
from avenant.errors import EditError, FileError, SpecError, shown_path
from avenant.files import write_text
from avenant.mask import Mask
from avenant.specs.document import Clause, Section
from avenant.specs.library import Spec, known_model_names
from avenant.text import replace_name, slugify
from avenant.workspace import Workspace, find_workspace

_IN_SPEC = re.compile(r"(?:.*/)?specs/(?P<spec>[^/\s]+/[^/\s]+)\.md:\d+")


@click.command("port")
@click.argument("clause")
@click.option("--from", "source_id", metavar="SPEC|LAB", help="The document that the passage is taken from.")
@click.option("--to", "target_id", metavar="SPEC|LAB", required=True, help="The document that the draft amends.")
@click.option("--at", "section", metavar="SECTION", help="Where it goes, by id or title. Default: nearest in meaning.")
@click.option("--title", metavar="TITLE", help="The draft's title. Default: the first words of the passage.")
@click.option("--dry-run", is_flag=True, help="Print the draft, and write nothing.")
def port_command(
    clause: str, source_id: str | None, target_id: str, section: str | None, title: str | None, dry_run: bool
) -> None:
    """Draft an amendment to one document from a passage of another.

    CLAUSE is a line (specs/lab/version.md:120, as `avenant find` prints it, or :120), a clause's id, or exact words.
    Its words are changed as little as possible: the placeholder for the model's name, no links and footnote tags of the
    other document. The draft says what was changed, where the words are from, and under which licence; the rest is
    yours to rewrite in the other document's voice.

    Example: avenant port specs/anthropic/2026-01-20.md:543 --to openai

    Example: avenant port "may not pursue goals of its own" --from openai --to anthropic --at "Being honest" --dry-run
    """
    workspace = find_workspace(Path.cwd())
    source = _find_spec(workspace, source_id or _spec_in(clause))
    target = _find_spec(workspace, target_id)
    if source.id == target.id:
        raise SpecError(f"{source.id} is both the source and the target", mend="name two documents")
    names = _Names(workspace, source, target)
    clauses = find_passage(source, clause, names.mask)
    where = _find_section(target, section, names.mask) if section else None
    with show_progress("reading the documents") as show:
        read_meanings([source, target], progress=show)
    title = _choose_title(title, source, clauses, names)
    path = _choose_path(workspace, title, dry_run=dry_run)
    mask, name = names.put_placeholder, names.mask.placeholder
    port = draft_port(source, clauses, target, path=path, title=title, mask=mask, placeholder=name, section=where)
    if dry_run:
        click.echo(port.text, nl=False)
    else:
        write_text(path, port.text)
        click.echo(str(shown_path(path)))
    _say(port, source, target, names.mask)
    _print_findings(check_amendments(workspace, [path], texts={path: port.text}).findings)
    if not dry_run:
        click.echo(f"Rewrite the passage, fill the sections, then: avenant check {path.stem}", err=True)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of models that must not stand in the draft."""

    workspace: Workspace
    source: Spec
    target: Spec

    @property
    def mask(self) -> Mask:
        """The mask for words of both documents."""
        own = (*self.source.model_names, *self.target.model_names, *workspace_mask(self.workspace).names)
        return Mask(tuple(dict.fromkeys(own)), self.workspace.defaults.placeholder)

    @property
    def known(self) -> tuple[str, ...]:
        """All names that the check looks for."""
        return tuple(dict.fromkeys((*self.mask.names, *known_model_names())))

    def put_placeholder(self, text: str) -> str:
        """A text with the placeholder for every name that the check would find."""
        return put_placeholder(text, self.mask, self.known)

    def refuse(self, title: str) -> None:
        """Keep real names out of the title, from which the file's name is made.

        Raises:
            EditError: there is one.
        """
        if any(find_names(title, self.known)):
            raise EditError(
                f"a model's real name stands in {veil_names(title, self.known)!r}",
                mend="give the placeholder, or leave the name out: it would end up in the file's name",
            )


def _choose_title(title: str | None, source: Spec, clauses: Sequence[Clause], names: _Names) -> str:
    """The title that was given, or the first words of the passage.

    Raises:
        EditError: a model's real name stands in it.
    """
    if title is None:
        title = title_of(rewrite_passage(source, clauses, names.put_placeholder, names.mask.placeholder))
    names.refuse(title)
    return title


def _choose_path(workspace: Workspace, title: str, *, dry_run: bool) -> Path:
    """Where the draft is to lie.

    Raises:
        FileError: there is one already, and this one would be written.
    """
    path = workspace.folder("amendments") / f"{slugify(title)}.md"
    if path.exists() and not dry_run:
        raise FileError("there is an amendment of this title already", path=path, mend="choose another: --title")
    return path


def _spec_in(clause: str) -> str:
    match = _IN_SPEC.fullmatch(clause)
    if match is None:
        raise SpecError("which document is the passage from?", mend="say it: --from SPEC; see `avenant spec list`")
    return match["spec"]


def _find_spec(workspace: Workspace, wanted: str) -> Spec:
    [column] = choose_documents(workspace.folder("specs"), (wanted,))
    assert column.spec is not None
    if not column.spec.document.clauses:
        raise SpecError(f"{column.id} has no clause", mend="name another document: see `avenant spec list`")
    if column.status == "not-english":
        click.echo(f"note: {column.id} is not in English: where the passage goes is little more than a guess", err=True)
    return column.spec


def _find_section(target: Spec, wanted: str, mask: Mask) -> Section:
    found = find_shown_sections(target.document, mask, wanted)
    if len(found) == 1:
        return found[0]
    return section_of(target.document, replace_name(wanted, mask.placeholder, target.manifest.subject))


def _say(port: Port, source: Spec, target: Spec, mask: Mask) -> None:
    """Say where the passage goes, and what speaks against taking it as it is."""
    if port.clause is None:
        where = f"at the end of {mask(port.amendment.edits[0].anchor.section or '')!r}"
    else:
        title = target.document.section(port.clause.section_id).title
        where = f"after line {port.clause.line} ({mask(title)})"
    click.echo(f"It goes {where} of {target.id}; another place: --at SECTION, or `avenant anchor`.", err=True)
    if source.manifest.licence.casefold() == UNKNOWN:
        click.echo(
            f"warning: the licence of {source.id} is not known; its words may not be free to reuse. Say it in words of "
            "your own, or ask first.",
            err=True,
        )


def _print_findings(findings: Sequence[Finding]) -> None:
    failing = [finding for finding in findings if finding.is_failing]
    if not failing:
        return
    click.echo(f"What `avenant check` still finds ({len(failing)}):", err=True)
    for finding in failing:
        click.echo(f"  {finding.rule}, line {finding.line}: {finding.problem}", err=True)
