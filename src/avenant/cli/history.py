"""`avenant log`: how a lab's document changed from release to release."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from avenant.canary import PROJECT_CANARY
from avenant.cli.output import emit, print_to_text
from avenant.cli.show import find_shown_sections, print_pieces, print_text
from avenant.errors import SpecError
from avenant.mask import Mask, mask_for
from avenant.specs.document import Section
from avenant.specs.headings import HeadingChange
from avenant.specs.history import ClauseChange, ReleaseChange, SectionChange, find_history
from avenant.specs.library import Spec, list_releases, read_spec
from avenant.text import DiffPiece
from avenant.workspace import find_workspace

_STYLES = {"added": "green", "removed": "red", "moved": "cyan"}
_EXCERPT = 88
"""Characters of an added, removed or moved clause that are shown."""
_LEGEND = "Numbers are lines of the newer release, in brackets of the older one. Typography alone: --all."
_CONTEXT_WORDS = 7
"""Words that are shown on each side of a change."""
_LONGEST_WORDS = 30
"""Words of one insertion or deletion that are shown."""


@click.command("log")
@click.argument("lab")
@click.option("--from", "first", metavar="VERSION", help="The oldest release to look at; default: the first.")
@click.option("--to", "last", metavar="VERSION", help="The newest release to look at; default: the last.")
@click.option("--section", metavar="SECTION", help="One section alone, by id or title; it is followed when renamed.")
@click.option("--all", "is_complete", is_flag=True, help="Show changes of typography alone as well; json always does.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "html", "json"]),
    default="text",
    show_default=True,
    help="text: an overview, then one line a change; html: a page with every word; json: for programs.",
)
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to a file. Default: the screen; for html log-LAB.html in the current folder.",
)
def log_command(
    lab: str, first: str | None, last: str | None, section: str | None, is_complete: bool, style: str, out: Path | None
) -> None:
    """Show how a lab's document changed from release to release.

    The newest release comes first. Clauses are listed under the section in which they stand now: added, removed,
    reworded, moved, split or merged. LAB is the first part of a document's id. Where the document names the lab's
    models the placeholder stands, and what is written to a file, page and JSON too, carries a canary.

    Example: avenant log openai

    Example: avenant log openai --from 2025-04-11 --to 2025-09-12 --section do_not_lie

    Example: avenant log openai --format html --out model-spec-history.html
    """
    workspace = find_workspace(Path.cwd())
    specs = workspace.folder("specs")
    chosen = _choose(list_releases(specs, lab), first, last)
    releases = [read_spec(specs, spec_id) for spec_id in chosen]
    if len(releases) == 1:
        _say_alone(lab, releases[0], style)
        return
    history = find_history([spec.document for spec in releases])
    mask = mask_for(releases[-1], workspace.defaults.placeholder, *releases[:-1])
    if section is not None:
        history = _pick_section(history, releases, section, mask)
    history = tuple(_masked_release(change, mask) for change in history)
    title = mask(releases[-1].manifest.title + (f", {section}" if section else ""))
    note = f"{mask.placeholder} stands for the names of the lab's models." if mask.names else ""
    path = out or (Path(f"log-{lab}.html") if style == "html" else None)
    if style == "text" and path is None:
        _print_log(title, history, is_complete, note)
        return
    emit(_render(style, title, history, is_complete, note), path, workspace)


def _choose(ids: Sequence[str], first: str | None, last: str | None) -> list[str]:
    """The releases from `first` to `last`, older ones first."""
    start = 0 if first is None else _index(ids, first)
    end = len(ids) - 1 if last is None else _index(ids, last)
    if start > end:
        raise SpecError(f"{ids[start]} is newer than {ids[end]}", mend=f"--from {last or ids[end]} --to {first}")
    return list(ids[start : end + 1])


def _index(ids: Sequence[str], version: str) -> int:
    lab = ids[0].split("/")[0]
    wanted = version if version.startswith(f"{lab}/") else f"{lab}/{version}"
    if wanted not in ids:
        known = ", ".join(one.split("/", 1)[1] for one in ids)
        raise SpecError(f"there is no release {wanted!r} in this workspace", mend=f"releases here: {known}")
    return ids.index(wanted)


def _say_alone(lab: str, spec: Spec, style: str) -> None:
    if style == "json":
        click.echo(_as_json([]), nl=False)
    click.echo(
        f"{spec.id} is the only release to look at, so there is nothing to compare it with. "
        f"Take another one in: avenant spec add FILE --as {lab}/VERSION",
        err=style == "json",
    )


def _pick_section(
    history: Sequence[ReleaseChange], releases: Sequence[Spec], wanted: str, mask: Mask
) -> tuple[ReleaseChange, ...]:
    """The changes of one section alone, under every id that it had."""
    ids = {section.id for spec in releases for section in find_shown_sections(spec.document, mask, wanted)}
    if not ids:
        from rapidfuzz import process

        titles = [section.title for spec in releases for section in spec.document.sections if section.title]
        near = dict.fromkeys(found[0] for found in process.extract(wanted, titles, score_cutoff=60))
        hint = (
            f"the nearest: {', '.join(repr(title) for title in list(near)[:3])}" if near else "see `avenant spec show`"
        )
        raise SpecError(f"no release has a section {wanted!r}", mend=hint)
    for change in (*history, *reversed(history)):
        for section in change.sections:
            own = {one.id for one in (section.old, section.new) if one is not None}
            ids |= own if own & ids else set()
    picked = (
        replace(change, sections=tuple(section for section in change.sections if section.section.id in ids))
        for change in history
    )
    return tuple(change for change in picked if change.sections)


def _masked_release(change: ReleaseChange, mask: Mask) -> ReleaseChange:
    """What changed, as it may be shown: with the placeholder in every word and id of the document's."""

    def section(one: Section) -> Section:
        return replace(one, id=mask.id(one.id), title=mask(one.title), path=tuple(map(mask, one.path)))

    def heading(one: HeadingChange) -> HeadingChange:
        return replace(one, old=mask(one.old), new=mask(one.new))

    def clause(one: ClauseChange) -> ClauseChange:
        olds, news = (tuple(map(section, sections)) for sections in (one.old_sections, one.new_sections))
        return replace(one, old=mask(one.old), new=mask(one.new), old_sections=olds, new_sections=news)

    sections = tuple(
        SectionChange(
            old=section(one.old) if one.old else None,
            new=section(one.new) if one.new else None,
            headings=tuple(map(heading, one.headings)),
            clauses=tuple(map(clause, one.clauses)),
            departures=tuple((section(heir), number) for heir, number in one.departures),
        )
        for one in change.sections
    )
    return replace(change, sections=sections)


