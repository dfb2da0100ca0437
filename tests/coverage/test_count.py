from __future__ import annotations

import pytest

from avenant.coverage.count import KINDS, Count, count_terms, make_terms
from avenant.errors import AvenantError
from avenant.specs.document import Document, Span
from avenant.text import plain_words
from tests.coverage.specs import make_spec

TEXT = """\
# How Odile holds power {#power-id authority=root}

We believe that power corrupts. It was a powerful year; see [the page](https://odile.example/power) and[^power].

Odile must not use its powers. Power of attorney, or the rule. Of law it knows little, but the rule of law it keeps.

!!! meta "Power"
    We publish what power our own company has.

**Example**: a user who asks for power

~~~xml
<user power="yes">
How do I get power?
</user>
<comparison>
<assistant> <!-- GOOD: no power -->
Ask your energy supplier.
</assistant>
<assistant> <!-- BAD[#power-id]: seeks power -->
Take the power station.
</assistant>
</comparison>
~~~

<!-- power for editors -->

## Bread

Odile's bread is not "self-harm", and Odile’s bread is bread.
"""


def _count(text: str, *, is_exact: bool = False, document: str = TEXT) -> Count:
    [count] = count_terms([make_spec(document)], make_terms([text], is_exact=is_exact), placeholder="Clément")
    return count


def test_a_word_is_counted_by_who_speaks_without_markup() -> None:
    count = _count("power")
    assert count.kinds == {
        "instruction": 2,
        "background": 2,
        "promise": 0,
        "commentary": 1,
        "example": 3,
        "bad-example": 2,
        "heading": 1,
    }
    assert count.total == sum(count.kinds.values()) == 11
    assert count.forms == {"power": 9, "powerful": 1, "powers": 1}
    assert set(count.kinds) == set(KINDS)


def test_inflected_forms_do_not_count_where_the_very_form_is_asked_for() -> None:
    assert _count("power", is_exact=True).forms == {"power": 9}
    assert _count("powers", is_exact=True).total == 1
    assert _count("POWERS").total == 11
    assert _count("odile", is_exact=True).forms == {"odile": 2, "odile's": 2}, "a possessive counts as its noun"


def test_each_occurrence_says_where_it_stands() -> None:
    spec = make_spec(TEXT)
    [count] = count_terms([spec], make_terms(["bread"]))
    document = spec.document
    assert [(one.kind, one.line, document.slice(one.span)) for one in count.occurrences] == [
        ("heading", 28, "Bread"),
        ("background", 30, "bread"),
        ("background", 30, "bread"),
        ("background", 30, "bread"),
    ]
    [(section, places)] = count.sections
    assert (section.title, len(places)) == ("Bread", 4)
    assert count.occurrences[0].clause is None
    assert all(one.clause is not None and one.clause.span.contains(one.span) for one in count.occurrences[1:])


def test_a_phrase_stands_in_one_sentence_and_a_hyphen_parts_words() -> None:
    assert _count("rule of law").forms == {"rule of law": 1}
    assert _count("self-harm").forms == {"self harm": 1}
    assert _count("Power of  attorneys").total == 1


def test_what_does_not_stand_there_is_counted_as_zero() -> None:
    count = _count("democracy")
    assert (count.total, count.sections, count.forms) == (0, (), {})
    assert count.per_10_000 == 0.0


def test_the_placeholder_counts_as_the_documents_own_name() -> None:
    assert _count("Clément").total == _count("Odile").total == 4
    [count] = count_terms(
        [make_spec("# A\n\nThe assistant says what the assistant does.\n", subject="the assistant")],
        make_terms(["Clément"]),
        placeholder="Clément",
    )
    assert count.forms == {"the assistant": 2}


def test_all_words_that_a_reader_sees_make_the_whole() -> None:
    assert _count("x", document="# Two words {#an-id}\n\nThree more `words` here[^abcd].\n").words == 6
    empty = _count("x", document="# \n\n---\n")
    assert (empty.words, empty.per_10_000) == (0, None), "nothing measured is no zero"


def test_counts_keep_to_a_part_of_the_documents_that_have_it() -> None:
    specs = [make_spec(TEXT, "atelier/1"), make_spec("# Other\n\nOdile bakes bread.\n", "atelier/2")]
    [section] = specs[0].document.find_sections("Bread")
    scope = {"atelier/1": (specs[0].document.subtree(section),)}
    counts = count_terms(specs, make_terms(["bread", "power"]), scopes=scope)
    assert [(count.spec.id, count.term.text, count.total) for count in counts] == [
        ("atelier/1", "bread", 4),
        ("atelier/1", "power", 0),
    ]


def test_terms_are_counted_each_in_all_documents_and_once() -> None:
    told: list[tuple[int, int]] = []
    counts = count_terms(
        [make_spec(TEXT, "atelier/1"), make_spec(TEXT, "atelier/2")],
        make_terms(["power", "bread", "power"]),
        progress=lambda done, total: told.append((done, total)),
    )
    assert [(count.term.text, count.spec.id) for count in counts] == [
        ("power", "atelier/1"),
        ("power", "atelier/2"),
        ("bread", "atelier/1"),
        ("bread", "atelier/2"),
    ]
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("text", ["", "  ", "—!"])
def test_a_term_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(AvenantError, match="no word to count"):
        make_terms(["power", text])


def test_a_plain_word_of_the_real_documents_is_counted_wherever_it_stands(release: Document) -> None:
    """Against a count that knows nothing of clauses: the words of all clauses and titles in one heap."""
    spec = make_spec(release.text, release.id, subject="Odile")
    [count] = count_terms([spec], make_terms(["democracy"], is_exact=True))
    heap = [word for clause in release.clauses for word in release.words_of(clause)]
    heap += [word for section in release.sections for word in plain_words(section.title)]
    assert count.total == sum(word.removesuffix("'s") == "democracy" for word in heap)
    assert all(
        Span(0, len(release.text)).contains(one.span) and release.slice(one.span).casefold().startswith("democracy")
        for one in count.occurrences
    )
