"""`avenant stance`: whether documents have formed a judgement on a claim."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from avenant.canary import PROJECT_CANARY
from avenant.cli.progress import show_progress
from avenant.cli.show import print_text, workspace_mask
from avenant.coverage.retrieval import read_meanings
from avenant.coverage.stance import DECIDES, Mention, Stance, Weighed, check_claim, find_stance
from avenant.coverage.survey import WORDING, Column, choose_columns
from avenant.mask import Mask
from avenant.specs.document import Clause, Span
from avenant.specs.library import Spec
from avenant.text import cut_at_word
from avenant.workspace import find_workspace

_NOTE = (
    "Found by words and meanings: what is judged in quite other words is missed, and what is near may still be about "
    "something else. Read the quote before you rely on it."
)
_DIRECTIONS = {
    "agrees": "seems to agree with the claim",
    "against": "seems to go against the claim",
    "cannot tell": "cannot tell whether it agrees with the claim",
}
_LONGEST = 420
"""Characters of a quotation on the screen; JSON has all of it."""


@click.command("stance")
@click.argument("claim")
@click.argument("specs", nargs=-1, metavar="[SPEC|LAB]...")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text: the answer, then the quote; json: everything, for programs.",
)
def stance_command(claim: str, specs: tuple[str, ...], style: str) -> None:
    """Tell whether documents have formed a judgement on a claim: settled, leaning or open.

    CLAIM is a sentence in your own words, in English. Settled and leaning quote the judgement or the rule that
    decides; open says why nothing does. Labs are hard to move on what they have settled. Without a SPEC the newest
    release of each lab in the workspace is read. All of it is found by words, not understood: see docs/stance.md.

    Example: avenant stance "the assistant may lie to spare someone's feelings"

    Example: avenant stance "retired models should be kept" anthropic --format json
    """
    workspace = find_workspace(Path.cwd())
    mask = workspace_mask(workspace)
    columns = choose_columns(workspace.folder("specs"), specs)
    names = (mask.placeholder, *mask.names)
    check_claim(claim, names)
    readable = [column.spec for column in columns if column.spec is not None and column.status == "read"]
    with show_progress("reading the documents") as show:
        read_meanings(readable, progress=show)
    found = [(column, _ask(claim, column, names)) for column in columns]
    if style == "json":
        rows = [_row(column, stance, mask) for column, stance in found]
        data = {"canary": PROJECT_CANARY, "claim": mask(claim), "decides_from": DECIDES, "documents": rows}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    for column, stance in found:
        print_text(_in_words(column, stance, mask) + "\n")
    if readable:
        print_text(_NOTE)


def _ask(claim: str, column: Column, names: Sequence[str]) -> Stance | None:
    """The stance of a document; None where none can be told."""
    if column.status != "read" or column.spec is None:
        return None
    return find_stance(claim, column.spec, names=names)


def _in_words(column: Column, stance: Stance | None, mask: Mask) -> str:
    if stance is None:
        return f"{column.id}\n{WORDING[column.status]}"
    lines = [column.id]
    if stance.deciding:
        first, *others = stance.deciding
        lines += [f"{stance.verdict}: {_DIRECTIONS[first.direction]}", *_shown(first, stance.spec, mask)]
        if others:
            lines += ["  also near:", *(line for one in others for line in _shown(one, stance.spec, mask))]
        return "\n".join(lines)
    lines.append(f"open: {mask(stance.reason)}")
    if stance.mention is not None:
        lines += ["  where the topic occurs:", *_quoted(stance.spec, mask, stance.mention.clause, stance.mention.span)]
    if stance.nearest is not None and not _is_same(stance.mention, stance.nearest):
        lines += ["  the nearest judgement:", *_shown(stance.nearest, stance.spec, mask)]
    return "\n".join(lines)


def _is_same(mention: Mention | None, weighed: Weighed) -> bool:
    return mention is not None and mention.span == weighed.judgement.span


def _shown(weighed: Weighed, spec: Spec, mask: Mask) -> list[str]:
    judgement = weighed.judgement
    how = f"{judgement.kind}, {judgement.strength}, by “{mask(' '.join(judgement.marker.split()))}”"
    quoted = _quoted(spec, mask, judgement.clause, judgement.span, weighed.lead)
    return [*quoted[:-1], f"{quoted[-1]}; {how}; nearness {weighed.nearness:.2f}"]


def _quoted(spec: Spec, mask: Mask, clause: Clause, span: Span, lead: str = "") -> list[str]:
    """The words, and where they stand."""
    words = cut_at_word(mask(_words(spec, span, lead)), _LONGEST)
    section = spec.document.section(clause.section_id)
    place = f"{mask(section.title) or 'before the first heading'}, line {spec.document.line(span.start)}"
    return [f"    “{words}”", f"    {place}"]


def _words(spec: Spec, span: Span, lead: str = "") -> str:
    return " ".join(f"{lead} {spec.document.shown_slice(span)}".split())


def _row(column: Column, stance: Stance | None, mask: Mask) -> dict[str, Any]:
    """A document for programs; null is what cannot be told."""
    if stance is None:
        return {"id": column.id, "status": column.status, "verdict": None, "deciding": [], "nearest": None}
    mention = stance.mention
    return {
        "id": column.id,
        "status": column.status,
        "verdict": stance.verdict,
        "reason": mask(stance.reason) or None,
        "deciding": [_weighed_row(one, stance.spec, mask) for one in stance.deciding],
        "nearest": _weighed_row(stance.nearest, stance.spec, mask) if stance.nearest else None,
        "mention": _place_row(stance.spec, mask, mention.clause, mention.span) if mention else None,
    }


def _weighed_row(weighed: Weighed, spec: Spec, mask: Mask) -> dict[str, Any]:
    judgement = weighed.judgement
    return {
        **_place_row(spec, mask, judgement.clause, judgement.span, weighed.lead),
        "kind": judgement.kind,
        "strength": judgement.strength,
        "marker": mask(judgement.marker),
        "direction": weighed.direction,
        "nearness": round(weighed.nearness, 3),
    }


def _place_row(spec: Spec, mask: Mask, clause: Clause, span: Span, lead: str = "") -> dict[str, Any]:
    return {
        "quote": mask(_words(spec, span)),
        "lead": mask(lead) or None,
        "section": mask(spec.document.section(clause.section_id).title),
        "section_id": mask.id(clause.section_id),
        "clause_id": mask.id(clause.id),
        "line": spec.document.line(span.start),
    }
