"""hidden-character: a character that nobody sees stands between letters.

Zero-width spaces and joiners, soft hyphens, direction marks and tag characters come along when words are copied from
a web page or a chat. They hide names from a search, keep quotes from being found, and end up in the lab's file.
Scripts and emoji that need joiners are let pass.

Example: "the picture" with a zero-width space behind "the".

Instead: the same words without it; `--fix` takes it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from avenant.check.draft import TextFile
from avenant.check.finding import Fix, Flaw
from avenant.check.rule import Rule

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164"
    "\ufe00-\ufe0d\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_BLANK = "\ufeff"
"""A byte-order mark is hidden too, but for the one that begins a file."""


def find_hidden_characters(file: TextFile) -> Iterator[Flaw]:
    """Flaws for each run of hidden characters beside Latin letters, digits, marks or spaces."""
    for match in re.finditer(f"{_HIDDEN.pattern}|(?<!^){_BLANK}", file.source):
        around = file.source[max(0, match.start() - 1) : match.start()] + file.source[match.end() : match.end() + 1]
        if all(_is_latin(char) for char in around):
            names = ", ".join(dict.fromkeys(f"U+{ord(char):04X}" for char in match.group()))
            problem = f"a hidden character stands here ({names})"
            fix = Fix(match.start(), match.end(), "")
            yield Flaw(file.path, file.line_at(match.start()), problem, "take it out", fix)


def _is_latin(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "PZCN" or (category[0] == "L" and "LATIN" in unicodedata.name(char, ""))


RULE = Rule(
    "hidden-character",
    "warning",
    "it hides names from a search and keeps quotes from being found",
    find_in_text=find_hidden_characters,
    is_fixable=True,
)
