"""Anchors: a quote and its section -> exactly one place in a document, or an error that shows why not.

An anchor is a W3C Web Annotation TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector):
the exact words, with a little context before and after where the words alone stand twice. Typography, white
space, escapes, emphasis and link targets do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError
from avenant.specs.document import Document, Section, Span
from avenant.text import fold_words

_CONTEXT = 45
"""Characters shown on each side of a candidate."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words that point at one place in a document."""

    quote: str
    """The exact words."""
    section: str | None = None
    """Title or id of the section that holds them."""
    prefix: str = ""
    """Words just before the quote."""
    suffix: str = ""
    """Words just after the quote."""


def find_anchor(document: Document, anchor: Anchor) -> Span:
    """The one place that an anchor points at.

    Raises:
        AnchorNotFoundError: no such section, or the words stand nowhere in it; shows the nearest clauses.
        AnchorAmbiguousError: the words stand in more than one place; shows each with its context.
    """
    places = find_places(document, anchor)
    if len(places) == 1:
        return places[0]
    where = f" in the section {anchor.section!r}" if anchor.section else ""
    if places:
        shown = "\n".join(f"    line {document.line(p.start)}: {_excerpt(document, p)}" for p in places[:5])
        raise AnchorAmbiguousError(
            f"the quote {_short(anchor.quote)!r} stands in {len(places)} places{where}:\n{shown}",
            mend="lengthen the quote, or add prefix: or suffix: with the words just before or after the right one",
        )
    elsewhere = find_places(document, Anchor(anchor.quote)) if anchor.section else []
    if elsewhere:
        section = next(s for s in document.sections if s.span.contains(elsewhere[0]))
        mend = (
            f"the words stand in the section {section.title!r} (line {document.line(elsewhere[0].start)}): write that"
        )
    elif near := _nearest(document, anchor.quote):
        mend = "copy the words from the document (`avenant spec show`); nearest:\n" + "\n".join(
            f"    line {document.line(span.start)}: {_short(' '.join(document.slice(span).split()), 90)}"
            for span in near
        )
    else:
        mend = "copy the words from the document: `avenant spec show`"
    raise AnchorNotFoundError(f"the quote {_short(anchor.quote)!r} stands nowhere{where}", mend=mend)


def find_places(document: Document, anchor: Anchor) -> list[Span]:
    """Every place where the quote stands, in the section and the context that the anchor gives."""
    words = fold_words(anchor.quote)
    before, after = fold_words(anchor.prefix), fold_words(anchor.suffix)
    text = document.folded.text
    scopes = _scopes(document, anchor.section)
    places: list[Span] = []
    at = text.find(words) if words else -1
    while at >= 0:
        span = Span(*document.folded.source_span(at, at + len(words)))
        fits = text[:at].rstrip().endswith(before) and text[at + len(words) :].lstrip().startswith(after)
        if fits and any(scope.contains(span) for scope in scopes):
            places.append(span)
        at = text.find(words, at + 1)
    return places


def section_of(document: Document, title: str) -> Section:
    """The one section of a title or id.

    Raises:
        AnchorNotFoundError: there is none; shows the nearest titles.
        AnchorAmbiguousError: several have the title; shows their ids.
    """
    found = document.find_sections(title)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"{s.id} (line {document.line(s.span.start)})" for s in found)
        raise AnchorAmbiguousError(f"{len(found)} sections have the title {title!r}", mend=f"give an id instead: {ids}")
    raise AnchorNotFoundError(f"there is no section {title!r}", mend=nearest_sections(document, title))


def nearest_sections(document: Document, title: str) -> str:
    """A sentence that names the sections whose titles come nearest."""
    titles = [section.title for section in document.sections if section.title]
    near = [match[0] for match in process.extract(title, titles, scorer=fuzz.WRatio, limit=3)]
    return "nearest: " + "; ".join(repr(t) for t in near) if near else "the document has no headings"


def _scopes(document: Document, section: str | None) -> list[Span]:
    if section is None:
        return [Span(0, len(document.text))]
    found = document.find_sections(section)
    if not found:
        section_of(document, section)
    return [document.subtree(one) for one in found]


def _nearest(document: Document, quote: str) -> list[Span]:
    wanted = fold_words(quote)
    if len(wanted) < 8:
        return []
    clauses = {clause.id: fold_words(document.slice(clause.span)) for clause in document.clauses}
    found = process.extract(wanted, clauses, scorer=fuzz.partial_ratio, limit=3, score_cutoff=60)
    spans = {clause.id: clause.span for clause in document.clauses}
    return [spans[clause_id] for _, _, clause_id in found]


def _excerpt(document: Document, span: Span) -> str:
    before = document.text[max(0, span.start - _CONTEXT) : span.start]
    after = document.text[span.end : span.end + _CONTEXT]
    return " ".join(f"…{before}>>{document.slice(span)}<<{after}…".split())


def _short(words: str, limit: int = 70) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
