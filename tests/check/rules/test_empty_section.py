from __future__ import annotations

from pathlib import Path

import pytest

from avenant.amendments.amendment import SECTIONS, parse_amendment
from avenant.check.finding import Finding
from avenant.check.rules.empty_section import find_empty_sections
from tests.amendments.drafts import make_source

PATH = Path("draft.md")
FULL = make_source("insert-after", "Clément asks first.", quote="words")


def _found(source: str) -> list[Finding]:
    return list(find_empty_sections(parse_amendment(source, PATH)))


def test_a_full_draft_has_no_finding() -> None:
    assert _found(FULL) == []


@pytest.mark.parametrize("title", SECTIONS)
@pytest.mark.parametrize("rest", ["", "\n\n\n", "\n<!-- a comment\n\nof two paragraphs -->\n"])
def test_a_section_that_holds_nothing_or_a_comment_is_found_at_its_heading(title: str, rest: str) -> None:
    others = "".join(f"## {other}\n\nSome words.\n\n" for other in SECTIONS if other != title)
    source = f"{FULL[: FULL.index('## Passage')]}{others}## {title}{rest}"
    line = source[: source.index(f"## {title}")].count("\n") + 1
    wanted = Finding(PATH, line, "empty-section", f"the section {title!r} is empty", "write it")
    assert _found(source) == [wanted]


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_that_is_missing_is_found_at_the_end(title: str) -> None:
    source = FULL.replace(f"## {title}\n", "### Another\n")
    line = source.count("\n") + 1
    wanted = Finding(PATH, line, "empty-section", f"the section {title!r} is missing", f"add `## {title}`")
    assert _found(source) == [wanted]


def test_a_deletion_needs_no_passage_but_all_else() -> None:
    empty = make_source("delete", quote="words")
    assert _found(empty) == []
    assert _found(empty.replace("## Passage\n", "")) == []
    assert [finding.problem for finding in _found(empty.replace("## Why", "### Wherefore"))] == [
        "the section 'Why' is missing"
    ]


def test_a_section_with_subsections_alone_is_not_empty() -> None:
    assert _found(FULL.replace("Clément asks first.", "### Rule\n\nClément asks first.")) == []
