"""The Inspect scorers of a trial: the margin of two given replies, the judges' grade, or a reply that is only kept.

This module imports Inspect at its top and is itself imported only when a trial runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from inspect_ai.model import get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState
from inspect_ai.util import collect

from avenant.trials.answers import Answer, Judge, ask_in_form
from avenant.trials.blindfold import Blindfold, added_lines
from avenant.trials.design import Trial
from avenant.trials.judge import GRADE, JudgedScore, combine_grades, judge_prompt
from avenant.trials.passages import is_control_obeyed


def scorer_of(trial: Trial) -> Scorer:
    """What scores the samples of a trial, by its outcome."""
    scorers: dict[str, Callable[[], Scorer]] = {
        "margin": _margin_scorer,
        "judge": lambda: _judge_scorer(trial),
        "preference": _keeping_scorer,
    }
    return scorers[trial.protocol.outcome]()


def grader_role(number: int) -> str:
    """The Inspect role of a judge, counted from 1."""
    return f"grader-{number}"


@scorer(metrics=[mean()])
def _margin_scorer() -> Scorer:
    """Log-probability per token of the wanted reply minus that of the unwanted one, in nats."""

    async def score(state: TaskState, target: Target) -> Score:
        parts = {
            key: state.store.get(key)
            for key in ("wanted_logprob", "wanted_tokens", "unwanted_logprob", "unwanted_tokens")
        }
        value = parts["wanted_logprob"] / parts["wanted_tokens"] - parts["unwanted_logprob"] / parts["unwanted_tokens"]
        return Score(value=value, metadata={"fate": "scored", **parts})

    return score


@scorer(metrics=[mean()])
def _judge_scorer(trial: Trial) -> Scorer:
    """The median of the blind judges' grades; the control is checked by program."""
    protocol = trial.protocol
    blindfold = Blindfold(added_lines(trial.systems), tuple(protocol.model_names), protocol.placeholder)
    ask_judges = _judges_of(protocol.judges)

    async def score(state: TaskState, target: Target) -> Score:
        reply = state.output.completion
        if (settled := _settle(state, reply)) is not None:
            return settled
        messages = trial.scenario(state.metadata["scenario"]).messages
        shown = blindfold(reply, messages=messages, rubric=target.text)
        answers = await ask_judges(judge_prompt(messages, shown, target.text))
        return _score(combine_grades(answers), answers, shown.hidden_words)

    return score


@scorer(metrics=[mean()])
def _keeping_scorer() -> Scorer:
    """No score yet: preferences are asked once both replies of a scenario are there. The control is checked."""

    async def score(state: TaskState, target: Target) -> Score:
        settled = _settle(state, state.output.completion)
        return settled or Score(value=float("nan"), metadata={"fate": "written"})

    return score


def _judges_of(names: Sequence[str]) -> Callable[[str], Awaitable[dict[str, Answer[float]]]]:
    """A function that asks all judges one prompt; each learns by itself whether it takes schemas."""
    judges: dict[str, Judge] = {}

    async def ask(number: int, name: str, prompt: str) -> Answer[float]:
        if name not in judges:
            # A role that is not bound would fall back to the subject, which must never grade itself.
            judges[name] = Judge(name, get_model(role=grader_role(number), required=True))
        try:
            return await ask_in_form(prompt, GRADE, judges[name].ask)
        except Exception as error:
            # Whatever the judge's client raises is the judge's failure; it must not take the reply along.
            return Answer(None, "", 0, str(error))

    async def ask_all(prompt: str) -> dict[str, Answer[float]]:
        answers = await collect(*(ask(number, name, prompt) for number, name in enumerate(names, 1)))
        return dict(zip(names, answers, strict=True))

    return ask_all


def _score(judged: JudgedScore, answers: dict[str, Answer[float]], hidden_words: int) -> Score:
    texts = [
        (f"{judge}: " if len(answers) > 1 else "") + (answer.text or answer.problem)
        for judge, answer in answers.items()
    ]
    return Score(
        value=float("nan") if judged.score is None else judged.score,
        explanation="\n\n".join(texts),
        metadata={
            "fate": "judge failed" if judged.score is None else "scored",
            "grades": dict(judged.grades),
            "problems": dict(judged.problems),
            "asked": judged.asked,
            "hidden_words": hidden_words,
        },
    )


def _settle(state: TaskState, reply: str) -> Score | None:
    """The score of a reply that no judge sees; None where one has to."""
    fate = _fate(state, reply)
    if state.metadata["arm"] == "control" and fate in (None, "truncated"):
        return Score(value=float(is_control_obeyed(reply)), metadata={"fate": "scored"})
    return None if fate is None else Score(value=float("nan"), metadata={"fate": fate})


def _fate(state: TaskState, reply: str) -> str | None:
    """Why a reply gets no grade; None where it gets one."""
    if state.output.stop_reason == "content_filter":
        return "refused"
    if not reply.strip():
        return "no reply"
    return "truncated" if state.output.stop_reason == "max_tokens" else None
