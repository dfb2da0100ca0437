"""What pooled trials say and do not say, in sentences that the numbers alone make."""

from __future__ import annotations

from collections.abc import Iterator

from avenant.models import is_embedded
from avenant.statistics.pooling import Pooled
from avenant.trials.meta import BatteryPool, Group

FEW = 5
"""Trials below which the spread between them is hardly measured."""


def describe_pool(pool: BatteryPool, unit: str) -> list[str]:
    """The pooled effect, how far the trials disagree, and which lie outside.

    Args:
        pool: one battery.
        unit: what one point of the outcome means.
    """
    assumed = [row.study.label for row in pool.rows if row.is_assumed]
    lines = [*_effect(pool.pooled, unit), *_disagreement(pool), *(f"Not pooled: {one}." for one in pool.unweighed)]
    if assumed:
        lines.append(
            f"In {', '.join(assumed)} all differences are the same. Weighed as if one more family had differed by a "
            "whole point of the scale, since a trial in which nothing moved must count too."
        )
    return lines


def describe_cautions(group: Group) -> list[str]:
    """What a reader must know before any pooled number."""
    protocols = [study.trial.protocol for study in group.studies]
    count = len(protocols)
    lines = [
        "A pooled effect is no verdict: no rule for it was fixed before the trials began. Each trial's own verdict "
        "stands."
    ]
    lines += _shared_scenarios(group)
    subjects = {protocol.subject for protocol in protocols}
    if len(subjects) < count:
        lines.append(
            f"{count} trials are of {len(subjects)} {'subject' if len(subjects) == 1 else 'subjects'}: each trial "
            "counts by itself, so what is said of other subjects rests on fewer than it seems."
        )
    if count < FEW:
        lines.append(f"With {count} trials how far subjects differ is hardly measured.")
    early = sum(protocol.is_sequential for protocol in protocols)
    if early:
        lines.append(
            f"{early} of {count} trials could stop early, which on average takes their means away from 0; their "
            "weights take no account of it. Their own intervals, which are shown, do."
        )
    if len({protocol.judge for protocol in protocols}) > 1:
        lines.append("The judges are not the same in all trials, so they are part of what differs.")
    if len({(protocol.shown_from, protocol.shown_to) for protocol in protocols}) > 1:
        lines.append("Not all subjects were shown the same part of the document.")
    if len({(protocol.margin, protocol.side_margin) for protocol in protocols}) > 1:
        lines.append("The trials state different margins; the picture has those of the newest.")
    if any(is_embedded(subject) for subject in subjects):
        lines.append("The small model that ships with Avenant is among the subjects; it speaks for no lab's model.")
    tests = [(study.label, study.result.blinding) for study in group.studies]
    broken = [label for label, test in tests if test is not None and test.blindness == "broken"]
    if broken:
        lines.append(f"Blinding is broken in: {', '.join(broken)}.")
    return lines


def describe_difference(group: Group, other: Group) -> str:
    """Why two groups are not pooled with each other, in a few words."""
    reasons = []
    if (group.spec, group.spec_sha256) != (other.spec, other.spec_sha256):
        reasons.append(
            f"another document ({other.spec})" if group.spec != other.spec else f"another text of {other.spec}"
        )
    if group.amendment_sha256 != other.amendment_sha256:
        reasons.append("another wording of the draft")
    if group.outcome != other.outcome:
        reasons.append(f"another outcome ({other.outcome})")
    return " and ".join(reasons)


def count_trials(count: int) -> str:
    """A number of trials with its noun."""
    return f"{count} {'trial' if count == 1 else 'trials'}"


def _shared_scenarios(group: Group) -> Iterator[str]:
    asked = [set(study.trial.protocol.scenarios.items()) for study in group.studies]
    shared, every = set.intersection(*asked), set.union(*asked)
    if shared:
        yield (
            f"{'All' if shared == every else f'{len(shared)} of'} {len(every)} scenarios are in every trial. The luck "
            "of which scenarios were written is then in all of them alike and does not show in the pooled interval: it "
            "speaks of other subjects and seeds on these scenarios."
        )


def _effect(pooled: Pooled, unit: str) -> Iterator[str]:
    if pooled.mean is None:
        yield "Nothing to pool."
    elif pooled.ci_low is None or pooled.ci_high is None:
        yield f"One trial alone can be weighed ({pooled.mean:+z.3f}): nothing is pooled."
    else:
        yield (
            f"Pooled over {count_trials(pooled.n)}: {pooled.mean:+z.3f} ({pooled.level:.0%} interval "
            f"{pooled.ci_low:+z.3f} to {pooled.ci_high:+z.3f}) {unit}."
        )
        if pooled.n == 2:
            yield "The interval of two trials has one degree of freedom: it is very wide, and it should be."


def _disagreement(pool: BatteryPool) -> Iterator[str]:
    pooled = pool.pooled
    if pooled.i_squared is None or pooled.tau is None or pooled.q_p_value is None:
        return
    chance = "under 0.001" if pooled.q_p_value < 0.001 else f"{pooled.q_p_value:.3f}"
    yield (
        f"Disagreement: I² {pooled.i_squared:.0%}, the share of the spread between trials that chance within them does "
        f"not explain; true effects differ by a standard deviation of {pooled.tau:.3f} (tau). If all were the same, a "
        f"spread as large would come with a chance of {chance}."
    )
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        yield (
            f"A further trial of this kind: true effect {pooled.prediction_low:+z.3f} to "
            f"{pooled.prediction_high:+z.3f} ({pooled.level:.0%} prediction interval, a rough guide)."
        )
    outside = [row for row in pool.rows if row.is_outside]
    if outside:
        which = "; ".join(f"{row.study.label} ({row.estimate.mean:+z.3f})" for row in outside)
        yield f"Outside what the others and chance explain: {which}. One trial in twenty is so by luck."
    elif pooled.n > 2:
        yield "No trial lies outside what the others and chance explain."
