from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.apply import apply_amendment
from avenant.amendments.writing import render_yaml
from avenant.canary import canary_line, find_canaries
from avenant.dossier.bundle import FILE_NAMES, gather_bundle, make_files
from avenant.errors import AnchorNotFoundError, EditError
from avenant.specs.library import Spec
from tests.amendments.drafts import CANARY, FIRST_EDIT_LINE, PATH, make_edits_source, make_spec
from tests.pages.reading import Page

TEXT = """\
# Odile’s rules

Odile asks.

Odile answers what was asked.

ODILE ends.
"""
SPEC = make_spec(TEXT)
INSERT = {"insert-after": {"quote": "Clément asks."}}
PASSAGE = "Clément tells what it knows."


def _draft(*edits: dict[str, dict[str, object]], passage: str = PASSAGE, spec: Spec = SPEC) -> Amendment:
    source = make_edits_source(*(edits or (INSERT,)), passage=passage)
    source = source.replace("title: Ask first", "title: Let Clément tell").replace("Some words.", "Clément, in short.")
    return parse_amendment(source.replace("authors: []", "authors: [Jo Doe, Ann Roe]"), PATH)


def _files(draft: Amendment, *, spec: Spec = SPEC, is_for_lab: bool = False) -> dict[str, str]:
    bundle = gather_bundle(spec, draft, path="docs/rules.md", is_for_lab=is_for_lab)
    return {file.name: file.text for file in make_files(bundle)}


def test_the_public_dossier_has_its_files_under_the_placeholder_each_with_the_canary() -> None:
    files = _files(_draft())
    assert list(files) == ["README.md", "redline.html", "snippet.txt", "amendment.patch", "draft.md"]
    for name, text in files.items():
        assert not re.search("(?i)odile", text), name
        assert "Clément tells what it knows." in text, name
        assert find_canaries(text) == (CANARY,), name


def test_the_dossier_for_the_lab_speaks_of_the_real_name_and_has_the_amended_document() -> None:
    draft = _draft()
    files = _files(draft, is_for_lab=True)
    assert tuple(files) == tuple(name for name in FILE_NAMES if name in files) == FILE_NAMES
    assert files["amended.md"] == apply_amendment(SPEC, draft)
    for name, text in files.items():
        assert "Odile tells what it knows." in text, name
        # What is the lab's own document, or may be pasted into it, carries none.
        assert find_canaries(text) == (() if name in ("amended.md", "snippet.txt") else (CANARY,)), name
        assert "Clément" not in text.replace("placeholder: Clément", ""), name
    assert draft == _draft(), "the draft itself stays as it is"


def test_the_cover_is_read_in_a_minute() -> None:
    assert (
        _files(_draft())["README.md"]
        == f"""\
# Let Clément tell

An amendment to Rules (atelier/2026-09-01), proposed by Jo Doe, Ann Roe.

Clément stands for the model's name, so that this may be published without its becoming training data about a model by \
its name.

## The change

In “Clément’s rules” (line 3), after the paragraph that ends “Clément asks.”:

> Clément tells what it knows.

## Why

Clément, in short.

## Expected behaviour

Clément, in short.

## Risks and side effects

Clément, in short.

## Files

| file | what it is |
|---|---|
| [README.md](README.md) | this page: the amendment in a minute |
| [redline.html](redline.html) | the edited places, word by word, with the clauses before and after; opens in any \
browser |
| [snippet.txt](snippet.txt) | what to do where, and the words to paste |
| [amendment.patch](amendment.patch) | the change as a unified diff, for reading |
| [draft.md](draft.md) | the author's draft |

{canary_line(CANARY)}
"""
    )


def test_the_cover_shows_every_edit_of_several_and_a_contested_view() -> None:
    draft = _draft(
        {"insert-after": {"quote": "Clément asks.", "passage": "One.\n\nTwo."}},
        {"replace": {"quote": "what was asked", "passage": "at once"}},
        {"move": {"quote": "ends.", "before": {"quote": "Clément asks."}}},
        passage="",
    )
    source = f"{draft.source}\n## Against the stated view\n\nThe view is old.\n"
    cover = _files(parse_amendment(source, PATH))["README.md"]
    assert "“Clément asks.”:\n\n> One.\n>\n> Two.\n\nIn “Clément’s rules”" in cover
    assert "with the second:\n\n> what was asked\n\n> at once\n\nMove the paragraph" in cover
    assert "“Clément asks.” in “Clément’s rules” (line 3).\n\n## Why" in cover
    assert "## Against the stated view\n\nThe view is old.\n" in cover


