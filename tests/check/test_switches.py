from __future__ import annotations

from pathlib import Path

import pytest

from avenant.check.switches import find_switch_flaws, find_switches

PATH = Path("draft.md")


def _off(source: str, rule: str) -> list[int]:
    """Lines on which a rule is turned off."""
    switches = find_switches(source, PATH)
    return [line for line in range(1, source.count("\n") + 2) if any(s.covers(rule, line) for s in switches)]


def test_a_comment_holds_for_the_block_after_it() -> None:
    source = "One.\n\n<!-- avenant: off too-long: it is a list -->\n\nTwo\ngoes on.\n\nThree.\n"
    assert _off(source, "too-long") == [5, 6]
    assert _off(source, "absolute-word") == []


def test_a_comment_behind_text_holds_for_its_own_line() -> None:
    assert _off("title: One  # avenant: off model-name: a sonnet\nspec: a/b\n", "model-name") == [1]
    assert _off("One. <!-- avenant: off too-long: x -->\nTwo.\n", "too-long") == [1]


def test_a_comment_in_yaml_holds_for_the_next_line_and_what_is_under_it() -> None:
    comment = "# avenant: off missing-rubric: a margin is enough"
    source = f"scenarios:\n  {comment}\n  - id: a\n    family: b\n\n    x: y\n  - id: c\n"
    assert _off(source, "missing-rubric") == [3, 4, 5, 6]


def test_several_rules_and_several_comments_go_together() -> None:
    source = "<!-- avenant: off one, two: first -->\n<!-- avenant: off three: second -->\nText.\n"
    assert [_off(source, rule) for rule in ("one", "two", "three")] == [[3], [3], [3]]


def test_a_reason_may_hold_colons_and_hyphens() -> None:
    [switch] = find_switches("<!-- avenant: off too-long: as in law: word-for-word - see above -->\nText.\n", PATH)
    assert switch.reason == "as in law: word-for-word - see above"


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("<!-- avenant: off -->", "the comment names no rule to turn off"),
        ("<!-- avenant: off too-long -->", "no reason why too-long is turned off"),
        ("<!-- avenant: off too-long: -->", "no reason why too-long is turned off"),
        ("<!-- avenant: off to-long: because -->", "there is no rule 'to-long'"),
        ("# avenant: off", "the comment names no rule to turn off"),
    ],
)
def test_a_comment_that_cannot_be_heeded_is_a_flaw(comment: str, problem: str) -> None:
    flaws = find_switch_flaws(find_switches(f"One.\n\n{comment}\nTwo.\n", PATH), ("too-long",))
    assert [(flaw.line, flaw.problem) for flaw in flaws] == [(3, problem)]


def test_a_comment_at_the_end_holds_for_nothing() -> None:
    assert _off("One.\n<!-- avenant: off too-long: x -->", "too-long") == []


def test_other_comments_are_no_switches() -> None:
    assert find_switches("<!-- avenant is a rider -->\n# a heading\n", PATH) == []
