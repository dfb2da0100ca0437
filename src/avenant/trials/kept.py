"""Replies of the block under way: each is on the disk before anything else is asked, and is not asked for twice.

A stop at any point, `kill -9` included, loses only what was still being written. Replies are kept below Inspect's
client, so that a kept one is counted and logged like a new one, and a finished log has the usage of both.
"""

from __future__ import annotations

import copy
import json
import math
import shutil
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import AvenantError, FileError, ModelError
from avenant.files import read_text, sha256_text, write_text

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelOutput

PATIENCE_S = 120
"""How long a server that has answered before may be gone until the run stops; one that never answered gets no time."""

SAMPLE = "avenant_sample"
"""Key of the sample's id in Inspect's store, by which a call knows for whom it is made."""


class BlockReplies:
    """What models replied in the block under way, one file a reply.

    Args:
        folder: where the files are.
        protocol_hash: of the trial; a reply of another protocol is not found.
    """

    def __init__(self, folder: Path, protocol_hash: str) -> None:
        self.fault: AvenantError | None = None
        """What made this run impossible, such as a full disk or a server that is gone; nothing is asked after it."""
        self._root = folder
        self._protocol_hash = protocol_hash
        self._block = ""
        self._given: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._answered: dict[str, float] = {}
        """When each role last answered."""

    @property
    def count(self) -> int:
        """Replies of unfinished blocks that are on the disk."""
        return sum(1 for _ in self._root.glob("*/*.json"))

    def begin(self, block: str) -> None:
        """A block begins, for the first time or again."""
        self._block = block
        self._given.clear()
        self.fault = None

    def drop(self, block: str) -> None:
        """Remove the replies of a block whose log is complete."""
        shutil.rmtree(self._root / block, ignore_errors=True)
        if self._root.is_dir() and not any(self._root.iterdir()):
            self._root.rmdir()

    def keep(self, model: Model, role: str, *, is_batch: bool = False) -> Model:
        """A model that looks here first, and leaves here what it replied.

        Args:
            model: the client.
            role: what it is asked as, such as "subject"; part of a reply's key.
            is_batch: whether it is asked in batches.
        """
        from inspect_ai.model import GenerateConfig as Config
        from inspect_ai.model import Model as InspectModel

        self._names[role] = str(model)
        kept = self
        ask = model.api.generate

        class KeptModel(InspectModel):
            async def generate(self, *args: Any, **named: Any) -> ModelOutput:
                try:
                    return await super().generate(*args, **named)
                except Exception as error:
                    kept._note(error, role)
                    raise

        async def generate(input: list[ChatMessage], tools: Any, tool_choice: Any, config: GenerateConfig) -> Any:
            return await kept._give(role, input, config, lambda: ask(input, tools, tool_choice, config))

        api = copy.copy(model.api)
        setattr(api, "generate", generate)  # noqa: B010  (a method of one object, which mypy takes no assignment of)
        return KeptModel(api, model.config.merge(Config(batch=True)) if is_batch else model.config, model.model_args)

    async def _give(self, role: str, messages: Sequence[ChatMessage], config: GenerateConfig, ask: Any) -> Any:
        if self.fault is not None:
            raise ModelError("not asked, since the run stops")
        request = self._request(role, messages, config)
        path = self._path(request)
        if (kept := _read_output(path)) is None:
            result = await self._ask(role, ask)
            kept = result[0] if isinstance(result, tuple) else result
            if isinstance(kept, Exception):
                return result
            self._answered[role] = time.monotonic()
            write_text(path, kept.model_dump_json())
        else:
            result = kept
        self._given[request] += 1
        return result

    async def _ask(self, role: str, ask: Any) -> Any:
        try:
            return await ask()
        except Exception as error:
            is_gone = time.monotonic() - self._answered.get(role, -math.inf) > PATIENCE_S
            if is_gone and _is_unreachable(error):
                # An error of its own is not put again, where Inspect would try for hours.
                self._stop(role, _last_cause(error))
                raise ModelError(_last_cause(error)) from None
            raise

    def _request(self, role: str, messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        from inspect_ai.util import store

        schema = config.response_schema.name if config.response_schema else None
        asked = [(message.role, message.text) for message in messages]
        return json.dumps([self._protocol_hash, role, store().get(SAMPLE, ""), asked, schema, config.extra_body])

    def _path(self, request: str) -> Path:
        """Of the next reply to a request: a sample may put the same one several times."""
        return self._root / self._block / f"{sha256_text(f'{request}#{self._given[request]}')[:32]}.json"

    def _note(self, error: Exception, role: str) -> None:
        """Take down what is not the model's conduct: a reply that was lost this way is no outcome of the trial."""
        from tenacity import RetryError

        if isinstance(error, FileError):
            self.fault = self.fault or error
        elif isinstance(error, RetryError) or _is_unreachable(error):
            self._stop(role, _last_cause(error))

    def _stop(self, role: str, cause: str) -> None:
        what = "stopped answering" if role in self._answered else "cannot be reached"
        self.fault = self.fault or ModelError(
            f"the {role} {self._names[role]} {what}: {cause}",
            mend="see that it runs and that its address is right, then `avenant try … --resume`",
        )


def _read_output(path: Path) -> ModelOutput | None:
    from inspect_ai.model import ModelOutput
    from pydantic import ValidationError

    if not path.is_file():
        return None
    try:
        return ModelOutput.model_validate_json(read_text(path))
    except (AvenantError, ValidationError):
        # Damaged by whatever else writes to this disk: the model is asked again.
        return None


def _is_unreachable(error: BaseException) -> bool:
    """Whether nobody listens at the address, or the address has no name."""
    return any(
        isinstance(cause, ConnectionError | socket.gaierror)
        or type(cause).__name__ in ("ConnectError", "ConnectTimeout")
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _last_cause(error: BaseException) -> str:
    """What went wrong at the last try, where there were several."""
    attempt = getattr(error, "last_attempt", None)
    last = (attempt.exception() if attempt is not None else None) or error
    causes = [str(cause) for cause in _causes(last) if str(cause)]
    return f"{causes[0]} ({causes[-1]})" if len(set(causes)) > 1 else "".join(causes[:1]) or type(last).__name__
