from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from avenant.trials.report import render_report
from avenant.trials.shown_replies import choose_replies
from tests.trials.made import fixed_trial, made_result, sequential_trial


def _score(family: str, arm: str) -> float:
    number = int(family.rpartition("-")[2])
    return 0.5 + (0.01 * number * (-1) ** number if arm == "amended" else 0.0)


def test_the_scenarios_where_the_arms_differ_most_come_first_whichever_way(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    shown = choose_replies(trial, made_result(trial, _score))

    assert [one.family for one in shown.most_different] == ["target-24", "target-23", "target-22"]
    assert [one.difference for one in shown.most_different] == pytest.approx([0.24, -0.23, 0.22])
    assert [reply.arm for reply in shown.most_different[1].replies if reply.arm != "baseline"][:2] == [
        "amended",
        "placebo",
    ]


def test_replies_to_packed_scenarios_are_counted_and_not_shown(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _score)
    packed = frozenset(one.id for one in trial.scenarios if one.family in ("target-24", "far-1"))
    hiding = dataclasses.replace(trial, packed=packed)
    shown = choose_replies(hiding, result)

    assert shown.packed == len(packed) == 2
    assert shown.written + shown.packed == choose_replies(trial, result).written
    assert not packed & {one.scenario for one in (*shown.most_different, *shown.at_random)}
    assert "2 more scenarios are held out" in render_report(hiding, result)


def test_the_random_ones_are_drawn_by_the_seed_from_all_others(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _score)
    shown = choose_replies(trial, result)

    assert len(shown.at_random) == 3
    assert not {one.scenario for one in shown.at_random} & {one.scenario for one in shown.most_different}
    assert choose_replies(trial, result) == shown
    drawn = {
        choose_replies(
            dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, seed=seed)), result
        ).at_random
        for seed in range(5)
    }
    assert len(drawn) > 1


def test_replies_to_the_screen_are_not_shown_for_those_of_the_trial(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    shown = choose_replies(trial, made_result(trial, _score))

    blocks = {reply.block.rpartition("-")[0] for one in shown.most_different + shown.at_random for reply in one.replies}
    assert "screen" not in blocks
    assert "block" in blocks


def test_where_no_scenario_differs_none_is_said_to(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    shown = choose_replies(trial, made_result(trial, lambda family, arm: 0.5))

    assert shown.most_different == ()
    assert len(shown.at_random) == 3
    assert shown.written == 10
