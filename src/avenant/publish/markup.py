"""The words of HTML and XML as a reader sees them: joined over the tags inside a paragraph, apart elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from avenant.publish.part import Extract, Nest, Part
from avenant.publish.plain import take_out_encoded

# A parser that demands well-formed files would read none of a broken page, and one that builds a tree reads a large
# document slowly; for words alone, a pass over the tags is enough, and it fails on nothing.
_TOKEN = re.compile(
    r"""
      <!--(?P<comment>.*?)(?:-->|\Z)
    | <!\[CDATA\[(?P<literal>.*?)(?:\]\]>|\Z)
    | <(?P<unseen>script|style)\b.*?(?:</(?P=unseen)\s*>|\Z)
    | <(?P<slash>[/!?]?)(?P<tag>[A-Za-z_][\w:.-]*)
      (?:(?P<inside>(?:[^<>"']|"[^"]*"|'[^']*')*+)>|(?P<broken>[^<>]*+)>)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")

_INLINE = re.compile(
    # HTML, SVG, and texts of a spreadsheet
    r"""a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|nobr|q|r[pt]|ruby|s|samp|small
    |span|strike|strong|su[bp]|time|tt|u|var|wbr
    |tspan|textpath
    |r|t|rpr|sz|color|rfont|family|scheme|charset|vertalign|outline|shadow
    """,
    re.VERBOSE,
)
"""Tags that part no words; all others do."""
_BREAKS = re.compile(r"p|h|br|cr|tab|t[rc]|s|line-break|list-item|annotation|note|comment|sectpr")
"""Of the vocabularies below, the tags that part words; all others do not."""
_OFFICE = frozenset(("w", "w14", "w15", "a", "m", "mc", "wp", "text", "office"))
"""Prefixes of Word's, PowerPoint's and OpenDocument's vocabularies."""
_DELETED = frozenset(("del", "w:del", "w:movefrom", "a:del"))
_INSERTED = frozenset(("ins", "w:ins", "w:moveto", "a:ins"))
_CHANGES = re.compile(r"<(?:w:(?:ins|del|moveFrom|moveTo)|ins|del)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Joined:
    """The words of a text with markup."""

    text: str
    lines: tuple[tuple[int, int], ...]
    """Offsets in the text with the line of the source at each."""


def is_markup(text: str) -> bool:
    """Whether a text is HTML or XML, by its beginning."""
    start = text[:1000].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<?xml", "<!doctype", "<html", "<svg", "<!--", "<head", "<body", "<w:", "<office:"))


def read_page(source: str, nest: Nest) -> Iterator[Part]:
    """A page or an XML file of its own: its words, with deletions and without, then its source.

    The source holds attributes, comments and scripts; its lines are those of the words.
    """
    source, parts = take_out_encoded(source, nest)
    yield from parts
    yield from (Extract("", one.text, one.lines) for one in _versions(source))
    yield Extract("", source, ((0, 1),))


def read_piece(source: str, nest: Nest) -> Iterator[Part]:
    """An XML file inside a document: its words, with deletions and without, then each attribute and comment once.

    Nearly all of its source is markup that says the same in every paragraph.
    """
    source, parts = take_out_encoded(source, nest)
    yield from parts
    yield from (Extract("", one.text) for one in _versions(source))
    yield Extract("", "\n".join(_attributes(source)))


def join_words(source: str, *, left_out: frozenset[str] = frozenset()) -> Joined:
    """The words of a text with markup.

    Args:
        source: HTML or XML, well-formed or not.
        left_out: tags whose contents are left out, in lower case.
    """
    out: list[str] = []
    lines: list[tuple[int, int]] = []
    length, line, at = 0, 1, 0
    hidden = 0

    def put(text: str) -> None:
        nonlocal length
        if text and not hidden:
            lines.append((length, line))
            out.append(text)
            length += len(text)

    for token in _TOKEN.finditer(source):
        between = source[at : token.start()]
        put(html.unescape(between) if "&" in between else between)
        line += between.count("\n")
        if token["literal"] is not None:
            put(token["literal"])
        elif token["tag"] is not None:
            tag = token["tag"].lower()
            if tag in left_out and not (token["inside"] or "").endswith("/"):
                hidden = max(hidden + (-1 if token["slash"] else 1), 0)
            if not _is_inline(tag):
                put("\n")
        line += token.group().count("\n")
        at = token.end()
    put(html.unescape(source[at:]))
    return Joined("".join(out), tuple(lines))


def _versions(source: str) -> Iterator[Joined]:
    """The words with tracked changes side by side; then as they read once the changes are accepted, or rejected."""
    yield join_words(source)
    if _CHANGES.search(source):
        yield join_words(source, left_out=_DELETED)
        yield join_words(source, left_out=_INSERTED)


@lru_cache(maxsize=4096)
def _is_inline(tag: str) -> bool:
    prefix, _, name = tag.rpartition(":")
    if prefix in _OFFICE:
        return _BREAKS.fullmatch(name) is None
    # A tag with a hyphen is an element of the page's own making, and such ones are inline.
    return _INLINE.fullmatch(name) is not None or (not prefix and "-" in name)


def _attributes(source: str) -> Iterator[str]:
    """Values of attributes and comments, each once."""
    values = dict.fromkeys(_VALUE.findall(source))
    yield from dict.fromkeys(html.unescape("".join(value)) for value in values)
    yield from _COMMENT.findall(source)
