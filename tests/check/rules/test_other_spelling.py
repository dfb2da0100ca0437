from __future__ import annotations

import pytest

from avenant.check.orthography import learn_orthography
from avenant.check.rules.other_spelling import RULE
from avenant.check.running_text import parse_passage, read_running_text
from avenant.reading.word_set import word_set
from avenant.specs.document import Document
from tests.check.form_documents import CURLY, draft_to, flaws_of, mended

BRITISH = (
    CURLY.replace("behavior", "behaviour").replace("favor", "favour").replace("ize", "ise").replace("harbor", "harbour")
)


@pytest.mark.parametrize(
    ("typed", "wanted", "reason"),
    [
        ("Its behaviour counts.", "behavior", "the document writes “behavior” (7 ×)"),
        ("Behaviours count.", "Behaviors", "the document writes -or in such words (16 ×)"),
        ("Its HONOUR counts.", "HONOR", "the document writes -or in such words (16 ×)"),
        ("It organised help.", "organized", "the document writes -ize in such words (21 ×)"),
        ("Unorganised, it prioritises.", "Unorganized", "the document writes -ize in such words (21 ×)"),
        ("It analyses and analysed it.", "analyzed", None),
    ],
)
def test_a_british_spelling_in_an_american_document(typed: str, wanted: str, reason: str | None) -> None:
    draft = draft_to(CURLY, typed)
    flaws = flaws_of(RULE, draft)
    if reason is None:
        # One class says nothing of another, and two classes are not enough to speak of a side.
        assert flaws == []
        return
    assert flaws[0].problem.endswith(f": {reason}")
    assert flaws[0].mend == f"write “{wanted}”"
    assert wanted in mended(draft, flaws)


def test_and_the_other_way_round() -> None:
    draft = draft_to(BRITISH, "Its behavior was organized to honor the neighbor.")
    wanted = "Its behaviour was organised to honour the neighbour."
    assert wanted in mended(draft, flaws_of(RULE, draft))


@pytest.mark.parametrize(
    "word",
    sorted(
        word_set(
            "precise promised surprising exercise advertised wise otherwise likewise compromise supervised size "
            "prized seized capsized vigorous humorous laboratory minor license practice learned meter"
        )
    ),
)
def test_words_with_one_spelling_or_another_sense_are_let_pass(word: str) -> None:
    for document in (CURLY, BRITISH):
        assert flaws_of(RULE, draft_to(document, f"It is {word}.")) == []


def test_a_document_with_many_words_of_one_side_has_that_side() -> None:
    words = "color behavior organize analyze center canceled fulfill gray skeptical defense"
    document = f"{CURLY}\n\nIt has {', '.join(words.split())}."
    [flaw] = flaws_of(RULE, draft_to(document, "It enrols.\n\nIt is wilful."))
    assert flaw.problem == "“wilful”: the document has American spelling"


def test_a_word_that_the_document_spells_in_both_ways_is_let_pass() -> None:
    document = CURLY + "\n\nIts behaviour counts."
    assert flaws_of(RULE, draft_to(document, "Its behaviour counts.")) == []


def test_a_hyphen_that_the_document_never_has_is_found_and_one_that_it_always_has() -> None:
    document = CURLY + "\n\nIts wellbeing, their wellbeing, our wellbeing; self-harm and self-harm and self-harm."
    draft = draft_to(document, "Its well-being counts, and selfharm does not.")
    assert [flaw.problem for flaw in flaws_of(RULE, draft)] == [
        "“well-being”: the document writes “wellbeing” (3 ×)",
        "“selfharm”: the document writes “self-harm” (3 ×)",
    ]


def test_all_places_of_a_word_are_mended_at_once() -> None:
    draft = draft_to(CURLY, "Its behaviour, my behaviour.\n\nOur behaviour; `behaviour` is code.")
    [flaw] = flaws_of(RULE, draft)
    assert flaw.problem.startswith("“behaviour” (3 ×): ")
    assert "Its behavior, my behavior.\n\nOur behavior; `behaviour` is code." in mended(draft, [flaw])


def test_variants_are_counted_by_class_and_side() -> None:
    known = learn_orthography(parse_passage("Color, colour, theatre, modeling, analyse, realize."))
    assert dict(known.kinds) == {
        ("our/or", "american"): 1,
        ("our/or", "british"): 1,
        ("re/er", "british"): 1,
        ("ll/l", "american"): 1,
        ("yse/yze", "british"): 1,
        ("ise/ize", "american"): 1,
    }


def test_the_labs_documents_are_american(release: Document) -> None:
    known = learn_orthography(read_running_text(release))
    assert known.sides["american"] > 30
    assert known.sides.get("british", 0) < 5
