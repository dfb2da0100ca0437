from __future__ import annotations

import re
from pathlib import Path

import pytest

from avenant.check import engine
from avenant.check.engine import check_amendments, find_orphans
from avenant.check.finding import Finding
from avenant.check.registry import RULES
from avenant.check.rule import Rule
from avenant.errors import FileError, FormatError
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
    """The errors in drafts of these names and texts, as a user reads them."""
    for slug, source in sources.items():
        _written(workspace, source, slug)
    return [str(finding) for finding in _errors(workspace, workspace.amendment_paths())]


def _errors(workspace: Workspace, paths: list[Path]) -> list[Finding]:
    return [one for one in check_amendments(workspace, paths).findings if one.severity == "error"]


def _written(workspace: Workspace, source: str, slug: str = "draft") -> Path:
    path = workspace.folder("amendments") / f"{slug}.md"
    path.write_text(source, encoding="utf-8")
    return path


def _line(source: str, start: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if line.startswith(start))


def test_the_example_amendments_have_neither_error_nor_warning(example: Workspace) -> None:
    paths = example.amendment_paths()
    assert paths
    assert all((example.folder("scenarios") / f"{path.stem}.yaml").is_file() for path in paths)
    check = check_amendments(example, paths)
    assert not check.is_failing
    assert {finding.rule for finding in check.findings} <= {"none-held-out"}


def test_a_clean_draft_has_no_finding(workspace: Workspace) -> None:
    assert _check(workspace, draft=CLEAN) == []


def test_a_real_name_is_found_wherever_the_author_wrote_it(workspace: Workspace) -> None:
    source = CLEAN.replace("title: Ask first", "title: Odile asks").replace("Some words.", "Ask ChatGPT’s maker.", 1)
    mend = "write Clément; the real name returns on delivery"
    assert _check(workspace, draft=source) == [
        f"amendments/draft.md:2: model-name: a model's real name stands here (O····); {mend}",
        f"amendments/draft.md:{_line(source, 'Ask ')}: model-name: a model's real name stands here (C······); {mend}",
    ]


def test_a_real_name_is_found_in_comments_and_in_the_anchor(workspace: Workspace) -> None:
    source = make_source("insert-after", "<!-- Odile -->\nNew.", section="Odile and its overseers", quote=WORDS)
    findings = _errors(workspace, [_written(workspace, source)])
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
        f"amendments/draft.md:{line}: model-name: a model's real name stands here (S·····); {mend}",
        f"amendments/draft.md:{line}: model-name: a model's real name stands here (s·····); {mend}",
    ]


def test_a_real_name_is_found_in_the_drafts_scenarios(workspace: Workspace) -> None:
    scenarios = workspace.folder("scenarios")
    scenario = "{id: a, family: f, battery: target, messages: [user: 'Odile?'], rubric: r}"
    (scenarios / "draft.yaml").write_text(f"amendment: draft\nscenarios:\n  - {scenario}\n", encoding="utf-8")
    (scenarios / "other.yaml").write_text("amendment: other\nblunt: Odile\n", encoding="utf-8")
    assert _check(workspace, draft=CLEAN) == [
        "scenarios/draft.yaml:3: model-name: a model's real name stands here (O····); "
        "write Clément; the real name returns on delivery"
    ]


def test_broken_front_matter_is_found_with_each_fault_and_the_draft_still_scanned(workspace: Workspace) -> None:
    source = CLEAN.replace("status: draft", "status: done\ncolour: red").replace("Clément asks", "Odile asks")
    keys = "title, spec, placeholder, canary, threats, authors, status, edits"
    assert _check(workspace, draft=source) == [
        "amendments/draft.md:6: invalid-format: unknown status 'done'; "
        "one of: draft, in-review, sent, adopted, declined, withdrawn",
        f"amendments/draft.md:7: invalid-format: unknown key 'colour'; known keys: {keys}",
        f"amendments/draft.md:{_line(source, 'Odile asks')}: model-name: a model's real name stands here (O····); "
        "write Clément; the real name returns on delivery",
    ]


