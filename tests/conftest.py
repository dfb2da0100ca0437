"""What all tests share: the labs' published documents, and the example workspace."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

from avenant.files import read_text
from avenant.specs.document import Document
from avenant.specs.library import add_spec
from avenant.specs.parse import parse_document
from avenant.workspace import Workspace, copy_example

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "specs"
RELEASES = tuple(sorted(path for lab in ("anthropic", "openai") for path in SHARED.glob(f"{lab}/2*/*.md")))
"""The file of every release of the labs' documents on this machine; none on a stranger's."""

_ABSENT = f"the labs' documents are not on this machine: no folder {SHARED}"

# A fixed seed keeps a green run green; the deadline would fail a test because the machine is busy. Always the same
# examples, so that more of them would cost minutes in every run and find nothing after the first.
settings.register_profile("avenant", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("avenant")


_LONGEST = Path(__file__).parent / "cli" / "test_trying.py"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """As many workers as there are cores for the whole suite; a part of it is done before workers have started."""
    return None if config.args == config.getini("testpaths") else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The trials with the embedded model begin first: the last minutes would otherwise be theirs alone."""
    items.sort(key=lambda item: item.path != _LONGEST)


@lru_cache(maxsize=16)
def read_release(path: Path) -> Document:
    return parse_document(read_text(path), f"{path.parent.parent.name}/{path.parent.name}")


@pytest.fixture
def shared() -> Path:
    """The folder of the labs' documents, as `lab/version/file.md`."""
    if not RELEASES:
        pytest.skip(_ABSENT)
    return SHARED


@pytest.fixture(
    params=RELEASES or [pytest.param(None, marks=pytest.mark.skip(reason=_ABSENT))],
    ids=lambda path: "absent" if path is None else f"{path.parent.parent.name}-{path.parent.name}",
)
def release(request: pytest.FixtureRequest) -> Document:
    """Each release of the labs' documents in turn, parsed once for the whole run."""
    return read_release(request.param)


@pytest.fixture
def constitution(shared: Path) -> Document:
    """Claude's constitution."""
    return read_release(shared / "anthropic" / "2026-01-20" / "constitution.md")


@pytest.fixture
def model_spec(shared: Path) -> Document:
    """The newest release of the Model Spec."""
    return read_release(shared / "openai" / "2025-12-18.r2" / "model_spec.md")


@pytest.fixture
def example(tmp_path: Path) -> Workspace:
    """The example workspace, its document taken in as `atelier/2026-09-01`."""
    workspace = copy_example(tmp_path / "example")
    source = workspace.root / "odile-constitution.md"
    add_spec(workspace.folder("specs"), source.read_bytes(), "atelier/2026-09-01", source=source.name)
    return workspace
