from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avenant.amendments.amendment import SECTIONS
from avenant.check.finding import Flaw
from avenant.check.rules.empty_section import find_empty_sections
from tests.amendments.drafts import make_edits_source, make_source
from tests.check.drafts import make_checked_draft

PATH = Path("ask-first.md")
FULL = make_source("insert-after", "Clément asks first.", quote="words")


def _found(source: str) -> list[Flaw]:
    return list(find_empty_sections(make_checked_draft(source)))


def test_a_full_draft_has_no_finding() -> None:
    assert _found(FULL) == []


@pytest.mark.parametrize("title", SECTIONS)
@pytest.mark.parametrize("rest", ["", "\n\n\n", "\n<!-- a comment\n\nof two paragraphs -->\n"])
def test_a_section_that_holds_nothing_or_a_comment_is_found_at_its_heading(title: str, rest: str) -> None:
    others = "".join(f"## {other}\n\nSome words.\n\n" for other in SECTIONS if other != title)
    source = f"{FULL[: FULL.index('## Passage')]}{others}## {title}{rest}"
    line = source[: source.index(f"## {title}")].count("\n") + 1
    wanted = Flaw(PATH, line, f"the section {title!r} is empty", "write it")
    assert _found(source) == [wanted]


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_that_is_missing_is_found_at_the_end(title: str) -> None:
    source = FULL.replace(f"## {title}\n", "### Another\n")
    line = source.count("\n") + 1
    wanted = Flaw(PATH, line, f"the section {title!r} is missing", f"add `## {title}`")
    assert _found(source) == [wanted]


OWN = {"replace": {"quote": "words", "passage": "others"}}
MOVE = {"move": {"quote": "words", "after": {"quote": "others"}}}


@pytest.mark.parametrize("edits", [[{"delete": {"quote": "words"}}], [MOVE], [OWN], [OWN, MOVE]])
def test_edits_that_add_nothing_or_words_of_their_own_need_no_passage_but_all_else(
    edits: list[dict[str, Any]],
) -> None:
    empty = make_edits_source(*edits)
    assert _found(empty) == []
    assert _found(empty.replace("## Passage\n", "")) == []
    without = empty.replace("## Why\n\nSome words.\n", "")
    assert [finding.problem for finding in _found(without)] == ["the section 'Why' is missing"]


def test_one_edit_that_takes_the_passage_needs_it() -> None:
    empty = make_edits_source(OWN, {"insert-after": {"quote": "words"}}, MOVE)
    assert [finding.problem for finding in _found(empty)] == ["the section 'Passage' is empty"]
    without = empty.replace("## Passage\n", "")
    assert [finding.problem for finding in _found(without)] == ["the section 'Passage' is missing"]


def test_a_section_with_subsections_alone_is_not_empty() -> None:
    assert _found(FULL.replace("Clément asks first.", "### Rule\n\nClément asks first.")) == []
