"""Comparing words whatever their typography: folding with a map back to the source, similarity, word diff."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

_FOLD = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛ʼ′", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}

_MARKS = frozenset("*_`\\")
"""Characters that are dropped wherever they stand: whether a reader sees them as marks or as text cannot be told from
words copied off a page."""

_MARKUP = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])             # backslash escape
    | (?P<footnote>\[\^[^\]\s]+\])               # footnote tag
    | (?P<link_open>!?\[(?=[^\[\]]*\]\())        # [ of an inline link
    | (?P<link_close>\]\([^)\s]*\))              # ](target)
    | (?P<space>\s*\n[ \t]*(?:>[ \t]?)*|[^\S\n]+)  # white space, a line break with the quote marks after it
    | (?P<dashes>-{2,3})
    | (?P<stars>[*`\\\ufeff]+)
    | (?P<underscore>(?<![^\W_])_+|_+(?![^\W_]))  # emphasis, not the _ inside a_name
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with its typography folded, and for each of its characters where it came from."""

    text: str
    """Straight quotes, single hyphens, single spaces, no emphasis marks, escapes, links or footnote tags."""
    starts: tuple[int, ...]
    """Source offset (code points) at which each folded character begins."""
    ends: tuple[int, ...]
    """Source offset just after each folded character."""

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of the folded characters in [start, end)."""
        return self.starts[start], self.ends[end - 1]

    def find(self, words: str) -> Iterator[tuple[int, int]]:
        """Source spans of every place where already folded `words` stand, overlapping ones included."""
        at = self.text.find(words) if words else -1
        while at >= 0:
            yield self.source_span(at, at + len(words))
            at = self.text.find(words, at + 1)


def fold(source: str) -> Folded:
    """Fold typography and inline markup, so that words copied from a rendered page match their source."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(chars: str, start: int, end: int) -> None:
        for char in chars:
            if char == " " and (not out or out[-1] == " "):
                continue
            out.append(char)
            starts.append(start)
            ends.append(end)

    at = 0
    while at < len(source):
        match = _MARKUP.match(source, at)
        if match is None:
            end = at + 1
            while end < len(source) and unicodedata.combining(source[end]):
                end += 1
            char = source[at:end]
            put(_FOLD.get(char) or unicodedata.normalize("NFC", char), at, end)
            at = end
            continue
        kind = match.lastgroup
        if kind == "escaped" and match["escaped"] not in _MARKS:
            put(match["escaped"], match.start(), match.end())
        elif kind == "space":
            put(" ", match.start(), match.end())
        elif kind == "dashes":
            put("-", match.start(), match.end())
        at = match.end()
    return Folded("".join(out), tuple(starts), tuple(ends))


def fold_words(words: str) -> str:
    """Fold a short text and trim it: the form in which quotes are compared."""
    return fold(words).text.strip()


@lru_cache(maxsize=64)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds model names in any case, hyphened or spaced, in the plural or with a version behind.

    Names that are common words as well ("Haiku") are found with a capital or in capitals only.
    """
    parts = []
    for name in sorted(names, key=len, reverse=True):
        word = re.escape(name).replace(r"\-", "[-‐‑· ]?")
        parts.append(f"{word}|{word.upper()}" if name in _ALSO_WORDS else f"(?i:{word})")
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})s?[\d.]*(?![^\W_])") if parts else re.compile(r"(?!)")


def mask_names(text: str, names: Sequence[str], placeholder: str) -> str:
    """The text with the placeholder wherever a model name stands; sentence ends behind it are kept."""

    def put(match: re.Match[str]) -> str:
        return placeholder + match.group()[len(match.group().rstrip(".")) :]

    return names_pattern(tuple(names)).sub(put, text)


_ALSO_WORDS = frozenset({"Haiku", "Opus", "Sonnet", "Sora", "Codex"})


def split_lines(text: str) -> list[str]:
    """Lines as editors and git count them; `splitlines` would also break at form feeds and the like."""
    return re.split(r"\r\n|\n|\r", text)


def count_words(text: str) -> int:
    """Number of white-space separated words."""
    return len(text.split())


def slugify(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word within `limit` characters."""
    plain = unicodedata.normalize("NFKD", fold_words(text)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > limit:
            break
        slug = longer
    return slug or "untitled"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of text that is kept, inserted or deleted."""

    kind: Literal["equal", "insert", "delete"]
    text: str


def diff_words(old: str, new: str) -> list[DiffPiece]:
    """Word-level difference with semantic clean-up, readable as a redline.

    Source: diff-match-patch's line mode with words for lines
    (https://github.com/google/diff-match-patch/wiki/Line-or-Word-Diffs).
    """
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    alphabet: dict[str, str] = {}
    coded = ["".join(_code(token, alphabet) for token in _tokens(text)) for text in (old, new)]
    diffs = engine.diff_main(coded[0], coded[1], False)
    engine.diff_cleanupSemantic(diffs)
    words = {code: token for token, code in alphabet.items()}
    kinds: dict[int, Literal["equal", "insert", "delete"]] = {0: "equal", 1: "insert", -1: "delete"}
    return [DiffPiece(kinds[op], "".join(words[code] for code in codes)) for op, codes in diffs]


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _code(token: str, alphabet: dict[str, str]) -> str:
    # Surrogates are no characters of their own in a str, so the code points skip them.
    if token not in alphabet:
        number = len(alphabet) + 1
        alphabet[token] = chr(number if number < 0xD800 else number + 0x800)
    return alphabet[token]


def replace_name(text: str, old: str, new: str, *, is_fragment: bool = False) -> str:
    """Replace a name where it stands as a word, keeping possessives; a lower-case `new` is raised at sentence starts.

    A document may call its model "the assistant", so a placeholder at the head of a sentence must become
    "The assistant".

    Args:
        text: where to replace.
        old: the name that stands there.
        new: the name to put.
        is_fragment: the text may begin in the middle of a sentence.
    """

    def put(match: re.Match[str]) -> str:
        before = text[: match.start()].rstrip(" *_“\"'(#->")
        starts_sentence = before[-1] in ".!?:\n" if before else not is_fragment
        return new[0].upper() + new[1:] if starts_sentence and new[0].islower() else new

    forms = {re.escape(unicodedata.normalize(form, old)) for form in ("NFC", "NFD")}
    return re.sub(rf"(?<!\w)(?:{'|'.join(sorted(forms))})(?!\w)", put, text) if old and new else text
