from __future__ import annotations

import inspect
import re
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avenant.errors import FormatError
from avenant.specs.document import Document
from avenant.specs.parse import parse_document

LINES = (
    *("text here", "**bold** words[^ab1d]", "lazy line", "| a | b |", "[a]: /url", "\\# escaped", "\u2028odd", "\x0c"),
    *("# Title", "## Sub {#sub authority=root}", "Setext", "===", "---", "#", "# "),
    *("- item", "  - nested", "    deep", "1. one", "   more of it", "*", "-", "- - - a", "- # h", "- ~~~", "-\ta"),
    *("~~~xml", "~~~", "```", "> quote", "> - q", '!!! meta "Commentary"', "!!! note", "    body", "\tbody"),
    *("", "", "   ", "<div>", "</div>", "<!-- c", "-->", "***", "\ufeff"),
)
MARKDOWN = st.builds(
    lambda bom, lines, newline, end: bom + newline.join(lines) + end,
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.sampled_from(LINES), max_size=14),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)
HEADING = re.compile(r"\ufeff?(?: {0,3}#[^\n]*|(?:[^\n]+\n)+? {0,3}(?:=+|-+)[^\S\n]*(?=\n|\Z))")


def _parse(text: str) -> Document:
    return parse_document(text, "atelier/2026-09-01")


def _shapes(document: Document) -> list[tuple[str, str]]:
    return [(clause.kind, document.slice(clause.span)) for clause in document.clauses]


def _between(document: Document) -> str:
    """What stands neither in a clause nor in a heading."""
    rest, at = "", 0
    starts = [section.span.start for section in document.sections if section.level]
    for end, until in [*((c.span.start, c.span.end) for c in document.clauses), (len(document.text),) * 2]:
        for start in (start for start in starts if at <= start < end):
            rest += document.text[at:start]
            heading = HEADING.match(document.text, start)
            assert heading is not None
            at = heading.end()
        assert at <= end
        rest += document.text[at:end]
        at = until
    return rest


def _check_spans(document: Document) -> None:
    text = document.text
    assert "".join(document.slice(section.span) for section in document.sections) == text
    assert len({section.id for section in document.sections}) == len(document.sections)
    assert len({clause.id for clause in document.clauses}) == len(document.clauses)
    at = 0
    for clause in document.clauses:
        body = document.slice(clause.span)
        assert at <= clause.span.start < clause.span.end
        assert body.strip()
        assert body == body.lstrip()
        assert "\n" not in body[len(body.rstrip()) : -1]
        assert document.section(clause.section_id).span.contains(clause.span)
        assert clause.list_span is None or clause.list_span.contains(clause.span)
        assert clause.line == text.count("\n", 0, clause.span.start) + 1 == document.line(clause.span.start)
        assert document.clause_at(clause.span.start) == document.clause_at(clause.span.end - 1) == clause
        at = clause.span.end


def test_clauses_and_headings_hold_every_word_of_a_release_in_order(release: Document) -> None:
    _check_spans(release)
    assert _between(release).strip() == ""
    assert len(release.clauses) > 400


@settings(max_examples=300)
@given(MARKDOWN)
@example("text\n- \x0c\n-")
def test_clauses_and_headings_hold_every_word_of_any_markdown_in_order(text: str) -> None:
    document = _parse(text)
    _check_spans(document)
    # An empty list item is its marker alone, and that is no clause.
    assert set("".join(_between(document).split())) <= set("\ufeff-*1.>")


@settings(max_examples=150)
@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
def test_line_ends_change_nothing_but_themselves(text: str) -> None:
    unix, windows = _parse(text), _parse(text.replace("\n", "\r\n"))
    assert [(c.id, c.line, c.kind) for c in windows.clauses] == [(c.id, c.line, c.kind) for c in unix.clauses]
    assert [(kind, body.replace("\r\n", "\n")) for kind, body in _shapes(windows)] == _shapes(unix)
    assert [(s.id, s.level) for s in windows.sections] == [(s.id, s.level) for s in unix.sections]


@given(st.text(max_size=60))
def test_any_text_has_a_parse(text: str) -> None:
    _check_spans(_parse(text))


@pytest.mark.parametrize("text", ["# T\r\n\r\na\nb\r\n", "# T\n\na\r\nb\n"])
def test_the_newline_of_a_document_is_the_one_that_most_lines_have(text: str) -> None:
    assert _parse(text).newline == ("\r\n" if text.count("\r\n") > 1 else "\n")


def test_the_newest_model_spec_has_eighty_sections_and_its_own_ids(model_spec: Document) -> None:
    assert len(model_spec.sections) == 80
    assert len(model_spec.clauses) == 765
    [chain] = model_spec.find_sections("chain_of_command")
    assert (chain.title, chain.level, chain.path) == ("The chain of command", 1, ("The chain of command",))
    assert not [section.id for section in model_spec.sections if not re.fullmatch("[a-z0-9_]+", section.id)]
    levels = {section.authority for section in model_spec.sections}
    assert levels == {None, "root", "system", "developer", "user", "guideline"}


