"""unstated-authority: an anchor does not say which level of authority its section has.

The same words bind more or less by the level of their section, and labs change levels from release to release. An
anchor that states the level lets the check, and `avenant rebase`, notice when it is another one than the author saw.

Example: an edit with `section:` and `quote:` alone, to a document whose headings state levels.

Instead: `authority: guideline` beside them; `avenant anchor` writes it, and so does `--fix`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Fix, Flaw
from avenant.check.rule import Rule


def find_unstated_authority(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each anchor in a section with a level that it does not state."""
    if draft.style is None or draft.spec is None or not draft.style.levels.names:
        return
    document = draft.spec.document
    for found in draft.places.values():
        places = (found.quoted or found.place.span, found.destination_quoted)
        for number, (anchor, place) in enumerate(zip(found.edit.anchors, places, strict=False)):
            if anchor.authority is not None or place is None:
                continue
            level = document.authority_of(document.section_at(max(0, place.start - (found.quoted is None))))
            if level is not None:
                key = found.edit.side if number else None
                fix = _fix(draft.source, found.edit.line, key, level)
                problem = f"the anchor does not say that its section has the level {level}"
                yield Flaw(draft.path, found.edit.line, problem, f"write `authority: {level}` into it", fix)


def _fix(source: str, edit_line: int, key: str | None, level: str) -> Fix | None:
    """The key as a line of its own before the anchor's first one; None where the YAML is not written in lines."""
    lines = source.splitlines(keepends=True)
    number = edit_line
    if key is not None:
        head = rf"\s+{key}:\s*$"
        number = next((at for at in range(edit_line, len(lines)) if re.match(head, lines[at])), -1) + 1
    match = (
        re.match(r"(\s+)(?:section|quote|prefix|suffix|authority):\s", lines[number])
        if 0 < number < len(lines)
        else None
    )
    if match is None or not re.search(r":\s*$", lines[number - 1]):
        return None
    start = sum(map(len, lines[:number]))
    newline = "\r\n" if lines[number].endswith("\r\n") else "\n"
    return Fix(start, start, f"{match.group(1)}authority: {level}{newline}")


RULE = Rule(
    "unstated-authority",
    "note",
    "nobody would notice when the level changes",
    find_unstated_authority,
    is_fixable=True,
)
