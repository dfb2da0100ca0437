"""A workspace: a folder of plain files, made for git, with `avenant.toml` at its top."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from avenant.errors import FileError, FormatError, WorkspaceError
from avenant.files import read_text, read_toml, write_text
from avenant.prices import Price, parse_price

CONFIG = "avenant.toml"
FOLDERS = ("specs", "amendments", "scenarios", "trials")
EMBEDDED_MODEL = "embedded/smollm2-135m-instruct"
"""The Inspect name of the model that `avenant model install` installs."""

_CONFIG_TEXT = f"""\
# Defaults of this workspace; every one can be overridden on the command line.
subject = "{EMBEDDED_MODEL}"   # the model under test: any Inspect model name
judge = ""                                   # the model that grades, blind; empty: none
placeholder = "Clément"                      # the name that stands for the model's own in drafts

# [check.off]                                # rules of `avenant check` that do not hold here, each with its reason
# two-ideas = "our amendments come in pairs"

# [prices]                                   # dollars per million tokens; without them no trial can say what it costs
# "provider/model" = {{input = 0.15, output = 0.60, cache_read = 0.075}}
"""

_GITIGNORE = """\
# These hold the lab's document and the model's replies under the model's real name. Published on the open web they
# would shape future models unasked, so they stay here.
"""
PRIVATE_FOLDERS = ("trials", "amended", "dossiers/for-lab", "answers")
"""What git does not track."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings in `avenant.toml`."""

    subject: str = EMBEDDED_MODEL
    """Inspect name of the model under test."""
    judge: str = ""
    """Inspect name of the grading model; empty where there is none."""
    placeholder: str = "Clément"
    """The name that stands for the model's own in everything that leaves the workspace."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The table `[check]` in `avenant.toml`."""

    off: Mapping[str, str] = field(default_factory=dict)
    """Rules that are turned off, each with the reason."""
    names: tuple[str, ...] = ()
    """Further names that no draft may carry, such as a model's name before it is announced."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with its settings."""

    root: Path
    defaults: Defaults
    check: CheckSettings = field(default_factory=CheckSettings)
    prices: Mapping[str, Price] = field(default_factory=dict)
    """What models cost, by Inspect name: the table `[prices]` in `avenant.toml`."""

    def folder(self, name: str) -> Path:
        """One of `FOLDERS`, under the root, or `threats`, which is there only where somebody made it."""
        return self.root / name

    def amendment_path(self, name: str | Path) -> Path:
        """The file of an amendment given by path, file name or slug.

        Raises:
            FileError: there is none; the message lists those that there are.
        """
        given = Path(name)
        candidates = (
            given,
            self.folder("amendments") / given.name,
            self.folder("amendments") / f"{given.name}.md",
        )
        for candidate in candidates:
            if os.path.isfile(candidate):  # noqa: PTH113  (unlike Path.is_file it takes names of any length)
                return candidate
        known = ", ".join(sorted(path.stem for path in self.folder("amendments").glob("*.md"))) or "none yet"
        raise FileError(
            "there is no such amendment",
            path=given,
            mend=f"amendments here: {known}; `avenant new` makes one",
        )

    def find_amendments(self, names: Sequence[str]) -> list[Path]:
        """The files of amendments given by path, file name or slug, each once.

        Raises:
            FileError: one of them is not there.
        """
        return list({path.resolve(): path for path in map(self.amendment_path, names)}.values())

    def amendment_paths(self) -> list[Path]:
        """All amendment files, in name order."""
        return sorted(self.folder("amendments").glob("*.md"))


