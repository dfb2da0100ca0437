"""What a trial has spent, from its stored logs alone, and whether that is all that it may spend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avenant.errors import TrialError
from avenant.prices import Price
from avenant.trials.protocol import Protocol

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

BATCH_SHARE = 0.5
"""What providers take of the price for what is asked in batches."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model; each token of a prompt is in exactly one of the first three."""

    input: int = 0
    """Tokens of prompts that were neither read from a cache nor written to one."""
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    """Tokens of replies."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
        )

    @property
    def prompt(self) -> int:
        """All tokens of prompts."""
        return self.input + self.cache_read + self.cache_write

    @property
    def total(self) -> int:
        """All tokens, of prompts and of replies."""
        return self.prompt + self.output

    @property
    def cached_share(self) -> float | None:
        """Share of the prompts' tokens that was read from a cache, in [0, 1]; None where there were none."""
        return self.cache_read / self.prompt if self.prompt else None

    def cost_usd(self, price: Price) -> float:
        """What it costs, in dollars."""
        return (
            self.input * price.input
            + self.cache_read * price.cache_read
            + self.cache_write * price.cache_write
            + self.output * price.output
        ) / 1e6


def read_usage(logs: Iterable[EvalLog]) -> dict[str, Usage]:
    """Tokens by model; a reply that was kept over a stop counts once, in the log of its block."""
    usage: dict[str, Usage] = {}
    for log in logs:
        usage = add_usage(
            usage,
            {
                model: Usage(
                    input=used.input_tokens,
                    cache_read=used.input_tokens_cache_read or 0,
                    cache_write=used.input_tokens_cache_write or 0,
                    output=used.output_tokens,
                )
                for model, used in log.stats.model_usage.items()
            },
        )
    return usage


def add_usage(first: Mapping[str, Usage], second: Mapping[str, Usage]) -> dict[str, Usage]:
    """Both together, by model."""
    return {model: first.get(model, Usage()) + second.get(model, Usage()) for model in {**first, **second}}


def cost_usd(
    protocol: Protocol, usage: Mapping[str, Usage], *, live: Mapping[str, Usage] | None = None
) -> float | None:
    """What the tokens cost by the prices in the protocol, in dollars; None where a model's price is not known.

    Args:
        protocol: of the trial.
        usage: all tokens, by model.
        live: those among them that are asked at full price even in batch mode: what judges are asked outside the logs.
    """
    prices = {model: Price(*protocol.prices[model]) for model in usage if model in protocol.prices}
    if len(prices) < len(usage):
        return None
    total = sum(used.cost_usd(prices[model]) for model, used in usage.items())
    if not protocol.is_batch:
        return total
    full = sum(used.cost_usd(prices[model]) for model, used in (live or {}).items())
    return (total - full) * BATCH_SHARE + full


def is_spent(protocol: Protocol, usage: Mapping[str, Usage], *, live: Mapping[str, Usage] | None = None) -> bool:
    """Whether the budget is used up, so that no further block begins; the last one may have gone beyond it.

    The arguments are those of `cost_usd`.
    """
    limits = protocol.budget
    if "tokens" in limits and sum(used.total for used in usage.values()) >= limits["tokens"]:
        return True
    cost = cost_usd(protocol, usage, live=live) if "usd" in limits else None
    return cost is not None and cost >= limits["usd"]


def check_budget(protocol: Protocol) -> None:
    """Make sure that a budget can be kept.

    Raises:
        TrialError: it is in dollars, and the price of a model is not known.
    """
    unknown = [name for name in (protocol.subject, *protocol.judges) if name not in protocol.prices]
    if "usd" in protocol.budget and unknown:
        raise TrialError(
            f"a budget in dollars needs the price of {' and of '.join(dict.fromkeys(unknown))}",
            mend=f'avenant.toml, under [prices]: "{unknown[0]}" = {{input = …, output = …}} in dollars per million '
            "tokens; or give --budget-tokens",
        )


def say_budget(protocol: Protocol) -> str:
    """The budget in words; empty where there is none."""
    words = {"usd": "${:,.2f}", "tokens": "{:,.0f} tokens"}
    return " and ".join(words[unit].format(value) for unit, value in protocol.budget.items())
