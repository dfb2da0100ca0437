"""The plan: what a trial can show and what it may cost, before a cent is spent.

This module needs Inspect and is itself imported only when a trial is planned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessage

from avenant.models import estimate_tokens, is_embedded
from avenant.prices import Price
from avenant.scenarios import Battery
from avenant.statistics.duration import expected_units
from avenant.statistics.power import detectable_effect, find_chance
from avenant.trials.blindfold import Masked
from avenant.trials.blinding import PAIRS
from avenant.trials.contrasts import SIDES
from avenant.trials.design import Trial
from avenant.trials.judge import judge_prompt
from avenant.trials.pairwise import preference_prompt
from avenant.trials.planted import plant_replies
from avenant.trials.preferences import COMPARED
from avenant.trials.prefix import shared_length
from avenant.trials.protocol import FEWEST_FAMILIES, FEWEST_SIDE_FAMILIES, Protocol, Stopping
from avenant.trials.run import CONNECTIONS
from avenant.trials.sequence import planned_blocks
from avenant.trials.spending import BATCH_SHARE, Usage
from avenant.trials.tasks import block_samples

ASSUMED_SD = 0.27
"""Standard deviation of the paired differences that the detectable effects assume, on a judge's scale from 0 to 1."""
GRADE_TOKENS = 150
"""Tokens of a judge's answer, as planned: a reason in one to three sentences and a grade."""
LEAST_CACHED = 1024
"""Tokens of a prompt below which providers cache nothing."""
SECONDS: Mapping[str, float] = {"subject": 12, "judge": 5, "checks": 5}
"""How long one request to a provider is taken to last, in seconds: a rule of thumb, not a measurement."""
EMBEDDED_SECONDS = 0.2
"""The same for the embedded model, with all its servers: `benchmarks/embedded_servers.py` on two cores."""
POWER = 0.8
"""How often the smallest effect is found."""


@dataclass(frozen=True, slots=True)
class BatteryPlan:
    """What a trial of this size can show on the batteries that it looks at together."""

    batteries: tuple[Battery, ...]
    """One; in a trial of fixed size neighbour and far are one estimate."""
    scenarios: int
    families: int
    detectable: float | None
    """Smallest effect that the trial finds 8 times in 10, on the outcome's scale; None where nobody knows how far the
    outcome's differences spread, or where there are too few families."""
    tolerable: float | None
    """Chance to show "no worse" where nothing changes, in [0, 1]; None like `detectable`, and for the target."""
    expected_families: float | None
    """Families that a sequential trial asks on average if the effect on the target is as large as `detectable`; None
    where none is stated."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one model is asked for at most."""

    role: str
    """"subject", "judge", or "checks": what a judge is asked to show that it can grade, and that it is blind."""
    model: str
    calls: int
    uncached: Usage
    """Tokens where nothing is read from a cache; replies at their longest."""
    cached: Usage | None
    """The same where every document is computed once a block; None where nothing would be cached."""
    price: Price | None
    """None where it is not known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a trial before its first call."""

    batteries: tuple[BatteryPlan, ...]
    assumed_sd: float | None
    """None where no effect is stated."""
    stopping: Stopping
    blocks: int
    """Those that decide; a sequential trial may end after each."""
    loads: tuple[Load, ...]
    cost_uncached_usd: float | None
    """At most, in dollars; None where a price is not known."""
    cost_cached_usd: float | None
    time_s: float | None
    """Rough; None in batch mode, which may take a day for each block."""
    is_batch: bool

    @property
    def price_share(self) -> float:
        """What is paid of the price, in [0, 1]."""
        return BATCH_SHARE if self.is_batch else 1.0


