"""The embedded model through Inspect's own interface."""

import asyncio

import pytest

from avenant.errors import ModelError
from avenant.local.weights import read_weights
from avenant.models import get_model


@pytest.fixture(scope="module")
def model():  # type: ignore[no-untyped-def]
    try:
        read_weights()
    except ModelError as error:
        pytest.skip(f"needs the embedded model: {error}")
    return get_model("embedded/smollm2-135m-instruct", role="subject")


def test_a_written_reply_carries_usage(model) -> None:  # type: ignore[no-untyped-def]
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig

    messages = [ChatMessageSystem(content="You are Odile."), ChatMessageUser(content="Name a colour.")]
    output = asyncio.run(model.generate(messages, config=GenerateConfig(max_tokens=8)))
    assert output.completion
    assert output.usage is not None
    assert 1 <= output.usage.output_tokens <= 8
    assert output.usage.input_tokens_cache_read > 0


def test_a_forced_reply_comes_back_with_its_log_probabilities(model) -> None:  # type: ignore[no-untyped-def]
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig

    messages = [ChatMessageSystem(content="You are Odile."), ChatMessageUser(content="Name a colour.")]
    config = GenerateConfig(extra_body={"forced_reply": "A deep blue."})
    output = asyncio.run(model.generate(messages, config=config))
    assert output.completion == "A deep blue."
    assert all(token.logprob < 0 for token in output.choices[0].logprobs.content)


def test_another_embedded_name_is_refused_with_the_right_one() -> None:
    with pytest.raises(ModelError, match="no embedded model") as caught:
        get_model("embedded/unknown", role="subject")
    assert "embedded/smollm2-135m-instruct" in str(caught.value)
