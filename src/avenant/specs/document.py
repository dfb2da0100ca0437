"""A document as data: sections and clauses with exact places in the source."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from avenant.text import UNTITLED, Folded, Words, fold, fold_words, slugify, split_words

_TITLE_LINK = re.compile(r"\[\s*(?P<mark>\?)\s*\]\(#(?P<target>[^)\s]+)\)")
"""A link that shows the title of what it points at."""

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
class Turn:
    """One speaker's words in an example dialogue."""

    span: Span
    """With its tags."""
    role: str
    """Who speaks: "user", "assistant", "developer", "system" or "tool"."""
    grade: Literal["good", "bad"] | None = None
    """Whether the document gives the turn as a model to follow or as one to avoid; None: neither."""
    note: str = ""
    """What the document says of the grade."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest thing that can be pointed at: one block of a document."""

    id: str
    """First words and a short hash of all words: it stays wherever and whenever the words stay (typography and
    markup do not count). A clause whose very words stood before is numbered."""
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
    is_example: bool = False
    """Whether it is an example dialogue or announces one ("**Example**: …")."""
    turns: tuple[Turn, ...] = ()
    """The turns of an example dialogue, in order."""
    references: tuple[str, ...] = ()
    """Fragments of the links into the document itself, without #; see `Document.find_reference`."""
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

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def folded(self) -> Folded:
        """The whole text with its typography folded, made once."""
        return fold(self.text)

    @cached_property
    def folded_clauses(self) -> tuple[str, ...]:
        """Each clause with its typography folded, in their order."""
        return tuple(self.folded_slice(clause.span).strip() for clause in self.clauses)

    @cached_property
    def words(self) -> Words:
        """The words of the whole text, made once."""
        return split_words(self.folded)

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
    def _section_starts(self) -> list[int]:
        return [section.span.start for section in self.sections]

    @cached_property
    def _sections_by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _sections_by_title(self) -> dict[str, tuple[Section, ...]]:
        found: dict[str, tuple[Section, ...]] = {}
        for section in self.sections:
            title = fold_words(section.title).casefold()
            found[title] = (*found.get(title, ()), section)
        return found

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

    def folded_slice(self, span: Span) -> str:
        """The source text of a span as a reader sees it, its typography folded."""
        starts = self.folded.starts
        return self.folded.text[bisect.bisect_left(starts, span.start) : bisect.bisect_left(starts, span.end)]

    def shown_slice(self, span: Span) -> str:
        """The words of a span as a reader sees them, without marks, their typography as the source has it.

        A link whose text is a question mark shows the title of what it points at, in quotation marks.
        """
        folded = self.folded
        low, high = (bisect.bisect_left(folded.starts, offset) for offset in (span.start, span.end))
        # Of one character that folds to several, such as an ellipsis, the first stands for all.
        firsts = (at for at in range(low, high) if at == low or folded.starts[at] != folded.starts[at - 1])
        return "".join(self._shown(folded.text[at], folded.starts[at], folded.ends[at]) for at in firsts)

    def _shown(self, char: str, start: int, end: int) -> str:
        """A character of the folded text as the source has it; white space and what was escaped as folded."""
        if start in self._linked_titles:
            return f'"{self._linked_titles[start]}"'
        return char if char == " " or self.text[start] == "\\" else self.text[start:end]

    @cached_property
    def _linked_titles(self) -> dict[int, str]:
        """By where the question mark stands that is a link's text, the title of what it points at."""
        found = ((link.start("mark"), self.find_reference(link["target"])) for link in _TITLE_LINK.finditer(self.text))
        return {start: section.title for start, section in found if section is not None and section.title}

    def clause_at(self, offset: int) -> Clause | None:
        """The clause that holds an offset; None on a heading or between blocks."""
        index = bisect.bisect_right(self._clause_starts, offset) - 1
        if index >= 0 and offset < self.clauses[index].span.end:
            return self.clauses[index]
        return None

    def index_of(self, clause: Clause) -> int:
        """Number of one of the document's clauses, from 0."""
        return bisect.bisect_left(self._clause_starts, clause.span.start)

    def words_of(self, clause: Clause) -> tuple[str, ...]:
        """A clause's words, in the form of `Words.words`."""
        first, last = self.words.range_in(clause.span.start, clause.span.end)
        return self.words.words[first:last]

    def turn_at(self, offset: int) -> Turn | None:
        """The turn of an example dialogue that holds an offset."""
        clause = self.clause_at(offset)
        turns = clause.turns if clause else ()
        return next((turn for turn in turns if turn.span.start <= offset < turn.span.end), None)

    def section_at(self, offset: int) -> Section:
        """The section that holds an offset, its heading included."""
        return self.sections[max(0, bisect.bisect_right(self._section_starts, offset) - 1)]

    def find_sections(self, title_or_id: str) -> tuple[Section, ...]:
        """Sections with this id, or this title whatever its typography and case."""
        if title_or_id in self._sections_by_id:
            return (self._sections_by_id[title_or_id],)
        return self._sections_by_title.get(fold_words(title_or_id.lstrip("# ")).casefold(), ())

    def _index_of_section(self, section: Section) -> int:
        return bisect.bisect_left(self._section_starts, section.span.start)

    def find_reference(self, fragment: str) -> Section | None:
        """The section that a link into the document points at; None where it points nowhere."""
        if fragment in self._sections_by_id:
            return self._sections_by_id[fragment]
        if fragment and (found := self.find_sections(fragment.replace("-", " "))):
            return found[0]
        slug = slugify(fragment)
        # Words that have no letters of ASCII all have the same slug.
        return next((s for s in self.sections if slug != UNTITLED and slugify(s.title) == slug), None)

    def authority_of(self, section: Section) -> str | None:
        """The authority level of a section: its own, else that of the nearest heading above that states one."""
        level = 7
        for above in reversed(self.sections[: self._index_of_section(section) + 1]):
            if above.level < level or above is section:
                if above.authority:
                    return above.authority
                level = above.level
        return None

    def subtree(self, section: Section) -> Span:
        """A section together with all sections under it."""
        index = self._index_of_section(section)
        end = section.span.end
        for below in self.sections[index + 1 :]:
            if below.level <= section.level or section.level == 0:
                break
            end = below.span.end
        return Span(section.span.start, end)
