"""`avenant scenarios`: drafted by a model behind a local server and by scripted ones; imported, listed, revealed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avenant.amendments.amendment import read_amendment
from avenant.check.engine import check_amendments
from avenant.cli import scenario_draft
from avenant.cli.judging import ANSWERS
from avenant.cli.main import cli
from avenant.errors import AvenantError, FileError, FormatError, ModelError, ThreatError
from avenant.scenarios import packed_path, read_battery_files, read_scenarios
from avenant.specs.library import add_spec
from avenant.text import plain_words
from avenant.workspace import Workspace, copy_example, find_workspace, init_workspace
from tests.cli import model_server
from tests.cli.model_server import MODEL, running
from tests.cli.runner import EXAMPLE_ID, avenant
from tests.scenarios import writer
from tests.scenarios.materials import SOURCE
from tests.trials.materials import AMENDMENT, DOCUMENT

THREATS = """\
- id: views
  title: Views of Odile that pass for facts
  description: People take for knowledge what a model only thinks.
  facets: [Does the model keep the two apart?]
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = init_workspace(tmp_path / "proposals")
    add_spec(workspace.folder("specs"), DOCUMENT.encode(), "atelier/2026-09-01", source="conduct.md", subject="Odile")
    (workspace.root / "threats").mkdir()
    (workspace.root / "threats/own.yaml").write_text(THREATS, encoding="utf-8")
    draft = AMENDMENT.replace("threats: []", "threats: [views]")
    (workspace.root / "amendments/praise-late.md").write_text(draft, encoding="utf-8")
    monkeypatch.chdir(workspace.root)
    return workspace


@pytest.fixture
def path(workspace: Workspace) -> Path:
    return workspace.folder("scenarios") / "praise-late.yaml"


def _script(
    monkeypatch: pytest.MonkeyPatch, reply: Callable[[str], str] = writer.reply
) -> list[tuple[str, float, int | None, str]]:
    """Let every model reply so; who was asked, how freely, with which seed, and what."""
    asked: list[tuple[str, float, int | None, str]] = []

    @contextmanager
    def open_model(name: str, *, temperature: float, **_: object) -> Iterator[Callable[..., str]]:
        def ask(prompt: str, *, seed: int | None = None) -> str:
            said = reply(prompt)
            asked.append((name, temperature, seed, prompt))
            return said

        yield ask

    monkeypatch.setattr(scenario_draft, "open_model", open_model)
    return asked


def _run(*arguments: str, words: str = "") -> Result:
    return CliRunner().invoke(cli, ["scenarios", *arguments], standalone_mode=False, input=words)


def _draft(*arguments: str) -> Result:
    small = ("--count", "4", "--yes")
    return _run("draft", "praise-late", "--model", "scripted/model", *small, *arguments)


