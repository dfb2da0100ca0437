"""Preference as an outcome: the scores of a block from what judges prefer, the placebo's reply being the measure.

An amended (or blunt) reply scores the preference for it against the placebo's reply to the same request, from -1 to 1,
and the placebo's reply scores 0, so that their difference is the preference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from avenant.trials.contrasts import NO_PAIR, Observation
from avenant.trials.design import Trial
from avenant.trials.logs import observe, scores_of
from avenant.trials.pairwise import JudgedPair, ReplyPair
from avenant.trials.passes import Step, compare_pairs, pair_replies, recall_pairs

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

COMPARED = ("amended", "blunt")
"""Arms whose replies are compared with the placebo's."""
WRITTEN = "written"
"""Fate of a reply that waits for its preference."""


def ask_scores(trial: Trial, log: EvalLog, *, progress: Step) -> list[Observation]:
    """The scores of a block that was just run; preferences are asked where they are the outcome.

    Raises:
        ModelError: a judge does not answer.
    """
    if trial.protocol.outcome != "preference":
        return scores_of(log)
    return _scored(
        log, {arm: (pairs, compare_pairs(trial, pairs, progress=progress)) for arm, pairs in _pairs(trial, log)}
    )


def recall_scores(trial: Trial, log: EvalLog) -> list[Observation] | None:
    """The scores of a stored block; None where preferences are the outcome and were not asked to the end."""
    if trial.protocol.outcome != "preference":
        return scores_of(log)
    found = {}
    for arm, pairs in _pairs(trial, log):
        judged = recall_pairs(trial, pairs)
        if judged is None:
            return None
        found[arm] = (pairs, judged)
    return _scored(log, found)


def _pairs(trial: Trial, log: EvalLog) -> list[tuple[str, list[ReplyPair]]]:
    replies = {
        (one.scenario, one.arm, one.reply): sample.output.completion
        for sample in log.samples or []
        for one in [observe(sample)]
        if one.fate == WRITTEN
    }
    found = [(arm, pair_replies(trial, replies, arm)) for arm in COMPARED]
    return [(arm, pairs) for arm, pairs in found if pairs]


def _scored(log: EvalLog, judged: Mapping[str, tuple[Sequence[ReplyPair], Sequence[JudgedPair]]]) -> list[Observation]:
    values = {(arm, pair.scenario, pair.number): pair.value for arm, (_, pairs) in judged.items() for pair in pairs}
    return [_score(one, values) for one in scores_of(log)]


def _score(one: Observation, values: Mapping[tuple[str, str, int], float | None]) -> Observation:
    if one.fate != WRITTEN:
        return one
    if one.arm == "placebo":
        return replace(one, value=0.0, fate="scored")
    key = (one.arm, one.scenario, one.reply)
    if key not in values:
        return replace(one, fate=NO_PAIR)
    value = values[key]
    return replace(one, value=value, fate="judge failed" if value is None else "scored")
