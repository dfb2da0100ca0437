from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.specs.document import Document, Span, Turn
from avenant.specs.parse import parse_document

EXAMPLE = """\
# One

**Example**: a question with two answers

~~~xml
<developer>
Be brief, and mind <b>this</b>.
</developer>
<user>Why &amp; how?</user>
<comparison>
<assistant> <!-- GOOD: short, and
     to the point -->
Because.
</assistant>
<assistant> <!-- BAD[#one] -->
It is <!-- GOOD: no grade, since it stands below --> long.
</assistant>
</comparison>
<tool name="clock" end_turn="false">12:00</tool>
<system>
<!-- GOOD, by and large -->
Stop.
</system>
<assistant recipient="python">
import this
~~~

After it.
"""


def _parse(text: str) -> Document:
    return parse_document(text, "atelier/2026-09-01")


def _turns(document: Document) -> list[tuple[str, str | None, str, str]]:
    return [(t.role, t.grade, t.note, document.slice(t.span)) for clause in document.clauses for t in clause.turns]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_turns_of_an_example_have_role_grade_note_and_span(newline: str) -> None:
    document = _parse(EXAMPLE.replace("\n", newline))
    found = [(role, grade, note, words.replace(newline, "\n")) for role, grade, note, words in _turns(document)]
    assert found == [
        ("developer", None, "", "<developer>\nBe brief, and mind <b>this</b>.\n</developer>"),
        ("user", None, "", "<user>Why &amp; how?</user>"),
        (
            *("assistant", "good", "short, and to the point"),
            "<assistant> <!-- GOOD: short, and\n     to the point -->\nBecause.\n</assistant>",
        ),
        (
            *("assistant", "bad", ""),
            "<assistant> <!-- BAD[#one] -->\nIt is <!-- GOOD: no grade, since it stands below --> long.\n</assistant>",
        ),
        ("tool", None, "", '<tool name="clock" end_turn="false">12:00</tool>'),
        ("system", "good", "by and large", "<system>\n<!-- GOOD, by and large -->\nStop.\n</system>"),
        # A turn that is never closed runs to the end of its example.
        ("assistant", None, "", '<assistant recipient="python">\nimport this\n~~~\n'),
    ]


def test_the_turn_at_an_offset_is_the_one_that_holds_it() -> None:
    document = _parse(EXAMPLE)
    [example] = [clause for clause in document.clauses if clause.kind == "example"]
    assert document.turn_at(EXAMPLE.index("Because")) == example.turns[2]
    for turn in example.turns:
        assert document.turn_at(turn.span.start) == document.turn_at(turn.span.end - 1) == turn
    for words in ("# One", "question with", "~~~xml", "<comparison>", "</comparison>", "After it"):
        assert document.turn_at(EXAMPLE.index(words)) is None
    assert document.turn_at(len(EXAMPLE)) is None


@pytest.mark.parametrize(
    "text",
    ["~~~xml\n<users>x</users>\n~~~\n", "~~~\n<user>x</user>\n~~~\n", "<user>x</user>\n", "~~~xml\nuser: x\n~~~\n"],
)
def test_what_is_no_tag_of_a_speaker_in_an_example_is_no_turn(text: str) -> None:
    assert _turns(_parse(text)) == []


PARTS = st.sampled_from(
    [
        *("<user>", "</user>", "<assistant>", "</assistant>", "<tool a='b'>", "<b>"),
        *("<!-- GOOD: x -->", "<!-- BAD", "-->", "words", "\n"),
    ]
)


@given(st.lists(PARTS, max_size=12).map(" ".join))
def test_turns_follow_each_other_inside_their_example(words: str) -> None:
    document = _parse(f"# One\n\n~~~xml\n{words}\n~~~\n\nAfter.\n")
    [example] = [clause for clause in document.clauses if clause.kind == "example"]
    _check_turns(document, example.span, example.turns)


def _check_turns(document: Document, span: Span, turns: tuple[Turn, ...]) -> None:
    at = span.start
    for turn in turns:
        assert at <= turn.span.start < turn.span.end <= span.end
        assert document.slice(turn.span).startswith(f"<{turn.role}")
        assert turn.note == " ".join(turn.note.split())
        at = turn.span.end


