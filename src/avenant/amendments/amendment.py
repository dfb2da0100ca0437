"""An amendment: one markdown file with YAML front matter, one idea."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.amendments.edit import Edit, parse_edits
from avenant.errors import Fault, FormatError
from avenant.files import Yaml, parse_yaml, read_text
from avenant.specs.document import Document, Section, Span
from avenant.specs.library import SPEC_ID
from avenant.specs.parse import parse_document
from avenant.text import fold_words, is_guid

Status = Literal["draft", "in-review", "sent", "adopted", "declined", "withdrawn"]
STATUSES: tuple[str, ...] = get_args(Status)
SECTIONS = ("Passage", "Why", "Expected behaviour", "Risks and side effects")
"""The four sections of the body, in order."""
STATED_VIEW = "Against the stated view"
"""An optional fifth section: why the document's own judgement should change, where the passage contests one."""
_TITLES = (*SECTIONS, STATED_VIEW)

_TEXTS = ("title", "spec", "placeholder", "canary")
_LISTS = ("threats", "authors")
_KEYS = (*_TEXTS, *_LISTS, "status", "edits")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A draft as its author wrote it, under the placeholder's name."""

    path: Path
    title: str
    spec: str
    """Id of the document that it amends: `lab/version`."""
    placeholder: str
    """The name that stands for the model's own."""
    threats: tuple[str, ...]
    status: Status
    authors: tuple[str, ...]
    canary: str
    """GUID that lets anyone filter the draft out of training data."""
    edits: tuple[Edit, ...]
    sections: Mapping[str, str]
    """Text of each body section, without comments and blank ends."""
    section_lines: Mapping[str, int]
    """Line of each body section's heading in the file, from 1."""
    source: str
    """The whole file."""
    section_pieces: Mapping[str, tuple[tuple[int, int], ...]] = field(compare=False, default_factory=dict)
    """Where each body section's text stands in the file: (offset in the text, offset in the file) of each run that
    no comment interrupts."""

    @property
    def slug(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def passage(self) -> str:
        """The words under `## Passage`; empty where there are none."""
        return self.sections.get("Passage", "")

    def passage_of(self, edit: Edit) -> str:
        """The words that one of the edits adds; empty for a deletion or a move."""
        if not edit.is_adding:
            return ""
        return self.passage if edit.passage is None else edit.passage


def read_amendment(path: Path) -> Amendment:
    """Read an amendment file.

    Raises:
        FormatError: all that is wrong with the file, each with its line and mend.
    """
    return parse_amendment(read_text(path), path)


def parse_amendment(source: str, path: Path) -> Amendment:
    """Parse an amendment's text; see `read_amendment`."""
    head, body, body_line = split_front_matter(source, path)
    front = parse_yaml(head, path, first_line=2)
    if not isinstance(front.data, dict):
        raise FormatError("the front matter is not a list of keys", path=path, line=2, mend="see `avenant new`")
    faults: list[Fault] = []
    _check_keys(front, path, faults)
    edits = parse_edits(front, path, faults)
    if faults:
        raise FormatError.from_faults(faults)
    data: dict[str, Any] = front.data
    document = parse_document(body, "amendment/body")
    faults = list(_body_faults(document, path, body_line))
    if faults:
        raise FormatError.from_faults(faults)
    bodies = _body_sections(document)
    sections = {title: text for title, (text, _) in bodies.items()}
    section_lines = {
        title: body_line + document.line(section.span.start) - 1
        for title in _TITLES
        for section in document.find_sections(title)[:1]
    }
    if sections.get("Passage") and not any(edit.is_adding and edit.passage is None for edit in edits):
        raise FormatError(
            "no edit takes the words under ## Passage",
            path=path,
            line=section_lines["Passage"],
            mend="take them out, or let an edit without `passage:` of its own add them",
        )
    return Amendment(
        path=path,
        title=data["title"],
        spec=data["spec"],
        placeholder=data["placeholder"],
        threats=tuple(data.get("threats") or ()),
        status=data.get("status", "draft"),
        authors=tuple(data.get("authors") or ()),
        canary=data["canary"],
        edits=edits,
        sections=sections,
        section_lines=section_lines,
        source=source,
        section_pieces={
            title: tuple((at, start + len(source) - len(body)) for at, start in pieces)
            for title, (_, pieces) in bodies.items()
        },
    )


def split_front_matter(source: str, path: Path) -> tuple[str, str, int]:
    """The YAML between the two lines of hyphens, the body below them, and the body's first line.

    Raises:
        FormatError: there is no front matter.
    """
    match = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", source, re.DOTALL | re.MULTILINE)
    if match is None:
        raise FormatError(
            "no front matter: the file must begin with --- and close it with ---",
            path=path,
            line=1,
            mend="`avenant new` writes a file with all that belongs there",
        )
    return match.group(1), source[match.end() :], source[: match.end()].count("\n") + 1


def _check_keys(front: Yaml, path: Path, faults: list[Fault]) -> None:
    data: dict[str, Any] = front.data

    def fault(key: str, problem: str, mend: str) -> None:
        faults.append(Fault(problem, path, front.line(key), mend))

    for key in data:
        if key not in _KEYS:
            fault(key, f"unknown key {key!r}", f"known keys: {', '.join(_KEYS)}")
    for key in (*_TEXTS, "edits"):
        if not data.get(key):
            fault(key, f"{key} is missing or empty", f"add `{key}:`")
        elif key in _TEXTS and not isinstance(data[key], str):
            fault(key, f"{key} must be a text, not {data[key]!r}", "put it in quotes")
    for key in _LISTS:
        value = data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            fault(key, f"{key} must be a list of texts, not {data[key]!r}", f"for example: {key}: [one, two]")
    if data.get("status", "draft") not in STATUSES:
        fault("status", f"unknown status {data['status']!r}", f"one of: {', '.join(STATUSES)}")
    if isinstance(data.get("spec"), str) and data["spec"] and not SPEC_ID.fullmatch(data["spec"]):
        fault("spec", f"{data['spec']!r} is not of the form lab/version", "see `avenant spec list`")
    if isinstance(data.get("canary"), str) and data["canary"] and not is_guid(data["canary"]):
        fault("canary", f"{data['canary']!r} is not a GUID", f"for example: canary: {uuid.uuid4()}")


def _body_faults(document: Document, path: Path, body_line: int) -> Iterator[Fault]:
    """A heading of level 1 or 2 that is no section's would cut a passage short without a word."""
    seen: set[str] = set()
    for section in document.sections:
        line = body_line + document.line(section.span.start) - 1
        name = _section_title(section)
        if section.level in (1, 2) and (name is None or section.level == 1):
            mend = f"the sections are {', '.join(_TITLES)}, each with ##; inside them use ### and below"
            yield Fault(f"unknown section {section.title!r}", path, line, mend)
        elif section.level == 2 and name in seen:
            yield Fault(f"the section {name!r} stands twice", path, line, "make one of them")
        if section.level == 2 and name is not None:
            seen.add(name)


def _section_title(section: Section) -> str | None:
    return next((title for title in _TITLES if fold_words(title) == fold_words(section.title)), None)


Pieces = list[tuple[int, int]]


def _body_sections(document: Document) -> dict[str, tuple[str, Pieces]]:
    found: dict[str, tuple[str, Pieces]] = {}
    for section in document.sections:
        name = _section_title(section)
        if name is not None and section.level == 2:
            found[name] = _without_comments(document, Span(section.body_start, document.subtree(section).end))
    return found


def _without_comments(document: Document, body: Span) -> tuple[str, Pieces]:
    """The text without comments and blank ends; those inside code are words (an example's <!-- GOOD --> is one)."""
    runs, at = [], body.start
    for match in _COMMENT.finditer(document.text, body.start, body.end):
        clause = document.clause_at(match.start())
        if clause is None or clause.kind not in ("code", "example"):
            runs.append(Span(at, match.start()))
            at = match.end()
    runs.append(Span(at, body.end))
    whole = "".join(document.slice(run) for run in runs)
    cut = len(whole) - len(whole.lstrip())
    pieces: Pieces = []
    length = -cut
    for run in runs:
        if length + run.end - run.start > 0:
            pieces.append((max(0, length), run.start + max(0, -length)))
        length += run.end - run.start
    return whole.strip(), pieces
