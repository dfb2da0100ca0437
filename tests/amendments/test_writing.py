from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.amendments.amendment import SECTIONS, Amendment, parse_amendment
from avenant.amendments.anchor import Anchor
from avenant.amendments.edit import SIDES, Edit
from avenant.amendments.writing import render_amendment, rewrite_amendment
from avenant.errors import FormatError
from avenant.text import split_lines

PATH = Path("amendments/ask-first.md")
CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"


def test_a_new_amendment_has_the_documented_shape() -> None:
    text = render_amendment(
        title="Ask: first",
        spec="atelier/2026-09-01",
        placeholder="Clément",
        edit={"insert-after": {"section": "Being helpful", "quote": "It “asks”"}},
        threats=("intelligence-curse",),
        authors=("Jo Doe",),
        canary=CANARY,
    )
    assert (
        text
        == f"""\
---
title: 'Ask: first'
spec: atelier/2026-09-01
placeholder: Clément
threats:
- intelligence-curse
status: draft
authors:
- Jo Doe
canary: {CANARY}
edits:
- insert-after:
    section: Being helpful
    quote: It “asks”
---

## Passage

<!-- The words to add, ready to paste, about Clément. Say when, what and why. -->

## Why

<!-- What goes wrong without it, for whom, and why the document does not cover it yet. -->

## Expected behaviour

<!-- What should change in the replies: two or three situations. -->

## Risks and side effects

<!-- Where could it be over-applied, or misused? -->
"""
    )
    assert parse_amendment(text, PATH).sections == dict.fromkeys(SECTIONS, "")


def test_a_section_may_be_filled_from_the_beginning() -> None:
    text = render_amendment(
        title="Ask first",
        spec="atelier/2026-09-01",
        placeholder="Clément",
        edit={"insert-after": {"quote": "It asks"}},
        texts={"Passage": "Clément asks.", "Why": "People wait."},
    )
    sections = parse_amendment(text, PATH).sections
    assert (sections["Passage"], sections["Why"]) == ("Clément asks.", "People wait.")
    assert sections["Expected behaviour"] == ""
    assert "<!-- What should change in the replies" in text


def test_each_new_amendment_has_a_canary_of_its_own() -> None:
    drafts = [
        parse_amendment(render_amendment(title="x", spec="a/1", placeholder="C", edit={"delete": {"quote": "x"}}), PATH)
        for _ in range(2)
    ]
    assert drafts[0].canary != drafts[1].canary
    assert all(str(uuid.UUID(draft.canary)) == draft.canary for draft in drafts)


LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=120).filter(str.strip)


@settings(max_examples=60)
@given(
    title=st.one_of(LINE, st.sampled_from(["---", "a: b", "# x", "'q'", "1", "no", "a\n---\nb", " x ", "[x]", "null"])),
    threats=st.lists(LINE, max_size=2),
    authors=st.lists(LINE, max_size=2),
    quote=LINE,
    section=st.none() | LINE,
)
def test_a_rendered_amendment_is_read_back_as_it_was_given(
    title: str, threats: list[str], authors: list[str], quote: str, section: str | None
) -> None:
    anchor = {"quote": quote} | ({"section": section} if section else {})
    text = render_amendment(
        title=title,
        spec="atelier/2026-09-01",
        placeholder="Clément",
        edit={"insert-before": anchor},
        threats=tuple(threats),
        authors=tuple(authors),
    )
    amendment = parse_amendment(text, PATH)
    assert (amendment.title, amendment.spec, amendment.placeholder) == (title, "atelier/2026-09-01", "Clément")
    assert (amendment.threats, amendment.authors, amendment.status) == (tuple(threats), tuple(authors), "draft")
    assert [(edit.action, edit.anchor) for edit in amendment.edits] == [("insert-before", Anchor(quote, section))]
    assert dict(amendment.sections) == dict.fromkeys(SECTIONS, "")


