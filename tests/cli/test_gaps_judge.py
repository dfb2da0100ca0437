"""`avenant gaps --judge`: with a model behind a local server, and with one that fails in every way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from avenant.cli import asking
from avenant.cli.coverage_judging import judge_matrix
from avenant.cli.judging import ANSWERS
from avenant.cli.main import cli
from avenant.coverage.matrix import Matrix
from avenant.errors import ModelError
from avenant.specs.library import add_spec
from avenant.workspace import Workspace, init_workspace
from tests.cli.model_server import MODEL, Server, running, sensible
from tests.cli.runner import avenant
from tests.coverage.asking import PRAISE, RULE, SECRETS, SOURCE, judged, make_matrix

THREATS = """\
- id: praise
  title: Praise by Odile that misleads
  description: A model praises what deserves no praise, and people decide worse for it.
  facets: ["Is the model told to name weaknesses?"]
- id: secrets
  title: Secrets that get out
  description: A model tells one tenant what another said in confidence.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = init_workspace(tmp_path / "proposals")
    add_spec(workspace.folder("specs"), SOURCE.encode(), "atelier/1", source="conduct.md", subject="Odile")
    (workspace.root / "own.yaml").write_text(THREATS, encoding="utf-8")
    return workspace


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running(monkeypatch) as server:
        yield server


def _script(monkeypatch: pytest.MonkeyPatch, reply: Callable[[str], str]) -> list[str]:
    """Let every model reply so; the prompts that were put."""
    asked: list[str] = []

    @contextmanager
    def open_model(name: str, **_: object) -> Iterator[Callable[..., str]]:
        def ask(prompt: str, *, seed: int | None = None) -> str:
            asked.append(prompt)
            return reply(prompt)

        yield ask

    monkeypatch.setattr(asking, "open_model", open_model)
    return asked


def _judge(workspace: Workspace, matrix: Matrix, model: str = "scripted/judge") -> Matrix:
    return judge_matrix(matrix, workspace, model, price=None, is_sure=True)


def test_a_judge_behind_a_server_labels_the_cells_once_and_is_paid_for_once(
    workspace: Workspace, server: Server
) -> None:
    command = ("gaps", "--catalogue", "own.yaml", "--judge", MODEL, "--yes", "--price", "1", "10")
    first = avenant(*command, cwd=workspace.root)
    assert first.returncode == 0, first.stderr
    assert "2 questions to openai-api/local/odile-7b, 2 of them new: about" in first.stderr
    assert "at most $0.04 with the replies" in first.stderr
    assert "The judge labelled 2 of 2 cells" in first.stderr
    _, *rows = first.stdout.splitlines()
    assert len(rows) == 2
    assert all("mentioned by judge" in row for row in rows)
    assert len(server.asked) == 2
    assert all("Odile" not in prompt for prompt in server.prompts)
    assert all(body["temperature"] == 0 for body in server.asked)
    again = avenant(*command, "--format", "json", cwd=workspace.root)
    assert again.returncode == 0, again.stderr
    assert "all answered before, so nothing is asked and nothing spent" in again.stderr
    assert len(server.asked) == 2
    cells = [row["cells"][0] for row in json.loads(again.stdout)["threats"]]
    assert {cell["label"] for cell in cells} == {"mentioned"}
    assert all(cell["confidence"] is None for cell in cells)


