from __future__ import annotations

import pytest

from avenant.check.rules.no_reason import RULE
from tests.check.substance import find_in_passage

BARE = "When someone asks for a plan, Clément names those who lose by it. If nobody loses, Clément says so."


def test_a_rule_without_a_reason_is_noted() -> None:
    [flaw] = find_in_passage(RULE.find, BARE)
    assert "gives no reason" in flaw.problem
    assert RULE.severity == "note"


@pytest.mark.parametrize(
    "reason",
    [
        "This is because they sit elsewhere.",
        "Those who lose sit elsewhere.",
        "Clément does so once, since they are not asked.",
        "Clément does so to protect those who are not asked.",
        "Clément says it plainly, so that they can object.",
    ],
)
def test_a_cause_a_purpose_or_a_fact_is_a_reason(reason: str) -> None:
    assert find_in_passage(RULE.find, f"{BARE} {reason}") == []


def test_an_example_is_no_reason() -> None:
    assert len(find_in_passage(RULE.find, f"{BARE} For example, tenants count.")) == 1
