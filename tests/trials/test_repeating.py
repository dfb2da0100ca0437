"""The command that a report gives for repeating its trial."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from avenant.models import estimate_tokens
from avenant.trials.design import Options, design_trial
from tests.trials.materials import NOW, make_amendment, make_scenarios, make_spec, make_trial


def _words(root: Path, scenarios: Path, options: Options) -> list[str]:
    file = make_scenarios()
    trial = design_trial(
        root / "trials/mark-views/1",
        make_spec(root),
        make_amendment(),
        replace(file, path=scenarios),
        options,
        count_tokens=estimate_tokens,
        context_tokens=None,
        now=NOW,
    )
    return shlex.split(trial.protocol.command)


def test_a_scenario_file_in_another_place_is_named(tmp_path: Path) -> None:
    options = Options(subject="scripted/helpful", judges=("scripted/judge",))
    words = _words(tmp_path, Path("scenarios/more of them.yaml"), options)

    assert words[words.index("--scenarios") + 1] == "scenarios/more of them.yaml"


def test_the_scenario_file_of_the_amendment_is_not_named(tmp_path: Path) -> None:
    options = Options(subject="scripted/helpful", judges=("scripted/judge",))

    assert "--scenarios" not in _words(tmp_path, Path("/somewhere/scenarios/mark-views.yaml"), options)


def test_without_a_judge_the_outcome_is_named_so_that_a_judge_set_elsewhere_changes_nothing(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, "embedded/smollm2-135m-instruct", judge="")
    words = shlex.split(trial.protocol.command)

    assert words[words.index("--outcome") + 1] == "margin"


def test_every_judge_is_named(tmp_path: Path) -> None:
    options = Options(subject="scripted/helpful", judges=("scripted/judge", "scripted/judge-shy"))
    words = _words(tmp_path, Path("scenarios/mark-views.yaml"), options)

    assert [words[at + 1] for at, word in enumerate(words) if word == "--judge"] == list(options.judges)
