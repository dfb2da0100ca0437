import dataclasses
import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

from avenant.canary import PROJECT_CANARY
from avenant.errors import FileError, FormatError
from avenant.trials.design import Trial
from avenant.trials.labels import Label, Sheet, SheetReply, known_ids, labels_folder, make_sheet
from avenant.trials.results import read_result
from avenant.trials.sheets.page import sheet_as_html
from avenant.trials.sheets.reading import read_filled
from avenant.trials.sheets.table import sheet_as_csv
from avenant.trials.sheets.word import sheet_as_word
from tests.trials.grading import fill, like_the_judge, own_copy
from tests.trials.running import Run

STYLES = ("csv", "docx", "html")
RENDER = {"csv": sheet_as_csv, "docx": sheet_as_word, "html": sheet_as_html}


@pytest.fixture
def sheet(finished: Trial) -> Sheet:
    return make_sheet(finished, read_result(finished), grader="jo", count=8)


def everything(raw: bytes) -> str:
    """All that a file holds, the parts of a Word file and their names included."""
    if raw[:2] != b"PK":
        return unescape(raw.decode())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return unescape(
            archive.comment.decode()
            + "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())
        )


@pytest.mark.parametrize("style", STYLES)
def test_labels_come_back_as_they_were_given(style: str, finished: Trial, sheet: Sheet, tmp_path: Path) -> None:
    path = fill(sheet, style, tmp_path / "Jo Doe", like_the_judge)
    ids = known_ids(finished)
    [filled] = read_filled(finished, [path])
    assert filled.grader == "jo-doe"
    assert filled.empty == 0
    assert list(filled.labels) == [
        Label("jo-doe", *ids[one.id], like_the_judge(one), "so; so") for one in sheet.replies
    ]


@pytest.mark.parametrize("style", STYLES)
def test_a_sheet_filled_in_part_is_fine_and_counted(style: str, finished: Trial, sheet: Sheet, tmp_path: Path) -> None:
    graded = {one.id for one in sheet.replies[:5]}
    path = fill(sheet, style, tmp_path / "jo", lambda one: 0 if one.id in graded else None)
    [filled] = read_filled(finished, [path])
    assert [label.grade for label in filled.labels] == [0] * 5
    assert filled.empty == 11


@pytest.mark.parametrize("style", STYLES)
def test_nothing_in_a_sheet_tells_arm_grade_or_document(style: str, run_scripted: Run, tmp_path: Path) -> None:
    # The subject recites its passage and says its name: the worst that a sheet could pass on.
    trial = own_copy(run_scripted("quoting").trial, tmp_path / "trial")
    shown = everything(RENDER[style](make_sheet(trial, read_result(trial), grader="jo")))
    protocol = trial.protocol
    told = [
        *("amended", "placebo", "baseline", "inverted", "battery", "neighbour", "mark-views"),
        *(str(trial.folder), protocol.title, protocol.spec, protocol.section, "atelier"),
        *(protocol.content_hash, protocol.canary, protocol.subject, protocol.judge, "Odile", "scripted"),
        *(protocol.created[:10], (labels_folder(trial) / "salt").read_text().strip()),
        *(scenario.id for scenario in trial.scenarios),
        "closes the reply with the words",
        "keeps to plain words",
    ]
    assert not [words for words in told if words and words.casefold() in shown.casefold()]
    assert PROJECT_CANARY in shown
    assert "<!--" not in shown


@pytest.mark.parametrize("style", STYLES)
def test_a_sheet_is_the_same_whatever_the_judge_gave(style: str, finished: Trial, sheet: Sheet) -> None:
    result = read_result(finished)
    turned = tuple(
        one if one.value is None else dataclasses.replace(one, value=1 - one.value) for one in result.transcripts
    )
    other = make_sheet(finished, dataclasses.replace(result, transcripts=turned), grader="jo", count=8)
    assert everything(RENDER[style](other)) == everything(RENDER[style](sheet))


def test_the_page_needs_no_network_and_asks_not_to_be_indexed(sheet: Sheet) -> None:
    page = sheet_as_html(sheet).decode()
    assert not re.search(r"https?:|//[a-z]|src=|@import|url\(", page.split("<script>")[0])
    assert "default-src 'none'" in page
    assert '<meta name="robots" content="noindex, noai, noimageai">' in page
    assert page.count('type="radio"') == 11 * len(sheet.replies)


def test_hostile_replies_stay_text_in_every_format() -> None:
    hostile = '<script>alert("x")</script> =SUM(A1)'
    sheet = Sheet("jo", (SheetReply("r1", "user: Hi", "=1+1", hostile),), 1, 1, 0)
    assert "<script>alert" not in sheet_as_html(sheet).decode()
    assert ",'=1+1," in sheet_as_csv(sheet).decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(sheet_as_word(sheet))) as archive:
        assert b"<script>alert" not in archive.read("word/document.xml")


