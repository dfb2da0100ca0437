"""What judges answer: asked for in a form, read strictly, asked for once more where broken, and kept on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from avenant.errors import AvenantError, ModelError
from avenant.models import get_model
from avenant.replies import Replies, read_object, reply_key

if TYPE_CHECKING:
    from inspect_ai.model import Model, ModelOutput, ResponseSchema

T = TypeVar("T")

_TYPES: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean"}
_RETRIES = 4
"""How often a question of a pass is put again, with growing waits, to a judge that is busy or cannot be reached."""
_TIMEOUT_S = 600
"""How long a question of a pass may take, its retries included."""
_AT_ONCE = 10
"""Questions under way at once."""
_MOST_TOKENS = 4096
"""Longest reply of a judge, its thoughts included: what every provider allows."""
_AGAIN = "\n\nYour first reply was not of this form. Reply with the JSON object alone."


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """What an answer has to look like: one JSON object."""

    name: str
    """Of the schema, for the provider: letters and hyphens."""
    keys: Mapping[str, type]
    """The object's keys with their types, in the order in which they are to be written."""
    read: Callable[[Mapping[str, Any]], T]
    """The value that an object with these keys stands for; raises ValueError where it stands for none."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The words that a key's value may be, for keys that allow few."""
    fallback: Callable[[str], T | None] = lambda text: None
    """The value of a reply that is no such object; None where it has none."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What became of one question."""

    value: T | None
    """None where both replies were broken."""
    text: str
    """The last reply, as it came."""
    asked: int
    """Replies that were read: 1 or 2; 0 where the judge did not answer at all."""
    problem: str = ""
    """Why there is no value; empty where there is one."""


Ask = Callable[[str, Form[Any]], Awaitable[str]]
"""Gives a judge's reply to a prompt, in a form where the judge's provider can be held to one."""


def read_answer(reply: str, form: Form[T]) -> T:
    """The value of a reply.

    Args:
        reply: what the judge said.
        form: what was asked for.

    Raises:
        ValueError: the reply is neither one JSON object of this form nor what the form accepts instead; it says why.
    """
    try:
        data = read_object(reply, form.keys)
    except ValueError:
        value = form.fallback(reply)
        if value is None:
            raise
        return value
    for key, words in form.choices.items():
        if data[key] not in words:
            raise ValueError(f"{key} is none of {', '.join(words)}: {data[key]!r}")
    return form.read(data)


async def ask_in_form(prompt: str, form: Form[T], ask: Ask) -> Answer[T]:
    """The answer to a prompt; a reply of another form is asked for once more, and a second one has no value.

    Raises:
        Exception: whatever `ask` raises.
    """
    problem = text = ""
    for asked, question in enumerate((prompt, prompt + _AGAIN), 1):
        text = await ask(question, form)
        try:
            return Answer(read_answer(text, form), text, asked)
        except ValueError as error:
            problem = str(error)
    return Answer(None, text, asked, problem)


def keep_replies(ask: Ask, replies: Replies, *, model: str) -> Ask:
    """The same questions, each put to the judge once: what it replied before is not asked again.

    Args:
        ask: gives a judge's reply.
        replies: what was replied before; a new reply is kept before it is given. A broken one is kept as well, so that
            nobody can ask until an answer pleases.
        model: the judge's name, for the key.
    """
    # The same prompt may be put twice at once, and has one reply all the same.
    locks: dict[str, asyncio.Lock] = {}

    async def ask_once(prompt: str, form: Form[Any]) -> str:
        key = reply_key(model, prompt)
        async with locks.setdefault(key, asyncio.Lock()):
            if key not in replies:
                replies[key] = await ask(prompt, form)
        return replies[key]

    return ask_once