SOURCE = f"""\
---
# Read this first: the order of keys is my own.
status:   in-review   # since Monday
canary: {CANARY}

edits:
    # The one that counts.
    - insert-after:
        quote: "It asks: first"   # the second of the two
        section:   'Being helpful'
    -   replace:
            quote: |
                words
                in two lines
            passage: >-
                Folded words
                of its own

    - delete: {{quote: 'gone: # with it', suffix: x}}  # short
placeholder: Clément
title: >
    Ask
    first
spec: "atelier/2026-09-01"    # pinned
threats: [ intelligence-curse,  epistemic-erosion ]
---
<!-- Above the first section. -->

## Passage

<!-- a comment -->
Clément asks first.

### A part of it

It waits.



## Why   ##

Because.
"""


def _read(source: str = SOURCE) -> Amendment:
    return parse_amendment(source, PATH)


def _windows(source: str) -> str:
    return "\ufeff" + source.replace("\n", "\r\n")


@pytest.mark.parametrize("source", [SOURCE, _windows(SOURCE), SOURCE.rstrip("\n")])
def test_rewriting_nothing_gives_the_same_file(source: str) -> None:
    assert rewrite_amendment(_read(source)) == source


@pytest.mark.parametrize("form", [str, _windows])
def test_spec_and_status_are_changed_in_place_and_nothing_else(form: Callable[[str], str]) -> None:
    rewritten = rewrite_amendment(_read(form(SOURCE)), spec="maison/2.r1", status="sent")
    assert rewritten == form(SOURCE.replace('"atelier/2026-09-01"', "maison/2.r1").replace("  in-review", "  sent"))


@pytest.mark.parametrize("form", [str, _windows])
def test_a_status_that_was_left_out_is_added(form: Callable[[str], str]) -> None:
    source = SOURCE.replace("status:   in-review   # since Monday\n", "")
    rewritten = rewrite_amendment(_read(form(source)), status="sent")
    assert rewritten == form(source.replace("---\n", "---\nstatus: sent\n", 1))


WORDS = "One: two\n\n  - # three"
NEW = Edit("replace", Anchor("Odd: #1", "S", suffix="it's"), 1)
NEW_BLOCK = """\
replace:
{0}section: S
{0}quote: 'Odd: #1'
{0}suffix: it's"""
NEW_WORDS = """
{0}passage: |-
{0}  One: two

{0}    - # three"""
NEW_LINE = "{replace: {section: S, quote: 'Odd: #1', suffix: it's%s}}"
NEW_LINE_WORDS = """, passage: "One: two\\n\\n  - # three\""""


def _part(start: str, end: str) -> str:
    return SOURCE[SOURCE.index(start) : SOURCE.index(end) + len(end)]


OLD = (_part("insert-after:", "'Being helpful'"), _part("replace:", "of its own"), _part("delete:", "suffix: x}"))


@pytest.mark.parametrize("form", [str, _windows])
@pytest.mark.parametrize(
    ("number", "edit", "new"),
    [
        (0, NEW, NEW_BLOCK.format(" " * 8)),
        (1, replace(NEW, passage=WORDS), (NEW_BLOCK + NEW_WORDS).format(" " * 10)),
        (2, replace(NEW, passage="One"), NEW_BLOCK.format(" " * 8) + "\n        passage: One"),
        # The comment behind this one would become a part of its last line.
        (2, replace(NEW, passage=WORDS), NEW_LINE % NEW_LINE_WORDS),
    ],
)
def test_an_edit_is_changed_in_place_and_nothing_else(
    form: Callable[[str], str], number: int, edit: Edit, new: str
) -> None:
    rewritten = rewrite_amendment(_read(form(SOURCE)), edits={number: edit})
    assert rewritten == form(SOURCE.replace(OLD[number], new))


FLOW = SOURCE.replace(
    SOURCE[SOURCE.index("edits:") : SOURCE.index("placeholder:")],
    "edits: [{insert-after: {quote: x}} ,  {replace: {quote: y, passage: z}}]  # both\n",
)


