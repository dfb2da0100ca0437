"""The redline: what changes do to a document, as data, as a unified diff that git applies, as CriticMarkup."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avenant.amendments.apply import Change, apply_changes
from avenant.errors import EditError
from avenant.specs.document import Document
from avenant.text import DiffPiece, diff_words


def as_it_is(text: str) -> str:
    """The mask of what is for the lab: none."""
    return text


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


def make_redline(document: Document, change: Change, *, mask: Callable[[str], str] = as_it_is) -> Redline:
    """The redline of one change.

    Args:
        document: the original.
        change: what is done to it.
        mask: what a text of the document goes through before it is compared and shown.
    """
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
        section=mask(" > ".join(section.path)),
        line=document.line(change.span.start),
        # With the headings that stand between, so that nobody takes a clause for one of another section.
        before=mask(document.text[before[-1] if before else section.span.start : start].strip()),
        # Masked before they are compared: a name of which a part changed would else stand there in pieces.
        pieces=tuple(diff_words(mask(document.text[start:end]), mask(new))),
        after=mask(document.text[end : after.span.end].strip()) if after else "",
    )


def critic_markup(
    document: Document, changes: Sequence[Change], *, mask: Callable[[str], str] = as_it_is, comment: str = ""
) -> str:
    """The whole document with the changes as CriticMarkup (http://criticmarkup.com/spec.php).

    Taking every suggestion gives the amended document, refusing them all the original, byte for byte where nothing is
    masked; either way the comment goes.

    Args:
        document: the original.
        changes: what is done to it.
        mask: what the words go through.
        comment: stands at the top, as a comment of CriticMarkup's; empty for none.

    Raises:
        EditError: the words themselves hold CriticMarkup's signs, so that the two could not be told apart; or a change
            cuts a name that is masked in two.
    """
    text = document.text
    for words in (text, *(change.text for change in changes)):
        if found := _CRITIC_SIGNS.search(words):
            raise EditError(
                f"the words hold {found.group()!r}, a sign of CriticMarkup", mend="choose another format: --format"
            )
    out: list[str] = []
    at = 0
    for change in sorted(changes, key=lambda change: change.span):
        old = mask(document.slice(change.span))
        out += [mask(text[at : change.span.start]), _critic(old, mask(change.text))]
        at = change.span.end
    marked = "".join(out) + mask(text[at:])
    for whole in (_REFUSED.sub(r"\1\2", marked), _TAKEN.sub(r"\1\2", marked)):
        if mask(whole) != whole:
            raise EditError("an edit cuts a model's name in two", mend="choose another format: --format")
    mark = "\ufeff" if marked.startswith("\ufeff") else ""
    return mark + (f"{{>>{comment}<<}}" if comment else "") + marked.removeprefix(mark)


_REFUSED = re.compile(r"\{\+\+.*?\+\+\}|\{--(.*?)--\}|\{~~(.*?)~>.*?~~\}", re.DOTALL)
_TAKEN = re.compile(r"\{--.*?--\}|\{\+\+(.*?)\+\+\}|\{~~.*?~>(.*?)~~\}", re.DOTALL)
_CRITIC_SIGNS = re.compile(r"\{\+\+|\+\+\}|\{--|--\}|\{~~|~>|~~\}|\{>>|<<\}|\{==|==\}")


def _critic(old: str, new: str) -> str:
    if old and new:
        return f"{{~~{old}~>{new}~~}}"
    return f"{{--{old}--}}" if old else f"{{++{new}++}}"


def unified_diff(
    document: Document,
    changes: Sequence[Change],
    path: str,
    *,
    mask: Callable[[str], str] = as_it_is,
    head: Sequence[str] = (),
) -> str:
    """A unified diff that, where nothing is masked, `git apply` and `patch` accept on the document's own file.

    Args:
        document: the original.
        changes: what is done to it.
        path: the file's path in the lab's repository, for the `a/` and `b/` lines.
        mask: what the two texts and the path go through.
        head: lines above the diff, which the tools skip.
    """
    path = mask(path)
    old, new = _lines(mask(document.text)), _lines(mask(apply_changes(document.text, changes)))
    # As git writes it: without a tab `patch` ends a path at its first blank.
    tab = "\t" if " " in path else ""
    out = [f"{line}\n" for line in head]
    for line in difflib.unified_diff(old, new, f"a/{path}{tab}", f"b/{path}{tab}"):
        out.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(out)


def _lines(text: str) -> list[str]:
    """Lines as git sees them: `splitlines` would also break at form feeds and the like."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
