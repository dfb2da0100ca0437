"""The effects as a picture: a forest plot in SVG, with the margin as a band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from avenant.trials.verdict import Contrast

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 880, 310, 170, 46, 34
_DECIDING = ("target", "side")


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def draw_effects(contrasts: Sequence[Contrast], *, margin: float, side_margin: float, unit: str) -> str:
    """An SVG forest plot: a dot for each mean, a line for its interval, a band for the stated margin.

    Args:
        contrasts: in the order in which they are drawn.
        margin: half-width of the band of effects that do not matter.
        side_margin: the largest fall of side effects that is put up with; drawn as a tick in their row.
        unit: what one point of the outcome means.
    """
    shown = [c for c in contrasts if c.estimate.mean is not None]
    scale = _scale(shown, max(margin, side_margin))
    height = _TOP + _ROW * len(shown) + 44
    bottom = _TOP + _ROW * len(shown)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'aria-label="Effects with their intervals, in {escape(unit)}">',
        f'<rect class="band" x="{scale.x(-margin):.1f}" y="{_TOP - 8}" '
        f'width="{scale.x(margin) - scale.x(-margin):.1f}" height="{bottom - _TOP + 8}"/>',
        f'<line class="zero" x1="{scale.x(0):.1f}" x2="{scale.x(0):.1f}" y1="{_TOP - 8}" y2="{bottom}"/>',
        f'<text class="small" x="{scale.x(0) - 8:.1f}" y="{_TOP - 16}" text-anchor="end">worse ←</text>',
        f'<text class="small" x="{scale.x(0) + 8:.1f}" y="{_TOP - 16}">→ better</text>',
    ]
    for index, contrast in enumerate(shown):
        parts += _row(contrast, _TOP + _ROW * index + _ROW / 2 - 4, scale, side_margin)
    parts += _axis(scale, bottom, unit)
    return "\n".join([*parts, "</svg>"])


def _scale(shown: Sequence[Contrast], margin: float) -> _Scale:
    ends = [end for c in shown for end in (c.estimate.ci_low, c.estimate.ci_high, c.estimate.mean) if end is not None]
    reach_low, reach_high = min([*ends, -1.3 * margin]), max([*ends, 1.3 * margin])
    room = 0.04 * (reach_high - reach_low)
    return _Scale(reach_low - room, reach_high + room)


def _row(contrast: Contrast, y: float, scale: _Scale, side_margin: float) -> list[str]:
    estimate = contrast.estimate
    assert estimate.mean is not None
    kind = "deciding" if contrast.key in _DECIDING else "other"
    label, _, about = contrast.question.partition(":")
    parts = [
        f'<text class="label {kind}" x="0" y="{y:.1f}">{escape(contrast.label)}</text>',
        f'<text class="small" x="0" y="{y + 15:.1f}">{escape(label)}<title>{escape(about.strip())}</title></text>',
    ]
    if estimate.ci_low is not None and estimate.ci_high is not None:
        parts.append(
            f'<line class="interval {kind}" x1="{scale.x(estimate.ci_low):.1f}" x2="{scale.x(estimate.ci_high):.1f}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        numbers = f"{estimate.mean:+.3f} [{estimate.ci_low:+.3f}, {estimate.ci_high:+.3f}]"
    else:
        numbers = f"{estimate.mean:+.3f} [no interval]"
    if contrast.key == "side":
        at = scale.x(-side_margin)
        parts.append(f'<line class="limit" x1="{at:.1f}" x2="{at:.1f}" y1="{y - 11:.1f}" y2="{y + 11:.1f}"/>')
    parts.append(f'<circle class="{kind}" cx="{scale.x(estimate.mean):.1f}" cy="{y:.1f}" r="5"/>')
    parts.append(f'<text class="small" x="{_WIDTH}" y="{y + 4:.1f}" text-anchor="end">{numbers}</text>')
    return parts


def _axis(scale: _Scale, bottom: float, unit: str) -> list[str]:
    step = _step(scale.high - scale.low)
    first = math.ceil(scale.low / step)
    ticks = [step * k for k in range(first, math.floor(scale.high / step) + 1)]
    parts = [
        f'<text class="small" x="{scale.x(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{tick:+.2g}</text>'
        for tick in ticks
    ]
    middle = _LEFT + (_WIDTH - _LEFT - _RIGHT) / 2
    parts.append(f'<text class="small" x="{middle}" y="{bottom + 36}" text-anchor="middle">{escape(unit)}</text>')
    return parts


def _step(width: float) -> float:
    raw = width / 5
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
