from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from avenant.amendments.amendment import SECTIONS, STATUSES, Amendment, parse_amendment, read_amendment
from avenant.amendments.anchor import Anchor
from avenant.amendments.edit import Edit
from avenant.errors import Fault, FormatError
from avenant.workspace import Workspace

PATH = Path("amendments/ask-first.md")
CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"
SOURCE = f"""\
---
title: Ask first
spec: atelier/2026-09-01
placeholder: Clément
threats: [intelligence-curse, epistemic-erosion]
status: in-review
authors:
  - Jo Doe
canary: {CANARY}
edits:
  - insert-after:
      section: Being helpful
      quote: "It asks: first"
      prefix: before
      suffix: after
---

## Passage

Clément asks first.

### A heading of its own

It waits.

## Why

<!-- A comment
does not count. -->
Because.

## Expected behaviour

<!-- nothing yet -->

## Risks and side effects

None <!-- yet --> known.
"""


def _faults(source: str) -> list[tuple[int | None, str, str | None]]:
    with pytest.raises(FormatError) as caught:
        parse_amendment(source, PATH)
    assert {fault.path for fault in caught.value.faults} == {PATH}
    return [(fault.line, fault.problem, fault.mend) for fault in caught.value.faults]


def _with(edits: str, source: str = SOURCE) -> str:
    """A draft with other edits."""
    return source[: source.index("edits:")] + edits + source[source.index("---\n\n## Passage") :]


def test_an_amendment_is_read_whole() -> None:
    assert parse_amendment(SOURCE, PATH) == Amendment(
        path=PATH,
        title="Ask first",
        spec="atelier/2026-09-01",
        placeholder="Clément",
        threats=("intelligence-curse", "epistemic-erosion"),
        status="in-review",
        authors=("Jo Doe",),
        canary=CANARY,
        edits=(Edit("insert-after", Anchor("It asks: first", "Being helpful", "before", "after"), 11),),
        sections={
            "Passage": "Clément asks first.\n\n### A heading of its own\n\nIt waits.",
            "Why": "Because.",
            "Expected behaviour": "",
            "Risks and side effects": "None  known.",
        },
        section_lines={"Passage": 18, "Why": 26, "Expected behaviour": 32, "Risks and side effects": 36},
        source=SOURCE,
    )


def test_slug_and_passage_are_seen_in_file_and_sections() -> None:
    amendment = parse_amendment(SOURCE, PATH)
    assert amendment.slug == "ask-first"
    assert amendment.passage.startswith("Clément asks first.")
    assert parse_amendment(SOURCE.replace("## Passage\n", "### Other\n"), PATH).passage == ""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_no_value_or_line(tmp_path: Path, newline: str, mark: str) -> None:
    path = tmp_path / "ask-first.md"
    path.write_bytes((mark + SOURCE.replace("\n", newline)).encode())
    amendment, sample = read_amendment(path), parse_amendment(SOURCE, path)
    assert amendment.edits == sample.edits
    assert amendment.section_lines == sample.section_lines
    assert {key: text.replace("\r\n", "\n") for key, text in amendment.sections.items()} == sample.sections
    assert amendment.source.encode() == path.read_bytes()


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_read(status: str) -> None:
    assert parse_amendment(SOURCE.replace("in-review", status), PATH).status == status


def test_what_may_be_left_out_has_its_default() -> None:
    source = SOURCE.replace("threats: [intelligence-curse, epistemic-erosion]\n", "threats:\n")
    source = source.replace("status: in-review\nauthors:\n  - Jo Doe\n", "")
    amendment = parse_amendment(source, PATH)
    assert (amendment.threats, amendment.status, amendment.authors) == ((), "draft", ())


NO_FRONT_MATTER = (
    1,
    "no front matter: the file must begin with --- and close it with ---",
    "`avenant new` writes a file with all that belongs there",
)


@pytest.mark.parametrize(
    "source", ["", "## Passage\n", "---\ntitle: x\n", "\n---\ntitle: x\n---\n", "----\na: b\n----\n"]
)
def test_missing_front_matter_is_refused(source: str) -> None:
    assert _faults(source) == [NO_FRONT_MATTER]


