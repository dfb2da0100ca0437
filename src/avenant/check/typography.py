"""Typography: how a text writes quotation marks, dashes, bullets and the like, and how to write them otherwise.

A form is named by what is typed, so that it can be shown to people and put in another's place.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.habits import Habit, count_habits
from avenant.check.running_text import HOLE, RunningText

Replacement = tuple[int, int, str]
"""Start, end, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One place where a text had the choice between forms."""

    habit: str
    """What was to be written, in the plural, as people call it."""
    form: str
    start: int
    """Offset in the text."""
    end: int


@lru_cache(maxsize=256)
def learn_typography(text: RunningText) -> Mapping[str, Habit]:
    """The habits of a text by name."""
    starts = [clause.span.start for clause in text.document.clauses]
    return count_habits((mark.habit, mark.form, bisect.bisect_right(starts, mark.start)) for mark in find_marks(text))


def find_marks(text: RunningText) -> Iterator[Mark]:
    """Every place where the text had a choice, habit by habit."""
    for find in _FINDERS:
        yield from find(text)


def rewrite(text: RunningText, mark: Mark, form: str) -> list[Replacement]:
    """What has to change for a mark to have another form; nothing where that takes a person's judgement."""
    writer = _WRITERS.get(mark.habit)
    if writer is None:
        return [(mark.start, mark.end, form)]
    return writer(text.document.text, mark, form)


def describe(habit: str, form: str) -> str:
    """A form as people call it, with an example."""
    return _NAMES.get((habit, form), f"“{form}”" if '"' not in form else form)


QUOTES, APOSTROPHES, DASHES, ELLIPSES = "quotation marks", "apostrophes", "dashes", "ellipses"
BULLETS, NUMBERS, EMPHASIS, STRONG = "bullets", "list numbers", "emphasis marks", "strong emphasis marks"
SPACES, FIXED_SPACES, LINES = "spaces between sentences", "no-break spaces", "line breaks in a paragraph"
FENCES, ABBREVIATIONS = "code fences", "e.g. and i.e."
UNSEEN = (SPACES, FIXED_SPACES, LINES)
"""Habits that do not show on the page."""

_NAMES = {
    (QUOTES, "“”"): "curly quotation marks (“…”)",
    (QUOTES, '""'): 'straight quotation marks ("…")',
    (QUOTES, "‘’"): "single quotation marks (‘…’)",
    (QUOTES, "''"): "single straight quotation marks ('…')",
    (QUOTES, "«»"): "quotation marks of another language (« » „ “)",
    (APOSTROPHES, "’"): "curly apostrophes (’)",
    (APOSTROPHES, "'"): "straight apostrophes (')",
    (APOSTROPHES, "`"): "accents as apostrophes (` ´)",
    (DASHES, "—"): "long dashes without spaces (word—word)",
    (DASHES, " — "): "long dashes between spaces (word — word)",
    (DASHES, " – "): "short dashes between spaces (word – word)",
    (DASHES, "--"): "double hyphens (word--word)",
    (DASHES, " -- "): "double hyphens between spaces (word -- word)",
    (DASHES, "---"): "triple hyphens (word---word)",
    (DASHES, " --- "): "triple hyphens between spaces (word --- word)",
    (DASHES, " - "): "single hyphens between spaces (word - word)",
    (ELLIPSES, "…"): "the one-character ellipsis (…)",
    (ELLIPSES, "..."): "three full stops (...)",
    (BULLETS, "-"): "hyphens (-)",
    (BULLETS, "*"): "asterisks (*)",
    (BULLETS, "+"): "plus signs (+)",
    (NUMBERS, "."): "numbers with a full stop (1.)",
    (NUMBERS, ")"): "numbers with a bracket (1))",
    (EMPHASIS, "*"): "asterisks (*word*)",
    (EMPHASIS, "_"): "underscores (_word_)",
    (STRONG, "**"): "asterisks (**word**)",
    (STRONG, "__"): "underscores (__word__)",
    (SPACES, " "): "a single space between sentences",
    (SPACES, "  "): "several spaces between sentences",
    (FIXED_SPACES, "none"): "none",
    (FIXED_SPACES, "some"): "no-break spaces",
    (FENCES, "```"): "backticks (```)",
    (FENCES, "~~~"): "tildes (~~~)",
    (LINES, "none"): "each paragraph in one line",
    (LINES, "some"): "paragraphs broken into lines",
    (ABBREVIATIONS, "e.g.,"): "“e.g.” and “i.e.” with a comma behind them",
    (ABBREVIATIONS, "e.g."): "“e.g.” and “i.e.” without a comma",
    (ABBREVIATIONS, "eg"): "“eg” and “ie” without full stops",
}

