"""Simulated amendments, and what a document is worth to which one of them was carried."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from anchors_blocks import MARK, Block, Page, plain_words
from anchors_oracle import Label

Action = Literal["insert-after", "replace"]
Outcome = Literal["right", "refused", "clobbered", "wrong"]
ACTIONS: tuple[Action, ...] = get_args(Action)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""right: in the right place, and every other byte of the new release kept.
refused: nothing was written, and the tool said so.
clobbered: in the right paragraph, but of a sentence that the lab had reworded or added to.
wrong: anything else that was written without a complaint."""

MIN_LENGTH = 40
"""Characters of the shortest paragraph that is sampled."""
QUOTE_WORDS = 16
"""Words of the anchor of an insertion."""
MIN_SENTENCE = 20
"""Characters of the shortest sentence that is replaced."""

_SENTENCE_END = re.compile(r"[.!?][\"”’')*_]*(?:\[\^[^\]\s]+\])*[\"”’')*_]*(?=\s+[^\sa-z]|\s*\Z)")
_SYLLABLES = ("bran", "quel", "dorv", "isk", "amlo", "threp", "unda", "vosk", "erril", "mog")


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in the old release's text."""

    start: int
    """Offset of what is taken out; where nothing is, of what is put in."""
    end: int
    """Offset just past what is taken out."""
    text: str
    """What stands there instead."""

    def apply(self, source: str) -> str:
        """The amended text."""
        return source[: self.start] + self.text + source[self.end :]


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated amendment of the old release."""

    action: Action
    number: int
    """Which block of the old release it is anchored to."""
    edit: Edit
    """What it does to the old release."""
    marker: str
    """An invented sentence that stands in no document."""
    passage: str
    """What the author adds, as the amendment's file has it: the marker, for an item with its bullet."""
    quote: str
    """The words that the author quotes: the last or first of the block, or the sentence to replace."""
    section: str
    prefix: str = ""
    """Words before the quote, where the quote alone stands twice."""
    suffix: str = ""
    """Words after the quote, where the quote alone stands twice."""


def sample_blocks(page: Page, count: int, seed: str) -> list[int]:
    """Numbers of up to `count` paragraphs and list items, in order."""
    fit = [n for n, b in enumerate(page.blocks) if b.is_text and b.end - b.start >= MIN_LENGTH]
    return sorted(random.Random(seed).sample(fit, min(count, len(fit))))


def make_cases(page: Page, numbers: Sequence[int], seed: str) -> list[Case]:
    """An insertion after each of these blocks, and a replacement in each."""
    rng = random.Random(f"{seed}/cases")
    cases = []
    for number in numbers:
        cases.append(_insertion(page, number, _marker(rng), takes_last=rng.random() < 0.5))
        cases.append(_replacement(page, number, _marker(rng), rng))
    return cases


