"""A document as data: sections and clauses with exact places in the source."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from avenant.text import Folded, fold, fold_words

ClauseKind = Literal["paragraph", "list-item", "admonition", "example", "code", "quote", "html", "rule"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in a document's text."""

    start: int
    """Offset from 0."""
    end: int
    """Offset just past the last character."""

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything up to the next heading."""

    id: str
    """The document's own heading id where it has one, else a slug of the title; unique in the document."""
    title: str
    """Heading text without marks and attributes; empty for what stands before the first heading."""
    level: int
    """1 to 6; 0 for what stands before the first heading."""
    span: Span
    """From the heading to just before the next heading of any level."""
    path: tuple[str, ...]
    """Titles of the headings above, outermost first, this one last."""
    body_start: int = 0
    """Offset just past the heading, its underline and line end included."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Attributes of the heading, such as ("authority", "root")."""

    @property
    def authority(self) -> str | None:
        """The authority level that the heading states, where the document has levels."""
        return dict(self.attributes).get("authority")


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest thing that can be pointed at: one block of a document."""

    id: str
    """Section id, a slash, and a slug of its first words; unique in the document."""
    kind: ClauseKind
    span: Span
    """Its block, with the line end that closes it and without blank lines around it."""
    section_id: str
    line: int
    """Line of its first character, from 1."""
    footnotes: tuple[str, ...] = ()
    """Footnote tags in it, without brackets."""
    is_commentary: bool = False
    """Whether it speaks to human readers and does not instruct the model (`!!! meta`)."""
    list_span: Span | None = None
    """The whole outermost list, for a list item: where a passage that is no item has to go."""


@dataclass(frozen=True)
class Document:
    """One lab's document in one version, parsed."""

    id: str
    """`lab/version`."""
    text: str
    """The source, every character of it."""
    sections: tuple[Section, ...]
    clauses: tuple[Clause, ...]
    newline: str = field(default="\n")
    """The line end that most lines have."""

    @cached_property
    def folded(self) -> Folded:
        """The whole text with its typography folded, made once."""
        return fold(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [clause.span.start for clause in self.clauses]

    @cached_property
    def _sections_by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    def line(self, offset: int) -> int:
        """Line (from 1) of an offset."""
        return bisect.bisect_right(self._line_starts, offset)

    def slice(self, span: Span) -> str:
        """The source text of a span."""
        return self.text[span.start : span.end]

    def section(self, section_id: str) -> Section:
        """The section of an id that is known to exist."""
        return self._sections_by_id[section_id]

    def clauses_of(self, section: Section) -> tuple[Clause, ...]:
        """The clauses of a section, not of the sections under it."""
        return tuple(clause for clause in self.clauses if clause.section_id == section.id)

    def clause_at(self, offset: int) -> Clause | None:
        """The clause that holds an offset; None on a heading or between blocks."""
        index = bisect.bisect_right(self._clause_starts, offset) - 1
        if index >= 0 and offset < self.clauses[index].span.end:
            return self.clauses[index]
        return None

    def section_at(self, offset: int) -> Section:
        """The section that holds an offset, its heading included."""
        return next(s for s in reversed(self.sections) if s.span.start <= offset)

    def find_sections(self, title_or_id: str) -> tuple[Section, ...]:
        """Sections with this id, or this title whatever its typography and case."""
        if title_or_id in self._sections_by_id:
            return (self._sections_by_id[title_or_id],)
        wanted = fold_words(title_or_id.lstrip("# ")).casefold()
        return tuple(s for s in self.sections if fold_words(s.title).casefold() == wanted)

    def subtree(self, section: Section) -> Span:
        """A section together with all sections under it."""
        index = self.sections.index(section)
        end = section.span.end
        for below in self.sections[index + 1 :]:
            if below.level <= section.level or section.level == 0:
                break
            end = below.span.end
        return Span(section.span.start, end)
