"""`avenant try --plan`: what is said before anything is spent."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from avenant.cli.main import cli
from avenant.errors import AvenantError, TrialError
from avenant.workspace import init_workspace
from tests.trials.materials import AMENDMENT, make_spec, scenario_source

MODELS = ("--subject", "openai/gpt-4o-mini", "--judge", "anthropic/claude-haiku-4-5")
PRICES = """
[prices]
"openai/gpt-4o-mini" = {input = 0.15, output = 0.60, cache_read = 0.075}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = init_workspace(tmp_path / "proposals").root
    make_spec(root)
    (root / "amendments/mark-views.md").write_text(AMENDMENT, encoding="utf-8")
    (root / "scenarios/mark-views.yaml").write_text(scenario_source(), encoding="utf-8")
    with (root / "avenant.toml").open("a", encoding="utf-8") as file:
        file.write(PRICES)
    monkeypatch.chdir(root)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return root


def plan(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["try", "mark-views", *MODELS, *arguments], standalone_mode=False)


def test_a_plan_needs_no_key_writes_nothing_and_says_what_is_not_known(root: Path) -> None:
    shown = plan("--plan")

    assert shown.exception is None, shown.exception
    for words in (
        "10 scenarios in 2 blocks",
        "smallest",
        "standard deviation of 0.27, which is an assumption",
        "Unknown prices: put them into avenant.toml under [prices]",
        "one look, after the last block",
    ):
        assert words in shown.stdout, words
    assert list((root / "trials").iterdir()) == []


def test_a_plan_for_machines_has_every_number_and_null_for_what_is_not_known(root: Path) -> None:
    data = json.loads(plan("--plan", "--json").stdout)

    subject, judge, checks = data["loads"]
    assert subject["price"] == {"input": 0.15, "output": 0.6, "cache_read": 0.075, "cache_write": 0.15}
    assert (judge["price"], checks["price"], data["cost_uncached_usd"]) == (None, None, None)
    assert [battery["batteries"] for battery in data["batteries"]] == [["target"], ["neighbour", "far"]]


def test_what_the_check_finds_is_noted_in_a_few_lines_however_much_it_is(root: Path) -> None:
    draft = root / "amendments/mark-views.md"
    draft.write_text(AMENDMENT + "".join(f"\nOdile likes {number}.\n" for number in range(9)), encoding="utf-8")

    notes = [line for line in plan("--plan").stderr.splitlines() if line.startswith("note: ")]

    assert len(notes) == 4
    assert "more findings; see: avenant check mark-views" in notes[-1]


def test_columns_on_the_cache_stand_where_something_is_cached_alone(root: Path) -> None:
    assert "of them cached" not in " ".join(plan("--plan").stdout.split())


def test_json_without_plan_is_refused(root: Path) -> None:
    assert isinstance(plan("--json").exception, click.UsageError)


def test_batch_mode_is_said_to_cost_half_and_is_refused_where_a_model_has_none(root: Path) -> None:
    assert "half the price, nothing cached, and up to a day" in " ".join(plan("--plan", "--batch").stdout.split())

    refused = CliRunner().invoke(cli, ["try", "mark-views", "--plan", "--batch"], standalone_mode=False)

    assert isinstance(refused.exception, TrialError)
    assert "embedded/smollm2-135m-instruct has no batch mode" in str(refused.exception)


def test_a_budget_in_dollars_is_refused_before_the_start_where_a_price_is_not_known(root: Path) -> None:
    refused = plan("--plan", "--budget-usd", "3")

    assert isinstance(refused.exception, AvenantError)
    assert "needs the price of anthropic/claude-haiku-4-5" in str(refused.exception)
    assert "Budget: 5,000 tokens" in plan("--plan", "--budget-tokens", "5000").stdout


def test_a_trial_that_goes_on_may_have_other_connections_and_nothing_else(root: Path) -> None:
    arguments = ["try", "mark-views", "--resume", "--connections", "2"]
    assert isinstance(CliRunner().invoke(cli, arguments, standalone_mode=False).exception, TrialError)

    refused = CliRunner().invoke(cli, [*arguments, "--batch"], standalone_mode=False).exception
    assert isinstance(refused, click.UsageError)
    assert "--batch cannot be changed with --resume" in str(refused)
