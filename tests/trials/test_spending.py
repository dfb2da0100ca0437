from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import TrialError
from avenant.prices import Price
from avenant.trials.design import read_trial
from avenant.trials.logs import finished_logs, read_log
from avenant.trials.protocol import Protocol
from avenant.trials.run import run_trial
from avenant.trials.spending import Usage, add_usage, check_budget, cost_usd, is_spent, read_usage
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import block_sizes, run
from tests.trials.scripted import Stage

PRICES = {"scripted/helpful": Price(10, 100, 1, 12), "scripted/judge": Price(1, 2, 1, 1)}
TOKENS_A_CALL = 107
"""Of every reply of a scripted model: 100 of the prompt and 7 of the reply."""
usages = st.builds(Usage, *[st.integers(0, 10**6)] * 4)


def protocol_of(root: Path, **options: object) -> Protocol:
    return make_trial(root, prices=PRICES, **options).protocol


@given(usages, usages)
def test_two_usages_cost_what_they_cost_together(first: Usage, second: Usage) -> None:
    price = PRICES["scripted/helpful"]

    assert (first + second).total == first.total + second.total
    assert (first + second).cost_usd(price) == pytest.approx(first.cost_usd(price) + second.cost_usd(price))
    assert add_usage({"a": first}, {"a": second, "b": second}) == {"a": first + second, "b": second}


def test_cost_takes_each_token_at_its_own_price_and_batches_at_half(tmp_path: Path) -> None:
    protocol = protocol_of(tmp_path)
    usage = {"scripted/helpful": Usage(1_000_000, 2_000_000, 3_000_000, 4_000_000)}

    assert cost_usd(protocol, usage) == 1 * 10 + 2 * 1 + 3 * 12 + 4 * 100
    assert cost_usd(dataclasses.replace(protocol, is_batch=True), usage) == 448 / 2
    batch = dataclasses.replace(protocol, is_batch=True)
    assert cost_usd(batch, usage, live=usage) == 448, "what is asked outside the batches costs the whole price"
    assert cost_usd(protocol, usage | {"nobody/knows-it": Usage(1)}) is None
    assert Usage(1, 2, 3, 4).cached_share == 2 / 6
    assert Usage(output=4).cached_share is None


@pytest.mark.parametrize(
    ("options", "usage", "expected"),
    [
        ({}, Usage(10**9), False),
        ({"budget_tokens": 100}, Usage(50, 20, 10, 19), False),
        ({"budget_tokens": 100}, Usage(50, 20, 10, 20), True),
        ({"budget_usd": 1.0}, Usage(99_999), False),
        ({"budget_usd": 1.0}, Usage(100_000), True),
        ({"budget_usd": 1.0}, Usage(cache_read=100_000), False),
    ],
)
def test_a_budget_is_spent_once_it_is_reached(
    options: dict[str, float], usage: Usage, expected: bool, tmp_path: Path
) -> None:
    assert is_spent(protocol_of(tmp_path, **options), {"scripted/helpful": usage}) is expected


def test_a_budget_in_dollars_without_a_price_is_refused_before_any_call(tmp_path: Path, stage: Stage) -> None:
    trial = store_trial(make_trial(tmp_path, budget_usd=1.0, prices={"scripted/judge": PRICES["scripted/judge"]}))

    with pytest.raises(TrialError, match="a budget in dollars needs the price of scripted/helpful") as caught:
        run_trial(trial, progress=lambda _: None)

    assert stage.calls == []
    assert '"scripted/helpful" = {input = ' in str(caught.value)
    check_budget(protocol_of(tmp_path, folder="trials/other", budget_tokens=5))


def test_a_run_stops_within_one_block_of_its_budget_and_goes_no_further_when_resumed(
    tmp_path: Path, stage: Stage
) -> None:
    trial = store_trial(make_trial(tmp_path, block_size=4, budget_tokens=30 * TOKENS_A_CALL))
    first, second, third = block_sizes(trial)

    ran = run(trial)
    run(read_trial(trial.folder))

    assert len(stage.calls) + len(stage.prompts) >= 30, "the budget was used"
    assert len(stage.calls) == first, "and the block in which it was spent was the last"
    assert sorted(finished_logs(trial)) == ["block-1"]
    usage = read_usage(read_log(path) for path in finished_logs(trial).values())
    assert sum(used.total for used in usage.values()) == (len(stage.calls) + len(stage.prompts)) * TOKENS_A_CALL
    assert is_spent(trial.protocol, usage)
    assert ran.result.verdict.word == "cannot tell"
    assert (second, third) != (0, 0)
