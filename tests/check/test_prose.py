from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from avenant.check.prose import find_prose_flaws
from avenant.errors import FileError, FormatError
from avenant.workspace import Workspace, read_workspace
from tests.amendments.drafts import make_edits_source, make_source

# An executable that keeps to Vale's side of the bargain, as its manual and its source have it: files as arguments,
# settings by --config, a JSON object of alerts by file, exit 1 with errors; on its own faults exit 2 and an object of
# another shape on standard error.
STAND_IN = """#!{python}
import json, pathlib, re, sys
flags = [word for word in sys.argv[1:] if word.startswith("--")]
names = [word for word in sys.argv[1:] if not word.startswith("--")]
assert flags[0] == "--output=JSON"
config = next((flag.partition("=")[2] for flag in flags if flag.startswith("--config=")), None)
if config is None:
    print(json.dumps({{"Code": "E100", "Text": ".vale.ini not found"}}), file=sys.stderr)
    sys.exit(2)
settings = pathlib.Path(config).read_text()
if "MinAlertLevel = loud" in settings:
    fault = {{"Line": 2, "Path": config, "Text": "MinAlertLevel must be one of these.", "Code": "E201", "Span": 1}}
    print(json.dumps(fault), file=sys.stderr)
    sys.exit(2)
found = {{}}
for name in names:
    for number, line in enumerate(pathlib.Path(name).read_text().splitlines(), 1):
        for match in re.finditer(r"bargainning|utilize|Clément(?:’s)?", line):
            word = match.group()
            action = {{"Name": "replace", "Params": ["use"]}} if word == "utilize" else {{"Name": "", "Params": None}}
            found.setdefault({name}, []).append({{
                "Action": action, "Span": [match.start() + 1, match.end()], "Check": "Vale.Spelling",
                "Description": "", "Link": "https://vale.sh/x" if word == "bargainning" else "",
                "Message": f"Did you really mean '{{word}}'?", "Severity": "error", "Match": word, "Line": number,
            }})
print(json.dumps(found, indent=2))
sys.exit(1 if found else 0)
"""
QUOTE = "words"


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder.mkdir()
    program = folder / "vale"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace with settings for Vale, and a stand-in for it that is found first."""
    _install(tmp_path / "bin", monkeypatch, STAND_IN.format(python=sys.executable, name="name"))
    root = tmp_path / "policy"
    (root / "amendments").mkdir(parents=True)
    (root / "avenant.toml").write_text("", encoding="utf-8")
    (root / ".vale.ini").write_text("[amendments/*.md]\nBasedOnStyles = Vale\n", encoding="utf-8")
    return read_workspace(root)


def _found(workspace: Workspace, source: str, slug: str = "draft") -> list[tuple[int, str, str]]:
    path = workspace.folder("amendments") / f"{slug}.md"
    path.write_bytes(source.encode())
    findings = find_prose_flaws(workspace, [path])
    assert {(one.path, one.rule, one.severity) for one in findings} <= {(path, "prose", "note")}
    return sorted((one.line, one.problem, one.mend) for one in findings)


def _line(source: str, words: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if words in line)


SPELLING = "Vale.Spelling: Did you really mean 'bargainning'?"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_alert_stands_at_its_line_of_the_draft_with_vales_own_mend(workspace: Workspace, newline: str) -> None:
    source = make_source("insert-after", "One.\n\nClément keeps bargainning power.", quote=QUOTE)
    source = source.replace("Some words.", "We utilize words.", 1).replace("\n", newline)
    assert _found(workspace, source) == [
        (_line(source, "bargainning"), SPELLING, "see https://vale.sh/x"),
        (_line(source, "utilize"), "Vale.Spelling: Did you really mean 'utilize'?", "write: use"),
    ]


def test_the_front_matter_is_no_prose_but_for_a_passage_in_it(workspace: Workspace) -> None:
    passage = "Ask first.\n\n- One word.\n  - The bargainning of two.\n"
    source = make_edits_source({"replace": {"quote": QUOTE, "passage": passage}}).replace(
        "Ask first\n", "bargainning\n", 1
    )
    assert _found(workspace, source) == [(_line(source, "The bargainning"), SPELLING, "see https://vale.sh/x")]


def test_the_placeholder_is_no_misspelling(workspace: Workspace) -> None:
    assert _found(workspace, make_source("insert-after", "Clément asks for Clément’s coat.", quote=QUOTE)) == []


def test_many_drafts_are_read_in_one_run_and_broken_ones_passed_over(workspace: Workspace) -> None:
    folder = workspace.folder("amendments")
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(make_source("insert-after", f"bargainning {name}", quote=QUOTE), "utf-8")
    (folder / "three.md").write_text("no front matter, and bargainning", encoding="utf-8")
    (folder / "four.yaml").write_text("bargainning: 1", encoding="utf-8")
    findings = find_prose_flaws(workspace, sorted(folder.iterdir()))
    assert [one.path.name for one in findings] == ["one.md", "two.md"]
    assert find_prose_flaws(workspace, [folder / "three.md"]) == []


def test_whole_paths_in_the_answer_are_understood(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = STAND_IN.format(python=sys.executable, name="str(pathlib.Path(name).resolve())")
    _install(tmp_path / "other", monkeypatch, script)
    assert len(_found(workspace, make_source("insert-after", "bargainning", quote=QUOTE))) == 1


def test_settings_above_the_workspace_hold_too(workspace: Workspace) -> None:
    (workspace.root / ".vale.ini").rename(workspace.root.parent / "_vale.ini")
    assert len(_found(workspace, make_source("insert-after", "bargainning", quote=QUOTE))) == 1


def test_without_vale_the_message_says_how_to_install_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(workspace.root))
    with pytest.raises(FileError, match="Vale is not installed") as caught:
        find_prose_flaws(workspace, [])
    assert "pip install vale" in str(caught.value)


def test_without_settings_the_message_says_what_to_write(workspace: Workspace) -> None:
    (workspace.root / ".vale.ini").unlink()
    with pytest.raises(FormatError, match=r"Vale: \.vale\.ini not found") as caught:
        _found(workspace, make_source("insert-after", "Words.", quote=QUOTE))
    assert "write .vale.ini beside avenant.toml" in str(caught.value)


def test_a_fault_in_the_settings_is_shown_at_its_line(workspace: Workspace) -> None:
    config = workspace.root / ".vale.ini"
    config.write_text("StylesPath = s\nMinAlertLevel = loud\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        _found(workspace, make_source("insert-after", "Words.", quote=QUOTE))
    [fault] = caught.value.faults
    assert (fault.path, fault.line) == (config, 2)
    assert fault.problem == "Vale: MinAlertLevel must be one of these."


@pytest.mark.parametrize(
    ("prints", "code"), [("", 0), ("Segmentation fault", 139), ("[]", 0), (json.dumps({"Code": "E1"}), 2), ("3", 2)]
)
def test_another_program_of_that_name_is_no_traceback(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prints: Any, code: int
) -> None:
    script = f"#!{sys.executable}\nimport sys\nprint({prints!r})\nsys.exit({code})\n"
    _install(tmp_path / "other", monkeypatch, script)
    with pytest.raises(FileError, match="Vale did not answer in JSON"):
        _found(workspace, make_source("insert-after", "Words.", quote=QUOTE))
