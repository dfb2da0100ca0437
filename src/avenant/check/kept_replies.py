"""A judge's replies on the disk, so that none is paid for twice and none is lost when a run breaks off."""

from __future__ import annotations

from pathlib import Path

from avenant.files import read_text, write_text


class KeptReplies:
    """Replies in a folder, one file each, named by its key; each is on the disk before anything else is done."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, key: object) -> bool:
        return self._path(str(key)).is_file()

    def __getitem__(self, key: str) -> str:
        if key not in self:
            raise KeyError(key)
        return read_text(self._path(key))

    def __setitem__(self, key: str, reply: str) -> None:
        write_text(self._path(key), reply)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.txt"
