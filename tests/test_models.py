from __future__ import annotations

import pytest

from avenant import models
from avenant.errors import ModelError
from avenant.models import check_model_name, open_model


def test_what_is_no_model_name_is_refused() -> None:
    with pytest.raises(ModelError, match="no model name"):
        check_model_name("gpt", role="judge")
    check_model_name("openai/gpt", role="judge")


def test_a_model_that_cannot_be_reached_says_what_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai")
    monkeypatch.setattr(models, "_RETRIES", 0)
    monkeypatch.setenv("NOBODY_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("NOBODY_API_KEY", "none")
    with (
        open_model("openai-api/nobody/odile-7b", role="judge") as ask,
        pytest.raises(
            ModelError, match="the judge openai-api/nobody/odile-7b did not answer: Connection error"
        ) as caught,
    ):
        ask("Are you there?")
    assert "the replies so far are kept" in str(caught.value)
