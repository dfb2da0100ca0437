"""The rules about references: broken-reference, dangling-reference."""

from __future__ import annotations

import pytest

from avenant.check.rules.broken_reference import RULE as BROKEN
from avenant.check.rules.dangling_reference import RULE as DANGLING
from avenant.specs.document import Document
from tests.check.form_documents import CURLY, draft_to, draft_to_levels, flaws_of, mended


@pytest.mark.parametrize(
    ("passage", "problem", "mend"),
    [
        ("See [it](#be_kindly).", "the link to #be_kindly leads nowhere", "nearest: #be_kind"),
        ("See [it]().", "the link has no address", "write where it leads"),
        (
            "See [it](notes/why.md).",
            "the link to the file 'notes/why.md' leads nowhere",
            "link a section or a full address",
        ),
        (
            "See ![it](picture.png).",
            "the link to the file 'picture.png' leads nowhere",
            "link a section or a full address",
        ),
        (
            "So it is[^zz99].",
            "the footnote tag [^zz99] leads nowhere: the document has no such note",
            "take it out; the lab sets its own tags",
        ),
        ("See the section “Be kindly”.", "the document has no section “Be kindly”", "nearest: “Be kind”"),
        ("See the “Be kindly” section.", "the document has no section “Be kindly”", "nearest: “Be kind”"),
        ("See “Be kindly”.", "the document has no section “Be kindly”", "nearest: “Be kind”"),
        ("See the Kind Words section.", "the document has no section “Kind Words”", "nearest: “Be kind”"),
        ("See section 3.2.", "the document has no section 3.2", "name the section by its title"),
        ("See § 4.", "the document has no section 4", "name the section by its title"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(passage: str, problem: str, mend: str) -> None:
    draft = draft_to_levels(f"Words.\n\n{passage}")
    [flaw] = flaws_of(BROKEN, draft)
    assert (flaw.problem, flaw.mend, flaw.fix) == (problem, mend, None)
    assert flaw.line == draft.passages[0].line + 2


@pytest.mark.parametrize(
    "passage",
    [
        "See [?](#be_kind) and [it](https://example.org/a) and [mail](mailto:a@example.org).",
        "So it is[^ab12].",
        "See the section “Be kind”, the “stay open” section, and “A Book on Wholly Different Matters”.",
        "It obeys Section 230 and Section 5 of the act. The sections “root” and “user” differ.",
        "`[it](#nowhere)` and `[^zz]` are code.",
        "~~~xml\n<user>\n[it](#nowhere)[^zz] See section 3.\n</user>\n~~~",
        "### Trade {#my_trade}\n\nSee [it](#my_trade) and the section “Trade”.",
        "So it is[^1].\n\n[^1]: A note of its own.",
    ],
)
def test_a_reference_that_leads_somewhere_is_let_pass(passage: str) -> None:
    assert flaws_of(BROKEN, draft_to_levels(passage)) == []


def test_an_id_that_is_nearly_right_is_mended_where_the_document_needs_it_exact() -> None:
    draft = draft_to_levels("See [it](#be-kind) first.")
    [flaw] = flaws_of(BROKEN, draft)
    assert flaw.problem == "the link to #be-kind leads nowhere"
    assert mended(draft, [flaw]) == draft.source.replace("#be-kind", "#be_kind")


def test_a_document_without_ids_is_linked_by_its_titles() -> None:
    assert flaws_of(BROKEN, draft_to(CURLY, "See [it](#hard-constraints).")) == []
    assert len(flaws_of(BROKEN, draft_to(CURLY, "See [it](#soft-constraints)."))) == 1


def test_a_document_with_numbered_sections_may_be_referred_to_by_number() -> None:
    document = CURLY.replace("## Hard constraints", "## 2.1 Hard constraints")
    assert flaws_of(BROKEN, draft_to(document, "See section 2.1.")) == []
    assert len(flaws_of(BROKEN, draft_to(document, "See section 2."))) == 1


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("As discussed above, it waits.", "As discussed above"),
        ("It waits (see above).", "see above"),
        ("For the exceptions, see below.", "see below"),
        ("The previous paragraph holds.", "The previous paragraph"),
        ("It weighs the following section.", "the following section"),
        ("It keeps the above-mentioned rules.", "above-mentioned"),
        ("The aforementioned rules hold.", "aforementioned"),
        ("All of the above holds.", "the above"),
        ("As stated there, it waits.", "As stated there"),
        ("It uses the said means.", "the said means"),
        ("The rule above holds.", "The rule above"),
        ("The principles below hold.", "The principles below"),
    ],
)
def test_a_pointer_out_of_the_passage_is_found(passage: str, words: str) -> None:
    draft = draft_to(CURLY, passage)
    [flaw] = flaws_of(DANGLING, draft)
    assert flaw.problem == f"“{words}”: once pasted, nobody can tell what stands there"


@pytest.mark.parametrize(
    "passage",
    [
        "It weighs the following principles:\n\n* one;\n* two.",
        "The rules below hold.\n\n* one;\n* two.",
        "The following example: a letter that nobody opens.",
        "It waits. So far so good.\n\nAs discussed above, it waits.",
        "First comes this.\n\nThe previous paragraph holds.",
        "As [Hard constraints](#hard-constraints) says above, see below.",
        "It is above all kind, and it stands below nobody. It said to wait.",
        "It says “see above”.",
        "It acts in the following way.",
    ],
)
def test_a_pointer_inside_the_passage_is_let_pass(passage: str) -> None:
    assert flaws_of(DANGLING, draft_to(CURLY, passage)) == []


def test_every_link_of_the_labs_documents_leads_somewhere(release: Document) -> None:
    links = [f"[it](#{fragment})" for clause in release.clauses for fragment in clause.references]
    tags = [f"[^{tag}]" for clause in release.clauses for tag in clause.footnotes]
    passage = "Words " + " ".join(links + tags)
    section = release.sections[-1].id
    draft = draft_to(release.text, passage, subject="Basile", edit={"append-to-section": {"section": section}})
    assert len(links) > 30
    assert flaws_of(BROKEN, draft) == []
