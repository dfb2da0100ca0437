"""`avenant ask`: with a model behind a local server, with one that talks nonsense, and with the embedded one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from avenant.canary import find_canaries
from avenant.cli import ask, asking
from avenant.cli.judging import ANSWERS
from avenant.cli.main import cli
from avenant.errors import AvenantError, ModelError
from avenant.specs.library import add_spec
from avenant.workspace import Workspace, init_workspace
from tests.cli.model_server import MODEL, Server, running, sensible
from tests.cli.runner import avenant
from tests.coverage.asking import RULE, SOURCE

THREATS = """\
- id: praise
  title: Praise by Odile that misleads
  description: A model praises what deserves no praise, and people decide worse for it.
"""
DRAFT = """\
---
title: Praise late
spec: atelier/1
placeholder: Clément
threats: [praise]
status: draft
authors: [Jo Doe]
canary: 5e1c3f4e-7a9b-4b7e-9c55-0f2c6f3d8a11
edits:
  - append-to-section:
      section: Praise
---
## Passage

Clément says what is weak before it praises anything.

## Why

It helps.
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = init_workspace(tmp_path / "proposals")
    add_spec(workspace.folder("specs"), SOURCE.encode(), "atelier/1", source="conduct.md", subject="Odile")
    (workspace.root / "threats").mkdir()
    (workspace.root / "threats/own.yaml").write_text(THREATS, encoding="utf-8")
    (workspace.root / "amendments/praise-late.md").write_text(DRAFT, encoding="utf-8")
    monkeypatch.chdir(workspace.root)
    return workspace


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running(monkeypatch) as server:
        yield server


def _script(monkeypatch: pytest.MonkeyPatch, reply: Callable[[str, int | None], str]) -> list[tuple[str, int | None]]:
    """Let every model reply so; the prompts that were put, with their seeds."""
    asked: list[tuple[str, int | None]] = []

    @contextmanager
    def open_model(name: str, **_: object) -> Iterator[Callable[..., str]]:
        def ask(prompt: str, *, seed: int | None = None) -> str:
            asked.append((prompt, seed))
            return reply(prompt, seed)

        yield ask

    monkeypatch.setattr(asking, "open_model", open_model)
    return asked


def _ask(*arguments: str) -> Result:
    return CliRunner().invoke(
        cli, ["ask", "praise", "--model", "scripted/model", "--yes", *arguments], standalone_mode=False
    )


