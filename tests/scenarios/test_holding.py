from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import FileError, FormatError
from avenant.files import write_text
from avenant.scenarios import holding, packed_path, read_battery_files, read_scenarios
from avenant.scenarios.holding import add_scenarios, choose_held_out, read_existing, reveal_scenarios
from tests.scenarios.materials import CANARY, SOURCE, families, scenario

NEW = [*families(10), *families(4, "neighbour"), *families(1, "far")]
TODAY = dt.date(2026, 11, 26)


def _add(path: Path, new: list, held_out: set[str]) -> holding.Added:  # type: ignore[type-arg]
    return add_scenarios(path, new, frozenset(held_out), amendment="praise-late", canary=CANARY)


@given(st.floats(0, 0.99), st.integers(0, 1000))
def test_of_each_battery_the_share_is_held_out_and_never_all(share: float, seed: int) -> None:
    held = choose_held_out(NEW, share=share, seed=seed)
    assert held == choose_held_out(NEW, share=share, seed=seed)
    number = Counter(family.rsplit("-", 1)[0] for family in held)
    assert abs(number["target"] - 10 * share) <= 1
    assert number["target"] < 10
    assert number["neighbour"] < 4
    assert number["far"] == 0
    assert (number["neighbour"] > 0) == (share > 0)


def test_another_seed_draws_other_families_and_each_as_often() -> None:
    drawn = Counter(family for seed in range(300) for family in choose_held_out(families(10), share=0.3, seed=seed))
    assert sum(drawn.values()) == 900
    assert all(60 <= drawn[f"target-{number}"] <= 120 for number in range(10))


def test_families_that_are_there_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    _add(path, families(4), {"target-0", "target-1"})
    more = [scenario(f"more-{number}", f"target-{number}") for number in range(4)]
    for seed in range(20):
        held = choose_held_out(more, read_existing(path), share=0.9, seed=seed)
        assert held == {"target-0", "target-1"}


def test_whole_families_go_into_one_file_or_the_other(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    added = _add(path, NEW, {"target-2", "neighbour-0"})
    assert {one.family for one in added.held_out} == {"target-2", "neighbour-0"}
    assert read_scenarios(path).scenarios == added.visible
    assert read_battery_files(path).scenarios == (*added.visible, *added.held_out)
    assert all(one.is_held_out for one in added.held_out)
    assert read_scenarios(path).canary == CANARY
    again = _add(path, [scenario("late", "late"), scenario("later", "later")], {"later"})
    assert [one.id for one in again.held_out] == ["later"]
    assert read_battery_files(path).scenarios == (*added.visible, *again.visible, *added.held_out, *again.held_out)


def test_what_cannot_be_added_to_leaves_both_files_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    source = 'scenarios: [{id: a, family: a, battery: far, messages: [user: Why?], rubric: "10"}]\n'
    path.write_text(source, encoding="utf-8")
    with pytest.raises(FormatError):
        _add(path, families(2), {"target-0"})
    assert path.read_text(encoding="utf-8") == source
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileError, match="no scenario that may be seen"):
        _add(tmp_path / "other.yaml", families(1), {"target-0"})
    assert list(tmp_path.iterdir()) == [path]


def test_revealed_scenarios_stand_in_the_file_with_the_date_and_all_else_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    path.write_text(SOURCE, encoding="utf-8")
    _add(path, families(2), {"target-0", "target-1"})
    file = reveal_scenarios(path, today=TODAY)
    assert file == read_scenarios(path)
    assert file.revealed == {one.id: "2026-11-26" for one in families(2)}
    assert [one.id for one in file.scenarios if one.is_held_out] == [one.id for one in families(2)]
    text = path.read_text(encoding="utf-8")
    assert text.startswith(SOURCE.split("\n# Neutral")[0])
    assert text.count("    revealed: 2026-11-26\n") == 4
    assert not packed_path(path).exists()
    with pytest.raises(FileError, match="no scenario is packed here"):
        reveal_scenarios(path, today=TODAY)


def test_revealing_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    _add(path, families(3), {"target-0"})
    packed = packed_path(path).read_text(encoding="utf-8")
    file = reveal_scenarios(path, today=TODAY)
    write_text(packed_path(path), packed)
    with pytest.raises(FormatError):
        read_battery_files(path)
    assert reveal_scenarios(path, today=dt.date(2026, 12, 1)) == file
    assert read_battery_files(path) == file


def test_an_id_that_was_taken_since_by_another_scenario_is_told(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    _add(path, families(2), {"target-0"})
    path.write_text(path.read_text(encoding="utf-8").replace("id: target-1-0", "id: target-0-0"), encoding="utf-8")
    with pytest.raises(FormatError, match=r"'target-0-0' stands in praise-late\.yaml with other words"):
        reveal_scenarios(path, today=TODAY)
    assert packed_path(path).exists()


def test_packed_scenarios_without_others_are_no_beginning(tmp_path: Path) -> None:
    path = tmp_path / "praise-late.yaml"
    assert read_existing(path) is None
    _add(path, families(2), {"target-0"})
    path.unlink()
    with pytest.raises(FileError, match=r"there is praise-late\.held-out\.yaml and no praise-late\.yaml"):
        read_existing(path)
