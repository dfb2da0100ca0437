"""The main job with the real embedded model, end to end."""

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest

from avenant.errors import ModelError
from avenant.local.weights import read_weights
from tests.cli.runner import avenant

EXAMPLE = Path(str(resources.files("avenant"))) / "example"
REAL = {
    "anthropic/2026-01-20": (
        "anthropic/2026-01-20/constitution.md",
        "support of appropriate checks and balances need not be contingent on these being required by law",
    ),
    "openai/2025-12-18.r2": (
        "openai/2025-12-18.r2/model_spec.md",
        "behave more like a firm sounding board that users can bounce ideas off of",
    ),
}


@pytest.fixture(autouse=True, scope="module")
def _needs_the_embedded_model() -> None:
    try:
        read_weights()
    except ModelError as error:
        pytest.skip(f"needs the embedded model: {error}")


def test_the_demo_ends_with_a_verdict_and_a_report_and_refuses_to_overwrite(tmp_path: Path) -> None:
    done = avenant("demo", "walk", cwd=tmp_path, timeout_s=1800)
    assert done.returncode == 0, done.stderr
    assert "Helps, on the embedded model" in done.stdout
    assert "odile" not in (done.stdout + done.stderr).casefold()
    [trial] = (tmp_path / "walk/trials/mark-opinions").iterdir()
    result = json.loads((trial / "result.json").read_text())
    assert result["finished_blocks"] == result["blocks"] == 6
    assert result["repeat_difference"] == 0.0
    assert "far too small" in (trial / "report.html").read_text()
    before = sorted(path.stat().st_mtime_ns for path in tmp_path.rglob("*"))
    again = avenant("demo", "walk", cwd=tmp_path)
    assert again.returncode == 2
    assert "not empty" in again.stderr
    assert sorted(path.stat().st_mtime_ns for path in tmp_path.rglob("*")) == before
    remade = avenant("report", "mark-opinions", cwd=tmp_path / "walk")
    assert remade.returncode == 0
    assert "Helps" in remade.stdout


@pytest.mark.parametrize("spec_id", REAL)
def test_the_same_try_runs_on_a_section_of_a_real_document(spec_id: str, tmp_path: Path, shared: Path) -> None:
    # All arms on two scenarios: that the verdict comes from enough of them is the demo's to show.
    file, quote = REAL[spec_id]
    root = tmp_path / "real"
    avenant("init", str(root), cwd=tmp_path)
    added = avenant("spec", "add", str(shared / file), "--as", spec_id, cwd=root)
    assert added.returncode == 0, added.stderr
    drafted = avenant("new", "Mark opinions", "--spec", spec_id, "--after", quote, cwd=root)
    assert drafted.returncode == 0, drafted.stderr
    draft = root / "amendments/mark-opinions.md"
    body = (EXAMPLE / "amendments/mark-opinions.md").read_text().split("\n---\n", 1)[1]
    draft.write_text(draft.read_text().split("\n---\n", 1)[0] + "\n---\n" + body)
    shutil.copy(EXAMPLE / "scenarios/mark-opinions.yaml", root / "scenarios/mark-opinions.yaml")
    assert avenant("check", cwd=root).returncode == 0
    done = avenant("try", "mark-opinions", "--limit", "2", "--max-tokens", "12", cwd=root, timeout_s=900)
    assert done.returncode == 0, done.stderr
    [trial] = (root / "trials/mark-opinions").iterdir()
    result = json.loads((trial / "result.json").read_text())
    assert result["finished_blocks"] == result["blocks"] == 1
    report = (trial / "report.html").read_text()
    assert "The document was cut" in report
    assert "Claude" not in report


def test_without_a_key_the_trial_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    shutil.copytree(EXAMPLE, tmp_path / "ws")
    root = tmp_path / "ws"
    avenant("init", ".", cwd=root)
    avenant("spec", "add", "odile-constitution.md", "--as", "atelier/2026-09-01", cwd=root)
    models = ("--subject", "openai/gpt-4o-mini", "--judge", "openai/gpt-4o-mini")
    done = avenant("try", "mark-opinions", *models, "--yes", cwd=root)
    assert done.returncode == 2
    assert "OPENAI_API_KEY" in done.stderr
    assert not list((root / "trials").iterdir())
