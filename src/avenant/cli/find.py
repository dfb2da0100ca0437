"""`avenant find`: what documents say on something, and how often words stand in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click

from avenant.cli.count_table import counts_as_csv, counts_as_json, print_counts
from avenant.cli.found_list import found_as_csv, found_as_json, print_found
from avenant.cli.output import check_out, emit, out_option, print_to_text
from avenant.cli.progress import show_progress
from avenant.cli.show import find_shown_sections, workspace_mask
from avenant.coverage.count import count_terms, make_terms
from avenant.coverage.retrieval import read_meanings
from avenant.coverage.search import choose_near, search_documents
from avenant.coverage.survey import WORDING, Column, choose_documents
from avenant.coverage.voice import Speaker
from avenant.errors import AvenantError, SpecError
from avenant.mask import Mask
from avenant.specs.document import Span
from avenant.specs.library import Spec, list_releases, list_spec_ids
from avenant.text import plain_words
from avenant.workspace import Workspace, find_workspace

_FORMATS = ("text", "json", "csv")
_LIMIT = 10
_NEAREST = 3
"""So many clauses are shown where none comes near."""
_WHOLE = (Span(0, sys.maxsize),)


@click.command("find")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--spec", "specs", metavar="ID|LAB", multiple=True, help="Look in this document; repeatable.")
@click.option("--all-releases", "is_all", is_flag=True, help="Look in every release, not in the newest of each lab.")
@click.option("--section", metavar="SECTION", help="Look in this section and those under it, by id or title.")
@click.option(
    "--speaker", "speakers", type=click.Choice(get_args(Speaker)), multiple=True, help="Who speaks; repeatable."
)
@click.option("--limit", type=click.IntRange(1), default=_LIMIT, show_default=True, help="Clauses to show at most.")
@click.option("--count", "is_counting", is_flag=True, help="Count each of the words, and phrases in quotes, instead.")
@click.option("--exact", "is_exact", is_flag=True, help="With --count: the very form alone, not inflected ones.")
@click.option(
    "--format",
    "style",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="text: for people; json: everything, for programs; csv: for a spreadsheet.",
)
@out_option()
def find_command(
    words: tuple[str, ...],
    specs: tuple[str, ...],
    is_all: bool,
    section: str | None,
    speakers: tuple[Speaker, ...],
    limit: int,
    is_counting: bool,
    is_exact: bool,
    style: str,
    out: Path | None,
) -> None:
    """Find what documents say on something, in your own words, or count words in them.

    Clauses are found by their words and by their meaning, so other words for the same thing are found too. A clause
    that stands in several releases is shown once. Where nothing comes near, the nearest clause is shown and said to
    be no more than that. Whatever is shown has the placeholder for the model's name.

    Example: avenant find "may it refuse an order of the state"

    Example: avenant find democracy elections --all-releases --speaker instruction

    Example: avenant find --count power democracy "rule of law" --format csv --out counts.csv
    """
    if is_exact and not is_counting:
        raise click.UsageError("--exact goes with --count")
    if is_counting and speakers:
        raise click.UsageError("--speaker is for a search: --count shows every speaker in a column")
    workspace = find_workspace(Path.cwd())
    if out is not None:
        check_out(out, workspace)
    mask = Mask(workspace_mask(workspace).names, workspace.defaults.placeholder)
    chosen = _choose_specs(workspace, specs, is_all=is_all, is_counting=is_counting)
    scopes = {spec.id: _WHOLE for spec in chosen} if section is None else _find_scopes(chosen, section, mask)
    look = _Look([spec for spec in chosen if spec.id in scopes], scopes, mask, style, out)
    text = _count(look, words, is_exact=is_exact) if is_counting else _search(look, words, speakers, limit)
    if text is not None:
        emit(text, out, workspace)


@dataclass(frozen=True, slots=True)
class _Look:
    """Where to look, and how to show what is there."""

    specs: Sequence[Spec]
    scopes: Mapping[str, Sequence[Span]]
    """By document id."""
    mask: Mask
    style: str
    out: Path | None

    def print(self, show: Callable[[], None]) -> str | None:
        """Print to the screen; or give what would be printed, with a canary, where it goes to a file."""
        if self.out is None:
            show()
            return None
        return print_to_text(show)


def _choose_specs(workspace: Workspace, wanted: Sequence[str], *, is_all: bool, is_counting: bool) -> list[Spec]:
    """The documents in which to look; what cannot be looked at is named.

    Raises:
        SpecError: there are none.
    """
    specs = workspace.folder("specs")
    names = list(wanted)
    if is_all:
        labs = wanted or tuple(dict.fromkeys(one.split("/")[0] for one in list_spec_ids(specs)))
        names = [one for name in labs for one in ([name] if "/" in name else list_releases(specs, name))]
    found: list[Spec] = []
    for column in choose_documents(specs, names):
        if column.spec is not None and column.spec.document.clauses:
            found.append(column.spec)
        if column.status != "read":
            click.echo(f"note: {column.id}: {_doubt(column, is_counting=is_counting)}", err=True)
    if not found:
        raise SpecError("there is no clause in these documents", mend="see `avenant spec list`")
    return found


def _doubt(column: Column, *, is_counting: bool) -> str:
    if column.status != "not-english":
        return f"{WORDING[column.status]}; left out"
    if is_counting:
        return (
            "not in English; words are folded as English ones are, unless --exact is given, and who speaks is a guess"
        )
    return "not in English; only words in common are found, and who speaks is a guess"


def _find_scopes(specs: Sequence[Spec], wanted: str, mask: Mask) -> Mapping[str, Sequence[Span]]:
    """Where a section stands in each document that has it, with what stands under it.

    Raises:
        SpecError: none has it.
    """
    scopes = {}
    for spec in specs:
        if found := find_shown_sections(spec.document, mask, wanted):
            scopes[spec.id] = tuple(spec.document.subtree(section) for section in found)
        elif len(specs) > 1:
            click.echo(f"note: {spec.id} has no section {mask(wanted)!r}", err=True)
    if not scopes:
        from rapidfuzz import process

        titles = [section.title for spec in specs for section in spec.document.sections if section.title]
        near = dict.fromkeys(match[0] for match in process.extract(wanted, titles, score_cutoff=60))
        hint = ", ".join(repr(title) for title in list(near)[:3])
        mend = f"the nearest: {hint}" if near else "see `avenant spec show`"
        raise SpecError(f"no document has a section {wanted!r}", mend=mend)
    return scopes


def _search(look: _Look, words: Sequence[str], speakers: Sequence[Speaker], limit: int) -> str | None:
    """Search, and print what was found; or the text that is to be printed or written."""
    query = " ".join(" ".join(words).split())
    if not plain_words(query):
        raise AvenantError(f"there is no word to look for in {query!r}", mend="say in a few words what you look for")
    with show_progress("reading the documents") as show:
        read_meanings(look.specs, progress=show)
    with show_progress("searching") as show:
        found = search_documents(
            look.specs, query, placeholder=look.mask.placeholder, speakers=speakers, scopes=look.scopes, progress=show
        )
    near = choose_near(found)
    shown = (near or found[:_NEAREST])[:limit]
    if look.style == "json":
        return found_as_json(query, look.specs, shown, len(near), look.mask)
    if look.style == "csv":
        return found_as_csv(shown, len(near), look.mask)
    return look.print(lambda: print_found(query, look.specs, shown, len(near), look.mask))


def _count(look: _Look, words: Sequence[str], *, is_exact: bool) -> str | None:
    """Count, and print the counts; or the text that is to be printed or written."""
    terms = make_terms(words, is_exact=is_exact)
    with show_progress("counting") as show:
        counts = count_terms(look.specs, terms, placeholder=look.mask.placeholder, scopes=look.scopes, progress=show)
    if look.style == "json":
        return counts_as_json(counts, look.mask)
    if look.style == "csv":
        return counts_as_csv(counts, look.mask)
    return look.print(lambda: print_counts(counts, look.mask, is_file=look.out is not None))
