from __future__ import annotations

from pathlib import Path

import pytest

from avenant.check import engine
from avenant.check.draft import Draft, TextFile
from avenant.check.finding import Fix, Flaw
from avenant.check.fix import mend_amendments
from avenant.check.rule import Rule
from avenant.workspace import Workspace
from tests.amendments.drafts import make_source

QUOTE = "the picture left behind is a true one"
SOURCE = make_source("insert-after", "Clément asks first.", quote=QUOTE)


@pytest.fixture
def draft(example: Workspace) -> Path:
    """A draft by itself in the example workspace."""
    for path in (*example.amendment_paths(), *example.folder("scenarios").glob("*")):
        path.unlink()
    path = example.folder("amendments") / "draft.md"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def _only(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    kept = tuple(rule for rule in engine.RULES if rule.id == "anchor")
    monkeypatch.setattr(engine, "RULES", (*kept, *rules))


def _replacing(old: str, new: str) -> Rule:
    """A rule that wants other words."""

    def find(file: TextFile) -> list[Flaw]:
        at = file.source.find(old)
        return [Flaw(file.path, 1, f"{old!r} stands here", "", Fix(at, at + len(old), new))] if at >= 0 else []

    return Rule("wording", "warning", "why", find_in_text=find, is_fixable=True)


def test_a_mend_changes_its_place_alone_and_nothing_is_written(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, _replacing("asks first", "asks again"))
    mended = mend_amendments(example, [draft])
    assert mended.texts == {draft: SOURCE.replace("asks first", "asks again")}
    assert [finding.problem for finding in mended.findings] == ["'asks first' stands here"]
    assert mended.check.findings == ()
    assert draft.read_text(encoding="utf-8") == SOURCE


def test_a_mend_that_uncovers_another_is_followed(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, _replacing("asks first", "says so"), _replacing("says so", "waits"))
    assert mend_amendments(example, [draft]).texts == {draft: SOURCE.replace("asks first", "waits")}


def test_mends_that_never_end_are_stopped(example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, _replacing("first", "first of"))
    mended = mend_amendments(example, [draft])
    assert mended.check.findings
    assert mended.texts[draft].count("of") < 30


def test_mends_that_would_break_the_anchor_are_dropped(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, _replacing("left behind", "gone"))
    mended = mend_amendments(example, [draft])
    assert mended.texts == {}
    assert [finding.problem for finding in mended.check.findings] == ["'left behind' stands here"]


def test_of_two_mends_in_one_place_one_is_made_at_a_time(
    example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, _replacing("asks first", "asks"), _replacing("first.", "last."))
    assert mend_amendments(example, [draft]).texts == {draft: SOURCE.replace("asks first.", "asks.")}


def test_a_flaw_without_a_mend_stays(example: Workspace, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(draft: Draft) -> list[Flaw]:
        return [Flaw(draft.path, 1, "no", "think")]

    _only(monkeypatch, Rule("thought", "warning", "why", find))
    mended = mend_amendments(example, [draft])
    assert (mended.texts, mended.findings) == ({}, ())
    assert [finding.rule for finding in mended.check.findings] == ["thought"]
