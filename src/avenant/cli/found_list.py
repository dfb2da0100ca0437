"""Clauses that a search found, on the screen and for programs."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.cli.show import console, print_text
from avenant.coverage.export import safe_cell
from avenant.coverage.search import Found, Sighting, Snippet, cut_snippet, mark_words, place_of
from avenant.coverage.table import Place
from avenant.mask import Mask
from avenant.specs.library import Spec
from avenant.text import cut_at_word, replace_name

_SNIPPET = 280
"""Characters of a clause that are shown."""
_LEAD = 120
"""Characters of the stem of a clause's list that are shown."""
_WIDTH = 100
_METHOD = "found by words and a small embedding model; see docs/find.md"
_COLUMNS = (
    "document", "releases", "file", "line", "section", "authority", "speaker", "force", "score", "is_near", "quote",
    "canary",
)  # fmt: skip


def print_found(query: str, specs: Sequence[Spec], shown: Sequence[Found], near: int, mask: Mask) -> None:
    """Print what was found, nearest first.

    Args:
        query: what was looked for.
        specs: the documents that were searched.
        shown: what to show; where nothing is near, the nearest.
        near: how many came near in all.
        mask: for all words of the documents.
    """
    where = ", ".join(spec.id for spec in specs)
    if not shown:
        print_text(f"Nothing to look at in {where}: no clause of this speaker stands there.")
        return
    if near:
        number = f"{near} {'clause comes' if near == 1 else 'clauses come'} near"
        here = "here is the nearest" if len(shown) == 1 else f"here are the {len(shown)} nearest"
        rest = f"; {here}" if near > len(shown) else ""
        print_text(f"{mask(query)}: {number}{rest}, in {where}", style="bold")
    else:
        print_text(
            f"{mask(query)}: nothing comes near in {where}; the nearest {'is' if len(shown) == 1 else 'are'}:",
            style="bold",
        )
    for place, one in enumerate(shown, 1):
        print_text("")
        _print_one(f"{place}. ", one, query, mask)
    if mask.names:
        print_text(f"\n{mask.placeholder} stands for the names of the labs' models.", style="dim")


def found_as_json(query: str, specs: Sequence[Spec], shown: Sequence[Found], near: int, mask: Mask) -> str:
    """What was found for programs, each clause in full with its places in every release that has it."""
    data = {
        "canary": canary_line(PROJECT_CANARY),
        "method": _METHOD,
        "query": mask(query),
        "documents": [{"id": spec.id, "file": _file(spec)} for spec in specs],
        "near": near,
        "found": [_row(one, query, mask, is_near=bool(near)) for one in shown],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def found_as_csv(shown: Sequence[Found], near: int, mask: Mask) -> str:
    """A row for each clause, as the newest release has it; every row carries the canary."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in shown:
        place = place_of(one.newest.spec, one.newest.hit, mask)
        writer.writerow(
            {
                "document": one.newest.spec.id,
                "releases": " ".join(sighting.spec.id for sighting in one.sightings),
                "file": _file(one.newest.spec),
                "line": place.line,
                "section": " > ".join(place.section),
                "authority": place.authority,
                "speaker": place.speaker,
                "force": place.force,
                "score": round(one.score, 3),
                "is_near": str(bool(near)).lower(),
                "quote": as_cell(place.text),
                "canary": canary_line(PROJECT_CANARY),
            }
        )
    return out.getvalue()


def as_cell(text: str) -> str:
    """A text in one line that no spreadsheet takes for a formula."""
    return safe_cell(" ".join(text.split()))


def _print_one(opening: str, one: Found, query: str, mask: Mask) -> None:
    sighting = one.newest
    place = place_of(sighting.spec, sighting.hit, mask)
    print_text(f"{opening}{sighting.spec.id}   {_file(sighting.spec)}:{place.line}", style="bold")
    print_text(f"   {place.where}", style="dim")
    if place.lead:
        print_text(f"   in the list: {cut_at_word(place.lead, _LEAD)}", style="dim")
    for line in _lines(cut_snippet(_snippet(place, sighting, query, mask), _SNIPPET)):
        console().print(line)
    if len(one.sightings) > 1:
        print_text(f"   also in {', '.join(_said(one, other) for other in one.sightings[1:])}", style="dim")


def _said(one: Found, sighting: Sighting) -> str:
    version = sighting.spec.id.split("/", 1)[1]
    words = "" if one.is_worded_as_newest(sighting) else ", worded otherwise"
    return f"{version} (line {sighting.hit.clause.line}{words})"


def _snippet(place: Place, sighting: Sighting, query: str, mask: Mask) -> Snippet:
    """The words that match are those under the placeholder, as all that is shown."""
    return mark_words(place.text, replace_name(mask(query), sighting.spec.manifest.subject, mask.placeholder))


def _lines(snippet: Snippet) -> Iterator[Text]:
    """A snippet in lines with its marked words bold in a terminal, between stars elsewhere."""
    is_plain = not console().is_terminal or console().no_color
    marked = "".join(f"*{part}*" if is_match and is_plain else part for part, is_match in snippet.pieces)
    indent = " " * 3
    if is_plain:
        yield Text(textwrap.fill(marked, _WIDTH, initial_indent=indent, subsequent_indent=indent))
        return
    text = Text("".join(part for part, _ in snippet.pieces))
    for start, end in snippet.marks:
        text.stylize("bold", start, end)
    for line in text.wrap(console(), _WIDTH):
        yield Text.assemble(indent, line)


def _row(one: Found, query: str, mask: Mask, *, is_near: bool) -> dict[str, Any]:
    place = place_of(one.newest.spec, one.newest.hit, mask)
    hit = one.newest.hit
    return {
        "document": one.newest.spec.id,
        "file": _file(one.newest.spec),
        "line": place.line,
        "clause": place.clause_id,
        "start": place.span.start,
        "end": place.span.end,
        "section": place.section_id,
        "path": list(place.section),
        "authority": place.authority,
        "speaker": place.speaker,
        "force": place.force,
        "is_near": is_near,
        "score": round(one.score, 3),
        "score_of_words": round(hit.words, 3),
        "score_of_meaning": round(hit.meaning, 3),
        "lead": place.lead,
        "quote": place.text,
        "matches": [_snippet(place, one.newest, query, mask).text[start:end]
                    for start, end in _snippet(place, one.newest, query, mask).marks],
        "releases": [_release(one, sighting, mask) for sighting in one.sightings],
    }  # fmt: skip


def _release(one: Found, sighting: Sighting, mask: Mask) -> dict[str, Any]:
    clause = sighting.hit.clause
    return {
        "document": sighting.spec.id,
        "file": _file(sighting.spec),
        "line": clause.line,
        "clause": mask.id(clause.id),
        "start": clause.span.start,
        "end": clause.span.end,
        "is_worded_as_newest": one.is_worded_as_newest(sighting),
    }


def _file(spec: Spec) -> str:
    """The document's file, below the workspace."""
    return f"specs/{spec.id}.md"
