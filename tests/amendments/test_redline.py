from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avenant.amendments.apply import Change, apply_changes, find_changes
from avenant.amendments.redline import Redline, critic_markup, make_redline, unified_diff
from avenant.canary import canary_line
from avenant.errors import EditError
from avenant.files import read_text
from avenant.mask import Mask
from avenant.specs.document import Document, Span
from avenant.specs.parse import parse_document
from avenant.text import DiffPiece
from tests.amendments.drafts import CANARY, make_amendment, make_draft, make_spec

TOOLS = {
    "git": ["git", "-c", "core.autocrlf=false", "apply", "-p1", "--whitespace=nowarn"],
    "patch": ["patch", "-p1", "--quiet", "--no-backup-if-mismatch", "--fuzz=0"],
}
PATH = "docs/model_spec.md"
MASK = Mask(("Odile",), "Clément")


def _patched(tool: str, folder: Path, text: str, diff: str, path: str = PATH) -> bytes:
    """The file after a real tool applied the diff; anything that the tool says is a failure."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    # A repository above the folder would make git look for the path from its top.
    env = os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent), "LC_ALL": "C"}
    done = subprocess.run(TOOLS[tool], cwd=folder, input=diff.encode(), capture_output=True, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [p for p in folder.rglob("*") if p.is_file()] == [file]
    return file.read_bytes()


def _changes(document: Document) -> list[Change]:
    """Changes at the head, in the middle and at the end, of all three kinds."""
    text, clauses = document.text, document.clauses
    middle, last = clauses[len(clauses) // 2].span, clauses[-1].span
    new = document.newline
    return [
        Change(Span(0, 0), f"Zz.{new}{new}"),
        Change(Span(middle.start, middle.start), f"Zz “é”.{new}{new}"),
        Change(middle, f"-- Zz{new}++ Zz{new}"),
        Change(Span(middle.start, middle.start + 9), ""),
        Change(Span(last.start, last.end), ""),
        Change(Span(len(text), len(text)), f"{new}Zz."),
        Change(Span(len(text) - 1, len(text)), f"{new}{new}Zz.{new}"),
    ]


_parse_once = lru_cache(maxsize=2)(parse_document)


def _with_line_ends(release: Document, newline: str) -> Document:
    return release if newline == "\n" else _parse_once(release.text.replace("\n", newline), release.id)


@pytest.mark.parametrize("tool", list(TOOLS))
@pytest.mark.parametrize("name", ["constitution", "model_spec"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_real_tool_makes_exactly_the_amended_text_of_a_real_document(
    request: pytest.FixtureRequest, tmp_path: Path, tool: str, name: str, newline: str
) -> None:
    document = _with_line_ends(request.getfixturevalue(name), newline)
    for number, change in enumerate(_changes(document)):
        folder = tmp_path / str(number)
        diff = unified_diff(document, [change], PATH)
        assert _patched(tool, folder, document.text, diff) == apply_changes(document.text, [change]).encode()
    together = [change for number, change in enumerate(_changes(document)) if number in (0, 1, 2, 4, 5)]
    diff = unified_diff(document, together, PATH)
    assert diff.count("\n@@ ") == 3
    patched = _patched(tool, tmp_path / "together", document.text, diff)
    assert patched == apply_changes(document.text, together).encode()


SMALL = "# One\n\nfirst\n\n-- a\n\n\x0cform\u2028feed\n\n- item\n\nlast"


@settings(max_examples=40)
@given(
    start=st.integers(0, len(SMALL)),
    length=st.integers(0, 9),
    words=st.sampled_from(["", "new", "\n", "new\n", "\nnew\n\n", "++ b\n", "\\ No newline\n"]),
    end=st.sampled_from(["", "\n", "\n\n"]),
    tool=st.sampled_from(list(TOOLS)),
)
def test_a_real_tool_makes_exactly_the_amended_text_of_any_change(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, words: str, end: str, tool: str
) -> None:
    document = parse_document(SMALL + end, "atelier/2026-09-01")
    change = Change(Span(start, min(len(document.text), start + length)), words)
    amended = apply_changes(document.text, [change])
    diff = unified_diff(document, [change], PATH)
    if amended == document.text:
        assert diff == ""
    else:
        folder = tmp_path_factory.mktemp("repository")
        assert _patched(tool, folder, document.text, diff) == amended.encode()


@pytest.mark.parametrize("tool", list(TOOLS))
@pytest.mark.parametrize("path", ["spec.md", "docs/spécification.md"])
def test_the_diff_finds_its_file_by_the_path_in_the_labs_repository(tmp_path: Path, tool: str, path: str) -> None:
    spec = make_spec("A.\n\nB.\n")
    changes = find_changes(spec, make_amendment("insert-after", "New.", quote="A."))
    diff = unified_diff(spec.document, changes, path)
    assert _patched(tool, tmp_path / "repository", spec.document.text, diff, path) == b"A.\n\nNew.\n\nB.\n"


def test_the_diff_finds_a_file_whose_path_has_a_blank(tmp_path: Path) -> None:
    spec = make_spec("A.\n\nB.\n")
    changes = find_changes(spec, make_amendment("insert-after", "New.", quote="A."))
    diff = unified_diff(spec.document, changes, "a folder/the spec.md")
    patched = _patched("patch", tmp_path / "repository", spec.document.text, diff, "a folder/the spec.md")
    assert patched == b"A.\n\nNew.\n\nB.\n"


@pytest.mark.parametrize("tool", list(TOOLS))
def test_the_tools_skip_the_lines_above_a_diff(tmp_path: Path, tool: str) -> None:
    spec = make_spec("A.\n\nB.\n")
    changes = find_changes(spec, make_amendment("insert-after", "New.", quote="A."))
    head = (canary_line(CANARY), "A note: `avenant diff --format unified`, and so on.")
    diff = unified_diff(spec.document, changes, PATH, head=head)
    assert diff.startswith(f"{head[0]}\n{head[1]}\n--- a/{PATH}\n")
    assert _patched(tool, tmp_path / "repository", spec.document.text, diff) == b"A.\n\nNew.\n\nB.\n"


def test_a_masked_diff_names_the_model_neither_in_its_lines_nor_in_its_path() -> None:
    spec = make_spec("Odile asks.\n\nODILE's way.\n")
    changes = find_changes(spec, make_amendment("insert-after", "Clément tells.", quote="Clément asks."))
    assert unified_diff(spec.document, changes, "odile/spec.md", mask=MASK) == (
        "--- a/Clément/spec.md\n+++ b/Clément/spec.md\n@@ -1,3 +1,5 @@\n Clément asks.\n \n"
        "+Clément tells.\n+\n Clément's way.\n"
    )


def test_the_diff_says_where_a_file_has_no_last_line_end() -> None:
    spec = make_spec("A.\n\nB.")
    changes = find_changes(spec, make_amendment("insert-after", "Clément asks.", quote="B."))
    assert unified_diff(spec.document, changes, "spec.md") == (
        "--- a/spec.md\n+++ b/spec.md\n@@ -1,3 +1,5 @@\n A.\n \n-B.\n"
        "\\ No newline at end of file\n+B.\n+\n+Odile asks.\n"
    )


TEXT = """\
# One