def test_nonsense_is_said_and_the_labels_by_words_stay(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = make_matrix(PRAISE, SECRETS)
    unfounded = judged("addressed", quotes=["Odile is never wrong"])
    _script(monkeypatch, lambda prompt: "I think so." if "deserves no praise" in prompt else unfounded)
    after = _judge(workspace, matrix)
    assert [cell.label for row in after.cells for cell in row] == [cell.label for row in matrix.cells for cell in row]
    assert after.is_answered
    said = capsys.readouterr().err
    assert "praise, atelier/1: a reply of the judge counts for nothing: the reply is no JSON" in said
    assert "no clause has what it quotes: 'Clément is never wrong'" in said
    assert "2 replies count for nothing, and those cells keep the label that words gave" in said


def test_a_judge_that_does_not_answer_leaves_what_was_labelled_and_is_asked_for_the_rest_later(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = make_matrix(PRAISE, SECRETS)

    def fail_second(prompt: str) -> str:
        if len(list((workspace.root / ANSWERS).glob("*"))) == 1:
            raise ModelError("the judge scripted/judge did not answer: nobody is at home")
        return sensible(prompt)

    _script(monkeypatch, fail_second)
    after = _judge(workspace, matrix)
    assert not after.is_answered
    opinions = [cell.opinion for row in after.cells for cell in row if cell.opinion]
    assert sorted(one.is_answered for one in opinions) == [False, True]
    said = capsys.readouterr().err
    assert "nobody is at home" in said
    assert "1 of 2 questions are without an answer\n  mend: " in said
    assert "answers are kept in answers/ and not asked for twice" in said

    asked = _script(monkeypatch, sensible)
    assert _judge(workspace, matrix).is_answered
    assert len(asked) == 1


def test_one_question_that_is_refused_does_not_hold_up_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(prompt: str) -> str:
        if "deserves no praise" in prompt:
            raise ModelError("the judge did not answer: 400, this subject is not allowed")
        return sensible(prompt)

    _script(monkeypatch, refuse)
    after = _judge(workspace, make_matrix(PRAISE, SECRETS))
    opinions = {row[0].threat.id: row[0].opinion for row in after.cells}
    assert opinions["secrets"] is not None
    assert opinions["secrets"].label == "mentioned"


def test_a_judge_that_is_gone_is_not_asked_to_the_end(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: str) -> str:
        raise ModelError("the judge did not answer")

    asked = _script(monkeypatch, fail)
    many = [replace(SECRETS, id=f"secrets-{number}", description=f"Secret {number} gets out.") for number in range(6)]
    assert not _judge(workspace, make_matrix(*many)).is_answered
    assert len(asked) == 3
    assert "6 of 6 questions are without an answer" in capsys.readouterr().err


def test_a_stop_keeps_what_was_answered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop_second(prompt: str) -> str:
        if list((workspace.root / ANSWERS).glob("*")):
            raise KeyboardInterrupt
        return sensible(prompt)

    _script(monkeypatch, stop_second)
    with pytest.raises(KeyboardInterrupt):
        _judge(workspace, make_matrix(PRAISE, SECRETS))
    assert "1 of 2 questions are answered; to go on, run this again" in capsys.readouterr().err


def test_nothing_is_asked_where_the_user_does_not_agree(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = _script(monkeypatch, sensible)
    monkeypatch.setattr(click, "confirm", _refuse)
    with pytest.raises(click.Abort):
        judge_matrix(make_matrix(PRAISE), workspace, "scripted/judge", price=None, is_sure=False)
    assert not asked
    assert not (workspace.root / ANSWERS).exists()
    assert "price unknown (give it in dollars per million tokens: --price IN OUT)" in capsys.readouterr().err


def _refuse(*_: object, **__: object) -> None:
    raise click.Abort


def test_the_command_shows_the_labels_that_it_has_and_exits_2(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_one(prompt: str) -> str:
        if "in confidence" in prompt:
            raise ModelError("the judge scripted/judge did not answer")
        return judged(quotes=[RULE])

    _script(monkeypatch, fail_one)
    monkeypatch.chdir(workspace.root)
    ran = CliRunner().invoke(
        cli, ["gaps", "--catalogue", "own.yaml", "--judge", "scripted/judge", "--yes"], standalone_mode=False
    )
    assert ran.return_value == 2
    rows = dict(line.split("\t")[::2] for line in ran.stdout.splitlines() if line.count("\t") == 3)
    assert rows["praise"].startswith("addressed by judge")
    assert rows["secrets"].split()[1].endswith("%")


def test_a_judge_that_is_no_model_is_refused_with_the_mend(workspace: Workspace) -> None:
    done = avenant("gaps", "--catalogue", "own.yaml", "--judge", "gpt", "--yes", cwd=workspace.root)
    assert done.returncode == 2
    assert "'gpt' is no model name" in done.stderr
    assert "provider/model" in done.stderr
