"""The report of a trial: a page without any reference to the network, the same as markdown, and the result file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from markupsafe import Markup

from avenant import __version__
from avenant.canary import canary_line
from avenant.files import write_text
from avenant.mask import Mask
from avenant.trials.contents import ARM_WORDS, Contents, gather_contents
from avenant.trials.design import Trial
from avenant.trials.family_picture import draw_families
from avenant.trials.markdown import render_markdown
from avenant.trials.passes import read_pass_usage
from avenant.trials.path_picture import describe_course, draw_path
from avenant.trials.picture import draw_effects
from avenant.trials.result_file import write_result
from avenant.trials.results import Result
from avenant.trials.spending import cost_usd
from avenant.trials.summary import number
from avenant.trials.templating import open_templates

_NOT_DECIDING = "describes, does not decide"


def write_report(trial: Trial, result: Result) -> Path:
    """Write `report.html`, `report.md` and `result.json` into the trial's folder; return the path of the first."""
    contents = gather_contents(trial, result)
    write_result(trial, result, contents)
    write_text(trial.folder / "report.md", render_markdown(trial, result, contents))
    path = trial.folder / "report.html"
    write_text(path, render_report(trial, result, contents))
    return path


def render_report(trial: Trial, result: Result, contents: Contents | None = None) -> str:
    """The report as HTML, under the placeholder's name throughout.

    Args:
        trial: the design.
        result: what its logs say.
        contents: the views of the result; computed where they are not given.
    """
    protocol = trial.protocol
    shown = contents or gather_contents(trial, result)
    return (
        open_templates(is_html=True)
        .get_template("report.html")
        .render(
            trial=trial,
            protocol=protocol,
            result=result,
            verdict=result.verdict,
            shown=shown,
            masked=Mask(tuple(protocol.model_names), protocol.placeholder),
            effects_picture=Markup(_draw_effects(trial, result)),
            path_picture=Markup(_draw_path(trial, result)),
            family_picture=Markup(_draw_families(trial, shown)),
            arm_words=ARM_WORDS,
            labels=result.labels,
            number=number,
            cost=cost_usd(protocol, result.usage, live=read_pass_usage(trial)),
            canary=canary_line(protocol.canary),
            version=__version__,
        )
    )


def _draw_effects(trial: Trial, result: Result) -> str:
    protocol = trial.protocol
    notes = dict.fromkeys(("baseline", "placebo", "mention"), _NOT_DECIDING)
    notes |= {standing.battery: describe_course(standing) for standing in result.verdict.standings}
    return draw_effects(
        result.verdict.contrasts,
        margin=protocol.margin,
        side_margin=protocol.side_margin,
        unit=protocol.unit,
        notes=notes,
    )


def _draw_path(trial: Trial, result: Result) -> str:
    """Nothing where no battery was looked at."""
    protocol = trial.protocol
    standings = result.verdict.standings
    if not any(standing.looks for standing in standings):
        return ""
    return draw_path(standings, margin=protocol.margin, side_margin=protocol.side_margin, unit=protocol.unit)


def _draw_families(trial: Trial, shown: Contents) -> str:
    """Nothing where no family has a pair of scores."""
    protocol = trial.protocol
    masked = Mask(tuple(protocol.model_names), protocol.placeholder)
    effects = [dataclasses.replace(one, family=masked(one.family)) for one in shown.families]
    if all(effect.mean is None for effect in effects):
        return ""
    return draw_families(effects, margin=protocol.margin, unit=protocol.unit)
