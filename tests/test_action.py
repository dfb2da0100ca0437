"""The pre-commit hook and the GitHub Action: their files keep to their schemas, their steps do what the docs say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from avenant.workspace import Workspace
from tests.conftest import REPOSITORY

HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
ACTION = REPOSITORY / "action.yml"
DOCS = (REPOSITORY / "docs/ci.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
NAMED = "When someone asks Clément for its own view"


def _validate(schema: str, *paths: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _step(name: str) -> dict[str, Any]:
    steps = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
    return next(step for step in steps if name in (step.get("id"), step.get("name")))


@pytest.fixture
def repository(example: Workspace, tmp_path: Path) -> Path:
    """A repository with a workspace in a folder whose name a shell would take apart, and Avenant installed."""
    top = tmp_path / "top"
    shutil.copytree(example.root, top / "my $(policy)")
    (top / ".git").mkdir()
    bin_folder = tmp_path / "runner/avenant/bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    avenant = bin_folder / "avenant"
    avenant.write_text(f'#!/bin/sh\nexec {sys.executable} -m avenant "$@"\n', encoding="utf-8")
    avenant.chmod(0o755)
    return top


def _run(name: str, top: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does: in a file, with these flags of bash, at the top of the repository."""
    runner = top.parent / "runner"
    script = runner / "step.sh"
    runner.mkdir(exist_ok=True)
    script.write_text(_step(name)["run"], encoding="utf-8")
    known = {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(runner / "output"), "PATH": "/usr/bin:/bin"}
    assert set(env) == set(_step(name)["env"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=top,
        env=known | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _outputs(top: Path) -> dict[str, str]:
    path = top.parent / "runner/output"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines)


def _name(top: Path, *, is_off: bool = False) -> None:
    path = top / "my $(policy)/amendments/mark-opinions.md"
    off = "<!-- avenant: off model-name: a person of this name -->\n" if is_off else ""
    text = path.read_text(encoding="utf-8")
    assert NAMED in text
    path.write_text(text.replace(NAMED, off + NAMED.replace("Clément", "Odile")), encoding="utf-8")


def test_the_action_keeps_to_githubs_schema_and_takes_input_through_variables_alone() -> None:
    _validate("vendor.github-actions", ACTION)
    for step in yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_examples_of_the_docs_keep_to_the_schemas_and_name_what_there_is(tmp_path: Path) -> None:
    hook, *workflows = (yaml.safe_load(example) for example in EXAMPLES)
    [manifest] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert hook["repos"][0]["hooks"][0]["id"] == manifest["id"]
    inputs = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"]
    assert len(workflows) == 2
    for number, workflow in enumerate(workflows):
        path = tmp_path / f"{number}.yml"
        path.write_text(EXAMPLES[number + 1], encoding="utf-8")
        _validate("vendor.github-workflows", path)
        assert set(workflow["jobs"]["check"]["steps"][1]["with"]) <= set(inputs)
    assert all(f"| `{name}` |" in DOCS for name in inputs)


@pytest.mark.parametrize(
    ("path", "is_checked"),
    [
        ("amendments/ask-first.md", True),
        ("policy/lab/amendments/ask first.md", True),
        ("scenarios/ask-first.yaml", True),
        ("policy/scenarios/ask-first.yaml", True),
        ("docs/amendments.md", False),
        ("my-amendments/x.md", False),
        ("scenarios/README.md", False),
        ("amendments/notes/x.md", False),
        ("trials/ask-first/2026/materials/scenarios.yaml", False),
    ],
)
def test_the_hook_takes_drafts_and_scenario_files_wherever_the_workspace_lies(path: str, is_checked: bool) -> None:
    [hook] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert bool(re.search(hook["files"], path)) == is_checked
    assert hook["entry"] == "avenant check"
    assert hook["language"] == "python"


def test_avenant_is_installed_from_the_actions_own_folder(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf \'#!/bin/sh\\nprintf "%%s\\\\n" "$@" > "$RUNNER_TEMP/asked"\\n\' '
        '> "$3/bin/python"\nchmod +x "$3/bin/python"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    top = tmp_path / "top"
    top.mkdir()
    done = _run("Install Avenant", top, PYTHON=str(python), SOURCE="/an action/$(x)")
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "runner/asked").read_text(encoding="utf-8").splitlines()
    assert asked[:3] == ["-m", "pip", "install"]
    assert asked[-1] == "/an action/$(x)"


def test_findings_become_annotations_with_paths_from_the_top(repository: Path) -> None:
    done = _run("check", repository, FOLDER="my $(policy)", FORMAT="github", PUBLISH="")
    assert (done.returncode, _outputs(repository)) == (0, {"code": "0"}), done.stdout + done.stderr
    _name(repository)
    done = _run("check", repository, FOLDER="my $(policy)", FORMAT="github", PUBLISH="")
    assert done.returncode == 0, done.stderr
    assert "::error file=my $(policy)/amendments/mark-opinions.md,line=17,title=model-name::" in done.stdout
    assert _outputs(repository) == {"code": "1"}


def test_code_scanning_is_handed_what_holds_and_not_what_is_turned_off(repository: Path) -> None:
    _name(repository, is_off=True)
    done = _run("check", repository, FOLDER="my $(policy)", FORMAT="sarif", PUBLISH="")
    assert done.returncode == 0, done.stdout + done.stderr
    sarif = repository.parent / "runner/avenant.sarif"
    assert _outputs(repository) == {"sarif": str(sarif), "code": "0"}
    [run] = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    assert "model-name" not in {result["ruleId"] for result in run["results"]}
    assert run["results"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert all(place["uri"].startswith("my%20%24%28policy%29/") for place in places)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"FOLDER": "nowhere"}, "path names no folder"),
        ({"FORMAT": "text; rm -rf /"}, "format must be github or sarif"),
        ({"PUBLISH": "nowhere"}, "publish names no folder"),
    ],
)
def test_input_that_makes_no_sense_stops_with_a_message(repository: Path, given: dict[str, str], said: str) -> None:
    done = _run("check", repository, **({"FOLDER": "my $(policy)", "FORMAT": "github", "PUBLISH": ""} | given))
    assert done.returncode == 2
    assert f"::error title=avenant::{said}\n" in done.stdout


def test_a_folder_without_a_workspace_fails_the_step(repository: Path) -> None:
    for style in ("github", "sarif"):
        done = _run("check", repository, FOLDER=".", FORMAT=style, PUBLISH="")
        assert done.returncode == 2
        assert "no workspace here" in done.stderr


def test_the_folder_to_publish_is_read_too_and_its_findings_count(repository: Path) -> None:
    asked = repository.parent / "asked"
    avenant = repository.parent / "runner/avenant/bin/avenant"
    avenant.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{asked}"\n[ "$2" != --publish ]\n', encoding="utf-8")
    site = repository / "a site; $(x)"
    site.mkdir()
    done = _run("check", repository, FOLDER="my $(policy)", FORMAT="github", PUBLISH="a site; $(x)")
    assert done.returncode == 0, done.stderr
    expected = ["check", "--publish", str(site), "--format", "github"]
    assert asked.read_text(encoding="utf-8").splitlines() == expected
    assert _outputs(repository) == {"code": "1"}


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_last_step_ends_as_the_check_did(tmp_path: Path, code: int) -> None:
    top = tmp_path / "top"
    top.mkdir()
    assert _run("Say how it went", top, CODE=str(code)).returncode == code
