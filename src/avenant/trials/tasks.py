"""One block of a trial as an Inspect task: every arm of a few scenarios, asked and scored.

This module imports Inspect at its top and is itself imported only when a trial runs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from avenant.text import replace_name
from avenant.trials.design import Trial
from avenant.trials.judge import judge_prompt, parse_grade
from avenant.trials.passages import is_control_obeyed, make_control

# As `avenant.local.provider` spells it; that module is not imported here, since it needs the local extra.
_FORCED_REPLY = "forced_reply"

REPEAT = "repeat"
"""Name of the block that computes some scores a second time."""


def make_task(trial: Trial, block: int | str, on_sample: Callable[[], None]) -> Task:
    """The task of one block.

    Args:
        trial: the design.
        block: index of the block, or `REPEAT`.
        on_sample: called after each finished sample.
    """
    protocol = trial.protocol
    return Task(
        dataset=block_samples(trial, block),
        solver=[_measure(on_sample)],
        scorer=_margin_scorer() if protocol.outcome == "margin" else _judge_scorer(trial),
        config=GenerateConfig(max_tokens=protocol.max_tokens, seed=protocol.seed, temperature=0.0)
        if protocol.outcome == "margin"
        else GenerateConfig(max_tokens=protocol.max_tokens),
        name=f"avenant-{protocol.amendment}",
        version=protocol.content_hash,
        metadata={"block": block, "trial": trial.folder.name},
        fail_on_error=False,
    )


def block_samples(trial: Trial, block: int | str) -> list[Sample]:
    """The samples of one block: the requests of one arm together, the arms in random order."""
    protocol = trial.protocol
    if block == REPEAT:
        return [_sample(trial, one, arm) for arm in ("baseline", "amended") for one in protocol.repeats]
    index = int(block)
    asked: dict[str, list[str]] = dict.fromkeys(("baseline", "amended", "placebo"), protocol.blocks[index])
    asked["control"] = protocol.control_blocks[index]
    asked["blunt"] = protocol.blunt_blocks[index] if protocol.blunt_blocks else []
    if protocol.outcome == "margin":
        asked["inverted"] = protocol.blocks[index]
        asked["inverted-control"] = asked["control"]
        asked["inverted-blunt"] = asked["blunt"]
    groups = [[_sample(trial, one, arm) for one in ids] for arm, ids in asked.items()]
    random.Random(f"{protocol.seed}/{index}").shuffle(groups)
    return [sample for group in groups for sample in group]


def _sample(trial: Trial, scenario_id: str, arm: str) -> Sample:
    protocol = trial.protocol
    scenario = trial.scenario(scenario_id)

    def named(text: str) -> str:
        return replace_name(text, protocol.placeholder, protocol.document_name)

    key = trial.placebo_of(scenario_id) if arm == "placebo" else arm
    is_control = "control" in arm
    pair = ("", "")
    if protocol.outcome == "margin":
        control = make_control(protocol.document_name)
        pair = (control.wanted, control.unwanted) if is_control else (named(scenario.wanted), named(scenario.unwanted))
    writes = protocol.outcome == "judge" or (scenario_id in protocol.transcripts and arm in _TRANSCRIBED)
    messages: list[ChatMessage] = [ChatMessageSystem(content=trial.systems[key])]
    for role, content in scenario.messages:
        message = ChatMessageUser if role == "user" else ChatMessageAssistant
        messages.append(message(content=named(content)))
    return Sample(
        id=f"{scenario_id}--{arm}",
        input=messages,
        target=scenario.rubric,
        metadata={
            "scenario": scenario_id,
            "family": scenario.family,
            "battery": scenario.battery,
            "arm": arm,
            "wanted": pair[0],
            "unwanted": pair[1],
            "writes": writes,
        },
    )


_TRANSCRIBED = ("baseline", "amended", "placebo", "control")


@solver
def _measure(on_sample: Callable[[], None]) -> Solver:
    """Score the pair of given replies where there is one; write a reply where one is wanted."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        try:
            return await ask(state, generate)
        finally:
            # A request that fails is done as well.
            on_sample()

    async def ask(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        for which in ("wanted", "unwanted"):
            text = state.metadata[which]
            if text:
                config = GenerateConfig(extra_body={_FORCED_REPLY: text})
                output = await model.generate(state.messages, config=config)
                logprobs = output.choices[0].logprobs
                assert logprobs is not None
                state.store.set(f"{which}_logprob", sum(token.logprob for token in logprobs.content))
                state.store.set(f"{which}_tokens", len(logprobs.content))
        if state.metadata["writes"]:
            state = await generate(state)
        return state

    return solve


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
    """The blind judge's grade; the control is checked by program."""
    protocol = trial.protocol
    passages = _passages_of(trial)

    async def score(state: TaskState, target: Target) -> Score:
        reply = state.output.completion
        fate = _fate(state, reply)
        if state.metadata["arm"] == "control" and fate in (None, "truncated"):
            return Score(value=float(is_control_obeyed(reply)), metadata={"fate": "scored"})
        if fate is not None:
            return Score(value=float("nan"), metadata={"fate": fate})
        prompt = judge_prompt(
            trial.scenario(state.metadata["scenario"]).messages,
            reply,
            target.text,
            passages=passages,
            names=protocol.model_names,
            placeholder=protocol.placeholder,
        )
        try:
            answer = await get_model(role="grader", required=True).generate(prompt)
        except Exception as error:
            # Whatever the judge's client raises is the judge's failure; it must not take the reply along.
            return Score(value=float("nan"), metadata={"fate": "judge failed"}, explanation=str(error))
        grade = parse_grade(answer.completion)
        if grade is None:
            return Score(value=float("nan"), metadata={"fate": "judge failed"}, explanation=answer.completion)
        return Score(value=grade, metadata={"fate": "scored"}, explanation=answer.completion)

    return score


def _fate(state: TaskState, reply: str) -> str | None:
    """Why a reply gets no grade; None where it gets one."""
    if state.output.stop_reason == "content_filter":
        return "refused"
    if not reply.strip():
        return "no reply"
    return "truncated" if state.output.stop_reason == "max_tokens" else None


def _passages_of(trial: Trial) -> Sequence[str]:
    """What each arm adds to the baseline: the lines that the baseline does not have."""
    known = set(trial.systems["baseline"].splitlines())
    return [
        "\n".join(line for line in system.splitlines() if line not in known)
        for arm, system in trial.systems.items()
        if arm != "baseline"
    ]
