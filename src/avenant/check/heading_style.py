"""How a document writes its headings, and how it uses levels of authority."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.habits import CLEAR, LEAST_CASES
from avenant.specs.document import Document, Section

_ATTRIBUTES = re.compile(r"\{([^{}]*)\}\s*$", re.MULTILINE)
_ID = re.compile(r"#(\S+)")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s+[*_“\"]*(\w[\w-]*)")
_BINDING = re.compile(r"\b(?:cannot|can['’]t|can never|never) be (?:overrid|overrul|chang)|\bhighest\b", re.IGNORECASE)
_LEAST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """How a document writes its headings."""

    depth: int
    """Level of its deepest heading."""
    has_gaps: bool
    """Whether it goes down by two levels at a time somewhere."""
    has_ids: bool
    """Whether its headings have ids of their own, `{#id}`."""
    has_underlines: bool
    """Whether it has headings that are underlined."""
    id_joint: str
    """What it joins the words of an id with, "_" or "-"; empty where it has no habit."""
    is_title_case: bool | None
    """Whether Its Headings Are Written So; None where it has no habit."""
    keys: frozenset[str]
    """Names of the attributes that headings have."""


@dataclass(frozen=True, slots=True)
class AuthorityLevels:
    """The levels of authority of a document."""

    names: tuple[str, ...]
    """Those that headings state, the most frequent first; empty where the document has none."""
    order: tuple[str, ...]
    """All levels from the highest, as a list of the document has them; empty where no list tells."""
    pairs: frozenset[tuple[str, str]]
    """(level of a section, level of a section right below it) as they occur."""

    def is_known(self, name: str) -> bool:
        """Whether the document has such a level."""
        return name in self.names or name in self.order

    def rank(self, name: str) -> int | None:
        """0 for the highest level; None where the order is not known or does not hold the level."""
        return self.order.index(name) if name in self.order else None


@lru_cache(maxsize=32)
def learn_headings(document: Document) -> HeadingStyle:
    """How a document writes its headings."""
    sections = [section for section in document.sections if section.level]
    steps = zip([0, *(section.level for section in sections)], sections, strict=False)
    ids = [found for section in sections if (found := own_id(document, section))]
    joints = Counter(joint for one in ids for joint in "_-" if joint in one)
    joint, count = joints.most_common(1)[0] if joints else ("", 0)
    cases = Counter(case for section in sections if (case := title_case(section.title)) is not None)
    return HeadingStyle(
        depth=max((section.level for section in sections), default=0),
        has_gaps=any(section.level > before + 1 for before, section in steps),
        has_ids=len(sections) >= LEAST_CASES and len(ids) >= CLEAR * len(sections),
        has_underlines=any(is_underlined(document, section) for section in sections),
        id_joint=joint if count >= LEAST_CASES and count >= CLEAR * joints.total() else "",
        is_title_case=_habit(cases),
        keys=frozenset(key for section in sections for key, _ in section.attributes),
    )


@lru_cache(maxsize=32)
def learn_levels(document: Document) -> AuthorityLevels:
    """The levels of authority that a document has; what counts are the headings' `authority=…`."""
    counts = Counter(section.authority for section in document.sections if section.authority)
    names = tuple(name for name, _ in counts.most_common())
    pairs = {
        (above, section.authority)
        for section in document.sections
        if section.authority and (parent := parent_of(document, section)) and (above := document.authority_of(parent))
    }
    return AuthorityLevels(names, _find_order(document, frozenset(names)), frozenset(pairs))


def own_id(document: Document, section: Section) -> str | None:
    """The id that a heading states; None where it states none."""
    heading = document.text[section.span.start : section.body_start]
    found = _ATTRIBUTES.search(heading.rstrip())
    match = _ID.search(found.group(1)) if found else None
    return match.group(1) if match else None


def is_underlined(document: Document, section: Section) -> bool:
    """Whether a heading is a line with another of = or - below it."""
    return not document.text[section.span.start : section.body_start].lstrip().startswith("#")


def title_case(title: str) -> bool | None:
    """Whether a title Is Written So; None where it has too few long words to tell."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", title)[1:] if len(word) > 3]
    return all(word[0].isupper() for word in words) if len(words) > 1 else None


def parent_of(document: Document, section: Section) -> Section | None:
    """The section that a section stands in; None at the top."""
    before = (one for one in reversed(document.sections) if one.span.start < section.span.start)
    return next((one for one in before if 0 < one.level < section.level), None)


def children_of(document: Document, section: Section | None) -> Iterator[Section]:
    """The sections right below a section; those at the top for None."""
    for one in document.sections:
        if one.level and parent_of(document, one) is section:
            yield one


def _habit(cases: Counter[bool]) -> bool | None:
    [(usual, count)] = cases.most_common(1) or [(False, 0)]
    return usual if count >= LEAST_CASES and count >= CLEAR * cases.total() else None


def _find_order(document: Document, names: frozenset[str]) -> tuple[str, ...]:
    """The levels in the order of a list that names them all, item by item."""
    lists: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for clause in document.clauses:
        words = document.slice(clause.span)
        match = _ITEM.match(words) if clause.list_span and clause.kind == "list-item" else None
        if match and clause.list_span and clause.span.start - document.text.rfind("\n", 0, clause.span.start) == 1:
            key = (clause.list_span.start, clause.list_span.end)
            lists.setdefault(key, []).append((match.group(1).lower(), words))
    for items in lists.values():
        order = [name for name, _ in items]
        if len(names) >= _LEAST_LEVELS and names.issubset(order) and len(set(order)) == len(order):
            binding = [number for number, (_, words) in enumerate(items) if _BINDING.search(words)]
            is_rising = 0 not in binding and len(items) - 1 in binding
            return tuple(reversed(order)) if is_rising else tuple(order)
    return ()
