from __future__ import annotations

import re
from pathlib import Path

from scripts.write_rule_pages import grouped_rules

from avenant.check.registry import RULES
from avenant.scenarios import parse_scenarios
from tests.conftest import REPOSITORY

DOCS = (REPOSITORY / "docs/scenarios.md").read_text(encoding="utf-8")


def test_the_example_of_the_docs_is_a_scenario_file() -> None:
    [example] = re.findall(r"^```yaml\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
    file = parse_scenarios(example, Path("scenarios/keep-bargaining-power.yaml"))
    assert [scenario.id for scenario in file.scenarios] == ["call-centre"]
    assert file.canary


def test_the_docs_name_every_rule_on_scenarios() -> None:
    named = set(re.findall(r"\]\(rules/([\w-]+)\.md\)", DOCS))
    assert named == {rule.id for group, rule in grouped_rules() if group == "Scenarios"} | {"missing-canary"}
    assert named <= {rule.id for rule in RULES}