def test_claudes_constitution_has_forty_two_sections(constitution: Document) -> None:
    assert len(constitution.sections) == 42
    assert constitution.sections[0].title == "Claude’s Constitution"
    assert {clause.kind for clause in constitution.clauses} == {"paragraph", "list-item"}
    assert not [s.title for s in constitution.sections if s.title != s.title.strip() or "*" in s.title]


def test_model_spec_examples_and_commentary_are_clauses_of_their_own(model_spec: Document) -> None:
    kinds = [clause.kind for clause in model_spec.clauses]
    assert kinds.count("example") == len(re.findall(r"^~~~xml", model_spec.text, re.MULTILINE))
    assert kinds.count("admonition") == len(re.findall(r"^!!! ", model_spec.text, re.MULTILINE))
    assert [c.id for c in model_spec.clauses if c.is_commentary != (c.kind == "admonition")] == []
    tagged = [tag for clause in model_spec.clauses for tag in clause.footnotes]
    assert len(tagged) == len(re.findall(r"\[\^\w+\]", model_spec.text)) > 100


ALL_BLOCKS = """\
Before any heading.

# A **bold** title’s `code` ##

A paragraph[^ab1d]
of two lines[^x-2].
- one
unindented continuation
- two

  still two

      code in two
> a quote
> # no heading

***
<div>
html
</div>

    indented code

[ref]: https://example.org

## Sub {#own_id authority="root" .odd}

End\\."""


def test_every_kind_of_block_is_a_clause_with_its_section_line_and_footnotes() -> None:
    document = _parse(ALL_BLOCKS)
    assert [(c.kind, c.section_id, c.line, c.footnotes, document.slice(c.span)) for c in document.clauses] == [
        ("paragraph", "preamble", 1, (), "Before any heading.\n"),
        ("paragraph", "a-bold-titles-code", 5, ("ab1d", "x-2"), "A paragraph[^ab1d]\nof two lines[^x-2].\n"),
        ("list-item", "a-bold-titles-code", 7, (), "- one\nunindented continuation\n"),
        ("list-item", "a-bold-titles-code", 9, (), "- two\n\n  still two\n\n      code in two\n"),
        ("quote", "a-bold-titles-code", 14, (), "> a quote\n> # no heading\n"),
        ("rule", "a-bold-titles-code", 17, (), "***\n"),
        ("html", "a-bold-titles-code", 18, (), "<div>\nhtml\n</div>\n"),
        ("code", "a-bold-titles-code", 22, (), "indented code\n"),
        ("paragraph", "a-bold-titles-code", 24, (), "[ref]: https://example.org\n"),
        ("paragraph", "own_id", 28, (), "End\\."),
    ]
    assert [(s.id, s.title, s.level, s.path, s.attributes) for s in document.sections] == [
        ("preamble", "", 0, (), ()),
        ("a-bold-titles-code", "A bold title’s code", 1, ("A bold title’s code",), ()),
        ("own_id", "Sub", 2, ("A bold title’s code", "Sub"), (("authority", "root"),)),
    ]
    assert [section.authority for section in document.sections] == [None, None, "root"]
    whole_list = ALL_BLOCKS[ALL_BLOCKS.index("- one") : ALL_BLOCKS.index("> a quote")]
    assert [document.slice(c.list_span) for c in document.clauses if c.list_span] == [whole_list] * 2
    assert document.clauses[0].id == "before-any-heading-bf6b"


def test_headings_inside_fences_are_no_headings() -> None:
    document = _parse("# One\n\n~~~xml\n# functions\n~~~\n\n```python\n# comment\n## more\n```\n\n    # code\n")
    assert [section.title for section in document.sections] == ["One"]
    assert _shapes(document) == [
        ("example", "~~~xml\n# functions\n~~~\n"),
        ("code", "```python\n# comment\n## more\n```\n"),
        ("code", "# code\n"),
    ]


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    document = _parse("# One\n\n~~~xml\n# functions\n\n- no item")
    assert len(document.sections) == 1
    assert _shapes(document) == [("example", "~~~xml\n# functions\n\n- no item")]


COMMENTARY = '!!! meta "Commentary"\n\n    First.\n\n    - second\n\tthird\n'


@pytest.mark.parametrize("before", ["", "A paragraph.\n", "A paragraph.\n\n", "- item\n\n"])
@pytest.mark.parametrize("after", ["", "A paragraph.\n", "\nA paragraph.\n", "\n# Heading\n", "!!! note\n    x\n"])
def test_commentary_takes_its_indented_body_also_past_a_blank_line(before: str, after: str) -> None:
    document = _parse(before + COMMENTARY + after)
    found = [(document.slice(c.span), c.kind) for c in document.clauses if c.is_commentary]
    assert found == [(COMMENTARY, "admonition")]


def test_admonitions_of_other_kinds_instruct_the_model() -> None:
    document = _parse('!!! warning "Mind"\n    the gap\n\n!!!meta is text\n')
    assert [(c.kind, c.is_commentary) for c in document.clauses] == [("admonition", False), ("paragraph", False)]


