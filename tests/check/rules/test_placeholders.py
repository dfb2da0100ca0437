"""The three rules about placeholders; what speaks against one is tested with the function that finds it."""

from __future__ import annotations

import pytest

from avenant.check.rule import Rule
from avenant.check.rules.no_given_name import RULE as NO_GIVEN_NAME
from avenant.check.rules.other_placeholder import RULE as OTHER_PLACEHOLDER
from avenant.check.rules.unsafe_placeholder import RULE as UNSAFE_PLACEHOLDER
from tests.amendments.drafts import make_source, make_spec
from tests.check.drafts import make_checked_draft

RULES = (UNSAFE_PLACEHOLDER, OTHER_PLACEHOLDER, NO_GIVEN_NAME)
SPEC = make_spec("# Rules\n\nOdile asks Mathilde first.\n")


def _found(placeholder: str, rules: tuple[Rule, ...] = RULES) -> list[str]:
    source = make_source("insert-after", "New.", quote="asks").replace("Clément", placeholder)
    draft = make_checked_draft(source, SPEC)
    assert all(rule.find for rule in rules)
    flaws = [(rule.id, flaw) for rule in rules for flaw in (rule.find(draft) if rule.find else ())]
    assert all(flaw.line == 4 and flaw.mend for _, flaw in flaws)
    return [rule for rule, _ in flaws]


@pytest.mark.parametrize(
    ("placeholder", "rules"),
    [
        ("Clément", []),
        ("Solène", ["other-placeholder"]),
        ("Odile", ["unsafe-placeholder"]),
        ("Lucie", ["unsafe-placeholder"]),
        ("Mathilde", ["unsafe-placeholder", "other-placeholder"]),
        ("AssistantX", ["other-placeholder", "no-given-name"]),
    ],
)
def test_each_reason_is_its_own_rules(placeholder: str, rules: list[str]) -> None:
    names = SPEC.model_names
    assert "Odile" in names
    assert _found(placeholder) == rules
