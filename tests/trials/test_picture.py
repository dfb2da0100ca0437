from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.trials.axis import scale_over
from avenant.trials.contrasts import Contrast
from avenant.trials.estimate import Estimate
from avenant.trials.picture import draw_effects

_SVG = "{http://www.w3.org/2000/svg}"
_NOTHING = Estimate(None, None, None, 0.95, 0, 0)


def _contrast(key: str, estimate: Estimate) -> Contrast:
    return Contrast(key, f"Label of {key}", f"amended − placebo: {key}?", estimate)


def _draw(*contrasts: Contrast) -> ElementTree.Element:
    notes = {"far": "settled <here>"}
    return ElementTree.fromstring(draw_effects(contrasts, margin=0.05, side_margin=0.1, unit="nats", notes=notes))


def _texts(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{_SVG}text")]


def test_a_battery_that_was_not_measured_has_a_row_and_no_dot() -> None:
    measured = Estimate(0.2, 0.1, 0.3, 0.95, 8, 8)
    picture = _draw(_contrast("target", measured), _contrast("far", _NOTHING), _contrast("baseline", _NOTHING))

    assert "Label of far" in _texts(picture)
    assert "not measured" in _texts(picture)
    assert "settled <here>" in _texts(picture)
    assert "Label of baseline" not in _texts(picture), "what only describes is left out"
    assert len(list(picture.iter(f"{_SVG}circle"))) == 1


def test_dot_and_interval_stand_where_the_axis_says() -> None:
    picture = _draw(_contrast("target", Estimate(0.2, 0.1, 0.3, 0.95, 8, 8)))
    [dot] = picture.iter(f"{_SVG}circle")
    [line] = [one for one in picture.iter(f"{_SVG}line") if "interval" in one.attrib["class"]]
    ticks = {
        float(text.text or ""): float(text.attrib["x"])
        for text in picture.iter(f"{_SVG}text")
        if text.attrib.get("text-anchor") == "middle" and (text.text or "")[0] in "+-"
    }

    assert float(dot.attrib["cx"]) == pytest.approx(ticks[0.2], abs=0.1)
    assert float(line.attrib["x1"]) == pytest.approx(ticks[0.1], abs=0.1)
    assert float(line.attrib["x2"]) == pytest.approx(ticks[0.3], abs=0.1)


def test_only_side_effects_have_the_mark_of_the_largest_fall() -> None:
    measured = Estimate(0.0, -0.1, 0.1, 0.95, 8, 8)
    for key, marks in (("target", 0), ("side", 1), ("neighbour", 1), ("far", 1), ("baseline", 0)):
        picture = _draw(_contrast(key, measured))
        assert len([one for one in picture.iter(f"{_SVG}line") if one.attrib["class"] == "limit"]) == marks


def test_a_mean_without_an_interval_has_none() -> None:
    picture = _draw(_contrast("target", Estimate(0.2, None, None, 0.95, 3, 1)))

    assert "+0.200 [no interval]" in _texts(picture)
    assert not [one for one in picture.iter(f"{_SVG}line") if "interval" in one.attrib["class"]]


@given(st.lists(st.floats(-2, 2), max_size=20), st.floats(0.001, 1))
def test_a_scale_holds_its_values_its_margins_and_a_few_round_ticks(values: list[float], margin: float) -> None:
    scale = scale_over(values, margins=(margin,), start=100, end=500)

    for value in (*values, -margin, margin):
        assert scale.low < value < scale.high
        assert 100 < scale(value) < 500
    assert 2 <= len(scale.ticks) <= 6
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert sorted(map(scale, values)) == [scale(value) for value in sorted(values)]
