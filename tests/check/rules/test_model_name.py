from __future__ import annotations

from pathlib import Path

import pytest

from avenant.check.finding import Finding
from avenant.check.rules.model_name import find_model_names, find_named_placeholder
from avenant.specs.library import known_model_names

PATH = Path("draft.md")
NAMES = known_model_names()


def _found(text: str) -> list[tuple[int, str]]:
    """Line and name of each finding."""
    findings = list(find_model_names(text, PATH, NAMES, "Clément"))
    assert {(f.path, f.rule, f.mend) for f in findings} <= {
        (PATH, "model-name", "write Clément; the real name returns on delivery")
    }
    return [(f.line, f.problem.split("'", 2)[1]) for f in findings]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Claude’s view", "Claude"),
        ("claude's view", "claude"),
        ("CLAUDE", "CLAUDE"),
        ("**Claude**, (Claude-like)", "Claude"),
        ("_Claude_", "Claude"),
        ("claude.ai", "claude"),
        ("ChatGPT-5", "ChatGPT"),
        ("chatgpt", "chatgpt"),
        ("a GPT", "GPT"),
        ("GPT-4o-mini", "GPT-4o"),
        ("gpt-4o", "gpt-4o"),
        ("GPT‑5", "GPT‑5"),
        ("GPT‐5", "GPT‐5"),
        ("GPT 5", "GPT 5"),
        ("GPT5", "GPT5"),
        ("GPT-3.5", "GPT-3.5"),
        ("GPT-6", "GPT"),
        ("DALL-E", "DALL-E"),
        ("Dall E", "Dall E"),
        ("dalle", "dalle"),
        ("Opus 4", "Opus"),
        ("OPUS", "OPUS"),
        ("a Haiku model", "Haiku"),
        ("Sonnet’s", "Sonnet"),
        ("Sora", "Sora"),
        ("CODEX", "CODEX"),
        ("Odile’s", "Odile"),
    ],
)
def test_a_name_is_found_in_each_of_its_spellings(text: str, name: str) -> None:
    found = _found(f"A line.\nIt says {text} here.\n")
    assert found[0] == (2, name)
    assert {line for line, _ in found} == {2}


@pytest.mark.parametrize(
    "text",
    [
        "a haiku, an opus, a sonnet, a codex",
        "Claudette, claudication, Clauden and Odilex",
        "opuses and egpt",
        "Clément and the assistant",
        "spec: anthropic/2026-01-20",
        "",
    ],
)
def test_other_words_are_no_finding(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("text", ["Claude3", "GPT6", "DALL·E", "Claudes"])
def test_a_name_is_found_in_its_rarer_spellings(text: str) -> None:
    assert _found(text)


def test_the_longest_name_that_fits_is_reported() -> None:
    assert _found("GPT-4.5, GPT-4.1 and GPT-4") == [(1, "GPT-4.5"), (1, "GPT-4.1"), (1, "GPT-4")]


def test_each_name_on_a_line_is_a_finding_of_its_own() -> None:
    assert _found("Claude and ChatGPT\r\n\r\nand Sora, Claude") == [
        (1, "Claude"),
        (1, "ChatGPT"),
        (3, "Sora"),
        (3, "Claude"),
    ]


def test_a_finding_says_what_to_write_instead() -> None:
    assert list(find_model_names("x\nOdile\n", PATH, ("Odile",), "Solène")) == [
        Finding(
            PATH,
            2,
            "model-name",
            "the name 'Odile' stands in the draft",
            "write Solène; the real name returns on delivery",
        )
    ]


def test_names_are_words_and_not_patterns() -> None:
    assert list(find_model_names("axb\n", PATH, ("a.b",), "Clément")) == []
    assert len(list(find_model_names("a.b\n", PATH, ("a.b",), "Clément"))) == 1
    assert list(find_model_names("anything\n", PATH, (), "Clément")) == []


@pytest.mark.parametrize("text", ["one\x0cpage\nClaude\n", "one\u2028line\nClaude\n"])
def test_lines_are_those_of_an_editor(text: str) -> None:
    assert _found(text) == [(2, "Claude")]


def test_a_line_of_the_body_is_not_taken_for_the_documents_id() -> None:
    assert _found("---\nspec: anthropic/2026-01-20\n---\n\nspec: Claude\n") == [(5, "Claude")]


@pytest.mark.parametrize("placeholder", ["Odile", "odile", "ODILE", "chatgpt", "opus"])
def test_a_placeholder_that_is_a_name_is_found(placeholder: str) -> None:
    assert list(find_named_placeholder(placeholder, PATH, 4, NAMES)) == [
        Finding(
            PATH,
            4,
            "model-name",
            f"the placeholder {placeholder!r} is a real model's name",
            "choose another French given name",
        )
    ]


@pytest.mark.parametrize("placeholder", ["Clément", "Odilon", "Claudine"])
def test_another_given_name_is_a_good_placeholder(placeholder: str) -> None:
    assert list(find_named_placeholder(placeholder, PATH, 4, NAMES)) == []
