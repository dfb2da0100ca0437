from __future__ import annotations

import time
from dataclasses import replace

import pytest

from avenant.check import style as module
from avenant.check.engine import check_amendments
from avenant.check.fix import mend_amendments
from avenant.check.habits import Habit, chance_of, count_habits
from avenant.check.registry import RULES
from avenant.check.style import learn_style
from avenant.specs.document import Document
from avenant.specs.library import add_spec
from avenant.specs.parse import parse_document
from avenant.text import replace_name
from avenant.workspace import Workspace, init_workspace
from tests.amendments.drafts import make_source
from tests.check.form_documents import CURLY, draft_to, flaws_of

FORM = (
    "other-person",
    "other-mood",
    "typography",
    "slight-typography",
    "other-spelling",
    "defined-term",
    "too-long",
    "heading-level",
    "heading-form",
    "duplicate-id",
    "authority-level",
    "missing-authority",
    "authority-claim",
    "unstated-authority",
    "broken-reference",
    "dangling-reference",
)
FORM_RULES = [rule for rule in RULES if rule.id in FORM]


def test_all_rules_of_form_are_registered() -> None:
    assert sorted(rule.id for rule in FORM_RULES) == sorted(FORM)


@pytest.mark.parametrize("rule", FORM_RULES, ids=lambda rule: rule.id)
def test_a_draft_to_an_unknown_document_has_no_finding_that_needs_one(rule) -> None:  # type: ignore[no-untyped-def]
    draft = replace(draft_to(CURLY, "Clément should ask.\n\n## More\n\n* one\n* two"), spec=None)
    assert flaws_of(rule, draft) == []


def test_a_document_is_learned_from_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Document] = []
    learned = module.learn_typography
    monkeypatch.setattr(module, "learn_typography", lambda text: calls.append(text.document) or learned(text))
    learn_style.cache_clear()
    for number in range(20):
        draft = draft_to(CURLY, f"Clément should ask {number} times.")
        assert draft.style is not None
    assert len(calls) == 1


def test_a_habit_needs_cases_and_breaks_in_most_of_the_passages() -> None:
    habit = count_habits([("dashes", "—", number) for number in range(40)])["dashes"]
    few = count_habits([("dashes", "—", number) for number in range(5)])["dashes"]

    def written(*forms: str) -> Habit:
        return count_habits([("dashes", form, 0) for form in forms])["dashes"]

    assert habit.breach_by("--", written("--")) == "clear"
    assert habit.breach_by("--", written("--", "—")) is None
    assert habit.breach_by("--", written("--", " - ")) == "clear"
    assert few.breach_by("--", written("--")) is None


def test_the_chance_is_that_of_the_binomial_distribution() -> None:
    assert chance_of(0, 10, 0.1) == 1
    assert chance_of(1, 10, 0.1) == pytest.approx(1 - 0.9**10)
    assert chance_of(2, 10, 0.1) == pytest.approx(1 - 0.9**10 - 10 * 0.1 * 0.9**9)
    assert chance_of(10, 10, 0.1) == pytest.approx(0.1**10)
    assert chance_of(300, 500, 0.5) < 1e-4


def test_the_example_drafts_have_no_finding_of_form(example: Workspace) -> None:
    paths = sorted(example.folder("amendments").glob("*.md"))
    assert len(paths) == 3
    assert [str(one) for one in check_amendments(example, paths).findings if one.rule in FORM] == []


def test_a_draft_full_of_faults_is_mended_in_one_go(tmp_path) -> None:  # type: ignore[no-untyped-def]
    workspace = init_workspace(tmp_path)
    add_spec(workspace.folder("specs"), CURLY.encode(), "atelier/2026-09-01", source="rules.md")
    passage = (
        'Clément should keep to "its own" people\'s behaviour -- and say "no". It should keep the Hard Constraints.\n\n'
        "- the _first_ wish;\n- the owner's last one."
    )
    path = workspace.folder("amendments") / "ask-first.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(make_source("append-to-section", passage, section="Ends"), encoding="utf-8")
    mended = mend_amendments(workspace, [path])
    assert [str(one) for one in mended.check.findings if one.rule in FORM] == []
    wanted = (
        "Clément should keep to “its own” people’s behavior—and say “no”. It should keep the hard constraints.\n\n"
        "* the *first* wish;\n* the owner’s last one."
    )
    assert f"\n{wanted}\n" in mended.texts[path]


@pytest.mark.parametrize("lab", ["anthropic", "openai"])
def test_a_labs_own_paragraph_fits_its_document(lab: str, constitution: Document, model_spec: Document) -> None:
    document, subject = {"anthropic": (constitution, "Claude"), "openai": (model_spec, "the assistant")}[lab]
    failing = 0
    chosen = [one for one in document.clauses if one.kind == "paragraph" and not one.is_example][20:200:6]
    for clause in chosen:
        text = document.slice(clause.span).strip()
        for name in (subject, subject[0].upper() + subject[1:]):
            text = replace_name(text, name, "Clément")
        level = document.authority_of(document.section(clause.section_id))
        keys = {"section": clause.section_id} | ({"authority": level} if level else {})
        draft = draft_to(document.text, text, subject=subject, edit={"append-to-section": keys})
        failing += any(flaws_of(rule, draft) for rule in FORM_RULES if rule.severity != "note")
    assert len(chosen) == 30
    assert failing <= 1


def test_a_thousand_drafts_cost_little_more_than_one(constitution: Document) -> None:
    learn_style(constitution, "Claude")
    passage = "Clément should ask the person first, and say why it asks—once, and in plain words. " * 3
    draft = draft_to(constitution.text, passage, subject="Claude", edit={"append-to-section": {"section": "Overview"}})
    for rule in FORM_RULES:
        flaws_of(rule, draft)
    started = time.perf_counter()
    for _ in range(20):
        for rule in FORM_RULES:
            flaws_of(rule, replace(draft))
    assert (time.perf_counter() - started) / 20 < 0.1


def test_documents_without_anything_to_learn_from_are_let_pass() -> None:
    for text in ("Odile asks.", "# Rules", "---\n", "~~~\ncode\n~~~"):
        known = learn_style(parse_document(text, "a/b"), "Odile")
        assert known.levels.names == ()
        assert not known.headings.has_ids
