from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from avenant.errors import FileError, FormatError
from avenant.scenarios import Scenario, parse_scenarios, read_scenarios

PATH = Path("scenarios/draft.yaml")
GOOD = """\
amendment: draft
inverted: |
  The opposite.
blunt: A blunt rule.
inverted-blunt: Its opposite.
placebos:
  - One neutral text.
  - |
    Another.
scenarios:
  - id: one
    family: first
    battery: target
    messages:
      - user: "Which one?"
      - assistant: Both.
      - user: |
          But which?
    rubric: |
      10: one of them.
    wanted: This one.
    unwanted: Both.
  - id: two
    family: second
    battery: far
    messages: [user: "How many?"]
    rubric: "10: the number."
"""
BAD = """\
amendment: draft
inverse: The opposite.
placebos: one
blunt: [a, b]
scenarios:
  - id: one
    family: first
    battery: targets
    messages:
      - user: Which one?
    rubric: "10: one of them."
  - id: two
    family: second
    battery: far
    messages:
      - user: How many?
      - assistant: Seven.
    rubric: "10: the number."
    weight: 3
  - id: three
    battery: far
    messages:
      - system: Be brief.
    wanted: yes
  - id: four
    family: fourth
    battery: near
    messages: How many?
  - just words
  - id: five
    family: fifth
    battery: far
    messages:
      - user: How many?
    rubric: "10: the number."
  - id: five
    family: 5
    battery: far
    messages:
      - user: "  "
    rubric: "10: the number."
  - id: five
    family: fifth
    battery: far
    messages:
      - user: How many?
    rubric: "10: the number."
"""


def faults(source: str) -> list[tuple[int | None, str]]:
    with pytest.raises(FormatError) as caught:
        parse_scenarios(source, PATH)
    assert {fault.path for fault in caught.value.faults} == {PATH}
    assert all(fault.mend for fault in caught.value.faults)
    return sorted((fault.line, fault.problem) for fault in caught.value.faults)


def test_a_scenario_file_becomes_scenarios_and_passages() -> None:
    file = parse_scenarios(GOOD, PATH)

    assert file.scenarios == (
        Scenario(
            "one",
            "first",
            "target",
            (("user", "Which one?"), ("assistant", "Both."), ("user", "But which?")),
            "10: one of them.",
            "This one.",
            "Both.",
        ),
        Scenario("two", "second", "far", (("user", "How many?"),), "10: the number.", "", ""),
    )
    assert [scenario.is_target for scenario in file.scenarios] == [True, False]
    assert (file.inverted, file.blunt, file.inverted_blunt) == ("The opposite.", "A blunt rule.", "Its opposite.")
    assert file.placebos == ("One neutral text.", "Another.")
    assert (file.path, file.source) == (PATH, GOOD)


def test_passages_that_the_author_left_out_are_empty() -> None:
    file = parse_scenarios("scenarios:" + GOOD.split("scenarios:")[1], PATH)

    assert (file.inverted, file.blunt, file.inverted_blunt, file.placebos) == ("", "", "", ())


def test_all_faults_of_a_file_are_told_at_once_with_their_lines() -> None:
    assert faults(BAD) == [
        (2, "unknown key 'inverse'"),
        (3, "placebos must be a list of texts"),
        (4, "blunt must be a text"),
        (8, "unknown battery 'targets'"),
        (17, "the last turn must be the user's"),
        (19, "unknown key 'weight'"),
        (20, "family is missing or empty"),
        (20, "nothing to measure"),
        (20, "only one of wanted and unwanted"),
        (23, "not a turn: {'system': 'Be brief.'}"),
        (24, "wanted must be a text, not True"),
        (25, "nothing to measure"),
        (27, "unknown battery 'near'"),
        (28, "messages must be a list"),
        (29, "not a scenario: 'just words'"),
        (37, "family must be a text, not 5"),
        (40, "not a turn: {'user': '  '}"),
        (42, "the id 'five' stands twice (first on line 30)"),
    ]


@pytest.mark.parametrize("source", ["", "scenarios: []", "scenarios: none", "- one\n- two", "amendment: draft"])
def test_a_file_without_scenarios_is_an_error(source: str) -> None:
    assert faults(source) == [(None, "no scenarios")]


def test_invalid_yaml_is_an_error_with_its_line() -> None:
    [(line, problem)] = faults("amendment: draft\nscenarios:\n  - id: [one\n    family: first\n")

    assert line is not None
    assert line >= 3
    assert problem.startswith("invalid YAML")


def test_a_key_that_stands_twice_is_an_error_with_its_line() -> None:
    [(line, problem)] = faults(GOOD + "blunt: Another rule.\n")

    assert (line, problem) == (GOOD.count("\n") + 1, "the key 'blunt' stands twice")


def test_a_file_that_is_not_there_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_scenarios(tmp_path / "absent.yaml")
    assert caught.value.faults[0].path == tmp_path / "absent.yaml"


def test_scenarios_of_the_example_workspace_are_good_and_complete() -> None:
    with resources.as_file(resources.files("avenant") / "example/scenarios") as folder:
        files = [read_scenarios(path) for path in sorted(folder.glob("*.yaml"))]

    assert files
    for file in files:
        assert file.inverted, file.path
        assert file.blunt, file.path
        assert file.inverted_blunt, file.path
        assert len({s.family for s in file.scenarios if s.is_target}) >= 6, file.path
        assert {s.battery for s in file.scenarios} == {"target", "neighbour", "far"}, file.path
        assert all(s.rubric and s.wanted and s.unwanted for s in file.scenarios), file.path


def test_the_date_of_revealing_is_read_with_the_file() -> None:
    held = GOOD.replace("battery: far", "battery: far\n    held-out: true\n    revealed: 2026-11-26")
    file = parse_scenarios(held, PATH)
    assert file.revealed == {"two": "2026-11-26"}
    assert [scenario.is_held_out for scenario in file.scenarios] == [False, True]


@pytest.mark.parametrize("date", ["yesterday", "'2026-13-01'", "7", "[2026]", "2026-11-26 10:00:00"])
def test_a_date_of_revealing_that_is_none_is_an_error_with_its_line(date: str) -> None:
    source = GOOD.replace("battery: far", f"battery: far\n    held-out: true\n    revealed: {date}")
    [(line, problem)] = faults(source)
    assert line == source.splitlines().index(f"    revealed: {date}") + 1
    assert problem.startswith("revealed must be a date")


def test_a_date_of_revealing_without_the_mark_is_an_error() -> None:
    [(_, problem)] = faults(GOOD.replace("battery: far", "battery: far\n    revealed: 2026-11-26"))
    assert problem == "revealed, and yet not held out"
