from __future__ import annotations

from pathlib import Path

import pytest

from avenant.errors import FormatError
from avenant.models import find_price, find_prices
from avenant.prices import FREE, Price, parse_price
from avenant.workspace import read_workspace


def test_a_cache_costs_what_a_prompt_costs_where_the_table_says_nothing_else() -> None:
    assert parse_price({"input": 3, "output": 15.0}) == Price(3, 15, 3, 3)
    assert parse_price({"input": 3, "output": 15, "cache_read": 0.3, "cache_write": 3.75}) == Price(3, 15, 0.3, 3.75)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("3", "a price needs input and output"),
        ("{input = 3}", "a price needs input and output"),
        ("{input = 3, output = 4, cached = 1}", "unknown key 'cached'"),
        ("{input = -3, output = 4}", "input must be a number of dollars, not -3"),
        ("{input = nan, output = 4}", "input must be a number of dollars, not nan"),
        ("{input = true, output = 4}", "input must be a number of dollars, not True"),
    ],
)
def test_a_price_that_is_none_is_refused_with_its_line(entry: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "avenant.toml"
    path.write_text(f'judge = ""\n[prices]\n"openai/odile" = {entry}\n', encoding="utf-8")

    with pytest.raises(FormatError) as caught:
        read_workspace(tmp_path)

    [fault] = caught.value.faults
    assert (problem in fault.problem, fault.line) == (True, 3), fault


def test_the_tables_price_comes_before_what_inspect_was_told_and_the_embedded_model_is_free(tmp_path: Path) -> None:
    from inspect_ai.model import ModelCost, set_model_cost
    from inspect_ai.model._model_info import clear_model_info_cache

    (tmp_path / "avenant.toml").write_text(
        '[prices]\n"openai/gpt-4o-mini" = {input = 2, output = 8}\n', encoding="utf-8"
    )
    table = read_workspace(tmp_path).prices

    assert find_price("embedded/smollm2-135m-instruct", table) == FREE
    assert find_price("nobody/knows-it", table) is None
    assert find_price("openai/gpt-4o-mini", {}) is None
    try:
        set_model_cost("openai/gpt-4o-mini", ModelCost(input=1, output=4, input_cache_write=1.5, input_cache_read=0.1))
        assert find_price("openai/gpt-4o-mini", {}) == Price(1, 4, 0.1, 1.5)
        assert find_prices(["openai/gpt-4o-mini", "nobody/knows-it"], table) == {
            "openai/gpt-4o-mini": Price(2, 8, 2, 2)
        }
    finally:
        clear_model_info_cache()
