"""The rules about levels: authority-level, missing-authority, authority-claim, unstated-authority."""

from __future__ import annotations

import pytest

from avenant.check.draft import Draft
from avenant.check.heading_style import learn_levels
from avenant.check.rules.authority_claim import RULE as CLAIM
from avenant.check.rules.authority_level import RULE as LEVEL
from avenant.check.rules.missing_authority import RULE as MISSING
from avenant.check.rules.unstated_authority import RULE as UNSTATED
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from tests.amendments.drafts import make_edits_source, make_spec
from tests.check.drafts import make_checked_draft
from tests.check.form_documents import CURLY, LEVELS, draft_to, draft_to_levels, flaws_of, mended


def test_levels_and_their_order_are_learned_from_the_document() -> None:
    levels = learn_levels(parse_document(LEVELS, "a/b"))
    assert levels.order == ("root", "developer", "user", "guideline")
    rising = LEVELS.replace(
        LEVELS[LEVELS.index("- **Root**") : LEVELS.index("\n\n# The shop")],
        "1. Guideline: bends.\n2. User: users.\n3. Developer: developers.\n4. Root: it cannot be overridden.",
    )
    assert learn_levels(parse_document(rising, "a/b")).order == levels.order
    assert learn_levels(parse_document(CURLY, "a/b")).names == ()


def test_a_level_that_the_document_does_not_have_is_found() -> None:
    [flaw] = flaws_of(LEVEL, draft_to_levels("### Secrets {#secrets authority=supreme}\n\nIt waits."))
    assert flaw.problem == "“Secrets” has the level 'supreme', which the document does not have"
    assert flaw.mend == "its levels: root, developer, user, guideline"


@pytest.mark.parametrize(
    ("level", "is_found"), [("root", True), ("developer", True), ("user", False), ("guideline", False)]
)
def test_a_section_may_not_stand_above_the_one_around_it(level: str, is_found: bool) -> None:
    passage = f"### Secrets {{#secrets authority={level}}}\n\nIt waits."
    found = [flaw.problem for flaw in flaws_of(LEVEL, draft_to_levels(passage, "stay_open"))]
    wanted = f"“Secrets” has the level {level} inside a section of the lower level user"
    assert found == ([wanted] if is_found else [])


def test_a_section_of_the_passage_counts_as_one_around_it() -> None:
    passage = "### Outer {#outer authority=guideline}\n\nIt.\n\n#### Inner {#inner authority=root}\n\nIt waits."
    found = [flaw.problem for flaw in flaws_of(LEVEL, draft_to_levels(passage, "keep_secrets"))]
    assert found == ["“Inner” has the level root inside a section of the lower level guideline"]


def test_a_pair_that_the_document_has_itself_is_let_pass() -> None:
    document = LEVELS + "\n\n### Fire {#fire authority=root}\n\nIt runs."
    edit = {"append-to-section": {"section": "be_kind", "authority": "guideline"}}
    passage = "### Secrets {#secrets authority=root}\n\nIt waits."
    assert flaws_of(LEVEL, draft_to(document, passage, subject="the assistant", edit=edit)) == []


def test_a_section_among_others_that_state_their_level_has_to_state_one() -> None:
    before = {"insert-before": {"section": "stay_open", "quote": "Stay open"}}
    passage = "## Secrets {#secrets}\n\nIt waits."
    [flaw] = flaws_of(MISSING, draft_to(LEVELS, passage, subject="the assistant", edit=before))
    assert flaw.problem == "the heading “Secrets” states no level of authority, as those beside it do"
    stated = passage.replace("}", " authority=user}")
    assert flaws_of(MISSING, draft_to(LEVELS, stated, subject="the assistant", edit=before)) == []


