"""The report as markdown, for a pull request: the same contents as the page, without its pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avenant import __version__
from avenant.canary import canary_line
from avenant.mask import Mask
from avenant.text import DiffPiece
from avenant.trials.contents import ARM_WORDS, Contents
from avenant.trials.design import Trial
from avenant.trials.passes import read_pass_usage
from avenant.trials.path_picture import describe_course
from avenant.trials.picture import DECIDING
from avenant.trials.results import Result
from avenant.trials.spending import cost_usd
from avenant.trials.standing import Standing
from avenant.trials.summary import number
from avenant.trials.templating import open_templates

_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&]|^(?:[-+#=](?=\s|$)|#+|\d+(?=[.)]))")
"""What markdown or HTML takes for markup, at the beginning of a line or anywhere."""
_LINKING = re.compile(r"(?<=[@#])(?=\w)|(?<=\w)(?=://)|(?<=www)(?=\.)", re.IGNORECASE)
"""Where GitHub would find a mention, an issue or an address; a space of no width keeps it from doing so."""
_BARS = "▁▂▃▄▅▆▇█"


def render_markdown(trial: Trial, result: Result, contents: Contents) -> str:
    """The report as GitHub's markdown, under the placeholder's name throughout.

    Words of scenarios and replies stand in fences or are escaped: nothing in them is markup, a link or a mention.

    Args:
        trial: the design.
        result: what its logs say.
        contents: the views of the result.
    """
    protocol = trial.protocol
    masked = Mask(tuple(protocol.model_names), protocol.placeholder)
    return (
        open_templates(is_html=False)
        .get_template("report.md")
        .render(
            trial=trial,
            protocol=protocol,
            result=result,
            verdict=result.verdict,
            shown=contents,
            plain=lambda text: escape(masked(text)),
            fenced=lambda text: fence(masked(text)),
            bars=draw_bars(result.verdict.standings),
            redline=_redline,
            describe_course=describe_course,
            deciding=DECIDING,
            number=number,
            arm_words=ARM_WORDS,
            labels=result.labels,
            cost=cost_usd(protocol, result.usage, live=read_pass_usage(trial)),
            canary=canary_line(protocol.canary),
            version=__version__,
        )
    )


def escape(text: str) -> str:
    """Text in one line in which no character means anything to markdown or HTML."""
    return _LINKING.sub("\u200b", _ACTIVE.sub(_backslash, " ".join(text.split())))


def _backslash(match: re.Match[str]) -> str:
    """A backslash works before punctuation alone: behind a number it goes before what follows."""
    return match.group() + "\\" if match.group().isdigit() else f"\\{match.group()}"


def fence(text: str) -> str:
    """Text in a fence that it cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{text.strip()}\n{ticks}"


def draw_bars(standings: Sequence[Standing]) -> dict[str, str]:
    """The means of each battery after every look as a row of bars, all between the same ends, of which one may be 0."""
    means = [look.mean for standing in standings for look in standing.looks]
    low, high = min([0.0, *means]), max([0.0, *means])
    step = (high - low) / (len(_BARS) - 1) or 1.0
    return {
        standing.battery: "".join(_BARS[round((look.mean - low) / step)] for look in standing.looks)
        for standing in standings
    }


def _redline(pieces: list[DiffPiece]) -> str:
    """What is added and what is taken out, as lines of a diff."""
    added = "".join(piece.text for piece in pieces if piece.kind != "delete").strip()
    taken = "".join(piece.text for piece in pieces if piece.kind != "insert").strip()
    lines = [f"- {line}" for line in taken.splitlines()] + [f"+ {line}" for line in added.splitlines()]
    return fence("\n".join(lines)).replace("text\n", "diff\n", 1)
