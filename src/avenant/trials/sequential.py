"""The verdict of a sequential trial, by the rule that its protocol states."""

from __future__ import annotations

from collections.abc import Iterable

from avenant.scenarios import Battery
from avenant.trials.contrasts import SIDES, TOTAL, Contrast, Scores, describing_effects, estimate_effect, mean_scores
from avenant.trials.design import Trial
from avenant.trials.missing import find_missing
from avenant.trials.sequence import has_no_room
from avenant.trials.standing import Done, Standing, check_reading, find_assay, find_standings
from avenant.trials.verdict import BROKEN, Ending, Verdict, Word

_LABELS: dict[Battery, tuple[str, str]] = {
    "target": ("Effect on the target", "amended − placebo: does the passage do more than any text of its length?"),
    "neighbour": ("On neighbours", "amended − placebo, where the passage could be over-applied"),
    "far": ("Far from it", "amended − placebo, on ordinary requests"),
}


def reach_sequential_verdict(trial: Trial, done: Done, ending: Ending) -> Verdict:
    """Apply the rule of `protocol.verdict_rule` to the blocks that are done.

    Args:
        trial: the design.
        done: the scores of the finished blocks.
        ending: how it ended; the intervals hold wherever it did.
    """
    standings = find_standings(trial, done)
    word, reason = _decide(trial, done, standings, ending)
    # The replies of the screen chose what was asked, and count for nothing else.
    scores = mean_scores(one for name, block in done.items() if not name.startswith("screen-") for one in block)
    check = check_reading(done)
    return Verdict(
        word,
        reason,
        target=standings["target"].wide,
        side_effect=estimate_effect(scores, TOTAL, trial.protocol.level, SIDES),
        contrasts=tuple(_contrasts(trial, done, standings, scores)),
        is_taken_up={"accept": True, "reject": False, "undecided": None}[check.decision],
        obeyed=check.successes,
        standings=tuple(standings.values()),
    )


def _decide(trial: Trial, done: Done, standings: dict[Battery, Standing], ending: Ending) -> tuple[Word, str]:
    check = check_reading(done)
    if check.decision == "reject" or (check.decision == "undecided" and ending.is_finished):
        return (
            "cannot tell",
            "The subject does not take up this document: not even the positive control, a plain rule, shows "
            f"({check.successes} of {check.n} replies obey it).",
        )
    if has_no_room(trial, done):
        return (
            "cannot tell",
            "There is no room to rise: on the screen the model as it is already does what the target scenarios ask.",
        )
    target = standings["target"]
    if target.wide.mean is None:
        return "cannot tell", "There is not one pair of scores to compare." if ending.is_finished else ending.reason
    compared = [one for name, block in done.items() if name.startswith("block-") for one in block]
    if missing := find_missing(compared, ("amended", "placebo")):
        return "cannot tell", missing
    worse = [battery for battery in SIDES if battery in standings and standings[battery].course == "falls"]
    if worse:
        return (
            "harms",
            f"Scenarios that the passage should leave alone ({' and '.join(worse)}) get worse under the amended "
            "document.",
        )
    if target.course == "nothing":
        return _equivalence(trial, done, ending)
    if target.course == "open":
        return "cannot tell", _undecided(target, ending)
    if target.course == "falls":
        return "harms", "The target behaviour falls with the passage, against a neutral text."
    if ending.is_blinding_broken:
        return "cannot tell", BROKEN
    open_sides = [battery for battery in SIDES if battery in standings and not standings[battery].is_settled]
    if open_sides:
        size = "at this size" if ending.is_finished else "yet"
        return (
            "cannot tell",
            f"The target behaviour rises, but side effects are not settled {size} ({' and '.join(open_sides)}).",
        )
    return (
        "helps",
        "The target behaviour rises with the passage, against a neutral text, and the scenarios it should leave alone "
        "fall by no more than is put up with.",
    )


def _undecided(target: Standing, ending: Ending) -> str:
    if not ending.is_finished:
        return f"{ending.reason} {target.wide.n} of {target.cap} target families are done."
    return "The interval is too wide: the trial is too small for an effect of this size."


def _equivalence(trial: Trial, done: Done, ending: Ending) -> tuple[Word, str]:
    """No effect was seen; it counts only where a blunt rule on the same subject would have been seen."""
    if not trial.protocol.assay:
        return (
            "cannot tell",
            "No effect was seen, but nothing shows that one could have been: the scenario file has no blunt rule.",
        )
    blunt = find_assay(trial, done)
    if blunt.ci_low is not None and blunt.ci_low > trial.protocol.margin:
        return (
            "no meaningful effect",
            "Any effect on the target behaviour is smaller than what was stated to matter.",
        )
    if not ending.is_finished:
        return "cannot tell", f"No effect was seen so far, nor yet whether one could have been. {ending.reason}"
    return (
        "cannot tell",
        "No effect was seen, but not even a blunt rule on the same subject moves this subject's replies enough.",
    )


def _contrasts(trial: Trial, done: Done, standings: dict[Battery, Standing], scores: Scores) -> Iterable[Contrast]:
    """The batteries first, which decide; then what only describes, each by the interval of a single look."""
    for battery, standing in standings.items():
        label, question = _LABELS[battery]
        yield Contrast(battery, label, question, standing.wide)
    yield from describing_effects(scores, trial.protocol.level)
    assay = find_assay(trial, done)
    if assay.mean is not None:
        yield Contrast("blunt", "Blunt rule", "blunt − placebo: can these scenarios move at all?", assay)
