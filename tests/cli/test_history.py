"""`avenant log`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.canary import PROJECT_CANARY, canary_line, find_canaries
from avenant.specs.library import add_spec
from avenant.workspace import init_workspace
from tests.cli.runner import avenant

FIRST = """\
# The constitution of Odile

## Honesty {#honesty authority=platform}

Odile gives the facts first, and says — plainly — how sure it is of each of them.

Tact is welcome here, provided that the picture left behind is a true one.

## Power {#power}

Some requests put other people at risk, and Odile thinks of them before it replies.
"""
SECOND = (
    FIRST.replace("platform", "root").replace("first", "at once").replace("—", "---").replace("at risk", "at a risk")
)
THIRD = SECOND.replace("# Honesty {#honesty", "# Candour {#candour").replace("replies.", "replies[^ab12].")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    specs = init_workspace(tmp_path / "proposals").folder("specs")
    for number, text in enumerate((FIRST, SECOND, THIRD), 1):
        add_spec(specs, text.encode(), f"atelier/{number}", source="constitution.md")
    add_spec(specs, FIRST.encode(), "alone/1", source="constitution.md", subject="Odile")
    return tmp_path / "proposals"


def test_log_prints_an_overview_and_then_each_change_newest_first(workspace: Path) -> None:
    done = avenant("log", "atelier", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "The constitution of Clément: what changed, the newest release first\n"
        "\n"
        "3, after 2: 1 section; 1 clause changed in typography alone\n"
        "2, after 1: 2 sections; 2 clauses reworded; 3 words added, 1 word removed\n"
        "\n"
        "Numbers are lines of the newer release, in brackets of the older one. Typography alone: --all. "
        "Clément stands for the names of the lab's models.\n"
        "\n"
        "3, after 2\n"
        "\n"
        "The constitution of Clément > Candour   (candour)\n"
        '  section retitled: "Honesty" before\n'
        "\n"
        "2, after 1\n"
        "\n"
        "The constitution of Clément > Honesty   (honesty)\n"
        "  section authority level: platform before, root now\n"
        "  reworded        5  Clément gives the facts [-first-]{+at once+}, and says --- plainly --- how …\n"
        "\n"
        "The constitution of Clément > Power   (power)\n"
        "  reworded       11  Some requests put other people at {+a +}risk, and Clément thinks of them before …\n"
    )


def test_a_section_is_followed_through_its_renaming(workspace: Path) -> None:
    for name in ("candour", "Honesty", "# honesty"):
        done = avenant("log", "atelier", "--section", name, cwd=workspace)
        assert done.returncode == 0, done.stderr
        assert "retitled" in done.stdout
        assert "at once" in done.stdout
        assert "people" not in done.stdout


def test_a_section_that_no_release_has_is_named_with_the_nearest(workspace: Path) -> None:
    done = avenant("log", "atelier", "--section", "Honestly", cwd=workspace)
    assert done.returncode == 2
    assert "no release has a section 'Honestly'" in done.stderr
    assert "'Honesty'" in done.stderr


def test_from_and_to_choose_releases_by_version_or_id(workspace: Path) -> None:
    done = avenant("log", "atelier", "--from", "2", cwd=workspace)
    assert "3, after 2" in done.stdout
    assert "2, after 1" not in done.stdout
    done = avenant("log", "atelier", "--to", "atelier/2", cwd=workspace)
    assert "2, after 1" in done.stdout
    assert "3, after 2" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("atelier", "--from", "9"), ("no release 'atelier/9'", "1, 2, 3")),
        (("atelier", "--from", "3", "--to", "1"), ("atelier/3 is newer than atelier/1", "--from 1 --to 3")),
        (("nobody",), ("no release of 'nobody'", "alone, atelier")),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    workspace: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = avenant("log", *arguments, cwd=workspace)
    assert done.returncode == 2
    assert not done.stdout
    for part in words:
        assert part in done.stderr


def test_a_single_release_is_said_kindly_in_every_format(workspace: Path) -> None:
    for style in ("text", "html"):
        done = avenant("log", "alone", "--format", style, cwd=workspace)
        assert done.returncode == 0
        assert "alone/1 is the only release" in done.stdout
    done = avenant("log", "alone", "--format", "json", cwd=workspace)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"canary": PROJECT_CANARY, "releases": []})
    assert not (workspace / "log-alone.html").exists()


def test_typography_is_shown_with_all(workspace: Path) -> None:
    done = avenant("log", "atelier", "--all", "--from", "2", cwd=workspace)
    assert "3, after 2: 2 sections" in done.stdout
    assert "  typography     11  … Clément thinks of them before it replies{+[^ab12]+}." in done.stdout


def test_json_holds_every_change_with_its_words(workspace: Path) -> None:
    done = avenant("log", "atelier", "--format", "json", cwd=workspace)
    newest, oldest = json.loads(done.stdout)["releases"]
    assert (newest["old"], newest["new"]) == ("atelier/2", "atelier/3")
    assert newest["clauses"] == {"typography": 1}
    assert (oldest["words_added"], oldest["words_removed"]) == (3, 1)
    [honesty, power] = oldest["sections"]
    assert honesty["headings"] == [{"kind": "authority", "old": "platform", "new": "root"}]
    [clause] = power["clauses"]
    assert clause["kind"] == "reworded"
    assert clause["new"]["text"] == clause["old"]["text"].replace("at risk", "at a risk")
    assert (clause["old"]["lines"], clause["new"]["sections"]) == ([11], ["power"])


def test_html_is_written_to_a_file_that_is_named(workspace: Path) -> None:
    done = avenant("log", "atelier", "--format", "html", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "log-atelier.html\n")
    page = (workspace / "log-atelier.html").read_text(encoding="utf-8")
    assert "<ins>at once</ins>" in page
    done = avenant("log", "atelier", "--format", "html", "--out", "other.html", cwd=workspace)
    assert done.stdout == "other.html\n"
    assert (workspace / "other.html").read_text(encoding="utf-8") == page


def test_text_goes_to_a_file_as_it_would_to_the_screen_with_a_canary_below(workspace: Path) -> None:
    printed = avenant("log", "atelier", cwd=workspace).stdout
    assert avenant("log", "atelier", "--out", "log.txt", cwd=workspace).stdout == "log.txt\n"
    written = (workspace / "log.txt").read_text(encoding="utf-8")
    assert written == f"{printed}\n{canary_line(PROJECT_CANARY)}\n"


def test_every_format_that_is_exported_carries_the_projects_canary(workspace: Path) -> None:
    for style in ("text", "html", "json"):
        avenant("log", "atelier", "--format", style, "--out", f"log.{style}", cwd=workspace)
        assert find_canaries((workspace / f"log.{style}").read_text(encoding="utf-8")) == (PROJECT_CANARY,)


def test_a_section_is_found_by_the_title_and_the_id_under_which_it_is_shown(tmp_path: Path) -> None:
    specs = init_workspace(tmp_path / "proposals").folder("specs")
    text = FIRST.replace("## Power {#power}", "## Odile and power")
    for number, one in enumerate((text, text.replace("at risk", "at a risk")), 1):
        add_spec(specs, one.encode(), f"atelier/{number}", source="constitution.md")
    shown = [
        avenant("log", "atelier", "--section", name, cwd=tmp_path / "proposals").stdout
        for name in ("Odile and power", "Clément and power", "odile-and-power", "clement-and-power")
    ]
    assert "Clément and power   (clement-and-power)" in shown[0]
    assert "people {+at a +}" not in shown[0]
    assert len({one.split("\n", 1)[1] for one in shown}) == 1


@pytest.mark.parametrize("style", ["text", "html", "json"])
def test_a_log_is_not_written_over_what_people_wrote(workspace: Path, style: str) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    out = next(path for path in before if path.parent.parent.name == "specs" and path.suffix == ".md")
    done = avenant("log", "atelier", "--format", style, "--out", str(out), cwd=workspace)
    assert done.returncode == 2
    assert "specs/ holds what people wrote" in done.stderr
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_help_has_an_example_that_runs_on_the_real_documents(shared: Path, tmp_path: Path) -> None:
    assert "Example: avenant log openai" in avenant("log", "-h", cwd=tmp_path).stdout
    specs = init_workspace(tmp_path / "proposals").folder("specs")
    for version in ("2025-02-12", "2025-04-11"):
        raw = (shared / "openai" / version / "model_spec.md").read_bytes()
        add_spec(specs, raw, f"openai/{version}", source="model_spec.md")
    done = avenant("log", "openai", cwd=tmp_path / "proposals")
    assert done.returncode == 0, done.stderr
    assert "due to {+misalignment, +}misunderstanding" in done.stdout
    assert len(done.stdout.splitlines()) < 60
