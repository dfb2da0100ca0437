"""What a report shows: every view of a result, computed once for the page, the markdown and the result file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from avenant.mask import Mask
from avenant.scenarios import BATTERIES
from avenant.text import DiffPiece, diff_words
from avenant.trials.design import Trial
from avenant.trials.families import FamilyEffect, Tail, find_family_effects, find_tails
from avenant.trials.protocol import PREAMBLE
from avenant.trials.reply_format import FormatDifference, WrittenReply, format_by_arm
from avenant.trials.results import ArmSummary, Result
from avenant.trials.sensitivity import Sensitivity, find_sensitivity
from avenant.trials.sensitivity_words import describe_sensitivity, describe_tails
from avenant.trials.shown_replies import ShownReplies, choose_replies
from avenant.trials.standing import Look, Standing
from avenant.trials.summary import cautions, headline, plain_effect, summary

ARM_WORDS = {
    "baseline": "the document as it is",
    "amended": "with the passage",
    "placebo": "with a neutral passage of the same length",
    "inverted": "with the passage's opposite",
    "control": "positive control: a plain rule",
    "inverted-control": "the plain rule's opposite",
    "blunt": "a blunt rule on the same subject",
    "inverted-blunt": "the blunt rule's opposite",
}
FATES = ("no reply", "refused", "truncated", "judge failed", "failed")
"""What becomes of a reply that has no score; others may follow."""
_BLANK = re.compile(r"(?:\r?\n[ \t]*){2,}")


@dataclass(frozen=True, slots=True)
class Place:
    """The edited place, under the placeholder."""

    before: str
    """The last paragraphs before it."""
    pieces: list[DiffPiece]
    """What changes."""
    after: str
    """The paragraph after it."""


@dataclass(frozen=True, slots=True)
class MissingRow:
    """What became of the replies of one arm that have no score."""

    arm: str
    asked: int
    counts: dict[str, int]
    """By fate, in the order of the report's columns."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a report shows beside the protocol and the result; the names of its models are still in it."""

    headline: str
    effect: str
    """The effect that decides, in one or two sentences."""
    summary: list[str]
    cautions: list[str]
    arms: list[tuple[str, ArmSummary | None, ArmSummary | None]]
    """(arm, its target side, its other side)."""
    missing: list[MissingRow]
    """Arms with replies without a score; empty where there are none."""
    fates: list[str]
    """The columns of `missing`."""
    formats: tuple[FormatDifference, ...]
    """Length and form of amended and placebo replies; empty where no reply was written in both."""
    absent_forms: list[str]
    """What no reply of either arm has, such as a list."""
    families: tuple[FamilyEffect, ...]
    looks: list[tuple[Standing, Look]]
    """Every look of every battery of a sequential trial."""
    sensitivity: Sensitivity
    sensitivity_lines: list[str]
    tails: tuple[Tail, ...]
    tail_lines: list[str]
    replies: ShownReplies
    place: Place
    placebo: str
    """The first placebo text."""
    held_out: str
    """How many scenarios whoever wrote the passage had not seen, by the scenario file, in a sentence or two."""


def gather_contents(trial: Trial, result: Result) -> Contents:
    """Compute all views of a result; no model is asked."""
    families = find_family_effects(trial, result)
    sensitivity = find_sensitivity(trial, result)
    tails = find_tails(trial, families)
    missing = _missing_rows(result)
    formats = _formats(trial, result)
    return Contents(
        headline=headline(trial, result),
        effect=plain_effect(trial, result),
        summary=summary(trial, result),
        cautions=cautions(trial, result),
        arms=_arm_rows(result),
        missing=missing,
        fates=list(dict.fromkeys([*FATES, *(fate for row in missing for fate in row.counts)])),
        formats=tuple(one for one in formats if not _is_absent(one)),
        absent_forms=[one.name for one in formats if _is_absent(one)],
        families=families,
        looks=[(standing, look) for standing in result.verdict.standings for look in standing.looks],
        sensitivity=sensitivity,
        sensitivity_lines=describe_sensitivity(trial, result, sensitivity),
        tails=tails,
        tail_lines=describe_tails(tails),
        replies=choose_replies(trial, result),
        place=_place(trial, Mask(tuple(trial.protocol.model_names), trial.protocol.placeholder)),
        placebo=trial.added_words("placebo-1"),
        held_out=_describe_held_out(trial),
    )


def _describe_held_out(trial: Trial) -> str:
    held = [one for one in trial.scenarios if one.is_held_out]
    if not held:
        return "Held out: none of the scenarios, so the passage may have been written with these in mind."
    counts = []
    for battery in BATTERIES:
        every = [one for one in trial.scenarios if one.battery == battery]
        if every:
            counts.append(f"{sum(one.is_held_out for one in every)} of {len(every)} {battery}")
    return (
        f"Held out: {', '.join(counts)} scenarios, which whoever wrote the passage had not seen when they wrote it, by "
        "their own word."
    )


def _arm_rows(result: Result) -> list[tuple[str, ArmSummary | None, ArmSummary | None]]:
    """In the order of `ARM_WORDS`."""
    known = {(side.arm, side.is_target): side for side in result.arms}
    rows = [(arm, known.get((arm, True)), known.get((arm, False))) for arm in ARM_WORDS]
    return [row for row in rows if row[1] or row[2]]


def _missing_rows(result: Result) -> list[MissingRow]:
    asked: dict[str, int] = defaultdict(int)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for side in result.arms:
        asked[side.arm] += side.n
        for fate, count in side.missing.items():
            counts[side.arm][fate] += count
    return [MissingRow(arm, asked[arm], dict(counts[arm])) for arm in ARM_WORDS if arm in counts]


def _formats(trial: Trial, result: Result) -> tuple[FormatDifference, ...]:
    families: Mapping[str, str] = {one.id: one.family for one in trial.scenarios}
    written = [
        WrittenReply(one.scenario, families[one.scenario], one.arm, one.reply)
        for one in result.transcripts
        if one.block.startswith("block-")
    ]
    found = format_by_arm(written, level=trial.protocol.level)
    return tuple(one for one in found if one.difference.mean is not None)


def _is_absent(form: FormatDifference) -> bool:
    return not any(form.means.values())


def _place(trial: Trial, masked: Mask) -> Place:
    old = trial.systems["baseline"]
    start, end = trial.protocol.edit_start, trial.protocol.edit_end
    taken, added = old[start:end], trial.added_words("amended")
    if taken:
        # Whole lines about words that are taken out, so that the sentence can be read.
        line_start, line_end = old.rfind("\n", 0, start) + 1, (old.find("\n", end) + 1 or len(old) + 1) - 1
        taken, added = old[line_start:line_end], old[line_start:start] + added + old[end:line_end]
        start, end = line_start, line_end
    before = _BLANK.split(old[:start].removeprefix(PREAMBLE).strip())
    after = _BLANK.split(old[end:].strip())
    # Masked before they are compared: a name of which a part changed would else stand there in pieces.
    pieces = diff_words(masked(taken.strip()), masked(added.strip()))
    return Place(masked("\n\n".join(before[-2:])), pieces, masked(after[0]))
