"""`avenant label` as a user calls it, on a trial of scripted models."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avenant.cli.label import label_command
from avenant.errors import AvenantError
from avenant.trials.design import Trial
from avenant.trials.labels import make_sheet
from avenant.trials.results import read_result
from tests.cli.runner import avenant
from tests.trials.grading import fill, like_the_judge

FOLDER = "trials/mark-views/1"


@pytest.fixture(autouse=True)
def _in_the_workspace(finished: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "avenant.toml").write_text('placeholder = "Clément"\n')
    monkeypatch.chdir(tmp_path)


def label(*arguments: str) -> Result:
    return CliRunner().invoke(label_command, arguments, catch_exceptions=False, help_option_names=["-h", "--help"])


def test_a_sheet_is_written_and_never_over_what_is_there() -> None:
    done = label("mark-views", "--grader", "Jo")
    assert done.exit_code == 0
    assert "24 single replies for jo: 12 of the 12 target pairs" in done.output
    assert "60 pairs were asked for; the trial has 12" in done.output
    sheet = Path(FOLDER) / "labels/sheets/jo.html"
    before = sheet.read_bytes()
    with pytest.raises(AvenantError, match="something of this name"):
        label(FOLDER, "--grader", "jo", "--count", "2")
    assert sheet.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "path", "start"),
    [
        (("-o", "sheet.docx"), "sheet.docx", b"PK"),
        (("-o", "sheet.csv", "--format", "csv"), "sheet.csv", b"\xef\xbb\xbfid,"),
        (("--format", "docx"), f"{FOLDER}/labels/sheets/grader.docx", b"PK"),
        ((), f"{FOLDER}/labels/sheets/grader.html", b"<!doctype html>"),
    ],
)
def test_the_format_is_the_one_asked_for(arguments: tuple[str, ...], path: str, start: bytes) -> None:
    assert label(FOLDER, "--count", "2", *arguments).exit_code == 0
    assert Path(path).read_bytes().startswith(start)


def test_filled_sheets_are_taken_in_and_shown(finished: Trial, tmp_path: Path) -> None:
    assert "No labels yet" in label(FOLDER, "--read").output
    assert "judge" not in label(FOLDER, "--grader", "jo", "-o", "empty.csv").output.split("graded")[1]
    sheet = make_sheet(finished, read_result(finished), grader="jo")
    jo = fill(sheet, "docx", tmp_path / "jo", like_the_judge)
    sam = fill(sheet, "html", tmp_path / "sam", lambda one: like_the_judge(one) if one in sheet.replies[:4] else None)
    done = label(FOLDER, "--read", str(jo), str(sam))
    assert done.exit_code == 0
    assert "jo: 24 grades (24 new, 0 changed), 0 left empty" in done.output
    assert "sam: 4 grades (4 new, 0 changed), 20 left empty" in done.output
    assert "24 replies graded by jo, sam; of 12 of 12 pairs both replies" in done.output
    assert "(no interval: too few labels, 12 pairs)" in done.output
    assert "Cannot tell: people graded both replies of 12 pairs in 6 families; it takes 20" in " ".join(
        done.output.split()
    )
    assert "does not replace it" in " ".join(done.output.split())
    assert label(FOLDER, "--read").output in done.output
    assert "(0 new, 0 changed)" in label(FOLDER, "--read", str(jo)).output


def test_a_faulty_sheet_is_refused_whole_and_exits_2(finished: Trial, tmp_path: Path) -> None:
    [one, other] = make_sheet(finished, read_result(finished), grader="jo", count=1).replies
    (tmp_path / "jo.csv").write_text(f"id,grade\n{one.id},7\n{other.id},12\nnobody,1\n")
    done = avenant("label", FOLDER, "--read", "jo.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "jo.csv:3: the grade is no whole number" in done.stderr
    assert "jo.csv:4: the id 'nobody'" in done.stderr
    assert not list((tmp_path / FOLDER / "labels").glob("*.csv"))


def test_a_sheet_is_not_written_where_labels_are_kept() -> None:
    with pytest.raises(AvenantError, match="labels that were taken in"):
        label(FOLDER, "-o", f"{FOLDER}/labels/jo.csv")


@pytest.mark.parametrize("arguments", [("-o", "sheet.txt"), ("-o", "sheet.csv", "--format", "docx"), ("-o", "sheet")])
def test_a_file_that_could_not_be_read_back_is_not_written(arguments: tuple[str, ...]) -> None:
    done = label(FOLDER, *arguments)
    assert done.exit_code == 2
    assert "FILE has to end in" in done.output
    assert not Path(arguments[1]).exists()


def test_the_command_that_takes_a_sheet_in_says_whose_it_is() -> None:
    assert "--read --grader jo for-jo.csv" in label(FOLDER, "--grader", "jo", "-o", "for-jo.csv").output
    assert "--read sam.docx" in label(FOLDER, "--grader", "sam", "--format", "docx").output
    assert "--read kim.csv" in label(FOLDER, "--grader", "kim").output


def test_files_without_read_are_a_slip() -> None:
    assert label(FOLDER, "jo.csv").exit_code == 2
