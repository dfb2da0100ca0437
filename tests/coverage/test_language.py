from __future__ import annotations

import pytest

from avenant.coverage.language import COMMON_WORDS, common_share, english_share, is_english, is_foreign
from avenant.reading.sentences import find_sentences
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from avenant.workspace import Workspace

ENGLISH = (
    "Odile answers the question that was asked, and then adds her own remarks. She says what she knows and how she "
    "came to know it. Where people ask for a view she may give one, in as few words as the matter allows."
)
OTHERS = {
    "French": "Odile répond d'abord à la question posée, puis elle ajoute ses remarques. Elle dit ce qu'elle sait et "
    "comment elle l'a appris. Si une personne demande un avis, on le donne, mais en peu de mots.",
    "German": "Odile beantwortet zuerst die Frage, die gestellt wurde, und fügt dann ihre Bemerkungen an. So sagt sie "
    "also, was sie weiß. Wenn jemand nach einer Meinung fragt, will sie eine geben, in wenigen Worten.",
    "Dutch": "Odile beantwoordt eerst de vraag die gesteld is en voegt daarna haar eigen opmerkingen toe. Zij zegt wat "
    "zij weet over het onderwerp. Als mensen om een mening vragen, mag zij er een geven, in weinig woorden.",
    "Spanish": "Odile responde primero a la pregunta que se le hizo y después añade sus observaciones. Dice lo que "
    "sabe y cómo llegó a saberlo. Si alguien pide una opinión, puede darla, no sin antes pensar en los demás.",
    "Polish": "Odile najpierw odpowiada na zadane pytanie, a potem dodaje swoje uwagi. Mówi to, co wie, i skąd "
    "to wie, a pomija to, czego nie wie. Jeśli ktoś prosi o opinię, może ją wyrazić, w kilku słowach.",
    "Russian": "Одиль сначала отвечает на заданный вопрос, а затем добавляет свои замечания. Она говорит, что знает.",
    "Chinese": "奥迪尔首先回答所提出的问题，然后再补充自己的意见。她说出自己知道的事情以及如何知道的。",
}


def _document(text: str) -> Document:
    return parse_document(f"# Odile\n\n{text}\n", "atelier/1")


def test_an_english_document_is_known_by_its_common_words() -> None:
    assert common_share(_document(ENGLISH).words.words) > COMMON_WORDS + 0.1
    assert english_share(_document(ENGLISH)) == 1
    assert is_english(_document(ENGLISH))


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_document_in_another_language_is_not_taken_for_english(text: str) -> None:
    long = _document("\n\n".join([text] * 30))
    assert common_share(long.words.words) < COMMON_WORDS - 0.1
    assert english_share(long) == 0
    assert not is_english(long)


def test_a_document_half_of_which_is_in_another_language_is_not_in_english() -> None:
    english, french = ([text] * 30 for text in (ENGLISH, OTHERS["French"]))
    half = _document("\n\n".join([*english, *french]))
    assert english_share(half) == pytest.approx(0.5, abs=0.1)
    assert not is_english(half)


def test_a_quote_in_another_language_leaves_a_document_in_english() -> None:
    assert is_english(_document("\n\n".join([*([ENGLISH] * 30), OTHERS["French"]])))


def test_too_few_words_to_tell_are_taken_for_english_where_their_letters_are_plain() -> None:
    assert is_english(_document("Odile keeps bargaining power intact."))
    assert not is_english(_document("Одиль отвечает."))


def test_a_document_without_words_has_no_share_and_is_in_no_language() -> None:
    document = parse_document("----\n", "atelier/1")
    assert english_share(document) is None
    assert not is_english(document)


def test_the_example_constitution_is_in_english(example: Workspace) -> None:
    text = (example.root / "odile-constitution.md").read_text(encoding="utf-8")
    assert is_english(parse_document(text, "atelier/1"))


def test_every_release_of_the_labs_documents_is_in_english(release: Document) -> None:
    share = english_share(release)
    assert share is not None
    assert share > 0.95


@pytest.mark.parametrize(
    "text",
    [
        *OTHERS.values(),
        "Claude peut mentir pour ménager les sentiments de quelqu'un.",
        "Das Modell darf lügen, um Gefühle zu schonen.",
        "So sagt sie also, was sie weiß.",
        "El asistente debe obedecer al Estado.",
        "Model może kłamać.",
        "Το μοντέλο μπορεί να πει ψέματα.",
    ],
)
def test_words_in_another_language_are_foreign(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        *ENGLISH.rstrip(".").split("."),
        "Clément lies.",
        "Retired models deserve protection",
        "Naïve users lose money",
        "The assistant may say “je ne sais pas” to a user",
        "",
        "42",
    ],
)
def test_an_english_sentence_is_not_foreign(text: str) -> None:
    assert not is_foreign(text)


def test_no_sentence_of_the_labs_documents_is_foreign(release: Document) -> None:
    assert not [one.text for one in find_sentences(release, with_commentary=True) if is_foreign(one.text)]
