"""A model name -> something that replies: names are Inspect's, and so are clients, retries and logs."""

from __future__ import annotations

import asyncio
import importlib.metadata
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from avenant.errors import ModelError

if TYPE_CHECKING:
    from inspect_ai.model import Model

EMBEDDED_PREFIX = "embedded/"
_CHARS_PER_TOKEN = 3.6
"""Low for English prose, so that an estimate errs towards too many tokens."""
_RESERVE_TOKENS = 4000
"""Kept free in a model's context for the scenario and the reply."""


def is_embedded(name: str) -> bool:
    """Whether a name is the embedded model's."""
    return name.startswith(EMBEDDED_PREFIX)


def get_model(name: str, *, role: str) -> Model:
    """The Inspect model of a name, ready to be asked.

    Args:
        name: such as `anthropic/…`, `openai/…`, `ollama/…` or `embedded/…`.
        role: what it is to be, for messages: "subject" or "judge".

    Raises:
        ModelError: an unknown provider, a missing package or a key that is not set; with the mend.
    """
    if "/" not in name and name != "none":
        raise ModelError(
            f"{name!r} is no model name",
            mend=f"give the {role} as provider/model, for example openai/gpt-4o-mini",
        )
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
def open_model(name: str, *, role: str, max_tokens: int = 500) -> Iterator[Callable[[str], str]]:
    """A function that asks a model one prompt at a time and gives its reply.

    Args:
        name: any Inspect model name.
        role: what it is to be, for messages.
        max_tokens: of a reply.

    Raises:
        ModelError: it is not ready, or does not answer.
    """
    from inspect_ai.model import GenerateConfig

    model = get_model(name, role=role)
    config = GenerateConfig(temperature=0, max_tokens=max_tokens)
    with asyncio.Runner() as runner:

        def ask(prompt: str) -> str:
            try:
                return runner.run(model.generate(prompt, config=config)).completion
            except Exception as error:
                # Each provider has errors of its own; whatever they are, the model gave no reply.
                raise ModelError(
                    f"the {role} {name} did not answer: {error}", mend="try again: the replies so far are kept"
                ) from error

        yield ask


def context_tokens(name: str) -> int | None:
    """Room for a document in a model's context, in tokens; None where it is not known."""
    from inspect_ai.model import get_model_info

    info = get_model_info(name)
    length = getattr(info, "context_length", None) if info is not None else None
    return None if length is None else max(0, int(length) - _RESERVE_TOKENS)


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


def _plain(error: Any) -> str:
    import re

    return " ".join(re.sub(r"\[/?[a-z ]+\]", "", str(getattr(error, "message", error))).split())
