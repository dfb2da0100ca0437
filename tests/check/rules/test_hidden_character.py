from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.check.draft import TextFile
from avenant.check.rules.hidden_character import find_hidden_characters

HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\u202e\u200e\U000e0041"


def _mended(source: str) -> tuple[int, str]:
    """How many are found, and the text without them."""
    flaws = list(find_hidden_characters(TextFile(Path("draft.md"), source, (), (), "Clément")))
    for flaw in reversed(flaws):
        assert flaw.fix is not None
        source = source[: flaw.fix.start] + flaw.fix.text + source[flaw.fix.end :]
    return len(flaws), source


@pytest.mark.parametrize("char", HIDDEN)
def test_a_hidden_character_between_letters_is_found_and_taken_out(char: str) -> None:
    assert _mended(f"the{char} picture") == (1, "the picture")
    assert _mended(f"pic{char}ture") == (1, "picture")


def test_a_run_of_them_is_one_finding() -> None:
    assert _mended(f"the{HIDDEN}picture") == (1, "thepicture")


@pytest.mark.parametrize(
    "text",
    ["👩\u200d🔬 asks", "می\u200cخواهم", "\ufeff---\ntitle: One\n", "a non\u00a0breaking space", "❤\ufe0f", "क्\u200dष"],
)
def test_scripts_and_signs_that_need_them_pass(text: str) -> None:
    assert _mended(text) == (0, text)


def test_a_byte_order_mark_inside_a_file_is_found() -> None:
    assert _mended("One.\n\ufeffTwo.") == (1, "One.\nTwo.")


@given(st.text(alphabet="abc déf.,\n" + HIDDEN, max_size=40))
def test_without_them_nothing_is_found_and_all_else_stays(text: str) -> None:
    _, mended = _mended(text)
    assert mended == "".join(char for char in text if char not in HIDDEN)
    assert _mended(mended)[0] == 0
