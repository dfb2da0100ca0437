"""Length and format of replies by arm: judges are swayed by both, so they are reported beside the effect.

Source: Dubois et al. 2024, "Length-Controlled AlpacaEval" (arXiv 2404.04475); Zheng et al. 2023 (arXiv 2306.05685).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from avenant.text import count_words
from avenant.trials.estimate import Difference, Estimate, estimate_mean

_BULLETS = re.compile(r"^[ \t]*(?:[-*+•‣]|\d+[.)])[ \t]+\S", re.MULTILINE)
_HEADINGS = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=\S).+?(?<=\S)\*\*|__(?=\S).+?(?<=\S)__", re.DOTALL)
_REFUSAL = re.compile(
    r"\bI(?:'m| am) (?:sorry,? but|not able to|unable to|not going to|not comfortable)"
    r"|\bI (?:can(?:no|')t|can not|won't|will not|must decline to|have to decline)"
    r" (?:help|assist|do that|provide|write|give|share|support|comply|engage|answer|discuss|create|offer)"
    r"|\bI (?:must|have to|need to) decline\b|\bI(?:'d| would) rather not\b",
    re.IGNORECASE,
)
_INSTRUCTIONS = re.compile(
    r"\bmy (?:guidelines|instructions|principles|guidance|rules|policy|policies|constitution|system prompt)\b"
    r"|\b(?:document|passage|instructions|guidelines) (?:that )?I(?: was|'ve been| have been) (?:given|shown)\b"
    r"|\bI(?:'ve| have| was|'m| am) (?:been )?(?:told|instructed|asked by my|guided) (?:to|that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenReply:
    """One reply and where it belongs."""

    scenario: str
    family: str
    arm: str
    text: str


@dataclass(frozen=True, slots=True)
class Trait:
    """Something of a reply's form that can be counted."""

    name: str
    """What is counted, for people."""
    unit: str
    """"words", "characters", or "share of replies", which lies in [0, 1]."""
    measure: Callable[[str], float]
    """Its value for one reply."""


@dataclass(frozen=True, slots=True)
class FormatDifference:
    """One trait in two arms."""

    name: str
    unit: str
    means: Mapping[str, float | None]
    """Mean over scenarios in each of the two arms; None where an arm has no reply."""
    difference: Estimate
    """First arm minus second, paired by scenario; replies to the same scenario are averaged first."""


def format_by_arm(
    replies: Iterable[WrittenReply], *, arms: tuple[str, str] = ("amended", "placebo"), level: float = 0.95
) -> tuple[FormatDifference, ...]:
    """How replies of two arms differ in length and form.

    Args:
        replies: those of all arms or of these two; replies without a word are left out, since they are counted as
            missing elsewhere.
        arms: whose replies are compared: first minus second.
        level: of the intervals.
    """
    written = [one for one in replies if one.arm in arms and one.text.strip()]
    return tuple(_compare(written, trait, arms, level) for trait in TRAITS)


def has_refusal_phrase(reply: str) -> bool:
    """Whether a reply has a phrase by which models refuse; a sign of a refusal, and no proof."""
    return bool(_REFUSAL.search(_straight(reply)))


def mentions_instructions(reply: str) -> bool:
    """Whether a reply speaks of instructions that the model was given, which can tell a judge the arm."""
    return bool(_INSTRUCTIONS.search(_straight(reply)))


def _compare(written: Iterable[WrittenReply], trait: Trait, arms: tuple[str, str], level: float) -> FormatDifference:
    values: dict[str, dict[str, list[float]]] = {arm: defaultdict(list) for arm in arms}
    families: dict[str, str] = {}
    for one in written:
        values[one.arm][one.scenario].append(trait.measure(one.text))
        families[one.scenario] = one.family
    means = {arm: {key: fmean(found) for key, found in values[arm].items()} for arm in arms}
    first, second = (means[arm] for arm in arms)
    differences = [Difference(key, families[key], first[key] - second[key]) for key in first if key in second]
    return FormatDifference(
        name=trait.name,
        unit=trait.unit,
        means={arm: fmean(means[arm].values()) if means[arm] else None for arm in arms},
        difference=estimate_mean(differences, level=level),
    )


def _straight(text: str) -> str:
    return text.replace("’", "'")


def _share(test: Callable[[str], object]) -> Callable[[str], float]:
    return lambda reply: float(bool(test(reply)))


_SHARE = "share of replies"
TRAITS = (
    Trait("words", "words", count_words),
    Trait("characters", "characters", len),
    Trait("with a list", _SHARE, _share(_BULLETS.search)),
    Trait("with headings", _SHARE, _share(_HEADINGS.search)),
    Trait("with bold words", _SHARE, _share(_BOLD.search)),
    Trait("with a refusal phrase", _SHARE, _share(has_refusal_phrase)),
    Trait("that mention instructions", _SHARE, _share(mentions_instructions)),
)
"""What is counted of every reply."""