@pytest.mark.parametrize("front", ["", "- a\n", "words\n"])
def test_front_matter_that_has_no_keys_is_refused(front: str) -> None:
    assert _faults(f"---\n{front}---\n") == [(2, "the front matter is not a list of keys", "see `avenant new`")]


def test_invalid_yaml_is_refused_with_its_line_in_the_file() -> None:
    [(line, problem, _)] = _faults(SOURCE.replace("title: Ask first", "title: Ask: first"))
    assert (line, problem) == (2, "invalid YAML: mapping values are not allowed here")
    [(line, problem, _)] = _faults(SOURCE.replace("status:", "title:"))
    assert (line, problem) == (6, "the key 'title' stands twice")


def test_all_faults_are_shown_at_once_each_with_its_line() -> None:
    source = (
        "---\ntitle: 7\nspec: Atelier\ncanary: 4d5ff1d8\nthreats: intelligence-curse\n"
        "authors: [1]\nstatus: finished\ncolour: red\nedits:\n  - insert-below: {quote: x}\n---\n"
    )
    keys = "title, spec, placeholder, canary, threats, authors, status, edits"
    faults = _faults(source)
    assert faults[-1] == (
        10,
        "not an edit: {'insert-below': {'quote': 'x'}}",
        "begin it with one of: insert-after, insert-before, replace, delete, append-to-section, move",
    )
    canary = faults.pop(-2)
    assert canary[:2] == (4, "'4d5ff1d8' is not a GUID")
    assert uuid.UUID((canary[2] or "").removeprefix("for example: canary: "))
    assert faults[:-1] == [
        (8, "unknown key 'colour'", f"known keys: {keys}"),
        (2, "title must be a text, not 7", "put it in quotes"),
        (2, "placeholder is missing or empty", "add `placeholder:`"),
        (
            5,
            "threats must be a list of texts, not 'intelligence-curse'",
            "for example: threats: [one, two]",
        ),
        (6, "authors must be a list of texts, not [1]", "for example: authors: [one, two]"),
        (
            7,
            "unknown status 'finished'",
            "one of: draft, in-review, sent, adopted, declined, withdrawn",
        ),
        (3, "'Atelier' is not of the form lab/version", "see `avenant spec list`"),
    ]


@pytest.mark.parametrize("key", ["title", "spec", "placeholder", "canary", "edits"])
def test_each_needed_key_is_missed(key: str) -> None:
    lines = SOURCE.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = at + 6 if key == "edits" else at + 1
    without = "".join(lines[:at] + lines[end:])
    assert _faults(without) == [(2, f"{key} is missing or empty", f"add `{key}:`")]


def test_an_empty_list_of_edits_is_missed() -> None:
    assert _faults(_with("edits: []\n")) == [(10, "edits is missing or empty", "add `edits:`")]


def test_faults_of_keys_and_of_every_edit_are_shown_together() -> None:
    edits = "edits:\n  - delete: {}\n  - insert-after: {quote: x}\n  - insert-before: {quote: y}\n"
    source = _with(edits, SOURCE.replace("in-review", "done"))
    assert [(line, problem) for line, problem, _ in _faults(source)] == [
        (6, "unknown status 'done'"),
        (11, "delete: quote is missing or empty"),
        (13, "2 edits take the words under ## Passage"),
    ]


def test_a_null_status_is_no_status() -> None:
    assert _faults(SOURCE.replace("in-review", ""))[0][:2] == (6, "unknown status None")


SHARES = "  - insert-after: {quote: x}\n"
OWN = "  - replace: {quote: y, passage: Its own.}\n"
NONE = "  - delete: {quote: z}\n  - move: {quote: a, after: {quote: b}}\n"


def test_each_of_several_edits_has_its_own_words_or_those_of_the_passage_or_none() -> None:
    amendment = parse_amendment(_with(f"edits:\n{OWN}{NONE}{SHARES}{OWN}"), PATH)
    assert [(edit.action, edit.line) for edit in amendment.edits] == [
        ("replace", 11),
        ("delete", 12),
        ("move", 13),
        ("insert-after", 14),
        ("replace", 15),
    ]
    words = [amendment.passage_of(edit) for edit in amendment.edits]
    assert words == ["Its own.", "", "", amendment.passage, "Its own."]
    assert amendment.passage


