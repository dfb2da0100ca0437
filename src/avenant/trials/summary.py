"""The result in plain words, made from the numbers alone: for the report's first lines and for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from avenant.models import is_embedded
from avenant.scenarios import Battery
from avenant.statistics.prediction_powered import Corrected
from avenant.trials.contrasts import SIDES
from avenant.trials.design import Trial
from avenant.trials.estimate import Estimate
from avenant.trials.makers import share_maker
from avenant.trials.results import Result
from avenant.trials.spending import say_budget
from avenant.trials.standing import Standing, check_reading, find_headroom

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
    lines += _judge_cautions(trial)
    if result.is_spent:
        lines.append(
            f"The budget of {say_budget(protocol)} ended the trial: {result.finished_blocks} of {result.blocks} blocks "
            "are done."
        )
    elif not result.is_finished:
        part = (
            "Until then the trial cannot tell"
            if protocol.is_sequential
            else "A part, chosen by when the run was stopped, gets no verdict"
        )
        lines.append(
            f"Unfinished: {result.finished_blocks} of {result.blocks} blocks are done. {part}; go on with --resume."
        )
    if protocol.judges and result.blinding is None and result.verdict.word in ("helps", "harms"):
        lines.append(
            "Whether the judge could guess the arm was not tested, as it is at the end of `avenant try`; this verdict "
            "can still fall by that test."
        )
    lines.append(
        "The document was given in the prompt. A model that is trained on an amended document may behave otherwise."
    )
    return lines


def _judge_cautions(trial: Trial) -> Iterator[str]:
    protocol = trial.protocol
    kin = [judge for judge in protocol.judges if share_maker(protocol.subject, judge)]
    if kin:
        yield (
            f"{' and '.join(kin)} {'is' if len(kin) == 1 else 'are'} of the subject's own maker: judges favour replies "
            "of their own kind."
        )


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
    on = (
        f"{estimate.families} target families"
        if trial.protocol.is_sequential
        else f"{estimate.n} target scenarios in {estimate.families} families"
    )
    text = f"On {on} the effect is {number(estimate)} {trial.protocol.unit}."
    if trial.protocol.outcome == "margin" and estimate.ci_low is not None and estimate.ci_high is not None:
        low, high = (math.exp(end * _REPLY_TOKENS) for end in (estimate.ci_low, estimate.ci_high))
        text += (
            f" Put differently: what the passage says, against its opposite, makes a wanted reply of {_REPLY_TOKENS} "
            f"tokens {low:.2g} to {high:.2g} times as likely relative to an unwanted one."
        )
    return text


def summary(trial: Trial, result: Result) -> list[str]:
    """How sure, on what and why it stopped, in a few sentences of plain words; the numbers alone make them."""
    return [
        *_sureness(trial, result),
        *_elsewhere(trial, result),
        *_course(trial, result),
        *_room(trial, result),
        _reach(trial),
    ]


def _reach(trial: Trial) -> str:
    protocol = trial.protocol
    graded = f", graded by {protocol.judge}" if protocol.judges else ""
    return (
        f"On what: {protocol.subject} as it was on {protocol.created[:10]}{graded}, and scenarios like these. Other "
        "models, other wordings, long conversations and tool use were not tried."
    )


def _sureness(trial: Trial, result: Result) -> Iterator[str]:
    """How often such a trial is wrong, which is known of the rule and not of this verdict."""
    if result.verdict.word == "cannot tell":
        return
    protocol = trial.protocol
    one_sided = (1 - protocol.level) / 2
    wrong = {
        "helps": f"call an amendment without any effect helpful in at most {one_sided:.1%} of cases",
        "harms": f"call one that does no harm harmful in at most {_harm_error(result, one_sided):.1%} of cases",
        "no meaningful effect": "say so of one with an effect as large as the margin in at most "
        f"{2 * one_sided:.0%} of cases",
    }[result.verdict.word]
    how = {
        "betting": ", exactly so, however often it is looked at and whatever the scores' shape",
        "group-sequential": ", looks after every block allowed for; a large-sample guarantee, which a passage that "
        "ruins a rare scenario can break",
        "fixed": "; a large-sample guarantee, for a single look",
    }[protocol.stopping]
    yield f"How sure: trials by this rule {wrong}{how}."


def _harm_error(result: Result, one_sided: float) -> float:
    """Of a fall of the target one tail, and of falls elsewhere: two, by Holm, or one in a trial of fixed size."""
    standings = result.verdict.standings
    if not standings:
        return 2 * one_sided
    return 3 * one_sided if any(one.battery in SIDES for one in standings) else one_sided


def _elsewhere(trial: Trial, result: Result) -> Iterator[str]:
    limit = trial.protocol.side_margin
    for standing in result.verdict.standings:
        if standing.battery in SIDES:
            yield f"{standing.battery.capitalize()}: {_side_words(standing, limit)}."
    if not result.verdict.standings and result.verdict.side_effect.mean is not None:
        side = result.verdict.side_effect
        yield (
            f"Elsewhere (neighbour and far): {number(side)} over {side.n} scenarios in {side.families} families; a "
            f"fall of {limit:g} is put up with."
        )


def _side_words(standing: Standing, limit: float) -> str:
    # "No worse" is decided by the narrower interval.
    estimate = standing.narrow if standing.course == "nothing" else standing.wide
    if estimate.mean is None:
        return "nothing was measured"
    said = {
        "falls": f"falls by more than the {limit:g} that is put up with",
        "nothing": f"no worse by more than {limit:g}",
        "rises": "rises",
        "open": f"not settled whether it falls by more than {limit:g}",
    }[standing.course]
    return f"{said}, {number(estimate)} over {estimate.families} families"


def _course(trial: Trial, result: Result) -> Iterator[str]:
    """How many of the planned families it took, and why it stopped there."""
    if not trial.protocol.is_sequential:
        return
    reason = stop_reason(trial, result)
    counts = [f"{s.wide.families} of {s.cap} {s.battery}" for s in result.verdict.standings]
    yield f"Families with scores in both arms, of those planned: {', '.join(counts)}. {reason}"


def stop_reason(trial: Trial, result: Result) -> str:
    """Why a sequential trial ended where it did, in a sentence."""
    standings: dict[Battery, Standing] = {one.battery: one for one in result.verdict.standings}
    if result.is_spent:
        return "The budget ended it."
    if not result.is_finished:
        return "It goes on."
    if result.verdict.is_taken_up is not True:
        check = check_reading(result.done)
        return f"It stopped at the check of whether the document is read: {check.successes} of {check.n} replies obey."
    if not any(standing.looks for standing in standings.values()):
        return "It stopped at the screen, before any comparison."
    if all(standing.is_settled for standing in standings.values()):
        return "It stopped because every battery is settled."
    settled = [one.battery for one in standings.values() if one.course == "falls"]
    settled += [one.battery for one in standings.values() if one.battery == "target" and one.course == "nothing"]
    if settled:
        return f"It stopped because {' and '.join(settled)} settled the verdict: nothing else could have changed it."
    return "It ran to the last block that was planned."


def _room(trial: Trial, result: Result) -> Iterator[str]:
    if not trial.protocol.screen:
        return
    headroom = find_headroom(trial, result.done)
    if headroom.mean is None:
        return
    aside = len(result.set_aside)
    counted = (
        f"{aside} of {headroom.n} {'was' if aside == 1 else 'were'} at the ceiling and set aside before the comparison "
        "began"
        if trial.protocol.sets_aside
        else "none was set aside"
    )
    yield (
        f"Room to rise: on the screen {headroom.n} target scenarios lie {headroom.mean:.2f} below the best score under "
        f"the document as it is; {counted}."
    )


def number(estimate: Estimate | Corrected) -> str:
    """A mean with its interval, or "cannot tell" where nothing was measured."""
    if estimate.mean is None:
        return "cannot tell"
    if estimate.ci_low is None or estimate.ci_high is None:
        families = "1 family" if estimate.families == 1 else f"{estimate.families} families"
        return f"{estimate.mean:+z.3f} (no interval: {families})"
    return f"{estimate.mean:+z.3f} ({estimate.level:.0%} interval {estimate.ci_low:+z.3f} to {estimate.ci_high:+z.3f})"
