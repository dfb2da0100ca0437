"""The effects as a picture: a forest plot in SVG, with the margin as a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from avenant.trials.axis import Scale, scale_over
from avenant.trials.contrasts import Contrast

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 880, 345, 170, 46, 34
DECIDING = ("target", "side", "neighbour", "far")
"""Keys of the effects that decide; all others describe."""
_SIDES = ("side", "neighbour", "far")


def draw_effects(
    contrasts: Sequence[Contrast],
    *,
    margin: float,
    side_margin: float,
    unit: str,
    notes: Mapping[str, str] | None = None,
) -> str:
    """An SVG forest plot: a dot for each mean, a line for its interval, a band for the stated margin.

    Args:
        contrasts: in the order in which they are drawn; one that decides and was not measured is drawn without a dot.
        margin: half-width of the band of effects that do not matter.
        side_margin: the largest fall of side effects that is put up with; drawn as a tick in their rows.
        unit: what one point of the outcome means.
        notes: a word under an effect's numbers, by its key, such as "settled".
    """
    shown = [c for c in contrasts if c.estimate.mean is not None or c.key in DECIDING]
    ends = [e for c in shown for e in (c.estimate.ci_low, c.estimate.ci_high, c.estimate.mean) if e is not None]
    scale = scale_over(ends, margins=(margin, side_margin), start=_LEFT, end=_WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(shown)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {bottom + 44}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'aria-label="Effects with their intervals, in {escape(unit)}">',
        f'<rect class="band" x="{scale(-margin):.1f}" y="{_TOP - 8}" '
        f'width="{scale(margin) - scale(-margin):.1f}" height="{bottom - _TOP + 8}"/>',
        f'<line class="zero" x1="{scale(0):.1f}" x2="{scale(0):.1f}" y1="{_TOP - 8}" y2="{bottom}"/>',
        f'<text class="small" x="{scale(0) - 8:.1f}" y="{_TOP - 16}" text-anchor="end">worse ←</text>',
        f'<text class="small" x="{scale(0) + 8:.1f}" y="{_TOP - 16}">→ better</text>',
    ]
    for index, contrast in enumerate(shown):
        y = _TOP + _ROW * index + _ROW / 2 - 4
        parts += _row(contrast, y, scale, side_margin, (notes or {}).get(contrast.key, ""))
    parts += _axis(scale, bottom, unit)
    return "\n".join([*parts, "</svg>"])


def _row(contrast: Contrast, y: float, scale: Scale, side_margin: float, note: str) -> list[str]:
    estimate = contrast.estimate
    kind = "deciding" if contrast.key in DECIDING else "other"
    label, _, about = contrast.question.partition(":")
    parts = [
        f'<text class="label {kind}" x="0" y="{y:.1f}">{escape(contrast.label)}</text>',
        f'<text class="small" x="0" y="{y + 15:.1f}">{escape(label)}<title>{escape(about.strip())}</title></text>',
    ]
    numbers = "not measured" if estimate.mean is None else f"{estimate.mean:+z.3f} [no interval]"
    if estimate.mean is not None and estimate.ci_low is not None and estimate.ci_high is not None:
        parts.append(
            f'<line class="interval {kind}" x1="{scale(estimate.ci_low):.1f}" x2="{scale(estimate.ci_high):.1f}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        numbers = f"{estimate.mean:+z.3f} [{estimate.ci_low:+z.3f}, {estimate.ci_high:+z.3f}]"
    if contrast.key in _SIDES:
        at = scale(-side_margin)
        parts.append(f'<line class="limit" x1="{at:.1f}" x2="{at:.1f}" y1="{y - 11:.1f}" y2="{y + 11:.1f}"/>')
    if estimate.mean is not None:
        parts.append(f'<circle class="{kind}" cx="{scale(estimate.mean):.1f}" cy="{y:.1f}" r="5"/>')
    parts.append(f'<text class="small" x="{_WIDTH}" y="{y + 4:.1f}" text-anchor="end">{numbers}</text>')
    if note:
        parts.append(f'<text class="small" x="{_WIDTH}" y="{y + 19:.1f}" text-anchor="end">{escape(note)}</text>')
    return parts


def _axis(scale: Scale, bottom: float, unit: str) -> list[str]:
    parts = [
        f'<text class="small" x="{scale(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{tick:+.2g}</text>'
        for tick in scale.ticks
    ]
    middle = (scale.start + scale.end) / 2
    parts.append(f'<text class="small" x="{middle:g}" y="{bottom + 36}" text-anchor="middle">{escape(unit)}</text>')
    return parts
