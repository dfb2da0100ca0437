from __future__ import annotations

import pytest

from avenant.check.rules.slight_typography import RULE as SLIGHT
from avenant.check.rules.typography import RULE
from avenant.specs.document import Document
from tests.amendments.drafts import make_edits_source, make_spec
from tests.check.drafts import make_checked_draft
from tests.check.form_documents import CURLY, LEVELS, draft_to, draft_to_levels, flaws_of, mended

CLEAN = (
    "Clément should keep to “its own” people’s wishes—and, e.g., say “no” **at once**.\n\n"
    "* the owner’s *first* wish;\n* the owner’s last one."
)


def test_a_passage_in_the_documents_typography_has_no_finding() -> None:
    assert flaws_of(RULE, draft_to(CURLY, CLEAN)) == []
    assert flaws_of(SLIGHT, draft_to(CURLY, CLEAN)) == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ('It says "no" and "*yes*" ("maybe").', "It says “no” and “*yes*” (“maybe”)."),
        ("It says 'no' to all.", "It says “no” to all."),
        ("It says «no» and „yes“.", "It says “no” and “yes”."),
        ("The owner's wish isn't known.", "The owner’s wish isn’t known."),
        ("The owner`s wish.", "The owner’s wish."),
        ("It waits -- and asks--and goes.", "It waits—and asks—and goes."),
        ("It waits — and asks.", "It waits—and asks."),
        ("It waits – and asks.", "It waits—and asks."),
        ("It waits - and asks.", "It waits—and asks."),
        ("- one\n- two\n  - three", "* one\n* two\n  * three"),
        ("It is _never_ late.", "It is *never* late."),
        ("It is __never__ late.", "It is **never** late."),
        ("It asks, e.g. the owner.", "It asks, e.g., the owner."),
        ("It asks, eg the owner.", "It asks, e.g., the owner."),
    ],
)
def test_another_way_of_writing_is_found_and_mended(typed: str, wanted: str) -> None:
    draft = draft_to(CURLY, typed)
    flaws = flaws_of(RULE, draft)
    assert flaws
    assert mended(draft, flaws) == draft.source.replace(typed, wanted)
    assert all(flaw.line == draft.passages[0].line for flaw in flaws)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("It waits.  It asks.  It goes.", "It waits. It asks. It goes."),
        ("It waits\u00a0and asks.", "It waits and asks."),
        ("It waits and\nasks and\n  goes.", "It waits and asks and goes."),
    ],
)
def test_what_does_not_show_on_the_page_is_only_a_note(typed: str, wanted: str) -> None:
    draft = draft_to(CURLY, typed)
    assert flaws_of(RULE, draft) == []
    flaws = flaws_of(SLIGHT, draft)
    assert mended(draft, flaws) == draft.source.replace(typed, wanted)


@pytest.mark.parametrize(
    "typed",
    [
        "It runs `a -- b \"c\" 'd'` here.",
        "It reads [this](https://example.org/a--b_c_d) here.",
        "It takes 3-4 steps, 1990–1999, and a user-level rule.",
        'Before.\n\n~~~xml\n<user>\n"no" -- isn\'t it... _so_\n</user>\n~~~\n\nAfter.',
        'It shows <a title="x">this</a> here.',
        "It uses a *.txt file and snake_case_names.",
        "Run it with --fast or -v.",
        "a | b\n--- | ---\n1 | 2",
    ],
)
def test_code_addresses_and_dialogues_are_left_alone(typed: str) -> None:
    assert flaws_of(RULE, draft_to(CURLY, typed)) == []


def test_one_flaw_shows_all_places_of_a_habit_at_the_first_line() -> None:
    passage = 'Clément asks.\n\nIt says "a" and "b".\n\nIt says "c" and "d".'
    [flaw] = flaws_of(RULE, draft_to(CURLY, passage))
    assert flaw.line == draft_to(CURLY, passage).passages[0].line + 2
    wanted = 'straight quotation marks ("…") where the document has curly quotation marks (“…”): "a", "b", "c"'
    assert flaw.problem == f"{wanted} and 1 more"
    assert flaw.mend == "write quotation marks as the document does"


def test_a_lone_slip_in_a_passage_that_keeps_to_the_document_is_let_pass() -> None:
    draft = draft_to(CURLY, "The owner's wish, the baker’s wish, and the miller’s.")
    assert flaws_of(RULE, draft) == flaws_of(SLIGHT, draft) == []


def test_what_the_document_itself_does_now_and_then_is_a_note() -> None:
    document = CURLY + "\n\nThe owner's wish counts.\n\nThe baker's wish counts too."
    one = draft_to(document, "The miller's wish counts.")
    assert flaws_of(RULE, one) == []
    assert [flaw.fix is not None for flaw in flaws_of(SLIGHT, one)] == [True]
    three = draft_to(document, "The miller's wish.\n\nThe clerk's wish.\n\nThe cook's wish.")
    assert len(flaws_of(RULE, three)) == 1
    assert flaws_of(SLIGHT, three) == []


def test_a_document_of_two_minds_has_no_habit() -> None:
    document = CURLY.replace("“its own”", '"its own"').replace("’s friends", "'s friends")
    assert flaws_of(RULE, draft_to(document, 'The owner\'s "no" counts.')) == []


def test_the_same_words_fit_one_document_and_not_the_other() -> None:
    straight = 'It says "no" to them.'
    assert flaws_of(RULE, draft_to_levels(straight)) == []
    assert len(flaws_of(RULE, draft_to(CURLY, straight))) == 1
    assert len(flaws_of(RULE, draft_to_levels("It says “no” to them."))) == 1


def test_code_fences_are_mended_as_a_pair() -> None:
    examples = "\n\n".join(f"~~~xml\n<user>\n{number}\n</user>\n~~~" for number in range(8))
    document = f"{CURLY}\n\n{examples}"
    passage = "For example:\n\n```xml\n<user>\n“--”\n</user>\n```"
    draft = draft_to(document, passage)
    assert mended(draft, flaws_of(RULE, draft)) == draft.source.replace("```", "~~~")


def test_a_passage_in_the_yaml_is_mended_there_line_by_line() -> None:
    words = 'Clément says "no".\n\nIt isn\'t "so" -- ever.'
    source = make_edits_source({"insert-after": {"section": "Ends", "quote": "Odile closes", "passage": words}})
    draft = make_checked_draft(source, make_spec(CURLY))
    assert draft.places
    once = make_checked_draft(mended(draft, flaws_of(RULE, draft)[:1]), make_spec(CURLY))
    assert once.passages[0].text == "Clément says “no”.\n\nIt isn't “so” -- ever."


def test_an_unknown_document_has_no_habits() -> None:
    draft = draft_to(LEVELS, "It says “no”.")
    assert flaws_of(RULE, make_checked_draft(draft.source)) == []


def test_the_labs_documents_have_the_habits_that_a_reader_sees(constitution: Document, model_spec: Document) -> None:
    from avenant.check.style import learn_style

    claude = learn_style(constitution, "Claude").typography
    spec = learn_style(model_spec, "the assistant").typography
    assert (claude["quotation marks"].form, claude["dashes"].form, claude["bullets"].form) == ("“”", "—", "*")
    assert (spec["quotation marks"].form, spec["bullets"].form, spec["code fences"].form) == ('""', "-", "~~~")