Before it.

## Two

First words of Odile’s clause. Last words.

- item

# Three

After it.
"""


def _redline(action: str, passage: str = "Clément asks.", **anchor: str) -> Redline:
    spec = make_spec(TEXT)
    [change] = find_changes(spec, make_amendment(action, passage, **anchor))
    return make_redline(spec.document, change)


CLAUSE = "First words of Odile’s clause. Last words."


def test_the_redline_of_an_insertion_shows_its_neighbours() -> None:
    assert _redline("insert-after", quote="Last words.") == Redline(
        section="One > Two",
        line=8,
        before=CLAUSE,
        pieces=(DiffPiece("insert", "\nOdile asks.\n"),),
        after="- item",
    )


def test_the_redline_of_an_insertion_at_a_sections_end_shows_the_next_sections_heading_and_clause() -> None:
    redline = _redline("append-to-section", section="Two")
    assert (redline.section, redline.line) == ("One > Two", 10)
    assert (redline.before, redline.after) == ("- item", "# Three\n\nAfter it.")


def test_the_redline_of_a_replacement_shows_the_whole_clause() -> None:
    assert _redline("replace", "words about", quote="words of") == Redline(
        section="One > Two",
        line=7,
        before="## Two",
        pieces=(
            DiffPiece("equal", "First words "),
            DiffPiece("delete", "of"),
            DiffPiece("insert", "about"),
            DiffPiece("equal", " Odile’s clause. Last words.\n"),
        ),
        after="- item",
    )


def test_the_redline_within_a_list_shows_the_items_on_both_sides() -> None:
    document = make_spec("# One\n\n- one\n- two two\n- three\n").document
    redline = make_redline(document, Change(Span(15, 18), "new"))
    assert (redline.before, redline.after, redline.line) == ("- one", "- three", 4)
    assert "".join(piece.text for piece in redline.pieces if piece.kind != "insert") == "- two two\n"
    whole = make_redline(document, Change(Span(13, 23), ""))
    assert (whole.before, whole.after, whole.pieces) == ("- one", "- three", (DiffPiece("delete", "- two two\n"),))


def test_a_masked_redline_shows_a_name_of_which_a_part_changes_whole() -> None:
    spec = make_spec("# Odile-8\n\nOdile-8 asks first.\n\nOdile asks.\n")
    change = Change(Span(spec.document.text.rindex("8"), spec.document.text.rindex("8") + 1), "9")
    mask = Mask(("Odile-8", "Odile-9"), "Clément")
    redline = make_redline(spec.document, change, mask=mask)
    assert (redline.section, redline.before, redline.after) == ("Clément", "# Clément", "Odile asks.")
    assert redline.pieces == (DiffPiece("equal", "Clément asks first.\n"),)


def test_the_redline_of_a_deletion_shows_what_goes() -> None:
    redline = _redline("delete", "", quote=CLAUSE)
    assert redline.pieces == (DiffPiece("delete", f"{CLAUSE}\n\n"),)
    assert (redline.before, redline.after) == ("## Two", "- item")


def test_the_redline_at_a_documents_ends_has_no_neighbour_there() -> None:
    document = make_spec("Only.\n").document
    first = make_redline(document, Change(Span(0, 0), "New.\n\n"))
    last = make_redline(document, Change(Span(6, 6), "\nNew.\n"))
    assert (first.section, first.line, first.before, first.after) == ("", 1, "", "Only.")
    assert (last.section, last.line, last.before, last.after) == ("", 2, "Only.", "")


@settings(max_examples=60)
@given(st.integers(0, len(TEXT)), st.integers(0, 60), st.sampled_from(["", "New words.", "\nNew.\n"]))
def test_redline_pieces_hold_old_and_new_words_of_the_place(start: int, length: int, words: str) -> None:
    document = make_spec(TEXT).document
    change = Change(Span(start, min(len(TEXT), start + length)), words)
    pieces = make_redline(document, change).pieces
    old = "".join(piece.text for piece in pieces if piece.kind != "insert")
    new = "".join(piece.text for piece in pieces if piece.kind != "delete")
    at = TEXT.index(old) if change.span.start < change.span.end else start
    assert TEXT[:at] + new + TEXT[at + len(old) :] == apply_changes(TEXT, [change])


def test_the_diff_of_a_workspace_file_applies_to_that_file(tmp_path: Path, shared: Path) -> None:
    text = read_text(shared / "openai/2025-02-12/model_spec.md")
    assert not text.endswith("\n")
    spec = make_spec(text, "the assistant")
    changes = find_changes(spec, make_amendment("append-to-section", "Clément asks.", section=_last_id(spec.document)))
    diff = unified_diff(spec.document, changes, PATH)
    assert _patched("git", tmp_path, text, diff) == f"{text}\n\nThe assistant asks.\n".encode()


def _last_id(document: Document) -> str:
    return document.sections[-1].id


_CRITIC = re.compile(
    r"\{\+\+(?P<new>.*?)\+\+\}|\{--(?P<old>.*?)--\}|\{~~(?P<before>.*?)~>(?P<after>.*?)~~\}", re.DOTALL
)


def _taken(marked: str) -> str:
    """The text after every suggestion was taken."""
    return _CRITIC.sub(lambda match: match["new"] or match["after"] or "", marked)


def _refused(marked: str) -> str:
    """The text after every suggestion was refused."""
    return _CRITIC.sub(lambda match: match["old"] or match["before"] or "", marked)


def test_critic_markup_shows_each_change_in_its_place() -> None:
    spec = make_spec(TEXT)
    amendment = make_draft(
        {"insert-after": {"quote": "Before it"}},
        {"replace": {"quote": "words of", "passage": "words about"}},
        {"delete": {"quote": "Last words."}},
        passage="Clément asks.",
    )
    assert critic_markup(spec.document, find_changes(spec, amendment)) == TEXT.replace(
        "Before it.\n", "Before it.\n{++\nOdile asks.\n++}"
    ).replace("words of", "{~~words of~>words about~~}").replace(" Last words.", "{-- Last words.--}")
    assert critic_markup(spec.document, ()) == TEXT


@pytest.mark.parametrize("name", ["constitution", "model_spec"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_taking_or_refusing_all_suggestions_in_a_real_document_gives_its_two_texts(
    request: pytest.FixtureRequest, name: str, newline: str
) -> None:
    document = _with_line_ends(request.getfixturevalue(name), newline)
    text = document.text
    changes = [change for number, change in enumerate(_changes(document)) if number in (0, 1, 2, 4, 5)]
    marked = critic_markup(document, changes)
    assert _taken(marked) == apply_changes(text, changes)
    assert _refused(marked) == text
    assert len(_CRITIC.findall(marked)) == len(changes)


WORDS = st.sampled_from(["", "new", "-", "--", "+", "++", "~", "~~", "{", "}", ">", "\n\nnew\n", "{new}", "-}", "é"])


@settings(max_examples=150)
@given(
    st.lists(WORDS, max_size=20).map("".join),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.lists(WORDS, max_size=3).map("".join)), max_size=5),
)
def test_taking_all_suggestions_gives_the_amended_text_and_refusing_them_the_original(
    text: str, wanted: list[tuple[int, int, str]]
) -> None:
    signs = re.compile(r"\{\+\+|\+\+\}|\{--|--\}|\{~~|~>|~~\}")
    assume(not signs.search(text))
    document = parse_document(text, "atelier/1")
    changes: list[Change] = []
    for start, length, words in sorted(wanted):
        at = min(len(text), max([start, *(change.span.end for change in changes)]))
        changes.append(Change(Span(at, min(len(text), at + length)), words))
    changes = [change for change in changes if change.text or change.span.start < change.span.end]
    if any(signs.search(change.text) for change in changes) or signs.search(text):
        with pytest.raises(EditError, match="a sign of CriticMarkup"):
            critic_markup(document, changes)
        return
    marked = critic_markup(document, changes)
    assert _taken(marked) == apply_changes(text, changes)
    assert _refused(marked) == text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_comment_stands_at_the_top_and_goes_with_the_suggestions(mark: str) -> None:
    text = f"{mark}# One\n\nBefore it.\n"
    document = make_spec(text).document
    changes = [Change(Span(len(text), len(text)), "\nNew.\n")]
    marked = critic_markup(document, changes, comment=canary_line(CANARY))
    assert marked.startswith(f"{mark}{{>>{canary_line(CANARY)}<<}}# One\n")
    without = re.sub(r"\{>>.*?<<\}", "", marked)
    assert (_taken(without), _refused(without)) == (apply_changes(text, changes), text)


def test_masked_critic_markup_names_no_model_whatever_becomes_of_its_suggestions() -> None:
    spec = make_spec("# Odile\n\nODILE asks Odile first.\n")
    amendment = make_amendment("replace", "Clément tells Clément", quote="asks Clément")
    marked = critic_markup(spec.document, find_changes(spec, amendment), mask=MASK)
    assert marked == "# Clément\n\nClément {~~asks Clément~>Clément tells Clément~~} first.\n"


def test_masked_critic_markup_is_refused_where_an_edit_cuts_a_name_in_two() -> None:
    document = make_spec("Ask Odile-8 first.\n").document
    with pytest.raises(EditError, match="an edit cuts a model's name in two"):
        critic_markup(document, [Change(Span(10, 11), "9")], mask=Mask(("Odile-8", "Odile-9"), "Clément"))


def test_a_sign_of_critic_markup_elsewhere_in_the_document_is_refused() -> None:
    document = make_spec("A {--b c.\n").document
    with pytest.raises(EditError, match="a sign of CriticMarkup"):
        critic_markup(document, [Change(Span(9, 10), "!")])


@pytest.mark.parametrize("sign", ["{++", "++}", "{--", "--}", "{~~", "~>", "~~}", "{>>", "{=="])
def test_words_with_a_sign_of_critic_markup_are_refused(sign: str) -> None:
    for text, change in (("A.\n", Change(Span(1, 1), f"x {sign} y")), (f"A {sign} b\n", Change(Span(0, 8), "x"))):
        with pytest.raises(EditError) as caught:
            critic_markup(make_spec(text).document, [Change(Span(0, 0), "New."), change])
        assert str(caught.value) == (
            f"the words hold {sign!r}, a sign of CriticMarkup\n  mend: choose another format: --format"
        )
