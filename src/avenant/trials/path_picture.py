"""The path of a sequential trial as a picture: the effect on each battery at every look, with its interval, in SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from avenant.trials.axis import Scale, scale_over
from avenant.trials.standing import Look, Standing

_WIDTH, _LEFT, _RIGHT, _GAP = 880, 44, 4, 22
_TOP, _PANEL = 44, 190


def draw_path(standings: Sequence[Standing], *, margin: float, side_margin: float, unit: str) -> str:
    """An SVG with a panel for each battery: families done from left to right, the effect upwards.

    A look's interval is drawn as a step of the band around it, since nothing is known between two looks; what lies
    beyond the picture is cut off, as the first intervals are as wide as the scale of the scores.

    Args:
        standings: every battery of the trial.
        margin: smallest effect worth having; two lines in the target's panel.
        side_margin: largest fall that is put up with; one line in the others'.
        unit: what one point of the outcome means.
    """
    width = (_WIDTH - _LEFT - _RIGHT - _GAP * (len(standings) - 1)) / len(standings)
    height = _TOP + _PANEL + 46
    vertical = _vertical(standings, margin, side_margin)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'aria-label="The effect by battery after every look, in {escape(unit)}">'
    ]
    for tick in vertical.ticks:
        parts.append(
            f'<text class="small" x="{_LEFT - 8}" y="{vertical(tick) + 4:.1f}" text-anchor="end">{tick:+.2g}</text>'
        )
    for index, standing in enumerate(standings):
        start = _LEFT + index * (width + _GAP)
        horizontal = Scale(0, max(standing.cap, 1), start, start + width)
        limits = (-margin, margin) if standing.battery == "target" else (-side_margin,)
        parts += _panel(standing, horizontal, vertical, limits)
    parts.append(
        f'<text class="small" x="{_LEFT + (_WIDTH - _LEFT) / 2:g}" y="{height - 6}" text-anchor="middle">'
        "families done, of those that were planned</text>"
    )
    return "\n".join([*parts, "</svg>"])


def _vertical(standings: Sequence[Standing], margin: float, side_margin: float) -> Scale:
    """High enough for every mean and for the last interval of each battery."""
    means = [look.mean for standing in standings for look in standing.looks]
    last = [end for s in standings for look in s.looks[-1:] for end in (look.ci_low, look.ci_high)]
    return scale_over([*means, *last], margins=(margin, side_margin), start=_TOP + _PANEL, end=_TOP)


def _panel(standing: Standing, across: Scale, up: Scale, limits: Sequence[float]) -> Iterator[str]:
    kind = "deciding" if standing.battery == "target" else "other"
    left, right = f"{across.start:.1f}", f"{across.end:.1f}"
    width = f"{across.end - across.start:.1f}"
    yield f'<rect class="frame" x="{left}" y="{_TOP}" width="{width}" height="{_PANEL}"/>'
    yield f'<text class="label {kind}" x="{left}" y="16">{standing.battery}</text>'
    yield f'<text class="small" x="{left}" y="33">{escape(describe_course(standing))}</text>'
    yield from _band(standing.looks, across, up, kind)
    for kind_of_line, at in (("zero", 0.0), *(("limit", limit) for limit in limits)):
        yield f'<line class="{kind_of_line}" x1="{left}" x2="{right}" y1="{up(at):.1f}" y2="{up(at):.1f}"/>'
    places = [f"{across(look.units):.1f},{up(look.mean):.1f}" for look in standing.looks]
    yield f'<polyline class="path {kind}" points="{" ".join(places)}"/>'
    for look in standing.looks:
        told = f"{look.units} families: {look.mean:+z.3f} [{look.ci_low:+z.3f}, {look.ci_high:+z.3f}], {look.block}"
        yield (
            f'<circle class="{kind}" cx="{across(look.units):.1f}" cy="{up(look.mean):.1f}" r="3">'
            f"<title>{escape(told)}</title></circle>"
        )
    yield from _count(standing, across)


def _band(looks: Sequence[Look], across: Scale, up: Scale, kind: str) -> Iterator[str]:
    """One step for each look, half way to its neighbours; it ends with the last look."""
    units = [look.units for look in looks]
    middles = [(a + b) / 2 for a, b in pairwise(units)]
    first = max(2 * units[0] - middles[0], 0) if middles else 0
    edges = [first, *middles, *units[-1:]]
    for look, left, right in zip(looks, edges[:-1], edges[1:], strict=True):
        yield (
            f'<rect class="step {kind}" x="{across(left):.1f}" y="{up(look.ci_high):.1f}" '
            f'width="{across(right) - across(left):.1f}" height="{up(look.ci_low) - up(look.ci_high):.1f}"/>'
        )


def _count(standing: Standing, across: Scale) -> Iterator[str]:
    y = _TOP + _PANEL
    if standing.is_settled and standing.looks:
        at = across(standing.looks[-1].units)
        yield f'<line class="settled" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{y}"/>'
    yield f'<text class="small" x="{across.start:.1f}" y="{y + 16}">0</text>'
    yield f'<text class="small" x="{across.end:.1f}" y="{y + 16}" text-anchor="end">{standing.cap}</text>'


def describe_course(standing: Standing) -> str:
    """What the last look says of a battery, in a few words."""
    done = standing.looks[-1].units if standing.looks else 0
    if standing.is_settled:
        said = {"rises": "rises", "falls": "falls", "nothing": "no effect that matters", "open": ""}[standing.course]
        if standing.battery != "target" and standing.course == "nothing":
            said = "no worse"
        return f"{said}: settled after {done} of {standing.cap}"
    return f"not settled: {done} of {standing.cap} done" if done else "nothing measured"
