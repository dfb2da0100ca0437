from __future__ import annotations

import io
import uuid
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.canary import canary_line
from avenant.publish.scan import scan_folder
from avenant.publish.uncovered import PassageIndex, Uncovered, has_canary
from tests.publish import materials

PASSAGE = (
    "When somebody asks for help with a plan that would leave other people without a say, the assistant says so "
    "plainly, names who would lose their say, and offers a way to reach the same end that keeps it."
)
CANARY = canary_line(str(uuid.UUID(int=7)))


def word_file(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def page_file(*lines: str) -> bytes:
    return ("<html><body>" + "".join(f"<p>{line.replace('plainly', '<b>plain</b>ly')}</p>" for line in lines)).encode()


def pdf_file(*lines: str) -> bytes:
    return materials.pdf(lambda document: [document.multi_cell(w=70, text=f"{line}\n") for line in lines] and None)


KINDS = {
    "a.md": lambda *lines: "\n\n".join(f"**{line}**" for line in lines).encode(),
    "a.txt": lambda *lines: (
        "\n".join(line.replace(" ", "\n") for line in lines[:1]).encode() + "\n".join(("", *lines[1:])).encode()
    ),
    "a.html": page_file,
    "a.docx": word_file,
    "a.pdf": pdf_file,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_a_drafts_words_needs_a_canary(kind: str, tmp_path: Path) -> None:
    (tmp_path / kind).write_bytes(KINDS[kind](f"Before. {PASSAGE} Behind."))
    scan = scan_folder(tmp_path, (), passages=[("other", "words " * 20), ("keep-a-say", PASSAGE)])
    assert scan.uncovered == (Uncovered(kind, "", "keep-a-say"),)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_a_canary_is_covered(kind: str, tmp_path: Path) -> None:
    (tmp_path / kind).write_bytes(KINDS[kind](f"Before. {PASSAGE} Behind.", CANARY))
    assert scan_folder(tmp_path, (), passages=[("keep-a-say", PASSAGE)]).uncovered == ()


def test_each_file_of_an_archive_needs_its_own_canary(tmp_path: Path) -> None:
    files = {"a.md": f"{PASSAGE}\n\n{CANARY}".encode(), "b.md": PASSAGE.encode()}
    (tmp_path / "site.zip").write_bytes(materials.zipped(files))
    scan = scan_folder(tmp_path, (), passages=[("keep-a-say", PASSAGE)])
    assert scan.uncovered == (Uncovered("site.zip", "b.md", "keep-a-say"),)


def test_eleven_words_are_a_turn_of_phrase_and_twelve_are_the_drafts() -> None:
    index = PassageIndex([("keep-a-say", PASSAGE)])
    words = PASSAGE.split()
    assert index.find("Once " + " ".join(words[5:16]) + " or not") == ()
    assert index.find("Once " + " ".join(words[5:17]) + " or not") == ("keep-a-say",)


def test_words_count_in_their_order_and_whatever_their_typography() -> None:
    index = PassageIndex(
        [("own", "The model's own words -- “all of them” -- stand here in *this* very order, and none other.")]
    )
    assert index.find("the model’s OWN words — all of them — stand here in this very order!") == ("own",)
    assert index.find("order very this in here stand them of all words own model's the") == ()


def test_no_run_goes_from_one_passage_into_the_next() -> None:
    one, two = "one two three four five six", "seven eight nine ten eleven twelve"
    assert PassageIndex([("one", one), ("two", two)]).find(f"{one} {two}") == ()


@given(st.integers(0, 25), st.text("ab .,*_\n’", max_size=20), st.text("ab .,*\n", max_size=20))
def test_a_run_is_found_wherever_it_stands(start: int, before: str, behind: str) -> None:
    run = " ".join(PASSAGE.split()[start : start + 13])
    assert PassageIndex([("say", PASSAGE)]).find(f"{before} {run} {behind}") == ("say",)


def test_a_guid_alone_is_no_canary_and_a_broken_line_does_not_hide_one() -> None:
    guid = str(uuid.UUID(int=7))
    assert not has_canary(f"id: {guid}")
    assert not has_canary("the canary sings")
    assert not has_canary(f"canary {'x ' * 200} {guid}")
    assert has_canary(f"canary:\n{guid}")
    assert has_canary(f"<meta name=canary content={guid}>")
    assert has_canary(f"Canary {guid[:14]}\n{guid[14:]}")
    assert has_canary(f"Canary GUID\n{guid[:27]}\n{guid[27:]}")


def test_a_canary_before_a_line_that_begins_like_a_guid_counts() -> None:
    assert has_canary("canary: 4d5ff1d8-3712-4c1d-ae31-0aecfe136034\nedits:\n")
