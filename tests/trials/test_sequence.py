from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

from avenant.errors import TrialError
from avenant.scenarios import Battery
from avenant.trials.contrasts import Observation
from avenant.trials.design import Trial
from avenant.trials.passes import check_judges, guess_arms, recall_checks
from avenant.trials.results import find_verdict, matched_pairs, read_result
from avenant.trials.sequence import Block, next_block, planned_blocks
from avenant.trials.standing import CEILING, find_assay, find_standings
from tests.trials.materials import make_trial, many_items, scenario_source
from tests.trials.running import Run
from tests.trials.scripted import Stage, rank

FEW = scenario_source(many_items(target=20, neighbour=10, far=10))
WIDE = scenario_source(many_items(target=66, neighbour=4, far=4))
"""As many target families as it takes to say that nothing changes."""
CAREFUL = scenario_source(many_items(target=20, neighbour=66, far=66))
"""As many others as it takes to say that nothing gets worse."""
BLOCK = 76
"""Two blocks at most: what a look costs is not what these tests are about."""


@pytest.mark.parametrize(
    ("subject", "scenarios", "word", "reason"),
    [
        pytest.param("helpful", CAREFUL, "helps", "rises", id="helps"),
        pytest.param("helpful", FEW, "cannot tell", "side effects are not settled", id="sides not settled"),
        pytest.param("harmful", FEW, "harms", "The target behaviour falls", id="harms"),
        pytest.param("over-applying", FEW, "harms", "get worse under the amended document", id="harms elsewhere"),
        pytest.param("indifferent", WIDE, "no meaningful effect", "smaller than what was stated to matter", id="none"),
        pytest.param("indifferent", FEW, "cannot tell", "The interval is too wide", id="too wide"),
        pytest.param("stubborn", WIDE, "cannot tell", "not even a blunt rule", id="deaf scenarios"),
        pytest.param("deaf", FEW, "cannot tell", "not even the positive control", id="control fails"),
        pytest.param("refusing", FEW, "cannot tell", "not one pair", id="one arm refused"),
    ],
)
def test_a_sequential_trial_reaches_its_word_by_a_real_run(
    subject: str, scenarios: str, word: str, reason: str, run_scripted: Run
) -> None:
    ran = run_scripted(subject, scenarios=scenarios, block_size=BLOCK)

    assert ran.trial.protocol.stopping == "betting"
    assert (ran.result.verdict.word, reason in ran.result.verdict.reason) == (word, True), ran.result.verdict.reason
    assert next_block(ran.trial, ran.result.done) is None


def test_preference_reaches_a_word_and_asks_each_pair_in_both_orders(run_scripted: Run, stage: Stage) -> None:
    ran = run_scripted("helpful", outcome="preference", scenarios=CAREFUL, block_size=BLOCK)

    target = ran.result.verdict.standings[0]
    assert ran.result.verdict.word == "helps", ran.result.verdict.reason
    assert target.wide.mean is not None
    assert 0.5 < target.wide.mean <= 1
    assert all('"better"' in prompt for prompt in stage.prompts)
    pairs = sum(one.arm == "amended" for one in ran.result.compared)
    # Replies that are the same need no judge; the others are asked about twice.
    assert 0 < len(stage.prompts) <= 2 * pairs
    assert len(stage.prompts) % 2 == 0


@pytest.mark.parametrize(
    ("subject", "blindness", "word"), [("helpful", "kept", "helps"), ("signing", "broken", "cannot tell")]
)
def test_a_sign_of_the_arm_beside_the_grade_voids_a_verdict(
    subject: str, blindness: str, word: str, run_scripted: Run
) -> None:
    ran = run_scripted(subject, scenarios=CAREFUL, block_size=BLOCK)
    assert ran.result.verdict.word == "helps"
    assert ran.result.blinding is None

    guess_arms(ran.trial, matched_pairs(ran.trial, ran.result.transcripts), progress=lambda done, total: None)

    again = read_result(ran.trial)
    assert again.blinding is not None
    assert (again.blinding.blindness, again.verdict.word) == (blindness, word), again.blinding.reason
    assert ("blinding is broken" in again.verdict.reason) == (blindness == "broken")


def test_a_judge_that_cannot_tell_good_from_bad_is_refused_before_the_run(
    tmp_path: Path,
) -> None:
    trial = make_trial(tmp_path / "silent", judge="scripted/judge-silent", scenarios=FEW)
    with pytest.raises(TrialError, match=r"judge-silent is refused: .* got no grade"):
        check_judges(trial, progress=lambda done, total: None)

    good = make_trial(tmp_path / "good", scenarios=FEW)
    assert recall_checks(good) == ()
    [check] = check_judges(good, progress=lambda done, total: None)
    assert check.is_passed
    assert recall_checks(good) == (check,)