def _render(style: str, title: str, history: Sequence[ReleaseChange], is_complete: bool, note: str) -> str:
    if style == "html":
        from avenant.pages.history import render_history

        return render_history(title, history, is_complete=is_complete, note=note)
    if style == "json":
        return _as_json([_release_row(change) for change in reversed(history)])
    return print_to_text(lambda: _print_log(title, history, is_complete, note))


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps({"canary": PROJECT_CANARY, "releases": rows}, indent=2, ensure_ascii=False) + "\n"


def _print_log(title: str, history: Sequence[ReleaseChange], is_complete: bool, note: str) -> None:
    print_text(f"{title}: what changed, the newest release first\n", style="bold")
    if not history:
        print_text("Nothing changed.")
        return
    for change in reversed(history):
        shown = _shown(change, is_complete)
        number = f"{len(shown)} {'section' if len(shown) == 1 else 'sections'}; " if shown else ""
        print_text(f"{_versions(change)}: {number}{change.counts if change.sections else 'nothing'}")
    print_text(f"\n{_LEGEND}{f' {note}' if note else ''}", style="dim")
    for change in reversed(history):
        print_text(f"\n{_versions(change)}", style="bold underline")
        for section in _shown(change, is_complete):
            _print_section(section, is_complete)


def _versions(change: ReleaseChange) -> str:
    return f"{change.new_version}, after {change.old_version}"