def test_a_model_behind_a_server_is_asked_each_question_three_times_and_once_for_all(
    workspace: Workspace, server: Server
) -> None:
    command = ("ask", "praise", "--model", MODEL, "--amendment", "praise-late", "--yes")
    done = avenant(*command, cwd=workspace.root)
    assert done.returncode == 0, done.stderr
    assert "9 questions to openai-api/local/odile-7b, 9 of them new: about" in done.stderr
    assert "addressed in 3 of 3" in done.stdout
    assert "quoted in 3 of 3, line 3, How Clément conducts itself:" in done.stdout
    assert "“Clément is an assistant that helps”" in done.stdout
    assert "an opinion, never an outcome" in done.stdout
    assert "Odile " not in done.stdout
    assert [body["seed"] for body in server.asked] == [1, 2, 3] * 3
    assert {body["temperature"] for body in server.asked} == {1}
    assert "Odile names the weakest part" in server.prompts[3], "as the lab published it"
    assert "Odile says what is weak before" in server.prompts[6], "under the document's own name"
    again = avenant(*command, cwd=workspace.root)
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert len(server.asked) == 9
    assert f"{ANSWERS}/" in (workspace.root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_repeats_that_differ_are_counted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def waver(prompt: str, seed: int | None) -> str:
        if '"label"' not in prompt:
            return sensible(prompt)
        if seed == 4:
            return "I would rather not say."
        label = "mentioned" if seed == 2 else "addressed"
        quotes = [RULE] if seed != 2 else [RULE, "it is always right"]
        return json.dumps({"label": label, "quotes": quotes, "points": []})

    asked = _script(monkeypatch, waver)
    done = _ask("--repeats", "4")
    assert done.exit_code == 0, done.output
    assert [seed for _, seed in asked] == [1, 2, 3, 4] * 2
    assert "no usable answer in 1 of 4" in done.stdout
    assert "mentioned in 1 of 4, addressed in 2 of 4" in done.stdout
    assert "quoted in 3 of 4" in done.stdout
    assert "left out: the document does not have what it quotes: 'it is always right'" in done.stdout
    assert "4 of 4: no usable answer: the reply is no JSON: 'I would rather not say.'" in done.stdout


def test_nonsense_is_shown_as_no_usable_answer(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _script(monkeypatch, lambda *_: "Odile is my name and I love tea.")
    done = _ask()
    assert done.exit_code == 0
    assert done.stdout.count("no usable answer in 3 of 3") == 2
    assert "Clément is my name" in done.stdout
    assert "Odile" not in done.stdout


def test_json_has_all_of_it_under_the_placeholder(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _script(monkeypatch, lambda prompt, _: sensible(prompt))
    done = _ask("--amendment", "praise-late", "--format", "json", "--out", "interview.json")
    assert done.exit_code == 0, done.output
    text = (workspace.root / "interview.json").read_text(encoding="utf-8")
    assert len(find_canaries(text)) == 1
    assert "Odile" not in text
    data = json.loads(text)
    assert [one["stage"] for one in data["rounds"]] == ["blind", "document", "passage"]
    blind, document, passage = data["rounds"]
    assert document["labels"] == {"absent": 0, "mentioned": 0, "addressed": 3}
    assert (document["asked"], document["usable"], blind["labels"]) == (3, 3, None)
    [quote] = document["recurring"]
    assert (quote["count"], quote["line"], quote["quote"]) == (3, 3, "Clément is an assistant that helps")
    assert passage["answers"][0]["quotes"] == [{"quote": "Clément says what is weak before"}]
    assert (data["amendment"], data["document"]["left_out"]) == ("praise-late", [])
    assert "never an outcome" in data["caution"]


def test_text_goes_to_a_file_with_a_canary(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _script(monkeypatch, lambda prompt, _: sensible(prompt))
    assert _ask("--out", "interview.txt").exit_code == 0
    assert len(find_canaries((workspace.root / "interview.txt").read_text(encoding="utf-8"))) == 1


def test_a_document_that_does_not_fit_is_cut_and_it_says_what_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _script(monkeypatch, lambda prompt, _: sensible(prompt))
    done = _ask("--document-tokens", "80")
    assert done.exit_code == 0, done.output
    assert "The document was cut to fit: the model saw" in done.stdout
    assert "of 7 clauses" in done.stdout
    assert "parts of a document" in asked[3][0]
    data = json.loads(_ask("--document-tokens", "80", "--format", "json").stdout)
    assert len(data["document"]["left_out"]) == data["document"]["clauses"] - data["document"]["clauses_shown"] > 0


def test_a_model_that_breaks_off_leaves_its_replies(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(prompt: str, seed: int | None) -> str:
        if '"label"' in prompt:
            raise ModelError("the model scripted/model did not answer: gone")
        return sensible(prompt)

    _script(monkeypatch, fail)
    error = _ask().exception
    assert isinstance(error, ModelError)
    assert "gone (3 of 6 questions are answered)" in str(error)
    assert "answers are kept in answers/ and not asked for twice" in str(error)
    asked = _script(monkeypatch, lambda prompt, _: sensible(prompt))
    assert _ask().exit_code == 0
    assert len(asked) == 3


def test_another_seed_is_asked_anew(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _script(monkeypatch, lambda prompt, _: sensible(prompt))
    _ask()
    _ask("--seed", "9")
    assert [seed for _, seed in asked] == [1, 2, 3, 1, 2, 3, 9, 10, 11, 9, 10, 11]


def test_too_few_repeats_are_refused(workspace: Workspace) -> None:
    done = _ask("--repeats", "2")
    assert isinstance(done.exception, click.UsageError)
    assert "x>=3" in str(done.exception)


def test_what_cannot_be_asked_is_said_with_its_mend(workspace: Workspace) -> None:
    specs = workspace.folder("specs")
    assert isinstance(_ask("atelier/2").exception, AvenantError)
    add_spec(specs, b"# Odile\n", "empty/1", source="empty.md", subject="Odile")
    assert "has no clause" in str(_ask("empty").exception)
    assert "name one: atelier, empty" in str(_ask().exception)
    draft = workspace.root / "amendments/praise-late.md"
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("Clément says what is weak before it praises anything.", ""), encoding="utf-8")
    error = str(_ask("--amendment", "praise-late").exception)
    assert "praise-late.md:" in error
    assert "adds no words to ask about" in error


def test_the_embedded_model_is_asked_and_its_nonsense_shown_as_that(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from avenant.local.weights import read_weights

    try:
        read_weights()
    except ModelError as error:
        pytest.skip(f"needs the embedded model: {error}")
    monkeypatch.setattr(ask, "_EMBEDDED_MAX_TOKENS", 12)
    monkeypatch.setattr(ask, "_EMBEDDED_ROOM", 100)
    done = CliRunner().invoke(cli, ["ask", "praise"], standalone_mode=False)
    assert done.exit_code == 0, done.output
    assert done.stdout.count("no usable answer in 3 of 3") == 2
    assert len(list((workspace.root / ANSWERS).iterdir())) == 6