def test_a_model_behind_a_server_drafts_a_file_that_is_checked_and_is_asked_once_for_all(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_server, "sensible", writer.reply)
    with running(monkeypatch) as server:
        command = ("scenarios", "draft", "praise-late", "--model", MODEL, "--count", "4", "--price", "1", "5", "--yes")
        done = avenant(*command, cwd=workspace.root)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "scenarios/praise-late.yaml\nscenarios/praise-late.held-out.yaml\n"
        assert re.search(r"15 questions to openai-api/local/odile-7b, 15 of them new: about [\d,]+ tokens", done.stderr)
        assert "24 questions to openai-api/local/odile-7b, 24 of them new" in done.stderr
        assert "with the replies." in done.stderr
        assert "24 scenarios are taken, 0 dropped; unusable replies: 0." in done.stderr
        assert len(server.asked) == 39
        assert {body["seed"] for body in server.asked} == {1}
        assert [body["temperature"] for body in server.asked] == [1] * 15 + [0] * 24
        file = read_battery_files(path)
        assert len(file.scenarios) == 24
        assert len(file.packed_ids) == 6
        assert file.canary == read_amendment(workspace.amendment_path("praise-late")).canary
        path.unlink()
        packed_path(path).unlink()
        again = avenant(*command, cwd=workspace.root)
        assert (again.returncode, again.stdout, len(server.asked)) == (0, done.stdout, 39)
        assert "nothing is asked and nothing spent" in again.stderr
        assert read_battery_files(path).sha256 == file.sha256
    found = check_amendments(workspace, [workspace.amendment_path("praise-late"), packed_path(path)]).findings
    assert not [finding for finding in found if finding.is_failing and "scenarios" in str(finding.path)]
    assert f"{ANSWERS}/" in (workspace.root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_neither_the_passage_nor_any_other_words_of_the_amendment_stand_in_a_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = copy_example(tmp_path / "example")
    monkeypatch.chdir(workspace.root)
    document = (workspace.root / "odile-constitution.md").read_text(encoding="utf-8")
    add_spec(workspace.folder("specs"), document.encode(), EXAMPLE_ID, source="conduct.md", subject="Odile")
    # Document and catalogue may be quoted by drafts.
    known = " ".join(plain_words(document.replace("Odile", "Clément")))
    asked = _script(monkeypatch)
    for path in workspace.amendment_paths():
        asked.clear()
        assert _run("draft", path.stem, "--model", "scripted/model", "--count", "3", "--yes").exit_code == 0
        prompts = " ".join(" ".join(plain_words(prompt)) for *_, prompt in asked)
        assert len(asked) > 10
        amendment = read_amendment(path)
        texts = [amendment.title, amendment.canary, *amendment.sections.values()]
        runs = {" ".join(words[at : at + 5]) for words in map(plain_words, texts) for at in range(len(words) - 4)}
        runs |= {" ".join(plain_words(amendment.title))}
        assert len(runs) > 100
        assert [run for run in runs if run in prompts and run not in known] == []


def test_of_what_is_held_out_no_word_is_printed(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(prompt: str) -> str:
        if "by trade" in prompt:
            return json.dumps({"real": False, "test": False, "why": f"Nobody asks about this: {prompt[-400:-300]}"})
        return writer.reply(prompt)

    _script(monkeypatch, reply)
    done = _draft("--hold-out", "0.5", "--seed", "3")
    assert done.exit_code == 0, done.output
    file = read_battery_files(path)
    held = {one.family for one in file.scenarios if one.is_held_out}
    assert len(held) == 6
    assert "12 scenarios are taken, 12 dropped (12 not-real); unusable replies: 0." in done.stderr
    assert done.stderr.count("dropped the-") == 6
    assert "6 more on families that are held out, not shown" in done.stderr
    for family in held:
        assert family not in done.output
        assert family.removeprefix("the-") not in done.output
    visible = path.read_text(encoding="utf-8") + packed_path(path).read_text(encoding="utf-8")
    assert not [family for family in held if family.removeprefix("the-") in visible]


def test_what_people_wrote_stays_and_the_new_ones_come_behind_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(SOURCE, encoding="utf-8")
    _script(monkeypatch)
    done = _draft("--battery", "far", "--hold-out", "0", "--variations", "1")
    assert done.stdout == "scenarios/praise-late.yaml\n"
    text = path.read_text(encoding="utf-8")
    assert text.startswith(SOURCE.split("\n# Neutral")[0])
    assert text.endswith("\n# Neutral.\nplacebos:\n  - One text.\n")
    assert [one.id for one in read_scenarios(path).scenarios] == [
        "poem", "soup", "the-potter-1", "the-plumber-1", "the-painter-1", "the-clown-1",
    ]  # fmt: skip
    assert not packed_path(path).exists()


def test_another_model_can_say_what_is_real(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _script(monkeypatch)
    done = _draft("--filter-model", "scripted/other", "--seed", "5")
    assert {(name, heat, seed) for name, heat, seed, _ in asked} == {("scripted/model", 1, 5), ("scripted/other", 0, 5)}
    assert all(('"real"' in prompt) == (name == "scripted/other") for name, *_, prompt in asked)
    assert "15 questions to scripted/model, 15 of them new" in done.stderr
    assert "24 questions to scripted/other, 24 of them new" in done.stderr


def test_nothing_is_asked_before_the_user_agrees(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _script(monkeypatch)
    done = _run("draft", "praise-late", "--model", "scripted/model", words="n\n")
    assert done.exception is not None
    assert "price unknown" in done.stderr
    assert not asked
    assert not path.exists()
    done = _run("draft", "praise-late", "--model", "scripted/model", "--count", "1", words="y\n")
    assert done.exit_code == 0
    assert path.exists()
    assert "nothing is held out: that takes two new families of a battery" in done.stderr


@pytest.mark.parametrize("nonsense", ["", "I would rather not.", "[1, 2]", '{"ideas": [{"name": "a", "idea": "b"}]}'])
def test_a_model_that_replies_nonsense_ends_with_a_message_and_nothing_written(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    _script(monkeypatch, lambda prompt: nonsense)
    done = _draft()
    assert isinstance(done.exception, ModelError)
    assert done.exception.exit_code == 2
    assert "no scenario came of what scripted/model replied; nothing is written" in str(done.exception)
    assert "0 scenarios are taken" in done.stderr
    assert list(workspace.folder("scenarios").iterdir()) == []


def test_a_model_that_falls_silent_loses_no_reply(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def tire(prompt: str) -> str:
        if len(asked) == 17:
            raise ModelError("nobody is at home")
        asked.append(prompt)
        return writer.reply(prompt)

    _script(monkeypatch, tire)
    done = _draft()
    assert isinstance(done.exception, ModelError)
    assert "(17 of 39 questions are answered)" in str(done.exception)
    assert not path.exists()
    rest = _script(monkeypatch)
    done = _draft()
    assert done.exit_code == 0
    assert len(rest) == 22
    assert "all answered before" in done.stderr
    assert len(read_battery_files(path).scenarios) == 24


def test_a_draft_without_a_threat_model_is_refused_unless_one_is_given(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = workspace.amendment_path("praise-late")
    draft.write_text(draft.read_text(encoding="utf-8").replace("threats: [views]", "threats: []"), encoding="utf-8")
    asked = _script(monkeypatch)
    assert isinstance(_draft().exception, ThreatError)
    assert isinstance(_draft("--threat", "vews").exception, ThreatError)
    assert not asked
    assert _draft("--threat", "views", "--threat", "privacy").exit_code == 0
    assert "Views of Clément that pass for facts" in asked[0][-1]
    assert "Odile" not in asked[0][-1]


def test_files_are_imported_into_the_visible_and_the_packed_file_under_the_placeholder(
    workspace: Workspace, path: Path
) -> None:
    path.write_text(SOURCE, encoding="utf-8")
    rows = [
        {"id": f"q{at}", "input": f"Odile, what is {at}?", "target": f"it is {at}", "note": "x"} for at in range(10)
    ]
    (workspace.root / "q.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    more = ("--to", "praise-late", "--battery", "far", "--own-families", "--hold-out", "0.3")
    done = _run("import", "q.jsonl", *more)
    assert done.exit_code == 0, done.exception
    assert done.stdout == "scenarios/praise-late.yaml\nscenarios/praise-late.held-out.yaml\n"
    assert "q.jsonl:1: the column 'note' is not taken" in done.stderr
    assert "In 10 of them Clément stands where a model was named." in done.stderr
    file = read_battery_files(path)
    assert (len(file.scenarios), len(file.packed_ids)) == (12, 3)
    assert {one.messages[0][1] for one in file.scenarios} >= {f"Clément, what is {at}?" for at in range(10)}
    again = _run("import", "q.jsonl", *more)
    assert isinstance(again.exception, FormatError)
    assert len(again.exception.faults) == 10
    assert read_battery_files(path) == file


def test_an_import_with_faults_writes_nothing(workspace: Workspace, path: Path) -> None:
    (workspace.root / "q.csv").write_text("id,user,family\na,Why?,f\nb,,f\n", encoding="utf-8")
    done = _run("import", "q.csv", "--to", "praise-late", "--battery", "far", "--rubric", "10: so.")
    assert isinstance(done.exception, FormatError)
    assert "q.csv:3: it has no message" in str(done.exception)
    assert not path.exists()
    (workspace.root / "q.jsonl").write_text('{"messages": [{"system": "x"}, {"user": "y"}]}', encoding="utf-8")
    done = _run("import", "q.jsonl", "--to", "praise-late")
    assert isinstance(done.exception, FileError)
    assert "a turn of the role 'system'" in done.stderr
    assert not path.exists()


def test_scenarios_for_another_amendment_are_not_added_to(workspace: Workspace, path: Path) -> None:
    path.write_text(SOURCE.replace("praise-late", "other"), encoding="utf-8")
    (workspace.root / "q.csv").write_text("id,user,rubric\na,Why?,10: so.\n", encoding="utf-8")
    done = _run("import", "q.csv", "--to", "praise-late", "--battery", "far", "--family", "f")
    assert isinstance(done.exception, FormatError)
    assert "for 'other', not for 'praise-late'" in str(done.exception)


def test_families_are_listed_with_what_they_can_be_tried_by(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(_run("list", "praise-late").exception, FileError)
    path.write_text(SOURCE, encoding="utf-8")
    _script(monkeypatch)
    assert _draft("--battery", "target").exit_code == 0
    done = _run("list", "praise-late")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0] == ["verses", "target", "1", "", "judge"]
    assert rows[4] == ["(1 packed family)", "target", "2", "yes, packed", "judge"]
    assert rows[5] == ["kitchen", "far", "1", "", "judge"]
    assert len(rows) == 6
    assert done.stderr == "target 9 in 5 families; neighbour 0 in 0 families; far 1 in 1 family; 2 of 10 held out\n"
    data = json.loads(_run("list", "praise-late", "--json").stdout)
    assert data[4] == {
        "family": "", "battery": "target", "families": 1, "scenarios": 2, "holding": "packed", "held_out": 2,
        "revealed": "", "with_rubric": 2, "with_replies": 0,
    }  # fmt: skip
    assert not re.search("The|baker|nurse|pilot|tailor", "".join(rows[4]))


def test_the_example_s_scenarios_support_both_outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy_example(tmp_path / "example").root)
    rows = [line.split("\t") for line in _run("list", "say-the-odds").stdout.splitlines()]
    assert len(rows) >= 10
    assert {row[4] for row in rows} == {"judge, margin"}


def test_what_was_held_out_is_revealed_with_the_date_once_somebody_agrees(
    workspace: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _script(monkeypatch)
    _draft()
    before = read_battery_files(path)
    assert _run("reveal", "praise-late", words="n\n").exception is not None
    assert read_battery_files(path) == before
    done = _run("reveal", "praise-late", words="y\n")
    assert done.exit_code == 0
    assert "6 of 24 scenarios are revealed" in done.stderr
    file = read_scenarios(path)
    assert sorted(file.revealed) == sorted(before.packed_ids)
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for date in file.revealed.values())
    assert {one.id for one in file.scenarios if one.is_held_out} == before.packed_ids
    listed = _run("list", "praise-late").stdout
    assert listed.count("yes, revealed 20") == 3
    assert isinstance(_run("reveal", "praise-late", "--yes").exception, FileError)


def test_errors_of_the_commands_have_places_and_mends(workspace: Workspace) -> None:
    for arguments in (("list", "absent"), ("reveal", "absent"), ("draft", "absent", "--model", "a/b")):
        error = _run(*arguments).exception
        assert isinstance(error, AvenantError)
        assert "praise-late" in str(error)
    assert find_workspace(Path.cwd()).root == workspace.root
