"""A model behind an OpenAI-compatible server on this machine, as users run them: `openai-api/local/NAME`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

MODEL = "openai-api/local/odile-7b"


@dataclass
class Server:
    """What was asked, and how to answer."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    """The body of every request."""
    replies: list[str] = field(default_factory=list)
    """What is replied first, in order; after that what a sensible model would say."""

    @property
    def prompts(self) -> list[str]:
        return [body["messages"][-1]["content"] for body in self.asked]

    def reply(self, body: dict[str, Any]) -> str:
        self.asked.append(body)
        return self.replies.pop(0) if self.replies else sensible(body["messages"][-1]["content"])


def sensible(prompt: str) -> str:
    """A reply of the form that is asked for, with quotes that stand."""
    if "near_miss" in prompt:
        place_and_words = _material(prompt, "clauses").split("\n\n")[0]
        quote = _first_words(place_and_words.split("\n", 1)[1])
        data = {"label": "mentioned", "quotes": [quote], "facets": [], "near_miss": 0, "why": "It comes up, no more."}
    elif '"label"' in prompt:
        lines = [line for line in _material(prompt, "document").splitlines() if line.strip() and line[0] not in "#[-"]
        data = {"label": "addressed", "quotes": [_first_words(lines[0])], "points": ["A rule for children."]}
    elif '"quotes"' in prompt:
        data = {"points": ["To say what is weak."], "quotes": [_first_words(_material(prompt, "passage"))]}
    else:
        data = {"points": ["Say what is weak.", "Say it first."]}
    return json.dumps(data)


def _material(prompt: str, name: str) -> str:
    found = re.search(rf"<{name} (\w+)>\n(.*?)\n</{name} \1>", prompt, re.DOTALL)
    assert found is not None, prompt
    return found[2]


def _first_words(text: str) -> str:
    return " ".join(text.split()[:6])


@contextmanager
def running(patch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that runs, with the environment that leads to it."""
    pytest.importorskip("openai")
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            message = {"role": "assistant", "content": server.reply(body)}
            sent = json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 0,
                    "model": body["model"],
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=http.serve_forever, daemon=True).start()
    patch.setenv("LOCAL_BASE_URL", f"http://127.0.0.1:{http.server_port}/v1")
    patch.setenv("LOCAL_API_KEY", "none")
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
