"""A document cut into blocks by plain line rules, and its words without their typography: no code of Avenant's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

BlockKind = Literal["paragraph", "item", "heading", "example", "admonition"]
MARK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
"""The bullet or number of a list item, with the blanks behind it."""

_FENCE = re.compile(r"~{3,}|`{3,}")
_HEADING = re.compile(r"#{1,6}\s")
_HEADING_ID = re.compile(r"\{#([\w-]+)[^{}]*\}\s*$")
_TYPOGRAPHY = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛ʼ′", "'"), "…": "..."})


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, example or admonition."""

    kind: BlockKind
    start: int
    """Offset of its first character that is no indentation."""
    end: int
    """Offset just past its last character that is no white space."""
    section: str
    """Id of the heading above it, or the heading's words; empty before the first."""
    words: str
    """Its text without typography: what two releases are compared by."""
    reach: int
    """For a list item, `end` of the last item nested in it; else its own `end`."""
    list_end: int
    """For a list item, `end` of the whole list; else its own `end`."""

    @property
    def is_text(self) -> bool:
        """Whether it is prose: a paragraph or a list item."""
        return self.kind in ("paragraph", "item")

    @property
    def sha(self) -> str:
        """The first 12 digits of the SHA-256 of its words: names a block without showing it."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Page:
    """A document cut into blocks."""

    text: str
    blocks: tuple[Block, ...]

    @cached_property
    def plain(self) -> str:
        """The whole text without typography."""
        return plain_words(self.text)

    def line(self, offset: int) -> int:
        """Line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(slots=True)
class _Raw:
    """A block while its end is not yet known."""

    kind: BlockKind
    start: int
    end: int
    section: str


@dataclass(slots=True)
class _Cutter:
    """What has been read, and what that says of the next line."""

    raw: list[_Raw] = field(default_factory=list)
    section: str = ""
    fence: str = ""
    """The line that opened the example that is being read; empty outside one."""
    is_open: bool = False
    """Whether the next line may belong to the paragraph or item above."""

    def take(self, line: str, at: int) -> None:
        """Read one line, which begins at an offset."""
        bare = line.strip()
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        if self.fence:
            self._take_example(bare, end)
        elif not bare:
            self.is_open = False
        elif self._continues(line):
            self.raw[-1].end = end
            self.is_open = self.raw[-1].kind != "admonition"
        else:
            kind = self._kind(line, bare)
            self.is_open = kind in ("paragraph", "item")
            self.raw.append(_Raw(kind, start, end, self.section))

    def _take_example(self, bare: str, end: int) -> None:
        if bare:
            self.raw[-1].end = end
        if bare.startswith(self.fence) and not bare.strip(self.fence[0]):
            self.fence = ""

    def _continues(self, line: str) -> bool:
        """Whether a line goes on with the block above; an indented one goes on with an item even after a blank line."""
        if not self.raw or (MARK.match(line.lstrip()) and self.raw[-1].kind != "admonition"):
            return False
        if _FENCE.match(line.strip()) or _HEADING.match(line) or line.lstrip().startswith("!!! "):
            return False
        is_indented = line[:1] in " \t"
        return self.is_open or (is_indented and self.raw[-1].kind in ("admonition", "item"))

    def _kind(self, line: str, bare: str) -> BlockKind:
        """The kind of a block that begins with a line; takes note of a heading's id and of an example's fence."""
        if found := _FENCE.match(bare):
            self.fence = found.group()
            return "example"
        if _HEADING.match(line):
            named = _HEADING_ID.search(bare)
            self.section = named.group(1) if named else plain_words(bare.lstrip("# "))
            return "heading"
        if bare.startswith("!!! "):
            return "admonition"
        return "item" if MARK.match(bare) else "paragraph"


def plain_words(source: str) -> str:
    """Words and punctuation alone: no quotes' shapes, dashes' lengths, emphasis, link targets or footnote tags."""
    text = unicodedata.normalize("NFC", source).translate(_TYPOGRAPHY)
    text = re.sub(r"\s*\[\^[^\]\s]+\]", "", text)
    text = re.sub(r"\]\([^)\s]*\)", "]", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    text = re.sub(r"[*_`\[\]\ufeff]", "", text)
    text = re.sub(r"\s*(?:[‐‑‒–—―−]|(?<=\s)-{1,3}(?=\s)|-{2,3})\s*", "-", text)
    return " ".join(text.split())


def cut_blocks(text: str) -> Page:
    """Cut a document into blocks by looking at one line at a time."""
    cutter, at = _Cutter(), 0
    for line in text.splitlines(keepends=True):
        cutter.take(line, at)
        at += len(line)
    blocks = (_finish(text, one, cutter.raw[number + 1 :]) for number, one in enumerate(cutter.raw))
    return Page(text, tuple(blocks))


def _finish(text: str, one: _Raw, following: Sequence[_Raw]) -> Block:
    own = text[one.start : one.end]
    if one.kind != "item":
        words = plain_words(own.lstrip("# ") if one.kind == "heading" else own)
        return Block(one.kind, one.start, one.end, one.section, words, one.end, one.end)
    reach = list_end = one.end
    is_nested = True
    for other in following:
        if other.kind != "item":
            break
        is_nested = is_nested and _indent(text, other.start) > _indent(text, one.start)
        reach, list_end = (other.end if is_nested else reach), other.end
    return Block(one.kind, one.start, one.end, one.section, plain_words(MARK.sub("", own, count=1)), reach, list_end)


def _indent(text: str, start: int) -> int:
    return start - text.rfind("\n", 0, start) - 1