def test_a_file_without_front_matter_is_scanned_too(workspace: Workspace) -> None:
    (workspace.root / "avenant.toml").write_text('placeholder = "Solène"\n', encoding="utf-8")
    assert _check(find_workspace(workspace.root), draft="Words on\nOdile.\n") == [
        "amendments/draft.md:1: invalid-format: no front matter: the file must begin with --- and close it with ---; "
        "`avenant new` writes a file with all that belongs there",
        "amendments/draft.md:2: model-name: a model's real name stands here (O····); "
        "write Solène; the real name returns on delivery",
    ]


def test_an_anchor_that_is_not_found_is_shown_at_its_edit(workspace: Workspace) -> None:
    source = make_source("insert-after", "New.", quote="words that stand nowhere at all, ever")
    [finding] = _errors(workspace, [_written(workspace, source)])
    assert (finding.line, finding.rule) == (_line(source, "- insert-after:"), "anchor")
    assert finding.problem == "the quote 'words that stand nowhere at all, ever' stands nowhere"


def test_an_anchor_that_is_found_twice_is_shown_with_both_places(workspace: Workspace) -> None:
    source = make_source("insert-after", "New.", quote="Staying correctable")
    [finding] = _errors(workspace, [_written(workspace, source)])
    assert (finding.line, finding.rule) == (_line(source, "- insert-after:"), "anchor")
    assert finding.problem.startswith("the quote 'Staying correctable' stands in 2 places:\n    line ")


def test_an_edit_that_cannot_be_made_is_shown(workspace: Workspace) -> None:
    raw = b"# Rules\n\nSee the [chain of command](#x) first.\n"
    add_spec(workspace.folder("specs"), raw, "maison/1", source="x", subject="Solène")
    source = make_source("replace", "New.", quote="the chain").replace("atelier/2026-09-01", "maison/1")
    [finding] = _errors(workspace, [_written(workspace, source)])
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
    findings = _errors(workspace, [_written(workspace, make_edits_source(*edits))])
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
    findings = _errors(workspace, [_written(workspace, bad, "second"), _written(workspace, bad)])
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
    assert check_amendments(workspace, []).findings == ()


def test_every_rule_has_an_id_of_its_own_and_says_why_in_one_line() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(rule.why and "\n" not in rule.why for rule in RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.find or rule.find_in_text], ids=lambda rule: rule.id)
def test_a_rules_module_is_named_for_it_and_its_page_says_what_to_write_instead(rule: Rule) -> None:
    function = rule.find or rule.find_in_text
    assert function is not None
    assert function.__module__ == f"avenant.check.rules.{rule.id.replace('-', '_')}"
    assert rule.page.startswith(f"{rule.id}: ")
    assert "Example:" in rule.page
    assert "Instead:" in rule.page


def test_a_finding_is_turned_off_for_its_place_with_a_reason(workspace: Workspace) -> None:
    comment = "<!-- avenant: off empty-section: it says all that there is to say -->\n"
    source = CLEAN.replace("Clément asks first.", "").replace("## Passage", f"{comment}## Passage")
    check = check_amendments(workspace, [_written(workspace, source)])
    assert "empty-section" not in {finding.rule for finding in check.findings}
    assert [finding.rule for finding in check.turned_off if finding.severity == "error"] == ["empty-section"]


def test_without_a_reason_nothing_is_turned_off(workspace: Workspace) -> None:
    source = CLEAN.replace("Clément asks first.", "").replace(
        "## Passage", "<!-- avenant: off empty-section -->\n## Passage"
    )
    rules = [one.rule for one in check_amendments(workspace, [_written(workspace, source)]).findings if one.is_failing]
    assert rules[:2] == ["bad-switch", "empty-section"]


