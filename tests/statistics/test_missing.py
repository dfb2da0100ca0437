from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from avenant.statistics.missing import bound_mean

UNITS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.none() | st.floats(-1, 1, allow_subnormal=False)), min_size=1, max_size=20
)


@given(UNITS, st.data())
def test_no_values_for_the_missing_ones_lead_out_of_the_bounds(
    units: list[tuple[str, float | None]], data: st.DataObject
) -> None:
    bounds = bound_mean([value for _, value in units], [family for family, _ in units])
    filled = [data.draw(st.floats(-1, 1)) if value is None else value for _, value in units]
    assert bounds.mean_low is not None
    assert bounds.mean_high is not None

    assert bounds.mean_low - 1e-12 <= sum(filled) / len(filled) <= bounds.mean_high + 1e-12
    assert bounds.mean_high - bounds.mean_low == pytest.approx(2 * bounds.missing / bounds.n)


def test_bounds_are_t_intervals_with_the_missing_ones_filled_in() -> None:
    values = [0.1, None, 0.4, -0.2, 0.3, None]
    bounds = bound_mean(values, list("abcdef"), level=0.9)
    low = stats.ttest_1samp([-1.0 if v is None else v for v in values], 0).confidence_interval(0.9).low
    high = stats.ttest_1samp([1.0 if v is None else v for v in values], 0).confidence_interval(0.9).high

    assert (bounds.ci_low, bounds.ci_high) == pytest.approx((low, high))
    assert (bounds.n, bounds.missing, bounds.families, bounds.level) == (6, 2, 6, 0.9)


def test_with_nothing_missing_both_ends_are_the_mean() -> None:
    bounds = bound_mean([0.5, -0.1], ["a", "b"])

    assert bounds.mean_low == bounds.mean_high == pytest.approx(0.2)
    assert bounds.missing == 0


def test_no_units_have_no_bounds_and_one_family_no_interval() -> None:
    nothing, one = bound_mean([], []), bound_mean([0.5, None], ["a", "a"])

    assert (nothing.mean_low, nothing.mean_high, nothing.ci_low) == (None, None, None)
    assert (one.mean_low, one.mean_high, one.ci_low, one.ci_high) == (-0.25, 0.75, None, None)


@pytest.mark.parametrize(("values", "families"), [([1.5], ["a"]), ([float("nan")], ["a"]), ([0.1], [])])
def test_what_cannot_be_bounded_is_refused(values: list[float], families: list[str]) -> None:
    with pytest.raises(ValueError, match="difference"):
        bound_mean(values, families)