@pytest.mark.parametrize("form", [str, _windows])
def test_an_edit_in_flow_style_stays_in_its_line(form: Callable[[str], str]) -> None:
    edits = {0: NEW, 1: replace(NEW, passage=WORDS)}
    wanted = FLOW.replace("{insert-after: {quote: x}}", NEW_LINE % "")
    wanted = wanted.replace("{replace: {quote: y, passage: z}}", NEW_LINE % NEW_LINE_WORDS)
    assert rewrite_amendment(_read(form(FLOW)), edits=edits) == form(wanted)


def test_all_edits_are_changed_at_once() -> None:
    rewritten = rewrite_amendment(
        _read(), spec="maison/2", status="sent", edits={0: NEW, 2: replace(NEW, passage="One")}, passage="Two."
    )
    wanted = SOURCE.replace('"atelier/2026-09-01"', "maison/2").replace("  in-review", "  sent")
    wanted = wanted.replace(OLD[0], NEW_BLOCK.format(" " * 8))
    wanted = wanted.replace(OLD[2], NEW_BLOCK.format(" " * 8) + "\n        passage: One")
    assert rewritten == wanted.replace(_part("<!-- a comment", "waits.\n\n\n"), "Two.\n")


@pytest.mark.parametrize("form", [str, _windows])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_passage_is_changed_in_place_and_nothing_else(form: Callable[[str], str], newline: str) -> None:
    words = "New words.\n\n- of\n  three\n\n~~~\n## lines\n~~~"
    rewritten = rewrite_amendment(_read(form(SOURCE)), passage=words.replace("\n", newline))
    assert rewritten == form(SOURCE.replace(_part("<!-- a comment", "waits.\n\n\n"), f"{words}\n"))


def test_a_passage_at_the_end_of_the_file_is_changed_there() -> None:
    why = SOURCE[SOURCE.index("## Why") :]
    source = SOURCE.replace("## Passage", f"{why}\n## Passage").removesuffix(why)
    assert rewrite_amendment(_read(source), passage="New.") == source[: source.index("<!-- a comm")] + "New.\n"


def _draft(title: str, edits: str) -> str:
    front = f"title: {title}\nspec: atelier/1\nplaceholder: Clément\ncanary: {CANARY}\n{edits}"
    return f"---\n{front}---\n\n## Passage\n\nWords.\n\n## Why\n\nBecause.\n"


ALIASED = {
    "defines": _draft("x", "edits:\n- replace: {quote: &one y}\n- delete: {quote: z, suffix: *one}\n"),
    "is": _draft("x", "edits:\n- &one\n  replace: {quote: y, passage: z}\n- *one\n- append-to-section: {section: S}\n"),
    "ends with": _draft("&one x", "edits:\n- replace:\n    quote: *one\n"),
}


@pytest.mark.parametrize(("what", "number"), [("defines", 0), ("is", 0), ("is", 1), ("ends with", 0)])
def test_an_edit_that_aliases_tie_to_another_place_is_not_changed(what: str, number: int) -> None:
    edit = replace(NEW, passage=WORDS) if what == "is" else NEW
    with pytest.raises(FormatError) as caught:
        rewrite_amendment(_read(ALIASED[what]), edits={number: edit})
    [fault] = caught.value.faults
    assert (fault.path, fault.line) == (PATH, 1)
    assert fault.problem.startswith("this file cannot be changed in place")
    assert fault.problem.endswith("; nothing was written")
    assert "without YAML aliases" in (fault.mend or "")


def test_a_document_id_that_aliases_tie_to_the_title_is_not_changed() -> None:
    source = _draft("&one atelier/1", "edits: [{append-to-section: {section: S}}]\n").replace(
        "spec: atelier/1", "spec: *one"
    )
    with pytest.raises(FormatError, match="cannot be changed in place"):
        rewrite_amendment(_read(source), spec="atelier/2")


def test_aliases_elsewhere_hinder_no_change() -> None:
    source = _draft("x", "authors: [&one Jo]\nthreats: [*one]\nedits: [{append-to-section: {section: S}}]\n")
    rewritten = rewrite_amendment(
        _read(source), spec="atelier/2", edits={0: Edit("append-to-section", Anchor("", "T"), 1)}
    )
    assert rewritten == source.replace("atelier/1", "atelier/2").replace("section: S", "section: T")


