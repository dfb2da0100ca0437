"""Anchors: a quote and its section -> exactly one place in a document, or an error that shows why not.

An anchor is a W3C Web Annotation TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector):
the exact words, with a little context before and after where the words alone stand twice. Typography, white
space, escapes, emphasis and link targets do not matter.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError
from avenant.specs.document import Document, Section, Span
from avenant.text import fold_words, replace_name

_MOST_CONTEXT_WORDS = 12
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
    authority: str | None = None
    """The authority level that the section had when the anchor was written; a change of it is warned of."""

    def with_subject(self, placeholder: str, subject: str, *, is_fragment: bool = False) -> Anchor:
        """The anchor with the document's own name for the model in its words; see `replace_name`."""
        quote, prefix, suffix, section = (
            replace_name(text, placeholder, subject, is_fragment=is_fragment)
            for text in (self.quote, self.prefix, self.suffix, self.section or "")
        )
        return replace(self, quote=quote, prefix=prefix, suffix=suffix, section=section or None)


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
        shown = "\n".join(f"    {name_place(document, p)}: {show_place(document, p)}" for p in places[:5])
        raise AnchorAmbiguousError(
            f"the quote {_short(anchor.quote)!r} stands in {len(places)} places{where}:\n{shown}",
            mend="lengthen the quote, name the section, or add prefix: or suffix: with the words about the right one "
            "(`avenant anchor` shows them all and writes it)",
        )
    elsewhere = find_places(document, Anchor(anchor.quote)) if anchor.section else []
    if elsewhere:
        section = document.section_at(elsewhere[0].start)
        mend = (
            f"the words stand in the section {section.title!r} (line {document.line(elsewhere[0].start)}): write that"
        )
    elif near := nearest_clauses(document, anchor.quote):
        mend = "copy the words from the document (`avenant spec show`); nearest:\n" + "\n".join(
            f"    line {document.line(span.start)}: {_short(' '.join(document.slice(span).split()), 90)}"
            for span in near
        )
    else:
        mend = "copy the words from the document: `avenant spec show`"
    raise AnchorNotFoundError(f"the quote {_short(anchor.quote)!r} stands nowhere{where}", mend=mend)


def find_places(document: Document, anchor: Anchor) -> list[Span]:
    """Every place where the quote stands, in the section and the context that the anchor gives.

    Raises:
        AnchorNotFoundError: there is no such section.
    """
    words = fold_words(anchor.quote)
    before, after = fold_words(anchor.prefix), fold_words(anchor.suffix)
    text = document.folded.text
    places: dict[Span, None] = {}
    for scope in _scopes(document, anchor.section):
        low, high = (bisect.bisect_left(document.folded.starts, offset) for offset in (scope.start, scope.end))
        for at in document.folded.find(words, low, high):
            end = at + len(words)
            # A folded text has single blanks, so one more character than the context is enough to look at.
            fits = text[max(0, at - len(before) - 1) : at].rstrip().endswith(before)
            fits = fits and text[end : end + len(after) + 1].lstrip().startswith(after)
            if fits and not _cuts_word(text, at) and not _cuts_word(text, end):
                places[Span(*document.folded.source_span(at, end))] = None
    return list(places)


def _cuts_word(text: str, at: int) -> bool:
    """Whether an offset lies inside a word: "legal" does not stand in "illegal", nor "should" in "shouldn't".

    A possessive is no part of the word, and scripts without spaces have no words to cut.
    """
    if not 0 < at < len(text):
        return False
    if _IN_WORD.match(text, at):
        return text[at - 1].isalnum()
    beside = text[at - 1 : at + 1]
    is_word = all(char.isalnum() or char == "_" for char in beside)
    return is_word and "Lo" not in {unicodedata.category(char) for char in beside}


_IN_WORD = re.compile(r"'(?!s\b)[^\W\d_]")
"""An apostrophe between letters, as in "can't"."""


def make_anchor(document: Document, place: Span) -> Anchor:
    """The anchor that finds a place: its words, its section, and as much context as tells it from others.

    Args:
        document: the document.
        place: the words to quote, inside one section.

    Raises:
        AnchorAmbiguousError: the same words stand twice in the same context, so that nothing tells them apart.
    """
    section = document.section_at(place.start)
    named = section.title if len(document.find_sections(section.title)) == 1 else section.id
    written, seen = document.slice(place).strip(), document.folded_slice(place).strip()
    # As it is written, unless a line or a link is cut, so that the words alone would read otherwise.
    is_whole = "\n" not in written and fold_words(written) == seen
    anchor = Anchor(
        written if is_whole else seen,
        named if section.title else None,
        authority=document.authority_of(section),
    )
    before = document.text[section.span.start : place.start].split()
    after = document.text[place.end : section.span.end].split()
    for count in range(_MOST_CONTEXT_WORDS + 1):
        for prefix, suffix in ((before[-count:], ()), ((), after[:count]), (before[-count:], after[:count])):
            words = [" ".join(part) if count else "" for part in (prefix, suffix)]
            candidate = replace(anchor, prefix=words[0], suffix=words[1])
            found = find_places(document, candidate)
            if len(found) == 1 and found[0].start < place.end and place.start < found[0].end:
                return candidate
    raise AnchorAmbiguousError(
        f"the words {_short(anchor.quote)!r} (line {document.line(place.start)}) cannot be told from the others "
        "like them",
        mend="quote more of the clause",
    )


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


def nearest_clauses(document: Document, quote: str) -> list[Span]:
    """The three clauses that come nearest to words, best first; none where nothing resembles them."""
    wanted = fold_words(quote)
    if len(wanted) < 8:
        return []
    found = process.extract(wanted, document.folded_clauses, scorer=fuzz.partial_ratio, limit=3, score_cutoff=60)
    return [document.clauses[index].span for _, _, index in found]


def name_place(document: Document, span: Span) -> str:
    """Line and section of a place, for people."""
    title = document.section_at(span.start).title
    return f"line {document.line(span.start)}" + (f" ({title})" if title else "")


def show_place(document: Document, span: Span) -> str:
    """Words in their context, in one line, marked with >> and <<."""
    low, high = max(0, span.start - _CONTEXT), min(len(document.text), span.end + _CONTEXT)
    # Whole words alone, so that a name that is masked later is not cut in two.
    while 0 < low < span.start and not document.text[low - 1].isspace():
        low += 1
    while span.end < high < len(document.text) and not document.text[high].isspace():
        high -= 1
    before, after = document.text[low : span.start], document.text[span.end : high]
    return " ".join(f"…{before}>>{document.slice(span)}<<{after}…".split())


def _short(words: str, limit: int = 70) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
