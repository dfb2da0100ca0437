"""`avenant label`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avenant.cli.show import print_text
from avenant.errors import FileError, shown_path
from avenant.files import write_bytes
from avenant.scenarios import BATTERIES, Battery
from avenant.trials.design import Trial, read_trial
from avenant.trials.labels import COUNT, Sheet, labels_folder

if TYPE_CHECKING:
    from avenant.trials.results import Result

_FORMATS = ("html", "docx", "csv")


@click.command("label")
@click.argument("trial")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--count", type=click.IntRange(1), default=COUNT, show_default=True, help="Pairs of replies to draw.")
@click.option("--battery", type=click.Choice(BATTERIES), default="target", show_default=True)
@click.option("--grader", metavar="NAME", help="Who grades; with --read: who filled in all the files.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the draw.")
@click.option(
    "--format",
    "style",
    type=click.Choice(_FORMATS),
    help="html: a page for the browser; docx: for Word; csv: for a spreadsheet. Default: by FILE's ending, else html.",
)
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="Default: in the trial's folder.")
@click.option("--read", "is_read", is_flag=True, help="Take filled sheets in, if any, and show what all labels say.")
def label_command(
    trial: str,
    files: tuple[Path, ...],
    count: int,
    battery: Battery,
    grader: str | None,
    seed: int,
    style: str | None,
    out: Path | None,
    is_read: bool,
) -> None:
    """Have people grade a sample of a trial's replies, blind, and correct the effect by their grades.

    TRIAL is a trial's folder, or an amendment for its newest trial. The sheet shows single replies as the judge saw
    them, under the placeholder's name; nothing in it tells the arm, the judge's grade or the document. Each grader
    gets a sheet of the same replies.

    Example: avenant label mark-opinions --grader jo

    Example: avenant label mark-opinions --read jo.csv sam.docx
    """
    from avenant.trials.labels import check_graded, make_sheet
    from avenant.trials.results import read_result

    if files and not is_read:
        raise click.UsageError("Files are given to be read: add --read.")
    style = _style_of(style, out)
    stored = read_trial(_folder_of(trial))
    check_graded(stored)
    result = read_result(stored)
    if is_read:
        _take_in(stored, files, grader)
        _show_labels(stored, result)
        return
    sheet = make_sheet(stored, result, grader=grader or "grader", battery=battery, count=count, seed=seed)
    path = out or labels_folder(stored) / "sheets" / f"{sheet.grader}.{style}"
    _check_free(path, stored)
    write_bytes(path, _render(sheet, style))
    for line in (*_say(sheet, battery, count, result), f"\n{shown_path(path)}", _say_back(stored, sheet, path)):
        print_text(line)


def _folder_of(trial: str) -> Path:
    from avenant.cli.trial import find_trial

    return find_trial(None, trial)


def _check_free(path: Path, trial: Trial) -> None:
    if path.exists():
        # Somebody may have graded for hours in it.
        raise FileError(
            "there is something of this name already", path=path, mend="delete it, or give another: -o FILE"
        )
    if path.resolve().parent == labels_folder(trial).resolve():
        raise FileError("here the trial keeps labels that were taken in", path=path, mend="write the sheet elsewhere")


def _style_of(style: str | None, out: Path | None) -> str:
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    if out is not None and ending not in ((style,) if style else _FORMATS):
        # A sheet of another ending could not be read back.
        raise click.UsageError(
            f"FILE has to end in {f'.{style}' if style else '.html, .docx or .csv'}, not in {out.name!r}."
        )
    return style or ending or "html"


def _render(sheet: Sheet, style: str) -> bytes:
    from avenant.trials.sheets.page import sheet_as_html
    from avenant.trials.sheets.table import sheet_as_csv
    from avenant.trials.sheets.word import sheet_as_word

    return {"html": sheet_as_html, "docx": sheet_as_word, "csv": sheet_as_csv}[style](sheet)


def _say(sheet: Sheet, battery: Battery, count: int, result: Result) -> list[str]:
    lines = [
        f"A sheet of {len(sheet.replies)} single replies for {sheet.grader}: {sheet.pairs} of the {sheet.available} "
        f"{battery} pairs that the judge graded, in random order."
    ]
    if sheet.available < count:
        lines.append(f"{count} pairs were asked for; the trial has {sheet.available}, and the sheet has them all.")
    if sheet.graded:
        lines.append(f"{sheet.graded} replies that {sheet.grader} has graded before are left out.")
    if not result.is_finished:
        lines.append("note: the trial is not finished; a sample of the whole of it could be drawn only afterwards.")
    return lines


def _say_back(trial: Trial, sheet: Sheet, path: Path) -> str:
    command = f"avenant label {shown_path(trial.folder)} --read"
    if path.suffix == ".html":
        return f"When the file comes back that its Download button saves:  {command} {sheet.grader}.csv"
    # Without the option the file's name says whose it is.
    named = "" if path.stem == sheet.grader else f" --grader {sheet.grader}"
    return f"When it comes back:  {command}{named} {path.name}"


def _take_in(trial: Trial, files: tuple[Path, ...], grader: str | None) -> None:
    from avenant.trials.labels import store_labels
    from avenant.trials.sheets.reading import read_filled

    for filled in read_filled(trial, files, grader=grader) if files else ():
        new, changed = store_labels(trial, filled.grader, filled.labels)
        print_text(
            f"{filled.grader}: {len(filled.labels)} grades ({new} new, {changed} changed), {filled.empty} left empty"
        )


def _show_labels(trial: Trial, result: Result) -> None:
    from avenant.cli.label_view import show_calibration, show_note
    from avenant.trials.calibration import find_calibrations

    found = find_calibrations(trial, result)
    for one in found:
        show_calibration(one)
    if found:
        show_note(found[0])
    else:
        print_text(f"No labels yet. A sheet for people to grade:  avenant label {shown_path(trial.folder)}")
