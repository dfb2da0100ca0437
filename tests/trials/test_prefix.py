from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import anyio
import pytest
from inspect_ai.log import read_eval_log
from inspect_ai.model import ChatMessage, ContentText, GenerateConfig, ModelAPI, ModelOutput, ModelUsage, modelapi

from avenant.trials.logs import finished_logs
from avenant.trials.prefix import Warming, make_system_message, shared_length
from avenant.trials.protocol import PREAMBLE
from avenant.trials.sequence import planned_blocks
from avenant.trials.tasks import block_samples
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import run

CLOUD = "anthropic/odile"
"""Takes marks; nothing of it is called here."""


def test_an_arms_document_is_marked_behind_what_all_arms_share_and_at_its_end(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, CLOUD)

    heads = set()
    for key, text in trial.systems.items():
        message = make_system_message(trial, key)
        assert message.text == text, "nothing is added to the document, and nothing left out"
        assert isinstance(message.content, list)
        assert [part.cache_breakpoint for part in message.content if isinstance(part, ContentText)] == [True, True]
        heads.add(message.content[0].text)  # type: ignore[union-attr]
    assert len(heads) == 1
    assert heads.pop().endswith("in as few words as the matter allows.\n"), "the clause that the passage follows"


@pytest.mark.parametrize(("subject", "is_batch"), [("scripted/helpful", False), (CLOUD, True)])
def test_a_document_is_not_marked_where_nobody_takes_marks_or_no_cache_lives_long_enough(
    subject: str, is_batch: bool, tmp_path: Path
) -> None:
    judge = "openai/judge" if is_batch else "scripted/judge"
    trial = make_trial(tmp_path, subject, judge=judge, batch=is_batch)

    assert [make_system_message(trial, key).content for key in trial.systems] == list(trial.systems.values())


@pytest.mark.parametrize(
    ("rest", "shared"),
    [
        (("One.\n\nTwo.\n\nA", "One.\n\nTwo.\n\nB"), "One.\n\nTwo.\n"),
        (("One.\n\nTwo a", "One.\n\nTwo b"), "One.\n"),
        (("One.\n\nTwo.", "One.\n\nTwo.\n\nThree."), "One.\n"),
        (("A", "B"), None),
    ],
)
def test_what_is_shared_ends_with_a_paragraph_and_is_never_the_preamble_alone(
    rest: tuple[str, str], shared: str | None
) -> None:
    systems = tuple(PREAMBLE + text for text in rest)

    assert systems[0][: shared_length(systems)] == ("" if shared is None else PREAMBLE + shared)


def test_one_request_goes_first_then_one_for_each_document_then_all_at_once() -> None:
    events: list[tuple[str, str]] = []

    async def ask(name: str) -> None:
        events.append(("begins", name))
        await anyio.sleep(0.02)
        events.append(("ends", name))

    async def ask_all() -> None:
        warming = Warming()
        async with anyio.create_task_group() as group:
            for name in ("a1", "a2", "a3", "b1", "b2"):
                group.start_soon(warming, name[0], lambda name=name: ask(name))

    anyio.run(ask_all)

    begins = {name: at for at, (what, name) in enumerate(events) if what == "begins"}
    ends = {name: at for at, (what, name) in enumerate(events) if what == "ends"}
    assert ends["a1"] < min(at for name, at in begins.items() if name != "a1")
    assert ends["b1"] < begins["b2"]
    assert max(begins["a2"], begins["a3"], begins["b1"]) < min(ends["a2"], ends["a3"], ends["b1"])


def test_where_the_first_request_fails_the_others_are_asked_all_the_same() -> None:
    async def fail() -> None:
        raise RuntimeError("no")

    async def succeed() -> str:
        return "yes"

    async def ask_both() -> str:
        warming = Warming()
        with pytest.raises(RuntimeError):
            await warming("a", fail)
        return await warming("a", succeed)

    assert anyio.run(ask_both) == "yes"


CACHE: set[str] = set()
"""Documents that the provider holds."""
CALLS: list[tuple[str, str, str]] = []
"""("begins" or "ends", document, question) of every call of `caching/…`."""


@modelapi(name="caching")
class CachingModel(ModelAPI):
    """A provider with a prompt cache of the usual kind: it holds what was computed when a request came in."""

    def __init__(
        self, model_name: str, base_url: str | None = None, api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (the signature that Inspect calls)
    ) -> None:  # fmt: skip
        super().__init__(model_name, base_url, api_key, [], config)

    async def generate(
        self, input: list[ChatMessage], tools: Any, tool_choice: Any, config: GenerateConfig
    ) -> ModelOutput:
        document, question = input[0].text, input[-1].text
        CALLS.append(("begins", document, question))
        is_cached = document in CACHE
        await anyio.sleep(0.005)
        CACHE.add(document)
        CALLS.append(("ends", document, question))
        size, rest = len(document.split()), len(question.split())
        output = ModelOutput.from_content(f"caching/{self.model_name}", "Bonjour. The answer is seven.")
        output.usage = ModelUsage(
            input_tokens=rest,
            output_tokens=5,
            total_tokens=size + rest + 5,
            input_tokens_cache_read=size if is_cached else 0,
            input_tokens_cache_write=0 if is_cached else size,
        )
        return output


def test_requests_under_one_document_stand_together(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, block_size=100)

    samples = block_samples(trial, planned_blocks(trial)[0])

    documents = [sample.input[0].text for sample in samples if not isinstance(sample.input, str)]
    together = [document for document, _ in itertools.groupby(documents)]
    assert sorted(together) == sorted(trial.systems.values())


def test_every_document_is_computed_once_a_block_and_read_by_all_that_follow(tmp_path: Path) -> None:
    trial = store_trial(make_trial(tmp_path, "caching/odile", block_size=100))
    CALLS.clear()
    CACHE.clear()

    ran = run(trial)

    documents = [document for what, document, _ in CALLS if what == "begins"]
    assert sorted(set(documents)) == sorted(trial.systems.values())
    sizes = [len(document.split()) for document in documents]
    usage = ran.result.usage["caching/odile"]
    assert usage.cache_read == sum(sizes) - sum(len(document.split()) for document in set(documents))
    log = read_eval_log(str(finished_logs(trial)["block-1"]))
    assert all(sample.messages[0].text in trial.systems.values() for sample in log.samples or [])
