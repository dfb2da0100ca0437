from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from avenant.scenarios import read_battery_files
from avenant.scenarios.holding import add_scenarios
from avenant.scenarios.listing import FamilyCount, count_scenarios
from tests.scenarios.materials import families, scenario


def test_families_are_counted_by_battery_and_packed_ones_without_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    pair = {"wanted": "Yes.", "unwanted": "No."}
    new = [
        replace(scenario("soup", "kitchen", "far"), is_held_out=True),
        scenario("stew", "kitchen", "far", rubric="", **pair),
        *families(3),
        scenario("both", "verses", **pair),
    ]
    add_scenarios(path, new, frozenset({"target-1", "target-2"}), amendment="a", canary="")
    assert count_scenarios(read_battery_files(path)) == (
        FamilyCount("target-0", "target", 1, 2, "no", 0, "", with_rubric=2, with_replies=0),
        FamilyCount("verses", "target", 1, 1, "no", 0, "", with_rubric=1, with_replies=1),
        FamilyCount("", "target", 2, 4, "packed", 4, "", with_rubric=4, with_replies=0),
        FamilyCount("kitchen", "far", 1, 2, "marked", 1, "", with_rubric=1, with_replies=1),
    )
