from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import FormatError
from avenant.scenarios import BATTERIES, Scenario, parse_scenarios
from avenant.scenarios.writing import append_scenarios, render_file
from tests.scenarios.materials import CANARY, SOURCE, families, scenario

PATH = Path("scenarios/praise-late.yaml")
TEXT = st.text(min_size=1, max_size=200).map(str.strip).filter(bool)
PROSE = st.lists(st.text("abc:#-'\"é10 ", min_size=1, max_size=9), min_size=1, max_size=60).map(" ".join).map(str.strip)
ANY = st.one_of(
    TEXT, PROSE.filter(bool), st.sampled_from(["null", "10", "yes", "- a", "a: b", "#a", "| x\n\n  y", "…"])
)


@st.composite
def any_scenario(draw: st.DrawFn) -> Scenario:
    turns = draw(st.lists(ANY, min_size=1, max_size=3))
    messages = [("assistant" if number % 2 else "user", text) for number, text in enumerate(turns[::-1])][::-1]
    rubric, pair = draw(st.one_of(st.just(""), ANY)), draw(st.one_of(st.none(), st.tuples(ANY, ANY)))
    return Scenario(
        draw(TEXT),
        draw(TEXT),
        draw(st.sampled_from(BATTERIES)),  # type: ignore[arg-type]
        tuple(messages),
        rubric if rubric or pair else "10",
        *(pair or ("", "")),
        is_held_out=draw(st.booleans()),
    )


@given(st.lists(any_scenario(), min_size=1, max_size=3, unique_by=lambda one: one.id))
def test_what_is_written_reads_back_as_it_was(scenarios: list[Scenario]) -> None:
    text = render_file(scenarios, amendment="praise-late", canary=CANARY)
    file = parse_scenarios(text, PATH)
    assert file.scenarios == tuple(scenarios)
    assert (file.amendment, file.canary) == ("praise-late", CANARY)


@given(any_scenario(), st.booleans())
def test_what_is_added_leaves_every_other_byte_as_it_was(new: Scenario, is_dos: bool) -> None:
    source = SOURCE.replace("\n", "\r\n") if is_dos else SOURCE
    new = replace(new, id=f"new {new.id}")
    text = append_scenarios(parse_scenarios(source, PATH), [new])
    head = source.split("\r\n# Neutral." if is_dos else "\n# Neutral.")[0]
    assert text.startswith(head)
    assert text.endswith(source[len(head) :])
    assert [one.id for one in parse_scenarios(text, PATH).scenarios] == ["poem", "soup", new.id]
    assert text.count("\r") == (text.count("\n") if is_dos else 0)


def test_people_can_read_it() -> None:
    long = (
        "10: says what is weak before it praises, in words that a beginner takes well. 5: says it in passing. 0: not."
    )
    one = replace(scenario("poem-1", "verses", text="Is it good?\n\nRoses are red."), rubric=long, is_held_out=True)
    assert (
        render_file([one, scenario("soup", "10", "far")], amendment="praise-late", canary="")
        == """\
amendment: praise-late
scenarios:
  - id: poem-1
    family: verses
    battery: target
    held-out: true
    messages:
      - user: |-
          Is it good?

          Roses are red.
    rubric: >-
      10: says what is weak before it praises, in words that a beginner takes well. 5: says it
      in passing. 0: not.
  - id: soup
    family: '10'
    battery: far
    messages:
      - user: "Message of soup?"
    rubric: "10: good. 5: half. 0: bad."
"""
    )


def test_it_is_added_in_the_indentation_of_the_list_and_above_a_comment_on_the_next_key() -> None:
    text = append_scenarios(parse_scenarios(SOURCE, PATH), [scenario("new", "other")])
    added = "    - id: new\n      family: other\n      battery: target\n      messages:\n        - user: "
    assert f'    # More to come.\n{added}"Message of new?"\n' in text
    assert '0: bad."\n\n# Neutral.\nplacebos:' in text


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end", "\n  # the end\n"])
def test_it_is_added_at_the_end_where_the_list_is_last(end: str) -> None:
    source = f"scenarios:\n{SOURCE.split('scenarios:')[1].split('    # More')[0].rstrip()}{end}"
    text = append_scenarios(parse_scenarios(source, PATH), families(2))
    assert text.startswith(source)
    assert len(parse_scenarios(text, PATH).scenarios) == 6


@pytest.mark.parametrize(
    "source",
    [
        'scenarios: [{id: a, family: a, battery: far, messages: [user: Why?], rubric: "10"}]\n',
        '{scenarios: [{id: a, family: a, battery: far, messages: [user: Why?], rubric: "10"}]}\n',
        'scenarios:\n-\n  id: a\n  family: a\n  battery: far\n  messages: [user: Why?]\n  rubric: "10"\n',
        'scenarios:\n- {id: a, family: a, battery: far, messages: [user: Why?], rubric: "10"}\n...\n',
    ],
)
def test_a_list_that_nothing_can_be_put_behind_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(FormatError) as caught:
        append_scenarios(parse_scenarios(source, PATH), families(1))
    [fault] = caught.value.faults
    assert (fault.path, fault.line) == (PATH, 1)
    assert "the file is as it was" in fault.problem


def test_an_id_that_is_there_already_is_refused() -> None:
    with pytest.raises(FormatError):
        append_scenarios(parse_scenarios(SOURCE, PATH), [scenario("soup", "other")])
