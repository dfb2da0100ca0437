"""A trial's result in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from avenant.cli.show import console
from avenant.errors import shown_path
from avenant.mask import Mask
from avenant.trials.design import Trial
from avenant.trials.markdown import draw_bars
from avenant.trials.path_picture import describe_course
from avenant.trials.picture import DECIDING
from avenant.trials.results import Result
from avenant.trials.summary import cautions, headline, number, plain_effect, summary

_STYLES = {"helps": "green", "harms": "red", "no meaningful effect": "blue"}


def show_result(trial: Trial, result: Result, path: Path) -> None:
    """Print the verdict, the effects by battery, the path and the cautions.

    Args:
        trial: the design.
        result: what its logs say.
        path: where the report is.
    """
    out = console()
    # Panels and paragraphs are wrapped, tables and paths are not.
    wrapping = Console(highlight=False)
    masked = Mask(tuple(trial.protocol.model_names), trial.protocol.placeholder)
    text = Text(headline(trial, result), style="bold")
    text.append(f"\n{result.verdict.reason}\n{plain_effect(trial, result)}", style="not bold")
    title = Text(masked(trial.protocol.title))
    wrapping.print(Panel(text, border_style=_STYLES.get(result.verdict.word, "yellow"), title=title))
    for contrast in result.verdict.contrasts:
        style = "bold" if contrast.key in DECIDING else ""
        out.print(Text(f"  {contrast.label:30} {number(contrast.estimate)}", style=style))
    for line in _path_lines(result):
        out.print(Text(f"  {line}"))
    for line in summary(trial, result):
        wrapping.print(Padding(Text(line), (0, 0, 0, 2)))
    for line in cautions(trial, result):
        wrapping.print(Padding(Text(f"! {line}", style="dim"), (0, 0, 0, 2)))
    out.print(Text(f"\nReport: {shown_path(path)}"))
    out.print(Text(f"Logs:   inspect view --log-dir {shown_path(trial.logs)}"))


def _path_lines(result: Result) -> Iterator[str]:
    """The mean of each battery after every look."""
    bars = draw_bars(result.verdict.standings)
    for standing in result.verdict.standings:
        if standing.looks:
            yield f"{standing.battery:10} {bars[standing.battery]}  {describe_course(standing)}"