def test_every_turn_of_a_release_is_found_with_its_grade_inside_its_clause(release: Document) -> None:
    for clause in release.clauses:
        assert not clause.turns or clause.kind == "example"
        _check_turns(release, clause.span, clause.turns)
        for turn in clause.turns:
            assert release.turn_at(turn.span.start) == release.turn_at(turn.span.end - 1) == turn
            assert release.slice(turn.span).endswith(f"</{turn.role}>")
    turns = [turn for clause in release.clauses for turn in clause.turns]
    text = release.text
    for role in ("user", "assistant", "developer", "system", "tool"):
        assert sum(turn.role == role for turn in turns) == len(re.findall(rf"<{role}\b", text))
    for grade in ("good", "bad"):
        assert sum(turn.grade == grade for turn in turns) == len(re.findall(rf"<!-- *{grade.upper()}", text))
    assert {turn.role for turn in turns if turn.grade} <= {"assistant"}
    notes = re.findall(r"<!-- *(?:GOOD|BAD)(?:\[#\w+\])?(.*?)-->", text, re.DOTALL)
    assert [turn.note for turn in turns if turn.grade] == [" ".join(note.lstrip(":,").split()) for note in notes]


@pytest.mark.parametrize(
    ("text", "is_example"),
    [
        ("**Example**: asked for a poem\n", True),
        ("**Example:** asked for a poem\n", True),
        ("*Example*: asked\n", True),
        ("Example: asked\n", True),
        ("- **Example**: asked\n", True),
        ("2. EXAMPLE : asked\n", True),
        ("For Example: asked\n", False),
        ("**Examples**: asked\n", False),
        ("An **Example**: asked\n", False),
        ("Example asked\n", False),
        ("~~~xml\n<user>Hi</user>\n~~~\n", True),
        ("```xml\n<user>Hi</user>\n```\n", True),
        ("~~~\nExample\n~~~\n", False),
    ],
)
def test_an_example_is_a_dialogue_or_what_announces_one(text: str, is_example: bool) -> None:
    [clause] = _parse(text).clauses
    assert clause.is_example == is_example


def test_in_the_model_spec_each_dialogue_follows_its_caption(model_spec: Document) -> None:
    clauses = model_spec.clauses
    for number, clause in enumerate(clauses):
        if clause.kind == "example":
            assert clauses[number - 1].is_example
            assert clauses[number - 1].kind != "example"
    captions = [clause for clause in clauses if clause.is_example and clause.kind != "example"]
    assert len(captions) == model_spec.text.count("**Example") == sum(clause.kind == "example" for clause in clauses)


def test_a_clause_knows_the_links_into_its_own_document() -> None:
    document = _parse("# A\n\nSee [it](#a-b), [?](#c_d) and [out](https://x.org/#e), [that](other#f).\n\n- [g](#“g”)\n")
    assert [clause.references for clause in document.clauses] == [("a-b", "c_d"), ("“g”",)]
    graded = "~~~xml\n<assistant> <!-- BAD[#one]: see [?](#two) -->\nNo [#three].\n</assistant>\n~~~\n"
    assert _parse(graded).clauses[0].references == ("one", "two")
    assert _parse("# A {#b}\n\nNo [link] (#here) [^c].\n").clauses[0].references == ()


def test_every_link_of_a_release_into_itself_points_at_a_section(release: Document) -> None:
    links = [(clause, fragment) for clause in release.clauses for fragment in clause.references]
    assert len(links) == len(re.findall(r"\]\(#[^)\s]+\)|<!-- BAD\[#", release.text)) >= 50
    assert [(clause.line, fragment) for clause, fragment in links if release.find_reference(fragment) is None] == []


def test_the_contents_list_of_claudes_constitution_points_at_each_title_in_turn(constitution: Document) -> None:
    listed = [
        (re.sub(r"^.*?\[|\]\(#.*$", "", constitution.slice(clause.span).strip()), clause.references)
        for clause in constitution.clauses_of(constitution.sections[0])
        if clause.references
    ]
    found = [constitution.find_reference(fragment) for _, [fragment] in listed]
    assert [section.title for section in found if section] == [title for title, _ in listed]
    assert len(listed) > 30
    assert sum("’" in fragment or "“" in fragment for _, [fragment] in listed) > 5
