"""Fixtures of the trials' tests: real runs of `run_trial` with scripted models at the model boundary."""

from __future__ import annotations

import copy
import dataclasses
import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from avenant.trials.design import Trial
from tests.trials.materials import make_trial, scenario_items, scenario_source, store_trial
from tests.trials.running import Ran, Run, run
from tests.trials.scripted import STAGE, Stage

_INSPECT_WARNINGS = (
    # Inspect passes tenacity an argument that it has renamed.
    "ignore:The 'initial' parameter is deprecated:DeprecationWarning",
    # Inspect leaves anyio streams to the garbage collector.
    "ignore:Unclosed <MemoryObject:ResourceWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in _INSPECT_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Inspect keeps a buffer of samples in the user's data folder; here it gets one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _spared_from_collection() -> None:
    """`run` collects garbage after each trial; what was imported before need not be searched each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def stage() -> Stage:
    """What the scripted models were asked in this test."""
    STAGE.clear()
    return STAGE


@pytest.fixture(scope="session")
def _runs() -> dict[str, tuple[Ran, Stage]]:
    return {}


@pytest.fixture
def run_scripted(_runs: dict[str, tuple[Ran, Stage]], tmp_path_factory: pytest.TempPathFactory, stage: Stage) -> Run:
    """Design, write and run a trial of a scripted subject; tests that ask for the same trial share one run.

    The stage then shows what was asked in it. Tests that change the files of a trial take `finished`.
    """

    def run_one(subject: str, *, scenarios: str | None = None, **options: object) -> Ran:
        key = repr((subject, scenarios, sorted(options.items())))
        if key not in _runs:
            root = tmp_path_factory.mktemp("run")
            trial = make_trial(root, f"scripted/{subject}", scenarios=scenarios, **options)  # type: ignore[arg-type]
            stage.clear()
            _runs[key] = run(store_trial(trial, scenarios=scenarios)), copy.deepcopy(stage)
        ran, seen = _runs[key]
        stage.recall(seen)
        return ran

    return run_one


@pytest.fixture(scope="session")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    scenarios = scenario_source(scenario_items(each=2))
    trial = make_trial(tmp_path_factory.mktemp("finished"), scenarios=scenarios, block_size=7)
    return run(store_trial(trial, scenarios=scenarios)).trial


@pytest.fixture
def finished(_finished: Trial, tmp_path: Path) -> Trial:
    """A finished trial of the helpful subject in three blocks, in a folder of the test's own."""
    folder = tmp_path / "trials/mark-views/1"
    shutil.copytree(_finished.folder, folder)
    return dataclasses.replace(_finished, folder=folder)
