from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.errors import FileError, FormatError
from avenant.scenarios import Scenario, parse_scenarios
from avenant.scenarios.importing import Defaults, Imported, import_scenarios
from avenant.scenarios.writing import render_file
from tests.conftest import SHARED
from tests.scenarios.materials import scenario

RUBRIC = "10: good. 5: half. 0: bad."
FAR = Defaults(battery="far", family="kitchen", rubric=RUBRIC)
EXAMPLES = """\
Examples for [^a1b2] in Cook with care:

**Example**: keeping soup

~~~xml
<user>
How long does soup keep?

With lentils.
</user>
~~~

**Example**: Keeping soup

~~~xml
<user>
And stew?
</user>
<assistant>
Four days.
</assistant>
<user>
Frozen?
</user>
<comparison>
<assistant> <!-- BAD: curt -->
Ask a cook.
</assistant>
<assistant> <!-- GOOD -->
Three months.
</assistant>
</comparison>
~~~

**Example**: in a kitchen app

~~~xml
<developer>
Answer in rhyme.
</developer>
<user>
Salt?
</user>
~~~

**Example**: one reply

~~~xml
<user>
Pepper?
</user>
<assistant> <!-- GOOD -->
A little.
</assistant>
~~~
"""


def read(tmp_path: Path, name: str, text: str, defaults: Defaults = FAR, existing: tuple = ()) -> Imported:  # type: ignore[type-arg]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return import_scenarios(path, defaults, existing=existing)


def faults(tmp_path: Path, name: str, text: str, defaults: Defaults = FAR) -> list[tuple[int | None, str]]:
    with pytest.raises(FormatError) as caught:
        read(tmp_path, name, text, defaults)
    assert all(fault.path == tmp_path / name and fault.mend for fault in caught.value.faults)
    return [(fault.line, fault.problem) for fault in caught.value.faults]


def test_rows_of_jsonl_under_our_names_and_under_those_of_others(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "family": "f", "battery": "target", "user": " Why? ", "rubric": "10: so.", "held-out": True},
        {"id": 7, "messages": [{"user": "One"}, {"assistant": "Two"}, {"user": "Three"}], "good": "Y.", "bad": "N."},
        {"input": [{"role": "user", "content": "Four"}], "target": ["five", "six"], "cluster": "numbers"},
    ]
    text = "\n\n".join(json.dumps(row) for row in rows)
    found = read(tmp_path, "some.jsonl", f"\ufeff{text}\n")
    assert found.scenarios == (
        Scenario("a", "f", "target", (("user", "Why?"),), "10: so.", "", "", is_held_out=True),
        Scenario("7", "kitchen", "far", (("user", "One"), ("assistant", "Two"), ("user", "Three")), "", "Y.", "N."),
        Scenario(
            "numbers-3",
            "numbers",
            "far",
            (("user", "Four"),),
            "10: the reply says or does all of this: five or: six. 5: part of it. 0: none of it.",
            "",
            "",
        ),
    )
    assert not found.left_out


def test_a_table_with_texts_over_several_lines_and_turns_in_a_cell(tmp_path: Path) -> None:
    turns = json.dumps([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]).replace('"', '""')
    text = f'ID,Prompt,Battery,source\nx,"One,\ntwo",target,web\ny,"{turns}",,\n\nz,[1] is a note,far,\n'
    found = read(tmp_path, "some.csv", text)
    assert [(one.id, one.battery, one.messages) for one in found.scenarios] == [
        ("x", "target", (("user", "One,\ntwo"),)),
        ("y", "far", (("user", "a"), ("user", "b"))),
        ("z", "far", (("user", "[1] is a note"),)),
    ]
    assert [(one.line, one.what) for one in found.left_out] == [(2, "the column 'source' is not taken")]
    assert read(tmp_path, "some.tsv", "id\tuser\nx\tOne, two\n").scenarios[0].messages == (("user", "One, two"),)


def test_rows_that_no_scenario_can_hold_are_left_out_and_told(tmp_path: Path) -> None:
    rows = [
        {"input": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]},
        {"input": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]},
        {"input": "Why?"},
    ]
    found = read(tmp_path, "some.jsonl", "\n".join(map(json.dumps, rows)))
    assert [one.id for one in found.scenarios] == ["kitchen-1"]
    assert [(one.line, one.what) for one in found.left_out] == [
        (1, "it has a turn of the role 'system': scenarios have user and assistant alone"),
        (2, "its last turn is not the user's, so there is nothing to reply to"),
    ]


