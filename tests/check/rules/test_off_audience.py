from __future__ import annotations

import pytest

from avenant.check.rules.off_audience import RULE
from tests.amendments.drafts import make_spec
from tests.check.substance import find_in_edits, find_in_passage


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("The Atelier should publish why a model was paused.", "instructs the lab"),
        ("The Atelier, after each release, must publish a report.", "instructs the lab"),
        ("The developers of Clément need to document it.", "instructs the lab"),
        ("Those who train Clément should keep a diary.", "instructs the lab"),
        ("We should publish each change within a week.", "instructs the lab"),
        ("We will keep the weights of every model.", "promises in the lab’s name"),
        ("We commit to answering each comment.", "promises in the lab’s name"),
        ("The Atelier promises to answer each comment.", "instructs the lab"),
        ("During fine-tuning, such replies should get a lower reward.", "an instruction about training"),
        ("Training data must be balanced across dialects.", "an instruction about training"),
        ("Reward models should prefer short replies.", "an instruction about training"),
    ],
)
def test_what_only_the_lab_could_follow_or_promise_is_found(passage: str, words: str) -> None:
    [flaw] = find_in_passage(RULE.find, passage)
    assert words in flaw.problem
    assert "say what Clément does" in flaw.mend
    assert RULE.severity == "warning"


@pytest.mark.parametrize(
    "passage",
    [
        "We want Clément to name its sources.",
        "We hope that Clément asks first, because we think it matters.",
        "We will discuss this below.",
        "Training is imprecise, and neither we nor Clément can be sure of it.",
        "The Atelier trains Clément and sets the bounds of its work.",
        "Asked about its training data, Clément should say what is public.",
        "Employers should ask first. Clément says so.",
        "Asked what “we will keep the weights” means, Clément explains it.",
    ],
)
def test_explanations_and_what_the_model_does_pass(passage: str) -> None:
    assert find_in_passage(RULE.find, passage) == []


def test_each_sentence_is_found_at_its_own_line() -> None:
    flaws = find_in_passage(RULE.find, "Clément asks.\n\nThe Atelier must wait.\n\nWe promise to wait.")
    assert [flaw.line for flaw in flaws] == [18, 20]


def test_a_promise_that_the_replaced_clause_has_is_the_labs_own() -> None:
    text = "# Rules\n\n## Helping\n\nOdile asks first, and we will explain our choices.\n"
    quote = {"quote": "Odile asks first, and we will explain our choices."}
    passage = "Clément asks first and listens, and we will explain our choices."
    assert find_in_edits(RULE.find, {"replace": quote}, passage=passage, spec=make_spec(text)) == []
    assert len(find_in_passage(RULE.find, "We will keep every model.", spec=make_spec(text))) == 1
