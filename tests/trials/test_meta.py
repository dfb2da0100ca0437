from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from avenant.canary import find_canaries
from avenant.mask import Mask
from avenant.statistics.pooling import pool_estimates
from avenant.trials.design import Trial
from avenant.trials.families import find_family_effects
from avenant.trials.forest import ForestRow, draw_forest
from avenant.trials.listing import ListedTrial
from avenant.trials.meta import BatteryPool, Group, Meta, pool_trials
from avenant.trials.meta_page import meta_data, render_meta
from avenant.trials.meta_words import describe_cautions, describe_pool
from avenant.trials.results import Result
from tests.trials.made import Score, fixed_trial, made_result, sequential_trial
from tests.trials.test_report import Page

Make = Callable[..., ListedTrial]


def noisy(effect: float, seed: int, *, side: float = 0.0) -> Score:
    """Scores around 0.4; under the amended document the target rises by `effect`, all else by `side`."""

    def score(family: str, arm: str) -> float:
        noise = np.random.default_rng([seed, *f"{family}/{arm}".encode()]).normal(0, 0.12)
        shift = (effect if family.startswith("target") else side) if arm == "amended" else 0.0
        return float(np.clip(0.4 + shift + noise, 0, 1))

    return score


@pytest.fixture(scope="module")
def _bases(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Trial]:
    root = tmp_path_factory.mktemp("bases")
    return {False: sequential_trial(root / "sequential"), True: fixed_trial(root / "fixed")}


@pytest.fixture(scope="module")
def _results() -> dict[tuple[object, ...], Result]:
    return {}


@pytest.fixture
def make(_bases: dict[bool, Trial], _results: dict[tuple[object, ...], Result]) -> Make:
    """Lists a trial of some subject with given scores; the first is of 21 November, the next a day later, and so on."""
    count = 0

    def make_one(
        effect: float | Score = 0.2, *, blocks: int | None = None, is_fixed: bool = False, **changes: object
    ) -> ListedTrial:
        nonlocal count
        count += 1
        base, key = _bases[is_fixed], (effect, count, blocks, is_fixed)
        score = effect if callable(effect) else noisy(effect, count)
        result = _results.get(key) or made_result(base, score, blocks=blocks)
        if not callable(effect):
            _results[key] = result
        values = {"subject": f"lab/model-{count}", "created": f"2026-11-2{count}T10:12:00"} | changes
        folder = base.folder.with_name(f"2026-11-2{count}T10-12-00")
        trial = dataclasses.replace(base, folder=folder, protocol=dataclasses.replace(base.protocol, **values))
        return ListedTrial(folder, trial, result)

    return make_one


def pooled(*listed: ListedTrial) -> Meta:
    return pool_trials("mark-views", listed)


def target(group: Group) -> BatteryPool:
    [found] = [pool for pool in group.pools if pool.battery == "target"]
    return found


def units_of(one: ListedTrial) -> tuple[Trial, Result]:
    assert one.trial is not None
    assert one.result is not None
    return one.trial, one.result


def test_trials_are_pooled_by_the_means_and_errors_of_their_families(make: Make) -> None:
    listed = [make(0.1), make(0.2), make(0.3), make(0.25)]
    samples = [
        np.array([e.mean for e in find_family_effects(*units_of(one)) if e.battery == "target" and e.mean is not None])
        for one in listed
    ]
    means = np.array([sample.mean() for sample in samples])
    variances = np.array([sample.var(ddof=1) / len(sample) for sample in samples])
    theirs = combine_effects(means, variances, method_re="pm")

    [group] = pooled(*listed).groups
    pool = target(group)

    assert [row.estimate.mean for row in pool.rows] == pytest.approx(means)
    assert [row.standard_error**2 for row in pool.rows] == pytest.approx(variances)
    assert pool.pooled.mean == pytest.approx(theirs.mean_effect_re, abs=1e-5)
    assert sum(row.weight for row in pool.rows) == pytest.approx(1)


def test_each_row_has_the_interval_of_its_own_report(make: Make) -> None:
    listed = [make(0.1), make(0.2)]
    [group] = pooled(*listed).groups

    for row, one in zip(target(group).rows, listed, strict=True):
        assert row.estimate == units_of(one)[1].verdict.target


