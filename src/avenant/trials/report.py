"""The report: one HTML file without any reference to the network, readable in a minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from avenant import __version__
from avenant.canary import canary_line
from avenant.files import write_text
from avenant.mask import Mask
from avenant.text import DiffPiece, diff_words
from avenant.trials.design import Trial
from avenant.trials.picture import draw_effects
from avenant.trials.protocol import PREAMBLE
from avenant.trials.results import ArmSummary, Result
from avenant.trials.summary import cautions, headline, number, plain_effect

_ARM_WORDS = {
    "baseline": "the document as it is",
    "amended": "with the passage",
    "placebo": "with a neutral passage of the same length",
    "inverted": "with the passage's opposite",
    "control": "positive control: a plain rule",
    "inverted-control": "the plain rule's opposite",
    "blunt": "a blunt rule on the same subject",
    "inverted-blunt": "the blunt rule's opposite",
}
_BLANK = re.compile(r"(?:\r?\n[ \t]*){2,}")
_SHOWN_TRANSCRIPTS = 4
"""Scenarios whose transcripts a report shows; the logs hold all."""


@dataclass(frozen=True, slots=True)
class _Place:
    before: str
    pieces: list[DiffPiece]
    after: str


def render_report(trial: Trial, result: Result) -> str:
    """The report as HTML, under the placeholder's name throughout."""
    protocol = trial.protocol
    masked = Mask(tuple(protocol.model_names), protocol.placeholder)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["masked"] = masked
    environment.filters["number"] = number
    source = (resources.files("avenant.trials") / "templates/report.html").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        trial=trial,
        protocol=protocol,
        result=result,
        verdict=result.verdict,
        headline=headline(trial, result),
        cautions=cautions(trial, result),
        effect=plain_effect(trial, result),
        picture=Markup(
            draw_effects(
                result.verdict.contrasts,
                margin=protocol.margin,
                side_margin=protocol.side_margin,
                unit=protocol.unit,
            )
        ),
        arms=_arm_rows(result),
        arm_words=_ARM_WORDS,
        place=_place(trial, masked),
        transcripts=_transcripts(trial, result),
        placebos=_added(trial, "placebo-1"),
        families=sorted({(s.family, s.battery) for s in trial.scenarios}, key=lambda f: (f[1] != "target", f[1], f[0])),
        canary=canary_line(protocol.canary),
        version=__version__,
    )


def write_report(trial: Trial, result: Result) -> Path:
    """Write `report.html` into the trial's folder and return its path."""
    path = trial.folder / "report.html"
    write_text(path, render_report(trial, result))
    return path


def _arm_rows(result: Result) -> list[tuple[str, ArmSummary | None, ArmSummary | None]]:
    """(arm, target side, side-effect side), in the order of `_ARM_WORDS`."""
    known = {(summary.arm, summary.is_target): summary for summary in result.arms}
    rows = [(arm, known.get((arm, True)), known.get((arm, False))) for arm in _ARM_WORDS]
    return [row for row in rows if row[1] or row[2]]


def _place(trial: Trial, masked: Mask) -> _Place:
    """The edited place under the placeholder: the paragraphs before it, what changes, and the paragraph after it."""
    old = trial.systems["baseline"]
    start, end = trial.protocol.edit_start, trial.protocol.edit_end
    taken, added = old[start:end], _added(trial, "amended")
    if taken:
        # Whole lines about words that are taken out, so that the sentence can be read.
        line_start, line_end = old.rfind("\n", 0, start) + 1, (old.find("\n", end) + 1 or len(old) + 1) - 1
        taken, added = old[line_start:line_end], old[line_start:start] + added + old[end:line_end]
        start, end = line_start, line_end
    before = _BLANK.split(old[:start].removeprefix(PREAMBLE).strip())
    after = _BLANK.split(old[end:].strip())
    # Masked before they are compared: a name of which a part changed would else stand there in pieces.
    pieces = diff_words(masked(taken.strip()), masked(added.strip()))
    return _Place(masked("\n\n".join(before[-2:])), pieces, masked(after[0]))


def _added(trial: Trial, arm: str) -> str:
    """What an arm has in the place of the edit."""
    system, baseline = trial.systems[arm], trial.systems["baseline"]
    tail = len(baseline) - trial.protocol.edit_end
    return system[trial.protocol.edit_start : len(system) - tail].strip("\n")


def _transcripts(trial: Trial, result: Result) -> list[tuple[str, list[tuple[str, str, float | None]]]]:
    """(the user's words, [(arm, reply, score)]) for the first few scenarios in the protocol's order."""
    shown = []
    for scenario_id in trial.protocol.transcripts:
        replies = {t.arm: t for t in result.transcripts if t.scenario == scenario_id}
        if replies:
            words = "\n\n".join(f"{role}: {content}" for role, content in trial.scenario(scenario_id).messages)
            shown.append(
                (words, [(arm, replies[arm].reply, replies[arm].value) for arm in _ARM_WORDS if arm in replies])
            )
    return shown[:_SHOWN_TRANSCRIPTS]
