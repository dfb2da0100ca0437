from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.amendments.anchor import Anchor, find_anchor, find_places, make_anchor, nearest_sections, section_of
from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError
from avenant.specs.document import Document, Span
from avenant.specs.parse import parse_document
from avenant.text import fold_words

TEXT = """\
The preamble says little.

# Helping

Odile’s help is **real** help—not a [“show”](#show) of it[^ab1d]. It asks\u00a0first.

- It asks before it acts.
- It says what
  it did.

## Limits

It asks before it acts. Clear limits help.

# Limits

Nothing here but the words: \\*clear limits help\\*. Then write \\\\( x \\\\) for math.
"""
DOCUMENT = parse_document(TEXT, "atelier/2026-09-01")


def _found(anchor: Anchor) -> str:
    return DOCUMENT.slice(find_anchor(DOCUMENT, anchor))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Odile's help is real help", "Odile’s help is **real** help"),
        ('help-not a "show" of it. It asks first', "help—not a [“show”](#show) of it[^ab1d]. It asks\u00a0first"),
        ("  says   what\nit did ", "says what\n  it did"),
        ("the words: \\*clear limits help\\*", "the words: \\*clear limits help"),
        ("The preamble says little.", "The preamble says little."),
    ],
)
def test_a_quote_is_found_whatever_its_typography(quote: str, found: str) -> None:
    assert _found(Anchor(quote)) == found


@pytest.mark.parametrize("quote", ["the words: *clear limits help*", "write \\( x \\) for math"])
def test_words_copied_from_the_rendered_page_are_found_with_their_stars_and_backslashes(quote: str) -> None:
    assert _found(Anchor(quote))


@pytest.mark.parametrize("section", ["Limits", "limits", "limits-2", "# Limits"])
def test_a_section_is_given_by_title_or_id(section: str) -> None:
    quote = "It asks before it acts" if section == "limits" else "Nothing here but the words"
    assert _found(Anchor(quote, section)) == quote


def test_a_section_holds_what_stands_in_the_sections_under_it() -> None:
    assert _found(Anchor("Clear limits", "Helping")) == "Clear limits"
    assert len(find_places(DOCUMENT, Anchor("It asks", "Helping"))) == 3
    assert len(find_places(DOCUMENT, Anchor("It asks", "limits"))) == 1


def test_the_preamble_is_a_section_of_its_own() -> None:
    document = parse_document("Ask first.\n\n# Why\n\nAsk first.\n", "atelier/2026-09-01")
    assert find_anchor(document, Anchor("Ask first", "preamble")).start == 0


def test_words_that_stand_twice_are_shown_with_both_lines() -> None:
    with pytest.raises(AnchorAmbiguousError) as caught:
        find_anchor(DOCUMENT, Anchor("It asks before it acts"))
    assert str(caught.value) == (
        "the quote 'It asks before it acts' stands in 2 places:\n"
        "    line 7 (Helping): …of it[^ab1d]. It asks first. - >>It asks before it acts<<. - It says what "
        "it did. ## Limits It…\n"
        "    line 13 (Limits): …acts. - It says what it did. ## Limits >>It asks before it acts<<. Clear limits "
        "help. # Limits Nothing here…\n"
        "  mend: lengthen the quote, name the section, or add prefix: or suffix: with the words about the right one "
        "(`avenant anchor` shows them all and writes it)"
    )


def test_words_that_stand_twice_in_a_section_name_it() -> None:
    with pytest.raises(AnchorAmbiguousError, match="stands in 2 places in the section 'Helping':"):
        find_anchor(DOCUMENT, Anchor("It asks before it acts", "Helping"))


def test_of_many_places_five_are_shown() -> None:
    document = parse_document("same words\n\n" * 9, "atelier/2026-09-01")
    with pytest.raises(AnchorAmbiguousError, match="stands in 9 places") as caught:
        find_anchor(document, Anchor("same words"))
    assert re.findall(r"line (\d+)", str(caught.value)) == ["1", "3", "5", "7", "9"]


def test_prefix_and_suffix_choose_among_places() -> None:
    quote = "It asks before it acts"
    assert DOCUMENT.line(find_anchor(DOCUMENT, Anchor(quote, prefix="first. -")).start) == 7
    assert DOCUMENT.line(find_anchor(DOCUMENT, Anchor(quote, prefix="## Limits")).start) == 13
    assert DOCUMENT.line(find_anchor(DOCUMENT, Anchor(quote, suffix=". - It says")).start) == 7
    assert DOCUMENT.line(find_anchor(DOCUMENT, Anchor(quote, suffix=".\n\nClear limits")).start) == 13
    assert find_places(DOCUMENT, Anchor(quote, prefix="first. -", suffix=". Clear")) == []


def test_words_that_stand_nowhere_are_answered_with_the_nearest_clauses() -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        find_anchor(DOCUMENT, Anchor("It always asks before it acts"))
    assert caught.value.faults[0].problem == "the quote 'It always asks before it acts' stands nowhere"
    mend = (caught.value.faults[0].mend or "").splitlines()
    assert mend[0] == "copy the words from the document (`avenant spec show`); nearest:"
    assert mend[1:3] == [
        "    line 7: - It asks before it acts.",
        "    line 13: It asks before it acts. Clear limits help.",
    ]