def test_every_battery_is_pooled_by_itself(make: Make) -> None:
    listed = [make(noisy(0.3, seed, side=-0.2)) for seed in (1, 2, 3)]
    [group] = pooled(*listed).groups

    assert [pool.battery for pool in group.pools] == ["target", "neighbour", "far"]
    means = [pool.pooled.mean for pool in group.pools]
    assert all(mean is not None for mean in means)
    assert [(mean or 0) > 0.15 for mean in means] == [True, False, False]
    assert [(mean or 0) < -0.1 for mean in means] == [False, True, True]


def test_fixed_trials_are_pooled_by_scenarios_clustered_by_family(make: Make) -> None:
    listed = [make(noisy(0.2, seed), is_fixed=True) for seed in (1, 2, 3)]
    [group] = pooled(*listed).groups
    pool = target(group)

    for row, one in zip(pool.rows, listed, strict=True):
        verdict = units_of(one)[1].verdict
        assert row.estimate.mean == pytest.approx(verdict.target.mean)
        assert row.estimate.ci_low == pytest.approx(verdict.target.ci_low)
    # The other batteries have two families each.
    assert [side.rows for side in group.pools[1:]] == [(), ()]
    assert all("fewer than 5 families (2)" in line for side in group.pools[1:] for line in side.unweighed)


def test_a_trial_in_which_nothing_moved_counts(make: Make) -> None:
    [group] = pooled(make(0.3), make(lambda family, arm: 0.5), make(0.3)).groups
    pool = target(group)
    still = pool.rows[1]

    assert (still.estimate.mean, still.is_assumed) == (0, True)
    assert still.standard_error == pytest.approx(1 / (still.estimate.families + 1))
    assert 0 < still.weight < 1
    assert "In lab/model-2 all differences are the same." in " ".join(describe_pool(pool, "points"))


def test_the_subject_that_differs_is_named(make: Make) -> None:
    listed = [make(0.3), make(0.3), make(0.3), make(0.3), make(-0.3)]
    [group] = pooled(*listed).groups
    pool = target(group)
    said = " ".join(describe_pool(pool, "points"))

    assert [row.is_outside for row in pool.rows] == [False] * 4 + [True]
    assert pool.pooled.i_squared is not None
    assert pool.pooled.i_squared > 0.8
    assert f"I² {pool.pooled.i_squared:.0%}" in said
    assert f"lab/model-5 ({pool.rows[4].estimate.mean:+.3f})" in said
    assert f"{pool.pooled.prediction_low:+.3f} to {pool.pooled.prediction_high:+.3f}" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"spec_sha256": "0" * 64}, "another text of atelier/2026-09-01"),
        ({"spec": "atelier/2026-12-01"}, "another document (atelier/2026-09-01)"),
        ({"amendment_sha256": "0" * 64}, "another wording of the draft"),
    ],
)
def test_trials_of_another_question_are_apart_and_it_is_said_why(
    make: Make, changes: dict[str, object], said: str
) -> None:
    meta = pooled(make(0.2), make(0.2), make(0.2, **changes))

    assert [len(group.studies) for group in meta.groups] == [1, 2]
    assert meta.groups[0].newest.protocol.subject == "lab/model-3"
    assert not meta.groups[0].is_pooled
    assert meta.groups[1].is_pooled
    assert f"they have {said}" in Page(render_meta(meta)).text
    assert meta_data(meta, Mask((), ""))["groups"][1]["apart_for"] == said


def test_trials_of_another_outcome_are_apart(make: Make) -> None:
    first, second = make(0.2), make(0.2)
    trial, result = units_of(second)
    other = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, outcome="preference"))

    assert len(pooled(first, ListedTrial(other.folder, other, result)).groups) == 2


def test_what_its_own_rule_voids_is_left_out_with_the_reason(make: Make) -> None:
    def refusing(family: str, arm: str) -> float | None:
        return None if arm == "amended" else 0.5

    unread = ListedTrial(Path("trials/mark-views/broken"), None, None, "keys missing or unknown: judge")
    deaf = make(0.2)
    trial, result = units_of(deaf)
    deaf = ListedTrial(
        trial.folder,
        trial,
        dataclasses.replace(result, verdict=dataclasses.replace(result.verdict, is_taken_up=False)),
    )
    meta = pooled(make(0.2), make(0.2, blocks=3), make(refusing), deaf, unread)
    reasons = [one.reason for one in meta.left_out]

    assert [len(group.studies) for group in meta.groups] == [1]
    assert len(reasons) == 4
    assert "not finished" in reasons[0]
    assert "amended arm have no score" in reasons[1]
    assert "positive control does not show" in reasons[2]
    assert reasons[3] == "keys missing or unknown: judge"


