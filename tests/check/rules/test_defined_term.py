from __future__ import annotations

import pytest

from avenant.check.rules.defined_term import RULE
from avenant.check.running_text import read_running_text
from avenant.check.terms import learn_terms
from avenant.specs.document import Document
from tests.check.form_documents import CURLY, draft_to, flaws_of, mended

DEFINED = f"""{CURLY}

**Patrons**: the people for whom Odile works. When patrons ask, Odile helps patrons, and patrons alone.

We call what follows the “house rules”. By the “night hours” we mean those after seven. In the night hours, Odile rests;
then, in the night hours alone, and only in the night hours, the long-term plans, the long-term aims and the long-term
goals rest as well.
"""


@pytest.mark.parametrize(
    ("typed", "wanted", "problem"),
    [
        (
            "It keeps Hard Constraints.",
            "hard constraints",
            "“Hard Constraints”: the document writes the term without a capital",
        ),
        ("It serves a Patron.", "patron", "“Patron”: the document writes the term without a capital (3 ×)"),
        (
            "It keeps the hard-constraints.",
            "hard constraints",
            "“hard-constraints”: the document writes the term without a hyphen",
        ),
        ("It makes long term plans.", "long-term", "“long term”: the document writes the term with a hyphen (3 ×)"),
    ],
)
def test_a_term_written_otherwise_is_found_and_mended(typed: str, wanted: str, problem: str) -> None:
    draft = draft_to(DEFINED, typed)
    [flaw] = flaws_of(RULE, draft)
    assert flaw.problem.startswith(problem)
    assert flaw.mend == f"write “{wanted}”"
    assert wanted in mended(draft, [flaw])


@pytest.mark.parametrize(
    "passage",
    [
        "Hard constraints hold. Patrons ask.",
        "It keeps a hard constraint, and a patron asks.",
        "It keeps [Hard Constraints](#hard-constraints) and “Hard Constraints”.",
        "### Hard Constraints\n\nIt waits.",
        "It thinks of the long term and waits.",
        "It keeps a hard-constraint list.",
        "It is hard. Constraints help.",
    ],
)
def test_sentence_heads_titles_quotes_and_other_words_are_let_pass(passage: str) -> None:
    assert flaws_of(RULE, draft_to(DEFINED, passage)) == []


@pytest.mark.parametrize(
    "passage",
    [
        "By patrons we mean those who pay.",
        "By “patrons,” we mean those who pay.",
        "We define patrons as those who pay.",
        "“Patrons” means those who pay.",
        "A patron is defined as somebody who pays.",
        "**Patrons**: those who pay.",
        "- **Patron:** who pays.",
    ],
)
def test_a_term_defined_anew_is_found_with_its_definition(passage: str) -> None:
    [flaw] = flaws_of(RULE, draft_to(DEFINED, passage))
    line = DEFINED[: DEFINED.index("**Patrons**")].count("\n") + 1
    assert flaw.problem == f"“patron” is defined in the document already, on line {line}"
    assert [shown.words.startswith("**Patrons**: the people") for shown in flaw.shown] == [True]


def test_a_new_term_may_be_defined() -> None:
    assert flaws_of(RULE, draft_to(DEFINED, "By lodgers we mean those who stay. **Guests**: those who leave.")) == []


def test_a_capital_that_the_document_always_writes_is_missed() -> None:
    document = CURLY + "\n\nIt keeps the **House Rules**. By the House Rules, in the House Rules, with the House Rules."
    draft = draft_to(document, "It reads the house rules.")
    [flaw] = flaws_of(RULE, draft)
    assert flaw.mend == "write “House Rules”"


def test_the_labs_terms_are_known(constitution: Document, model_spec: Document) -> None:
    claude, spec = (learn_terms(read_running_text(one)) for one in (constitution, model_spec))
    assert {("operator",), ("user",), ("principal",)} <= {key for key, term in claude.items() if term.is_defined}
    assert claude["hard", "constraint"].capitals == 0
    assert {("developer",), ("user",), ("assistant",), ("guideline",)} <= {
        key for key, term in spec.items() if term.is_defined
    }
    assert set(spec["user", "level"].joints) == {"-"}
