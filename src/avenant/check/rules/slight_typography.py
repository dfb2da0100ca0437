"""slight-typography: typography that is not the document's, as it slips itself now and then or as no page shows.

The document has a clear habit and breaks it itself in a paragraph out of fifty, so that one such place is nothing that
an editor would send back. It is still not how the document is written. Also here is what does not show on the page and
only troubles whoever edits the source: line breaks inside a paragraph, several spaces between sentences, no-break
spaces.

Example: one straight apostrophe in a short passage, in a document with 541 curly ones and 23 straight ones.

Instead: the document's usual form. `--fix` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.breaches import find_breaches
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule


def find_slight_typography(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each of the document's habits that a passage breaks as the document's own slips do."""
    return find_breaches(draft, "slight")


RULE = Rule(
    "slight-typography",
    "note",
    "it is not how the document is written, most of the time",
    find_slight_typography,
    is_fixable=True,
)
