"""Prose quality, left to Vale (https://vale.sh) where it is installed: its alerts as findings at their lines.

Source: Vale's manual, "--output" and "Command line"; `cmd/vale/json.go` and `internal/core/alert.go` of its release 3.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avenant.amendments.amendment import Amendment, parse_amendment, split_front_matter
from avenant.check.finding import Finding, Flaw
from avenant.check.passage import Passage, find_passages
from avenant.check.registry import PROSE
from avenant.errors import FileError, FormatError
from avenant.files import read_text, write_text
from avenant.workspace import Workspace

_CONFIGS = (".vale.ini", "_vale.ini", "vale.ini", ".vale", "_vale")
"""Names that Vale gives its settings, in its order."""
_TIMEOUT_S = 300
_INSTALL = "pip install vale, or see https://vale.sh/docs/install"


@dataclass(frozen=True, slots=True)
class _Prose:
    """A text that Vale reads."""

    name: str
    """Of the file that Vale is given."""
    text: str
    draft: Amendment
    passage: Passage | None
    """The passage that it is; None where it is the draft's body, on the lines that it has there."""

    def line_in_draft(self, line: int) -> int:
        """Line of the draft for a line of the text, both from 1."""
        if self.passage is None:
            return line
        lines = self.text.split("\n")
        own = lines[min(line, len(lines)) - 1]
        # The indentation of a line in YAML is not that of its text.
        indent = len(own) - len(own.lstrip())
        return self.passage.line_at(sum(len(one) + 1 for one in lines[: line - 1]) + indent)


def find_prose_flaws(workspace: Workspace, paths: Iterable[Path]) -> list[Finding]:
    """What Vale finds in the sections and passages of drafts, under the settings of the workspace.

    Drafts that cannot be read are passed over: `check_amendments` says what is wrong with them.

    Args:
        workspace: where the drafts are; its `.vale.ini`, or one in a folder above it, names the styles.
        paths: the drafts' files; others are passed over.

    Raises:
        FileError: Vale is not installed, does not answer, or a draft cannot be read at all.
        FormatError: Vale finds fault with its settings.
    """
    program = shutil.which("vale")
    if program is None:
        raise FileError("Vale is not installed", mend=_INSTALL)
    texts = {prose.name: prose for path in paths for prose in _read_prose(path)}
    if not texts:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for prose in texts.values():
            write_text(Path(folder) / prose.name, prose.text)
        answer = _run(program, sorted(texts), Path(folder), _config(workspace.root))
    return [
        Finding.from_flaw(flaw, PROSE.id, PROSE.severity)
        for name, alerts in answer.items()
        # Vale may say the whole path for the name that it was given.
        for prose in [texts[f"amendments/{Path(name).name}"]]
        for flaw in _flaws(prose, alerts)
    ]


def _read_prose(path: Path) -> Iterator[_Prose]:
    """The body of a draft, with blank lines where its front matter was, and each passage of the front matter."""
    if path.suffix in (".yaml", ".yml"):
        return
    try:
        draft = parse_amendment(read_text(path), path)
    except FormatError:
        return
    _, body, body_line = split_front_matter(draft.source, path)
    # Under this folder's name, so that sections of the settings such as [amendments/*.md] hold.
    yield _Prose(f"amendments/{draft.slug}.md", "\n" * (body_line - 1) + body, draft, None)
    for number, passage in enumerate(find_passages(draft, {}), 1):
        if passage.edit.passage is not None:
            yield _Prose(f"amendments/{draft.slug}.passage-{number}.md", passage.text, draft, passage)


def _config(root: Path) -> Path | None:
    """The settings that hold for a workspace, as Vale itself would find them from there."""
    candidates = (folder / name for folder in (root, *root.parents) for name in _CONFIGS)
    return next((path for path in candidates if path.is_file()), None)


def _run(program: str, names: list[str], folder: Path, config: Path | None) -> Mapping[str, list[dict[str, Any]]]:
    """Vale's alerts by the file that they are in."""
    settings = [f"--config={config}"] if config else []
    try:
        done = subprocess.run(
            [program, "--output=JSON", *settings, *names],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        raise FileError(f"Vale does not answer: {error}", path=Path(program), mend="run `vale --version`") from error
    try:
        answer = json.loads(done.stdout if done.returncode in (0, 1) else done.stderr or done.stdout)
        if done.returncode in (0, 1):
            return {name: list(alerts) for name, alerts in answer.items()}
        problem = f"Vale: {answer['Text']}"
        path, line = Path(answer["Path"]) if answer.get("Path") else config, answer.get("Line")
    except (ValueError, KeyError, TypeError, AttributeError):
        said = (done.stderr or done.stdout).strip() or f"exit {done.returncode}, and no word"
        raise FileError(f"Vale did not answer in JSON: {said[:300]}", path=Path(program), mend=_INSTALL) from None
    mend = "correct Vale's settings" if config else "write .vale.ini beside avenant.toml: https://vale.sh/docs/vale-ini"
    raise FormatError(problem, path=path, line=line, mend=mend)


def _flaws(prose: _Prose, alerts: Iterable[dict[str, Any]]) -> Iterator[Flaw]:
    for alert in alerts:
        # To Vale the placeholder is a word that stands in no dictionary.
        if alert["Match"].removesuffix("’s").removesuffix("'s") != prose.draft.placeholder:
            problem = f"{alert['Check']}: {alert['Message']}"
            yield Flaw(prose.draft.path, prose.line_in_draft(alert["Line"]), problem, _mend(alert))


def _mend(alert: dict[str, Any]) -> str:
    action = alert.get("Action") or {}
    if action.get("Name") == "replace" and action.get("Params"):
        return f"write: {', '.join(action['Params'])}"
    return f"see {alert['Link']}" if alert.get("Link") else alert.get("Description") or ""
