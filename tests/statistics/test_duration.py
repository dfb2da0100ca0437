from __future__ import annotations

import numpy as np
import pytest

from avenant.statistics.betting import betting_path
from avenant.statistics.duration import expected_units
from avenant.statistics.group_sequential import repeated_path
from avenant.statistics.power import Rule


def test_a_trial_of_fixed_size_asks_all() -> None:
    assert expected_units(50, 0.5, sd=0.2, rule="fixed", step=10) == 50


@pytest.mark.parametrize("rule", ["betting", "group-sequential"])
def test_a_sequential_trial_asks_fewer_the_larger_the_effect_and_nearly_all_where_there_is_none(rule: Rule) -> None:
    asked = [expected_units(100, effect, sd=0.27, rule=rule, step=10) for effect in (0.0, 0.1, 0.2, 0.4)]

    assert asked == sorted(asked, reverse=True)
    assert 95 < asked[0] <= 100
    assert asked[2] < 60
    assert asked[3] >= 10, "no trial ends before its first look"


@pytest.mark.parametrize("rule", ["betting", "group-sequential"])
def test_the_average_is_that_of_the_intervals_which_a_trial_is_decided_by(rule: Rule) -> None:
    looks = list(range(10, 61, 10))
    rng = np.random.default_rng(5)
    ends = []
    for _ in range(60):
        values = np.clip(rng.normal(0.15, 0.27, 60), -1, 1).tolist()
        path = (
            betting_path(values, cap=60, level=0.95, looks=looks)
            if rule == "betting"
            else repeated_path(values, looks=looks, level=0.95)
        )
        out = [look for look, one in zip(looks, path, strict=True) if one.ci_low > 0 or one.ci_high < 0]
        ends.append(out[0] if out else 60)

    assert expected_units(60, 0.15, sd=0.27, rule=rule, step=10) == pytest.approx(np.mean(ends), abs=7)


def test_sizes_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        expected_units(0, 0.1, sd=0.27, rule="betting", step=1)
