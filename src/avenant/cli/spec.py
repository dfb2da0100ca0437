"""`avenant spec`: take in, list and read documents."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import click

from avenant.amendments.anchor import section_of
from avenant.cli.show import find_shown_sections, print_table, print_text
from avenant.errors import AnchorAmbiguousError, FileError, SpecError, shown_path
from avenant.files import MAX_TEXT_BYTES, read_bytes
from avenant.mask import Mask, mask_for
from avenant.specs.document import Document, Section
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
    placeholder = workspace.defaults.placeholder
    title = mask_for(spec, placeholder)(spec.manifest.title)
    click.echo(f"{spec.id}: {title} ({count_words(spec.document.text):,} words) -> {shown_path(spec.path)}")
    manifest = shown_path(spec.path.with_name(f"{spec.path.name.removesuffix('.md')}.toml"))
    click.echo(
        f"Names that drafts must not say: {manifest}. Wherever the document is shown {placeholder} stands for them."
    )


@spec_command.command("list")
def spec_list() -> None:
    """List the documents in this workspace.

    Example: avenant spec list
    """
    workspace = find_workspace(Path.cwd())
    specs = workspace.folder("specs")
    ids = list_spec_ids(specs)
    if not ids:
        click.echo("No documents yet. Take one in: avenant spec add FILE --as lab/version")
        return
    rows = []
    for spec in (read_spec(specs, one) for one in ids):
        words = f"{count_words(spec.document.text):,}"
        title = mask_for(spec, workspace.defaults.placeholder)(spec.manifest.title)
        rows.append((spec.id, title, words, spec.manifest.licence, spec.manifest.added))
    print_table(("id", "title", "words", "licence", "added"), rows)


@spec_command.command("show")
@click.argument("spec_id", metavar="ID")
@click.argument("section", required=False)
def spec_show(spec_id: str, section: str | None) -> None:
    """Show a document's outline, or a section with its clauses.

    SECTION is a title or an id from the outline. Where the document names the lab's models the placeholder stands;
    the full published text is the file in specs/.

    Example: avenant spec show atelier/2026-09-01 "Giving an opinion"
    """
    workspace = find_workspace(Path.cwd())
    spec = read_spec(workspace.folder("specs"), spec_id)
    mask = mask_for(spec, workspace.defaults.placeholder)
    if section is None:
        _show_outline(spec, mask)
    else:
        _show_section(spec.document, _find_section(spec, mask, section), mask)


def _show_outline(spec: Spec, mask: Mask) -> None:
    document = spec.document
    print_text(f"{mask(spec.manifest.title)} ({spec.id}, {count_words(document.text):,} words)")
    rows = []
    for section in document.sections:
        indent = "  " * max(0, section.level - 1)
        words = count_words(document.slice(section.span))
        title = f"{indent}{mask(section.title) or '(before the first heading)'}"
        line = str(document.line(section.span.start))
        rows.append((title, mask.id(section.id), section.authority or "", str(words), line))
    print_table(("section", "id", "authority", "words", "line"), rows)


def _find_section(spec: Spec, mask: Mask, title: str) -> Section:
    document = spec.document
    found = find_shown_sections(document, mask, title)
    if len(found) == 1:
        return found[0]
    if found and not document.find_sections(title):
        lines = " and ".join(str(document.line(section.span.start)) for section in found)
        raise AnchorAmbiguousError(
            f"{len(found)} sections are shown as {title!r}",
            mend=f"give the title as published: see lines {lines} of {shown_path(spec.path)}",
        )
    return section_of(document, title)


def _show_section(document: Document, section: Section, mask: Mask) -> None:
    note = f"   authority: {section.authority}" if section.authority else ""
    print_text(f"{mask(' > '.join(section.path))}   (id: {mask.id(section.id)}){note}")
    for clause in document.clauses_of(section):
        kind = f"{clause.kind}{', commentary' if clause.is_commentary else ''}"
        print_text(f"\n[line {clause.line}] {mask.id(clause.id)}  ({kind})", style="dim")
        print_text(mask(document.slice(clause.span).rstrip()))
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
