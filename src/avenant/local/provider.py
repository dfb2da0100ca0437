"""The embedded model as an Inspect model: `embedded/smollm2-135m-instruct`.

Registered through the `inspect_ai` entry point, so that `inspect eval --model embedded/…` knows it as well.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from avenant.errors import ModelError
from avenant.local.engine import Engine, Message, Reply
from avenant.local.weights import MODEL, read_weights

FORCED_REPLY = "forced_reply"
"""Key of `GenerateConfig.extra_body`: the reply to score instead of writing one."""


@modelapi(name="embedded")
class EmbeddedModel(ModelAPI):
    """Inspect provider of the embedded model.

    A request whose config has `extra_body={"forced_reply": text}` scores that text: the output is the text itself
    with the log-probability of each of its tokens.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (the signature that Inspect calls)
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name != MODEL:
            raise ModelError(f"there is no embedded model {model_name!r}", mend=f"embedded/{MODEL}")
        self.engine = Engine(read_weights())

    def prepare(self, systems: Sequence[str]) -> None:
        """Compute the states of all arms from the same pieces; see `Engine.prepare`."""
        self.engine.prepare(systems)

    def max_connections(self) -> int:
        """As many requests at once as there are servers."""
        return self.engine.server_count

    async def count_text_tokens(self, text: str) -> int:
        """Number of tokens, by the model's own tokenizer."""
        return await asyncio.to_thread(self.engine.count_tokens, text)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Write a reply, or score a forced one."""
        messages: list[Message] = [{"role": message.role, "content": message.text} for message in input]
        forced = (config.extra_body or {}).get(FORCED_REPLY)
        started = time.monotonic()
        if forced is not None:
            reply = await asyncio.to_thread(self.engine.score, messages, forced)
        else:
            reply = await asyncio.to_thread(
                lambda: self.engine.generate(
                    messages,
                    max_tokens=config.max_tokens or 200,
                    temperature=config.temperature or 0.0,
                    seed=config.seed or 0,
                )
            )
        return _output(self.model_name, reply, time.monotonic() - started)


def _output(model: str, reply: Reply, time_s: float) -> ModelOutput:
    content = [Logprob(token=t, logprob=p) for t, p in zip(reply.tokens, reply.logprobs, strict=True)]
    choice = ChatCompletionChoice(
        message=ChatMessageAssistant(content=reply.text, model=model, source="generate"),
        stop_reason="max_tokens" if reply.is_truncated else "stop",
        logprobs=Logprobs(content=content),
    )
    usage = ModelUsage(
        input_tokens=reply.prompt_tokens - reply.cached_tokens,
        output_tokens=len(reply.tokens),
        total_tokens=reply.prompt_tokens + len(reply.tokens),
        input_tokens_cache_read=reply.cached_tokens,
    )
    return ModelOutput(model=model, choices=[choice], usage=usage, time=time_s)
