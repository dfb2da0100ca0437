from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from avenant.statistics.multiple import adjust_by_ebh, adjust_by_holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
E_VALUES = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=12)


@settings(max_examples=40)
@given(P_VALUES, st.sampled_from([0.025, 0.05, 0.2]))
def test_holm_is_that_of_statsmodels(p_values: list[float], level: float) -> None:
    found, adjusted, *_ = multipletests(p_values, alpha=level, method="holm")

    ours = adjust_by_holm(p_values, level=level)

    assert ours.values == pytest.approx(adjusted)
    assert ours.is_found == tuple(found)
    assert ours.n == len(p_values)


@settings(max_examples=40)
@given(E_VALUES, st.sampled_from([0.05, 0.2]))
def test_ebh_is_the_benjamini_hochberg_of_inverse_e_values(e_values: list[float], level: float) -> None:
    _, adjusted, *_ = multipletests([1 / e for e in e_values], alpha=level, method="fdr_bh")

    assert adjust_by_ebh(e_values, level=level).values == pytest.approx(np.minimum(adjusted, 1))


@settings(max_examples=40)
@given(E_VALUES, st.sampled_from([0.05, 0.2]))
def test_ebh_finds_what_the_paper_says(e_values: list[float], level: float) -> None:
    n, ordered = len(e_values), sorted(e_values, reverse=True)
    count = max((k for k in range(1, n + 1) if k * ordered[k - 1] / n >= 1 / level), default=0)

    assert sum(adjust_by_ebh(e_values, level=level).is_found) >= count
    assert all(
        found == (e >= ordered[count - 1]) if count else not found
        for e, found in zip(e_values, adjust_by_ebh(e_values, level=level).is_found, strict=True)
    )


def test_an_e_value_of_nothing_is_no_finding() -> None:
    assert adjust_by_ebh([0.0, 100.0, 0.0]).values == (1.0, 0.03, 1.0)
    assert adjust_by_ebh([0.0, 100.0, 0.0]).is_found == (False, True, False)


def test_no_questions_have_no_findings() -> None:
    assert adjust_by_holm([]).is_found == adjust_by_ebh([]).is_found == ()


def test_no_effect_anywhere_is_a_finding_in_at_most_one_of_twenty_by_holm() -> None:
    rng = np.random.default_rng(1)
    wrong = sum(any(adjust_by_holm(rng.random(3).tolist(), level=0.05).is_found) for _ in range(4000))

    # At a true 5 % more than 239 of 4000 are to be expected once in 300 such tests.
    assert wrong <= 239


@pytest.mark.parametrize("values", [[-0.1], [1.1], [float("nan")]])
def test_what_is_no_p_value_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="p-values"):
        adjust_by_holm(values)


@pytest.mark.parametrize("values", [[-0.1], [float("nan")]])
def test_what_is_no_e_value_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="e-values"):
        adjust_by_ebh(values)
