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
    _, written = case
    text = f"{before}{written}, and waits."
    found = _found(text)
    assert found, text
    assert any(len(before) - 1 <= one.start and one.end <= len(before) + len(written) for one in found)


@given(_disguised_names(), st.text(max_size=20), st.text(max_size=20))
@example(("Claude", "C\u200blaude"), "&#", ";")
def test_what_is_found_reads_as_the_name_and_lies_in_order(case: tuple[str, str], before: str, after: str) -> None:
    text = f"{before} {case[1]} {after}"
    end = 0
    for one in _found(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
        # The words alone are found again, as the same name and in the same disguise.
        [again] = [other for other in _found(text[one.start : one.end], (one.name,)) if other.start == 0]
        assert (again.name, again.disguise) == (one.name, one.disguise)


@given(st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHIJKMNOPQRSTUVWXYZ023456789 .,;:-_*<>&#%\\\n\u200bаеоб", max_size=200))
def test_a_text_without_a_letter_of_the_name_has_no_name(text: str) -> None:
    # The first letter of Ljl is missing in the alphabet, and all that looks like it.
    assert _found(text.replace("i", "").replace("I", ""), ("Ljlub",)) == []


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    for one in _found(text):
        assert text[one.start : one.end]


def test_a_name_is_found_once_and_whole() -> None:
    text = "Claude 3.5 Sonnet, then GPT-4o mini and claude-3-opus-20240229."
    assert [text[one.start : one.end] for one in _found(text)] == [
        "Claude 3.5 Sonnet",
        "GPT-4o mini",
        "claude-3-opus-20240229",
    ]


@pytest.mark.parametrize(
    ("text", "slices"),
    [
        ("Claude’s", ["Claude"]),
        ("two Claudes", ["Claude"]),
        ("Claude 3 times", ["Claude"]),
        ("Claude 3.", ["Claude 3"]),
        ("in Claude 2026 began", ["Claude"]),
        ("&#67;laude!", ["&#67;laude"]),
        ("“C\u200blaude”", ["C\u200blaude"]),
        ("[see](https://claude.ai) Claude", ["claude", "Claude"]),
        ("Haiku, Sonnet and Opus", ["Haiku", "Sonnet", "Opus"]),
    ],
)
def test_a_version_belongs_to_the_name_and_an_ending_does_not(text: str, slices: list[str]) -> None:
    assert [text[one.start : one.end] for one in _found(text)] == slices


def test_a_word_that_is_a_name_too_counts_where_another_name_stands_near() -> None:
    assert _found("Haiku are short.") == []
    assert [one.name for one in _found("Haiku are short, and Claude waits.")] == ["Haiku", "Claude"]
    assert [one.name for one in _found("Claude wrote a haiku.")] == ["Claude"]
    assert [one.name for one in _found("claude haiku")] == ["Claude"]
    assert [one.name for one in _found("Ask Claude.\n\nClaire asks Claude\n\nClaire waits.")] == ["Claude", "Claude"]


def test_names_that_nobody_knows_are_found_as_words_and_not_inside_words() -> None:
    assert [one.name for one in _found("Ask Anna, a-n-n-a or ANNA.", ("Anna",))] == ["Anna"] * 3
    assert _found("bananas, Susanna, savanna", ("Anna",)) == []
    assert [one.name for one in _found("Odile la Grande, odile_la_grande", ("Odile la Grande",))] == [
        "Odile la Grande"
    ] * 2
    assert _found("axb", ("a.b",)) == []
    assert _found("anything", ()) == []


def test_no_name_is_in_disguise_in_the_labs_documents(release: Document) -> None:
    lab = release.id.split("/")[0]
    masked = mask_names(release.text, read_labs()[lab]["names"], "Clément")
    assert [masked[one.start : one.end] for one in _found(masked)] == []


def test_a_bare_text_leads_back_to_its_source() -> None:
    source = "C&#108;au\u200bde ﬁts <b>Ａ</b>"
    bare = lay_bare(source)
    assert bare.text == "Claude fits \x1fA\x1f"
    assert [source[slice(*bare.source_span(at, at + 1))] for at in range(len(bare.text))] == [
        "C", "&#108;", "a", "u", "d", "e", " ", "ﬁ", "ﬁ", "t", "s", " ", "<b>", "Ａ", "</b>",
    ]  # fmt: skip
