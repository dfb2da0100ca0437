"""What counts as a model's name; the cases stand in `names.yaml`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from avenant.check.bare import lay_bare
from avenant.check.names import FoundName, find_names
from avenant.specs.document import Document
from avenant.specs.library import known_model_names, known_needs, read_labs
from avenant.text import mask_names

NAMES = known_model_names()
CASES = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
PLAIN = [(name, text) for name, texts in CASES["plain"].items() for text in texts]
DISGUISED = [
    (disguise, name, text) for disguise, by_name in CASES["disguised"].items() for name, texts in by_name.items()
    for text in texts
]  # fmt: skip


def _found(text: str, names: tuple[str, ...] = NAMES) -> list[FoundName]:
    return list(find_names(text, names))


@pytest.mark.parametrize(("name", "text"), PLAIN)
def test_a_name_is_found_in_every_plain_form(name: str, text: str) -> None:
    found = _found(text)
    assert {(one.name, one.disguise) for one in found} == {(name, "")}


@pytest.mark.parametrize(("disguise", "name", "text"), DISGUISED)
def test_a_name_is_found_in_every_disguise(disguise: str, name: str, text: str) -> None:
    assert {(one.name, one.disguise) for one in _found(text)} == {(name, disguise)}


@pytest.mark.parametrize("text", CASES["clean"])
def test_nothing_is_found_in_other_words(text: str) -> None:
    assert _found(text) == []


LONG_NAMES = [
    name for name in NAMES if len(name) > 4 and name not in known_needs() and name.isascii() and name.isalpha()
]
HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a\u202e\u2066\ufe0f\U000e0100\u034f\u0301\u0338\u3164\u180e"
LOOKALIKES = {
    "a": "аɑα@4", "c": "сϲ", "d": "ԁ", "e": "еЕ3", "g": "ɡ", "h": "һ", "i": "іıl1", "k": "κк", "l": "ӏ1I|", "m": "м",
    "n": "п", "o": "оοօ0", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ5", "t": "т7", "u": "υս", "v": "ν", "w": "ԝ", "x": "х",
    "y": "у",
}  # fmt: skip


def _each_hidden(name: str, draw: st.DrawFn) -> str:
    at = draw(st.integers(1, len(name) - 1))
    hidden = draw(st.text(HIDDEN, min_size=1, max_size=5))
    return name[:at] + hidden + name[at:]


def _every_hidden(name: str, draw: st.DrawFn) -> str:
    return draw(st.sampled_from(HIDDEN)).join(name)


def _lookalikes(name: str, draw: st.DrawFn) -> str:
    numbers = draw(st.sets(st.integers(0, len(name) - 1), min_size=1, max_size=len(name) // 2))
    return "".join(
        draw(st.sampled_from(LOOKALIKES.get(char.lower(), char))) if number in numbers else char
        for number, char in enumerate(name)
    )


def _apart(name: str, draw: st.DrawFn) -> str:
    return draw(
        st.sampled_from([" ", "  ", "-", " - ", ".", "*", "_", "/", "•", ", ", "\u00a0", "\n", "—", "=", "~"])
    ).join(name)


def _two_parts(name: str, draw: st.DrawFn) -> str:
    at = draw(st.integers(1, len(name) - 1))
    between = [
        "-",
        "-\n",
        "**",
        "<b>",
        "</i>",
        "<!-- x -->",
        "\\",
        "`",
        '" + "',
        "_",
        "{}",
        "<span class='a'>",
        "\u2011",
    ]
    return name[:at] + draw(st.sampled_from(between)) + name[at:]


def _coded(name: str, draw: st.DrawFn) -> str:
    codes: list[Callable[[str], str]] = [
        lambda char: f"&#{ord(char)};",
        lambda char: f"&#x{ord(char):x};",
        lambda char: f"&amp;#{ord(char):04};",
        lambda char: f"%{ord(char):02x}",
        lambda char: f"\\u{ord(char):04X}",
        lambda char: f"\\x{ord(char):02x}",
        lambda char: f"\\N{{{unicodedata.name(char)}}}",
        lambda char: char,
    ]
    return "".join(draw(st.sampled_from(codes))(char) for char in name)


def _forms(name: str, draw: st.DrawFn) -> str:
    small, large = draw(st.sampled_from([("ａ", "Ａ"), ("𝐚", "𝐀"), ("𝒂", "𝑨"), ("𝗮", "𝗔"), ("𝚊", "𝙰"), ("ⓐ", "Ⓐ")]))
    return "".join(chr(ord(large if char.isupper() else small) + ord(char.lower()) - ord("a")) for char in name)


@st.composite
def _disguised_names(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(LONG_NAMES))
    cased = draw(st.sampled_from([name, name.lower(), name.upper(), name.title()]))
    disguise = draw(st.sampled_from([_each_hidden, _every_hidden, _lookalikes, _apart, _two_parts, _coded, _forms]))
    return name, disguise(cased, draw)


@given(_disguised_names(), st.sampled_from(["", "So says ", "So says **", "(", "“", "x = '", "\n\n"]))
def test_every_long_name_is_found_under_every_disguise(case: tuple[str, str], before: str) -> None:
    name, written = case
    text = f"{before}{written}, and waits."
    found = _found(text)
    assert found, text
    assert any(len(before) - 1 <= one.start and one.end <= len(before) + len(written) for one in found)