def test_nested_items_are_clauses_apart_thirty_levels_deep() -> None:
    text = "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(30))
    document = _parse(text)
    assert _shapes(document) == [("list-item", f"- item {depth}\n") for depth in range(30)]
    assert {clause.list_span for clause in document.clauses} == {document.clauses[0].list_span}
    assert document.clauses[0].list_span is not None
    assert document.slice(document.clauses[0].list_span) == text


def test_what_follows_a_nested_list_in_its_item_is_a_clause_apart() -> None:
    document = _parse("- outer\n  - inner\n\n  rest of outer\n- next\n")
    assert _shapes(document) == [
        ("list-item", "- outer\n"),
        ("list-item", "- inner\n"),
        ("list-item", "rest of outer\n"),
        ("list-item", "- next\n"),
    ]


def test_headings_inside_items_and_quotes_open_no_section() -> None:
    document = _parse("# One\n\n- # two\n\n> # three\n")
    assert [section.title for section in document.sections] == ["One"]


@pytest.mark.parametrize(
    ("heading", "title", "section_id", "attributes"),
    [
        ("# Stay in bounds {#scope authority=root}", "Stay in bounds", "scope", (("authority", "root"),)),
        ("# Stay {authority='user' #scope}", "Stay", "scope", (("authority", "user"),)),
        ("# Use {braces} well", "Use {braces} well", "use-braces-well", ()),
        ("# Stay {#scope url=a=b}", "Stay", "scope", (("url", "a=b"),)),
        ("# What {} is", "What {} is", "what-is", ()),
        (r"# 1\. Stars \[and\] _dashes_", "1. Stars [and] _dashes_", "1-stars-and-dashes", ()),
        ("Two words\n---------", "Two words", "two-words", ()),
        ("# !", "!", "untitled", ()),
        ("#", "", "untitled", ()),
    ],
)
def test_a_heading_gives_title_id_and_attributes(
    heading: str, title: str, section_id: str, attributes: tuple[tuple[str, str], ...]
) -> None:
    [section] = _parse(f"{heading}\n").sections
    assert (section.title, section.id, section.attributes) == (title, section_id, attributes)


def test_an_escaped_star_stays_in_the_title() -> None:
    assert _parse("# Five \\*stars\\*\n").sections[0].title == "Five *stars*"


def test_a_title_is_one_line() -> None:
    assert _parse("Two\nlines\n===\n").sections[0].title == "Two lines"


def test_repeated_headings_and_clauses_get_ids_of_their_own() -> None:
    document = _parse("# Why\n\nSame words.\n\nSame words.\n\n# Why\n\nSame words.\n\n## Why {#why}\n\n# Preamble\n")
    assert [section.id for section in document.sections] == ["why", "why-2", "why-3", "preamble"]
    assert [clause.id for clause in document.clauses] == ["same-words-ec9d", "same-words-ec9d-2", "same-words-ec9d-3"]


def test_a_heading_has_its_level_whichever_way_it_is_marked() -> None:
    document = _parse("One\n===\n\nTwo\n---\n\n### Three\n\n###### Six\n\n####### no heading\n\n# One ====\n")
    assert [(section.level, section.title) for section in document.sections] == [
        (1, "One"),
        (2, "Two"),
        (3, "Three"),
        (6, "Six"),
        (1, "One ===="),
    ]


def test_a_document_without_headings_is_one_preamble() -> None:
    document = _parse("\n\n  Some words\n")
    assert [(s.id, s.title, s.level, document.slice(s.span)) for s in document.sections] == [
        ("preamble", "", 0, "\n\n  Some words\n")
    ]
    assert _shapes(document) == [("paragraph", "Some words\n")]


def test_an_empty_document_has_nothing_in_it() -> None:
    document = _parse("")
    assert (document.sections, document.clauses, document.newline) == ((), (), "\n")
    assert document.clause_at(0) is None


def test_a_byte_order_mark_belongs_to_no_clause() -> None:
    document = _parse("\ufeff# Title\n\nWords\n")
    assert document.sections[0].title == "Title"
    assert _shapes(document) == [("paragraph", "Words\n")]
    assert _shapes(_parse("\ufeffWords\n")) == [("paragraph", "Words\n")]


@pytest.mark.parametrize(
    "text", ["[" * 3000, "*a **b " * 1000, "<!--" * 3000, "!!! meta\n\n" * 1000, "[a](b" * 1000, "\n" * 20_000 + "x"]
)
def test_odd_markup_is_parsed_in_little_time(text: str) -> None:
    start = time.process_time()
    assert _parse(text).clauses
    assert time.process_time() - start < 5


def test_lists_nested_beyond_reason_are_refused_with_a_message() -> None:
    with pytest.raises(FormatError, match="nested hundreds deep"):
        _parse("- " * 500 + "deep")


def test_quotes_nested_beyond_reason_are_refused_with_a_message() -> None:
    limit = sys.getrecursionlimit()
    # The parser takes seconds for hundreds of nested quotes; with less stack it has to give up earlier.
    sys.setrecursionlimit(len(inspect.stack(0)) + 300)
    try:
        with pytest.raises(FormatError, match="nested hundreds deep"):
            _parse(">" * 500 + " deep")
    finally:
        sys.setrecursionlimit(limit)
