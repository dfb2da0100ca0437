"""The sentences of a document or of a passage, each with its place and with what it quotes blanked out."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from avenant.specs.document import Clause, Document, Span
from avenant.specs.parse import parse_document
from avenant.text import LIST_MARK

_END = re.compile(r"""(?<=[.!?])["')\]]*\s+(?=["'(\[]*[^\Wa-z_])""")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|vs|cf|mr|mrs|ms|dr|prof|st|no)\.|(?:^|[\s(,])\?)$", re.IGNORECASE)
"""What a full stop or a question mark does not end: an abbreviation, or a link whose text is a question mark."""
_QUOTED = re.compile(r'(?<![^\s(\[/-])"(?=\S)[^"]+"')
_INNER_END = re.compile(r"[.!?](?!$)")
_MARK = re.compile(rf"\s*{LIST_MARK}\s+")
_ADMONITION = re.compile(r'!!! \w+(?: "[^"]*")?\s+')
_PROSE = ("paragraph", "list-item", "quote")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of prose that speaks in the document's own voice."""

    text: str
    """With its typography folded, without the mark of a list item."""
    bare: str
    """The same with each letter inside quotation marks as a low line: what is quoted is nobody's instruction."""
    span: Span
    """In the source of its document."""
    clause: Clause
    lead: str
    """For a list item, the sentence above the list that ends in a colon, bare; otherwise empty."""
    lead_span: Span | None = None
    """Where that sentence stands; None where there is none, or it stands in another document."""

    @property
    def whole(self) -> str:
        """The bare sentence behind its lead, as a reader of a list item understands it."""
        return f"{self.lead} {self.bare}" if self.lead else self.bare


@lru_cache(maxsize=64)
def parse_passage(text: str) -> Document:
    """A passage as a document of its own; one parse for all rules."""
    return parse_document(text, "passage/1")


@lru_cache(maxsize=64)
def find_sentences(document: Document, *, with_commentary: bool = False, lead: str = "") -> tuple[Sentence, ...]:
    """The sentences of a document, in order; none of headings, example dialogues and code.

    Args:
        document: where to look.
        with_commentary: what speaks to human readers counts as well.
        lead: of the list that the text goes into; then every block counts as an item of it.
    """
    found: list[Sentence] = []
    above: Span | None = None
    is_in_list = bool(lead)
    for clause in document.clauses:
        is_prose = clause.kind in _PROSE and not clause.is_commentary
        if clause.is_example or not (is_prose or (with_commentary and clause.is_commentary)):
            # An example between a rule and its list says nothing of the list.
            continue
        is_item = clause.kind == "list-item" or is_in_list
        here = list(_split(document, clause, lead if is_item else "", above if is_item else None))
        found += here
        if not is_item:
            is_lead = bool(here) and here[-1].bare.endswith(":")
            lead, above = (here[-1].bare, here[-1].span) if is_lead else ("", None)
    return tuple(found)


def _split(document: Document, clause: Clause, lead: str, above: Span | None) -> Iterator[Sentence]:
    folded = document.folded
    first, last = (bisect.bisect_left(folded.starts, offset) for offset in (clause.span.start, clause.span.end))
    text = folded.text[first:last]
    bare = _QUOTED.sub(_blank, text)
    mark = _ADMONITION.match(text) if clause.is_commentary else None
    mark = _MARK.match(text) if clause.kind == "list-item" else mark
    start = mark.end() if mark else len(text) - len(text.lstrip())
    ends = [match for match in _END.finditer(bare, start) if not _NO_END.search(bare, 0, match.start())]
    for stop, behind in [*(match.span() for match in ends), (len(text.rstrip()), len(text))]:
        stop += len(bare[stop:behind].rstrip())
        if stop > start:
            span = _with_marks(document, clause.span, *folded.source_span(first + start, first + stop))
            yield Sentence(text[start:stop], bare[start:stop], span, clause, lead, above)
        start = behind


def _with_marks(document: Document, limit: Span, start: int, end: int) -> Span:
    """A sentence with the marks about its first and last word, so that it can be shown as it stands."""
    while start > limit.start and document.text[start - 1] in "*_`[":
        start -= 1
    while end < limit.end and document.text[end] in "*_`":
        end += 1
    return Span(start, end)


def _blank(match: re.Match[str]) -> str:
    """A quotation of the same length without letters; the mark that ends it may end the sentence as well."""
    inner = _INNER_END.sub("_", match.group()[1:-1])
    return '"' + re.sub(r"[^\W_]", "_", inner) + '"'