async def gather_all(
    questions: Iterable[Callable[[], Awaitable[T]]], *, on_done: Callable[[], None] = lambda: None
) -> list[T]:
    """The results of questions that are put some at a time, in their order.

    Args:
        questions: what begins each.
        on_done: called after each.

    Raises:
        AvenantError: the first that one of them raised; what had begun is done then, and the rest is not begun.
    """
    limit = asyncio.Semaphore(_AT_ONCE)
    errors: list[AvenantError] = []

    async def put(question: Callable[[], Awaitable[T]]) -> T | None:
        async with limit:
            if errors:
                return None
            try:
                return await question()
            except AvenantError as error:
                errors.append(error)
                return None
            finally:
                on_done()

    results = await asyncio.gather(*(put(question) for question in questions))
    if errors:
        raise errors[0]
    return results  # type: ignore[return-value]  # none is None, since nothing was raised


class Judge:
    """A judge behind Inspect's client; one that takes no schema is asked by the prompt alone."""

    def __init__(self, name: str, model: Model, *, retries: int | None = None, timeout_s: int | None = None) -> None:
        """Make one.

        Args:
            name: Inspect name, for messages.
            model: the client.
            retries: of a question that is not answered; None: Inspect's own number.
            timeout_s: of a question with its retries; None: none.
        """
        self.name = name
        self.calls = 0
        """Replies that it gave."""
        self.input_tokens = 0
        """Of all its prompts, those that were read from a cache included."""
        self.output_tokens = 0
        self._model = model
        self._limits = {"max_retries": retries, "timeout": timeout_s, "max_tokens": _MOST_TOKENS}
        self._takes_schema = True

    async def ask(self, prompt: str, form: Form[Any]) -> str:
        """Its reply.

        Raises:
            ModelError: it does not answer.
        """
        try:
            return await self._ask(prompt, form)
        except Exception as error:
            # Each provider has errors of its own; whatever they are, the judge gave no reply.
            raise ModelError(
                f"the judge {self.name} did not answer: {str(error) or type(error).__name__}",
                mend="see that it can be reached and try again: the replies so far are kept",
            ) from error

    async def _ask(self, prompt: str, form: Form[Any]) -> str:
        if self._takes_schema:
            try:
                return await self._generate(prompt, schema_of(form))
            except Exception:
                # Providers refuse what they do not support with errors of their own; if the schema was not the reason,
                # the next try fails as well and says so.
                reply = await self._generate(prompt, None)
                self._takes_schema = False
                return reply
        return await self._generate(prompt, None)

    async def _generate(self, prompt: str, schema: ResponseSchema | None) -> str:
        from inspect_ai.model import GenerateConfig

        output = await self._model.generate(
            prompt,
            config=GenerateConfig(response_schema=schema, **self._limits),  # type: ignore[arg-type]
        )
        self._count(output)
        return output.completion

    def _count(self, output: ModelOutput) -> None:
        self.calls += 1
        if output.usage is not None:
            used = output.usage
            self.input_tokens += used.input_tokens + (used.input_tokens_cache_read or 0)
            self.output_tokens += used.output_tokens


def schema_of(form: Form[Any]) -> ResponseSchema:
    """A form as the schema that Inspect hands to providers which can be held to one."""
    from inspect_ai.model import ResponseSchema
    from inspect_ai.util import JSONSchema

    # Limits of numbers are left out: not every provider takes them, and they are checked here in any case.
    properties = {
        key: JSONSchema(type=_TYPES[kind], enum=list(form.choices[key]) if key in form.choices else None)  # type: ignore[arg-type]
        for key, kind in form.keys.items()
    }
    schema = JSONSchema(type="object", properties=properties, required=list(form.keys), additionalProperties=False)
    return ResponseSchema(name=form.name, json_schema=schema, strict=True)


@asynccontextmanager
async def open_judges(names: Sequence[str]) -> AsyncIterator[dict[str, Judge]]:
    """The judges of some names, for a pass outside an Inspect evaluation; their clients are closed afterwards.

    Raises:
        ModelError: one is not ready; with the mend.
    """
    async with AsyncExitStack() as stack:
        judges = {}
        for name in dict.fromkeys(names):
            model = await stack.enter_async_context(get_model(name, role="judge"))
            judges[name] = Judge(name, model, retries=_RETRIES, timeout_s=_TIMEOUT_S)
        yield judges
