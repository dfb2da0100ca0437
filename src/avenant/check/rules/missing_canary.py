"""missing-canary: a scenario file carries no canary.

A canary is a GUID that stands in a text for one purpose: whoever gathers training data can look for it and leave the
text out. Scenarios say what a model is to be tested with and what it should answer; a model that was trained on them
passes for having learnt them. A draft has a canary by its format; its scenarios need one of their own, since files are
copied alone.

Example: a scenario file that begins with `amendment: mark-opinions` and goes straight on to `scenarios:`.

Instead: `canary:` with the amendment's own GUID, so that one search finds both. `avenant check --fix` adds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Fix, Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import find_key, key_line

_HEAD = re.compile(r"\ufeff?(?:(?:[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*|---[ \t]*(?:#[^\r\n]*)?)\r?\n)*")
"""What may stand above the first key: blank lines, comments, directives, the mark of a document."""
_KEY = re.compile(r"[\w-]+[ \t]*:(?=\s)")
_EMPTY = re.compile(r"[ \t]*?(?:null|~)?(?=[ \t]*$|[ \t]+#)")


def find_missing_canary(draft: Draft) -> Iterator[Flaw]:
    """A flaw where the draft's scenario file has no canary."""
    file = draft.scenarios
    if file is not None and not file.canary:
        canary = draft.amendment.canary
        mend = f"add `canary: {canary}`, the amendment's own"
        line = key_line(file.source, "canary")
        yield Flaw(file.path, line, "the scenario file has no canary", mend, _fix(file.source, canary))


def _fix(source: str, canary: str) -> Fix | None:
    """A line for the canary: in place of an empty one, below `amendment:`, or above the first key."""
    line = f"canary: {canary}"
    if given := find_key(source, "canary"):
        empty = _EMPTY.match(given["value"]) if _stands_in_one_line(source, given) else None
        return Fix(given.start(), given.start("value") + empty.end(), line) if empty else None
    newline = "\r\n" if "\r\n" in source else "\n"
    owner = find_key(source, "amendment")
    if owner and _stands_in_one_line(source, owner):
        return Fix(owner.end(), owner.end(), newline + line)
    head = _HEAD.match(source)
    start = head.end() if head else 0
    # Of a file that does not begin with a plain key, such as one in braces, the shape is not known.
    return Fix(start, start, line + newline) if _KEY.match(source, start) else None


def _stands_in_one_line(source: str, key: re.Match[str]) -> bool:
    """Whether a key's value ends with its line: nothing indented follows, and no text in lines begins on it."""
    follows = re.compile(r"\r?\n(?:[ \t]*\r?\n)*[ \t]+\S").match(source, key.end())
    return follows is None


RULE = Rule(
    "missing-canary",
    "warning",
    "nobody could filter the scenarios out of training data",
    find_missing_canary,
    is_fixable=True,
)
