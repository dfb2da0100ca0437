"""One block of a trial as an Inspect task: every arm of a few scenarios, asked and scored.

This module imports Inspect at its top and is itself imported only when a trial runs.
"""

from __future__ import annotations

from collections.abc import Callable

from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from avenant.models import is_embedded
from avenant.text import replace_name
from avenant.trials.design import Trial
from avenant.trials.grading import scorer_of
from avenant.trials.kept import SAMPLE
from avenant.trials.passages import make_control
from avenant.trials.prefix import Warming, make_system_message
from avenant.trials.sequence import Block

# As `avenant.local.provider` spells it; that module is not imported here, since it needs the local extra.
_FORCED_REPLY = "forced_reply"

_RETRIES = 8
"""How often a request is put again to a model that is busy, with growing waits: about a quarter of an hour in all."""
_TIMEOUT_S = 1800
"""How long a request may take, its retries included."""
_ATTEMPT_S = 600
"""How long a model may take for one reply."""


def make_task(trial: Trial, block: Block, on_sample: Callable[[], None]) -> Task:
    """The task of one block.

    Args:
        trial: the design.
        block: which requests.
        on_sample: called after each finished sample.
    """
    protocol = trial.protocol
    return Task(
        dataset=block_samples(trial, block),
        solver=[_measure(on_sample, warming=_warming_of(trial))],
        scorer=scorer_of(trial),
        config=_config_of(trial),
        name=f"avenant-{protocol.amendment}",
        version=protocol.content_hash,
        metadata={"block": block.name, "trial": trial.folder.name},
        fail_on_error=False,
    )


def _config_of(trial: Trial) -> GenerateConfig:
    protocol = trial.protocol
    config = GenerateConfig(max_tokens=protocol.max_tokens, max_retries=_RETRIES)
    if protocol.is_batch:
        # A batch may take a day, and what is cached does not live as long.
        return config.merge(GenerateConfig(batch=True, cache_prompt=False))
    config = config.merge(GenerateConfig(timeout=_TIMEOUT_S, attempt_timeout=_ATTEMPT_S))
    if protocol.outcome == "margin":
        return config.merge(GenerateConfig(seed=protocol.seed, temperature=0.0))
    return config


def _warming_of(trial: Trial) -> Warming | None:
    """The embedded model has every document's state before the first request; a batch has no order."""
    return None if is_embedded(trial.protocol.subject) or trial.protocol.is_batch else Warming()


def block_samples(trial: Trial, block: Block) -> list[Sample]:
    """The samples of one block: the requests under one document together, in the block's order of the arms."""
    return [
        _sample(trial, one, arm, reply)
        for arm, ids in block.asked.items()
        for one in sorted(ids, key=lambda one: _document_of(trial, one, arm))
        for reply in range(1, trial.protocol.replies + 1)
    ]


def _document_of(trial: Trial, scenario_id: str, arm: str) -> str:
    """Key of the system message that a scenario sees in an arm."""
    return trial.placebo_of(scenario_id) if arm == "placebo" else arm


def _sample(trial: Trial, scenario_id: str, arm: str, reply: int) -> Sample:
    protocol = trial.protocol
    scenario = trial.scenario(scenario_id)

    def named(text: str) -> str:
        return replace_name(text, protocol.placeholder, protocol.document_name)

    is_control = "control" in arm
    pair = ("", "")
    if protocol.outcome == "margin":
        control = make_control(protocol.document_name)
        pair = (control.wanted, control.unwanted) if is_control else (named(scenario.wanted), named(scenario.unwanted))
    writes = protocol.outcome != "margin" or (scenario_id in protocol.transcripts and arm in _TRANSCRIBED)
    messages: list[ChatMessage] = [make_system_message(trial, _document_of(trial, scenario_id, arm))]
    for role, content in scenario.messages:
        message = ChatMessageUser if role == "user" else ChatMessageAssistant
        messages.append(message(content=named(content)))
    return Sample(
        id=f"{scenario_id}--{arm}" + (f"--{reply}" if reply > 1 else ""),
        input=messages,
        target=scenario.rubric,
        metadata={
            "scenario": scenario_id,
            "family": scenario.family,
            "battery": scenario.battery,
            "arm": arm,
            "reply": reply,
            "wanted": pair[0],
            "unwanted": pair[1],
            "writes": writes,
        },
    )


_TRANSCRIBED = ("baseline", "amended", "placebo", "control")


@solver
def _measure(on_sample: Callable[[], None], warming: Warming | None) -> Solver:
    """Score the pair of given replies where there is one; write a reply where one is wanted."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.store.set(SAMPLE, str(state.sample_id))
        try:
            if warming is None:
                return await ask(state, generate)
            return await warming(state.messages[0].text, lambda: ask(state, generate))
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
