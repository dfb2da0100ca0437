"""Comparing words whatever their typography: folding with a map back to the source, similarity, word diff."""

from __future__ import annotations

import bisect
import re
import unicodedata
import uuid
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Indel, LCSseq

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
_PLAIN = re.compile(r"""[A-Za-z0-9,.;:?()'"/+=%&@#$~^{}<>|]+(?:\ [A-Za-z0-9,.;:?()'"/+=%&@#$~^{}<>|]+)*""")
"""Runs that fold to themselves: none of their characters can begin one of the marks above."""

LIST_MARK = r"(?:[-*+]|\d{1,9}[.)])"
"""The mark of a list item, as a part of a pattern."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with its typography folded, and for each of its characters where it came from."""

    text: str
    """Straight quotes, single hyphens, single spaces, no emphasis marks, escapes, links or footnote tags."""
    starts: Sequence[int]
    """Source offset (code points) at which each folded character begins."""
    ends: Sequence[int]
    """Source offset just after each folded character."""

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of the folded characters in [start, end)."""
        return self.starts[start], self.ends[end - 1]

    def find(self, words: str, low: int = 0, high: int | None = None) -> Iterator[int]:
        """Folded offsets of every place in [low, high) where already folded `words` stand, overlapping ones too."""
        at = self.text.find(words, low, high) if words else -1
        while at >= 0:
            yield at
            at = self.text.find(words, at + 1, high)


def fold(source: str) -> Folded:
    """Fold typography and inline markup, so that words copied from a rendered page match their source."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    ends_in_space = True

    def put(chars: str, start: int, end: int) -> None:
        nonlocal ends_in_space
        if chars == " " and ends_in_space:
            return
        out.append(chars)
        starts.extend([start] * len(chars))
        ends.extend([end] * len(chars))
        ends_in_space = chars == " "

    at = 0
    while at < len(source):
        plain = _PLAIN.match(source, at)
        end = plain.end() if plain else at
        # A combining mark belongs to the character before it.
        end -= end > at and unicodedata.combining(source[end : end + 1] or " ") > 0
        if end > at:
            # Most of a text is plain, and a whole run of it costs no more than one odd character.
            out.append(source[at:end])
            starts.extend(range(at, end))
            ends.extend(range(at + 1, end + 1))
            ends_in_space = source[end - 1] == " "
            at = end
            continue
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
    return Folded("".join(out), starts, ends)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text whatever their typography, case, markup and punctuation, each with its place."""

    words: tuple[str, ...]
    """Folded and in lower case."""
    spans: tuple[tuple[int, int], ...]
    """Source offsets of each word, half-open."""

    def range_in(self, start: int, end: int) -> tuple[int, int]:
        """Half-open range of the words that begin in the source range [start, end)."""
        return bisect.bisect_left(self.spans, (start, 0)), bisect.bisect_left(self.spans, (end, 0))


def split_words(folded: Folded) -> Words:
    """The words of a folded text: letters and digits, an apostrophe between letters included."""
    starts, ends = folded.starts, folded.ends
    bounds = [match.span() for match in _WORD.finditer(folded.text)]
    words = [folded.text[start:end].casefold() for start, end in bounds]
    return Words(tuple(words), tuple([(starts[start], ends[end - 1]) for start, end in bounds]))


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in the form of `Words.words`, for texts whose places do not matter."""
    return split_words(fold(text)).words


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


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


_ALSO_WORDS = frozenset(
    [
        "Alexa", "CamemBERT", "Codex", "Copilot", "Cortana", "FlauBERT", "Gemini", "GLM", "Grok", "Haiku", "Imagen",
        "LaMDA", "Llama", "Magistral", "Megatron", "Mistral", "OLMo", "Opus", "PaLM", "QwQ", "Replika", "Siri",
        "Sonnet", "Sora",
    ]
)  # fmt: skip
"""The single words among the names that the labs' list marks as needing a capital; this layer cannot read it."""


def split_lines(text: str) -> list[str]:
    """Lines as editors and git count them; `splitlines` would also break at form feeds and the like."""
    return re.split(r"\r\n|\n|\r", text)


def cut_at_word(text: str, limit: int) -> str:
    """The text in one line, cut behind a whole word where it is longer than `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0] + " …"


def is_guid(text: str) -> bool:
    """Whether a text is a GUID, as canaries are."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


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
    return slug or UNTITLED


UNTITLED = "untitled"
"""The slug of a text without letters or digits of ASCII."""


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


@dataclass(frozen=True, slots=True)
class Block:
    """A run of words that two texts have in common, in their order."""

    old: int
    """Number of its first word in the old text."""
    new: int
    """Number of its first word in the new text."""
    size: int
    """Words in it."""


def match_words(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The longest common subsequence of two sequences of words, as runs."""
    return [
        Block(block.src_start, block.dest_start, block.src_end - block.src_start)
        for block in LCSseq.opcodes(old, new)
        if block.tag == "equal"
    ]


def count_common(old: Sequence[Hashable], new: Sequence[Hashable], *, least: int = 3) -> int:
    """How many words two texts have in common, in their order and in runs of `least` words or more.

    Shorter runs are left out because two texts of one kind share many small words; texts that are shorter themselves
    count whole.
    """
    least = min(least, len(old), len(new))
    return sum(
        block.src_end - block.src_start
        for block in LCSseq.opcodes(old, new)
        if block.tag == "equal" and block.src_end - block.src_start >= least
    )


def similar_words(old: str, new: str) -> float:
    """Share of the words of two texts that they have in common, in their order: 1 for the same words, 0 for none."""
    ours, theirs = plain_words(old), plain_words(new)
    return Indel.normalized_similarity(ours, theirs) if ours or theirs else 1.0


def merge_words(base: str, ours: str, theirs: str) -> str | None:
    """Both changes to a text, where they touch different words; None where they touch the same or neighbouring ones.

    Source: three-way merge as in diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007), on words
    and the marks between them.
    """
    tokens = [_tokens(text) for text in (base, ours, theirs)]
    changes = [
        [(block.src_start, block.src_end, "".join(side[block.dest_start : block.dest_end]), number)
         for block in LCSseq.opcodes(tokens[0], side) if block.tag != "equal"]
        for number, side in enumerate(tokens[1:])
    ]  # fmt: skip
    merged: list[str] = []
    at = 0
    last_side = -1
    for start, end, text, number in sorted(changes[0] + changes[1]):
        kept = "".join(tokens[0][at:start])
        if start < at or (last_side not in (-1, number) and not _WORD.search(kept)):
            return None
        merged += [kept, text]
        at, last_side = end, number
    return "".join(merged) + "".join(tokens[0][at:])


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
