"""The families as a picture: one dot for each, so that a family that drives everything is seen; in SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape

from avenant.trials.axis import Scale, scale_over
from avenant.trials.families import FamilyEffect

_WIDTH, _LEFT, _RIGHT = 880, 310, 120
_ROW, _HEAD, _STRIP = 18, 26, 84
_NAMED = 40
"""Families up to which each has a row with its name."""


def draw_families(effects: Sequence[FamilyEffect], *, margin: float, unit: str) -> str:
    """An SVG of every family's mean paired difference, battery by battery.

    Up to forty families have a row each; more are drawn as a strip of dots, the outermost ones named.

    Args:
        effects: sorted as they are to be drawn; families without a pair of scores are left out.
        margin: half-width of the band of effects that do not matter.
        unit: what one point of the outcome means.
    """
    batteries: dict[str, list[FamilyEffect]] = defaultdict(list)
    for effect in effects:
        if effect.mean is not None:
            batteries[effect.battery].append(effect)
    known = [mean for group in batteries.values() for mean in _means(group)]
    scale = scale_over(known, margins=(margin,), start=_LEFT, end=_WIDTH - _RIGHT)
    is_named = len(known) <= _NAMED
    heights = [_HEAD + (_ROW * len(group) if is_named else _STRIP) for group in batteries.values()]
    bottom = sum(heights) + 8
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {bottom + 44}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'aria-label="Mean difference of every family, in {escape(unit)}">',
        f'<rect class="band" x="{scale(-margin):.1f}" y="4" width="{scale(margin) - scale(-margin):.1f}" '
        f'height="{bottom - 4}"/>',
        f'<line class="zero" x1="{scale(0):.1f}" x2="{scale(0):.1f}" y1="4" y2="{bottom}"/>',
    ]
    top = 0
    for (battery, group), height in zip(batteries.items(), heights, strict=True):
        count = f"{len(group)} {'family' if len(group) == 1 else 'families'}"
        parts.append(f'<text class="label deciding" x="0" y="{top + 18}">{battery}</text>')
        parts.append(f'<text class="small" x="{_WIDTH}" y="{top + 18}" text-anchor="end">{count}</text>')
        draw = _rows if is_named else _strip
        parts += draw(group, top + _HEAD, scale)
        top += height
    for tick in scale.ticks:
        parts.append(
            f'<text class="small" x="{scale(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{tick:+.2g}</text>'
        )
    middle = (scale.start + scale.end) / 2
    parts.append(f'<text class="small" x="{middle:g}" y="{bottom + 36}" text-anchor="middle">{escape(unit)}</text>')
    return "\n".join([*parts, "</svg>"])


def _means(group: Sequence[FamilyEffect]) -> list[float]:
    return [effect.mean for effect in group if effect.mean is not None]


def _rows(group: Sequence[FamilyEffect], top: float, scale: Scale) -> Iterator[str]:
    for index, effect in enumerate(group):
        assert effect.mean is not None
        y = top + _ROW * index + _ROW / 2
        yield f'<text class="small" x="0" y="{y + 4:g}">{escape(shorten(effect.family))}</text>'
        yield f'<line class="stem" x1="{scale(0):.1f}" x2="{scale(effect.mean):.1f}" y1="{y:g}" y2="{y:g}"/>'
        yield _dot(effect, scale(effect.mean), y, 4)
        told = f"{effect.mean:+z.3f} ({effect.n})"
        yield f'<text class="small" x="{_WIDTH}" y="{y + 4:g}" text-anchor="end">{told}</text>'


def _strip(group: Sequence[FamilyEffect], top: float, scale: Scale) -> Iterator[str]:
    """Dots of like value side by side, one column for each; columns that would be too high are pressed together."""
    columns: dict[int, list[FamilyEffect]] = defaultdict(list)
    for effect in group:
        assert effect.mean is not None
        columns[round(scale(effect.mean) / 6)].append(effect)
    gap = min(6.0, (_STRIP - 26) / max(map(len, columns.values())))
    base = top + _STRIP - 20
    for column, members in sorted(columns.items()):
        for level, effect in enumerate(members):
            yield _dot(effect, column * 6.0, base - gap * level, 3)
    outermost = (min(group, key=_mean_of), max(group, key=_mean_of))
    # Away from each other, so that the names of near neighbours do not stand on each other.
    for effect, anchor in zip(outermost, ("end", "start"), strict=True):
        name = escape(shorten(effect.family))
        x, y = scale(_mean_of(effect)), base + 15
        yield f'<text class="small" x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{name}</text>'


def _mean_of(effect: FamilyEffect) -> float:
    assert effect.mean is not None
    return effect.mean


def _dot(effect: FamilyEffect, x: float, y: float, radius: float) -> str:
    kind = "deciding" if effect.battery == "target" else "other"
    told = f"{effect.family}: {_mean_of(effect):+z.3f}, {effect.n} scenarios"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"><title>{escape(told)}</title></circle>'


def shorten(name: str, longest: int = 40) -> str:
    """A name that fits its place."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
