from __future__ import annotations

import unicodedata

import pytest

from avenant.check.names import find_names
from avenant.check.placeholder import (
    PlaceholderFault,
    find_placeholder_faults,
    given_names,
    suggest_placeholders,
)
from avenant.specs.library import known_model_names

NAMES = known_model_names()
TEXT = "# Odile’s rules\n\nOdile asks first. Solène waits, and so does Clémence.\n"
AS_WORKSPACE = "write Clément, as the workspace does"


def _faults(name: str, workspace: str = "Clément", text: str = TEXT) -> list[PlaceholderFault]:
    return list(find_placeholder_faults(name, text, workspace, NAMES))


@pytest.mark.parametrize("name", [unicodedata.normalize(form, "Clément") for form in ("NFC", "NFD")])
def test_a_good_placeholder_has_no_fault(name: str) -> None:
    assert _faults(name) == []


@pytest.mark.parametrize(
    "name",
    ["Claude", "claude", "Jean-Claude", "Claude Shannon", "C1aude", "Odile", "Lucie", "Claire", "Gemma", "Opus"],
)  # fmt: skip
def test_a_models_name_is_the_only_fault_and_is_not_spelt_out(name: str) -> None:
    problem = "the placeholder is a model's real name, or has one in it"
    assert _faults(name) == [PlaceholderFault("error", problem, AS_WORKSPACE)]


@pytest.mark.parametrize("name", ["Claudine", "Claudette", "Clarisse", "Odilon", "Alberte"])
def test_a_name_that_only_begins_as_a_models_is_none(name: str) -> None:
    assert [fault.severity for fault in _faults(name, workspace=name)] == ["note"]


def test_a_name_that_stands_in_the_document_is_a_fault_and_a_word_that_has_it_is_none() -> None:
    assert _faults("Solène", workspace="Solène") == [
        PlaceholderFault(
            "error",
            "'Solène' stands in the document already, where it means somebody else",
            "choose a French given name that stands nowhere else: Clément or Aurélien or Mathilde",
        )
    ]
    assert _faults("Solène", workspace="Solène", text="Solènes and preSolène") == []
    composed, apart = (unicodedata.normalize(form, "Solène") for form in ("NFC", "NFD"))
    assert [fault.severity for fault in _faults(composed, composed, text=apart)] == ["error"]


def test_another_placeholder_than_the_workspaces_is_warned_of() -> None:
    assert _faults("Bastien") == [
        PlaceholderFault(
            "warning",
            "the placeholder is 'Bastien', and that of the workspace is 'Clément'",
            "write Clément in all drafts of a workspace",
        )
    ]


def test_what_is_no_given_name_is_noted_whatever_its_accents() -> None:
    assert _faults("Assistant", workspace="Assistant") == [
        PlaceholderFault(
            "note",
            "'Assistant' is no French given name that is known here",
            "choose a French given name that stands nowhere else: Clément or Aurélien or Mathilde",
        )
    ]
    assert _faults("Aurelien", workspace="Aurelien") == []


def test_proposed_are_names_that_stand_nowhere_in_the_document() -> None:
    assert suggest_placeholders("", NAMES) == ("Clément", "Solène", "Aurélien")
    assert suggest_placeholders(TEXT, NAMES) == ("Clément", "Aurélien", "Mathilde")
    assert suggest_placeholders(TEXT, NAMES) == suggest_placeholders(TEXT, NAMES)
    assert suggest_placeholders("a clement day", NAMES, count=1) == ("Solène",)
    assert suggest_placeholders(TEXT, (*NAMES, "Aurélien"), count=2) == ("Clément", "Mathilde")
    assert suggest_placeholders(" ".join(given_names()), NAMES) == ()
    assert suggest_placeholders("", NAMES, count=0) == ()


def test_no_given_name_is_listed_twice_or_is_a_models() -> None:
    names = given_names()
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert list(find_names("\n\n".join(names), NAMES)) == []
    assert not {name.casefold() for name in names} & {name.casefold() for name in NAMES}
    assert suggest_placeholders("", NAMES, count=len(names)) == names
