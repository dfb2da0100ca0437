"""A newer release comes out: anchor, rebase, adopted, as a user runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from avenant.workspace import Workspace
from tests.cli.runner import EXAMPLE_ID, avenant

NEW_ID = "atelier/2026-12-01"
CLAUSE = "provided that the picture left behind is a true one."


def _release(example: Workspace, text: str) -> None:
    (example.root / "newer.md").write_text(text, encoding="utf-8")
    done = avenant("spec", "add", "newer.md", "--as", NEW_ID, cwd=example.root)
    assert done.returncode == 0, done.stderr


def _document(example: Workspace) -> str:
    return (example.root / f"specs/{EXAMPLE_ID}.md").read_text(encoding="utf-8")


def _draft(example: Workspace, name: str = "mark-opinions") -> str:
    return (example.root / f"amendments/{name}.md").read_text(encoding="utf-8")


def _edited(example: Workspace) -> str:
    text = _document(example)
    assert CLAUSE in text
    return text.replace(CLAUSE, "provided that the picture that it leaves behind is a true one, and says so.")


def test_unchanged_drafts_are_carried_over_and_the_old_files_kept(example: Workspace) -> None:
    _release(example, "A new line before all.\n\n" + _document(example))
    before = _draft(example)
    done = avenant("rebase", "--to", NEW_ID, cwd=example.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mark-opinions: atelier/2026-09-01 -> atelier/2026-12-01: unchanged" in done.stdout
    assert _draft(example) == before.replace(EXAMPLE_ID, NEW_ID)
    assert (example.root / "amendments/mark-opinions.md.2026-09-01").read_text(encoding="utf-8") == before
    assert avenant("check", "mark-opinions", cwd=example.root).returncode == 0
    again = avenant("rebase", cwd=example.root)
    assert (again.returncode, again.stdout) == (0, "No open draft is behind the newest release.\n")


def test_what_git_has_is_not_kept_twice(example: Workspace) -> None:
    git = ["git", "-c", "user.name=Jo", "-c", "user.email=jo@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "drafts"]):
        subprocess.run([*git, *words], cwd=example.root, check=True)
    _release(example, "A new line before all.\n\n" + _document(example))
    done = avenant("rebase", "mark-opinions", cwd=example.root)
    assert "the old one is in git" in done.stdout
    assert not list((example.root / "amendments").glob("*.2026-09-01"))


def test_an_adapted_edit_waits_for_the_authors_word(example: Workspace) -> None:
    _release(example, _edited(example))
    before = _draft(example)
    done = avenant("rebase", "mark-opinions", cwd=example.root)
    assert done.returncode == 1
    assert "the lab edited the clause" in done.stdout
    assert "[-left-]" in done.stdout
    assert "has to be confirmed (--accept)" in done.stdout
    assert _draft(example) == before
    dry = avenant("rebase", "mark-opinions", "--accept", "--dry-run", cwd=example.root)
    assert (dry.returncode, _draft(example)) == (0, before)
    accepted = avenant("rebase", "mark-opinions", "--accept", cwd=example.root)
    assert accepted.returncode == 0
    assert f"spec: {NEW_ID}" in _draft(example)
    assert avenant("check", "mark-opinions", cwd=example.root).returncode == 0


def test_a_lost_edit_is_refused_with_candidates_and_can_be_pointed_at_its_place(example: Workspace) -> None:
    text = _document(example)
    start = text.rindex("\n\n", 0, text.index(CLAUSE))
    _release(example, text[:start] + text[text.index(CLAUSE) + len(CLAUSE) :])
    before = _draft(example)
    lost = avenant("rebase", "mark-opinions", "--accept", cwd=example.root)
    assert lost.returncode == 1
    assert "the clause is gone" in lost.stdout
    assert "it might belong beside:" in lost.stdout
    assert "Odile" not in lost.stdout
    assert _draft(example) == before
    place = "1=People ask Clément what it thinks"
    pointed = avenant("rebase", "mark-opinions", "--accept", "--at", place, cwd=example.root)
    assert pointed.returncode == 0, pointed.stdout + pointed.stderr
    assert "anchored by hand" in pointed.stdout
    assert "quote: People ask Clément what it thinks" in _draft(example)
    several = avenant("rebase", "say-the-odds", "--at", "1=Odile", cwd=example.root)
    assert several.returncode == 2
    assert "places" in several.stderr


@pytest.mark.parametrize("words", ["Tact", "2=Tact is welcome here", "0=x", "x=y"])
def test_a_malformed_at_is_refused(example: Workspace, words: str) -> None:
    _release(example, _edited(example))
    done = avenant("rebase", "mark-opinions", "--at", words, cwd=example.root)
    assert done.returncode == 2
    assert "N=WORDS" in done.stderr


def test_another_labs_release_and_an_unknown_one_are_refused(example: Workspace) -> None:
    document = example.root / "odile-constitution.md"
    avenant("spec", "add", str(document), "--as", "openai/2027-01-01", cwd=example.root)
    avenant("spec", "add", str(document), "--as", "atelier/2026-01-01", cwd=example.root)
    for target in ("openai/2027-01-01", "atelier/2026-01-01", "2026-01-01"):
        other = avenant("rebase", "mark-opinions", "--to", target, cwd=example.root)
        assert other.returncode == 2
        assert "no newer release" in other.stderr
        assert avenant("adopted", "mark-opinions", "--in", "atelier/2026-01-01", cwd=example.root).returncode == 2
    unknown = avenant("rebase", "mark-opinions", "--to", "atelier/2027-01-01", cwd=example.root)
    assert unknown.returncode == 2
    assert EXAMPLE_ID in unknown.stderr


def test_a_broken_draft_does_not_keep_the_others_where_they_are(example: Workspace) -> None:
    _release(example, _document(example) + "\nOne more.\n")
    path = example.root / "amendments/say-the-odds.md"
    path.write_text(path.read_text(encoding="utf-8").replace("quote:", "quote: zzz"), encoding="utf-8")
    done = avenant("rebase", cwd=example.root)
    assert done.returncode == 1
    assert "left out: amendments/say-the-odds.md" in done.stderr
    assert f"spec: {NEW_ID}" in _draft(example)


def test_anchor_shows_every_place_and_writes_the_chosen_one(example: Workspace) -> None:
    shown = avenant("anchor", "mark-opinions", "--words", "Clément may", cwd=example.root)
    assert shown.returncode == 1
    assert "1. line " in shown.stdout
    assert "2. line " in shown.stdout
    assert "Odile" not in shown.stdout
    before = _draft(example)
    chosen = avenant("anchor", "mark-opinions", "--words", "Clément may", "--choose", "2", cwd=example.root)
    assert chosen.returncode == 0, chosen.stderr
    assert _draft(example) != before
    assert (example.root / "amendments/mark-opinions.md.before-anchor").read_text(encoding="utf-8") == before
    again = avenant("anchor", "mark-opinions", cwd=example.root)
    assert "The anchor finds this place and no other." in again.stdout
    second = shown.stdout.splitlines()[2].removeprefix("2. ")
    assert again.stdout.splitlines()[0] == f"1. {second}"


def test_anchor_offers_the_nearest_clauses_for_words_that_stand_nowhere(example: Workspace) -> None:
    done = avenant("anchor", "mark-opinions", "--words", "the picture left behind is a very true one", cwd=example.root)
    assert done.returncode == 1
    assert done.stdout.startswith("These words stand nowhere; the nearest clauses:\n1. line ")
    before = _draft(example)
    elsewhere = avenant("anchor", "mark-opinions", "--in", "Hard constraints", cwd=example.root)
    assert elsewhere.returncode == 1
    assert "do not stand in that section" in elsewhere.stdout
    unknown = avenant("anchor", "mark-opinions", "--in", "No such section", cwd=example.root)
    assert unknown.returncode == 2
    assert "there is no section" in unknown.stderr
    assert _draft(example) == before
    nothing = avenant("anchor", "mark-opinions", "--words", "Xylophones quietly juggle", cwd=example.root)
    assert nothing.returncode == 2
    assert avenant("anchor", "mark-opinions", "--edit", "2", cwd=example.root).returncode == 2
    assert avenant("anchor", "mark-opinions", "--destination", cwd=example.root).returncode == 2


def test_what_takes_words_out_is_never_anchored_to_a_whole_clause(example: Workspace) -> None:
    avenant("new", "Shorter", "--spec", EXAMPLE_ID, "--replace", "Tact is welcome here", cwd=example.root)
    before = _draft(example, "shorter")
    typo = ("anchor", "shorter", "--words", "Tact is welcomed here", "--choose", "1")
    done = avenant(*typo, cwd=example.root)
    assert done.returncode == 2
    assert "takes out exactly the words that it quotes" in done.stderr
    assert _draft(example, "shorter") == before


def test_no_name_stands_in_what_is_printed_of_a_draft_that_finds_no_place(example: Workspace) -> None:
    path = example.root / "amendments/mark-opinions.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("provided that the picture left behind is a true one", "Clément may"), encoding="utf-8"
    )
    for command in ("check", "rebase", "conflicts", "diff", "anchor"):
        arguments = (command,) if command in ("rebase", "conflicts") else (command, "mark-opinions")
        done = avenant(*arguments, cwd=example.root)
        assert "Odile" not in done.stdout + done.stderr, command
        assert done.returncode in (0, 1, 2)


def test_adopted_finds_the_passage_word_for_word_and_leaves_the_status_alone(example: Workspace) -> None:
    amended = avenant("apply", "mark-opinions", "--for-lab", "--out", "-", cwd=example.root).stdout
    _release(example, amended)
    before = _draft(example)
    done = avenant("adopted", "mark-opinions", cwd=example.root)
    assert done.returncode == 0, done.stderr
    assert "taken word for word" in done.stdout
    assert _draft(example) == before
    row = json.loads(avenant("adopted", "mark-opinions", "--json", cwd=example.root).stdout)
    assert (row["uptake"], row["release"]) == ("word-for-word", NEW_ID)
    agreed = avenant("adopted", "mark-opinions", "--set-status", cwd=example.root)
    assert agreed.returncode == 0
    assert _draft(example) == before.replace("status: draft", "status: adopted")


def test_adopted_says_when_nothing_was_found_and_when_there_is_no_newer_release(example: Workspace) -> None:
    none = avenant("adopted", "mark-opinions", cwd=example.root)
    assert none.returncode == 2
    assert "no release newer" in none.stderr
    _release(example, _document(example) + "\nThe building closes at noon on market days.\n")
    done = avenant("adopted", "mark-opinions", cwd=example.root)
    assert done.returncode == 1
    assert "not found" in done.stdout
    before = _draft(example)
    assert avenant("adopted", "mark-opinions", "--set-status", cwd=example.root).returncode == 1
    assert _draft(example) == before


def test_new_anchors_every_kind_of_edit(example: Workspace) -> None:
    for option, words, action in (
        ("--before", "Tact is welcome here", "insert-before"),
        ("--replace", "Tact is welcome here", "replace"),
        ("--delete", "Tact is welcome here", "delete"),
        ("--append-to", "Giving an opinion", "append-to-section"),
    ):
        done = avenant("new", f"By {action}", "--spec", EXAMPLE_ID, option, words, cwd=example.root)
        assert done.returncode == 0, done.stderr
        assert f"- {action}:" in _draft(example, f"by-{action}")
    neither = avenant("new", "Nowhere", "--spec", EXAMPLE_ID, cwd=example.root)
    assert neither.returncode == 2
    assert "--append-to" in neither.stderr


def test_the_drafts_file_is_the_only_one_that_changes(example: Workspace, tmp_path: Path) -> None:
    _release(example, "A new line before all.\n\n" + _document(example))
    before = {path: path.read_bytes() for path in example.root.rglob("*") if path.is_file()}
    avenant("rebase", "mark-opinions", cwd=example.root)
    changed = {path.name for path, raw in before.items() if path.read_bytes() != raw}
    assert changed == {"mark-opinions.md"}
