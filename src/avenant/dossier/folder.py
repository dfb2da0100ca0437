"""A dossier on the disk: written whole or not at all, and never over anything else."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from avenant.canary import find_canaries
from avenant.dossier.bundle import COVER, FILE_NAMES, DossierFile
from avenant.errors import FileError
from avenant.files import read_text, write_text


def check_folder(folder: Path, *, canary: str) -> None:
    """Make sure that a dossier may be written to a folder.

    Args:
        folder: where it goes; it may be missing, empty, or hold an older dossier of the same draft.
        canary: the draft's.

    Raises:
        FileError: there is a file, or something else in the folder.
    """
    mend = "choose another folder: --out DIR"
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileError("this is a file", path=folder, mend=mend)
    names = sorted(path.name for path in folder.iterdir())
    if others := [name for name in names if name not in FILE_NAMES]:
        raise FileError(f"the folder holds what is no dossier's: {', '.join(others[:3])}", path=folder, mend=mend)
    if names and (COVER not in names or canary.lower() not in find_canaries(read_text(folder / COVER))):
        raise FileError("the folder holds another draft's dossier", path=folder, mend=mend)


def write_dossier(folder: Path, files: Sequence[DossierFile], *, canary: str) -> None:
    """Write a dossier in place of an older one.

    It is made in a folder beside, which then takes the other's place.

    Raises:
        FileError: see `check_folder`, or it cannot be written; what was there is as it was.
    """
    folder = folder.resolve()
    check_folder(folder, canary=canary)
    made = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        for file in files:
            write_text(made / file.name, file.text)
        _take_place(made, folder)
    except OSError as error:
        raise FileError(
            f"cannot write: {error.strerror}; what was there is as it was",
            path=folder,
            mend="free some disk space or choose another folder: --out DIR",
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _take_place(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    aside = made.with_name(f"{made.name}.old")
    folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