def test_a_trial_that_cannot_tell_is_not_left_out(make: Make) -> None:
    one, two = make(0.0), make(0.3)
    assert units_of(one)[1].verdict.word == "cannot tell"

    [group] = pooled(one, two).groups

    assert len(group.studies) == 2


def test_one_trial_is_nothing_to_pool(make: Make) -> None:
    [group] = pooled(make(0.2)).groups

    assert not group.is_pooled
    assert group.pools == ()


def test_labels_tell_trials_of_one_subject_apart(make: Make) -> None:
    listed = [make(0.2, subject="lab/a", seed=1), make(0.2, subject="lab/a", seed=2), make(0.2, subject="lab/b")]
    again = [*listed, make(0.2, subject="lab/a", seed=2)]

    assert [study.label for study in pooled(*listed).groups[0].studies] == ["lab/a, seed 1", "lab/a, seed 2", "lab/b"]
    assert [study.label for study in pooled(*again).groups[0].studies][1::2] == [
        "lab/a, seed 2, 2026-11-22T10-12-00",
        "lab/a, seed 2, 2026-11-24T10-12-00",
    ]


def test_cautions_say_what_the_interval_cannot_show(make: Make) -> None:
    one, two = make(0.2, subject="lab/a", seed=1), make(0.2, subject="lab/a", seed=2, judges=["lab/other"])
    said = " ".join(describe_cautions(pooled(one, two).groups[0]))

    assert "no verdict" in said
    assert "All 48 scenarios are in every trial." in said
    assert "2 trials are of 1 subject" in said
    assert "With 2 trials" in said
    assert "2 of 2 trials could stop early" in said
    assert "judges are not the same" in said
    assert "small model" not in said


def test_two_trials_say_how_wide_their_interval_is(make: Make) -> None:
    pool = target(pooled(make(0.2), make(0.3)).groups[0])
    said = " ".join(describe_pool(pool, "points"))

    assert "one degree of freedom" in said
    assert "prediction" not in said


def test_the_page_shows_every_number_and_no_name(make: Make) -> None:
    listed = [make(0.1), make(0.2), make(0.3), make(0.2, blocks=3)]
    meta = pooled(*listed)
    [group] = meta.groups
    source = render_meta(meta)
    page = Page(source)

    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert "odile" not in source.casefold()
    assert len(find_canaries(source)) == 1
    for pool in group.pools:
        for row in pool.rows:
            estimate = row.estimate
            assert f"{estimate.mean:+.3f} [{estimate.ci_low:+.3f}, {estimate.ci_high:+.3f}]" in page.text
            assert f"weight {row.weight:.0%}" in page.text
        for line in describe_pool(pool, group.newest.protocol.unit):
            assert line in page.text
    for line in describe_cautions(group):
        assert line in page.text
    assert "it is not finished: " in page.text


def test_the_data_are_json_with_what_was_not_measured_as_null(make: Make) -> None:
    data = json.loads(json.dumps(meta_data(pooled(make(0.2), make(0.3)), Mask((), ""))))
    battery = data["groups"][0]["batteries"]["target"]

    assert battery["pooled"]["prediction_low"] is None
    assert [row["subject"] for row in battery["trials"]] == ["lab/model-1", "lab/model-2"]
    assert battery["pooled"]["mean"] == pytest.approx(
        pool_estimates(
            [row["estimate"]["mean"] for row in battery["trials"]], [row["standard_error"] for row in battery["trials"]]
        ).mean
    )


def test_a_forest_puts_every_row_on_one_scale_within_80_characters() -> None:
    rows = [
        ForestRow("provider/a-model-with-a-very-long-name-2026-11-24", 0.1, 0.0, 0.2),
        ForestRow("b", -0.1, None, None),
        ForestRow("pooled", 0.05, -0.15, 0.25, is_pooled=True),
    ]
    lines = draw_forest(rows, margin=0.05)

    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("…")
    assert "no interval" in lines[2]
    assert lines[2].index("●") < lines[3].index("◆") < lines[1].index("●")
    # The wider interval is drawn wider.
    assert lines[3].count("═") > lines[1].count("─") + lines[1].count("┼")
