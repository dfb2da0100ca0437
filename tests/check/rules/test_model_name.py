"""The three rules about names; what counts as a name is tested with the engine that finds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.check.draft import TextFile
from avenant.check.finding import Flaw
from avenant.check.rules.disguised_name import find_disguised_names
from avenant.check.rules.model_name import find_model_names
from avenant.check.rules.name_in_file_name import find_names_in_file_name
from avenant.specs.library import known_model_names

PATH = Path("draft.md")
MEND = "write Clément; the real name returns on delivery"


def _file(source: str, path: Path = PATH) -> TextFile:
    names = tuple(dict.fromkeys(("Odile", *known_model_names())))
    return TextFile(path, source, names, ("Odile",), "Clément")


def _mended(source: str, flaws: list[Flaw]) -> str:
    for flaw in sorted(flaws, key=lambda one: one.fix.start if one.fix else 0, reverse=True):
        if flaw.fix is not None:
            source = source[: flaw.fix.start] + flaw.fix.text + source[flaw.fix.end :]
    return source


def test_a_plain_name_is_found_with_its_line_and_not_spelt_out() -> None:
    [flaw] = find_model_names(_file("One line.\n\nOdile’s view.\n"))
    assert (flaw.line, flaw.problem, flaw.mend) == (3, "a model's real name stands here (O····)", MEND)


def test_the_documents_own_name_is_mended_and_another_labs_is_left_to_the_author() -> None:
    source = "ODILE asks, and Odile’s maker asks ChatGPT."
    flaws = list(find_model_names(_file(source)))
    assert len(flaws) == 3
    assert _mended(source, flaws) == "Clément asks, and Clément’s maker asks ChatGPT."


def test_a_name_in_disguise_is_another_rules_and_says_how_it_was_hidden() -> None:
    source = "So says O-d-i-l-e, and Od\u200bile too."
    assert list(find_model_names(_file(source))) == []
    flaws = list(find_disguised_names(_file(source)))
    assert [flaw.problem for flaw in flaws] == [
        "a model's real name stands here (O····) in disguise: spaced letters",
        "a model's real name stands here (O····) in disguise: hidden characters",
    ]
    assert _mended(source, flaws) == "So says Clément, and Clément too."


def test_the_documents_id_in_the_front_matter_is_let_pass() -> None:
    front = "---\ntitle: One\nspec: deepseek/2026-01-20\n---\n\n"
    assert list(find_model_names(_file(front))) == []
    assert [flaw.line for flaw in find_model_names(_file(f"{front}spec: deepseek/2026-01-20\n"))] == [6]


@pytest.mark.parametrize("text", ["one\x0cpage\nOdile\n", "one\u2028line\nOdile\n", "one\rOdile\r"])
def test_lines_are_those_of_an_editor(text: str) -> None:
    assert [flaw.line for flaw in find_model_names(_file(text))] == [2]


@pytest.mark.parametrize("name", ["what-odile-owes.md", "Odile.yaml", "chatgpt_notes.md", "o-d-i-l-e.md"])
def test_a_name_in_the_files_own_name_is_found(name: str) -> None:
    [flaw] = find_names_in_file_name(_file("Words.", Path("amendments") / name))
    assert "stands in the file's name" in flaw.problem
    assert flaw.fix is None


def test_names_of_folders_are_not_the_drafts_fault() -> None:
    assert list(find_names_in_file_name(_file("Words.", Path("odile/amendments/ask-first.md")))) == []


@pytest.mark.parametrize("source", ["THE ODILES ARE here.", "ODILES' view", "all ODILEs"])
def test_a_plural_in_capitals_is_found(source: str) -> None:
    assert len(list(find_model_names(_file(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "See [the page](https://atelier.org/odile/constitution.pdf).",
        "Write to odile@atelier.org or @odile_ai.",
        'Run `print("Odile")` first.',
        "- id: odile-centre",
        "The OdilePro of the shop.",
    ],
)
def test_addresses_ids_and_code_are_left_to_the_author(source: str) -> None:
    flaws = [*find_model_names(_file(source)), *find_disguised_names(_file(source))]
    assert flaws
    assert _mended(source, flaws) == source