def find_sentences(page: Page, block: Block) -> list[tuple[int, int]]:
    """Start and end of each sentence of a block, its bullet apart; the last may lack its full stop."""
    mark = MARK.match(page.text, block.start) if block.kind == "item" else None
    spans: list[tuple[int, int]] = []
    at = mark.end() if mark else block.start
    for line in re.finditer(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*", page.text[at : block.end]):
        start, end = at + line.start(), at + line.end()
        while start < end:
            start += len(page.text[start:end]) - len(page.text[start:end].lstrip())
            found = _SENTENCE_END.search(page.text[start:end])
            stop = start + found.end() if found else end
            if page.text[start:stop].strip():
                spans.append((start, stop))
            start = stop
    return spans


def _insertion(page: Page, number: int, marker: str, *, takes_last: bool) -> Case:
    block = page.blocks[number]
    text = page.text
    if block.kind == "item":
        mark = MARK.match(text, block.start)
        assert mark is not None
        indent = text[text.rfind("\n", 0, block.start) + 1 : block.start]
        passage = mark.group() + marker
        edit = Edit(block.reach, block.reach, f"\n{indent}{passage}")
    else:
        passage = marker
        edit = Edit(block.end, block.end, f"\n\n{passage}")
    words = _rendered(text[block.start : block.end])
    words = MARK.sub("", words, count=1) if block.kind == "item" else words
    quote = _quote(page, words.split(), takes_last=takes_last)
    return Case("insert-after", number, edit, marker, passage, quote, block.section, *_context(page, block, quote))


def _replacement(page: Page, number: int, marker: str, rng: random.Random) -> Case:
    block = page.blocks[number]
    fit = [
        (start, end)
        for start, end in find_sentences(page, block)
        if end - start >= MIN_SENTENCE and _is_balanced(page.text[start:end])
    ]
    start, end = rng.choice(fit or find_sentences(page, block)[:1])
    quote = " ".join(page.text[start:end].split())
    # A sentence without a full stop, such as a list item, is replaced by another without.
    marker = marker if page.text[start:end].rstrip().endswith((".", "!", "?")) else marker.removesuffix(".")
    edit = Edit(start, end, marker)
    return Case("replace", number, edit, marker, marker, quote, block.section, *_context(page, block, quote))


def _marker(rng: random.Random) -> str:
    words = ["".join(rng.choices(_SYLLABLES, k=3)) for _ in range(7)]
    return f"Zz{' '.join(words)} {rng.randrange(10**6):06d}."


def _rendered(source: str) -> str:
    """Words as a reader copies them off a page: no footnote tags and no link targets."""
    return re.sub(r"\[([^\[\]]*)\]\([^)\s]*\)", r"\1", re.sub(r"\[\^[^\]\s]+\]", "", source))


def _quote(page: Page, words: Sequence[str], *, takes_last: bool) -> str:
    for count in (QUOTE_WORDS, 2 * QUOTE_WORDS, len(words)):
        quote = " ".join(words[-count:] if takes_last else words[:count])
        if page.plain.count(plain_words(quote)) == 1:
            break
    return quote


def _context(page: Page, block: Block, quote: str) -> tuple[str, str]:
    """Some words before and after the block, where the quote alone does not do."""
    if page.plain.count(plain_words(quote)) == 1:
        return "", ""
    before, after = page.text[: block.start].split()[-6:], page.text[block.end :].split()[:6]
    body = " ".join(_rendered(page.text[block.start : block.end]).split())
    is_first, is_last = body.startswith(quote), body.endswith(quote)
    return " ".join(before) if is_first else "", " ".join(after) if is_last else ""


def _is_balanced(sentence: str) -> bool:
    pairs = all(sentence.count(a) == sentence.count(b) for a, b in ("[]", "()", "“”"))
    return pairs and all(sentence.count(mark) % 2 == 0 for mark in ("*", "`", '"'))


def can_be_replaced(case: Case, old: Page, label: Label, new: Page) -> bool:
    """Whether the very sentence that a replacement takes out stands in the new release, in the right paragraph."""
    return _survivors(case, old, label, new) != []


def judge(case: Case, old: Page, label: Label, new: Page, result: str | None) -> Outcome:
    """What became of an amendment.

    Args:
        case: the amendment.
        old: the release that it was written for.
        label: what became of its paragraph.
        new: the later release.
        result: the later release with the amendment in it; None where the tool refused.
    """
    if result is None:
        return "refused"
    if result.count(case.marker) != 1:
        return "wrong"
    head, tail = result.split(case.marker)
    if case.action == "insert-after":
        return "right" if _is_inserted(case, old, label, new, head, tail) else "wrong"
    start, end = len(head), len(new.text) - len(tail)
    if start > end or not new.text.startswith(head) or not new.text.endswith(tail):
        return "wrong"
    taken = _key(new.text[start:end])
    is_inside = any(new.blocks[t].start <= start < end <= new.blocks[t].end for t in label.targets)
    if any(a < end and start < b and taken == _key(new.text[a:b]) for a, b in _survivors(case, old, label, new)):
        is_doubled = case.marker.endswith(".") and re.match(r"(?:\[\^[^\]\s]+\])*\.", tail) is not None
        return "wrong" if is_doubled else "right"
    return "clobbered" if is_inside else "wrong"


def _survivors(case: Case, old: Page, label: Label, new: Page) -> list[tuple[int, int]]:
    """Sentences of the right paragraphs that are the old one: the same words, whatever their typography and case."""
    words = _key(old.text[case.edit.start : case.edit.end])
    spans = [span for target in label.targets for span in find_sentences(new, new.blocks[target])]
    return [(start, end) for start, end in spans if _key(new.text[start:end]) == words]


def _key(sentence: str) -> str:
    return plain_words(sentence).casefold().rstrip(".")


def _is_inserted(case: Case, old: Page, label: Label, new: Page, head: str, tail: str) -> bool:
    """Whether the passage is a block of its own, right behind one of the blocks that it may follow."""
    is_item = case.passage != case.marker
    if is_item:
        head = re.sub(r"(?:[-*+]|\d{1,9}[.)])[ \t]+\Z", "", head)
    before, after = head.rstrip(), tail.lstrip()
    at, rest = len(before), len(new.text) - len(after)
    kept = new.text.startswith(before) and new.text.endswith(after) and at <= rest and not new.text[at:rest].strip()
    gaps = head[len(before) :].count("\n"), tail[: len(tail) - len(after)].count("\n")
    apart = min(gaps[0], gaps[1] if after else 2) >= (1 if is_item else 2)
    return kept and apart and at in _places(case, old, label, new, is_item=is_item)


def _places(case: Case, old: Page, label: Label, new: Page, *, is_item: bool) -> set[int]:
    """Offsets behind which an insertion is right.

    Behind the last of the paragraphs that the old one became, or behind the one that holds the words which the
    amendment quotes. For a list item that is behind all items nested in it; a passage that is no item may stand behind
    the whole list, where markdown puts a paragraph that follows a list.
    """
    if not label.targets:
        return set()
    quoted = set(plain_words(case.quote).casefold().split())
    holder = max(label.targets, key=lambda t: len(quoted & set(new.blocks[t].words.casefold().split())))
    blocks = [new.blocks[label.targets[-1]], new.blocks[holder]]
    return {block.reach for block in blocks} | ({block.list_end for block in blocks} if not is_item else set())