def simulate(trial: Trial, block: Block, effect: dict[Battery, float], baseline: float = 0.5) -> list[Observation]:
    """Scores of a block without any model: the amended arm is higher by an effect of its battery."""

    def score(one: str, arm: str) -> float:
        scenario = trial.scenario(one)
        if arm == "control":
            return 1.0
        noise = (rank(one + arm, 5) - 2) / 10
        lift = effect.get(scenario.battery, 0.0) if arm == "amended" else 0.4 if arm == "blunt" else 0.0
        return min(1.0, max(0.0, baseline + lift + noise))

    return [
        Observation(one, trial.scenario(one).family, trial.scenario(one).battery, arm, score(one, arm), "scored")
        for arm, ids in block.asked.items()
        for one in ids
    ]


def play(trial: Trial, effect: dict[Battery, float], baseline: float = 0.5) -> dict[str, list[Observation]]:
    """A whole trial without any model."""
    done: dict[str, list[Observation]] = {}
    while (block := next_block(trial, done)) is not None:
        assert block.size
        done[block.name] = simulate(trial, block, effect, baseline)
    return done


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    source = scenario_source(many_items(target=150, neighbour=100, far=100))
    return make_trial(tmp_path, scenarios=source)


def test_a_battery_that_is_settled_is_not_asked_on(trial: Trial) -> None:
    done = play(trial, {"target": 0.4})

    asked = [{one.battery for one in scores} for name, scores in done.items() if name.startswith("block-")]
    assert asked[0] == {"target", "neighbour", "far"}
    assert asked[-1] < {"target", "neighbour", "far"}
    target = find_standings(trial, done)["target"]
    assert target.course == "rises"
    assert target.wide.n < target.cap == 150
    assert not any(name.startswith("assay-") for name in done), (
        "an effect was seen: nothing has to show that one could be"
    )


def test_a_trial_without_effect_ends_with_the_assay(trial: Trial) -> None:
    quiet = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, margin=0.2))
    done = play(quiet, {})

    names = list(done)
    assert find_standings(quiet, done)["target"].course == "nothing"
    assert names[-1].startswith("assay-")
    assert names[0] == "check-1"
    assert names[1] == "screen-1"


def test_a_fall_elsewhere_ends_the_trial(trial: Trial) -> None:
    done = play(trial, {"target": 0.05, "far": -0.4})

    standings = find_standings(trial, done)
    assert standings["far"].course == "falls"
    assert standings["target"].wide.n < 150


def test_scenarios_at_the_ceiling_are_set_aside_by_replies_that_count_for_nothing_else(
    tmp_path: Path,
) -> None:
    source = scenario_source(many_items(target=60, neighbour=30, far=30))
    trial = make_trial(tmp_path, scenarios=source, screen="all")
    done = play(trial, {"target": 0.2}, baseline=0.8)

    screened = {one.scenario: one.value for name in done if name.startswith("screen-") for one in done[name]}
    full = {one for one, value in screened.items() if value is not None and value >= CEILING}
    assert 0 < len(full) < 60
    asked = {one.scenario for name in done if name.startswith("block-") for one in done[name]}
    assert not full & asked
    assert find_standings(trial, done)["target"].cap == 60 - len(full)


def test_a_model_without_room_to_rise_is_asked_no_further(trial: Trial) -> None:
    done = play(trial, {"target": 0.2}, baseline=1.3)

    assert [name.partition("-")[0] for name in done] == ["check", "screen"]


def test_the_same_scores_give_the_same_next_block_wherever_the_run_was_stopped(trial: Trial) -> None:
    done = play(trial, {"target": 0.2})
    names = list(done)

    for count in range(0, len(names), 3):
        before = {name: done[name] for name in names[:count]}
        block = next_block(trial, before)
        assert block is not None
        assert block.name == names[count]
        assert block.asked == {arm: [one.scenario for one in done[block.name] if one.arm == arm] for arm in block.asked}


def test_the_baseline_is_asked_of_one_family_in_four_and_decides_nothing(trial: Trial) -> None:
    done = play(trial, {"target": 0.2})
    blocks = [one for name in done if name.startswith("block-") for one in done[name]]
    share = sum(one.arm == "baseline" for one in blocks) / sum(one.arm == "amended" for one in blocks)
    assert math.isclose(share, 0.25, abs_tol=0.1)

    moved = {
        name: [dataclasses.replace(o, value=0.0) if o.arm == "baseline" else o for o in done[name]] for name in done
    }
    kept = {name: scores for name, scores in moved.items() if not name.startswith("screen-")}
    assert find_standings(trial, kept) == find_standings(trial, {n: s for n, s in done.items() if n in kept})


def test_every_scenario_is_in_one_block_with_its_whole_family(tmp_path: Path) -> None:
    items = many_items(target=40, neighbour=20, far=20)
    twins = [
        item | {"id": f"{item['family']}-b", "messages": [{"user": f"Once more: {item['id']}?"}]} for item in items
    ]
    trial = make_trial(tmp_path, scenarios=scenario_source(items + twins))
    blocks = trial.protocol.blocks

    assert trial.protocol.stopping == "betting"
    assert sorted(one for block in blocks for one in block) == sorted(scenario.id for scenario in trial.scenarios)
    for block in blocks:
        inside = {trial.scenario(one).family for one in block}
        assert all(s.id in block for s in trial.scenarios if s.family in inside)
    assert len(planned_blocks(trial)) > len(blocks)


