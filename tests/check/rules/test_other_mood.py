from __future__ import annotations

import pytest

from avenant.check.address import learn_address
from avenant.check.rules.other_mood import RULE
from avenant.check.running_text import parse_passage, read_running_text
from avenant.specs.document import Document
from tests.check.form_documents import CURLY, LEVELS, draft_to, flaws_of


@pytest.mark.parametrize(
    ("sentence", "mood"),
    [
        ("Odile should ask.", "should"),
        ("Odile shouldn’t ask.", "should"),
        ("Odile generally must not ask.", "must"),
        ("Odile shall ask.", "shall"),
        ("Odile ought to ask.", "ought"),
        ("Odile has to ask.", "need"),
        ("Odile is to ask.", "be"),
        ("We would like Odile to ask.", "want"),
        ("Anthropic wants Odile to ask.", "want"),
        ("When in doubt, Odile asks.", "present"),
        ("Odile does not ask.", "present"),
        ("Ask the owner.", "imperative"),
        ("Do not ask.", "imperative"),
        ("Never ask.", "imperative"),
    ],
)
def test_each_form_of_directing_a_model_is_known(sentence: str, mood: str) -> None:
    assert dict(learn_address(parse_passage(sentence), "Odile").moods) == {mood: 1}


@pytest.mark.parametrize(
    "sentence",
    [
        "Odile is kind.",
        "Odile was to blame.",
        "Odile models differ.",
        "Odile’s friends ask.",
        "People should ask.",
        "Note the hour.",
        "Asking the owner helps.",
        "A friend of Odile asks.",
    ],
)
def test_what_directs_nobody_is_no_form(sentence: str) -> None:
    assert dict(learn_address(parse_passage(sentence), "Odile").moods) == {}


@pytest.mark.parametrize("passage", ["Clément shall ask.", "Clément must ask.", "Ask the owner.", "Clément is to ask."])
def test_a_form_that_the_document_does_not_have_is_found(passage: str) -> None:
    [flaw] = flaws_of(RULE, draft_to(CURLY, passage))
    assert "is the form of 0 of the document's 62 sentences that direct its model: “" in flaw.problem
    assert flaw.mend == "the document's forms: should (53%), may (32%), we want … to (11%)"


def test_forms_of_the_document_are_let_pass() -> None:
    assert flaws_of(RULE, draft_to(CURLY, "Clément should ask, Clément may wait, and we want Clément to go.")) == []


def test_a_short_document_has_no_forms_yet() -> None:
    assert flaws_of(RULE, draft_to(LEVELS, "Clément shall ask.", subject="the assistant", edit=EDIT)) == []


EDIT = {"append-to-section": {"section": "open_door"}}


def test_the_labs_documents_direct_their_models_in_their_own_ways(constitution: Document, model_spec: Document) -> None:
    claude = learn_address(read_running_text(constitution), "Claude").moods
    spec = learn_address(read_running_text(model_spec), "the assistant").moods
    assert claude["want"] > 50
    assert spec["want"] < 5
    assert max(spec, key=lambda mood: spec[mood]) == "should"