def test_control_characters_do_not_break_any_format(finished: Trial) -> None:
    result = read_result(finished)
    odd = tuple(dataclasses.replace(one, reply="a\x00b\x0bc\ud800d\uffffe\r\nf\tg") for one in result.transcripts)
    sheet = make_sheet(finished, dataclasses.replace(result, transcripts=odd), grader="jo")
    assert {one.reply for one in sheet.replies} == {"a�b�c�d�e\nf\tg"}
    for render in RENDER.values():
        assert render(sheet)


def test_all_faults_of_all_files_are_told_at_once(finished: Trial, sheet: Sheet, tmp_path: Path) -> None:
    ids = [one.id for one in sheet.replies]
    table = tmp_path / "jo.csv"
    table.write_text(
        f'id,grade,note\n{ids[0]},11,"two\nlines"\n{ids[1]},7.5,\nnone-of-ours,3,\n{ids[2]},4,\n{ids[2]},5,\n,6,\n'
        f"{ids[3]},−2,\n{ids[4]},10.0,\n"
    )
    saved = tmp_path / "sam.json"
    saved.write_text(f'{{"labels": [{{"id": "{ids[0]}", "grade": true}}]}}')
    page, odd, broken = tmp_path / "kim.html", tmp_path / "x.xlsx", tmp_path / "y.docx"
    for path in (page, odd, broken):
        path.write_text("text")
    with pytest.raises(FormatError) as caught:
        read_filled(finished, [table, saved, page, odd, broken, tmp_path / "gone.csv"])
    assert [(fault.path.name if fault.path else None, fault.line) for fault in caught.value.faults] == [
        ("kim.html", None), ("x.xlsx", None), ("y.docx", None), ("gone.csv", None),
        ("jo.csv", 2), ("jo.csv", 4), ("jo.csv", 5), ("jo.csv", 7), ("jo.csv", 8), ("jo.csv", 9), ("sam.json", None),
    ]  # fmt: skip
    text = str(caught.value)
    assert "no whole number from 0 to 10: '11'" in text
    assert f"the id '{ids[2]}' stands twice, first at line 6 of" in text
    assert "'none-of-ours' is none of this trial's" in text
    assert "the id is empty" in text
    assert "reply 1 of the sheet: the grade is no whole number from 0 to 10: 'True'" in text
    assert "Download" in text
    assert all(fault.mend for fault in caught.value.faults)


def test_a_file_saved_twice_is_the_same_graders(finished: Trial, sheet: Sheet, tmp_path: Path) -> None:
    head, row = "id,grade,note\n", f"{sheet.replies[0].id},4,\n"
    (tmp_path / "jo.csv").write_text(head + row)
    (tmp_path / "jo (1).csv").write_text(head + row)
    paths = [tmp_path / "jo.csv", tmp_path / "jo (1).csv"]
    with pytest.raises(FormatError, match=r"stands twice, first at line 2 of .*jo\.csv"):
        read_filled(finished, paths)
    (tmp_path / "jo (1).csv").write_text(head + f"{sheet.replies[1].id},4,\n")
    [filled] = read_filled(finished, paths)
    assert (filled.grader, len(filled.labels)) == ("jo", 2)
    [filled] = read_filled(finished, paths, grader="Sam")
    assert filled.grader == "sam"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "id;mark\n1;2\n", "no column grade"),
        ("a.csv", "", "no column id and no column grade"),
        ("a.json", "[1]", "no list of labels"),
        ("a.json", '{"labels": [', "invalid JSON"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(
    name: str, text: str, problem: str, finished: Trial, sheet: Sheet, tmp_path: Path
) -> None:
    assert sheet.replies
    (tmp_path / name).write_text(text)
    with pytest.raises(FormatError, match=problem):
        read_filled(finished, [tmp_path / name])


def test_a_word_file_without_tables_is_refused(finished: Trial, sheet: Sheet, tmp_path: Path) -> None:
    from docx import Document

    assert sheet.replies
    Document().save(str(tmp_path / "a.docx"))
    with pytest.raises(FormatError, match="no reply of a sheet"):
        read_filled(finished, [tmp_path / "a.docx"])


def test_without_python_docx_the_message_is_the_install_line(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(FileError) as caught:
        sheet_as_word(sheet)
    assert 'pip install "avenant[word]"' in str(caught.value)


def test_before_any_sheet_was_made_nothing_is_read(finished: Trial, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no sheet was ever made"):
        read_filled(finished, [tmp_path / "jo.csv"])
