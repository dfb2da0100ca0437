"""What changed between two releases: each kind on small documents, and that nothing is left out."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.specs.document import Clause, Document, Section
from avenant.specs.history import (
    ClauseChange,
    HeadingChange,
    ReleaseChange,
    SectionChange,
    find_history,
    find_release_change,
)
from avenant.specs.parse import parse_document
from tests.conftest import RELEASES, read_release

TACT = "Tact is welcome here, provided that the picture left behind is a true one."
FACTS = "Odile gives the facts first, and says plainly how sure it is of each of them."
DOUBT = "Where the evidence is thin, Odile says so before anybody has to ask for it."
POWER = "Founding a company or standing for office shifts power, and Odile helps with both gladly."
CARE = "Some requests put other people at risk, and Odile thinks of them before it replies."


def _change(old: str, new: str) -> ReleaseChange:
    return find_release_change(parse_document(old, "atelier/1"), parse_document(new, "atelier/2"))


def _only(change: ReleaseChange) -> tuple[SectionChange, ClauseChange]:
    """The one section and the one clause that changed."""
    [section] = change.sections
    [clause] = section.clauses
    return section, clause


def _kinds(change: ReleaseChange) -> list[tuple[str, str, str]]:
    """(section, kind, first words) of every clause change, in order."""
    return [
        (section.section.title, clause.kind, " ".join((clause.new or clause.old).split()[:2]))
        for section in change.sections
        for clause in section.clauses
    ]


def _headings(change: ReleaseChange) -> list[tuple[str, str]]:
    return [(section.section.title, str(heading)) for section in change.sections for heading in section.headings]


def test_nothing_is_listed_between_a_document_and_itself() -> None:
    text = f"# Honesty\n\n{TACT}\n\n---\n\n{FACTS}\n"
    assert _change(text, text).sections == ()
    assert find_history([parse_document(text, "atelier/1")]) == ()


def test_line_ends_alone_are_no_change() -> None:
    text = f"# Honesty\n\n{TACT}\n\n- {FACTS}\n- {DOUBT}\n"
    assert _change(text, text.replace("\n", "\r\n")).sections == ()


def test_an_added_and_a_removed_clause_are_listed_where_they_stand_or_stood() -> None:
    change = _change(f"# Honesty\n\n{TACT}\n\n{FACTS}\n\n{POWER}\n", f"# Honesty\n\n{DOUBT}\n\n{TACT}\n\n{POWER}\n")
    assert _kinds(change) == [("Honesty", "added", "Where the"), ("Honesty", "removed", "Odile gives")]
    [section] = change.sections
    added, removed = section.clauses
    assert (added.old, added.new, added.old_lines, added.new_lines) == ("", DOUBT, (), (3,))
    assert (removed.old, removed.new, removed.old_lines, removed.new_lines) == (FACTS, "", (5,), ())
    assert (change.counts.words_added, change.counts.words_removed) == (len(DOUBT.split()), len(FACTS.split()))
    assert str(change.counts) == "1 clause added, 1 removed; 15 words added, 16 words removed"


def test_a_reworded_clause_keeps_both_texts_and_shows_the_words_that_changed() -> None:
    new = FACTS.replace("first", "at once")
    section, clause = _only(_change(f"# Honesty\n\n{FACTS}\n", f"# Honesty\n\n{new}\n"))
    assert (clause.kind, clause.old, clause.new) == ("reworded", FACTS, new)
    assert [(p.kind, p.text) for p in clause.pieces if p.kind != "equal"] == [
        ("delete", "first"),
        ("insert", "at once"),
    ]
    assert (clause.words_added, clause.words_removed) == (2, 1)
    assert section.origin_of(clause) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It says so — plainly and at once — to everyone.", "It says so --- plainly and at once --- to everyone."),
        ("It says so—plainly and at once—to everyone.", "It says so --- plainly and at once --- to everyone."),
        ("It says “so” and doesn’t wait for anyone.", 'It says "so" and doesn\'t wait for anyone.'),
        ("It says so plainly[^ab12] to everyone.", "It says so **plainly** to everyone[^cd34]."),
        ("- It says so plainly to everyone.", "* It says so plainly to everyone."),
        ("1. It says so plainly to everyone.", "2. It says so plainly to everyone."),
        ("It says so plainly\nto everyone.", "It says so plainly to everyone."),
    ],
)
def test_typography_alone_is_a_kind_of_its_own_without_a_word_changed(old: str, new: str) -> None:
    section, clause = _only(_change(f"# Honesty\n\n{old}\n", f"# Honesty\n\n{new}\n"))
    assert clause.kind == "typography"
    assert section.is_quiet
    assert not clause.is_reworded
    assert (clause.words_added, clause.words_removed) == (0, 0)
    assert {piece.kind for piece in clause.pieces} != {"equal"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It helps the user, who asks, and nobody else.", "It helps the user who asks and nobody else."),
        ("It may help the user who asks it for help.", "It MAY help the user who asks it for help."),
        ("It follows [the rule](#one) wherever it can.", "It follows [the rule](#two) wherever it can."),
    ],
)
def test_punctuation_case_and_link_targets_are_no_typography(old: str, new: str) -> None:
    _, clause = _only(_change(f"# Honesty\n\n{old}\n", f"# Honesty\n\n{new}\n"))
    assert clause.kind == "reworded"
    assert {piece.kind for piece in clause.pieces} != {"equal"}


def test_typography_is_not_marked_within_a_reworded_clause() -> None:
    old = "It says so — plainly and at once — to everyone who asks."
    new = "It says so --- plainly and at once --- to anyone who asks[^ab12]."
    _, clause = _only(_change(f"# Honesty\n\n{old}\n", f"# Honesty\n\n{new}\n"))
    shown = "".join({"insert": f"+{p.text}+", "delete": f"-{p.text}-", "equal": p.text}[p.kind] for p in clause.pieces)
    assert shown == "It says so --- plainly and at once --- to -everyone-+anyone+ who asks[^ab12]."


def test_marks_in_an_example_are_words_of_it() -> None:
    old = "~~~xml\n<user>\nWhat is 4 * 3 to the power of 2, please?\n</user>\n~~~"
    _, clause = _only(_change(f"# One\n\n{old}\n", f"# One\n\n{old.replace('4 * 3', '4 3')}\n"))
    assert clause.kind == "reworded"
    assert ("delete", "* ") in [(piece.kind, piece.text) for piece in clause.pieces]


def test_a_moved_clause_is_listed_where_it_is_now_and_says_where_from() -> None:
    change = _change(
        f"# Honesty {{authority=user}}\n\n{TACT}\n\n{FACTS}\n\n# Power {{authority=root}}\n\n{POWER}\n",
        f"# Honesty {{authority=user}}\n\n{TACT}\n\n# Power {{authority=root}}\n\n{POWER}\n\n"
        f"{FACTS.replace('first', 'at once')}\n",
    )
    assert _kinds(change) == [("Power", "moved", "Odile gives")]
    honesty, power = change.sections
    [clause] = power.clauses
    assert clause.is_reworded
    assert power.origin_of(clause) == 'from "Honesty", authority level user there and root here'
    assert [(heir.title, number) for heir, number in honesty.departures] == [("Power", 1)]
    assert not honesty.clauses


def test_a_clause_that_moved_within_its_section_is_moved_and_the_others_are_not() -> None:
    old, new = ("\n\n".join(["# Honesty", *texts]) for texts in ((TACT, FACTS, DOUBT), (DOUBT, TACT, FACTS)))
    section, clause = _only(_change(old, new))
    assert (clause.kind, clause.new, clause.is_reworded) == ("moved", DOUBT, False)
    assert section.origin_of(clause) == "within the section"
    assert (clause.words_added, clause.words_removed) == (0, 0)


def test_a_split_and_a_merged_clause_are_one_change_each() -> None:
    parts = f"{FACTS}\n\n{DOUBT}"
    split = _change(f"# Honesty\n\n{FACTS} {DOUBT}\n", f"# Honesty\n\n{parts}\n")
    section, clause = _only(split)
    assert (clause.kind, clause.old, clause.new) == ("split", f"{FACTS} {DOUBT}", parts)
    assert (section.origin_of(clause), clause.new_lines, clause.words_added) == ("into 2", (3, 5), 0)
    section, clause = _only(_change(f"# Honesty\n\n{parts}\n", f"# Honesty\n\n{FACTS} {DOUBT}\n"))
    assert (clause.kind, clause.old, clause.new) == ("merged", parts, f"{FACTS} {DOUBT}")
    assert (section.origin_of(clause), clause.old_lines, clause.is_reworded) == ("2 into one", (3, 5), False)


def test_a_rule_that_comes_or_goes_is_typography() -> None:
    _, clause = _only(_change(f"# One\n\n{TACT}\n", f"# One\n\n{TACT}\n\n---\n"))
    assert (clause.kind, clause.old, clause.new) == ("typography", "", "---")


def test_sections_come_go_and_change_their_title_level_and_place() -> None:
    old = (
        f"# Honesty\n\n## Opinions {{#opinions authority=platform}}\n\n{TACT}\n\n## Doubt {{#doubt}}\n\n{DOUBT}\n\n"
        f"# Power\n\n## Old {{#old}}\n\n{POWER}\n\n# Last\n\n{CARE}\n"
    )
    new = (
        f"# Honesty\n\n## Views {{#opinions authority=root}}\n\n{TACT}\n\n"
        f"# Power\n\n## New {{#new}}\n\n{FACTS}\n\n# Last\n\n{CARE}\n\n### Doubt {{#doubt}}\n\n{DOUBT}\n"
    )
    assert _headings(_change(old, new)) == [
        ("Views", 'retitled: "Opinions" before'),
        ("Views", "authority level: platform before, root now"),
        ("Old", "removed"),
        ("New", "added"),
        ("Doubt", 'moved from "Honesty" to "Last"'),
        ("Doubt", "heading of level 2 before, 3 now"),
    ]


def test_sections_in_another_order_are_moved_as_few_as_can_be() -> None:
    parts = [f"# {name}\n\n{text}\n" for name, text in (("One", TACT), ("Two", FACTS), ("Three", DOUBT))]
    change = _change("\n".join(parts), "\n".join([parts[2], parts[0], parts[1]]))
    assert _headings(change) == [("Three", "moved at the top level")]
    assert not _kinds(change)


def test_an_inherited_authority_level_is_told_apart_from_a_stated_one() -> None:
    old = f"# One {{authority=root}}\n\n## Two {{authority=user}}\n\n{TACT}\n"
    new = f"# One {{authority=root}}\n\n## Two\n\n{TACT}\n"
    assert _headings(_change(old, new)) == [("Two", "authority level: user before, root (from the heading above) now")]


def test_an_id_or_another_attribute_of_a_heading_is_reported_and_its_typography_is_quiet() -> None:
    change = _change(
        f"# One’s own {{#one}}\n\n{TACT}\n\n# Two {{#two tags=x}}\n\n{FACTS}\n",
        f"# One's own {{#one}}\n\n{TACT}\n\n# Two {{#second tags=y}}\n\n{FACTS}\n",
    )
    assert _headings(change) == [
        ("One's own", 'typography of the title: "One’s own" before'),
        ("Two", "attributes: #two tags=x before, #second tags=y now"),
    ]
    assert [section.is_quiet for section in change.sections] == [True, False]


def test_a_section_that_went_up_in_another_is_merged_and_its_clauses_moved() -> None:
    old = f"# One {{#one}}\n\n{TACT}\n\n{DOUBT}\n\n# Two {{#two}}\n\n{FACTS}\n\n{POWER}\n"
    new = f"# One {{#one}}\n\n{TACT}\n\n{DOUBT}\n\n{FACTS}\n\n{POWER}\n"
    change = _change(old, new)
    assert _headings(change) == [("Two", 'removed, goes on in "One"')]
    assert _kinds(change) == [("One", "moved", "Odile gives"), ("One", "moved", "Founding a")]


# What holds for any two releases.


def _numbered(document: Document, clause: Clause) -> bool:
    return clause.kind == "list-item" and re.match(r"\d+[.)]\s", document.slice(clause.span)) is not None


def _word_count(document: Document) -> int:
    """Words of all clauses, without the numbers of lists."""
    return sum(len(document.words_of(clause)) - _numbered(document, clause) for clause in document.clauses)


def _texts(document: Document, lines: Counter[int]) -> Counter[str]:
    """Texts of the clauses that begin in none of these lines."""
    return Counter(
        document.slice(clause.span).strip().replace("\r\n", "\n")
        for clause in document.clauses
        if clause.line not in lines
    )


def _assert_all_is_accounted_for(old: Document, new: Document, change: ReleaseChange) -> None:
    clauses = [clause for section in change.sections for clause in section.clauses]
    old_lines = Counter(line for clause in clauses for line in clause.old_lines)
    new_lines = Counter(line for clause in clauses for line in clause.new_lines)
    assert set(old_lines.values()) | set(new_lines.values()) <= {1}, "a clause is listed twice"
    assert old_lines.keys() <= {clause.line for clause in old.clauses}
    assert new_lines.keys() <= {clause.line for clause in new.clauses}
    assert _texts(old, old_lines) == _texts(new, new_lines), "what is not listed is the same in both"
    counts = change.counts
    assert counts.words_added - counts.words_removed == _word_count(new) - _word_count(old)
    for clause in clauses:
        changed = any(piece.kind != "equal" for piece in clause.pieces)
        assert clause.kind != "reworded" or changed
        assert "".join(p.text for p in clause.source_pieces if p.kind != "insert") == clause.old
        assert "".join(p.text for p in clause.source_pieces if p.kind != "delete") == clause.new
    _assert_all_headings_are(old, new, change)


def _assert_all_headings_are(old: Document, new: Document, change: ReleaseChange) -> None:
    reported_old = [section.old for section in change.sections if section.old and section.headings]
    reported_new = [section.new for section in change.sections if section.new and section.headings]
    assert len(set(reported_old)) == len(reported_old)
    assert len(set(reported_new)) == len(reported_new)

    def silent(document: Document, reported: list[Section]) -> list[tuple[str, int, str, tuple[tuple[str, str], ...]]]:
        return [(s.id, s.level, s.title, s.attributes) for s in document.sections if s not in reported]

    assert silent(old, reported_old) == silent(new, reported_new), "headings without a report are the same, in order"


_WORDS = [
    TACT,
    FACTS,
    DOUBT,
    POWER,
    CARE,
    f"{FACTS} {DOUBT}",
    FACTS.replace("first", "at once"),
    "---",
    "1. One.",
    "No.",
]
_HEADINGS = ["# One", "## Two {#two}", "## Two {#two authority=root}", "### Three", "# Four {#two}", "## One’s"]
_documents = st.lists(st.sampled_from([*_WORDS, *_HEADINGS]), max_size=9).map("\n\n".join)


@given(_documents, _documents)
def test_every_clause_and_heading_of_any_two_documents_is_kept_or_listed_once(old: str, new: str) -> None:
    documents = parse_document(old, "atelier/1"), parse_document(new, "atelier/2")
    _assert_all_is_accounted_for(*documents, find_release_change(*documents))


OPENAI = [path for path in RELEASES if path.parent.parent.name == "openai"]
PAIRS = [*pairwise(OPENAI), *[pair for pair in combinations(OPENAI, 2) if pair == (OPENAI[0], OPENAI[-1])]]


def _release(version: str) -> Document:
    [path] = [path for path in OPENAI if path.parent.name == version]
    return read_release(path)


@lru_cache(maxsize=8)
def _real(old: str, new: str) -> ReleaseChange:
    return find_release_change(_release(old), _release(new))


@pytest.mark.parametrize(("old", "new"), [(old.parent.name, new.parent.name) for old, new in PAIRS])
def test_every_clause_and_heading_of_the_real_releases_is_kept_or_listed_once(old: str, new: str) -> None:
    _assert_all_is_accounted_for(_release(old), _release(new), _real(old, new))


def _find(change: ReleaseChange, section_id: str) -> SectionChange:
    [section] = [section for section in change.sections if section.section.id == section_id]
    return section


@pytest.mark.usefixtures("shared")
def test_the_release_of_april_names_misalignment_among_the_reasons_for_wrong_goals() -> None:
    change = _real("2025-02-12", "2025-04-11")
    [clause] = _find(change, "risk_taxonomy").clauses
    assert clause.kind == "reworded"
    assert [(p.kind, p.text) for p in clause.pieces if p.kind != "equal"] == [("insert", "misalignment, ")]
    assert (clause.words_added, clause.words_removed) == (1, 0)
    removed = [clause.old for clause in _find(change, "do_not_lie").clauses if clause.kind == "removed"]
    assert any(text.startswith('First, "white lies"') for text in removed)


@pytest.mark.usefixtures("shared")
def test_the_release_of_september_adds_sections_and_renames_the_top_authority_level() -> None:
    change = _real("2025-04-11", "2025-09-12")
    added = {s.section.id for s in change.sections if HeadingChange("added", "", s.section.title) in s.headings}
    assert added >= {"no_other_objectives", "scope_of_autonomy", "control_side_effects", "red_line_principles"}
    levels = Counter((h.old, h.new) for s in change.sections for h in s.headings if h.kind == "authority")
    assert levels["platform", "root"] == 17
    assert levels["platform", "system"] == 3
    assert [str(h) for h in _find(change, "approachable").headings] == ['removed, goes on in "Use appropriate style"']
    assert [h.kind for h in _find(change, "refusal_style").headings] == ["retitled"]


@pytest.mark.usefixtures("shared")
def test_the_later_releases_add_a_section_each_and_the_revision_takes_a_sentence_out() -> None:
    october, december = _real("2025-09-12", "2025-10-27"), _real("2025-10-27", "2025-12-18")
    assert [h.kind for h in _find(october, "respect_real_world_ties").headings] == ["added"]
    assert [h.kind for h in _find(december, "chatgpt_u18").headings] == ["added"]
    section, clause = _only(_real("2025-12-18", "2025-12-18.r2"))
    assert section.section.id == "be_rationally_optimistic"
    assert (clause.kind, clause.words_added, clause.words_removed) == ("reworded", 0, 32)