@pytest.mark.parametrize(
    ("target", "each", "stopping"),
    [(19, 1, "fixed"), (20, 1, "betting"), (20, 4, "group-sequential"), (201, 3, "betting")],
)
def test_the_stopping_rule_suits_the_families(target: int, each: int, stopping: str, tmp_path: Path) -> None:
    items = [
        item | {"id": f"{item['id']}{number}"}
        for item in many_items(target=target, neighbour=5, far=5)
        for number in range(each)
    ]
    assert make_trial(tmp_path, scenarios=scenario_source(items)).protocol.stopping == stopping


def test_what_a_limit_leaves_decides_the_stopping_rule(tmp_path: Path) -> None:
    source = scenario_source(many_items(target=100, neighbour=50, far=50))

    assert make_trial(tmp_path, scenarios=source, limit=40).protocol.stopping == "betting"
    assert make_trial(tmp_path / "less", scenarios=source, limit=38).protocol.stopping == "fixed"


def test_the_assay_runs_on_whole_families_that_have_a_placebo_reply(tmp_path: Path) -> None:
    items = [
        item | {"id": f"{item['id']}{number}", "messages": [{"user": f"{item['id']}, {number}"}]}
        for item in many_items(target=30, neighbour=20, far=20)
        for number in range(2)
    ]
    trial = make_trial(tmp_path, scenarios=scenario_source(items))
    chunks = [{trial.scenario(one).family for one in ids} for ids in trial.protocol.assay]
    assert [len(ids) for ids in trial.protocol.assay] == [16, 16, 16]
    assert sum(map(len, chunks)) == len(set.union(*chunks)), "no family is in two chunks"

    quiet = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, margin=0.4))
    done = play(quiet, {})
    compared = {o.scenario for name in done if name.startswith("block-") for o in done[name] if o.arm == "placebo"}
    blunt = {o.scenario for name in done if name.startswith("assay-") for o in done[name]}
    assert blunt
    assert blunt <= compared


def test_no_assay_follows_where_a_fall_elsewhere_decides(trial: Trial) -> None:
    wide = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, margin=0.4))
    done = play(wide, {"far": -0.3})

    standings = find_standings(wide, done)
    assert (standings["target"].course, standings["far"].course) == ("nothing", "falls")
    assert not any(name.startswith("assay-") for name in done)


@pytest.mark.parametrize("stopping", ["betting", "group-sequential"])
def test_the_assay_is_the_same_in_whatever_order_replies_come_and_pays_for_its_looks(
    stopping: str, tmp_path: Path
) -> None:
    source = scenario_source(many_items(target=60, neighbour=20, far=20))
    trial = make_trial(tmp_path, scenarios=source, stopping=stopping)
    blocks = [block for block in planned_blocks(trial) if block.name.startswith(("block-", "assay-"))]
    done = {block.name: simulate(trial, block, {}) for block in blocks}
    turned = {name: scores[::-1] for name, scores in done.items()}
    single = dataclasses.replace(
        trial,
        protocol=dataclasses.replace(trial.protocol, assay=[[one for ids in trial.protocol.assay for one in ids]]),
    )
    at_once = {name: scores for name, scores in done.items() if not name.startswith("assay-")}
    at_once["assay-1"] = [one for name, scores in done.items() if name.startswith("assay-") for one in scores]

    thrice, once = find_assay(trial, done), find_assay(single, at_once)
    assert find_assay(trial, turned) == thrice
    assert thrice.n == once.n == 45
    assert thrice.mean == once.mean
    assert thrice.ci_low is not None
    assert once.ci_low is not None
    if stopping == "group-sequential":
        assert thrice.ci_low < once.ci_low, "three looks cost more than one"
    else:
        assert thrice == once, "bets do not care how often they are looked at"


def test_a_budget_that_ends_a_trial_early_is_the_reason(trial: Trial) -> None:
    done = {block.name: simulate(trial, block, {}) for block in planned_blocks(trial) if block.name == "check-1"}

    verdict = find_verdict(trial, done, is_finished=False, is_spent=True)
    assert (verdict.word, verdict.reason) == (
        "cannot tell",
        "The budget was spent before the trial was finished.",
    )


def test_a_preference_trial_shows_nothing_against_a_document_that_was_not_asked(tmp_path: Path) -> None:
    source = scenario_source(many_items(target=60, neighbour=30, far=30))
    trial = make_trial(tmp_path, scenarios=source, outcome="preference")
    done = play(trial, {"target": 0.4})

    keys = [contrast.key for contrast in find_verdict(trial, done, is_finished=True).contrasts]
    assert keys == ["target", "neighbour", "far"]


def test_by_preference_the_blunt_rule_is_compared_as_well(run_scripted: Run) -> None:
    ran = run_scripted("indifferent", outcome="preference", scenarios=WIDE, block_size=BLOCK, margin=0.1)

    assert ran.result.verdict.word == "no meaningful effect", ran.result.verdict.reason
    assert not any(one.arm == "baseline" for one in ran.result.observations)
    assert {one.fate for one in ran.result.observations} == {"scored"}
