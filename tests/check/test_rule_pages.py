from __future__ import annotations

import re

import pytest
from scripts.write_rule_pages import DOCS, grouped_rules, render

from avenant.check.registry import RULES
from avenant.check.rule import Rule
from avenant.check.rule_page import read_page

RENDERED = render()


def test_the_rules_pages_are_those_that_the_rules_make() -> None:
    there = {path: path.read_text(encoding="utf-8") for path in (DOCS / "rules.md", *(DOCS / "rules").glob("*.md"))}
    assert there == RENDERED, "run python scripts/write_rule_pages.py"


def test_every_rule_stands_once_in_the_table_under_its_group() -> None:
    assert tuple(rule for _, rule in grouped_rules()) == RULES
    table = RENDERED[DOCS / "rules.md"]
    assert re.findall(r"^\| \[([\w-]+)\]", table, re.MULTILINE) == [rule.id for rule in RULES]
    groups = [group for group, _ in grouped_rules()]
    assert re.findall(r"^## (.+)$", table, re.MULTILINE) == list(dict.fromkeys(groups))
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index), "a group stands in one piece"


def test_links_lead_to_pages_that_there_are() -> None:
    for path, text in RENDERED.items():
        for target in re.findall(r"\]\(([^)#:]+\.md)\)", text):
            linked = (path.parent / target).resolve()
            assert linked in {page.resolve() for page in RENDERED} or linked.is_file(), f"{path.name}: {target}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_says_what_is_wrong_why_and_what_to_write_instead(rule: Rule) -> None:
    page = read_page(rule)
    assert page.fault[0].isupper()
    assert page.fault.endswith(".")
    assert "\n" not in page.fault
    assert "**Example:**" in page.rest
    assert "**Instead:**" in page.rest
    text = RENDERED[DOCS / f"rules/{rule.id}.md"]
    assert text.startswith(f"# {rule.id}\n")
    assert f", {rule.severity}.* {rule.why[0].upper()}{rule.why[1:]}." in text


def test_a_rule_without_a_page_is_shown_by_its_id() -> None:
    page = read_page(Rule("two-ideas", "note", "one is lost"))
    assert (page.fault, page.rest) == ("Two ideas.", "")