def find_workspace(start: Path) -> Workspace:
    """The workspace that holds a folder.

    Raises:
        WorkspaceError: neither the folder nor any above it has an `avenant.toml`.
        FormatError: the settings are invalid.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return read_workspace(folder)
    raise WorkspaceError(
        f"no workspace here: neither {start} nor any folder above it has an {CONFIG}",
        mend="run `avenant init DIR` to make one, or change into one",
    )


def read_workspace(root: Path) -> Workspace:
    """Read the settings of a workspace; unknown keys and wrong types are refused."""
    path = root / CONFIG
    data = read_toml(path)
    check = _check_settings(data.pop("check", {}), path)
    prices = _prices(data.pop("prices", {}), path)
    return Workspace(root, _defaults(data, path), check, prices)


def _prices(data: Any, path: Path) -> dict[str, Price]:
    if not isinstance(data, dict):
        raise FormatError(
            "prices must be a table",
            path=path,
            line=_line_of(path, "prices"),
            mend='[prices], then: "provider/model" = {input = 0.15, output = 0.60}',
        )
    prices = {}
    for name, entry in data.items():
        try:
            prices[name] = parse_price(entry)
        except ValueError as error:
            raise FormatError(
                f"the price of {name!r}: {error}",
                path=path,
                line=_line_of(path, name),
                mend=f'"{name}" = {{input = 0.15, output = 0.60}}, in dollars per million tokens',
            ) from error
    return prices


def _check_settings(data: Any, path: Path) -> CheckSettings:
    def fault(key: str, problem: str, mend: str) -> FormatError:
        return FormatError(problem, path=path, line=_line_of(path, key), mend=mend)

    if not isinstance(data, dict):
        raise fault("check", "check must be a table", "write [check.off] above the rules that are turned off")
    for key in data:
        if key not in ("off", "names"):
            raise fault(key, f"unknown setting check.{key}", "known: check.off, check.names")
    off, names = data.get("off", {}), data.get("names", [])
    if not isinstance(off, dict):
        raise fault(
            "off", "check.off must be a table of rules and reasons", '[check.off], then: rule-id = "the reason"'
        )
    for rule, reason in off.items():
        if not isinstance(reason, str) or not reason.strip():
            raise fault(rule, f"no reason why {rule} is turned off", f'{rule} = "the reason"')
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise fault("names", "check.names must be a list of names", 'for example: names = ["Odile"]')
    return CheckSettings(off, tuple(name.strip() for name in names))


def _defaults(data: dict[str, Any], path: Path) -> Defaults:
    known = {field.name for field in dataclasses.fields(Defaults)}
    for key, value in data.items():
        if key not in known:
            raise FormatError(
                f"unknown setting {key!r}",
                path=path,
                line=_line_of(path, key),
                mend=f"known: {', '.join(sorted(known))}, and the tables [check] and [prices]",
            )
        if not isinstance(value, str):
            raise FormatError(
                f"{key} must be a text in quotes, not {value!r}",
                path=path,
                line=_line_of(path, key),
                mend="quote it",
            )
        if not value and key != "judge":
            raise FormatError(
                f"{key} is empty", path=path, line=_line_of(path, key), mend="give it, or take the line out"
            )
    return Defaults(**data)


def init_workspace(root: Path) -> Workspace:
    """Make an empty workspace.

    Raises:
        WorkspaceError: the folder already holds one; nothing is touched.
    """
    if (root / CONFIG).exists():
        raise WorkspaceError(f"{root} is a workspace already", mend="go on in it, or choose another folder")
    for name in FOLDERS:
        make_folder(root / name)
    for name in PRIVATE_FOLDERS:
        ignore_folder(root, name)
    write_text(root / CONFIG, _CONFIG_TEXT)
    return read_workspace(root.resolve())


def copy_example(root: Path) -> Workspace:
    """Copy the example workspace that the package ships into a new folder.

    Raises:
        WorkspaceError: the folder exists and is not empty; nothing is touched.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceError(f"{root} exists and is not empty", mend="choose a new folder: `avenant demo OTHER-FOLDER`")
    workspace = init_workspace(root)
    example = resources.files("avenant") / "example"
    try:
        with resources.as_file(example) as source:
            shutil.copytree(source, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise FileError(
            f"cannot copy the example: {error}", path=root, mend="choose a folder you can write to"
        ) from error
    return workspace


def make_folder(path: Path) -> None:
    """Make a folder and those above it.

    Raises:
        FileError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"cannot make the folder: {error.strerror}", path=path, mend="choose a folder you can write to"
        ) from error


def ignore_folder(root: Path, name: str) -> None:
    """Keep a folder of a workspace out of git, since what lies in it carries the model's real name."""
    path = root / ".gitignore"
    known = read_text(path) if path.exists() else ""
    if f"{name}/" not in known.splitlines():
        known += "\n" if known and not known.endswith("\n") else ""
        write_text(path, known + ("" if _GITIGNORE in known else _GITIGNORE) + f"{name}/\n")


def _line_of(path: Path, key: str) -> int | None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.split("=")[0].strip().strip('"') == key:
            return number
    return None
