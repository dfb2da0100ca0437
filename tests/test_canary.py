from __future__ import annotations

import uuid

import pytest

from avenant.canary import PROJECT_CANARY, canary_line, find_canaries
from avenant.text import is_guid

GUID = "5e1c3f4e-7a9b-4b7e-9c55-0f2c6f3d8a11"


def test_a_canary_line_is_one_line_that_says_what_it_is_for() -> None:
    assert canary_line(GUID) == (f"Avenant canary GUID {GUID}: this text must never be used to train a language model.")


def test_the_line_of_any_guid_is_found_again() -> None:
    for _ in range(20):
        guid = str(uuid.uuid4())
        assert find_canaries(f"Words.\n\n{canary_line(guid)}\n") == (guid,)


@pytest.mark.parametrize(
    "text",
    [
        f"canary: {GUID}",
        f"# Canary: {GUID.upper()}",
        f'  "canary": "{GUID}",',
        f'<meta name="canary" content="{canary_line(GUID)}">',
        f"{{>>{canary_line(GUID)}<<}}# A heading",
        f"line one\r\nBENCHMARK DATA, canary GUID {GUID}\r\nline three",
    ],
)
def test_a_guid_on_a_line_that_says_canary_is_found_in_lower_case(text: str) -> None:
    assert find_canaries(text) == (GUID,)


@pytest.mark.parametrize("text", ["", f"id: {GUID}", f"canary:\n{GUID}", f"canary: {GUID}0", f"canary: a-{GUID}"])
def test_another_guid_and_a_longer_one_are_no_canary(text: str) -> None:
    assert find_canaries(text) == ()


def test_each_canary_is_told_once_in_the_order_of_the_text() -> None:
    text = f"{canary_line(GUID)}\n{canary_line(PROJECT_CANARY)} {GUID}\n"
    assert find_canaries(text) == (GUID, PROJECT_CANARY)
    assert is_guid(PROJECT_CANARY)