@pytest.mark.parametrize("quote", ["Xylophones quietly juggle", "short", "***"])
def test_words_that_resemble_nothing_are_answered_without_a_guess(quote: str) -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        find_anchor(DOCUMENT, Anchor(quote))
    assert str(caught.value) == (
        f"the quote {quote!r} stands nowhere\n  mend: copy the words from the document: `avenant spec show`"
    )


def test_a_wrong_section_is_answered_with_the_right_one() -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        find_anchor(DOCUMENT, Anchor("Odile’s help is real", "limits-2"))
    assert str(caught.value) == (
        "the quote 'Odile’s help is real' stands nowhere in the section 'limits-2'\n"
        "  mend: the words stand in the section 'Helping' (line 5): write that"
    )


def test_an_unknown_section_is_answered_with_the_nearest_titles() -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        find_anchor(DOCUMENT, Anchor("It asks", "Limit"))
    assert caught.value.faults[0].problem == "there is no section 'Limit'"
    assert (caught.value.faults[0].mend or "").startswith("nearest: 'Limits'; ")


def test_a_title_that_stands_twice_is_answered_with_the_ids() -> None:
    assert section_of(DOCUMENT, "helping").title == "Helping"
    assert section_of(DOCUMENT, "limits-2").level == 1
    document = parse_document("# Why {#first}\n\n# Why {#second}\n", "atelier/2026-09-01")
    with pytest.raises(AnchorAmbiguousError) as caught:
        section_of(document, "why")
    assert str(caught.value) == (
        "2 sections have the title 'why'\n  mend: give an id instead: first (line 1), second (line 3)"
    )


def test_three_clauses_and_three_titles_are_offered() -> None:
    document = parse_document("".join(f"# Title {n}\n\nnearly the same words {n}\n\n" for n in "abcde"), "x/1")
    assert nearest_sections(document, "Title c").count("'Title ") == 3
    with pytest.raises(AnchorNotFoundError) as caught:
        find_anchor(document, Anchor("nearly the very same words c"))
    assert str(caught.value).count("\n    line ") == 3


def test_a_document_without_headings_says_so() -> None:
    assert nearest_sections(parse_document("words\n", "atelier/2026-09-01"), "Why") == "the document has no headings"


def test_a_long_quote_is_cut_in_messages() -> None:
    with pytest.raises(AnchorNotFoundError, match=r"^the quote '(word ){13}word…' stands nowhere"):
        find_anchor(DOCUMENT, Anchor("word " * 40))


def test_every_seventh_paragraph_is_found_by_its_first_words_at_its_own_clause(release: Document) -> None:
    paragraphs = [clause for clause in release.clauses if clause.kind == "paragraph"][::7]
    tried = 0
    for clause in paragraphs:
        words = " ".join(fold_words(release.slice(clause.span)).split()[:12])
        # A backslash in the folded words is one that the reader sees, and a quote takes it for an escape.
        if release.folded.text.count(words) == 1 and "\\" not in words:
            span = find_anchor(release, Anchor(words))
            assert release.clause_at(span.start) == clause
            # Words that end inside a link's text leave the bracket that opens it.
            assert fold_words(release.slice(span)).replace("[", "") == words
            tried += 1
    assert tried > len(paragraphs) * 0.8


def test_every_list_item_is_found_in_its_own_section(release: Document) -> None:
    items = [clause for clause in release.clauses if clause.kind == "list-item"][::5]
    for clause in items:
        words = fold_words(release.slice(clause.span))
        places = find_places(release, Anchor(words, clause.section_id))
        assert clause in [release.clause_at(place.start) for place in places]


def _place(document: Document, words: str, number: int = 0) -> Span:
    """Where words stand for the first, second, … time."""
    start = -1
    for _ in range(number + 1):
        start = document.text.index(words, start + 1)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("words", "number", "anchor"),
    [
        # As it is written, where it stands on one line.
        ("Odile’s help is **real** help", 0, Anchor("Odile’s help is **real** help", "Helping")),
        # In plain words, where a line or a link is cut.
        ("It says what\n  it did.", 0, Anchor("It says what it did.", "Helping")),
        ("a [“show", 0, Anchor('a "show', "Helping")),
        ("The preamble", 0, Anchor("The preamble")),
        # A title that stands twice is told by its id.
        ("It asks before it acts", 1, Anchor("It asks before it acts", "limits")),
        ("Nothing here", 0, Anchor("Nothing here", "limits-2")),
        # As little context as tells it from the others, and such before the words first.
        ("It asks before it acts", 0, Anchor("It asks before it acts", "Helping", prefix="-")),
        ("It", 0, Anchor("It", "Helping", prefix="it[^ab1d].")),
    ],
)
def test_a_place_is_named_by_its_words_its_section_and_as_much_context_as_it_needs(
    words: str, number: int, anchor: Anchor
) -> None:
    place = _place(DOCUMENT, words, number)
    made = make_anchor(DOCUMENT, place)
    assert made == anchor
    assert find_anchor(DOCUMENT, made) == place


