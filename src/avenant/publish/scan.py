"""Scanning a folder before it goes online: names of models, drafts without a canary, and what could not be read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from avenant.errors import FileError
from avenant.publish.extract import extract_texts
from avenant.publish.history import Record, read_history
from avenant.publish.large import read_large
from avenant.publish.leak import Leak, Leaks
from avenant.publish.part import MAX_FILE_BYTES, Extract, Part, Picture, Published, Unread
from avenant.publish.repository import Repository, count_ignored, find_repository, is_ignored, list_published
from avenant.publish.uncovered import PassageIndex, Reading, Uncovered, find_uncovered, has_canary
from avenant.publish.walk import GONE, Listing, name_prefixes, printable, sort_paths, walk_folder


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is."""

    stage: str
    """"files" or "history"."""
    done: int
    """Files, or objects of the history."""
    total: int


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """Something in the folder that could not be read, and may hold anything."""

    path: str
    """From the folder that was scanned, printable."""
    where: str
    """Part of the file or of the history; empty for the whole file."""
    reason: str
    """Why, in words that follow "could not be read: "."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found."""

    leaks: tuple[Leak, ...]
    """By file, the history last."""
    uncovered: tuple[Uncovered, ...]
    """Files that carry a draft's words and no canary."""
    unread: tuple[UnreadPlace, ...]
    pictures: tuple[str, ...]
    """Pictures, scanned pages and recordings, which a person must look at: file, and part of it where there is one."""
    published: tuple[str, ...]
    """Documents as the labs published them, and their manifests, that were let pass."""
    notes: tuple[str, ...]
    """What else the user must know: what was left out, and why."""
    files: int
    """Files that were looked into."""
    links: int
    """Symbolic links, which were not followed."""
    ignored: int
    """Files that git ignores and that were therefore left out."""
    history: int
    """Objects of the history that were looked into: versions of files, commits, tags."""


