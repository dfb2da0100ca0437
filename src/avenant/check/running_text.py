"""Running text: what of a markdown text is read as sentences, at its own offsets.

Rules about words must not see code, addresses, tags or dialogues, and their fixes need exact places. So what is no
running text is not cut out: each of its characters becomes a `HOLE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from avenant.specs.document import Clause, Document
from avenant.specs.parse import parse_document

HOLE = "\x1f"
"""Stands for each character that is no running text."""

_CODE = r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
CODE = re.compile(_CODE, re.DOTALL)
"""Code inside a line."""
_NOT_PROSE = re.compile(
    _CODE
    + r"""
    | <!--.*?-->
    | </?[A-Za-z][^<>]*>                              # a tag, or an address in angle brackets
    | (?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\)   # a link's target
    | ^\[[^\]\n]+\]:\s.*$                             # a link's definition
    | https?://[^\s)>\]]+
    | \[\^[^\]\s]+\]                                  # footnote tag
    | ^[ \t]*!!![^\n]*                                # an admonition's head
    | \{[#.][^{}\n]*\}[ \t]*$                         # a heading's attributes
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_QUOTED = re.compile(r'“[^”\n]*(?:”|$)|"[^"\n]*"|(?<!\w)‘[^’\n]*(?:’\w[^’\n]*)*’(?!\w)', re.MULTILINE)
_HIDDEN_KINDS = ("code", "example", "html", "rule")
_SENTENCE_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bcf)[.!?:][\"”’')\]*_\x1f]*(?=\s)"
    r"|\n[ \t]*(?=\n|(?:[-*+]|\d{1,9}[.)])[ \t])"
)
_LEAD = re.compile(r"(?:[\s*_“\"'‘(\x1f>]|(?:[-*+]|\d{1,9}[.)])[ \t])*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of running text; a colon ends one as well, as before a list."""

    text: str
    """Holes where something else than running text or somebody's quoted words stand."""
    start: int
    """Offset of its first character in the whole text."""
    clause: Clause


@dataclass(frozen=True)
class RunningText:
    """The running text of a document or a passage."""

    document: Document

    @cached_property
    def text(self) -> str:
        """As long as the source, with holes."""
        return mask(self.document.text, self.document.clauses)

    @cached_property
    def unquoted(self) -> str:
        """The same with holes for words in quotation marks too: they are somebody else's, or not used but shown."""
        return _QUOTED.sub(_holes, self.text)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Those that are running text in the document's own voice, in order."""
        return tuple(
            one
            for one in self.document.clauses
            if one.kind not in _HIDDEN_KINDS and not one.is_example and not one.is_commentary
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Those of `clauses`."""
        return tuple(one for clause in self.clauses for one in self._sentences(clause))

    def of(self, clause: Clause) -> str:
        """A clause's running text, in the length of its source."""
        return self.text[clause.span.start : clause.span.end]

    def _sentences(self, clause: Clause) -> Iterator[Sentence]:
        start, end = clause.span.start, clause.span.end
        while start < end:
            start = _LEAD.match(self.unquoted, start, end).end()  # type: ignore[union-attr]
            found = _SENTENCE_END.search(self.unquoted, start, end)
            stop = found.end() if found else end
            text = self.unquoted[start:stop]
            if any(char.isalnum() for char in text):
                yield Sentence(text, start, clause)
            start = max(stop, start + 1)


@lru_cache(maxsize=64)
def read_running_text(document: Document) -> RunningText:
    """The running text of a document, found once."""
    return RunningText(document)


@lru_cache(maxsize=256)
def parse_passage(text: str) -> RunningText:
    """A passage's running text, parsed once for all rules."""
    return RunningText(parse_document(text, "draft/passage"))


def mask(text: str, clauses: tuple[Clause, ...]) -> str:
    """A markdown text with holes where something else than running text stands."""
    parts, at = [], 0
    for clause in clauses:
        if clause.kind in _HIDDEN_KINDS:
            parts += [text[at : clause.span.start], re.sub(r"\S", HOLE, text[clause.span.start : clause.span.end])]
            at = clause.span.end
    return _NOT_PROSE.sub(_holes, "".join(parts) + text[at:])


def _holes(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", HOLE, match.group())
