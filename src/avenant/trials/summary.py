"""The result in plain words, made from the numbers alone: for the report's first lines and for the terminal."""

from __future__ import annotations

import math

from avenant.models import is_embedded
from avenant.trials.design import Trial
from avenant.trials.estimate import Estimate
from avenant.trials.results import Result

_REPLY_TOKENS = 20
"""Length of reply for which a margin is put into words."""


def cautions(trial: Trial, result: Result) -> list[str]:
    """What a reader must know before any number."""
    protocol = trial.protocol
    lines = []
    if is_embedded(protocol.subject):
        lines.append(
            "The subject is the small model that ships with Avenant (135 million parameters). It is far too small to "
            "speak for any lab's model: this result shows that the method works on your machine, and nothing about "
            "what a lab's model would do. For that, run the trial with a real subject and a real judge "
            "(--subject, --judge)."
        )
    if protocol.outcome == "margin":
        lines.append(
            "No reply was judged. The numbers compare how likely the model finds two given replies, a wanted and an "
            "unwanted one of like length."
        )
    if not protocol.is_whole:
        lines.append(
            f"The document was cut: the subject saw lines {protocol.shown_from} to {protocol.shown_to} of "
            f"{protocol.spec} (about {protocol.document_tokens} tokens), the same in every arm, and not the rest."
        )
    if protocol.outcome == "margin":
        elsewhere = next((c.estimate for c in result.verdict.contrasts if c.key == "side-total"), None)
        if elsewhere is not None and elsewhere.ci_low is not None and elsewhere.ci_low < -protocol.side_margin:
            lines.append(
                f"Elsewhere the passage's mere presence may cost more than is put up with (amended minus placebo "
                f"{number(elsewhere)}). That row holds mention too, words that become likelier because they were "
                "just read, and does not decide; a judged trial of a real model would show whether it matters."
            )
    if result.finished_blocks < result.blocks:
        lines.append(
            f"Unfinished: {result.finished_blocks} of {result.blocks} blocks are done. A part, chosen by when the run "
            "was stopped, gets no verdict; go on with --resume."
        )
    lines.append(
        "The document was given in the prompt. A model that is trained on an amended document may behave otherwise."
    )
    return lines


def headline(trial: Trial, result: Result) -> str:
    """The verdict as a heading; the embedded model never speaks for another."""
    word = result.verdict.word
    where = ", on the embedded model" if is_embedded(trial.protocol.subject) and word != "cannot tell" else ""
    return {
        "helps": "Helps",
        "harms": "Harms",
        "no meaningful effect": "No meaningful effect",
        "cannot tell": "This trial cannot tell",
    }[word] + where


def plain_effect(trial: Trial, result: Result) -> str:
    """The effect that decides, in one or two sentences."""
    estimate = result.verdict.target
    if estimate.mean is None:
        return "Nothing was measured."
    text = (
        f"On {estimate.n} target scenarios in {estimate.families} families the effect is {number(estimate)} "
        f"{trial.protocol.unit}."
    )
    if trial.protocol.outcome == "margin" and estimate.ci_low is not None and estimate.ci_high is not None:
        low, high = (math.exp(end * _REPLY_TOKENS) for end in (estimate.ci_low, estimate.ci_high))
        text += (
            f" Put differently: what the passage says, against its opposite, makes a wanted reply of {_REPLY_TOKENS} "
            f"tokens {low:.2g} to {high:.2g} times as likely relative to an unwanted one."
        )
    return text


def number(estimate: Estimate) -> str:
    """A mean with its interval, or "cannot tell" where nothing was measured."""
    if estimate.mean is None:
        return "cannot tell"
    if estimate.ci_low is None or estimate.ci_high is None:
        return f"{estimate.mean:+.3f} (no interval: {estimate.families} family)"
    return f"{estimate.mean:+.3f} ({estimate.level:.0%} interval {estimate.ci_low:+.3f} to {estimate.ci_high:+.3f})"