def scan_folder(
    folder: Path,
    names: tuple[str, ...],
    *,
    known_documents: Collection[str] = (),
    passages: Sequence[tuple[str, str]] = (),
    include_ignored: bool = False,
    include_history: bool = True,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Scan:
    """Look for names of models in everything that a folder would publish.

    In a git repository that is what git would publish: the files that it tracks, the new ones that it does not ignore,
    and all its history. Elsewhere it is every file. Links are not followed, and nothing is written.

    Args:
        folder: what is about to go online.
        names: names of models that must not.
        known_documents: sha256 of documents that may go online byte for byte, with their manifests.
        passages: texts of drafts, each with the draft's slug, that must not go online without a canary.
        include_ignored: read the files that git ignores as well.
        include_history: read the history of the repositories too.
        progress: called now and then.

    Raises:
        FileError: there is no such folder.
    """
    if not folder.is_dir():
        raise FileError("there is no such folder", path=folder, mend="give the folder that goes online")
    run = _Run(folder, names, known_documents, PassageIndex(passages), progress)
    repository = run.find_repository(PurePath())
    listing = run.list_files(repository, include_ignored=include_ignored)
    run.read_files(listing)
    if include_history:
        run.read_histories(repository, listing)
    return run.result()


class _Run:
    """One scan while it goes on."""

    def __init__(
        self,
        folder: Path,
        names: tuple[str, ...],
        known: Collection[str],
        index: PassageIndex,
        progress: Callable[[Progress], None],
    ) -> None:
        self._folder, self._names, self._known, self._index, self._progress = folder, names, known, index, progress
        self._leaks: list[Leak] = []
        self._readings: list[Reading] = []
        self._unread: list[UnreadPlace] = []
        self._pictures: list[str] = []
        self._published: list[str] = []
        self._notes: list[str] = []
        self._files = self._links = self._ignored = self._history = 0

    def result(self) -> Scan:
        """What was found so far."""
        return Scan(
            leaks=tuple(self._leaks),
            uncovered=tuple(find_uncovered(self._readings)),
            unread=tuple(dict.fromkeys(self._unread)),
            pictures=tuple(self._pictures),
            published=tuple(self._published),
            notes=tuple(self._notes),
            files=self._files,
            links=self._links,
            ignored=self._ignored,
            history=self._history,
        )

    def find_repository(self, place: PurePath) -> Repository | None:
        """The repository that a folder is in; what keeps git from reading it is noted."""
        try:
            return find_repository(self._folder / place)
        except FileError as error:
            self._refuse(place / ".git", "", error.faults[0].problem)
            return None

    def list_files(self, repository: Repository | None, *, include_ignored: bool) -> Listing:
        """The files to read: what git would publish, or all there are."""
        if repository is None:
            return walk_folder(self._folder)
        if repository.is_bare:
            self._notes.append("this is a bare git repository: it has a history and no files")
            return Listing(repositories=[PurePath()])
        if is_ignored(repository):
            self._notes.append("git ignores this folder: all its files were read, and no history")
            return walk_folder(self._folder)
        if include_ignored:
            listing = walk_folder(self._folder)
        else:
            listing = sort_paths(self._folder, list_published(repository))
            self._ignored = count_ignored(repository)
        if repository.prefix:
            self._notes.append("the folder is a part of a git repository: of its history only this part was read")
        return dataclasses.replace(listing, repositories=list(dict.fromkeys((PurePath(), *listing.repositories))))

    def read_files(self, listing: Listing) -> None:
        """Read all files, and the names of files, folders and links."""
        self._links = len(listing.links)
        for path, reason in listing.unread:
            self._refuse(path, "", reason)
        for path in name_prefixes((*listing.files, *listing.links, *(path for path, _ in listing.unread))):
            self._read_name(path)
        for path in listing.links:
            self._read_link(path)
        for number, path in enumerate(listing.files):
            self._progress(Progress("files", number, len(listing.files)))
            self._read_file(path)
        self._progress(Progress("files", len(listing.files), len(listing.files)))

    def read_histories(self, repository: Repository | None, listing: Listing) -> None:
        """Read the history of each repository in the folder."""
        for place in listing.repositories:
            found = repository if repository is not None and not place.name else self.find_repository(place)
            if found is not None:
                self._read_history(found, place)

    def _refuse(self, path: PurePath, where: str, reason: str) -> None:
        self._unread.append(UnreadPlace(printable(path), where, reason))

    def _read_name(self, path: PurePath) -> None:
        leaks = Leaks(printable(path), self._names)
        leaks.read(Extract("name of the file or folder", printable(PurePath(path.name))))
        self._leaks += leaks

    def _read_link(self, path: PurePath) -> None:
        try:
            target = (self._folder / path).readlink()
        except OSError as error:
            self._refuse(path, "", str(error.strerror))
            return
        leaks = Leaks(printable(path), self._names)
        leaks.read(Extract("target of the link", printable(target)))
        self._leaks += leaks

    def _read_file(self, path: PurePath) -> None:
        full = self._folder / path
        try:
            size = full.stat().st_size
            if size > MAX_FILE_BYTES:
                self._take(path, read_large(full))
            else:
                self._take(path, extract_texts(path, full.read_bytes(), known=self._known))
        except FileNotFoundError:
            self._refuse(path, "", GONE)
        except OSError as error:
            self._refuse(path, "", str(error.strerror))
        self._files += 1

    def _take(self, path: PurePath, parts: Iterable[Part]) -> None:
        """Sort the parts of a file by what they tell."""
        shown = printable(path)
        leaks = Leaks(shown, self._names)
        slugs: dict[str, dict[str, None]] = {}
        covered: set[str] = set()
        for part in parts:
            match part:
                case Extract():
                    leaks.read(part)
                    if not part.is_raw:
                        slugs.setdefault(part.document, {}).update(dict.fromkeys(self._index.find(part.text)))
                    if not self._index.is_empty and has_canary(part.text):
                        covered.add(part.document)
                case Unread(where, reason):
                    self._refuse(path, where, reason)
                case Picture(where):
                    self._pictures.append(f"{shown}: {where}" if where else shown)
                case Published(where):
                    self._published.append(f"{shown}: {where}" if where else shown)
        self._leaks += leaks
        self._readings += [
            Reading(shown, document, tuple(found), document in covered) for document, found in slugs.items() if found
        ]

    def _read_history(self, repository: Repository, place: PurePath) -> None:
        kept: dict[tuple[str, ...], Leak] = {}
        objects = 0

        def report(done: int, total: int) -> None:
            nonlocal objects
            objects = total
            self._progress(Progress("history", done, total))

        try:
            for record in read_history(repository, progress=report):
                for key, leak in self._record_leaks(record, place):
                    count = kept[key].count + 1 if key in kept else 1
                    # Newer versions come first, so that the one that stays is the oldest.
                    kept[key] = dataclasses.replace(leak, count=count)
        except FileError as error:
            self._refuse(place / ".git", "history", error.faults[0].problem)
        if repository.is_shallow:
            self._notes.append(
                f"{printable(place) or 'the repository'} is a shallow clone: its older commits are not on this machine"
            )
        self._history += objects
        self._leaks += kept.values()

    def _record_leaks(self, record: Record, place: PurePath) -> Iterator[tuple[tuple[str, ...], Leak]]:
        """The leaks of one thing that the history keeps, each with what makes it the same leak in another version."""
        path = place / record.path
        shown = printable(path)
        if record.unread:
            if not record.is_current:
                self._refuse(path, record.where, record.unread)
            return
        leaks = Leaks(shown, self._names)
        for part in self._record_parts(record):
            match part:
                case Extract():
                    leaks.read(part)
                case Unread(where, reason) if not record.is_current:
                    self._refuse(path, ": ".join(one for one in (record.where, where) if one), reason)
                case Picture(where) if not record.is_current:
                    self._pictures.append(": ".join(one for one in (record.where, shown, where) if one))
        told: set[str] = set()
        for leak in leaks:
            if leak.name not in told:
                told.add(leak.name)
                # Each branch and tag is a leak of its own; a hundred commits that one person signed are one.
                where = "commit" if record.where.startswith("commit ") else record.where
                key = (record.kind, shown, leak.name, where)
                yield key, dataclasses.replace(leak, count=1, record=record.where)

    def _record_parts(self, record: Record) -> Iterator[Part]:
        if record.kind == "file":
            yield from extract_texts(PurePath(record.path), record.raw, known=self._known)
        elif record.kind == "file name":
            yield Extract("name of the file or folder", printable(PurePath(PurePath(record.path).name)))
        else:
            yield Extract("" if record.kind == "name" else record.kind, record.raw.decode("utf-8", "replace"))
