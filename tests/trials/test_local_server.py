"""A trial over HTTP: a local llama.cpp server is subject and judge, as `openai-api/llamacpp/NAME`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avenant.errors import ModelError
from avenant.local.weights import read_weights
from avenant.trials.plan import make_plan
from tests.trials.materials import make_trial, store_trial
from tests.trials.running import run

MODEL = "openai-api/llamacpp/smollm2"


@pytest.fixture
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pytest.importorskip("openai")
    try:
        weights = read_weights()
    except ModelError as error:
        pytest.skip(f"needs the embedded model: {error}")
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx, params.n_parallel, params.port, params.verbosity = 4096, 1, 0, 0
    params.warmup = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.model_alias = ["smollm2"]
    server = xllamacpp.Server(params)
    monkeypatch.setenv("LLAMACPP_BASE_URL", f"{server.listening_address}/v1")
    monkeypatch.setenv("LLAMACPP_API_KEY", "none")
    yield
    del server


@pytest.mark.usefixtures("_server")
def test_a_small_local_server_as_subject_and_judge_ends_honestly_and_reads_documents_from_its_cache(
    tmp_path: Path,
) -> None:
    trial = store_trial(make_trial(tmp_path, MODEL, judge=MODEL, limit=2, max_tokens=40))

    ran = run(trial)

    result = ran.result
    assert result.verdict.word == "cannot tell", "two scenarios and 135M parameters can show nothing"
    assert result.finished_blocks == 1
    assert len(result.observations) == make_plan(trial).loads[0].calls
    assert {one.fate for one in result.observations} <= {"scored", "judge failed", "truncated", "no reply"}
    share = result.usage[MODEL].cached_share
    assert share is not None
    assert share > 0.3
