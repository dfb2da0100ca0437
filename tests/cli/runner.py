"""Running `avenant` as a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE_ID = "atelier/2026-09-01"


def avenant(*arguments: str, cwd: Path, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    """Run one command and capture what it prints."""
    code = "from avenant.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