def test_an_anchor_carries_the_authority_level_of_its_section() -> None:
    document = parse_document("# A {#a authority=root}\n\n## B\n\nWords.\n", "atelier/1")
    assert make_anchor(document, _place(document, "Words")) == Anchor("Words", "B", authority="root")


def test_words_that_nothing_tells_apart_are_refused() -> None:
    document = parse_document("# A\n\n" + "Same words.\n\n" * 40, "atelier/1")
    assert make_anchor(document, _place(document, "Same words.")).suffix == ""
    with pytest.raises(AnchorAmbiguousError) as caught:
        make_anchor(document, _place(document, "Same words.", 20))
    assert str(caught.value) == (
        "the words 'Same words.' (line 43) cannot be told from the others like them\n  mend: quote more of the clause"
    )


def _check_anchor(document: Document, place: Span) -> bool:
    """Whether there is an anchor; where there is, it finds these words in this place and no other."""
    try:
        found = find_anchor(document, make_anchor(document, place))
    except AnchorAmbiguousError:
        return False
    assert found.start < place.end
    assert place.start < found.end
    assert document.folded_slice(found).strip() == document.folded_slice(place).strip()
    return True


def test_every_clause_of_a_release_has_an_anchor_that_finds_it(release: Document) -> None:
    assert all(_check_anchor(release, clause.span) for clause in release.clauses)


def test_sentences_of_every_third_clause_of_a_release_have_an_anchor_that_finds_them(release: Document) -> None:
    sentence = re.compile(r"(?<![^\s(*])\w[^.!?\n]{11,}?[.!?](?=\s)")
    places = [
        Span(clause.span.start + match.start(), clause.span.start + match.end())
        for clause in release.clauses[::3]
        for match in sentence.finditer(release.slice(clause.span))
    ]
    refused = [place for place in places if not _check_anchor(release, place)]
    # One sentence stands twice in an example, with its neighbours.
    assert all(len(find_places(release, Anchor(release.slice(place)))) == 2 for place in refused)
    assert len(refused) <= 2
    assert len(places) > 150


SENTENCES = st.sampled_from(
    [
        "It asks.",
        "It **asks**.",
        "It asks first.",
        "It asks. It asks.",
        "“It” asks—first.",
        "See [it](#x) asks.",
        "asks",
    ]
)
DOUBLED = st.lists(
    st.tuples(
        st.sampled_from(["", "", "- ", "1. ", "> ", "# ", "## "]),
        st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join),
    ).map("".join),
    min_size=1,
    max_size=10,
).map("\n\n".join)


@settings(max_examples=150)
@given(DOUBLED, st.data())
def test_among_doubled_sentences_an_anchor_finds_its_own_or_there_is_none(text: str, data: st.DataObject) -> None:
    document = parse_document(f"{text}\n", "atelier/1")
    for clause in document.clauses:
        _check_anchor(document, clause.span)
        words = list(re.finditer(r"\S+", document.slice(clause.span)))
        first = data.draw(st.integers(0, len(words) - 1))
        last = data.draw(st.integers(first, len(words) - 1))
        start = clause.span.start
        place = Span(start + words[first].start(), start + words[last].end())
        if document.folded_slice(place).strip():
            _check_anchor(document, place)


@given(st.permutations(["It asks.", "It waits.", "It acts.", "It stays."]), st.integers(0, 3))
def test_with_a_neighbour_of_its_own_a_doubled_sentence_has_an_anchor(order: list[str], number: int) -> None:
    paragraphs = [f"{sentence} Then it stops." for sentence in order]
    document = parse_document("\n\n".join(["# A", *paragraphs]) + "\n", "atelier/1")
    place = _place(document, "Then it stops.", number)
    assert find_anchor(document, make_anchor(document, place)) == place


def test_an_anchor_is_given_the_documents_own_name_in_all_its_parts() -> None:
    anchor = Anchor("a Clément b", "On Clément", "x Clément", "y Clément", "root")
    assert anchor.with_subject("Clément", "Odile") == Anchor("a Odile b", "On Odile", "x Odile", "y Odile", "root")


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("legal", ["legal"]),
        ("illegal", ["illegal"]),
        ("should", []),
        ("shouldn't", ["shouldn’t"]),
        ("Odile", ["Odile", "Odile"]),
        ("a", []),
        ("目的", ["目的"]),
        ("-tie", []),
        ("well-", ["well-"]),
    ],
)
def test_a_quote_stands_in_whole_words_alone(quote: str, found: list[str]) -> None:
    document = parse_document(
        "An illegal act and a_legal one; legal: Odile’s. Odile shouldn’t. 行為の目的は well-tied.\n", "x/1"
    )
    assert [document.slice(place) for place in find_places(document, Anchor(quote))] == found
