"""What became of each paragraph of a document in its next release, found without any code of Avenant's.

A global monotone alignment (Needleman and Wunsch 1970, with the Dice coefficient
of word bigrams as the score of a pair) says which block became which; equal words say it for moved blocks, and
containment says it for those that were split or merged. What the method gets wrong was read by eye and stands in
`anchors_by_eye.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from anchors_blocks import Page

Bigram = tuple[str, str]
Fate = Literal["untouched", "edited", "rewritten", "gone"]
FATES: tuple[Fate, ...] = get_args(Fate)
"""untouched: the same words and punctuation somewhere in the new release, whatever their typography.
edited: one or more paragraphs of the new release say it in partly other words.
rewritten: so does one, but fewer than a third of its word pairs are left: to land there is right, to ask is as right.
gone: nothing in the new release says it."""

MIN_ALIGNED = 0.25
"""Dice coefficient above which two blocks may be aligned in order."""
MIN_MOVED = 0.5
"""Dice coefficient above which a block that is out of order is the same one."""
MIN_CONTAINED = 0.6
"""Share of a block's bigrams that another must hold for a split or a merge."""
MIN_KEPT = 1 / 3
"""Share of a block's bigrams that its successors must hold for it to be edited and not rewritten."""
MIN_BIGRAMS = 6
"""Blocks with fewer bigrams are too short to be parts of a split or a merge."""


@dataclass(frozen=True, slots=True)
class Label:
    """What became of one block of the old release."""

    fate: Fate
    targets: tuple[int, ...]
    """Numbers of the blocks of the new release that hold it, in order; none for a block that is gone."""
    is_by_eye: bool = False
    """Whether a person decided."""


@dataclass(frozen=True, slots=True)
class _Match:
    """All that is known of how two releases fit together."""

    old: Sequence[frozenset[Bigram]]
    new: Sequence[frozenset[Bigram]]
    shared: np.ndarray
    """How many bigrams each old block shares with each new one."""
    dice: np.ndarray
    equal: Sequence[Sequence[int]]
    """For each old block the new ones of the same words."""
    pairs: Mapping[int, int]
    """The monotone alignment."""


def label_blocks(old: Page, new: Page, by_eye: Mapping[str, Sequence[str]] | None = None) -> list[Label]:
    """What became of each block of `old` in `new`.

    Args:
        old: the earlier release.
        new: the later one.
        by_eye: a person's decisions: `sha` of an old block -> of the new ones that it became, none where it is gone.

    Raises:
        ValueError: a decision names a block that the new release does not have.
    """
    match = _match(old, new)
    decided = by_eye or {}
    labels = []
    for number, block in enumerate(old.blocks):
        if is_by_eye := block.sha in decided:
            targets = _decided(decided[block.sha], new, near=match.pairs.get(number, 0))
        else:
            targets = _found(number, match, new)
        labels.append(Label(_fate(number, targets, match, old, new), targets, is_by_eye))
    return labels


def align_in_order(score: np.ndarray) -> dict[int, int]:
    """Needleman and Wunsch: the pairs, in order in both documents, whose scores sum to most."""
    n, m = score.shape
    gain = np.where(score >= MIN_ALIGNED, score, 0.0)
    best = np.zeros((n + 1, m + 1))
    for i in range(n):
        diagonal = best[i, :-1] + gain[i]
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], diagonal))
    pairs: dict[int, int] = {}
    i, j = n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs[i] = j
    return pairs


def _bigrams(words: str) -> frozenset[Bigram]:
    tokens = re.findall(r"\w+(?:'\w+)*", words.casefold())
    return frozenset(zip(["", *tokens], [*tokens, ""], strict=True)) if tokens else frozenset()


def _shared(old: Sequence[frozenset[Bigram]], new: Sequence[frozenset[Bigram]]) -> np.ndarray:
    """How many bigrams each old block shares with each new one."""
    where: dict[Bigram, list[int]] = {}
    for j, bigrams in enumerate(new):
        for bigram in bigrams:
            where.setdefault(bigram, []).append(j)
    shared = np.zeros((len(old), len(new)))
    for i, bigrams in enumerate(old):
        for bigram in bigrams:
            shared[i, where.get(bigram, [])] += 1
    return shared


def _match(old: Page, new: Page) -> _Match:
    bigrams = [[_bigrams(block.words) for block in page.blocks] for page in (old, new)]
    shared = _shared(*bigrams)
    sizes_old, sizes_new = (np.array([len(one) for one in page], dtype=float) for page in bigrams)
    dice = 2 * shared / np.maximum(sizes_old[:, None] + sizes_new[None, :], 1)
    texts_old, texts_new = (np.array([block.is_text for block in page.blocks]) for page in (old, new))
    dice[texts_old[:, None] != texts_new[None, :]] = 0.0
    places: dict[str, list[int]] = {}
    for j, block in enumerate(new.blocks):
        places.setdefault(block.words, []).append(j)
    equal = [places.get(block.words, []) for block in old.blocks]
    for i, same in enumerate(equal):
        dice[i, same] = 1.5  # above what a change of case alone would get
    return _Match(bigrams[0], bigrams[1], shared, dice, equal, align_in_order(dice))


def _found(number: int, match: _Match, new: Page) -> tuple[int, ...]:
    partner = match.pairs.get(number)
    if same := match.equal[number]:
        near = number if partner is None else partner
        return (min(same, key=lambda j: (j != partner, abs(j - near))),)
    parts = _parts(number, match, new)
    dice = match.dice[number]
    best = int(dice.argmax())
    if partner is None or dice[best] > 2 * dice[partner]:
        partner = best if dice[best] >= MIN_MOVED else partner
    return tuple(sorted(parts if partner is None else parts | {partner}))


def _parts(number: int, match: _Match, new: Page) -> set[int]:
    """New blocks that hold most of an old one (a merge) or stand mostly in it (parts of a split)."""
    own = len(match.old[number])
    parts = set()
    for j in np.flatnonzero(match.shared[number]):
        shared, size = match.shared[number, j], len(match.new[j])
        holds = own >= MIN_BIGRAMS and shared >= MIN_CONTAINED * own
        within = size >= MIN_BIGRAMS and shared >= MIN_CONTAINED * size
        if new.blocks[j].is_text and (holds or within):
            parts.add(int(j))
    return parts


def _fate(number: int, targets: tuple[int, ...], match: _Match, old: Page, new: Page) -> Fate:
    if not targets:
        return "gone"
    if len(targets) == 1 and new.blocks[targets[0]].words == old.blocks[number].words:
        return "untouched"
    kept = match.old[number] & frozenset().union(*(match.new[j] for j in targets))
    return "edited" if len(kept) >= MIN_KEPT * len(match.old[number]) else "rewritten"


def _decided(shas: Sequence[str], new: Page, *, near: int) -> tuple[int, ...]:
    targets = []
    for sha in shas:
        found = [j for j, block in enumerate(new.blocks) if block.sha == sha]
        if not found:
            raise ValueError(f"decided by eye: the new release has no block {sha}")
        targets.append(min(found, key=lambda j: abs(j - near)))
    return tuple(sorted(targets))
