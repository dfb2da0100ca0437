"""Mending what needs no judgement, and only where the draft is sounder for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from avenant.check.engine import check_amendments
from avenant.check.finding import Check, Finding, Fix
from avenant.files import read_text
from avenant.workspace import Workspace

_MOST_ROUNDS = 20
"""A mend may uncover another one, and of mends that reach into each other one is made in a round."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did, with nothing written yet."""

    texts: dict[Path, str]
    """New text of each file that changes."""
    findings: tuple[Finding, ...]
    """What was mended."""
    check: Check
    """What the rules find afterwards."""


def mend_amendments(workspace: Workspace, paths: Sequence[Path]) -> Mended:
    """Make every mechanical mend in drafts and their scenario files.

    A file's mends are dropped, all of them, where they would leave it with an error that it did not have.

    Args:
        workspace: where the drafts and their documents are.
        paths: the drafts' files.
    """
    texts: dict[Path, str] = {}
    mended: list[Finding] = []
    dropped: set[Path] = set()
    check = check_amendments(workspace, paths)
    for _ in range(_MOST_ROUNDS):
        fixable = [one for one in check.findings if one.fix is not None and one.path not in dropped]
        if not fixable:
            break
        tried = dict(texts)
        done: list[Finding] = []
        for path in dict.fromkeys(finding.path for finding in fixable):
            source = texts.get(path) if path in texts else read_text(path)
            assert source is not None
            chosen = _apart(finding for finding in fixable if finding.path == path)
            tried[path] = _apply(source, [finding.fix for finding in chosen if finding.fix])
            done += chosen
        after = check_amendments(workspace, paths, texts=tried)
        worse = {path for path in tried if _errors(after, path) - _errors(check, path)}
        if worse:
            dropped |= worse
            continue
        texts, check = tried, after
        mended += done
    return Mended(texts, tuple(mended), check)


def _errors(check: Check, path: Path) -> set[tuple[str, str]]:
    return {(one.rule, one.problem) for one in check.findings if one.path == path and one.severity == "error"}


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose fixes do not reach into each other, the first of each clash."""
    chosen: list[Finding] = []
    end = -1
    for finding in sorted(findings, key=lambda one: (one.fix.start, one.fix.end) if one.fix else (0, 0)):
        if finding.fix is not None and finding.fix.start >= end:
            chosen.append(finding)
            # An insertion must not be made twice at one place.
            end = max(finding.fix.end, finding.fix.start + 1)
    return chosen


def _apply(source: str, fixes: Sequence[Fix]) -> str:
    for fix in sorted(fixes, reverse=True):
        source = source[: fix.start] + fix.text + source[fix.end :]
    return source
