"""llama.cpp in process: exact log-probabilities of given replies, and replies, from saved document states.

Two facts of the runtime, both measured, shape this module:

- The same prompt prefilled in other pieces gives other numbers (up to 0.5 nats on ten tokens), and so do other
  thread counts and other batches. Hence one protocol for every request: the state at the end of the system message
  is saved once and restored before each request; each server has one slot and one thread; nothing else is cached.
- One thread a server is the fastest way to use two cores (109 against 90 tokens a second with two threads each), and
  makes the numbers independent of how many servers run.
"""

from __future__ import annotations

import hashlib
import http.client
import itertools
import json
import os
import queue
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT_TOKENS = 8192
THREADS = 1
"""Threads of each server; part of the protocol, since another count gives other numbers."""
_TIMEOUT_S = 600.0
_MAX_SERVERS = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one request."""

    text: str
    tokens: tuple[str, ...]
    """The reply's tokens, as text."""
    logprobs: tuple[float, ...]
    """Natural log-probability of each token under the model's own distribution, before sampling."""
    prompt_tokens: int
    cached_tokens: int
    """Of the prompt's, those that came with the restored state."""
    is_truncated: bool
    """Whether the reply stopped at the token limit."""


Message = dict[str, str]
"""{"role": "system" | "user" | "assistant", "content": …}"""


class Engine:
    """One model, loaded once, in as many single-threaded servers as there are cores (at most four).

    Args:
        weights: the GGUF file.
        servers: how many to run; default: the number of cores.

    Raises:
        ModelError: the runtime cannot load the file.
    """

    def __init__(self, weights: Path, *, servers: int | None = None) -> None:
        # Spinning threads make decoding 20 to 60 times slower beside another busy process.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        self._states = tempfile.TemporaryDirectory(prefix="avenant-states-")
        count = servers or max(
            1,
            min(
                _MAX_SERVERS,
                len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            ),
        )
        self._servers = [_Server(weights, self._states.name) for _ in range(count)]
        self._idle: queue.SimpleQueue[_Server] = queue.SimpleQueue()
        for server in self._servers:
            self._idle.put(server)
        self._prefixes: dict[str, tuple[int, ...]] = {}

    @property
    def server_count(self) -> int:
        """How many requests run at once."""
        return len(self._servers)

    def count_tokens(self, text: str) -> int:
        """Number of tokens of a text."""
        with self._server() as server:
            return len(server.tokenize(text))

    def prepare(self, systems: Sequence[str]) -> int:
        """Compute the states of several system messages, their common beginning once.

        Every arm's state is made of the same pieces: the common beginning, then the rest. Call it before any
        request with these messages; a message that was not prepared is computed in one piece, and its numbers are
        not comparable with those of prepared ones.

        Returns:
            How many tokens had to be computed.
        """
        with self._server() as server:
            prefixes = [server.prefix_ids(system) for system in systems]
            common = _common_start(prefixes)
            # A piece boundary must not depend on a message being a prefix of another.
            common = common[: min(len(ids) for ids in prefixes) - 1]
            computed = 0
            if common:
                server.erase()
                computed += server.prefill(common)
                server.save("common")
            for system, ids in zip(systems, prefixes, strict=True):
                if common:
                    server.restore("common")
                computed += self._store(server, system, ids)
            return computed

    def score(self, messages: Sequence[Message], reply: str) -> Reply:
        """Log-probabilities of a given reply, token by token, in one exact request.

        The reply is forced with an llguidance grammar, which leaves the model's raw distribution readable (a GBNF
        literal does not: it picks odd tokenisations without a warning).

        Raises:
            ModelError: the server produced other tokens than the reply's own.
        """
        with self._server() as server:
            ids = self._restore(server, messages)
            expected = server.tokenize(reply)
            body = {
                "prompt": ids,
                "n_predict": len(expected),
                "n_probs": 1,
                "temperature": 0,
                "grammar": "%llguidance {}\nstart: " + json.dumps(reply, ensure_ascii=False),
            }
            answer = server.complete(body)
            produced = [item["id"] for item in answer["completion_probabilities"]]
            if produced != expected:
                raise ModelError(f"the runtime scored other tokens than those of {reply[:40]!r}")
            return _reply(answer)

    def generate(self, messages: Sequence[Message], *, max_tokens: int, temperature: float, seed: int) -> Reply:
        """A reply; the same for the same seed, whatever was asked before."""
        with self._server() as server:
            ids = self._restore(server, messages)
            body = {
                "prompt": ids,
                "n_predict": max_tokens,
                "n_probs": 1,
                "temperature": temperature,
                "seed": seed,
            }
            return _reply(server.complete(body))

    def close(self) -> None:
        """Stop the servers and delete the states."""
        self._servers.clear()
        while not self._idle.empty():
            self._idle.get()
        self._states.cleanup()

    @contextmanager
    def _server(self) -> Iterator[_Server]:
        server = self._idle.get()
        try:
            yield server
        finally:
            self._idle.put(server)

    def _restore(self, server: _Server, messages: Sequence[Message]) -> list[int]:
        ids = server.prompt_ids(messages)
        if len(ids) >= CONTEXT_TOKENS:
            raise ModelError(
                f"the prompt has {len(ids)} tokens; the embedded model holds {CONTEXT_TOKENS}",
                mend="cut the document: --document-tokens 500",
            )
        if messages[0]["role"] != "system":
            server.erase()
            return ids
        system = messages[0]["content"]
        if system not in self._prefixes:
            server.erase()
            self._store(server, system, server.prefix_ids(system))
        server.restore(_state_name(system))
        if tuple(ids[: len(self._prefixes[system])]) != self._prefixes[system]:
            raise ModelError("the chat template changes the system message when more follows")
        return ids

    def _store(self, server: _Server, system: str, ids: list[int]) -> int:
        computed = server.prefill(ids)
        server.save(_state_name(system))
        self._prefixes[system] = tuple(ids)
        return computed


