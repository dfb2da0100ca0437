"""Who made a model: judges favour replies of their own kind, so a judge should be of another maker than the subject.

Source: Panickssery, Bowman and Feng 2024, "LLM Evaluators Recognize and Favor Their Own Generations" (arXiv
2404.13076).
"""

from __future__ import annotations

import re

_MAKERS = {
    "openai": r"gpt\d*|chatgpt|o[1-9]|davinci|codex",
    "anthropic": r"claude|anthropic",
    "google": r"gemini|gemma|palm|medgemma|codegemma|flan",
    "meta": r"llama\d*|llamas?|codellama|vicuna|alpaca|wizardlm|tulu",
    "mistral": r"mistral|mistralai|mixtral|ministral|codestral|devstral|magistral|pixtral|zephyr",
    "alibaba": r"qwen\d*|qwq|qvq",
    "deepseek": r"deepseek|r1",
    "xai": r"grok",
    "microsoft": r"phi\d*|orca|wizardlm",
    "amazon": r"nova|titan",
    "cohere": r"command|aya|c4ai",
    "nvidia": r"nemotron",
    "moonshot": r"kimi|moonshot",
    "zhipu": r"glm|chatglm",
    "ai2": r"olmo\d*|tulu|molmo",
    "ibm": r"granite",
    "tii": r"falcon\d*",
    "ai21": r"jamba|jurassic",
    "01-ai": r"yi",
    "minimax": r"minimax",
    "baidu": r"ernie",
    "tencent": r"hunyuan",
    "hugging-face": r"smollm\d*|zephyr",
    "nous": r"hermes",
}
"""Words of a model's name that say who made it, or what it was trained on from."""

_PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google",
    "mistral": "mistral",
    "grok": "xai",
    "deepseek": "deepseek",
    "moonshot": "moonshot",
    "perplexity": "perplexity",
}
"""Inspect providers that serve the models of their maker alone."""

_PATTERNS = {maker: re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z])") for maker, words in _MAKERS.items()}


def find_makers(name: str) -> frozenset[str]:
    """Who made a model, by its Inspect name; empty where the name does not say.

    A model that was trained on from another maker's has both: "…/deepseek-r1-distill-llama-70b" is DeepSeek's and
    Meta's.

    Args:
        name: such as "openai/gpt-…", "openrouter/anthropic/claude-…", "ollama/llama3.1:8b".
    """
    provider, _, model = name.casefold().partition("/")
    found = frozenset(maker for maker, pattern in _PATTERNS.items() if pattern.search(model))
    # An OpenAI-compatible server of one's own is reached through a provider's name as well, so the model's comes first.
    return found or frozenset(maker for maker in [_PROVIDERS.get(provider)] if maker and model)


def share_maker(first: str, second: str) -> bool | None:
    """Whether two models have a maker in common; None where one of the names does not say.

    Args:
        first: Inspect name of a model.
        second: of another, or of the same: one name is always one maker.
    """
    if first == second:
        return True
    ours, theirs = find_makers(first), find_makers(second)
    return bool(ours & theirs) if ours and theirs else None
