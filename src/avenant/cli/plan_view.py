"""The plan of a trial on the screen: what it can show and what it costs at most, before anything is spent."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from avenant.trials.design import Trial
from avenant.trials.plan import ASSUMED_SD, POWER, Load, Plan
from avenant.trials.spending import Usage, say_budget

_STOPPING = {
    "fixed": "one look, after the last block",
    "betting": "a look after every block, by bets that hold at every look; it may end early",
    "group-sequential": "a look after every block, with a group-sequential boundary; it may end early",
}


def show_plan(trial: Trial, plan: Plan, out: Console) -> None:
    """Print a plan as two tables with what they rest on.

    Args:
        trial: the design.
        plan: of it.
        out: where to.
    """
    out.print(Text(say_plan(trial, plan), style="bold"), soft_wrap=not out.is_terminal)
    out.print(_effects_table(trial, plan))
    out.print(_cost_table(plan))
    for line in _notes(trial, plan):
        # A terminal would break long lines within words; a pipe is to have them whole.
        out.print(Text(line), soft_wrap=not out.is_terminal)


def say_plan(trial: Trial, plan: Plan) -> str:
    """A plan in one line."""
    protocol = trial.protocol
    shown = "the whole document" if protocol.is_whole else f"lines {protocol.shown_from} to {protocol.shown_to}"
    words = {"subject": "the subject {}", "judge": "the judge {}", "checks": "{} to check it"}
    calls = ", ".join(f"{load.calls:,} calls of {words[load.role].format(load.model)}" for load in plan.loads)
    return (
        f"Plan: {len(trial.scenarios)} scenarios in {plan.blocks} block{'' if plan.blocks == 1 else 's'}; "
        f"{'at most ' if protocol.is_sequential else ''}{calls}; the subject sees {shown} "
        f"(about {protocol.document_tokens:,} tokens)."
    )


def plan_as_json(trial: Trial, plan: Plan) -> str:
    """A plan for machines; what is not known is null."""
    data = {"amendment": trial.protocol.amendment, "outcome": trial.protocol.outcome, **dataclasses.asdict(plan)}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _effects_table(trial: Trial, plan: Plan) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("battery")
    margin = f"{trial.protocol.side_margin:g}"
    for name in ("scenarios", "families", "smallest effect it finds", f"chance to show no fall by {margin}"):
        table.add_column(name, justify="right")
    for battery in plan.batteries:
        table.add_row(
            " and ".join(battery.batteries),
            str(battery.scenarios),
            str(battery.families),
            _unknown(battery.detectable, "{:.2f}"),
            "" if "target" in battery.batteries else _unknown(battery.tolerable, "{:.0%}"),
        )
    return table


def _cost_table(plan: Plan) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("at most", overflow="fold")
    judges = sum(load.role == "judge" for load in plan.loads)
    # Where nobody caches, two columns would say so again in every line, and the models' names need their room.
    is_cached = any(load.cached is not None for load in plan.loads)
    cached, dollars = (["of them cached"], ["$", "$ with the cache"]) if is_cached else ([], ["$"])
    for name in ("calls", "prompt tokens", *cached, "reply tokens", *dollars):
        table.add_column(name, justify="right")
    for load in plan.loads:
        read = "none" if load.cached is None else f"{load.cached.cache_read:,}"
        costs = [_dollars(load, usage, plan) for usage in (load.uncached, load.cached or load.uncached)]
        table.add_row(
            load.role if judges < 2 or load.role == "subject" else f"{load.role} {load.model}",
            f"{load.calls:,}",
            f"{load.uncached.prompt:,}",
            *([read] if is_cached else []),
            f"{load.uncached.output:,}",
            *costs[: len(dollars)],
        )
    if len(plan.loads) > 1:
        both = [_unknown(cost, "{:,.2f}", "unknown") for cost in (plan.cost_uncached_usd, plan.cost_cached_usd)]
        table.add_row("together", "", "", *([""] if is_cached else []), "", *both[: len(dollars)])
    return table


def _dollars(load: Load, usage: Usage, plan: Plan) -> str:
    if load.price is None:
        return "unknown"
    share = 1.0 if load.role == "checks" else plan.price_share
    return f"{usage.cost_usd(load.price) * share:,.2f}"


def _unknown(value: float | None, form: str, word: str = "cannot tell") -> str:
    return word if value is None else form.format(value)


def _notes(trial: Trial, plan: Plan) -> Iterator[str]:
    protocol = trial.protocol
    yield f"Stopping: {_STOPPING[plan.stopping]}."
    if plan.assumed_sd is not None:
        yield (
            f"Effects: found {POWER:.0%} of the time if the paired differences of families have a standard deviation "
            f"of {ASSUMED_SD:g}, which is an assumption; your scenarios decide."
        )
    else:
        yield "Effects: nobody knows beforehand how far the differences of this outcome spread."
    if protocol.is_sequential:
        yield (
            "Costs: those of every block, with the control's, the screen's and the assay's; a battery that is settled "
            "is not asked on."
        )
        for battery in plan.batteries:
            if battery.expected_families is not None and battery.detectable is not None:
                yield (
                    f"On average: {battery.expected_families:.0f} of the {battery.families} target families if the "
                    f"effect is {battery.detectable:.2f}, by simulation."
                )
    if plan.is_batch:
        yield "Batch mode: half the price, nothing cached, and up to a day for the replies and another for the grades."
    elif any(load.cached is not None and load.price for load in plan.loads):
        yield "Cache: each document is computed once a block, and what all arms share once, if the provider keeps it."
    if any(load.price is None for load in plan.loads):
        yield "Unknown prices: put them into avenant.toml under [prices], in dollars per million tokens."
    if plan.time_s is not None:
        yield f"Time: roughly {_duration(plan.time_s)}, by rule of thumb."
    if protocol.budget:
        yield f"Budget: {say_budget(protocol)}; the block in which it is spent is the last."


def _duration(time_s: float) -> str:
    if time_s < 90:
        return f"{max(1, round(time_s / 10)) * 10} seconds"
    return f"{round(time_s / 60)} minutes" if time_s < 5400 else f"{time_s / 3600:.1f} hours"
