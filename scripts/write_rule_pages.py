"""Write docs/rules.md and a page for each rule under docs/rules/ from the rules' own docstrings."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from avenant.check import registry
from avenant.check.registry import RULES
from avenant.check.rule import Rule
from avenant.check.rule_page import read_page

DOCS = Path(__file__).parent.parent / "docs"
_WRITTEN = "Written by `python scripts/write_rule_pages.py`; do not edit."
_FILES = "Reading the files"
"""Group of the rules that stand above the registry's first comment."""
_LINKED = re.compile(r"(?<![\w(/])(amendments|scenarios|releases|trial|check|ci)\.md\b")


def render() -> dict[Path, str]:
    """The text of each page by its path."""
    pages = {DOCS / "rules.md": _render_table()}
    return pages | {DOCS / f"rules/{rule.id}.md": _render_page(rule, group) for group, rule in grouped_rules()}


def grouped_rules() -> Iterator[tuple[str, Rule]]:
    """Each rule with its group, in the registry's order; the groups are the comments between its lines."""
    source = inspect.getsource(registry)
    group = _FILES
    for line in source[source.index("RULES: tuple") : source.index("RULES_BY_ID")].splitlines()[1:]:
        if comment := re.fullmatch(r"\s+# (.+)", line):
            group = comment[1]
        elif name := re.fullmatch(r"\s+([A-Z_]+),", line):
            yield group, getattr(registry, name[1])


def _render_table() -> str:
    parts = ["# Check rules", "", _WRITTEN, ""]
    parts += [f"The {len(RULES)} rules of `avenant check`. [How to use it](check.md), and how to turn a rule off.", ""]
    seen = ""
    for group, rule in grouped_rules():
        if group != seen:
            parts += [f"## {group}", "", "| rule | severity | fix | why |", "|---|---|---|---|"]
            seen = group
        parts.append(f"| [{rule.id}](rules/{rule.id}.md) | {rule.severity} | {_fix(rule)} | {_cell(rule.why)} |")
        if rule is _last_of(group):
            parts.append("")
    return "\n".join(parts)


def _render_page(rule: Rule, group: str) -> str:
    page = read_page(rule)
    fix = "`avenant check --fix` mends some of it." if rule.is_fixable else ""
    why = f"{rule.why[0].upper()}{rule.why[1:]}."
    facts = " ".join(part for part in (f"*{group}, {rule.severity}.* {why}", fix) if part)
    rest = _LINKED.sub(r"[\1.md](../\1.md)", page.rest)
    parts = [f"# {rule.id}", _WRITTEN, page.fault, facts, rest, "[All rules](../rules.md)"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _last_of(group: str) -> Rule:
    return [rule for other, rule in grouped_rules() if other == group][-1]


def _fix(rule: Rule) -> str:
    return "yes" if rule.is_fixable else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    written = render()
    for stale in set((DOCS / "rules").glob("*.md")) - set(written):
        stale.unlink()
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
