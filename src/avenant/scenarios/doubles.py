"""Doubles: scenarios that say what another one says already, in the same words or in others.

In words: nine in ten in common, in their order, as the rule duplicate-scenario has it. In meaning: the cosine of the
contextual vectors of the user's words. Of the 1782 pairs from different families in the example workspace the
nearest have 0.51, of the 108 from the same family 0.56; seven of them that were said again in other words have 0.73 to
0.94, six of the seven above 0.8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avenant.coverage.vectors import embed_contextual
from avenant.scenarios.scenario import Scenario
from avenant.text import plain_words, similar_words

_WORDS_ALIKE = 0.9
_MEANING_ALIKE = 0.8
_VARIATION_ALIKE = 0.95
"""Within a family scenarios are meant to be near."""


@dataclass(frozen=True, slots=True)
class Double:
    """A scenario that repeats another one."""

    scenario: Scenario
    of: Scenario
    """The one that it repeats, which stands before it."""
    is_worded_alike: bool
    """Whether the words are nearly the same; else the meaning is."""


def find_doubles(
    new: Sequence[Scenario],
    existing: Sequence[Scenario] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Double, ...]:
    """Which of the new scenarios repeat an existing one, or an earlier new one that repeats none itself.

    A target scenario and one for side effects are never averaged together, so they may share all but the word that
    decides.

    Args:
        new: in their order.
        existing: those that there are already.
        progress: called with the number of texts that are read, and of those that have to be.

    Raises:
        ModelError: the embedding model's files are missing or damaged; with the command that mends it.
    """
    if not new:
        return ()
    everything = (*existing, *new)
    texts = [_user_words(scenario) for scenario in everything]
    vectors = embed_contextual(texts, progress=progress)
    kept = list(range(len(existing)))
    doubles = []
    for index in range(len(existing), len(everything)):
        ours = everything[index]
        found = None
        for other in kept:
            theirs = everything[other]
            in_words = _is_worded_alike(ours, theirs, texts[index], texts[other])
            if in_words or _is_meant_alike(ours, theirs, float(vectors[index] @ vectors[other])):
                found = Double(ours, theirs, in_words)
                break
        if found is None:
            kept.append(index)
        else:
            doubles.append(found)
    return tuple(doubles)


def _user_words(scenario: Scenario) -> str:
    return "\n".join(content for role, content in scenario.messages if role == "user")


def _is_worded_alike(ours: Scenario, theirs: Scenario, our_words: str, their_words: str) -> bool:
    if ours.is_target != theirs.is_target:
        return plain_words(our_words) == plain_words(their_words)
    return similar_words(our_words, their_words) >= _WORDS_ALIKE


def _is_meant_alike(ours: Scenario, theirs: Scenario, cosine: float) -> bool:
    if ours.is_target != theirs.is_target:
        return False
    return cosine >= (_VARIATION_ALIKE if ours.family == theirs.family else _MEANING_ALIKE)
