"""The redline: what changes do to a document, as data, as a unified diff that git applies, as CriticMarkup."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from avenant.amendments.apply import Change, apply_changes
from avenant.errors import EditError
from avenant.specs.document import Document
from avenant.text import DiffPiece, diff_words


@dataclass(frozen=True, slots=True)
class Redline:
    """The edited place with the clause before and after it."""

    section: str
    """Heading path of the place, joined with " > "."""
    line: int
    """Line of the original at which the change begins, from 1."""
    before: str
    """The clause before, or the heading."""
    pieces: tuple[DiffPiece, ...]
    """Words kept, inserted and deleted."""
    after: str
    """The clause after, with the headings that stand between."""


def make_redline(document: Document, change: Change) -> Redline:
    """The redline of one change."""
    start, end = change.span.start, change.span.end
    section = document.section_at(max(0, start - 1))
    clauses = document.clauses_of(section)
    if start < end:
        # Within a clause the whole clause is shown, so that the sentence can be read.
        touched = [c for c in clauses if c.span.start < end and start < c.span.end]
        start = min([start, *(c.span.start for c in touched)])
        end = max([end, *(c.span.end for c in touched)])
    before = [c.span.start for c in clauses if c.span.end <= start]
    after = next((c for c in document.clauses if c.span.start >= end), None)
    new = document.text[start : change.span.start] + change.text + document.text[change.span.end : end]
    return Redline(
        section=" > ".join(section.path),
        line=document.line(change.span.start),
        # With the headings that stand between, so that nobody takes a clause for one of another section.
        before=document.text[before[-1] if before else section.span.start : start].strip(),
        pieces=tuple(diff_words(document.text[start:end], new)),
        after=document.text[end : after.span.end].strip() if after else "",
    )


def critic_markup(document: Document, changes: Sequence[Change]) -> str:
    """The whole document with the changes as CriticMarkup (http://criticmarkup.com/spec.php).

    Taking every suggestion gives the amended document byte for byte, refusing them all the original.

    Raises:
        EditError: the words themselves hold CriticMarkup's signs, so that the two could not be told apart.
    """
    for text in (document.text, *(change.text for change in changes)):
        if found := _CRITIC_SIGNS.search(text):
            raise EditError(
                f"the words hold {found.group()!r}, a sign of CriticMarkup", mend="choose another format: --format"
            )
    return apply_changes(
        document.text, [Change(one.span, _critic(document.slice(one.span), one.text)) for one in changes]
    )


_CRITIC_SIGNS = re.compile(r"\{\+\+|\+\+\}|\{--|--\}|\{~~|~>|~~\}|\{>>|<<\}|\{==|==\}")


def _critic(old: str, new: str) -> str:
    if old and new:
        return f"{{~~{old}~>{new}~~}}"
    return f"{{--{old}--}}" if old else f"{{++{new}++}}"


def unified_diff(document: Document, changes: Sequence[Change], path: str) -> str:
    """A unified diff that `git apply` and `patch` accept on the document's own file.

    Args:
        document: the original.
        changes: what is done to it.
        path: the file's path in the lab's repository, for the `a/` and `b/` lines.
    """
    old, new = _lines(document.text), _lines(apply_changes(document.text, changes))
    # As git writes it: without a tab `patch` ends a path at its first blank.
    tab = "\t" if " " in path else ""
    out = []
    for line in difflib.unified_diff(old, new, f"a/{path}{tab}", f"b/{path}{tab}"):
        out.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(out)


def _lines(text: str) -> list[str]:
    """Lines as git sees them: `splitlines` would also break at form feeds and the like."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
