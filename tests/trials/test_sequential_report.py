"""The page of a sequential trial, after a real run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from avenant.statistics.agreement import krippendorff_alpha
from avenant.trials.blinding import BlindnessTest, Guesses
from avenant.trials.calibration import calibrate
from avenant.trials.contents import gather_contents
from avenant.trials.design import read_trial
from avenant.trials.labels import Label, find_pairs
from avenant.trials.planted import GradedPlant, JudgeCheck, Plant, PlantFault
from avenant.trials.report import render_report, write_report
from avenant.trials.results import Result, read_result
from avenant.trials.summary import number
from tests.trials.made import made_result, sequential_trial
from tests.trials.materials import many_items, scenario_source
from tests.trials.running import Ran, Run
from tests.trials.test_report import Page

_SCENARIOS = scenario_source(many_items(target=20, neighbour=4, far=4))


@pytest.fixture
def ran(run_scripted: Run) -> Ran:
    return run_scripted("helpful", scenarios=_SCENARIOS)


@pytest.fixture
def page(ran: Ran) -> Page:
    return Page(render_report(ran.trial, ran.result))


def test_the_first_lines_say_how_many_families_it_took_and_why_it_stopped(page: Page, ran: Ran) -> None:
    target = ran.result.verdict.standings[0]

    assert target.is_settled
    assert f"On {target.wide.families} target families the effect is {target.wide.mean:+.3f}" in page.head
    assert f"{target.wide.families} of 20 target" in page.head
    assert "It ran to the last block that was planned." in page.head
    assert "Unfinished" not in page.text


def test_each_battery_has_its_row_and_its_panel(page: Page, ran: Ran) -> None:
    standings = ran.result.verdict.standings

    assert [standing.battery for standing in standings] == ["target", "neighbour", "far"]
    for standing in standings:
        estimate = standing.wide
        assert f"{estimate.mean:+.3f} [{estimate.ci_low:+.3f}, {estimate.ci_high:+.3f}]" in page.text
        for look in standing.looks:
            assert f"{look.ci_low:+.3f} to {look.ci_high:+.3f}" in page.text
    assert "describes, does not decide" in page.text
    assert "rises: settled after" in page.text


def test_what_the_screen_heard_counts_for_no_arm(page: Page, ran: Ran) -> None:
    asked = [one for one in ran.result.compared if one.arm == "baseline"]
    screened = [one for block, scores in ran.result.done.items() if block.startswith("screen") for one in scores]
    [baseline] = [side for side in ran.result.arms if side.arm == "baseline" and side.is_target]

    assert len(screened) == 12
    assert baseline.n == sum(one.is_target for one in asked)
    assert f"({baseline.n})" in page.text
    assert "What the screen heard is not in this table." in page.text


def test_the_page_is_all_there_is(page: Page) -> None:
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [value for _, name, value in page.attributes if "//" in value and name != "xmlns"]
    for title in ("The path, block by block", "By family", "What would change the verdict", "Rare disasters"):
        assert title in page.text


def test_what_was_not_done_is_said_not_to_have_been(page: Page) -> None:
    assert "Blindness: whether a reply gives its arm away was not tested." in page.text
    assert "Human labels: none" in page.text
    assert "Price: cannot tell" in page.text


def test_files_made_again_have_the_same_bytes(ran: Ran) -> None:
    names = ("report.html", "report.md", "result.json")
    write_report(ran.trial, ran.result)
    first = [(ran.trial.folder / name).read_bytes() for name in names]

    again = read_trial(ran.trial.folder)
    write_report(again, read_result(again))
    assert [(ran.trial.folder / name).read_bytes() for name in names] == first


class _With:
    """A result with a part that later passes add."""

    def __init__(self, result: Result, **parts: Any) -> None:
        self._result, self._parts = result, parts

    def __getattr__(self, name: str) -> Any:
        return self._parts[name] if name in self._parts else getattr(self._result, name)


def test_the_blindness_test_and_the_agreement_stand_with_their_numbers(ran: Ran) -> None:
    guesses = Guesses("judge", 20, 30, 18, 30, 0, 38 / 60, 0.5, 0.75, 0.95)
    blinding = BlindnessTest("cannot tell", "38 of 60 guesses are right", (guesses,), "scripted/judge", 30, 15, 40, {})
    agreement = krippendorff_alpha([(1, 2), (3, 3), (5, 4), (9, 9)], metric="interval", seed=1)
    result = dataclasses.replace(ran.result, blinding=blinding, agreement=agreement)
    page = Page(render_report(ran.trial, result))

    assert "Blindness: cannot tell: 38 of 60 guesses are right." in page.text
    assert "guessed the arm rightly in 63 % of 60 replies (50 to 75 %)" in page.text
    assert f"Agreement of the judges: {agreement.coefficient:.2f}" in page.text


def test_what_the_judge_made_of_planted_replies_is_told(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    plants = [Plant("target-1-a", (("user", "?"),), "10: good", kind, "A reply.") for kind in ("wanted", "unwanted")]
    graded = tuple(GradedPlant(plant, 10, "Grade: 10") for plant in plants)
    check = JudgeCheck("scripted/judge", graded, 1, (), (PlantFault(graded[1], "is known to be bad"),))
    result = dataclasses.replace(made_result(trial, lambda family, arm: 0.5), checks=(check,))

    assert (
        "of 2 that are known to be good or bad, scripted/judge graded 1 wrongly"
        in Page(render_report(trial, result)).text
    )


def test_what_people_say_stands_beside_what_the_judge_says(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, target=40)
    trial = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, margin=0.001))
    result = made_result(trial, lambda family, arm: 0.6 if arm == "amended" else 0.5)
    labels = [
        Label("jo", pair.amended.scenario, arm, 1, 7 if arm == "amended" else 5)
        for pair in find_pairs(trial, result, "target")
        for arm in ("amended", "placebo")
    ]
    calibration = calibrate(trial, result, labels)
    with_labels: Any = _With(result, labels=(calibration,))
    page = Page(render_report(trial, with_labels, gather_contents(trial, result)))

    assert calibration.labelled > 0
    assert f"{calibration.labelled} of {calibration.pairs}" in page.text
    assert number(calibration.corrected) in page.text
    assert calibration.meaning in page.text
    assert "Human labels: none" not in page.text


def test_scenarios_set_aside_are_counted_and_named(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path, screen="all")
    result = made_result(trial, lambda family, arm: 1.0 if family == "target-7" else 0.5)
    page = Page(render_report(trial, result))

    assert result.set_aside == ("target-7-a",)
    assert "found no room to rise (1): target-7-a" in page.text
    assert "1 of 24 was at the ceiling and set aside" in page.head


def test_a_trial_that_ends_at_the_check_shows_no_effect(run_scripted: Run) -> None:
    ran = run_scripted("deaf", scenarios=_SCENARIOS)
    page = Page(render_report(ran.trial, ran.result))

    assert "This trial cannot tell" in page.head
    assert "It stopped at the check of whether the document is read: 0 of 8 replies obey." in page.head
    assert "not measured" in page.text
    assert "The path" not in page.text