_DOUBLE = re.compile(r"(?<!\\)(?<!['’]\d)(?<!['’]\d\d)\"|[“”„‟«»]")
"""But for escaped ones, and inches behind feet."""
_IN_DOUBLE = re.compile(r'“[^”\n]*(?:”|$)|"[^"\n]*"', re.MULTILINE)
_SINGLE = re.compile(r"(?<![\w\x1f])(?:‘[^‘“”\n]{1,200}?’|'(?!n')(?=\w)[^'\"“”\n]{1,200}?')(?!\w)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])(?:(?P<straight>')|(?P<curly>[’ʼ])|(?P<accent>[`´′]))(?=[^\W\d_])")
_DASH = re.compile(
    r"(?<=[^\s|:-])(?P<before>[ \t\u00a0\u202f]*)(?P<dash>[—―–]|-{1,3})(?P<after>[ \t\u00a0\u202f]*)(?=[^\s|:-])"
)
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)|…")
_NUMBER = re.compile(r"\d{1,9}([.)])(?=\s)")
_EMPHASIS = re.compile(r"(?<![*\w\\])([*_])(?=[^\s*_])[^*_\n]*(?<=[^\s*_\\])\1(?![*\w])")
_STRONG = re.compile(r"(?<![*\w\\])(\*\*|__)(?=[^\s*_])[^\n]*?(?<=[^\s\\])\1(?![*\w])")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])[\"”’)*_]*(?P<gap> +)(?=[A-Z“\"*_(\[])")
_FIXED_SPACE = re.compile(r"[ ]*[\u00a0\u2007\u2009\u202f][ \u00a0\u2007\u2009\u202f]*")
_BREAK = re.compile(
    r"(?<=[^\s\x1f\\:])[ ]?\n[ \t]*(?=[^\s\x1f|])(?!(?:[-*+#>]|\d{1,9}[.)])[ \t]|[=-]{3,}[ \t]*$)", re.MULTILINE
)
_ABBREVIATION = re.compile(r"\b(?:(?P<dotted>(?:e\.g|i\.e)\.)|(?:eg|ie)\b\.?)(?P<comma>,?)(?=\s)")


def _quotes(text: RunningText) -> Iterator[Mark]:
    before = ""
    for match in _DOUBLE.finditer(text.text):
        # The German mark that closes is the English one that opens.
        is_foreign = match.group() in "„‟«»" or (before == "„" and match.group() == "“")
        yield Mark(QUOTES, "«»" if is_foreign else '""' if match.group() == '"' else "“”", *match.span())
        before = match.group()
    # What is quoted inside a quotation has the other kind of marks.
    outside = _IN_DOUBLE.sub(lambda match: HOLE * len(match.group()), text.text)
    for match in _SINGLE.finditer(outside):
        form = "''" if match.group().startswith("'") else "‘’"
        yield Mark(QUOTES, form, *match.span())


def _apostrophes(text: RunningText) -> Iterator[Mark]:
    forms = {"straight": "'", "curly": "’", "accent": "`"}
    for match in _APOSTROPHE.finditer(text.text):
        yield Mark(APOSTROPHES, forms[match.lastgroup or ""], *match.span())


def _dashes(text: RunningText) -> Iterator[Mark]:
    for match in _DASH.finditer(text.text):
        dash = "—" if match["dash"] == "―" else match["dash"]
        before, after = (" " if match[side] else "" for side in ("before", "after"))
        is_between_digits = text.text[match.start() - 1].isdigit() and text.text[match.end()].isdigit()
        if dash in "-–" and (not (before and after) or is_between_digits):
            # A hyphenated word, a range, a minus.
            continue
        if dash.startswith("--") and before != after:
            # An option of a command.
            continue
        yield Mark(DASHES, before + dash + after, *match.span())


def _ellipses(text: RunningText) -> Iterator[Mark]:
    for match in _ELLIPSIS.finditer(text.text):
        yield Mark(ELLIPSES, match.group(), *match.span())


def _lists(text: RunningText) -> Iterator[Mark]:
    source = text.document.text
    for clause in text.document.clauses:
        start = clause.span.start
        if clause.kind == "list-item" and source[start] in "-*+":
            yield Mark(BULLETS, source[start], start, start + 1)
        elif clause.kind == "list-item" and (match := _NUMBER.match(source, start)):
            yield Mark(NUMBERS, match.group(1), match.end() - 1, match.end())