def _shown(change: ReleaseChange, is_complete: bool) -> list[SectionChange]:
    return [section for section in change.sections if is_complete or not section.is_quiet]


def _print_section(section: SectionChange, is_complete: bool) -> None:
    here = section.section
    print_text(f"\n{' > '.join(here.path) or '(before the first heading)'}   ({here.id})", style="bold")
    for heading in section.headings:
        print_text(f"  section {heading}")
    for heir, number in section.departures:
        print_text(f'  {number} {"clause" if number == 1 else "clauses"} moved to "{heir.title}"')
    for clause in section.clauses:
        if is_complete or clause.kind != "typography":
            _print_clause(section, clause)


def _print_clause(section: SectionChange, clause: ClauseChange) -> None:
    line = str(clause.new_lines[0]) if clause.new else f"({clause.old_lines[0]})"
    origin = section.origin_of(clause)
    head = f"  {clause.kind:<10} {line:>6}  {f'{origin}: ' if origin else ''}"
    if clause.kind == "typography" or (clause.is_reworded and clause.old and clause.new):
        print_pieces([DiffPiece("equal", head), *_shorten(clause.pieces)])
    else:
        print_text(head + _excerpt(clause.new or clause.old), style=_STYLES.get(clause.kind, ""))


def _excerpt(text: str) -> str:
    # The fence of an example says nothing in one line.
    return textwrap.shorten(re.sub(r"^[~`]{3,}\w*", "", text), _EXCERPT, placeholder=" …")


def _shorten(pieces: Sequence[DiffPiece]) -> Iterator[DiffPiece]:
    """The pieces on one line, with a few words of what stayed the same."""
    for number, piece in enumerate(pieces):
        words = re.findall(r"\S+\s*|\s+", re.sub(r"\s*\n\s*\n\s*", " ¶ ", piece.text))
        words = [re.sub(r"\s+", " ", word) for word in words]
        if piece.kind == "equal":
            before = words[:_CONTEXT_WORDS] if number else []
            after = words[-_CONTEXT_WORDS:] if number < len(pieces) - 1 else []
            gap = "… " if after else "…"
            kept = words if len(words) <= len(before) + len(after) + 1 else [*before, gap, *after]
        else:
            kept = words if len(words) <= _LONGEST_WORDS else [*words[: _LONGEST_WORDS - 1], "…"]
        yield DiffPiece(piece.kind, "".join(kept))


def _release_row(change: ReleaseChange) -> dict[str, Any]:
    counts = change.counts
    return {
        "old": change.old_id,
        "new": change.new_id,
        "clauses": dict(counts.clauses),
        "words_added": counts.words_added,
        "words_removed": counts.words_removed,
        "sections": [_section_row(section) for section in change.sections],
    }


def _section_row(section: SectionChange) -> dict[str, Any]:
    return {
        "id": section.section.id,
        "title": section.section.title,
        "path": list(section.section.path),
        "old_id": section.old.id if section.old else None,
        "new_id": section.new.id if section.new else None,
        "headings": [{"kind": one.kind, "old": one.old, "new": one.new} for one in section.headings],
        "departures": [{"section": heir.id, "clauses": number} for heir, number in section.departures],
        "clauses": [_clause_row(clause) for clause in section.clauses],
    }


def _clause_row(clause: ClauseChange) -> dict[str, Any]:
    def ids(sections: Sequence[Section]) -> list[str]:
        return [section.id for section in sections]

    return {
        "kind": clause.kind,
        "is_reworded": clause.is_reworded,
        "is_example": clause.is_example,
        "words_added": clause.words_added,
        "words_removed": clause.words_removed,
        "old": {
            "text": clause.old,
            "lines": list(clause.old_lines),
            "sections": ids(clause.old_sections),
            "authority": clause.old_authority,
        },
        "new": {
            "text": clause.new,
            "lines": list(clause.new_lines),
            "sections": ids(clause.new_sections),
            "authority": clause.new_authority,
        },
    }
