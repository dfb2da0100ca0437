from __future__ import annotations

from xml.etree import ElementTree

from avenant.trials.families import FamilyEffect
from avenant.trials.family_picture import draw_families

_SVG = "{http://www.w3.org/2000/svg}"


def _draw(effects: list[FamilyEffect]) -> ElementTree.Element:
    return ElementTree.fromstring(draw_families(effects, margin=0.05, unit="of the scale"))


def _texts(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{_SVG}text")]


def _effects(count: int) -> list[FamilyEffect]:
    return [FamilyEffect(f"family-{at}", "target", (count - 2 * at) / 200, 3) for at in range(count)]


def test_a_few_families_have_a_row_each_with_name_and_number() -> None:
    picture = _draw([FamilyEffect("a<b>", "target", 0.25, 3), FamilyEffect("tea", "far", -0.5, 1)])

    assert {"a<b>", "+0.250 (3)", "tea", "-0.500 (1)", "target", "far"} <= set(_texts(picture))
    first, second = (float(c.attrib["cx"]) for c in picture.iter(f"{_SVG}circle"))
    assert first > second, "better is to the right"


def test_of_many_families_every_one_has_a_dot_and_the_outermost_have_names() -> None:
    picture = _draw(_effects(300))

    assert len(list(picture.iter(f"{_SVG}circle"))) == 300
    names = [text for text in _texts(picture) if text.startswith("family-")]
    assert sorted(names) == ["family-0", "family-299"]


def test_many_families_of_one_value_stay_within_the_picture() -> None:
    picture = _draw([FamilyEffect(f"family-{at}", "target", 0.0, 1) for at in range(400)])
    height = float(picture.attrib["viewBox"].split()[3])

    heights = [float(c.attrib["cy"]) for c in picture.iter(f"{_SVG}circle")]
    assert len(heights) == 400
    assert 26 <= min(heights) <= max(heights) < height


def test_a_family_without_a_mean_is_not_drawn() -> None:
    picture = _draw([FamilyEffect("names", "target", 0.1, 1), FamilyEffect("walks", "target", None, 0)])

    assert "walks" not in _texts(picture)
    assert len(list(picture.iter(f"{_SVG}circle"))) == 1