def make_plan(trial: Trial, *, connections: int | None = None) -> Plan:
    """What a designed trial can show and what it asks for at most.

    Args:
        trial: the design.
        connections: requests under way at once; None: `CONNECTIONS`.
    """
    protocol = trial.protocol
    blocks = [block_samples(trial, block) for block in planned_blocks(trial)]
    loads = (_subject_load(trial, blocks), *_judge_loads(trial, blocks))
    return Plan(
        batteries=tuple(_plan_batteries(trial)),
        assumed_sd=ASSUMED_SD if protocol.outcome == "judge" else None,
        stopping=protocol.stopping,
        blocks=len(protocol.blocks),
        loads=loads,
        cost_uncached_usd=_cost(protocol, loads, is_cached=False),
        cost_cached_usd=_cost(protocol, loads, is_cached=True),
        time_s=None if protocol.is_batch else sum(_seconds(load, connections or CONNECTIONS) for load in loads),
        is_batch=protocol.is_batch,
    )


def _plan_batteries(trial: Trial) -> Iterable[BatteryPlan]:
    groups: list[tuple[Battery, ...]] = [("target",), ("neighbour",), ("far",)]
    for group in groups if trial.protocol.is_sequential else [("target",), SIDES]:
        scenarios = [scenario for scenario in trial.scenarios if scenario.battery in group]
        families = len({scenario.family for scenario in scenarios})
        if families:
            detectable, tolerable = _foresee(trial.protocol, group, families)
            expected = _expect(trial.protocol, families, detectable) if "target" in group else None
            yield BatteryPlan(group, len(scenarios), families, detectable, tolerable, expected)


def _foresee(protocol: Protocol, batteries: tuple[Battery, ...], families: int) -> tuple[float | None, float | None]:
    """The smallest effect that is found, and the chance to show "no worse" where nothing changes."""
    is_target = "target" in batteries
    too_few = protocol.stopping == "fixed" and families < (FEWEST_FAMILIES if is_target else FEWEST_SIDE_FAMILIES)
    if protocol.outcome != "judge" or too_few:
        return None, None
    rule = protocol.stopping
    effect = detectable_effect(families, sd=ASSUMED_SD, rule=rule, level=protocol.level, power=POWER)
    if is_target:
        return effect, None
    # To show that nothing falls by the side margin is to find a rise by it, with an interval of two one-sided tests.
    level = 2 * protocol.level - 1
    return effect, find_chance(families, protocol.side_margin, sd=ASSUMED_SD, rule=rule, level=level)


def _expect(protocol: Protocol, families: int, effect: float | None) -> float | None:
    if effect is None or not protocol.is_sequential:
        return None
    step = math.ceil(families / len(protocol.blocks))
    rule, level = protocol.stopping, protocol.level
    return expected_units(families, effect, sd=ASSUMED_SD, rule=rule, step=step, level=level)


def _subject_load(trial: Trial, blocks: Sequence[Sequence[Sample]]) -> Load:
    protocol = trial.protocol
    samples = [sample for block in blocks for sample in block]
    texts = [_metadata(sample, key) for sample in samples for key in ("wanted", "unwanted")]
    forced = [estimate_tokens(text) for text in texts if text]
    written = sum(bool(_metadata(sample, "writes")) for sample in samples)
    calls = len(forced) + written
    prompts = sum(_calls_of(sample) * _prompt_tokens(sample) for sample in samples)
    output = sum(forced) + written * protocol.max_tokens
    return Load(
        "subject",
        protocol.subject,
        calls,
        uncached=Usage(input=prompts, output=output),
        cached=_with_cache(trial, blocks, output),
        price=_price(protocol, protocol.subject),
    )


