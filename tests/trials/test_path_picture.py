from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from avenant.trials.path_picture import describe_course, draw_path
from avenant.trials.standing import Standing
from tests.trials.made import made_result, sequential_trial

_SVG = "{http://www.w3.org/2000/svg}"


def _draw(standings: tuple[Standing, ...]) -> ElementTree.Element:
    return ElementTree.fromstring(draw_path(standings, margin=0.05, side_margin=0.05, unit="of the scale"))


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Standing, ...]:
    trial = sequential_trial(tmp_path_factory.mktemp("path"), target=30, block_size=8)

    def score(family: str, arm: str) -> float:
        number = int(family.rpartition("-")[2])
        if not family.startswith("target"):
            return 0.5 + (0.1 * (number % 3 - 1) if arm == "amended" else 0.0)
        return 0.4 + (0.25 + 0.1 * (number % 3) if arm == "amended" else 0.0)

    return made_result(trial, score).verdict.standings


def test_every_battery_has_a_panel_with_a_dot_and_a_step_for_each_look(standings: tuple[Standing, ...]) -> None:
    picture = _draw(standings)
    texts = [text.text for text in picture.iter(f"{_SVG}text")]
    looks = [look for standing in standings for look in standing.looks]

    assert len(looks) > 6
    assert len(picture.findall(f".//{_SVG}circle")) == len(looks)
    assert len([r for r in picture.iter(f"{_SVG}rect") if "step" in r.attrib["class"]]) == len(looks)
    assert {"target", "neighbour", "far"} <= set(texts)
    told = [title.text or "" for title in picture.iter(f"{_SVG}title")]
    for look in looks:
        assert any(f"{look.units} families: {look.mean:+.3f} [{look.ci_low:+.3f}" in line for line in told)


def test_dots_go_right_with_families_and_up_with_the_effect(standings: tuple[Standing, ...]) -> None:
    picture = _draw(standings[:1])
    dots = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in picture.iter(f"{_SVG}circle")]
    looks = standings[0].looks

    assert [x for x, _ in dots] == sorted(x for x, _ in dots)
    ranked = sorted(range(len(looks)), key=lambda at: looks[at].mean)
    assert [dots[at][1] for at in ranked] == sorted((y for _, y in dots), reverse=True)


def test_a_step_reaches_from_the_lower_to_the_upper_end_where_both_are_in_the_picture(
    standings: tuple[Standing, ...],
) -> None:
    picture = _draw(standings[:1])
    step = [r for r in picture.iter(f"{_SVG}rect") if "step" in r.attrib["class"]][-1]
    ticks = {}
    for text in picture.iter(f"{_SVG}text"):
        if text.attrib.get("text-anchor") == "end" and re.fullmatch(r"[+-][\d.]+", text.text or ""):
            ticks[float(text.text or "")] = float(text.attrib["y"]) - 4
    (low, y_low), (high, y_high) = sorted(ticks.items())[0], sorted(ticks.items())[-1]

    def value(y: float) -> float:
        return low + (y - y_low) * (high - low) / (y_high - y_low)

    top, last = float(step.attrib["y"]), standings[0].looks[-1]
    assert value(top) == pytest.approx(last.ci_high, abs=0.005)
    assert value(top + float(step.attrib["height"])) == pytest.approx(last.ci_low, abs=0.005)


def test_a_line_marks_where_a_battery_was_settled_and_nowhere_else(standings: tuple[Standing, ...]) -> None:
    picture = _draw(standings)
    marks = [line for line in picture.iter(f"{_SVG}line") if line.attrib["class"] == "settled"]

    assert len(marks) == sum(standing.is_settled for standing in standings) >= 1
    target = standings[0]
    assert target.is_settled
    dots = [c.attrib["cx"] for c in picture.iter(f"{_SVG}circle") if c.attrib["class"] == "deciding"]
    assert marks[0].attrib["x1"] == dots[-1]
    assert describe_course(target) == f"rises: settled after {target.looks[-1].units} of 30"


def test_a_battery_that_was_never_looked_at_says_so(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    standings = made_result(trial, lambda family, arm: None if family.startswith("far") else 0.5).verdict.standings
    picture = _draw(standings)

    assert "nothing measured" in [text.text for text in picture.iter(f"{_SVG}text")]