def _emphasis(text: RunningText) -> Iterator[Mark]:
    for habit, pattern in ((EMPHASIS, _EMPHASIS), (STRONG, _STRONG)):
        for match in pattern.finditer(text.text):
            yield Mark(habit, match.group(1), *match.span())


def _spaces(text: RunningText) -> Iterator[Mark]:
    for match in _SENTENCE_GAP.finditer(text.text):
        yield Mark(SPACES, " " if len(match["gap"]) == 1 else "  ", *match.span("gap"))
    for clause in text.clauses:
        found = _FIXED_SPACE.search(text.text, clause.span.start, clause.span.end)
        yield Mark(FIXED_SPACES, "some" if found else "none", clause.span.start, clause.span.end)


def _fences(text: RunningText) -> Iterator[Mark]:
    for clause in text.document.clauses:
        fence = text.document.text[clause.span.start :][:3]
        if clause.kind in ("code", "example") and fence in ("```", "~~~"):
            yield Mark(FENCES, fence, clause.span.start, clause.span.end)


def _lines(text: RunningText) -> Iterator[Mark]:
    for clause in text.clauses:
        if clause.kind in ("paragraph", "list-item"):
            found = _BREAK.search(text.text, clause.span.start, clause.span.end)
            yield Mark(LINES, "some" if found else "none", clause.span.start, clause.span.end)


def _abbreviations(text: RunningText) -> Iterator[Mark]:
    for match in _ABBREVIATION.finditer(text.text):
        form = "eg" if not match["dotted"] else "e.g.," if match["comma"] else "e.g."
        yield Mark(ABBREVIATIONS, form, *match.span())


_FINDERS: tuple[Callable[[RunningText], Iterator[Mark]], ...] = (
    _quotes,
    _apostrophes,
    _dashes,
    _ellipses,
    _lists,
    _emphasis,
    _spaces,
    _fences,
    _lines,
    _abbreviations,
)


def _write_quotes(source: str, mark: Mark, form: str) -> list[Replacement]:
    if form == "«»":
        return []
    opening, closing = form[0], form[1]
    if mark.form in ("''", "‘’"):
        return [(mark.start, mark.start + 1, opening), (mark.end - 1, mark.end, closing)]
    is_opening = source[mark.start] in "„‟«" if mark.form == "«»" else _is_opening(source, mark.start)
    return [(mark.start, mark.end, opening if is_opening else closing)]


def _is_opening(source: str, at: int) -> bool:
    """Whether a quotation mark opens, as its neighbours show: emphasis marks and dashes may stand on either side."""
    if source[at] != '"':
        return source[at] == "“"
    before, after = source[at - 1 : at] or " ", source[at + 1 : at + 2] or " "
    if before.isspace() or before in "([{":
        return True
    return before in "—–-/*_" and (after.isalnum() or after in "*_[‘“")


def _write_wrapped(source: str, mark: Mark, form: str) -> list[Replacement]:
    size = len(form)
    return [(mark.start, mark.start + size, form), (mark.end - size, mark.end, form)]


def _write_fences(source: str, mark: Mark, form: str) -> list[Replacement]:
    block = source[mark.start : mark.end].rstrip()
    opening = re.match(r"[`~]{3,}", block)
    assert opening is not None
    if form in block or not block.endswith(opening.group()):
        return []
    size, end = opening.end(), mark.start + len(block)
    fence = form[0] * size
    return [(mark.start, mark.start + size, fence), (end - size, end, fence)]


def _write_fixed_spaces(source: str, mark: Mark, form: str) -> list[Replacement]:
    if form != "none":
        return []
    return [(match.start(), match.end(), " ") for match in _FIXED_SPACE.finditer(source, mark.start, mark.end)]


def _write_lines(source: str, mark: Mark, form: str) -> list[Replacement]:
    if form != "none":
        return []
    breaks = _BREAK.finditer(source, mark.start, mark.end)
    return [(match.start(), match.end(), " ") for match in breaks]


def _write_abbreviations(source: str, mark: Mark, form: str) -> list[Replacement]:
    words = source[mark.start : mark.end]
    plain = "e.g." if words.startswith("e") else "i.e."
    written = {"e.g.,": f"{plain},", "e.g.": plain, "eg": plain.replace(".", "")}[form]
    return [(mark.start, mark.end, written)]


_WRITERS: dict[str, Callable[[str, Mark, str], list[Replacement]]] = {
    QUOTES: _write_quotes,
    EMPHASIS: _write_wrapped,
    STRONG: _write_wrapped,
    FENCES: _write_fences,
    FIXED_SPACES: _write_fixed_spaces,
    LINES: _write_lines,
    ABBREVIATIONS: _write_abbreviations,
}
