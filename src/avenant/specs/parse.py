"""Markdown as labs write it -> Document, with exact spans.

The parser is marko (CommonMark 0.31), which gives every block its place in the source. Added to it are the
`!!! kind` admonitions and the heading attributes `{#id authority=root}` of OpenAI's Model Spec. The document is
never rendered back: edits go by span.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marko import Markdown, block
from marko.element import Element
from marko.helpers import MarkoExtension
from marko.source import Source

from avenant.errors import FormatError
from avenant.specs.document import Clause, ClauseKind, Document, Section, Span, Turn
from avenant.text import LIST_MARK, UNTITLED, fold_words, slugify

_ATTRIBUTES = re.compile(r"\s*\{([^{}]*)\}\s*$")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_REFERENCE = re.compile(r"\]\(#([^)\s]+)\)|(?<=GOOD|.BAD)\[#([^\]\s]+)\]")
_CAPTION = re.compile(rf"(?:{LIST_MARK}[ \t]+)?[*_]*Example[*_]*\s*:", re.IGNORECASE)
_TURN = re.compile(
    r"""<(?P<role>user|assistant|developer|system|tool)\b[^>\n]*>
        (?:\s*<!--\s*(?P<grade>GOOD|BAD)\b(?:\[\#[^\]\s]+\])?[:,]?\s*(?P<note>.*?)\s*-->)?
        .*?(?:</(?P=role)>|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_CLAUSE_KINDS: dict[str, ClauseKind] = {
    "Paragraph": "paragraph",
    "Admonition": "admonition",
    "FencedCode": "code",
    "CodeBlock": "code",
    "Quote": "quote",
    "HTMLBlock": "html",
    "ThematicBreak": "rule",
    "LinkRefDef": "paragraph",
}


class Admonition(block.BlockElement):
    """`!!! kind "Title"` with an indented body, as Python-Markdown's extension has it."""

    priority = 8
    breaks_paragraph = True
    pattern = re.compile(r"!!![^\S\n]+\S[^\n]*$", re.MULTILINE)
    body = re.compile(r"(?:[^\S\n]*\n)*(?: {4}|\t)[^\n]*\S[^\n]*(?:\n|\Z)")

    def __init__(self) -> None:
        self.children: Sequence[Element] = []

    @classmethod
    def match(cls, source: Source) -> Any:
        """Whether an admonition begins here."""
        return source.expect_re(cls.pattern)

    @classmethod
    def parse(cls, source: Source) -> Any:
        """Take the head line and every indented line below it; one blank line after the head is let pass."""
        source.next_line()
        source.consume()
        while not source.exhausted and source.expect_re(cls.body):
            source.consume()
        return cls()


class _BlocksOnly:
    """Parser mixin: clauses are blocks, and the words inside them are left as they stand."""

    def parse_inline(self, element: block.BlockElement, source: Source) -> None:
        """Skip the inline elements, which take as long to find as all the blocks."""


@dataclass(slots=True)
class _Heading:
    span: Span
    level: int
    title: str
    attributes: tuple[tuple[str, str], ...]
    id: str | None


@dataclass(slots=True)
class _Block:
    span: Span
    kind: ClauseKind
    list_span: Span | None = None


def parse_document(text: str, document_id: str) -> Document:
    """Parse a document; every markdown text that people write has a parse.

    Args:
        text: the decoded source, with the line ends that it has on disk.
        document_id: `lab/version`.

    Raises:
        FormatError: quotes or lists nested so deep that the parser runs out of stack.
    """
    # Marko sees "\n" alone, in a text of the same length, so that its spans hold for the source as it is.
    source = text.replace("\r\n", " \n").replace("\r", "\n").replace("\ufeff", " ", 1 if text[:1] == "\ufeff" else 0)
    try:
        tree = Markdown(extensions=[MarkoExtension(elements=[Admonition], parser_mixins=[_BlocksOnly])]).parse(source)
    except RecursionError as error:
        raise FormatError(
            f"{document_id}: quotes or lists in it are nested hundreds deep",
            mend="check the lines that begin with > or -",
        ) from error
    headings: list[_Heading] = []
    blocks: list[_Block] = []
    for item in _flatten(tree.children, source):
        (headings if isinstance(item, _Heading) else blocks).append(item)  # type: ignore[arg-type]
    sections = _sections(headings, len(text))
    unlinked = Document(document_id, text, sections, ())
    return replace(unlinked, clauses=_clauses(unlinked, blocks), newline=_newline(text))


def find_inline_elements(text: str, offset: int) -> list[tuple[Span, Span]]:
    """Emphasised phrases, code and links in a block: each with its marks and without them.

    Args:
        text: the block's source.
        offset: where it begins in the document; added to the spans.
    """
    found: list[tuple[Span, Span]] = []

    def visit(element: Any) -> None:
        children = getattr(element, "children", None)
        name = type(element).__name__
        if name in ("Emphasis", "StrongEmphasis", "Link", "CodeSpan", "Image"):
            outer = _span(element)
            spans = [_span(child) for child in children] if isinstance(children, list) else []
            marks = len(text[outer.start :]) - len(text[outer.start :].lstrip("`"))
            inner = Span(spans[0].start, spans[-1].end) if spans else Span(outer.start + marks, outer.end - marks)
            found.append(
                (Span(outer.start + offset, outer.end + offset), Span(inner.start + offset, inner.end + offset))
            )
        for child in children if isinstance(children, list) else []:
            visit(child)

    visit(Markdown().parse(text.replace("\r", " ")))
    return found


def _flatten(elements: Sequence[Element], source: str) -> Iterator[_Heading | _Block]:
    for element in elements:
        name = type(element).__name__
        if name in ("Heading", "SetextHeading"):
            yield _heading(element, source)
        elif name == "List":
            outer = _trim(_span(element), source)
            for inner in _items(element, source):
                inner.list_span = outer
                yield inner
        elif name in _CLAUSE_KINDS:
            span = _trim(_span(element), source)
            if span.start < span.end:
                yield _Block(span, _CLAUSE_KINDS[name])


def _items(element: Any, source: str) -> Iterator[_Block]:
    """One block for each list item, its nested items apart; the blocks follow each other without overlap."""
    for item in element.children:
        nested = [child for child in item.children if type(child).__name__ == "List"]
        start, end = item.source_span
        for child in nested:
            own = _trim(Span(start, child.source_span[0]), source)
            if own.start < own.end and source[own.start : own.end].strip():
                yield _Block(own, "list-item")
            yield from _items(child, source)
            start = child.source_span[1]
        own = _trim(Span(start, end), source)
        if own.start < own.end and source[own.start : own.end].strip():
            yield _Block(own, "list-item")


def _span(element: Any) -> Span:
    start, end = element.source_span
    return Span(start, end)


def _trim(span: Span, source: str) -> Span:
    """Leave out blank lines at both ends and indentation at the head; keep the line end that closes the block."""
    body = source[span.start : span.end]
    if not body.strip():
        return Span(span.start, span.start)
    head = len(body) - len(body.lstrip())
    last = span.start + len(body.rstrip())
    line_end = source.find("\n", last)
    end = len(source) if line_end < 0 else line_end + 1
    return Span(span.start + head, min(end, span.end) if span.end > last else end)


def _heading(element: Element, source: str) -> _Heading:
    span = _span(element)
    raw = source[span.start : span.end]
    if type(element).__name__ == "SetextHeading":
        level = 1 if raw.rstrip().endswith("=") else 2
        title = "\n".join(raw.rstrip().splitlines()[:-1])
    else:
        level = int(element.level)  # type: ignore[attr-defined]
        title = re.sub(r"\s+#+\s*$", "", raw.strip().lstrip("#"))
    found = _ATTRIBUTES.search(title)
    own_id, attributes = None, []
    if found and re.match(r"[#.\w]", found.group(1).strip() or "-"):
        title = title[: found.start()]
        for word in found.group(1).split():
            if word.startswith("#"):
                own_id = word[1:]
            elif "=" in word:
                key, value = word.split("=", 1)
                attributes.append((key, value.strip("\"'")))
    return _Heading(span, level, plain_title(title), tuple(attributes), own_id)


def plain_title(title: str) -> str:
    """A heading's words without markup, its typographic quotes kept."""
    plain = re.sub(r"\\([!-/:-@\[-`{-~])|[*`]+", lambda match: match.group(1) or "", title)
    return " ".join(plain.split())


def _sections(headings: list[_Heading], length: int) -> tuple[Section, ...]:
    sections: list[Section] = []
    taken: set[str] = set()
    open_titles: list[tuple[int, str]] = []
    first = headings[0].span.start if headings else length
    if first > 0:
        sections.append(Section("preamble", "", 0, Span(0, first), ()))
        taken.add("preamble")
    for index, heading in enumerate(headings):
        open_titles = [(level, title) for level, title in open_titles if level < heading.level]
        open_titles.append((heading.level, heading.title))
        end = headings[index + 1].span.start if index + 1 < len(headings) else length
        section_id = _unique(heading.id or slugify(heading.title), taken)
        path = tuple(title for _, title in open_titles)
        span = Span(heading.span.start, end)
        sections.append(
            Section(section_id, heading.title, heading.level, span, path, heading.span.end, heading.attributes)
        )
    return tuple(sections)


def _clauses(document: Document, blocks: list[_Block]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    taken: set[str] = set()
    sections = iter(document.sections)
    section = next(sections, None)
    for item in blocks:
        while section is not None and item.span.start >= section.span.end:
            section = next(sections, None)
        assert section is not None
        body = document.slice(item.span)
        kind = _refine(item.kind, body)
        clauses.append(
            Clause(
                id=_unique(_clause_id(kind, body), taken),
                kind=kind,
                span=item.span,
                section_id=section.id,
                line=document.line(item.span.start),
                footnotes=tuple(_FOOTNOTE.findall(body)),
                is_commentary=item.kind == "admonition" and body.startswith("!!! meta"),
                is_example=kind == "example" or _CAPTION.match(body) is not None,
                turns=_turns(body, item.span.start) if kind == "example" else (),
                references=tuple(link or grade for link, grade in _REFERENCE.findall(body)),
                list_span=item.list_span,
            )
        )
    return tuple(clauses)


def _clause_id(kind: ClauseKind, body: str) -> str:
    # Neither a fence nor a tag is words, nor is the number of a list's item, which changes with the items before it.
    marks = r"\d{1,9}[.)]\s" if kind == "list-item" else r"[~`]{3,}\w*"
    words = re.sub(r"\W+", " ", fold_words(re.sub(rf"\A{marks}|<[^>\n]*>", " ", body))).casefold().split()
    if not words:
        return kind
    readable = slugify(" ".join(words[:12]), 40)
    digits = 12 if readable == UNTITLED else 4
    return f"{readable}-{hashlib.sha256(' '.join(words).encode()).hexdigest()[:digits]}"


def _turns(body: str, offset: int) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            span=Span(offset + match.start(), offset + match.end()),
            role=match["role"],
            grade={"GOOD": "good", "BAD": "bad"}.get(match["grade"] or ""),  # type: ignore[arg-type]
            note=" ".join((match["note"] or "").split()),
        )
        for match in _TURN.finditer(body)
    )


def _refine(kind: ClauseKind, body: str) -> ClauseKind:
    return "example" if kind == "code" and re.match(r"(~{3,}|`{3,})xml", body) else kind


def _unique(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def _newline(text: str) -> str:
    crlf = text.count("\r\n")
    return "\r\n" if crlf > text.count("\n") - crlf else "\n"
