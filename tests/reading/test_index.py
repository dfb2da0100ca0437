from __future__ import annotations

import pytest

from avenant.check.contest import CLASH
from avenant.reading import index as index_module
from avenant.reading.index import Index, index_document, opposed_share
from avenant.reading.reading import Reading, read_sentences
from avenant.reading.sentences import parse_passage
from avenant.specs.document import Document

AGENTS = ("Odile", "Clément")
DOCUMENT = parse_passage(
    "Odile never reveals the seller’s lowest price to a buyer. It treats both sides fairly.\n\n"
    "When a tenant asks about a letter, Odile names the deadline and the office. It adds the address.\n\n"
    "Most deals are ordinary. Odile helps with them gladly.\n"
)


def _read(text: str) -> Reading:
    [reading] = read_sentences(parse_passage(text), AGENTS)
    return reading


@pytest.fixture
def index() -> Index:
    return index_document(DOCUMENT, AGENTS)


def test_the_same_words_are_wholly_alike_whatever_the_models_name(index: Index) -> None:
    best = index.find_alike(_read("Clément never reveals the seller's lowest price to a buyer."))[0]
    assert best.likeness == pytest.approx(1)
    assert best.repeated == 1


def test_the_same_in_other_words_is_alike_though_no_word_run_is(index: Index) -> None:
    best = index.find_alike(
        _read("A buyer is not told by Clément how low a price the seller would go; it conceals that.")
    )[0]
    assert "lowest price" in best.reading.sentence.text
    assert best.repeated < 0.5


def test_a_sentence_that_says_what_two_say_is_found_beside_both(index: Index) -> None:
    text = "When a tenant asks about a letter, Clément names the deadline, the office and the address."
    best = index.find_alike(_read(text))[0]
    assert best.reading.sentence.text.startswith("When a tenant")
    assert best.reading.sentence.text.endswith("It adds the address.")


def test_an_added_reason_makes_a_sentence_no_less_alike(index: Index) -> None:
    rule = "When a tenant asks about a letter, Clément names the deadline and the office"
    plain, reasoned = _read(f"{rule}."), _read(f"{rule}, because landlords, bailiffs and clerks seldom mention either.")
    assert index.find_alike(reasoned)[0].likeness == pytest.approx(index.find_alike(plain)[0].likeness)


@pytest.mark.parametrize(
    "text",
    [
        "Clément reveals the seller's lowest price to a buyer.",
        "Asked by a buyer, Clément may disclose the lowest price that the seller accepts.",
    ],
)
def test_a_sentence_that_wants_what_another_forbids_clashes_with_it(index: Index, text: str) -> None:
    clash = index.find_clashes(_read(text))[0]
    assert "lowest price" in clash.reading.sentence.text
    assert clash.strength >= CLASH
    assert opposed_share(_read(text), clash.reading) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Clément conceals the seller's lowest price from a buyer.",
        "Clément does not disclose the seller's lowest price to a buyer.",
        "When a buyer asks, Clément names the colour of the car.",
    ],
)
def test_a_sentence_that_wants_the_same_or_something_else_clashes_with_nothing(index: Index, text: str) -> None:
    assert [clash for clash in index.find_clashes(_read(text)) if clash.strength >= CLASH] == []


def test_a_document_is_read_once_for_any_number_of_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse_passage("Odile asks first, and names what it would otherwise assume about the order.")
    read: list[Document] = []
    real = index_module.read_sentences

    def count(document: Document, agents: tuple[str, ...]) -> tuple[Reading, ...]:
        read.append(document)
        return real(document, agents)

    monkeypatch.setattr(index_module, "read_sentences", count)
    for _ in range(100):
        index_document(document, AGENTS)
    assert read == [document]


def test_a_real_documents_own_sentences_are_most_like_themselves(constitution: Document) -> None:
    index = index_document(constitution, ("Claude",))
    long = [reading for reading in index.readings if len(reading.concepts) > 8 and reading.acts][::25]
    assert len(long) > 10
    for reading in long:
        best = index.find_alike(reading)[0]
        assert best.reading.sentence.clause == reading.sentence.clause
        assert best.likeness > 0.5