@pytest.mark.parametrize("passage", ["One.\n\n~~~", "One.\n\n<!-- two", "One.\n\n## Why\n\nTwo.", "# One", "One\n---"])
def test_a_passage_that_would_change_the_sections_after_it_is_refused(passage: str) -> None:
    with pytest.raises(FormatError, match=r"this file cannot be changed in place.*; nothing was written\n") as caught:
        rewrite_amendment(_read(), passage=passage)
    assert "close fences and comments" in (caught.value.faults[0].mend or "")


ODD = st.text(
    st.sampled_from("ab é“—😀'\"\\:#-*&!|>%@`{}[],?~\n\t\r\x0b\x0c\x1c\x85\u2028\ufeff\u200b0"), min_size=1, max_size=24
)
TEXT = ODD | st.sampled_from(
    ["---", "a: b", "- a", "no", "1", "null", "~", "a\n---\nb", "|\n a", "a\n\n\nb", "'", " a", "a\n b"]
)
QUOTE = TEXT.filter(str.strip)
ANCHOR = st.builds(Anchor, QUOTE, st.none() | QUOTE, st.just("") | TEXT, st.just("") | TEXT)
CHANGED = {
    0: st.builds(Edit, st.sampled_from(["insert-after", "replace"]), ANCHOR, st.just(1)),
    1: st.builds(Edit, st.sampled_from(["insert-after", "replace"]), ANCHOR, st.just(1), QUOTE.map(str.strip)),
    2: st.builds(Edit, st.just("delete"), ANCHOR, st.just(1))
    | st.builds(Edit, st.just("move"), ANCHOR, st.just(1), side=st.sampled_from(SIDES), destination=ANCHOR),
}


@settings(max_examples=50)
@given(st.data(), st.sampled_from([0, 1, 2]), st.sampled_from([str, _windows]), st.booleans())
def test_an_edit_of_any_words_is_written_so_that_it_reads_back_and_all_else_stays(
    data: st.DataObject, number: int, form: Callable[[str], str], is_flow: bool
) -> None:
    flow = ("{insert-after: {quote: x}}", "{replace: {quote: y, passage: z}}", "{delete: {quote: x}}")
    before, after = SOURCE.split(OLD[number])
    if is_flow:
        before = SOURCE[: SOURCE.index("edits:")] + "edits: [" + "".join(f"{edit}, " for edit in flow[:number])
        after = "".join(f", {edit}" for edit in flow[number + 1 :]) + "]\n" + SOURCE[SOURCE.index("placeholder:") :]
    amendment = _read(form(before + (flow if is_flow else OLD)[number] + after))
    edit = data.draw(CHANGED[number])
    rewritten = rewrite_amendment(amendment, edits={number: edit})
    assert rewritten.startswith(form(before))
    assert rewritten.endswith(form(after).removeprefix("\ufeff"))
    again = _read(rewritten)
    wanted = [edit.front_matter() if n == number else old.front_matter() for n, old in enumerate(amendment.edits)]
    assert [one.front_matter() for one in again.edits] == wanted
    assert again.sections == amendment.sections


@settings(max_examples=50)
@given(st.lists(TEXT, min_size=1, max_size=4).map("\n\n".join).filter(str.strip), st.sampled_from([str, _windows]))
def test_a_passage_of_any_words_reads_back_or_is_refused(words: str, form: Callable[[str], str]) -> None:
    amendment = _read(form(SOURCE))
    try:
        rewritten = rewrite_amendment(amendment, passage=words)
    except FormatError:
        return
    at = form(SOURCE).index("<!-- a comment")
    assert rewritten.startswith(form(SOURCE)[:at])
    assert rewritten.endswith(form(SOURCE[SOURCE.index("\n## Why") :]).removeprefix("\ufeff"))
    again = _read(rewritten)
    newline = "\r\n" if form is _windows else "\n"
    assert again.passage == newline.join(split_lines(words)).strip()
    assert replace(again, source="", sections={}, section_lines={}) == replace(
        amendment, source="", sections={}, section_lines={}
    )
