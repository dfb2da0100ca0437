from __future__ import annotations

import pytest

from avenant.check.rules.other_person import RULE
from tests.check.drafts import make_checked_draft
from tests.check.form_documents import CURLY, LEVELS, draft_to, draft_to_levels, flaws_of

LONG = CURLY + "".join(f"\n\nOdile should see to number {number}." for number in range(300))


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("You should ask first.", "the document does not speak to its model as “you”: “You should”"),
        ("It asks about your own wishes.", "the document does not speak to its model as “you”: “your”"),
        ("I will ask first.", "the document does not say “I”: “I will”"),
        ("The AI must ask first.", "the document does not speak of its model as “AI”: “The AI must”"),
        ("An AI should ask first.", "the document does not speak of its model as “AI”: “An AI should”"),
        ("We want the model to ask first.", "the document does not speak of its model as “model”: “the model”"),
        ("Wishes go to the chatbot, then on.", "the document does not speak of its model as “chatbot”: “the chatbot”"),
        (
            "The assistant should ask.",
            "the document does not speak of its model as “assistant”: “The assistant should”",
        ),
    ],
)
def test_a_person_or_a_noun_that_the_document_does_not_use_is_found(passage: str, said: str) -> None:
    draft = draft_to(CURLY, f"Clément may do this.\n\n{passage}")
    [flaw] = flaws_of(RULE, draft)
    assert flaw.problem == said
    assert flaw.line == draft.passages[0].line + 2


@pytest.mark.parametrize(
    "passage",
    [
        "Clément should ask, as it does. We want it to ask.",
        'Clément says “you should”, "I will" and ‘the AI must’.',
        "AI models may differ, and an AI is a program; the AI landscape is wide.",
        "People say thank you to it.",
        "~~~xml\n<user>\nYou should, I think.\n</user>\n~~~",
        "> Odile may keep the key.",
    ],
)
def test_the_documents_own_ways_quotes_and_dialogues_are_let_pass(passage: str) -> None:
    assert flaws_of(RULE, draft_to(CURLY, passage)) == []


def test_he_is_found_where_a_long_document_never_says_so() -> None:
    passage = "Clément asks the owner, and he waits for her."
    [flaw] = flaws_of(RULE, draft_to(LONG, passage))
    assert flaw.problem == "the document never says “he” or “she”: “he”, “her”"
    assert "it" in flaw.mend
    assert flaws_of(RULE, draft_to(CURLY, passage)) == []
    assert flaws_of(RULE, draft_to(LONG + "\n\nHe asks.", passage)) == []


def test_the_assistant_fits_where_the_document_calls_its_model_so() -> None:
    assert (
        flaws_of(RULE, draft_to_levels("The assistant should ask. Clément must ask. When the assistant may, it asks."))
        == []
    )
    assert len(flaws_of(RULE, draft_to_levels("The model should ask."))) == 1


def test_a_noun_that_the_document_uses_as_well_is_let_pass() -> None:
    document = LEVELS + "\n\nThe model should ask. The model must wait."
    edit = {"append-to-section": {"section": "open_door"}}
    assert flaws_of(RULE, draft_to(document, "The model should go.", subject="the assistant", edit=edit)) == []


def test_the_placeholder_is_foreign_where_the_document_has_not_the_name_that_it_stands_for() -> None:
    document = CURLY.replace("Odile", "the assistant")
    [flaw] = flaws_of(RULE, draft_to(document, "Clément should ask.", subject="Basile"))
    assert flaw.problem == (
        "the document does not call its model by the name that the placeholder stands for: “Clément should”"
    )
    assert flaws_of(RULE, draft_to(document, "The assistant should ask.", subject="Basile")) == []


def test_a_document_that_hardly_directs_anybody_has_no_way_of_its_own() -> None:
    short = "# Rules\n\nOdile should ask.\n\n## Ends\n\nIt ends."
    assert flaws_of(RULE, draft_to(short, "You should ask. The AI must wait.")) == []
    assert flaws_of(RULE, make_checked_draft(draft_to(CURLY, "You should ask.").source)) == []
