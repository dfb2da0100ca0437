import dataclasses
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from avenant.trials.calibration import Calibration, calibrate, find_calibrations
from avenant.trials.design import Trial
from avenant.trials.estimate import Difference, Estimate, estimate_mean
from avenant.trials.labels import Label, find_pairs, known_ids, make_sheet, store_labels
from avenant.trials.results import Result, read_result
from avenant.trials.standing import Standing
from tests.trials.grading import Grader, like_the_judge, own_copy, unimpressed
from tests.trials.materials import many_items, scenario_source
from tests.trials.running import Run

SCENARIOS = scenario_source(many_items(target=40, neighbour=2, far=0), blunt=None, inverted_blunt=None)


@pytest.fixture
def ran(run_scripted: Run, tmp_path: Path) -> tuple[Trial, Result]:
    """Forty target pairs; the judge sees a rise of about 0.6 of the scale."""
    ran = run_scripted("helpful", scenarios=SCENARIOS, stopping="fixed", block_size=42)
    trial = own_copy(ran.trial, tmp_path / "trial")
    return trial, read_result(trial)


def labels_by(trial: Trial, result: Result, graders: Mapping[str, Grader], count: int = 25) -> list[Label]:
    """What each grader says of a sheet of their own."""
    made = []
    for name, grader in graders.items():
        for one in make_sheet(trial, result, grader=name, count=count).replies:
            grade = grader(one)
            if grade is not None:
                made.append(Label(name, *known_ids(trial)[one.id], grade))
    return made


def calibrated(ran: tuple[Trial, Result], graders: Mapping[str, Grader], count: int = 25) -> Calibration:
    return calibrate(*ran, labels_by(*ran, graders, count))


def test_people_who_see_what_the_judge_sees_bear_it_out(ran: tuple[Trial, Result]) -> None:
    found = calibrated(ran, {"jo": like_the_judge})
    assert found.support == "agrees"
    assert found.is_borne_out
    assert (found.labelled, found.pairs, found.replies) == (25, 40, 50)
    assert found.graders == ("jo",)
    assert found.between is None
    for agreement in (found.alpha, found.kappa, found.correlation):
        assert agreement.coefficient is not None
        assert agreement.coefficient > 0.8
        assert agreement.n == 50
    assert found.corrected.ci_low is not None
    assert found.corrected.ci_low > 0
    # The grader's scale is shorter by three tenths, and the correction brings the effect onto it.
    assert found.judge.mean is not None
    assert found.corrected.mean == pytest.approx(0.7 * found.judge.mean, abs=0.01)


def test_labels_uncover_a_judge_that_grades_what_people_do_not_care_for(ran: tuple[Trial, Result]) -> None:
    found = calibrated(ran, {"jo": unimpressed})
    assert ran[1].verdict.target.mean == found.judge.mean
    assert found.judge_course == "rises"
    assert found.corrected.mean == pytest.approx(0, abs=0.05)
    assert found.corrected_course != "rises"
    assert found.support == "contradicts"
    assert not found.is_borne_out
    assert "contradict the judge" in found.meaning
    assert found.error_gap.mean == found.corrected.judge_error
    assert found.error_gap.ci_low is not None
    assert found.error_gap.ci_low > 0.3


def test_a_correction_that_settles_nothing_leaves_the_verdict_on_the_judges_scale(ran: tuple[Trial, Result]) -> None:
    def whimsical(reply: object) -> int:
        return hash_of(str(reply)) % 11

    found = calibrated(ran, {"jo": whimsical})
    assert found.support == "open"
    assert "on the judge's scale" in found.meaning
    assert found.corrected.ci_low is not None
    assert found.corrected.ci_low < 0 < (found.corrected.ci_high or 0)


def hash_of(text: str) -> int:
    """A number of the text alone, unlike Python's hash."""
    return sum(ord(letter) * (at % 7 + 1) for at, letter in enumerate(text))


def test_the_errors_by_arm_are_judge_minus_people(ran: tuple[Trial, Result]) -> None:
    trial, result = ran
    labels = labels_by(trial, result, {"jo": like_the_judge})
    found = calibrate(trial, result, labels)
    scores = {(one.scenario, one.arm): one.value for one in result.transcripts if one.value is not None}
    families = {scenario.id: scenario.family for scenario in trial.scenarios}
    for arm in ("amended", "placebo"):
        errors = [
            Difference(one.scenario, families[one.scenario], scores[one.scenario, arm] - one.grade / 10)
            for one in labels
            if one.arm == arm
        ]
        expected = estimate_mean(errors)
        assert found.errors[arm].n == expected.n == 25
        assert found.errors[arm].mean == pytest.approx(expected.mean)
        assert found.errors[arm].ci_low == pytest.approx(expected.ci_low)


def test_with_labels_of_every_pair_the_effect_is_peoples_own(ran: tuple[Trial, Result]) -> None:
    labels = labels_by(*ran, {"jo": like_the_judge}, count=60)
    found = calibrate(*ran, labels)
    assert found.labelled == found.pairs == 40
    assert found.corrected.unlabelled == 0
    by_key = {(one.scenario, one.arm): one.grade for one in labels}
    pairs = find_pairs(*ran, "target")
    differences = [
        (by_key[pair.amended.scenario, "amended"] - by_key[pair.amended.scenario, "placebo"]) / 10 for pair in pairs
    ]
    assert found.corrected.mean == pytest.approx(math.fsum(differences) / 40)