def _with_cache(trial: Trial, blocks: Sequence[Sequence[Sample]], output: int) -> Usage | None:
    """Tokens where each document is computed once a block, and what all arms share once; embedded: once in all."""
    protocol = trial.protocol
    shared = estimate_tokens(trial.systems["baseline"][: shared_length(tuple(trial.systems.values()))])
    tokens = {text: estimate_tokens(text) for text in trial.systems.values()}
    is_local = is_embedded(protocol.subject)
    if protocol.is_batch or (not is_local and min(tokens.values()) < LEAST_CACHED):
        return None
    usage = Usage(output=output)
    warm: set[str] = set()
    is_begun = False
    for block in blocks:
        if not is_local:
            warm.clear()
        for sample in block:
            document = _messages(sample)[0].text
            size, calls = tokens[document], _calls_of(sample)
            tail = _prompt_tokens(sample) - size
            cold = 0 if document in warm else size - (shared if is_begun else 0)
            usage += Usage(input=calls * tail, cache_read=calls * size - cold, cache_write=cold)
            warm.add(document)
            is_begun = True
    return usage


def _judge_loads(trial: Trial, blocks: Sequence[Sequence[Sample]]) -> Iterable[Load]:
    protocol = trial.protocol
    # A preference is asked for in both orders.
    times = 2 if protocol.outcome == "preference" else 1
    prompts = [
        tokens for block in blocks for sample in block if (tokens := _judge_tokens(trial, sample)) for _ in range(times)
    ]
    if not prompts:
        return
    plants = len(plant_replies(trial.scenarios, seed=protocol.seed))
    pairs = sum(_metadata(sample, "arm") == "amended" for block in blocks for sample in block)
    # Both replies of a pair, by a judge that sees what it graded and by one that knows the passages.
    guesses = 4 * min(PAIRS, pairs)
    for at, judge in enumerate(protocol.judges):
        yield _judge_load(protocol, "judge", judge, len(prompts), sum(prompts))
        asked = plants + (0 if at else guesses)
        yield _judge_load(protocol, "checks", judge, asked, asked * sum(prompts) // len(prompts))


def _judge_load(protocol: Protocol, role: str, judge: str, calls: int, prompt: int) -> Load:
    usage = Usage(input=prompt, output=calls * GRADE_TOKENS)
    return Load(role, judge, calls, usage, None, _price(protocol, judge))


def _judge_tokens(trial: Trial, sample: Sample) -> int:
    """Tokens of the judge's prompt for a sample; 0 where no judge is asked."""
    protocol = trial.protocol
    if protocol.outcome == "margin":
        return 0
    arm = _metadata(sample, "arm")
    scenario = trial.scenario(_metadata(sample, "scenario"))
    nothing = Masked("", 0)
    if protocol.outcome == "preference":
        if arm not in COMPARED:
            return 0
        prompt = preference_prompt(scenario.messages, nothing, nothing, scenario.rubric)
        return estimate_tokens(prompt) + 2 * protocol.max_tokens
    if arm == "control":
        return 0
    return estimate_tokens(judge_prompt(scenario.messages, nothing, scenario.rubric)) + protocol.max_tokens


def _cost(protocol: Protocol, loads: Iterable[Load], *, is_cached: bool) -> float | None:
    total = 0.0
    for load in loads:
        if load.price is None:
            return None
        share = BATCH_SHARE if protocol.is_batch and load.role != "checks" else 1.0
        total += share * ((load.cached if is_cached else None) or load.uncached).cost_usd(load.price)
    return total


def _seconds(load: Load, connections: int) -> float:
    if is_embedded(load.model):
        return load.calls * EMBEDDED_SECONDS
    return load.calls * SECONDS[load.role] / connections


def _price(protocol: Protocol, name: str) -> Price | None:
    return Price(*protocol.prices[name]) if name in protocol.prices else None


def _calls_of(sample: Sample) -> int:
    return sum(bool(_metadata(sample, key)) for key in ("wanted", "unwanted", "writes"))


def _prompt_tokens(sample: Sample) -> int:
    return sum(estimate_tokens(message.text) for message in _messages(sample))


def _messages(sample: Sample) -> list[ChatMessage]:
    assert not isinstance(sample.input, str)
    return sample.input


def _metadata(sample: Sample, key: str) -> Any:
    assert sample.metadata is not None
    return sample.metadata[key]
