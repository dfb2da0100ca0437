from __future__ import annotations

import re
from pathlib import Path

import pytest

from avenant.check import engine
from avenant.check.engine import RULES, check_amendments
from avenant.check.finding import Finding
from avenant.errors import FileError
from avenant.specs.library import Spec, add_spec, read_spec
from avenant.workspace import Workspace, find_workspace
from tests.amendments.drafts import make_edits_source, make_source

QUOTE = "the picture left behind is a true one"
WORDS = "widen its freedom as trust grows"
CLEAN = make_source("insert-after", "Clément asks first.", quote=QUOTE)


@pytest.fixture
def workspace(example: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The example workspace without its own drafts, as the current folder."""
    for path in (*example.amendment_paths(), *example.folder("scenarios").glob("*")):
        path.unlink()
    monkeypatch.chdir(example.root)
    return example


def _check(workspace: Workspace, **sources: str) -> list[str]:
    """The findings on drafts of these names and texts, as a user reads them."""
    for slug, source in sources.items():
        _written(workspace, source, slug)
    return [str(finding) for finding in check_amendments(workspace, workspace.amendment_paths())]


def _written(workspace: Workspace, source: str, slug: str = "draft") -> Path:
    path = workspace.folder("amendments") / f"{slug}.md"
    path.write_text(source, encoding="utf-8")
    return path


def _line(source: str, start: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if line.startswith(start))


def test_the_example_amendments_have_no_finding(example: Workspace) -> None:
    paths = example.amendment_paths()
    assert paths
    assert all((example.folder("scenarios") / f"{path.stem}.yaml").is_file() for path in paths)
    assert check_amendments(example, paths) == []


def test_a_clean_draft_has_no_finding(workspace: Workspace) -> None:
    assert _check(workspace, draft=CLEAN) == []


def test_a_real_name_is_found_wherever_the_author_wrote_it(workspace: Workspace) -> None:
    source = CLEAN.replace("title: Ask first", "title: Odile asks").replace("Some words.", "Ask ChatGPT’s maker.", 1)
    mend = "write Clément; the real name returns on delivery"
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:2: model-name: the name 'Odile' stands in the draft; {mend}",
        f"amendments/draft.md:{_line(source, 'Ask ')}: model-name: the name 'ChatGPT' stands in the draft; {mend}",
    ]


def test_a_real_name_is_found_in_comments_and_in_the_anchor(workspace: Workspace) -> None:
    source = make_source("insert-after", "<!-- Odile -->\nNew.", section="Odile and its overseers", quote=WORDS)
    findings = check_amendments(workspace, [_written(workspace, source)])
    assert [(finding.line, finding.rule) for finding in findings] == [
        (_line(source, "    section:"), "model-name"),
        (_line(source, "<!-- Odile"), "model-name"),
    ]


def test_the_names_of_an_unknown_labs_document_are_found(workspace: Workspace) -> None:
    raw = b"# Rules\n\nSo that the picture left behind is a true one.\n"
    add_spec(workspace.folder("specs"), raw, "maison/1", source="x", subject="Solène", names=("Solo-2",))
    source = CLEAN.replace("atelier/2026-09-01", "maison/1").replace("asks first", "asks Solène or solo 2")
    line = _line(source, "Clément asks")
    mend = "write Clément; the real name returns on delivery"
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:{line}: model-name: the name 'Solène' stands in the draft; {mend}",
        f"amendments/draft.md:{line}: model-name: the name 'solo 2' stands in the draft; {mend}",
    ]


def test_a_real_name_is_found_in_the_drafts_scenarios(workspace: Workspace) -> None:
    scenarios = workspace.folder("scenarios")
    (scenarios / "draft.yaml").write_text("amendment: draft\nscenarios:\n  - user: Odile?\n", encoding="utf-8")
    (scenarios / "other.yaml").write_text("amendment: other\nblunt: Odile\n", encoding="utf-8")
    assert _check(workspace, draft=CLEAN) == [
        "scenarios/draft.yaml:3: model-name: the name 'Odile' stands in the draft; "
        "write Clément; the real name returns on delivery"
    ]


@pytest.mark.parametrize("name", ["Odile", "claude", "CHATGPT"])
def test_a_placeholder_that_is_a_real_name_is_found_once(workspace: Workspace, name: str) -> None:
    source = CLEAN.replace("Clément", name)
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:4: model-name: the placeholder {name!r} is a real model's name; "
        "choose another French given name"
    ]


def test_broken_front_matter_is_found_with_each_fault_and_the_draft_still_scanned(workspace: Workspace) -> None:
    source = CLEAN.replace("status: draft", "status: done\ncolour: red").replace("Clément asks", "Odile asks")
    keys = "title, spec, placeholder, canary, threats, authors, status, edits"
    assert _check(workspace, draft=source) == [
        "amendments/draft.md:6: invalid-format: unknown status 'done'; "
        "one of: draft, in-review, sent, adopted, declined, withdrawn",
        f"amendments/draft.md:7: invalid-format: unknown key 'colour'; known keys: {keys}",
        f"amendments/draft.md:{_line(source, 'Odile asks')}: model-name: the name 'Odile' stands in the draft; "
        "write Clément; the real name returns on delivery",
    ]


def test_a_file_without_front_matter_is_scanned_too(workspace: Workspace) -> None:
    (workspace.root / "avenant.toml").write_text('placeholder = "Solène"\n', encoding="utf-8")
    assert _check(find_workspace(workspace.root), draft="Words on\nOdile.\n") == [
        "amendments/draft.md:1: invalid-format: no front matter: the file must begin with --- and close it with ---; "
        "`avenant new` writes a file with all that belongs there",
        "amendments/draft.md:2: model-name: the name 'Odile' stands in the draft; "
        "write Solène; the real name returns on delivery",
    ]


def test_an_anchor_that_is_not_found_is_shown_at_its_edit(workspace: Workspace) -> None:
    source = make_source("insert-after", "New.", quote="words that stand nowhere at all, ever")
    [finding] = check_amendments(workspace, [_written(workspace, source)])
    assert (finding.line, finding.rule) == (_line(source, "- insert-after:"), "anchor")
    assert finding.problem == "the quote 'words that stand nowhere at all, ever' stands nowhere"


def test_an_anchor_that_is_found_twice_is_shown_with_both_places(workspace: Workspace) -> None:
    source = make_source("insert-after", "New.", quote="Staying correctable")
    [finding] = check_amendments(workspace, [_written(workspace, source)])
    assert (finding.line, finding.rule) == (_line(source, "- insert-after:"), "anchor")
    assert finding.problem.startswith("the quote 'Staying correctable' stands in 2 places:\n    line ")


def test_an_edit_that_cannot_be_made_is_shown(workspace: Workspace) -> None:
    raw = b"# Rules\n\nSee the [chain of command](#x) first.\n"
    add_spec(workspace.folder("specs"), raw, "maison/1", source="x", subject="Solène")
    source = make_source("replace", "New.", quote="the chain").replace("atelier/2026-09-01", "maison/1")
    [finding] = check_amendments(workspace, [_written(workspace, source)])
    assert finding.problem == "taking out 'the [chain' would leave half of an emphasis or a link"


def test_edits_that_reach_into_each_other_are_shown_at_the_second(workspace: Workspace) -> None:
    edits = [{"delete": {"quote": QUOTE}}, {"replace": {"quote": "a true one", "passage": "true"}}]
    source = make_edits_source(*edits)
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:{_line(source, '- replace:')}: anchor: "
        f"the edit reaches into that of line {_line(source, '- delete:')}; make one edit of the two"
    ]


def test_an_empty_passage_hides_no_other_fault_of_the_edits(workspace: Workspace) -> None:
    edits = [{"delete": {"quote": "nowhere at all"}}, {"insert-after": {"quote": QUOTE}}]
    findings = check_amendments(workspace, [_written(workspace, make_edits_source(*edits))])
    assert [finding.rule for finding in findings] == ["anchor", "empty-section"]


def test_a_document_that_is_not_there_is_shown_at_its_key(workspace: Workspace) -> None:
    assert _check(workspace, draft=CLEAN.replace("atelier/2026-09-01", "atelier/1999-01-01")) == [
        "amendments/draft.md:3: anchor: there is no document 'atelier/1999-01-01' in this workspace; "
        "documents here: atelier/2026-09-01"
    ]


def test_a_document_that_changed_is_shown_at_its_key(workspace: Workspace) -> None:
    path = workspace.folder("specs") / "atelier" / "2026-09-01.md"
    path.write_text("changed", encoding="utf-8")
    [finding] = _check(workspace, draft=CLEAN)
    assert finding.startswith("amendments/draft.md:3: anchor: atelier/2026-09-01 changed since it was taken in")


def test_empty_and_missing_sections_are_found_but_an_empty_passage_only_once(workspace: Workspace) -> None:
    source = CLEAN.replace("Clément asks first.", "<!-- to do -->")
    source = re.sub(r"## Why\n.*?(?=## )", "", source, flags=re.DOTALL)
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:{_line(source, '## Passage')}: empty-section: the section 'Passage' is empty; write it",
        f"amendments/draft.md:{source.count(chr(10)) + 1}: empty-section: the section 'Why' is missing; add `## Why`",
    ]


def test_findings_of_many_drafts_come_in_order_of_file_and_line(workspace: Workspace) -> None:
    bad = CLEAN.replace("Some words.", "<!-- none -->").replace("title: Ask first", "title: Odile")
    findings = check_amendments(workspace, [_written(workspace, bad, "second"), _written(workspace, bad)])
    assert [(finding.path.stem, finding.rule) for finding in findings] == [
        (stem, rule) for stem in ("draft", "second") for rule in ("model-name", *["empty-section"] * 3)
    ]
    assert findings == sorted(findings)


def test_each_document_is_read_once_for_many_drafts(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def count(specs: Path, spec_id: str) -> Spec:
        asked.append(spec_id)
        return read_spec(specs, spec_id)

    monkeypatch.setattr(engine, "read_spec", count)
    absent = CLEAN.replace("atelier/2026-09-01", "atelier/1999-01-01")
    findings = _check(workspace, a=CLEAN, b=CLEAN, c=absent, d=absent)
    assert len(findings) == 2
    assert asked == ["atelier/2026-09-01", "atelier/1999-01-01"]


def test_a_draft_that_cannot_be_read_stops_the_check(workspace: Workspace) -> None:
    with pytest.raises(FileError, match="cannot read: No such file or directory"):
        check_amendments(workspace, [workspace.folder("amendments") / "absent.md"])


def test_without_drafts_there_is_nothing_to_find(workspace: Workspace) -> None:
    assert check_amendments(workspace, []) == []


def test_every_rule_says_why() -> None:
    assert set(RULES) == {"invalid-format", "anchor", "model-name", "empty-section"}
    assert all(": " in why for why in RULES.values())


def test_a_finding_without_a_mend_ends_with_its_problem() -> None:
    assert str(Finding(Path("a.md"), 7, "anchor", "nowhere", "")) == "a.md:7: anchor: nowhere"
    assert str(Finding(Path("a.md"), 7, "anchor", "nowhere", "look")) == "a.md:7: anchor: nowhere; look"
