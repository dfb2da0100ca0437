"""From a document to a checked draft, as a user would do it by hand."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

import pytest

from tests.cli.runner import EXAMPLE_ID, avenant

DOCUMENT = Path(str(resources.files("avenant"))) / "example/odile-constitution.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "proposals"
    assert avenant("init", str(root), cwd=tmp_path).returncode == 0
    assert avenant("spec", "add", str(DOCUMENT), "--as", EXAMPLE_ID, cwd=root).returncode == 0
    return root


def test_init_says_what_to_do_next_and_refuses_a_second_time(tmp_path: Path) -> None:
    done = avenant("init", "proposals", cwd=tmp_path)
    assert done.returncode == 0
    assert "avenant spec add" in done.stdout
    again = avenant("init", "proposals", cwd=tmp_path)
    assert again.returncode == 2
    assert "already" in again.stderr


def test_a_document_is_taken_in_byte_for_byte_and_shown(workspace: Path) -> None:
    assert (workspace / f"specs/{EXAMPLE_ID}.md").read_bytes() == DOCUMENT.read_bytes()
    assert EXAMPLE_ID in avenant("spec", "list", cwd=workspace).stdout
    assert "Giving an opinion\tgiving-an-opinion" in avenant("spec", "show", EXAMPLE_ID, cwd=workspace).stdout
    section = avenant("spec", "show", EXAMPLE_ID, "giving an opinion", cwd=workspace).stdout
    assert "[line 60] tact-is-welcome-here-clement-may-choose-" in section
    assert "Tact is welcome here." in section


def test_a_document_is_taken_in_from_an_address(workspace: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(DOCUMENT.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{DOCUMENT.name}"
        added = avenant("spec", "add", address, "--as", "atelier/web", cwd=workspace)
        missing = avenant("spec", "add", f"{address}.gone", "--as", "atelier/gone", cwd=workspace)
        server.shutdown()
    assert added.returncode == 0, added.stderr
    assert (workspace / "specs/atelier/web.md").read_bytes() == DOCUMENT.read_bytes()
    assert address in (workspace / "specs/atelier/web.toml").read_text()
    assert missing.returncode == 2
    assert f"cannot fetch {address}.gone" in missing.stderr


def test_an_unknown_document_lists_those_that_are_here(workspace: Path) -> None:
    done = avenant("spec", "show", "atelier/1999", cwd=workspace)
    assert done.returncode == 2
    assert EXAMPLE_ID in done.stderr


def test_a_new_draft_is_anchored_under_the_placeholder_and_its_gaps_are_found(workspace: Path) -> None:
    done = avenant("new", "Keep it true", "--spec", EXAMPLE_ID, "--after", "Odile may choose its words", cwd=workspace)
    assert done.returncode == 0
    text = (workspace / "amendments/keep-it-true.md").read_text()
    assert "quote: Clément may choose its words" in text
    assert "section: Giving an opinion" in text
    assert "Odile" not in text
    check = avenant("check", cwd=workspace)
    assert check.returncode == 1
    assert check.stdout.splitlines()[0] == (
        "amendments/keep-it-true.md:15: empty-section: the section 'Passage' is empty; write it"
    )
    assert len(check.stdout.splitlines()) == 4


def test_a_second_draft_of_the_same_title_is_refused_and_the_first_kept(workspace: Path) -> None:
    arguments = ("new", "Same", "--spec", EXAMPLE_ID, "--after", "Odile may choose its words")
    assert avenant(*arguments, cwd=workspace).returncode == 0
    before = (workspace / "amendments/same.md").read_bytes()
    again = avenant(*arguments, cwd=workspace)
    assert again.returncode == 2
    assert (workspace / "amendments/same.md").read_bytes() == before


def test_words_that_stand_in_many_places_are_shown_with_their_lines(workspace: Path) -> None:
    done = avenant("new", "Many", "--spec", EXAMPLE_ID, "--after", "Odile", cwd=workspace)
    assert done.returncode == 2
    assert "places" in done.stderr
    assert "line 3 (Clément’s constitution): " in done.stderr
    assert "Odile" not in done.stderr
    assert not list((workspace / "amendments").iterdir())


def test_findings_come_as_json_too(workspace: Path) -> None:
    avenant("new", "Keep it true", "--spec", EXAMPLE_ID, "--after", "Odile may choose its words", cwd=workspace)
    path = workspace / "amendments/keep-it-true.md"
    path.write_text(path.read_text().replace("## Why\n", "## Why\n\nOdile would like it.\n"))
    rows = json.loads(avenant("check", "--json", cwd=workspace).stdout)
    assert {row["rule"] for row in rows} == {"empty-section", "model-name"}


def test_the_redline_shows_the_placeholder_and_the_patch_for_the_lab_the_real_name(workspace: Path) -> None:
    avenant("new", "Keep it true", "--spec", EXAMPLE_ID, "--after", "Odile may choose its words", cwd=workspace)
    path = workspace / "amendments/keep-it-true.md"
    path.write_text(path.read_text().replace("## Passage\n", "## Passage\n\nClément keeps it true.\n"))
    redline = avenant("diff", "keep-it-true", cwd=workspace).stdout
    assert "{+Clément keeps it true.+}" in redline
    assert "Odile" not in redline
    patch = avenant("diff", "keep-it-true", "--format", "unified", "--for-lab", cwd=workspace)
    assert "+Odile keeps it true.\n" in patch.stdout
    assert "for the lab" in patch.stderr
