"""Replies without a score: counted by arm, and a reason to tell nothing where there are many or unequally many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from avenant.trials.contrasts import NO_PAIR, Observation
from avenant.trials.protocol import MISSING_GAP, MISSING_LIMIT


def find_missing(observations: Iterable[Observation], arms: Sequence[str]) -> str | None:
    """Why too many scores are missing to compare these arms, in a sentence; None where they are not."""
    known = list(observations)
    shares: dict[str, float] = {}
    fates: dict[str, Counter[str]] = {}
    for arm in arms:
        of_arm = [one for one in known if one.arm == arm]
        if not of_arm:
            return f"The {arm} arm has no replies."
        fates[arm] = Counter(one.fate for one in of_arm if one.value is None and one.fate != NO_PAIR)
        shares[arm] = fates[arm].total() / len(of_arm)
    worst = max(shares, key=lambda arm: shares[arm])
    if shares[worst] > MISSING_LIMIT:
        became = ", ".join(f"{count} {fate}" for fate, count in fates[worst].most_common())
        return f"{shares[worst]:.0%} of the {worst} arm have no score ({became})."
    if shares[worst] - min(shares.values()) > MISSING_GAP:
        return (
            f"The arms miss scores unequally (most in the {worst} arm, {shares[worst]:.0%}), "
            "which can look like an effect."
        )
    return None
