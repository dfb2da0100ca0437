from __future__ import annotations

import pytest

from avenant.trials.makers import find_makers, share_maker


@pytest.mark.parametrize(
    ("name", "makers"),
    [
        ("openai/gpt-4o-mini", {"openai"}),
        ("openai/o3-mini", {"openai"}),
        ("openai/azure/gpt-4.1", {"openai"}),
        ("openai/some-new-thing", {"openai"}),
        ("groq/openai/gpt-oss-20b", {"openai"}),
        ("anthropic/claude-haiku-4-5", {"anthropic"}),
        ("anthropic/vertex/claude-sonnet-4", {"anthropic"}),
        ("bedrock/anthropic.claude-3-5-sonnet-20241022-v2:0", {"anthropic"}),
        ("openrouter/anthropic/claude-3.5-sonnet", {"anthropic"}),
        ("google/gemini-2.5-flash", {"google"}),
        ("ollama/gemma3:4b", {"google"}),
        ("together/meta-llama/Llama-3.3-70B-Instruct-Turbo", {"meta"}),
        ("groq/llama-3.1-8b-instant", {"meta"}),
        ("ollama/llama3.1:8b", {"meta"}),
        ("openrouter/meta-llama/llama-4-scout", {"meta"}),
        ("bedrock/meta.llama3-70b-instruct-v1:0", {"meta"}),
        ("mistral/mistral-large-latest", {"mistral"}),
        ("ollama/mixtral", {"mistral"}),
        ("hf/Qwen/Qwen2.5-7B-Instruct", {"alibaba"}),
        ("vllm/Qwen/QwQ-32B", {"alibaba"}),
        ("grok/grok-4", {"xai"}),
        ("openai-api/deepseek/deepseek-reasoner", {"deepseek"}),
        ("together/deepseek-ai/DeepSeek-R1-Distill-Llama-70B", {"deepseek", "meta"}),
        ("bedrock/amazon.nova-lite-v1:0", {"amazon"}),
        ("hf/allenai/Llama-3.1-Tulu-3-8B", {"ai2", "meta"}),
        ("embedded/smollm2-135m-instruct", {"hugging-face"}),
        ("openai/qwen2.5-0.5b-instruct", {"alibaba"}),
        ("mockllm/model", set()),
        ("none", set()),
        ("vllm/our-own-model", set()),
        ("azureai/my-deployment", set()),
        ("ollama/toolbox", set()),
    ],
)
def test_the_maker_is_read_from_the_name_or_not_at_all(name: str, makers: set[str]) -> None:
    assert find_makers(name) == makers


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        ("openai/gpt-4o", "openai/o3-mini", True),
        ("openai/gpt-4o", "openrouter/openai/gpt-4.1", True),
        ("openai/gpt-4o", "anthropic/claude-haiku-4-5", False),
        ("ollama/llama3.1", "together/deepseek-ai/DeepSeek-R1-Distill-Llama-70B", True),
        ("vllm/our-own-model", "openai/gpt-4o", None),
        ("vllm/our-own-model", "vllm/another", None),
        ("vllm/our-own-model", "vllm/our-own-model", True),
    ],
)
def test_two_models_share_a_maker_do_not_or_nobody_can_tell(first: str, second: str, is_shared: bool | None) -> None:
    assert share_maker(first, second) is is_shared
    assert share_maker(second, first) is is_shared
