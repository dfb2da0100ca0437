from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.canary import find_canaries
from avenant.errors import FormatError
from avenant.files import sha256_text
from avenant.scenarios import packed_path, parse_scenarios, read_battery_files, read_scenarios
from avenant.scenarios.packed import pack_text
from avenant.scenarios.writing import render_list
from tests.scenarios.materials import CANARY, SOURCE, families, scenario

HIDDEN = families(2, "neighbour")
PACKED = pack_text(render_list(HIDDEN), amendment="praise-late", canary=CANARY, scenarios=4, families=2)
PATH = Path("scenarios/praise-late.held-out.yaml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "praise-late.yaml"
    path.write_text(SOURCE, encoding="utf-8")
    packed_path(path).write_text(PACKED, encoding="utf-8")
    return path


def test_a_packed_file_shows_no_word_of_its_scenarios_and_says_what_it_is() -> None:
    assert not re.search(r"Message|neighbour|rubric|half", PACKED)
    assert "avenant scenarios reveal praise-late" in PACKED
    assert "no secrecy" in PACKED
    assert find_canaries(PACKED) == (CANARY,)
    assert "scenarios: 4\n  families: 2\n" in PACKED


def test_a_trial_reads_visible_and_packed_ones_and_an_author_the_visible_alone(path: Path) -> None:
    everything, visible = read_battery_files(path), read_scenarios(path)
    assert [one.id for one in visible.scenarios] == ["poem", "soup"]
    assert [one.id for one in everything.scenarios] == ["poem", "soup", *(one.id for one in HIDDEN)]
    assert everything.packed_ids == {one.id for one in HIDDEN}
    assert [one.is_held_out for one in everything.scenarios] == [False, False, True, True, True, True]
    assert everything.source == SOURCE
    assert everything.packed == PACKED
    assert everything.placebos == ("One text.",)


def test_the_hash_covers_both_files_and_is_the_text_s_own_where_nothing_is_packed(path: Path) -> None:
    both = read_battery_files(path).sha256
    assert read_scenarios(path).sha256 == sha256_text(SOURCE)
    other = pack_text(render_list(HIDDEN[:2]), amendment="praise-late", canary=CANARY, scenarios=2, families=1)
    packed_path(path).write_text(other, encoding="utf-8")
    assert len({both, read_battery_files(path).sha256, sha256_text(SOURCE)}) == 3
    packed_path(path).unlink()
    assert read_battery_files(path) == read_scenarios(path)


@given(st.text(max_size=300))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    new = scenario("one", "first", text=f"x{text.replace(chr(13), '')}x")
    packed = pack_text(render_list([new]), amendment="a", canary="", scenarios=1, families=1)
    [found] = parse_scenarios(packed, PATH).scenarios
    assert found.messages == new.messages


def _flip(source: str) -> str:
    at = source.index("text: |") + 20
    return source[:at] + ("A" if source[at] != "A" else "B") + source[at + 1 :]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (_flip(PACKED), "the packed text"),
        (PACKED[:-31], "the packed text"),
        (PACKED.replace("text: |\n", "text: |\n    ü"), "the packed text cannot be unpacked"),
        (re.sub("sha256: .", "sha256: z", PACKED), "the packed text is not what was packed"),
        (PACKED.replace("  families: 2\n", ""), "packed has not the keys scenarios, families, sha256, text"),
        (f"{PACKED}scenarios: []\n", "unknown key 'scenarios'"),
        (PACKED.replace(CANARY, "none"), "'none' is not a GUID"),
        ("packed: none\n", "packed has not the keys"),
    ],
)
def test_a_packed_file_that_was_changed_is_an_error_with_its_place(source: str, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_scenarios(source, PATH)
    [fault] = caught.value.faults
    assert fault.problem.startswith(problem)
    assert fault.path == PATH
    assert fault.line
    assert fault.mend


def test_a_small_file_cannot_fill_the_memory() -> None:
    bomb = base64.b64encode(zlib.compress(b"a" * 50_000_000, 9)).decode()
    source = f"packed:\n  scenarios: 1\n  families: 1\n  sha256: a\n  text: {bomb}\n"
    with pytest.raises(FormatError, match="not what was packed"):
        parse_scenarios(source, PATH)


def test_faults_inside_are_told_without_any_word_of_it() -> None:
    text = "scenarios:\n- {id: a, family: secret idea, battery: middle, messages: [user: x], rubric: '10'}\n"
    with pytest.raises(FormatError) as caught:
        parse_scenarios(pack_text(text, amendment="a", canary="", scenarios=1, families=1), PATH)
    assert "no scenarios" in str(caught.value)
    assert "middle" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_packed_scenarios_of_another_amendment_are_refused(path: Path) -> None:
    packed_path(path).write_text(PACKED.replace("amendment: praise-late", "amendment: other"), encoding="utf-8")
    with pytest.raises(FormatError, match="for 'other', not for 'praise-late'"):
        read_battery_files(path)


def test_an_id_in_both_files_is_refused_and_not_told(path: Path) -> None:
    path.write_text(SOURCE.replace("id: soup", "id: neighbour-0-1"), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_battery_files(path)
    assert "reveal" in str(caught.value)
    assert "neighbour-0-1" not in str(caught.value)
