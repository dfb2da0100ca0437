"""The rules about headings in a passage: heading-level, heading-form, duplicate-id."""

from __future__ import annotations

import pytest

from avenant.check.heading_style import learn_headings
from avenant.check.rules.duplicate_id import RULE as DUPLICATE
from avenant.check.rules.heading_form import RULE as FORM
from avenant.check.rules.heading_level import RULE as LEVEL
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from tests.check.form_documents import CURLY, LEVELS, draft_to, draft_to_levels, flaws_of

TITLES = "\n\n".join(f"## Keep The Front Door {number}\n\nOdile waits." for number in range(8))


def _of(passage: str, action: str = "append-to-section", **keys: str) -> list[str]:
    return [flaw.problem for flaw in flaws_of(LEVEL, draft_to(CURLY, passage, edit={action: keys}))]


@pytest.mark.parametrize("marks", ["#", "##"])
def test_a_heading_that_is_not_deeper_ends_the_section_that_it_is_appended_to(marks: str) -> None:
    [problem] = _of(f"{marks} Secrets\n\nClément waits.", section="Ends")
    assert problem == f"“Secrets” is a heading of level {len(marks)} and ends the section “Ends”, which has level 2"


def test_a_deeper_heading_at_the_end_of_a_section_is_let_pass() -> None:
    assert _of("### Secrets\n\nClément waits.", section="Ends") == []
    assert _of("Clément waits.", section="Ends") == []


def test_a_heading_in_the_middle_of_a_section_takes_over_what_follows() -> None:
    wanted = "what follows in the document would come under the passage's heading “Secrets”"
    assert _of("### Secrets\n\nIt waits.", "insert-after", quote="Odile closes the shop at seven.") == []
    quote = "Odile weighs these, under hard constraints"
    assert _of("### Secrets\n\nIt waits.", "insert-after", quote=quote) == [wanted]
    assert _of("### Secrets\n\nIt waits.", "insert-before", quote=quote) == [wanted]


def test_a_new_section_before_the_next_heading_is_let_pass() -> None:
    assert _of("## Secrets\n\nClément waits.", "insert-before", section="Ends", quote="Ends") == []
    assert _of("## Secrets\n\nClément waits.", "insert-after", quote="the workshop’s owner") == []


def test_a_section_above_others_takes_over_those_that_are_deeper() -> None:
    [problem] = _of("# Secrets\n\nClément waits.", section="Odile’s rules")
    assert problem == "what follows in the document would come under the passage's heading “Secrets”"
    assert _of("## Secrets\n\nClément waits.", section="Odile’s rules") == []


def _form(passage: str, text: str = LEVELS) -> list[tuple[int, str, str]]:
    draft = draft_to_levels(passage) if text == LEVELS else draft_to(text, passage)
    first = draft.passages[0].line
    return [(flaw.line - first, flaw.problem, flaw.mend) for flaw in flaws_of(FORM, draft)]


def test_a_heading_like_the_others_has_no_finding() -> None:
    document = LEVELS + "\n\n### Deep {#deep_one}\n\nIt waits."
    edit = {"append-to-section": {"section": "stay_open", "authority": "user"}}
    passage = "### Trade secrets {#trade_secrets authority=user}\n\nClément waits."
    draft = draft_to(document, passage, subject="the assistant", edit=edit)
    assert flaws_of(FORM, draft) == []


@pytest.mark.parametrize(
    ("passage", "problem", "mend"),
    [
        (
            "Words.\n\n#### Secrets {#my_secrets}\n\nIt waits.",
            "the heading “Secrets” has level 4 right below one of level 2",
            "write it with ###; the document skips no level",
        ),
        (
            "Words.\n\n### Secrets {#my_secrets}\n\nIt waits.",
            "the heading “Secrets” has level 3, and the document goes down to 2",
            "write a paragraph, or make it a heading further up",
        ),
    ],
)
def test_levels_are_those_of_the_document(passage: str, problem: str, mend: str) -> None:
    assert (2, problem, mend) in _form(passage)


