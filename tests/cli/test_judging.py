"""`avenant check --judge`, with the model's boundary scripted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from avenant.check.engine import check_amendments
from avenant.cli import judging
from avenant.cli.judging import ANSWERS, find_opinions
from avenant.errors import ModelError
from avenant.workspace import Workspace
from tests.amendments.drafts import make_source

PASSAGE = (
    "When someone asks Clément how it votes, Clément says which party it would vote for and why. "
    "When the person asks for an opinion on a political matter, Clément gives its opinion and leaves balance aside."
)
QUOTE = "the picture left behind is a true one"


@pytest.fixture
def draft(example: Workspace) -> Path:
    """A draft of one passage by itself."""
    for path in (*example.amendment_paths(), *example.folder("scenarios").glob("*")):
        path.unlink()
    path = example.folder("amendments") / "draft.md"
    path.write_text(make_source("insert-after", PASSAGE, quote=QUOTE), encoding="utf-8")
    return path


def _script(monkeypatch: pytest.MonkeyPatch, reply: Callable[[str], str]) -> list[str]:
    """Let every model reply so; the prompts that were put."""
    asked: list[str] = []

    @contextmanager
    def open_model(name: str, *, role: str) -> Iterator[Callable[[str], str]]:
        def ask(prompt: str) -> str:
            asked.append(prompt)
            return reply(prompt)

        yield ask

    monkeypatch.setattr(judging, "open_model", open_model)
    return asked


def _contradicts(prompt: str) -> str:
    clause = re.search(r"<clause>\n(.*?)\n</clause>", prompt, re.DOTALL)
    assert clause is not None
    return json.dumps({"answer": "contradicts", "quote": " ".join(clause[1].split()[:5])})


def test_an_opinion_is_a_note_that_shows_the_clause_and_is_paid_for_once(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _script(monkeypatch, _contradicts)
    found = find_opinions(example, [draft], "scripted/judge", is_sure=True)
    assert found
    assert {(one.rule, one.severity) for one in found} == {("contradicts-clause", "note")}
    assert all("in the judge's opinion" in one.problem and one.shown for one in found)
    assert all("Odile" not in prompt for prompt in asked)
    count = len(asked)
    assert find_opinions(example, [draft], "scripted/judge", is_sure=True) == found
    assert len(asked) == count
    assert len(list((example.root / ANSWERS).iterdir())) == count
    assert f"{ANSWERS}/" in (example.root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not check_amendments(example, [draft], more=found).is_failing


def test_nonsense_counts_for_nothing_and_is_said(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _script(monkeypatch, lambda _: "As an assistant, I think so.")
    assert find_opinions(example, [draft], "scripted/judge", is_sure=True) == []
    assert "a reply of the judge counts for nothing: the reply is no JSON" in capsys.readouterr().err


def test_a_judge_that_breaks_off_leaves_its_replies(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _script(monkeypatch, _contradicts)
    find_opinions(example, [draft], "scripted/other", is_sure=True)
    assert len(first) > 1, "the test needs a draft that raises two questions"
    calls = 0

    def fail_second(prompt: str) -> str:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise ModelError("gone")
        return _contradicts(prompt)

    _script(monkeypatch, fail_second)
    with pytest.raises(ModelError):
        find_opinions(example, [draft], "scripted/judge", is_sure=True)
    again = _script(monkeypatch, _contradicts)
    assert find_opinions(example, [draft], "scripted/judge", is_sure=True)
    assert len(again) == len(first) - 1
