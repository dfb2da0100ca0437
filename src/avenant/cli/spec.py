"""`avenant spec`: take in, list and read documents."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import click

from avenant.amendments.anchor import section_of
from avenant.cli.show import print_table, print_text
from avenant.errors import FileError, SpecError, shown_path
from avenant.files import MAX_TEXT_BYTES, read_bytes
from avenant.specs.document import Document
from avenant.specs.library import Spec, add_spec, guess_spec_id, list_spec_ids, read_spec
from avenant.text import count_words
from avenant.workspace import find_workspace

_TIMEOUT_S = 30


@click.group("spec")
def spec_command() -> None:
    """Take in and read the documents that labs publish.

    Example: avenant spec add constitution.md --as anthropic/2026-01-20
    """


@spec_command.command("add")
@click.argument("source", metavar="FILE|URL")
@click.option("--as", "spec_id", metavar="LAB/VERSION", help="Its id, for example anthropic/2026-01-20.")
@click.option("--licence", default="unknown", show_default=True, help="As published with it, for example CC0-1.0.")
@click.option("--subject", metavar="NAME", help="What the document calls its model; known for labs that Avenant knows.")
@click.option("--name", "names", metavar="NAME", multiple=True, help="A further name of the lab's models; repeatable.")
def spec_add(source: str, spec_id: str | None, licence: str, subject: str | None, names: tuple[str, ...]) -> None:
    """Take in a markdown document, byte for byte.

    Example: avenant spec add constitution.md --as anthropic/2026-01-20 --licence CC0-1.0
    """
    workspace = find_workspace(Path.cwd())
    raw = _fetch(source) if source.startswith(("http://", "https://")) else read_bytes(Path(source))
    chosen = spec_id or guess_spec_id(source, raw)
    if chosen is None:
        raise SpecError("the address does not tell lab and version", mend="say them: --as lab/version")
    spec = add_spec(
        workspace.folder("specs"), raw, chosen, source=source, licence=licence, subject=subject, names=names
    )
    manifest = spec.manifest
    click.echo(f"{spec.id}: {manifest.title} ({count_words(spec.document.text):,} words) -> {shown_path(spec.path)}")
    click.echo(f"It calls its model {manifest.subject!r}; drafts must not say: {', '.join(spec.model_names)}")


@spec_command.command("list")
def spec_list() -> None:
    """List the documents in this workspace.

    Example: avenant spec list
    """
    specs = find_workspace(Path.cwd()).folder("specs")
    ids = list_spec_ids(specs)
    if not ids:
        click.echo("No documents yet. Take one in: avenant spec add FILE --as lab/version")
        return
    rows = []
    for spec in (read_spec(specs, one) for one in ids):
        words = f"{count_words(spec.document.text):,}"
        rows.append((spec.id, spec.manifest.title, words, spec.manifest.licence, spec.manifest.added))
    print_table(("id", "title", "words", "licence", "added"), rows)


@spec_command.command("show")
@click.argument("spec_id", metavar="ID")
@click.argument("section", required=False)
def spec_show(spec_id: str, section: str | None) -> None:
    """Show a document's outline, or a section with its clauses.

    SECTION is a title or an id from the outline.

    Example: avenant spec show atelier/2026-09-01 "Giving an opinion"
    """
    spec = read_spec(find_workspace(Path.cwd()).folder("specs"), spec_id)
    if section is None:
        _show_outline(spec)
    else:
        _show_section(spec.document, section)


def _show_outline(spec: Spec) -> None:
    document = spec.document
    print_text(f"{spec.manifest.title} ({spec.id}, {count_words(document.text):,} words)")
    rows = []
    for section in document.sections:
        indent = "  " * max(0, section.level - 1)
        words = count_words(document.slice(section.span))
        title = f"{indent}{section.title or '(before the first heading)'}"
        rows.append((title, section.id, section.authority or "", str(words), str(document.line(section.span.start))))
    print_table(("section", "id", "authority", "words", "line"), rows)


def _show_section(document: Document, title: str) -> None:
    section = section_of(document, title)
    note = f"   authority: {section.authority}" if section.authority else ""
    print_text(f"{' > '.join(section.path)}   (id: {section.id}){note}")
    for clause in document.clauses_of(section):
        kind = f"{clause.kind}{', commentary' if clause.is_commentary else ''}"
        print_text(f"\n[line {clause.line}] {clause.id}  ({kind})", style="dim")
        print_text(document.slice(clause.span).rstrip())
    if not document.clauses_of(section):
        print_text("\n(no clauses of its own)", style="dim")


def _fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response:
            raw: bytes = response.read(MAX_TEXT_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise FileError(
            f"cannot fetch {url}: {reason}", mend="check the address, or download the file and give its path"
        ) from error
    if len(raw) > MAX_TEXT_BYTES:
        raise FileError(f"{url} is larger than {MAX_TEXT_BYTES / 1e6:.0f} MB", mend="give the markdown file itself")
    return raw