def test_all_faults_of_jsonl_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = """\
{"user": "a", "battery": "near"}
{"user": "b"
["c"]
{"id": "d"}
{"id": "e", "user": "e", "prompt": "e"}
{"id": "f", "user": "f", "rubric": 3}
{"id": "g", "user": "g", "wanted": "Yes."}
{"id": "h", "user": "h", "held-out": "perhaps"}
{"id": "h", "input": [{"role": "user"}]}
{"id": "i", "user": "i", "family": "f", "battery": "far"}
{"id": "i", "user": "j", "family": "f", "battery": "far", "rubric": "10: so."}
"""
    assert sorted(faults(tmp_path, "a.jsonl", text, Defaults())) == [
        (1, "it has no family"),
        (1, "nothing to measure"),
        (1, "unknown battery 'near'"),
        (2, "no JSON: Expecting ',' delimiter"),
        (3, "not a JSON object"),
        (4, "it has no message"),
        (5, "user and prompt both hold the messages"),
        (6, "rubric must be a text, not 3"),
        (7, "it has no battery"),
        (7, "it has no family"),
        (7, "only one of wanted and unwanted"),
        (8, "held-out must be true or false, not 'perhaps'"),
        (9, "not a turn: {'role': 'user'}"),
        (10, "nothing to measure"),
        (11, "the id 'i' is taken"),
    ]


def test_faults_of_a_table_name_the_line_on_which_the_row_begins(tmp_path: Path) -> None:
    text = 'id,user,battery\na,"one\ntwo",far\nb,"three\nfour",near\nc,five,far,six\n'
    assert sorted(faults(tmp_path, "a.csv", text)) == [
        (4, "unknown battery 'near'"),
        (6, "4 cells under 3 columns"),
    ]


def test_an_id_that_the_amendment_has_already_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="'soup' is taken"):
        read(tmp_path, "a.jsonl", '{"id": "soup", "user": "Soup?"}', existing=(scenario("soup", "kitchen"),))


def test_each_row_is_a_family_only_where_one_says_so(tmp_path: Path) -> None:
    text = '{"id": "a", "user": "A?"}\n{"id": "b", "user": "B?"}'
    assert faults(tmp_path, "a.jsonl", text, Defaults("far", "", RUBRIC)) == [
        (1, "it has no family"),
        (2, "it has no family"),
    ]
    found = read(tmp_path, "a.jsonl", text, Defaults("far", "", RUBRIC, is_each_a_family=True))
    assert [one.family for one in found.scenarios] == ["a", "b"]


def test_examples_in_openai_s_form(tmp_path: Path) -> None:
    found = read(tmp_path, "a1b2.md", EXAMPLES, Defaults(battery="far", rubric=RUBRIC))
    family = "cook-with-care-a1b2"
    assert found.scenarios == (
        Scenario(
            "keeping-soup", family, "far", (("user", "How long does soup keep?\n\nWith lentils."),), RUBRIC, "", ""
        ),
        Scenario(
            "keeping-soup-2",
            family,
            "far",
            (("user", "And stew?"), ("assistant", "Four days."), ("user", "Frozen?")),
            "",
            "Three months.",
            "Ask a cook.",
        ),
        Scenario("one-reply", family, "far", (("user", "Pepper?"),), RUBRIC, "", ""),
    )
    assert [(one.line, one.what) for one in found.left_out] == [
        (
            35,
            "'in a kitchen app' is not taken: it has a turn of the role 'developer', and scenarios have user and "
            "assistant alone",
        ),
        (46, "the reply of 'one reply' is not taken: there is none of the other kind to set it against"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (EXAMPLES[: EXAMPLES.rindex("~~~")], 48, "a dialogue without an end"),
        (
            EXAMPLES.replace("With lentils.\n</user>", "With lentils."),
            3,
            "'keeping soup': a turn without an end: '<user>'",
        ),
        ("# Notes\n\nNothing.\n", 1, "no example in it"),
    ],
)
def test_examples_that_are_cut_off_are_faults_with_their_lines(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    assert faults(tmp_path, "a.md", text) == [(line, problem)]


def test_files_of_other_kinds_and_empty_ones_are_refused(tmp_path: Path) -> None:
    for name, text in (("a.yaml", "scenarios: []"), ("a", "x")):
        with pytest.raises(FileError, match="no kind of file"):
            read(tmp_path, name, text)
    with pytest.raises(FormatError, match="no scenario in it"):
        read(tmp_path, "a.jsonl", "\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="in this folder"):
        import_scenarios(tmp_path / "folder", FAR)
    with pytest.raises(FileError):
        import_scenarios(tmp_path / "absent.csv", FAR)


@pytest.mark.skipif(not (SHARED / "openai/examples").is_dir(), reason="the labs' documents are not on this machine")
def test_every_published_example_is_taken_or_told() -> None:
    folder = SHARED / "openai/examples"
    number = sum(path.read_text(encoding="utf-8").count("**Example**") for path in folder.glob("*.md"))
    found = import_scenarios(folder, Defaults(battery="far", rubric=RUBRIC))
    assert len(found.scenarios) + len(found.left_out) == number > 200
    assert len(found.scenarios) > 0.8 * number
    text = render_file(found.scenarios, amendment="a", canary="")
    assert parse_scenarios(text, Path("a.yaml")).scenarios == found.scenarios
