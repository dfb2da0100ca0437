import dataclasses
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import AvenantError, FormatError, TrialError
from avenant.trials.design import Trial
from avenant.trials.labels import (
    Label,
    Pair,
    draw_pairs,
    find_pairs,
    known_ids,
    labels_folder,
    make_sheet,
    read_labels,
    reply_ids,
    store_labels,
)
from avenant.trials.results import Transcript, read_result
from tests.trials.grading import own_copy
from tests.trials.running import Run
from tests.trials.scripted import Stage


def pairs_of(families: list[int]) -> list[Pair]:
    """So many pairs of each family."""
    made = []
    for family, size in enumerate(families):
        for number in range(size):
            both = [Transcript(f"{family}-{number}", arm, "A reply.", 0.5) for arm in ("amended", "placebo")]
            made.append(Pair(f"family-{family}", both[0], both[1]))
    return made


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 120), st.integers(0, 10))
def test_a_sample_holds_each_familys_share_and_is_the_beginning_of_a_larger_one(
    families: list[int], count: int, seed: int
) -> None:
    pairs = pairs_of(families)
    drawn = draw_pairs(pairs, count=count, seed=seed)
    assert len(set(drawn)) == len(drawn) == min(count, len(pairs))
    assert draw_pairs(pairs, count=count + 7, seed=seed)[: len(drawn)] == drawn
    taken = Counter(pair.family for pair in drawn)
    # Systematic sampling stops at one rank in all families: none is ahead of another by a whole pair of its own.
    behind = max((taken[f"family-{family}"] - 1) / size for family, size in enumerate(families))
    ahead = min((taken[f"family-{family}"] + 1) / size for family, size in enumerate(families))
    assert behind <= ahead


def test_every_pair_has_the_same_chance_of_being_drawn() -> None:
    pairs = pairs_of([1, 1, 2, 4, 4])
    times = Counter(pair for seed in range(2000) for pair in draw_pairs(pairs, count=6, seed=seed))
    # 6 of 12: 1000 times each, give or take; a draw family by family would give the first ones 2000.
    assert set(times) == set(pairs)
    assert all(850 <= times[pair] <= 1150 for pair in pairs)


def test_a_sheet_shows_single_replies_as_the_judge_saw_them(run_scripted: Run, stage: Stage, tmp_path: Path) -> None:
    trial = own_copy(run_scripted("quoting").trial, tmp_path / "trial")
    sheet = make_sheet(trial, read_result(trial), grader="Jo")
    assert sheet.pairs == sheet.available == 6
    assert len(sheet.replies) == 12
    assert sheet.grader == "jo"
    for one in sheet.replies:
        [_] = [prompt for prompt in set(stage.prompts) if f"\n{one.reply}\n" in prompt and one.conversation in prompt]
        assert "Odile" not in one.reply
        assert "Clément" in one.reply
    assert any("[…]" in one.reply for one in sheet.replies)


def test_replies_of_screen_controls_and_blunt_rule_are_on_no_sheet(finished: Trial) -> None:
    result = read_result(finished)
    keys = {(one.scenario, one.arm) for pair in find_pairs(finished, result, "target") for one in pair.replies}
    targets = [scenario.id for scenario in finished.scenarios if scenario.battery == "target"]
    assert keys == {(one, arm) for one in targets for arm in ("amended", "placebo")}
    screened = [
        dataclasses.replace(one, block="screen-1") if one.scenario == targets[0] else one for one in result.transcripts
    ]
    left = find_pairs(finished, dataclasses.replace(result, transcripts=tuple(screened)), "target")
    assert targets[0] not in {pair.amended.scenario for pair in left}


def test_a_pair_with_a_reply_that_was_not_graded_is_not_drawn(finished: Trial) -> None:
    result = read_result(finished)
    first = next(one for one in result.transcripts if one.arm == "placebo" and one.scenario.startswith("names"))
    ungraded = dataclasses.replace(first, value=None)
    transcripts = tuple(ungraded if one is first else one for one in result.transcripts)
    before, after = (
        find_pairs(finished, one, "target") for one in (result, dataclasses.replace(result, transcripts=transcripts))
    )
    assert {pair.amended.scenario for pair in before} - {pair.amended.scenario for pair in after} == {first.scenario}


