"""What a scan found, as findings of the rules that it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from avenant.check.finding import Check, Finding, Flaw, Off
from avenant.check.registry import RULES_BY_ID
from avenant.check.switches import Switch, find_switches
from avenant.check.veil import veil, veil_names
from avenant.errors import FileError, FormatError
from avenant.files import read_text
from avenant.publish.leak import Leak
from avenant.publish.scan import Scan
from avenant.text import split_lines
from avenant.workspace import CONFIG

_MODEL_ID = re.compile(r"\s*(?:subject|judge)\s*=")
_NAME_PLACE = "name of the file or folder"


def make_check(scan: Scan, folder: Path, names: tuple[str, ...]) -> Check:
    """Each leak, each draft without a canary and each unread file as a finding, the names in it veiled.

    Comments in the files turn findings off as in drafts. The settings of a workspace may name a subject and a judge.

    Args:
        scan: of the folder.
        folder: the folder that was scanned.
        names: the names that were looked for.
    """
    kept, turned_off = [], []
    switches: dict[str, list[Switch]] = {}
    for leak in scan.leaks:
        rule = "name-in-file-name" if leak.where == _NAME_PLACE else "model-name"
        rule = "disguised-name" if leak.disguise and rule == "model-name" else rule
        path, line = folder / leak.path, leak.line or 1
        finding = _finding(rule, Flaw(path, line, _problem(leak, names), _mend(leak)))
        if leak.is_in_history or leak.line is None:
            kept.append(finding)
            continue
        if leak.path not in switches:
            text = _read(path)
            switches[leak.path] = find_switches(text, path) + _settings_switches(text, path)
        off = next((one for one in switches[leak.path] if one.reason and one.covers(rule, line)), None)
        if off is None:
            kept.append(finding)
        else:
            turned_off.append(replace(finding, off=Off(off.reason, is_in_file=True)))
    return Check(tuple(sorted({*kept, *_other_findings(scan, folder)})), tuple(sorted(set(turned_off))))


def _other_findings(scan: Scan, folder: Path) -> Iterator[Finding]:
    for one in scan.uncovered:
        where = f" ({one.where})" if one.where else ""
        problem = f"this carries words of the draft {one.slug} and no canary{where}"
        mend = "add the draft's canary: a line that says `canary` and has its GUID"
        yield _finding("missing-canary", Flaw(folder / one.path, 1, problem, mend))
    for unread in scan.unread:
        where = f"{unread.where}: " if unread.where else ""
        problem = f"this could not be read: {where}{unread.reason}"
        yield _finding("unread-file", Flaw(folder / unread.path, 1, problem, "look into it, or leave it out"))


def _read(path: Path) -> str:
    """A file's text for its comments; those of a file that is no text turn nothing off."""
    try:
        return read_text(path)
    except (FileError, FormatError):
        return ""


def _settings_switches(text: str, path: Path) -> list[Switch]:
    """The lines of a workspace's settings that name the model under test and the judge."""
    reason = "the id of a model to try a draft on says nothing of how models behave"
    lines = enumerate(split_lines(text), 1) if path.name == CONFIG else ()
    return [
        Switch(path, number, ("model-name",), reason, number, number) for number, line in lines if _MODEL_ID.match(line)
    ]


def _finding(rule: str, flaw: Flaw) -> Finding:
    return Finding.from_flaw(flaw, rule, RULES_BY_ID[rule].severity)


def _problem(leak: Leak, names: tuple[str, ...]) -> str:
    where = ", ".join(part for part in (leak.record, leak.where) if part and part != _NAME_PLACE)
    place = "stands in the name of the file or folder" if leak.where == _NAME_PLACE else "stands here"
    disguise = f" in disguise: {leak.disguise}" if leak.disguise else ""
    times = f", {leak.count} times" if leak.count > 1 else ""
    excerpt = "" if leak.where == _NAME_PLACE else f": {veil_names(leak.excerpt, names)}"
    shown = veil_names(where, names)
    return f"a model's real name {place} ({veil(leak.name)}{times}){disguise}{f' ({shown})' * bool(shown)}{excerpt}"


def _mend(leak: Leak) -> str:
    if leak.is_in_history:
        return "git's history keeps it: publish a fresh repository, or rewrite the history with git filter-repo"
    if leak.where == _NAME_PLACE:
        return "rename it"
    return "write the placeholder, or leave the file out"
