from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.cli.plan_view import plan_as_json, say_plan
from avenant.prices import Price
from avenant.trials.logs import finished_logs, read_log
from avenant.trials.plan import GRADE_TOKENS, LEAST_CACHED, make_plan
from avenant.trials.sequence import planned_blocks
from avenant.trials.spending import read_usage
from avenant.trials.tasks import block_samples
from tests.trials.materials import DOCUMENT, make_trial, scenario_items, scenario_source, store_trial
from tests.trials.running import run
from tests.trials.scripted import Stage
from tests.trials.test_margin import margin_trial

PRICES = {"scripted/helpful": Price(10, 100, 1, 12), "scripted/judge": Price(1, 2, 1, 1)}
MORE = "\n\n".join(["Odile likes long documents, and reads them all."] * 100)
LONG = DOCUMENT.replace("## Closing words", f"{MORE}\n\n## Closing words")


def test_a_plan_counts_the_calls_that_the_run_then_makes(tmp_path: Path, stage: Stage) -> None:
    trial = store_trial(make_trial(tmp_path, block_size=5))

    subject, judge, checks = make_plan(trial).loads
    run(trial)

    assert subject.calls == len(stage.calls)
    assert judge.calls <= len(stage.prompts) <= judge.calls + checks.calls
    assert judge.uncached.output == judge.calls * GRADE_TOKENS
    assert subject.uncached.output == subject.calls * trial.protocol.max_tokens


def test_the_calls_of_a_margin_trial_are_those_that_the_run_then_makes(tmp_path: Path, stage: Stage) -> None:
    trial = margin_trial(tmp_path, "margin-helpful")

    [subject] = make_plan(trial).loads
    run(trial)

    assert subject.calls == len(stage.calls)


def test_with_the_cache_no_token_is_lost_and_each_document_is_written_once_a_block(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, document=LONG, block_size=5)

    subject = make_plan(trial).loads[0]

    assert subject.cached is not None
    assert subject.cached.prompt == subject.uncached.prompt
    assert subject.cached.cache_read > subject.cached.cache_write > LEAST_CACHED
    fewer = make_plan(make_trial(tmp_path, document=LONG, block_size=100, folder="trials/other")).loads[0]
    assert fewer.cached is not None
    assert fewer.cached.cache_write < subject.cached.cache_write, "fewer blocks, fewer writes"
    assert fewer.uncached == subject.uncached


@pytest.mark.parametrize("is_batch", [False, True])
def test_nothing_is_cached_of_a_short_document_or_in_batches(is_batch: bool, tmp_path: Path) -> None:
    models = {"subject": "anthropic/odile", "judge": "openai/judge"}
    trial = make_trial(tmp_path, document=LONG if is_batch else DOCUMENT, batch=is_batch, **models)

    plan = make_plan(trial)

    assert [load.cached for load in plan.loads] == [None, None, None]
    assert (plan.time_s is None) is is_batch


def test_the_cost_is_that_of_the_tokens_and_half_of_it_in_batches(tmp_path: Path) -> None:
    prices = {"anthropic/odile": Price(10, 100, 1, 12), "openai/judge": Price(1, 2, 1, 1)}
    models = {"subject": "anthropic/odile", "judge": "openai/judge", "prices": prices}

    live = make_plan(make_trial(tmp_path, document=LONG, **models))  # type: ignore[arg-type]
    batch = make_plan(make_trial(tmp_path, document=LONG, batch=True, folder="trials/other", **models))  # type: ignore[arg-type]

    asked, graded, checked = (load.uncached for load in live.loads)
    judged = graded + checked
    tokens = 10 * asked.prompt + 100 * asked.output + judged.prompt + 2 * judged.output
    assert live.cost_uncached_usd == pytest.approx(tokens / 1e6)
    assert live.cost_cached_usd is not None
    assert live.cost_cached_usd < live.cost_uncached_usd  # type: ignore[operator]
    # What judges are asked to show that they can grade is asked live, at the whole price.
    whole = checked.prompt + 2 * checked.output
    assert batch.cost_uncached_usd == pytest.approx(((tokens - whole) / 2 + whole) / 1e6)


def test_an_unknown_price_is_said_to_be_unknown(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, prices={"scripted/helpful": Price(1, 1, 1, 1)})

    plan = make_plan(trial)

    assert (plan.cost_uncached_usd, plan.cost_cached_usd) == (None, None)
    data = json.loads(plan_as_json(trial, plan))
    assert data["cost_uncached_usd"] is None
    assert [load["price"] is None for load in data["loads"]] == [False, True, True]


def test_a_trial_of_fixed_size_is_planned_on_target_and_on_the_rest_together(tmp_path: Path) -> None:
    target, side = make_plan(make_trial(tmp_path)).batteries

    assert (target.batteries, target.families, side.batteries, side.families) == (
        ("target",), 6, ("neighbour", "far"), 4,
    )  # fmt: skip
    assert target.detectable is not None
    assert 0.27 < target.detectable < 0.5, "six families find only what is larger than the spread"
    assert (target.tolerable, target.expected_families) == (None, None)
    assert side.tolerable is not None
    assert 0 < side.tolerable < 0.2, "four families can hardly show that nothing falls by 0.05"


def test_too_few_families_and_other_outcomes_say_no_effect(tmp_path: Path) -> None:
    few = scenario_source(scenario_items(families=4))

    target, _ = make_plan(make_trial(tmp_path, scenarios=few)).batteries
    margin = make_plan(margin_trial(tmp_path, "margin-helpful", folder="trials/other"))

    assert target.detectable is None
    assert margin.assumed_sd is None
    assert [battery.detectable for battery in margin.batteries] == [None, None]


def test_a_sequential_plan_says_what_is_asked_at_most_and_how_much_of_it_on_average(tmp_path: Path) -> None:
    items = [
        {**item, "id": f"{item['id']}-{copy}", "family": f"{item['family']}-{copy}"}
        for copy in range(6)
        for item in scenario_items()
    ]
    trial = make_trial(tmp_path, scenarios=scenario_source(items))

    plan = make_plan(trial)

    assert trial.protocol.is_sequential
    target, neighbour, far = plan.batteries
    assert (target.families, neighbour.families, far.families) == (36, 12, 12)
    assert target.detectable is not None
    assert target.expected_families is not None
    assert 0 < target.expected_families < 36
    assert "at most" in say_plan(trial, plan)


def test_planned_tokens_are_no_fewer_than_those_of_a_run(tmp_path: Path) -> None:
    """The estimate errs towards too many; a model whose tokens are words needs fewer."""
    from tests.trials import test_prefix

    trial = store_trial(make_trial(tmp_path, "caching/odile", block_size=100))
    test_prefix.CALLS.clear()

    subject = make_plan(trial).loads[0]
    run(trial)

    used = read_usage(read_log(path) for path in finished_logs(trial).values())["caching/odile"]
    assert subject.uncached.prompt > used.prompt


def test_a_preference_is_planned_in_both_orders_for_the_blunt_rule_too(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, outcome="preference")

    judge = next(load for load in make_plan(trial).loads if load.role == "judge")
    arms = [sample.metadata["arm"] for block in planned_blocks(trial) for sample in block_samples(trial, block)]  # type: ignore[index]
    assert judge.calls == 2 * (arms.count("amended") + arms.count("blunt"))
    assert arms.count("blunt") > 0
