"""What judges are asked outside a trial's logs: plants before it, preferences after a block, guesses after the end.

Only their replies are stored, by what was asked. What follows from them is worked out anew whenever it is read, so that
nothing that is shown can differ from what was said.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from avenant.errors import TrialError
from avenant.files import read_text, write_text
from avenant.replies import KeptReplies, Replies
from avenant.trials.answers import Ask, Form, open_judges
from avenant.trials.blindfold import Blindfold, added_lines
from avenant.trials.blinding import BlindnessTest, GradedPair, count_questions, run_blindness_test
from avenant.trials.design import Trial
from avenant.trials.pairwise import JudgedPair, ReplyPair, compare_replies
from avenant.trials.planted import JudgeCheck, check_judge, plant_replies
from avenant.trials.spending import Usage, add_usage

T = TypeVar("T")
Work = Callable[[Mapping[str, Ask], Replies], Awaitable[T]]
Step = Callable[[int, int], None]
"""Told how many questions are done, and of how many."""

_MOST_FAULTS = 5
"""Plants that an error shows."""


class _NotAskedError(TrialError):
    """A question whose reply is not stored."""


def check_judges(trial: Trial, *, progress: Step) -> tuple[JudgeCheck, ...]:
    """Let every judge grade planted replies, and refuse one that cannot tell good from bad.

    Raises:
        ModelError: a judge does not answer.
        TrialError: a judge is refused; the message shows what it got wrong.
    """
    checks = _ask(trial, lambda judges, replies: _check(trial, judges, replies, progress))
    for check in checks:
        if not check.is_passed:
            raise _refusal(trial, check)
    return checks


def recall_checks(trial: Trial) -> tuple[JudgeCheck, ...]:
    """What the judges made of the plants; empty where they were not asked."""
    return _recall(trial, lambda judges, replies: _check(trial, judges, replies, _ignore)) or ()


def compare_pairs(trial: Trial, pairs: Sequence[ReplyPair], *, progress: Step) -> list[JudgedPair]:
    """Which reply of each pair the judges prefer.

    Raises:
        ModelError: a judge does not answer.
    """
    return _ask(trial, lambda judges, replies: _compare(trial, pairs, judges, replies, progress))


def recall_pairs(trial: Trial, pairs: Sequence[ReplyPair]) -> list[JudgedPair] | None:
    """The same from stored replies; None where one was not asked."""
    return _recall(trial, lambda judges, replies: _compare(trial, pairs, judges, replies, _ignore))


def guess_arms(trial: Trial, pairs: Sequence[GradedPair], *, progress: Step) -> BlindnessTest:
    """Let the first judge guess which arm replies came from.

    Raises:
        ModelError: it does not answer.
    """
    return _ask(trial, lambda judges, replies: _guess(trial, pairs, judges, replies, progress))


def recall_guesses(trial: Trial, pairs: Sequence[GradedPair]) -> BlindnessTest | None:
    """The same from stored replies; None where one was not asked."""
    return _recall(trial, lambda judges, replies: _guess(trial, pairs, judges, replies, _ignore))


def pair_replies(trial: Trial, replies: Mapping[tuple[str, str, int], str], arm: str) -> list[ReplyPair]:
    """An arm's replies, each beside the placebo's reply to the same request.

    Args:
        trial: the design.
        replies: by scenario, arm and number; those that nobody can grade left out.
        arm: "amended" or "blunt".
    """
    return [
        ReplyPair(scenario.id, scenario.messages, scenario.rubric, reply, replies[one, "placebo", number], number)
        for (one, of, number), reply in replies.items()
        if of == arm and (one, "placebo", number) in replies
        for scenario in [trial.scenario(one)]
    ]


def grade_pairs(
    trial: Trial, pairs: Sequence[ReplyPair], scores: Mapping[tuple[str, str, int], float]
) -> list[GradedPair]:
    """The first pair of each scenario with its scores, for the blindness test.

    Args:
        trial: the design.
        pairs: amended replies beside placebo replies, all of them scored.
        scores: by scenario, arm and number.
    """
    return [
        GradedPair(
            one.scenario,
            trial.scenario(one.scenario).is_target,
            one.messages,
            one.rubric,
            one.amended,
            one.placebo,
            scores[one.scenario, "amended", 1],
            scores[one.scenario, "placebo", 1],
        )
        for one in pairs
        if one.number == 1
    ]


def read_pass_usage(trial: Trial) -> dict[str, Usage]:
    """Tokens by judge that were used outside the logs; those of a pass that was killed are not among them."""
    path = _usage_path(trial)
    if not path.is_file():
        return {}
    return {model: Usage(**used) for model, used in json.loads(read_text(path)).items()}


async def _check(trial: Trial, judges: Mapping[str, Ask], replies: Replies, progress: Step) -> tuple[JudgeCheck, ...]:
    plants = plant_replies(trial.scenarios, seed=trial.protocol.seed)
    step = _stepper(progress, len(plants) * len(judges))
    return tuple(
        [
            await check_judge(plants, ask, replies, judge=name, blindfold=_blindfold(trial), progress=step)
            for name, ask in judges.items()
        ]
    )


async def _compare(
    trial: Trial, pairs: Sequence[ReplyPair], judges: Mapping[str, Ask], replies: Replies, progress: Step
) -> list[JudgedPair]:
    return await compare_replies(
        pairs,
        judges,
        replies,
        blindfold=_blindfold(trial),
        seed=trial.protocol.seed,
        progress=_stepper(progress, len(pairs) * len(judges)),
    )


async def _guess(
    trial: Trial, pairs: Sequence[GradedPair], judges: Mapping[str, Ask], replies: Replies, progress: Step
) -> BlindnessTest:
    name, ask = next(iter(judges.items()))
    return await run_blindness_test(
        pairs,
        ask,
        replies,
        guesser=name,
        blindfold=_blindfold(trial),
        passages=(trial.added_words("amended"), trial.added_words("placebo-1")),
        seed=trial.protocol.seed,
        progress=_stepper(progress, count_questions(pairs, is_informed=True)),
    )


def _ask(trial: Trial, work: Work[T]) -> T:
    async def run() -> T:
        async with open_judges(trial.protocol.judges) as judges:
            try:
                return await work({name: judge.ask for name, judge in judges.items()}, _replies(trial))
            finally:
                used = {
                    name: Usage(input=judge.input_tokens, output=judge.output_tokens)
                    for name, judge in judges.items()
                    if judge.calls
                }
                _add_usage(trial, used)

    return asyncio.run(run())


def _recall(trial: Trial, work: Work[T]) -> T | None:
    async def refuse(prompt: str, form: Form[Any]) -> str:
        raise _NotAskedError("not asked")

    async def run() -> T:
        return await work(dict.fromkeys(trial.protocol.judges, refuse), _replies(trial))

    if not _folder(trial).is_dir():
        return None
    try:
        return asyncio.run(run())
    except _NotAskedError:
        return None


def _refusal(trial: Trial, check: JudgeCheck) -> TrialError:
    shown = [
        f"  {fault.graded.plant.scenario}, {fault.graded.plant.kind}: {fault.problem}"
        for fault in check.faults[:_MOST_FAULTS]
    ]
    return TrialError(
        "\n".join([f"the judge {check.judge} is refused: {'; '.join(check.reasons)}", *shown]),
        path=trial.folder,
        mend="take another judge, or mend the rubrics and replies of these scenarios: nothing of the trial was asked",
    )


def _blindfold(trial: Trial) -> Blindfold:
    return Blindfold(added_lines(trial.systems), tuple(trial.protocol.model_names), trial.protocol.placeholder)


def _stepper(progress: Step, total: int) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return step


def _ignore(done: int, total: int) -> None:
    """Nobody looks at what is only read."""


def _folder(trial: Trial) -> Path:
    return trial.folder / "answers"


def _replies(trial: Trial) -> KeptReplies:
    return KeptReplies(_folder(trial))


def _usage_path(trial: Trial) -> Path:
    return _folder(trial) / "usage.json"


def _add_usage(trial: Trial, used: Mapping[str, Usage]) -> None:
    if used:
        total = add_usage(read_pass_usage(trial), used)
        write_text(
            _usage_path(trial), json.dumps({model: asdict(one) for model, one in total.items()}, indent=1) + "\n"
        )
