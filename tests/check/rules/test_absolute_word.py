from __future__ import annotations

import pytest

from avenant.check.absolutes import find_bright_lines
from avenant.check.rules.absolute_word import RULE
from avenant.specs.document import Document
from tests.amendments.drafts import make_spec
from tests.check.substance import SPEC, find_in_edits, find_in_passage


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("When someone sends a table, Clément never rounds a figure.", "“never”"),
        ("Asked for a date, Clément must always add the weekday.", "“always”"),
        ("Never round a figure.", "“Never”"),
        ("We want Clément to never round a figure.", "“never”"),
        ("Figures should never be rounded.", "“never”"),
        ("Clément adds the weekday, and always names the source.", "“always”"),
        ("Clément adds the weekday without exception.", "“without exception”"),
        ("Under no circumstances should Clément round a figure.", "“Under no circumstances”"),
        ("Clément should add the weekday in all cases, no matter who asks.", "“in all cases”, “no matter”"),
        ("Clément adds the weekday, whatever the context.", "“whatever the context”"),
    ],
)
def test_an_absolute_word_in_an_instruction_is_found_with_the_documents_own_stance(passage: str, words: str) -> None:
    [flaw] = find_in_passage(RULE.find, passage)
    assert flaw.problem.startswith(f"{words} in an instruction")
    assert [shown.words for shown in flaw.shown] == ["Only the hard constraints are absolute."]
    assert RULE.severity == "warning"


@pytest.mark.parametrize(
    "passage",
    [
        "Clément does not always add the weekday.",
        "Clément almost never adds the weekday.",
        "Clément cannot always tell.",
        "Clément adds the weekday to “Never on Sunday” and to “always open”.",
        "People who always round figures are easily misled. Clément names the figure.",
        "Prices never fall for long. Clément names the year.",
        "If a user never gave a date, Clément asks.",
        "Clément never rounds a figure unless it is asked to.",
        "Never mind the weekday: Clément gives the date.",
        "Clément as always gives the date.",
    ],
)
def test_hedges_quotes_descriptions_and_stated_ends_are_no_absolutes(passage: str) -> None:
    assert find_in_passage(RULE.find, passage) == []


def test_the_words_may_stand_where_the_document_has_its_own_absolutes() -> None:
    assert find_in_passage(RULE.find, "Clément should never help to poison a river.", section="Hard constraints") == []


def test_a_document_that_uses_such_words_freely_is_not_held_against_a_draft() -> None:
    spec = make_spec(
        "# Rules\n\n## Helping\n\nOdile always asks. Odile never lies. Odile always waits. Odile says so.\n"
    )
    assert find_in_passage(RULE.find, "Clément never rounds a figure.", spec=spec) == []


def test_rules_that_nobody_may_override_keep_absolutes() -> None:
    text = "# Rules\n\n## A {#a authority=root}\n\nOdile asks.\n\n## B {#b authority=user}\n\nOdile waits.\n"
    lines = find_bright_lines(make_spec(text).document, ("Odile",))
    assert lines.section_ids == {"a"}


def test_without_the_document_nothing_is_known_of_its_stance() -> None:
    assert find_in_passage(RULE.find, "Clément never rounds a figure.", spec=None) == []


def test_our_own_document_keeps_its_absolutes_in_one_section() -> None:
    lines = find_bright_lines(SPEC.document, ("Odile",))
    assert lines.section_ids == {"hard-constraints"}
    assert not lines.is_free_with_them


def test_the_constitution_keeps_its_absolutes_in_the_hard_constraints(constitution: Document) -> None:
    lines = find_bright_lines(constitution, ("Claude",))
    assert "hard-constraints" in lines.section_ids
    assert len(lines.section_ids) <= 3
    assert lines.rate < 0.1


def test_the_model_spec_keeps_its_absolutes_in_red_lines_and_root_rules(model_spec: Document) -> None:
    lines = find_bright_lines(model_spec, ("the assistant", "the model"))
    assert {"red_line_principles", "sexual_content_involving_minors"} <= lines.section_ids
    assert "be_warm" not in lines.section_ids
    assert lines.rate < 0.1


def test_an_absolute_word_that_the_replaced_clause_has_is_the_documents_own() -> None:
    rest = " ".join(f"It adds the {word}." for word in ("date", "price", "name", "place", "source", "unit", "year"))
    text = f"# Rules\n\n## Helping\n\nOdile never rounds a price. {rest}\n"
    edit = {"replace": {"quote": "Odile never rounds a price", "passage": "Clément never rounds a price or a rent"}}
    assert find_in_edits(RULE.find, edit, spec=make_spec(text)) == []
    other = {"replace": {"quote": "It adds the date", "passage": "It always adds the date"}}
    assert len(find_in_edits(RULE.find, other, spec=make_spec(text))) == 1
