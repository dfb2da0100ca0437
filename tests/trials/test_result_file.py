from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest

from avenant.trials.contents import gather_contents
from avenant.trials.design import Trial
from avenant.trials.report import write_report
from avenant.trials.result_file import read_schema, result_data
from avenant.trials.results import Result
from tests.trials.made import fixed_trial, made_result, sequential_trial
from tests.trials.running import Run


def _check(data: Any) -> None:
    jsonschema.Draft202012Validator(read_schema()).validate(data)


def _stored(folder: Path) -> Any:
    def refuse(constant: str) -> NoReturn:
        pytest.fail(f"{constant} is no JSON")

    return json.loads((folder / "result.json").read_text(encoding="utf-8"), parse_constant=refuse)


def _data(trial: Trial, result: Result) -> dict[str, Any]:
    return result_data(trial, result, gather_contents(trial, result))


def _score(family: str, arm: str) -> float | None:
    if (family, arm) == ("neighbour-3", "placebo"):
        return None
    return 0.8 if arm == "amended" and family.startswith("target") else 0.5


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(read_schema())


def test_the_result_of_a_real_run_fits_the_schema_and_has_every_number(run_scripted: Run) -> None:
    ran = run_scripted("refusing", block_size=100)
    write_report(ran.trial, ran.result)
    data = _stored(ran.trial.folder)

    _check(data)
    assert data["verdict"]["word"] == "cannot tell"
    assert data["verdict"]["target"]["mean"] is None
    assert data["protocol_hash"] == ran.trial.protocol.content_hash
    assert data["unit"] == "of the judge's scale from 0 to 1"
    assert len(data["observations"]) == 44
    lost = [o for o in data["observations"] if o["arm"] == "amended"]
    assert {(o["value"], o["fate"], o["block"]) for o in lost} == {(None, "refused", "block-1")}


def test_a_result_by_grades_fits_the_schema(run_scripted: Run) -> None:
    ran = run_scripted("helpful", block_size=5)

    _check(json.loads(json.dumps(_data(ran.trial, ran.result))))


def test_a_result_by_log_probability_fits_the_schema(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path, subject="embedded/smollm2-135m-instruct", judge="")
    data = _data(trial, made_result(trial, lambda family, arm: 0.3 if arm == "amended" else 0.1))

    _check(json.loads(json.dumps(data)))
    assert data["tails"] == []


def test_a_sequential_result_fits_the_schema_with_every_look(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _score)
    data = _data(trial, result)

    _check(json.loads(json.dumps(data)))
    stored = {one["battery"]: one for one in data["verdict"]["standings"]}
    assert [len(stored[one.battery]["looks"]) for one in result.verdict.standings] == [
        len(one.looks) for one in result.verdict.standings
    ]
    assert data["sensitivity"]["missing"][0]["bounds"]["missing"] == 1


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("verdict", "word"), "helps a lot"),
        (("verdict", "target", "mean"), "0.3"),
        (("schema_version",), 2),
        (("observations", 0, "battery"), "elsewhere"),
        (("surplus",), 1),
    ],
)
def test_the_schema_refuses_what_is_no_result(place: tuple[Any, ...], value: object, tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    data = copy.deepcopy(_data(trial, made_result(trial, _score)))
    inner: Any = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value

    with pytest.raises(jsonschema.ValidationError):
        _check(json.loads(json.dumps(data)))


def test_names_are_masked_in_every_text_but_addresses_stay(run_scripted: Run) -> None:
    ran = run_scripted("quoting", block_size=100)
    write_report(ran.trial, ran.result)
    text = (ran.trial.folder / "result.json").read_text(encoding="utf-8")

    assert "odile" not in text.casefold()
    assert "I am Clément" in text
    assert "scripted/quoting" in text
