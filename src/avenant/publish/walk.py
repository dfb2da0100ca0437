"""The files of a folder, hidden ones too, without following links and without the insides of git."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

GONE = "it was gone by the time it was read"
"""Why a file could not be read that was there a moment before."""


@dataclass(slots=True)
class Listing:
    """What lies in a folder; all paths are from that folder."""

    files: list[PurePath] = field(default_factory=list)
    links: list[PurePath] = field(default_factory=list)
    """Symbolic links, which are not followed."""
    repositories: list[PurePath] = field(default_factory=list)
    """Folders that are git repositories of their own."""
    unread: list[tuple[PurePath, str]] = field(default_factory=list)
    """What cannot be read, with the reason."""
    ignored: int = 0
    """Files that git ignores and that are therefore not here."""

    def sort(self, folder: Path, path: PurePath) -> None:
        """Put one path where it belongs, by what lies there.

        Raises:
            FileNotFoundError: nothing does.
        """
        try:
            mode = (folder / path).lstat().st_mode
        except FileNotFoundError:
            raise
        except OSError as error:
            self.unread.append((path, str(error.strerror)))
            return
        if stat.S_ISLNK(mode):
            self.links.append(path)
        elif stat.S_ISREG(mode):
            self.files.append(path)
        elif stat.S_ISDIR(mode):
            self.unread.append((path, "it is a git repository of its own inside this one; check it by itself"))
        else:
            self.unread.append((path, "it is no file but a pipe, a socket or a device"))


def walk_folder(folder: Path) -> Listing:
    """All that lies in a folder; of a git repository only its name, since its history is read through git."""
    listing = Listing()

    def refused(error: OSError) -> None:
        place = PurePath(error.filename or folder).relative_to(folder)
        listing.unread.append((place, f"the folder cannot be opened: {error.strerror}"))

    for top, folders, files in os.walk(folder, onerror=refused):
        place = PurePath(top).relative_to(folder)
        if ".git" in folders or ".git" in files:
            listing.repositories.append(place)
        elif _is_bare(folders, files):
            listing.repositories.append(place)
            folders.clear()
            continue
        for name in sorted(files):
            if name != ".git":
                try:
                    listing.sort(folder, place / name)
                except FileNotFoundError:
                    listing.unread.append((place / name, GONE))
        folders[:] = [name for name in sorted(folders) if _is_entered(folder, place / name, listing)]
    return listing


def sort_paths(folder: Path, paths: Iterable[str]) -> Listing:
    """The paths that git lists, by what lies there; what is there no more is left out."""
    listing = Listing()
    for written in paths:
        # A file that was deleted and not committed goes online no more.
        with contextlib.suppress(FileNotFoundError):
            listing.sort(folder, PurePath(written))
    return listing


def name_prefixes(paths: Iterable[PurePath]) -> Iterator[PurePath]:
    """Each path and each folder on the way to it, once."""
    seen: set[PurePath] = set()
    for path in paths:
        while path.name and path not in seen:
            seen.add(path)
            yield path
            path = path.parent


def printable(path: PurePath) -> str:
    """A path that any screen can show, with / between folders; empty for the folder itself."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace") if path.name else ""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _is_entered(folder: Path, path: PurePath, listing: Listing) -> bool:
    """Whether a folder is one to walk into; what else is to be known of it goes into the listing."""
    if (folder / path).is_symlink():
        listing.links.append(path)
        return False
    if path.name in (".hg", ".svn", ".bzr"):
        listing.unread.append((path, f"it holds the history of another system than git ({path.name[1:]})"))
        return False
    return path.name != ".git"


def _is_bare(folders: list[str], files: list[str]) -> bool:
    """Whether a folder is a bare repository, by what every one has."""
    return "HEAD" in files and "config" in files and {"objects", "refs"} <= set(folders)