class _Server:
    """One llama.cpp server with one slot and one thread, spoken to over loopback HTTP."""

    def __init__(self, weights: Path, states: str) -> None:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(weights)
        params.n_ctx = CONTEXT_TOKENS
        params.n_parallel = 1
        params.port = 0
        params.verbosity = 0
        params.warmup = False
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
        params.slot_save_path = states + "/"
        try:
            self._server = xllamacpp.Server(params)
        except Exception as error:
            raise ModelError(f"the embedded model does not load: {error}", path=weights) from error
        self._host = self._server.listening_address.removeprefix("http://")

    def tokenize(self, text: str) -> list[int]:
        return list(self._post("/tokenize", {"content": text, "parse_special": True})["tokens"])

    def prompt_ids(self, messages: Sequence[Message]) -> list[int]:
        return self.tokenize(self._post("/apply-template", {"messages": list(messages)})["prompt"])

    def prefix_ids(self, system: str) -> list[int]:
        """Tokens up to the end of the system message: what every prompt under it has in common."""
        prompts = [
            self.prompt_ids([{"role": "system", "content": system}, {"role": "user", "content": word}])
            for word in ("a", "9")
        ]
        return _common_start(prompts)

    def prefill(self, ids: Sequence[int]) -> int:
        """Bring the slot to the end of these tokens; gives how many of them it did not hold yet."""
        body = {"prompt": list(ids), "n_predict": 0, "id_slot": 0, "cache_prompt": True}
        return int(self._post("/completion", body)["timings"]["prompt_n"])

    def complete(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._post("/completion", {**body, "id_slot": 0, "cache_prompt": True, "return_tokens": True})

    def save(self, name: str) -> None:
        self._post("/slots/0?action=save", {"filename": f"{name}.bin"})

    def restore(self, name: str) -> None:
        self._post("/slots/0?action=restore", {"filename": f"{name}.bin"})

    def erase(self) -> None:
        self._post("/slots/0?action=erase", {})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._host, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read() or b"{}")
        except OSError as error:
            raise ModelError(f"the embedded model stopped answering: {error}", mend="run the command again") from error
        finally:
            connection.close()
        if response.status != 200:
            message = answer.get("error", {}).get("message", f"status {response.status}")
            raise ModelError(
                f"the embedded model refused {path}: {message}",
                mend="if the disk is full, free about 200 MB in the folder for temporary files",
            )
        return answer


def _common_start(lists: Sequence[Sequence[int]]) -> list[int]:
    """The tokens that all lists begin with."""
    same = itertools.takewhile(lambda tokens: len(set(tokens)) == 1, zip(*lists, strict=False))
    return [tokens[0] for tokens in same]


def _state_name(system: str) -> str:
    return hashlib.sha256(system.encode("utf-8")).hexdigest()[:24]


def _reply(answer: dict[str, Any]) -> Reply:
    items = answer.get("completion_probabilities", [])
    timings = answer["timings"]
    return Reply(
        text=answer["content"],
        tokens=tuple(item["token"] for item in items),
        logprobs=tuple(float(item["logprob"]) for item in items),
        prompt_tokens=int(timings["prompt_n"]) + int(timings["cache_n"]),
        cached_tokens=int(timings["cache_n"]),
        is_truncated=answer.get("stop_type") == "limit",
    )
