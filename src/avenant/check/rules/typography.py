"""typography: the passage writes quotation marks, dashes, bullets or the like otherwise than the document.

An editor sees at once that such a paragraph came from elsewhere, and has to go through it by hand. What counts is the
document's own habit: straight or curly quotation marks and apostrophes, dashes, ellipses, bullets, marks of emphasis,
spaces, code fences, paragraphs in one line, “e.g.” with or without its comma. Where the document itself is of two
minds, nothing is found. Code, links' addresses, tags and dialogues are left alone.

Example: `the user's "own" words -- unchanged` in a document that writes “own” and —.

Instead: `the user’s “own” words—unchanged`. `--fix` does it.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.breaches import find_breaches
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_typography(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each of the document's habits that a passage clearly breaks, at the first place where it does."""
    return find_breaches(draft, "clear")


RULE = Rule(
    "typography",
    "warning",
    "an editor would have to go through it by hand",
    find_typography,
    is_fixable=True,
)