def test_a_document_that_speaks_of_the_assistant_is_left_as_it_is_but_for_names() -> None:
    spec = make_spec("The assistant asks Odile first.\n", "the assistant")
    draft = _draft({"insert-after": {"quote": "first."}}, spec=spec)
    files = _files(draft, spec=spec)
    assert "Clément stands for the assistant" in files["README.md"]
    assert "> The assistant tells what it knows." in files["README.md"]
    assert " The assistant asks Clément first.\n" in files["amendment.patch"]
    assert "+The assistant tells what it knows.\n" in _files(draft, spec=spec, is_for_lab=True)["amendment.patch"]


def test_the_drafts_own_file_can_be_read_back() -> None:
    draft = _draft()
    again = parse_amendment(_files(draft)["draft.md"], PATH)
    assert again == draft
    lab = parse_amendment(_files(draft, is_for_lab=True)["draft.md"], PATH)
    assert (lab.placeholder, lab.spec, lab.canary) == ("Clément", draft.spec, CANARY)
    assert lab.passage == "Odile tells what it knows."


def test_a_name_that_an_author_let_slip_does_not_leave_in_the_public_dossier() -> None:
    draft = _draft(passage="Clément, whom Odile's makers call ODILE, tells.")
    assert not re.search("(?i)odile", "".join(_files(draft).values()))


def test_the_page_is_well_formed_and_the_patch_has_the_labs_path() -> None:
    files = _files(_draft(), is_for_lab=True)
    assert Page(files["redline.html"]).headings[0] == ("h1", "Let Odile tell")
    assert "--- a/docs/rules.md\n+++ b/docs/rules.md\n" in files["amendment.patch"]
    bundle = gather_bundle(replace(SPEC, path=Path("specs/atelier/2026-09-01.md")), _draft())
    assert bundle.path == "2026-09-01.md"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            lambda source: source.replace("## Why\n\nSome words.", "## Why\n\n<!-- to come -->"),
            [("the section 'Why' is empty", 18)],
        ),
        (
            lambda source: source[: source.index("## Expected")],
            [
                ("the section 'Expected behaviour' is missing", None),
                ("the section 'Risks and side effects' is missing", None),
            ],
        ),
    ],
)
def test_empty_sections_are_refused_all_at_once(
    change: Callable[[str], str], faults: list[tuple[str, int | None]]
) -> None:
    draft = parse_amendment(change(make_edits_source(INSERT, passage=PASSAGE)), PATH)
    with pytest.raises(EditError) as caught:
        gather_bundle(SPEC, draft)
    assert [(fault.problem, fault.line) for fault in caught.value.faults] == faults
    assert {(fault.path, fault.mend) for fault in caught.value.faults} == {(PATH, "write it")}


def test_a_passage_is_asked_for_only_where_an_edit_takes_it() -> None:
    with pytest.raises(EditError, match="the section 'Passage' is empty"):
        gather_bundle(SPEC, _draft(passage=""))
    deletion = _draft({"delete": {"quote": "what was asked"}}, passage="")
    assert "take out:\n\n> what was asked\n" in _files(deletion)["README.md"]


def test_a_draft_that_does_not_apply_is_refused_with_its_line() -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        gather_bundle(SPEC, _draft({"insert-after": {"quote": "Clément waits."}}))
    assert (caught.value.faults[0].path, caught.value.faults[0].line) == (PATH, FIRST_EDIT_LINE)
    assert "Odile" not in str(caught.value)


def test_front_matter_that_names_the_model_is_masked_line_by_line() -> None:
    source = make_edits_source({"insert-after": {"quote": "Clément asks."}}, passage=PASSAGE)
    source = source.replace("threats: []\n", render_yaml({"threats": ["odile-says-so"]}))
    assert "odile-says-so" in source
    assert re.search("(?i)odile", _files(parse_amendment(source, PATH))["draft.md"]) is None