@pytest.mark.parametrize(
    ("heading", "problem", "mend"),
    [
        ("## Secrets", "has no id", "write {#secrets} behind it, as the document's headings have"),
        ("## My own secrets", "has no id", "write {#my_own_secrets} behind it, as the document's headings have"),
        ("## S {#a-b}", "has the id 'a-b', and the document joins ids with '_'", "write {#a_b}"),
        ("## S {#Ä.b}", "has the id 'Ä.b'", "write small letters, digits and the document's joint alone"),
        ("## S {#a_b autority=user}", "has the attribute 'autority'", "known: authority"),
        ("S {#a_b}\n---", "is underlined", "write `## S`, as the document does"),
    ],
)
def test_the_manner_is_that_of_the_document(heading: str, problem: str, mend: str) -> None:
    title = "My own secrets" if "My own" in heading else "Secrets" if "Secrets" in heading else "S"
    found = _form(f"{heading}\n\nClément waits.")
    assert (0, f"the heading “{title}” {problem}", mend) in found
    assert len(found) == 1


def test_a_document_without_ids_has_none_in_its_headings() -> None:
    document = CURLY + "\n\n### Deep\n\nIt waits.\n\n## More\n\n## And\n\n## Ends here\n\nSo."
    assert ["has an id" in problem for _, problem, _ in _form("### Secrets {#secrets}\n\nIt waits.", document)] == [
        True
    ]


def test_capitals_in_titles_are_a_habit_as_well() -> None:
    upper = f"# Rules\n\n{TITLES}\n\n## Ends\n\nSo."
    lower = upper.replace("The Front Door", "the front door")
    [(_, problem, mend)] = _form("## Close the other doors\n\nIt waits.", upper)
    assert problem == "the heading “Close the other doors” is written without capitals"
    assert mend == "write it With Capitals, as the document does"
    [(_, problem, _)] = _form("## Close The Other Doors\n\nIt waits.", lower)
    assert problem == "the heading “Close The Other Doors” is written with capitals"
    assert _form("## Close Doors\n\nIt waits.", lower) == []


def test_an_id_that_is_taken_is_found_with_its_owner() -> None:
    [flaw] = flaws_of(DUPLICATE, draft_to_levels("### Open {#stay_open authority=user}\n\nIt waits."))
    line = LEVELS[: LEVELS.index("## Stay open")].count("\n") + 1
    assert flaw.problem == (
        f"the heading “Open” has the id 'stay_open', which the document's “Stay open” on line {line} has already"
    )
    assert flaw.mend == "give it an id of its own"


def test_a_title_that_is_taken_is_found_where_ids_are_made_from_titles() -> None:
    [flaw] = flaws_of(DUPLICATE, draft_to(CURLY, "### Hard Constraints\n\nIt waits."))
    assert flaw.mend == "give it a title of its own"
    assert flaws_of(DUPLICATE, draft_to(CURLY, "### Soft constraints\n\nIt waits.")) == []


def test_two_headings_of_a_draft_may_not_share_an_id() -> None:
    [flaw] = flaws_of(DUPLICATE, draft_to(CURLY, "### One\n\nIt waits.\n\n### One\n\nIt goes."))
    assert "which another heading of the draft has already" in flaw.problem


def test_the_labs_headings(constitution: Document, model_spec: Document) -> None:
    claude, spec = learn_headings(constitution), learn_headings(model_spec)
    assert (spec.has_ids, spec.id_joint, spec.depth, spec.is_title_case) == (True, "_", 4, False)
    assert (claude.has_ids, claude.depth, claude.is_title_case) == (False, 4, False)
    assert not claude.has_gaps
    assert not spec.has_gaps


def test_a_document_that_skips_levels_lets_a_passage_skip() -> None:
    document = "# Rules\n\n### Deep\n\nIt waits.\n\n## Ends\n\nSo."
    assert learn_headings(parse_document(document, "a/b")).has_gaps
    edit = {"append-to-section": {"section": "Rules"}}
    assert flaws_of(FORM, draft_to(document, "### Other\n\nIt waits.", edit=edit)) == []