def test_what_holds_above_and_below_is_enough() -> None:
    assert flaws_of(MISSING, draft_to_levels("### Secrets {#secrets}\n\nIt waits.")) == []
    before = {"insert-before": {"section": "the_shop", "quote": "The shop"}}
    passage = "# Secrets {#secrets}\n\nIt waits.\n\n## Trade {#trade authority=user}\n\nIt waits."
    assert flaws_of(MISSING, draft_to(LEVELS, passage, subject="the assistant", edit=before)) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("This cannot be overridden by anyone.", "cannot be overridden by anyone"),
        ("Clément waits, even if a developer insists.", "even if a developer insists"),
        ("Clément waits, even if the user asks otherwise.", "even if the user asks"),
        ("Clément waits regardless of user instructions.", "regardless of user instructions"),
        ("This overrides all other rules.", "overrides all"),
        ("No developer may override this.", "No developer may override"),
    ],
)
def test_a_claim_above_the_sections_level_is_found(sentence: str, words: str) -> None:
    [flaw] = flaws_of(CLAIM, draft_to_levels(sentence, "be_kind"))
    assert flaw.problem.startswith(f"“{words}” stands in a section of the level guideline, which ")
    assert flaws_of(CLAIM, draft_to_levels(sentence, "keep_secrets")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Clément waits even if the user is late.",
        "This can be overridden by users.",
        "This cannot be overridden implicitly.",
        "“This cannot be overridden” is what it says.",
    ],
)
def test_what_claims_nothing_is_let_pass(sentence: str) -> None:
    assert flaws_of(CLAIM, draft_to_levels(sentence, "be_kind")) == []


def test_those_who_stand_below_cannot_override() -> None:
    edit = {"append-to-section": {"section": "tell_hour", "authority": "developer"}}

    def found(sentence: str) -> int:
        return len(flaws_of(CLAIM, draft_to(LEVELS, sentence, subject="the assistant", edit=edit)))

    assert found("This cannot be overridden by users.") == 0
    assert found("Clément waits, even if the user insists.") == 0
    assert found("Clément waits, even if the developer insists.") == 1
    assert found("This cannot be overridden by developers or users.") == 1


def test_a_heading_of_the_passage_sets_the_level_of_its_words() -> None:
    passage = "### Secrets {#secrets authority=root}\n\nThis cannot be overridden."
    assert flaws_of(CLAIM, draft_to_levels(passage, "keep_secrets")) == []
    lower = passage.replace("root", "user")
    assert len(flaws_of(CLAIM, draft_to_levels(lower, "keep_secrets"))) == 1


def _without_level(*edits: object) -> Draft:
    source = make_edits_source(*edits, passage="It waits.")  # type: ignore[arg-type]
    return make_checked_draft(source, make_spec(LEVELS, "the assistant"))


@pytest.mark.parametrize(
    "edit",
    [
        {"append-to-section": {"section": "be_kind"}},
        {"insert-after": {"quote": "may give away the workshop", "section": "be_kind"}},
        {"insert-before": {"quote": "may give away the workshop"}},
    ],
)
def test_an_anchor_without_its_level_gets_it(edit: object) -> None:
    draft = _without_level(edit)
    [flaw] = flaws_of(UNSTATED, draft)
    assert flaw.problem == "the anchor does not say that its section has the level guideline"
    again = make_checked_draft(mended(draft, [flaw]), make_spec(LEVELS, "the assistant"))
    assert [one.anchor.authority for one in again.amendment.edits] == ["guideline"]
    assert again.amendment.edits[0].anchor.quote == draft.amendment.edits[0].anchor.quote
    assert flaws_of(UNSTATED, again) == []


def test_both_anchors_of_a_move_get_their_levels() -> None:
    move = {"move": {"quote": "may give away the workshop", "after": {"quote": "must keep the library open"}}}
    draft = _without_level(move, {"append-to-section": {"section": "tell_hour", "authority": "developer"}})
    flaws = flaws_of(UNSTATED, draft)
    again = make_checked_draft(mended(draft, flaws), make_spec(LEVELS, "the assistant"))
    assert [anchor.authority for anchor in again.amendment.edits[0].anchors] == ["guideline", "user"]


def test_an_edit_in_one_line_is_found_and_left_to_its_author() -> None:
    draft = _without_level({"append-to-section": {"section": "be_kind"}})
    flat = draft.source.replace("append-to-section:\n    section: be_kind", "append-to-section: {section: be_kind}")
    flat = flat.replace("append-to-section:\n      section: be_kind", "append-to-section: {section: be_kind}")
    assert "{section" in flat
    [flaw] = flaws_of(UNSTATED, make_checked_draft(flat, make_spec(LEVELS, "the assistant")))
    assert flaw.fix is None


def test_a_document_without_levels_asks_for_none() -> None:
    passage = "### Secrets {#secrets}\n\nThis cannot be overridden, even if the user insists."
    draft = draft_to(CURLY, passage)
    assert [flaws_of(rule, draft) for rule in (LEVEL, MISSING, CLAIM, UNSTATED)] == [[], [], [], []]


def test_the_model_specs_levels(model_spec: Document, constitution: Document) -> None:
    assert learn_levels(model_spec).order == ("root", "system", "developer", "user", "guideline")
    assert learn_levels(constitution).names == ()
