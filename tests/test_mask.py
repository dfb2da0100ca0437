from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from avenant.mask import Mask, mask_for
from avenant.specs.document import Document
from avenant.specs.library import read_labs
from tests.amendments.drafts import make_spec

MASK = Mask(("Zéphyrine", "Zephyr-9", "Le Vent", "通义千问"), "Clément")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zéphyrine asks; ZÉPHYRINE’s way.", "Clément asks; Clément’s way."),
        (unicodedata.normalize("NFD", "Ask Zéphyrine."), "Ask Clément."),
        ("I am Zephyrine, of Zephyr-9.1.", "I am Clément, of Clément."),
        ("zephyr 9, Zephyr‑9 and the Zéphyrines", "Clément, Clément and the Clément"),
        ("le vent, LE-VENT, 通义千问!", "Clément, Clément, Clément!"),
        ("settle ventures on a zephyr", "settle ventures on a zephyr"),
        ("{#zephyrine-says}", "{#Clément-says}"),
        ("", ""),
    ],
)
def test_the_placeholder_stands_for_every_name_however_it_is_written(text: str, shown: str) -> None:
    assert MASK(text) == shown


def test_ids_name_no_model_and_are_ids_still() -> None:
    assert MASK.id("what-zephyrine-and-le-vent-say-1a2b") == "what-clement-and-clement-say-1a2b"
    assert MASK.id("zephyr-9-asks") == "clement-asks"
    assert MASK.id("giving-an-opinion") == "giving-an-opinion"
    # The slug of a name without letters of ASCII is that of every other text without them.
    assert MASK.id("untitled") == "untitled"


def test_what_is_kept_stays_and_what_stands_beside_it_does_not() -> None:
    mask = replace(MASK, names=("Mistral",), kept=("mistral/", "server/mistral-small"))
    assert mask("mistral/2026-01 says Mistral") == "mistral/2026-01 says Clément"
    assert mask("server/mistral-small is Mistral's") == "server/mistral-small is Clément's"


def test_what_is_kept_and_holds_no_name_cuts_no_name_in_two() -> None:
    assert replace(MASK, kept=("r", "Zephyr", "/"))("Zéphyrine and Zephyr-9") == "Clément and Clément"


def test_the_names_of_all_releases_that_are_shown_are_masked() -> None:
    old, new = make_spec("A.\n"), make_spec("B.\n")
    new = replace(new, manifest=replace(new.manifest, names=("Odette",)))
    mask = mask_for(new, "Clément", old)
    assert mask("Odile and Odette in atelier/1") == "Clément and Clément in atelier/1"


def test_the_assistant_is_no_name() -> None:
    mask = mask_for(make_spec("A.\n", "the assistant"), "Clément")
    assert mask("Odile, the assistant, asks") == "Clément, the assistant, asks"


@pytest.mark.parametrize(("lab", "name"), [("anthropic", "constitution"), ("openai", "model_spec")])
def test_no_name_of_the_lab_stands_in_a_real_document_behind_the_mask(
    request: pytest.FixtureRequest, lab: str, name: str
) -> None:
    document: Document = request.getfixturevalue(name)
    names = tuple(read_labs()[lab]["names"])
    mask = Mask(names, "Clément")
    shown = mask(document.text)
    assert shown != document.text
    assert [one for one in names if re.search(rf"(?i)(?<![a-z]){re.escape(one)}", shown)] == []
    assert shown.count("\n") == document.text.count("\n")
    assert mask(shown) == shown
    for section in document.sections:
        assert not re.search(r"(?i)claude|gpt", mask.id(section.id))