@pytest.mark.parametrize("edits", [OWN, NONE, OWN + NONE])
def test_a_passage_that_no_edit_takes_is_refused_at_its_heading(edits: str) -> None:
    source = _with(f"edits:\n{edits}")
    mend = "take them out, or let an edit without `passage:` of its own add them"
    line = source[: source.index("## Passage")].count("\n") + 1
    assert _faults(source) == [(line, "no edit takes the words under ## Passage", mend)]


@pytest.mark.parametrize("edits", [OWN, NONE, OWN + NONE])
@pytest.mark.parametrize("passage", ["", "## Passage\n\n<!-- nothing here -->\n\n"])
def test_edits_with_words_of_their_own_need_no_passage(edits: str, passage: str) -> None:
    source = _with(f"edits:\n{edits}")
    source = source[: source.index("## Passage")] + passage + source[source.index("## Why") :]
    assert parse_amendment(source, PATH).passage == ""


def test_two_edits_cannot_share_the_passage() -> None:
    mend = "give each of them but one its own words: `passage: …` in the edit"
    wanted = [(13, "2 edits take the words under ## Passage", mend)]
    assert _faults(_with(f"edits:\n{SHARES}{OWN}{SHARES}")) == wanted


def test_a_title_in_other_typography_is_the_same_section() -> None:
    source = SOURCE.replace("## Risks and side effects", "## **Risks** and  side effects ##")
    assert parse_amendment(source, PATH).sections["Risks and side effects"] == "None  known."


def test_headings_in_a_fence_end_no_section() -> None:
    source = SOURCE.replace("It waits.", "~~~xml\n## Why\n~~~")
    assert parse_amendment(source, PATH).passage.endswith("~~~xml\n## Why\n~~~")


def test_a_comment_in_a_fence_is_part_of_the_passage() -> None:
    example = "~~~xml\n<assistant> <!-- GOOD: short -->\nYes.\n</assistant>\n~~~"
    source = SOURCE.replace("It waits.", f"{example}\n\n<!-- to do -->")
    assert example in parse_amendment(source, PATH).passage
    assert "to do" not in parse_amendment(source, PATH).passage


def test_an_underlined_heading_is_no_part_of_its_section() -> None:
    source = SOURCE.replace("## Passage\n", "Passage\n-------\n")
    assert parse_amendment(source, PATH).passage == parse_amendment(SOURCE, PATH).passage


def test_a_section_that_stands_twice_is_refused() -> None:
    wanted = (40, "the section 'Passage' stands twice", "make one of them")
    assert _faults(f"{SOURCE}\n## Passage\n\nAnother.\n") == [wanted]


@pytest.mark.parametrize(
    ("heading", "title"), [("# New", "New"), ("## New", "New"), ("New\n---", "New"), ("# Why", "Why")]
)
def test_a_heading_that_would_cut_the_passage_short_is_refused(heading: str, title: str) -> None:
    mend = (
        f"the sections are {', '.join(SECTIONS)}, Against the stated view, each with ##; inside them use ### and below"
    )
    source = SOURCE.replace("### A heading of its own", heading)
    assert _faults(source) == [(22, f"unknown section {title!r}", mend)]


def test_every_example_amendment_is_complete(example: Workspace) -> None:
    drafts = [read_amendment(path) for path in example.amendment_paths()]
    assert drafts
    for draft in drafts:
        assert [title for title in SECTIONS if draft.sections.get(title)] == list(SECTIONS)
    assert len({draft.canary for draft in drafts}) == len(drafts)


def test_a_fault_is_shown_with_file_line_and_mend() -> None:
    assert str(Fault("unknown key 'colour'", PATH, 8, "remove it")) == (
        "amendments/ask-first.md:8: unknown key 'colour'\n  mend: remove it"
    )