def test_a_rule_is_turned_off_for_the_workspace_with_a_reason(workspace: Workspace) -> None:
    config = workspace.root / "avenant.toml"
    config.write_text('[check.off]\nempty-section = "we fill them last"\n', encoding="utf-8")
    check = check_amendments(find_workspace(workspace.root), [_written(workspace, CLEAN.replace("Some words.", ""))])
    assert "empty-section" not in {finding.rule for finding in check.findings}
    assert "empty-section" in {finding.rule for finding in check.turned_off}


def test_settings_that_turn_off_a_rule_that_there_is_not_are_refused(workspace: Workspace) -> None:
    config = workspace.root / "avenant.toml"
    config.write_text('[check.off]\nemtpy-section = "we fill them last"\n', encoding="utf-8")
    with pytest.raises(FormatError, match="there is no rule 'emtpy-section' to turn off"):
        check_amendments(find_workspace(workspace.root), [])


def test_names_of_the_settings_are_found_too(workspace: Workspace) -> None:
    (workspace.root / "avenant.toml").write_text('[check]\nnames = ["Solène-7"]\n', encoding="utf-8")
    found = find_workspace(workspace.root)
    assert "model-name" in _check(found, draft=CLEAN.replace("asks first", "asks Solène 7"))[0]


def test_a_scenario_file_that_cannot_be_read_is_found_with_each_fault(workspace: Workspace) -> None:
    scenarios = workspace.folder("scenarios") / "draft.yaml"
    scenarios.write_text("colour: red\nscenarios:\n  - id: one\n    family: f\n    battery: far\n", encoding="utf-8")
    found = _check(workspace, draft=CLEAN)
    assert [finding.split(":")[:3] for finding in found] == [
        ["scenarios/draft.yaml", line, " invalid-format"] for line in ("1", "3", "3")
    ]


def test_a_scenario_file_without_a_draft_is_checked_by_itself(workspace: Workspace) -> None:
    orphan = workspace.folder("scenarios") / "orphan.yaml"
    orphan.write_text("scenarios: Odile\n", encoding="utf-8")
    assert list(find_orphans(workspace)) == [orphan]
    assert [(one.line, one.rule) for one in _errors(workspace, [orphan])] == [(1, "invalid-format"), (1, "model-name")]


def test_packed_scenarios_belong_to_the_draft_of_the_file_beside_them(workspace: Workspace) -> None:
    packed = workspace.folder("scenarios") / "draft.held-out.yaml"
    packed.write_text("scenarios: []\n", encoding="utf-8")
    (workspace.folder("amendments") / "draft.md").write_text(CLEAN, encoding="utf-8")
    assert list(find_orphans(workspace)) == []
    (workspace.folder("amendments") / "draft.md").unlink()
    assert list(find_orphans(workspace)) == [packed]


@pytest.mark.parametrize(("status", "is_found"), [("draft", True), ("sent", True), ("adopted", False)])
def test_a_draft_to_an_older_release_is_found_while_it_is_undecided(
    workspace: Workspace, status: str, is_found: bool
) -> None:
    raw = (workspace.folder("specs") / "atelier/2026-09-01.md").read_bytes()
    add_spec(workspace.folder("specs"), raw + b"\nMore.\n", "atelier/2026-12-01", source="x")
    path = _written(workspace, CLEAN.replace("status: draft", f"status: {status}"))
    [finding] = [one for one in check_amendments(workspace, [path]).findings if one.rule == "stale-release"] or [None]
    assert (finding is not None) == is_found
    if finding:
        assert str(finding) == (
            "amendments/draft.md:3: stale-release: atelier/2026-09-01 is not the newest release: "
            "atelier/2026-12-01 is here; avenant rebase draft"
        )


def test_a_finding_without_a_mend_ends_with_its_problem() -> None:
    assert str(Finding(Path("a.md"), 7, "anchor", "nowhere", "")) == "a.md:7: anchor: nowhere"
    assert str(Finding(Path("a.md"), 7, "anchor", "nowhere", "look")) == "a.md:7: anchor: nowhere; look"
