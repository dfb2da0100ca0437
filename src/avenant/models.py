"""A model name -> something that replies: names are Inspect's, and so are clients, retries and logs."""

from __future__ import annotations

import asyncio
import importlib.metadata
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from avenant.errors import ModelError
from avenant.prices import FREE, Price

if TYPE_CHECKING:
    from inspect_ai.model import Model

EMBEDDED_PREFIX = "embedded/"
_CHARS_PER_TOKEN = 3.6
"""Low for English prose, so that an estimate errs towards too many tokens."""
_RESERVE_TOKENS = 4000
"""Kept free in a model's context for the scenario and the reply."""
_RETRIES = 4
"""How often a single question is put again, with growing waits, to a model that is busy or cannot be reached."""
_TIMEOUT_S = 600
"""How long a single question may take, its retries included."""


class Ask(Protocol):
    """A function that asks a model one prompt and gives its reply."""

    def __call__(self, prompt: str, *, seed: int | None = None) -> str:
        """Ask.

        Args:
            prompt: what to ask.
            seed: which of several replies to the same prompt; None leaves it to the model.
        """
        ...


def is_embedded(name: str) -> bool:
    """Whether a name is the embedded model's."""
    return name.startswith(EMBEDDED_PREFIX)


def check_model_name(name: str, *, role: str) -> None:
    """Make sure that a name has the form of a model's.

    Raises:
        ModelError: it has not.
    """
    if "/" not in name and name != "none":
        raise ModelError(
            f"{name!r} is no model name",
            mend=f"give the {role} as provider/model; https://inspect.aisi.org.uk/providers.html has the names",
        )


def get_model(name: str, *, role: str) -> Model:
    """The Inspect model of a name, ready to be asked.

    Args:
        name: such as `anthropic/…`, `openai/…`, `ollama/…` or `embedded/…`.
        role: what it is to be, for messages: "subject" or "judge".

    Raises:
        ModelError: an unknown provider, a missing package or a key that is not set; with the mend.
    """
    check_model_name(name, role=role)
    from inspect_ai._util.error import PrerequisiteError
    from inspect_ai.model import get_model as get_inspect_model

    try:
        return get_inspect_model(name)
    except ModelError:
        raise
    except PrerequisiteError as error:
        raise ModelError(
            f"the {role} {name} is not ready: {_plain(error)}",
            mend="set the key in the environment, or install the package that the message names",
        ) from error
    except (ValueError, ImportError) as error:
        raise ModelError(
            f"the {role} {name} is not known to Inspect: {error}",
            mend="see https://inspect.aisi.org.uk/providers.html for the names",
        ) from error


@contextmanager
def open_model(name: str, *, role: str, max_tokens: int = 500, temperature: float = 0) -> Iterator[Ask]:
    """A function that asks a model one prompt at a time and gives its reply.

    Args:
        name: any Inspect model name.
        role: what it is to be, for messages.
        max_tokens: of a reply.
        temperature: how freely it chooses its words; 0 for the likeliest, 1 as it was trained.

    Raises:
        ModelError: it is not ready, or does not answer.
    """
    from inspect_ai.model import GenerateConfig

    model = get_model(name, role=role)
    config = GenerateConfig(temperature=temperature, max_tokens=max_tokens, max_retries=_RETRIES, timeout=_TIMEOUT_S)
    with asyncio.Runner() as runner:

        def ask(prompt: str, *, seed: int | None = None) -> str:
            try:
                asked = config.model_copy(update={"seed": seed})
                return runner.run(model.generate(prompt, config=asked)).completion
            except Exception as error:
                # Each provider has errors of its own; whatever they are, the model gave no reply.
                raise ModelError(
                    f"the {role} {name} did not answer: {_cause(error)}",
                    mend="see that it can be reached and try again: the replies so far are kept",
                ) from error

        yield ask


def context_tokens(name: str) -> int | None:
    """Room for a document in a model's context, in tokens; None where it is not known."""
    from inspect_ai.model import get_model_info

    info = get_model_info(name)
    length = getattr(info, "context_length", None) if info is not None else None
    return None if length is None else max(0, int(length) - _RESERVE_TOKENS)


def find_price(name: str, table: Mapping[str, Price]) -> Price | None:
    """What a model costs; None where nobody said.

    Inspect brings no prices along: it knows those that were set in this Python process with its `set_model_cost`.

    Args:
        name: the model's Inspect name.
        table: the user's prices, by Inspect name.
    """
    from inspect_ai.model import get_model_info

    if is_embedded(name):
        return FREE
    if name in table:
        return table[name]
    info = get_model_info(name)
    cost = getattr(info, "cost", None) if info is not None else None
    return None if cost is None else Price(cost.input, cost.output, cost.input_cache_read, cost.input_cache_write)


def find_prices(names: Iterable[str], table: Mapping[str, Price]) -> dict[str, Price]:
    """The prices that are known of some models."""
    found = {name: find_price(name, table) for name in dict.fromkeys(names)}
    return {name: price for name, price in found.items() if price is not None}


def estimate_tokens(text: str) -> int:
    """Estimated number of tokens of an English text, rather too many than too few."""
    return math.ceil(len(text) / _CHARS_PER_TOKEN)


def package_versions() -> dict[str, str]:
    """Versions of what decides a score: avenant, inspect_ai and the local runtime where it is installed."""
    versions = {}
    for package in ("avenant", "inspect_ai", "xllamacpp"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _cause(error: Exception) -> str:
    """What went wrong at the last try, where there were several."""
    attempt = getattr(error, "last_attempt", None)
    last = attempt.exception() if attempt is not None else None
    return str(last or error) or type(last or error).__name__


def _plain(error: Any) -> str:
    import re

    return " ".join(re.sub(r"\[/?[a-z ]+\]", "", str(getattr(error, "message", error))).split())
