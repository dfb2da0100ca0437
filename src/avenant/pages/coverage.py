"""What documents cover as a heat map for people: a row for each threat model, a column for each document."""

from __future__ import annotations

from avenant.canary import PROJECT_CANARY
from avenant.coverage.survey import WORDING
from avenant.coverage.table import Table
from avenant.coverage.wording import MARKS, UNSURE, percent_of
from avenant.pages.page import render_page
from avenant.text import cut_at_word

_LONGEST_QUOTE = 700
"""Characters of a clause that are shown."""


def render_coverage(title: str, table: Table) -> str:
    """One page with every cell of a table, each of which opens to its clauses.

    Args:
        title: a heading.
        table: what was found, under the name that the page is to speak of.
    """
    return render_page(
        "coverage.html",
        canary=PROJECT_CANARY,
        title=title,
        table=table,
        has_judge=any(entry.is_judged for row in table.rows for entry in row.entries),
        marks=MARKS,
        wording=WORDING,
        unsure=percent_of(UNSURE),
        shorten=lambda words: cut_at_word(words, _LONGEST_QUOTE),
    )