@pytest.mark.parametrize(("count", "support"), [(19, "too few"), (20, "agrees")])
def test_fewer_than_twenty_pairs_cannot_tell(ran: tuple[Trial, Result], count: int, support: str) -> None:
    found = calibrated(ran, {"jo": like_the_judge}, count=count)
    assert found.support == support
    assert (found.corrected.ci_low is None) == (count < 20)
    assert ("Cannot tell" in found.meaning) == (count < 20)


def test_a_pair_counts_once_both_its_replies_are_graded(ran: tuple[Trial, Result]) -> None:
    trial, result = ran
    labels = [one for one in labels_by(trial, result, {"jo": like_the_judge}) if one.arm == "amended"]
    found = calibrate(trial, result, labels)
    assert (found.replies, found.labelled) == (25, 0)
    assert found.corrected.mean is None
    assert found.support == "no labels"
    assert found.errors["placebo"].mean is None
    assert found.errors["amended"].n == 25


def test_without_labels_there_is_nothing_but_the_judge(ran: tuple[Trial, Result]) -> None:
    found = calibrate(*ran, [])
    assert found.support == "no labels"
    assert found.meaning.startswith("No labels yet")
    assert found.judge.n == 40
    assert (found.alpha.coefficient, found.kappa.coefficient, found.correlation.coefficient) == (None, None, None)
    assert (found.corrected.mean, found.error_gap.mean, found.graders) == (None, None, ())


def test_a_severe_grader_weighs_on_both_replies_of_a_pair_or_on_none(ran: tuple[Trial, Result]) -> None:
    trial, result = ran
    jo = labels_by(trial, result, {"jo": like_the_judge})
    # Sam gives nothing to anyone, and graded the amended replies alone.
    sam = [dataclasses.replace(one, grader="sam", grade=0) for one in jo if one.arm == "amended"]
    alone, both = calibrate(trial, result, jo), calibrate(trial, result, [*jo, *sam])
    assert both.corrected.mean == pytest.approx(alone.corrected.mean)
    assert both.graders == ("jo", "sam")
    assert both.between is not None
    assert both.between.n == 25
    mean, sole = both.errors["amended"].mean, alone.errors["amended"].mean
    assert mean is not None
    assert sole is not None
    assert mean > sole


def test_graders_who_agree_among_themselves_may_both_differ_from_the_judge(ran: tuple[Trial, Result]) -> None:
    found = calibrated(ran, {"jo": unimpressed, "sam": unimpressed})
    assert found.between is not None
    assert found.between.coefficient == pytest.approx(1)
    assert found.alpha.coefficient is not None
    assert found.alpha.coefficient < 0.3


def test_labels_of_another_battery_do_not_count(ran: tuple[Trial, Result]) -> None:
    labels = labels_by(*ran, {"jo": like_the_judge})
    assert calibrate(*ran, labels, battery="neighbour").support == "no labels"


@pytest.mark.parametrize(
    ("low", "high", "course", "support"),
    [(0.2, 0.9, "rises", "agrees"), (-0.1, 0.9, "open", "open"), (-0.9, -0.2, "falls", "contradicts")],
)
def test_a_sequential_trials_own_interval_is_what_people_have_to_bear_out(
    low: float, high: float, course: str, support: str, ran: tuple[Trial, Result]
) -> None:
    trial, result = ran
    wide = Estimate((low + high) / 2, low, high, 0.95, 40, 40, "bets")
    narrow = dataclasses.replace(wide, level=0.9)
    standing = Standing("target", wide, narrow, cap=40, looks=(), course="open")
    verdict = dataclasses.replace(result.verdict, standings=(standing,))
    labels = labels_by(trial, result, {"jo": like_the_judge})
    found = calibrate(trial, dataclasses.replace(result, verdict=verdict), labels)
    assert found.decided == wide
    assert found.judge != wide
    assert (found.judge_course, found.support) == (course, support)


def all_numbers(calibration: Calibration) -> Iterable[float]:
    for estimate in (calibration.judge, calibration.corrected, calibration.decided, calibration.error_gap):
        yield from (value for value in (estimate.mean, estimate.ci_low, estimate.ci_high) if value is not None)


def test_every_battery_that_has_labels_is_found_the_target_first(ran: tuple[Trial, Result]) -> None:
    trial, result = ran
    assert find_calibrations(trial, result) == ()
    for battery in ("neighbour", "target"):
        sheet = make_sheet(trial, result, grader="jo", battery=battery, count=2)  # type: ignore[arg-type]
        ids = known_ids(trial)
        store_labels(trial, "jo", [Label("jo", *ids[one.id], 5) for one in sheet.replies])
    assert [(one.battery, one.labelled) for one in find_calibrations(trial, result)] == [
        ("target", 2),
        ("neighbour", 2),
    ]


def test_the_same_labels_in_another_order_give_the_same_numbers(ran: tuple[Trial, Result]) -> None:
    labels = labels_by(*ran, {"jo": like_the_judge, "sam": unimpressed})
    forth, back = calibrate(*ran, labels), calibrate(*ran, labels[::-1])
    assert list(all_numbers(forth)) == pytest.approx(list(all_numbers(back)))
    assert forth.alpha.coefficient == pytest.approx(back.alpha.coefficient)
    assert forth.support == back.support
