from __future__ import annotations

import pytest

from avenant.check.rules.too_long import RULE
from avenant.specs.document import Document
from tests.check.form_documents import draft_to, flaws_of

SENTENCE = "Odile should keep what it hears about them to itself. "
LONG = "# Rules\n\n" + "".join(
    f"## Part {part}\n\n" + (SENTENCE * 4 + "\n\n") * 6 + f"* {SENTENCE}\n* {SENTENCE}\n* {SENTENCE}\n\n"
    for part in range(20)
)
"""120 paragraphs of 40 words, 60 items of 10, sections of 270."""
EDIT = {"append-to-section": {"section": "Part 7"}}


def _words(count: int) -> str:
    return "It asks, and it waits for them. " * (count // 7)


def test_a_paragraph_is_measured_against_the_document_and_its_section() -> None:
    assert flaws_of(RULE, draft_to(LONG, _words(56), edit=EDIT)) == []
    [flaw] = flaws_of(RULE, draft_to(LONG, f"Short.\n\n{_words(70)}", edit=EDIT))
    assert flaw.problem == (
        "the paragraph has 70 words; 98 of 100 of the document's have 40 at most, the longest in its section has 40"
    )
    assert flaw.line == draft_to(LONG, "Short.", edit=EDIT).passages[0].line + 2


def test_a_section_with_a_long_paragraph_may_have_another() -> None:
    document = LONG.replace("## Part 7\n", f"## Part 7\n\n{_words(63)}\n")
    assert flaws_of(RULE, draft_to(document, _words(70), edit=EDIT)) == []


def test_a_list_item_is_measured_against_list_items() -> None:
    [flaw] = flaws_of(RULE, draft_to(LONG, f"* {_words(21)}\n* short", edit=EDIT))
    assert flaw.problem.startswith("the list item has 21 words; 98 of 100 of the document's have 10 at most")


def test_a_sentence_is_measured_against_the_longest() -> None:
    [flaw] = flaws_of(RULE, draft_to(LONG, "It asks " + "and asks " * 10 + "again.", edit=EDIT))
    assert flaw.problem == "the sentence has 23 words; the document's longest has 10"


def test_a_whole_passage_is_measured_against_its_section_and_the_usual_one() -> None:
    passage = "\n\n".join([_words(35)] * 24)
    [flaw] = flaws_of(RULE, draft_to(LONG, passage, edit=EDIT))
    assert flaw.problem == ("the passage has 840 words; the section that it goes into has 270, and the usual one 270")
    assert flaws_of(RULE, draft_to(LONG, f"### A section\n\n{passage}", edit=EDIT)) == []


def test_a_short_document_is_given_room() -> None:
    short = "# Rules\n\n" + (SENTENCE * 4 + "\n\n") * 21
    edit = {"append-to-section": {"section": "Rules"}}
    assert flaws_of(RULE, draft_to(short, _words(77), edit=edit)) == []
    [flaw] = flaws_of(RULE, draft_to(short, _words(84), edit=edit))
    assert (
        flaw.problem == "the paragraph has 84 words; the document's longest has 40, the longest in its section has 40"
    )
    tiny = "# Rules\n\n" + SENTENCE
    assert flaws_of(RULE, draft_to(tiny, _words(700), edit=edit)) == []


@pytest.mark.parametrize("words", ["`" + "code " * 300 + "`", "~~~\n" + "code " * 300 + "\n~~~"])
def test_code_has_no_words(words: str) -> None:
    assert flaws_of(RULE, draft_to(LONG, words, edit=EDIT)) == []


def test_five_hundred_words_in_a_row_are_too_many_for_the_labs(constitution: Document, model_spec: Document) -> None:
    for document, subject in ((constitution, "Claude"), (model_spec, "the assistant")):
        section = document.sections[-1].id
        draft = draft_to(document.text, _words(504), subject=subject, edit={"append-to-section": {"section": section}})
        assert [flaw.problem.startswith("the paragraph has 504 words") for flaw in flaws_of(RULE, draft)] == [True]