def test_ids_and_order_come_from_a_salt_that_only_the_trial_has(finished: Trial) -> None:
    result = read_result(finished)
    amended_in_front, ids = 0, set()
    for _ in range(60):
        replies = make_sheet(finished, result, grader="jo").replies
        key_of = known_ids(finished)
        amended_in_front += sum(key_of[one.id][1] == "amended" for one in replies[:12])
        ids |= {one.id for one in replies}
        (labels_folder(finished) / "salt").unlink()
    assert len(ids) == 60 * 24
    # 720 draws at one half: five standard deviations.
    assert 290 <= amended_in_front <= 430
    assert not ids & reply_ids(finished, "").keys()


def test_the_two_replies_of_a_pair_do_not_stand_side_by_side(finished: Trial) -> None:
    result = read_result(finished)
    for _ in range(20):
        replies = make_sheet(finished, result, grader="jo").replies
        talks = [one.conversation for one in replies]
        assert all(one != other for one, other in pairwise(talks))
        (labels_folder(finished) / "salt").unlink()


def test_every_grader_gets_the_same_replies_in_the_same_order(finished: Trial) -> None:
    result = read_result(finished)
    jo, sam = (make_sheet(finished, result, grader=name, count=5, seed=3).replies for name in ("jo", "sam"))
    assert jo == sam
    assert make_sheet(finished, result, grader="jo", count=5, seed=4).replies != jo


def test_what_a_grader_has_graded_is_left_out_of_the_next_sheet(finished: Trial) -> None:
    result = read_result(finished)
    first = make_sheet(finished, result, grader="jo", count=3)
    ids = known_ids(finished)
    store_labels(finished, "jo", [Label("jo", *ids[one.id], 7) for one in first.replies])
    longer = make_sheet(finished, result, grader="jo", count=5)
    assert longer.graded == 6
    assert len(longer.replies) == 4
    assert not {one.id for one in first.replies} & {one.id for one in longer.replies}
    assert make_sheet(finished, result, grader="sam", count=5).graded == 0
    with pytest.raises(TrialError, match="jo has graded the whole sample"):
        make_sheet(finished, result, grader="jo", count=3)


def test_stored_labels_come_back_and_a_new_grade_takes_the_old_ones_place(finished: Trial) -> None:
    assert read_labels(finished) == ()
    sheet = make_sheet(finished, read_result(finished), grader="jo", count=2)
    ids = known_ids(finished)
    labels = [Label("jo", *ids[one.id], 7, 'so, "so"\nagain') for one in sheet.replies]
    assert store_labels(finished, "jo", labels) == (4, 0)
    assert set(read_labels(finished)) == set(labels)
    changed = dataclasses.replace(labels[0], grade=2)
    assert store_labels(finished, "jo", [changed, *labels[1:2]]) == (0, 1)
    assert set(read_labels(finished)) == {changed, *labels[1:]}
    stored = (labels_folder(finished) / "jo.csv").read_text()
    assert not re.search(r"amended|placebo|names|colours", stored)


def test_without_its_salt_labels_are_refused_and_not_drawn_over(finished: Trial) -> None:
    result = read_result(finished)
    sheet = make_sheet(finished, result, grader="jo", count=2)
    store_labels(finished, "jo", [Label("jo", *known_ids(finished)[sheet.replies[0].id], 7)])
    (labels_folder(finished) / "salt").unlink()
    for use in (lambda: read_labels(finished), lambda: make_sheet(finished, result, grader="sam")):
        with pytest.raises(FormatError, match="labels"):
            use()
    assert not (labels_folder(finished) / "salt").exists()


def test_a_trial_without_grades_and_a_battery_without_pairs_say_so(finished: Trial) -> None:
    result = read_result(finished)
    for outcome, words in (("margin", "by log-probability"), ("preference", "two by two")):
        protocol = dataclasses.replace(finished.protocol, outcome=outcome)  # type: ignore[arg-type]
        with pytest.raises(TrialError, match=words):
            make_sheet(dataclasses.replace(finished, protocol=protocol), result, grader="jo")
    alone = dataclasses.replace(finished, scenarios=tuple(s for s in finished.scenarios if s.battery == "target"))
    with pytest.raises(TrialError, match="there is no far scenario"):
        make_sheet(alone, result, grader="jo", battery="far")


@pytest.mark.parametrize("name", ["", "…", "/"])
def test_a_grader_needs_a_name(finished: Trial, name: str) -> None:
    with pytest.raises(AvenantError, match="no name for a grader"):
        make_sheet(finished, read_result(finished), grader=name)
