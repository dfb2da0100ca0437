"""Findings as machines read them: JSON, SARIF 2.1.0 for code scanning, workflow commands for GitHub's annotations."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from avenant.check.finding import Check, Finding, Severity
from avenant.check.registry import RULES, RULES_BY_ID
from avenant.check.rule import Rule
from avenant.check.rule_page import read_page

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_TOP = "%SRCROOT%"
"""The usual name of the folder that relative paths begin at."""
_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
_PROBLEM_SEVERITY: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
"""Code scanning's own words."""
_LINK = re.compile(r"\[([^\[\]]*)\]\(")


def as_json(check: Check) -> str:
    """The findings as a list of objects; those that are turned off are left out."""
    rows = [_row(finding) for finding in check.findings]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def as_sarif(check: Check, top: Path, version: str) -> str:
    """The findings as a SARIF log; those that are turned off are marked as suppressed, with the reason.

    Sources: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020; GitHub, "SARIF support for
    code scanning", for what it shows and needs.

    Args:
        check: what was found.
        top: the folder from which paths are given; for code scanning the top of the repository.
        version: Avenant's.
    """
    findings = [*check.findings, *check.turned_off]
    driver = {"name": "Avenant", "semanticVersion": version, "rules": [_descriptor(rule) for rule in RULES]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
        "results": [
            _result(finding, top, fingerprint)
            for finding, fingerprint in zip(findings, _fingerprints(findings, top), strict=True)
        ],
    }
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def as_github(check: Check, top: Path) -> str:
    """The findings as workflow commands, which GitHub shows beside the lines of a pull request.

    Source: GitHub, "Workflow commands for GitHub Actions"; what is escaped is what its toolkit escapes.

    Args:
        check: what was found.
        top: the folder from which paths are given: the top of the repository.
    """
    lines = []
    for finding in check.findings:
        shown = (f"{_relative(one.path, top)}:{one.line}: {one.words}" for one in finding.shown)
        text = _data("\n".join([_sentence(finding), *shown]))
        place = f"file={_property(_relative(finding.path, top))},line={finding.line}"
        lines.append(f"::{_GITHUB[finding.severity]} {place},title={_property(finding.rule)}::{text}")
    return "".join(f"{line}\n" for line in lines)


def _row(finding: Finding) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": str(finding.path),
        "line": finding.line,
        "rule": finding.rule,
        "severity": finding.severity,
        "problem": finding.problem,
        "mend": finding.mend,
        "is_fixable": finding.fix is not None,
    }
    shown = [{"path": str(one.path), "line": one.line, "words": one.words} for one in finding.shown]
    return row | ({"shown": shown} if shown else {})


def _descriptor(rule: Rule) -> dict[str, Any]:
    page = read_page(rule)
    why = f"{rule.why[0].upper()}{rule.why[1:]}."
    return {
        "id": rule.id,
        "shortDescription": {"text": page.fault},
        "fullDescription": {"text": f"{page.fault} {why}"},
        "help": {"text": rule.page or why, "markdown": page.rest or why},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"problem.severity": _PROBLEM_SEVERITY[rule.severity]},
    }


def _result(finding: Finding, top: Path, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": RULES.index(RULES_BY_ID[finding.rule]),
        "level": finding.severity,
        "message": _message(_sentence(finding)),
        "locations": [_location(finding.path, finding.line, top)],
        "partialFingerprints": {"avenant/v1": fingerprint},
    }
    if finding.shown:
        result["relatedLocations"] = [
            {"id": number, **_location(one.path, one.line, top), "message": _message(one.words)}
            for number, one in enumerate(finding.shown)
        ]
    if finding.off is not None:
        kind = "inSource" if finding.off.is_in_file else "external"
        result["suppressions"] = [{"kind": kind, "justification": finding.off.reason}]
    return result


def _location(path: Path, line: int, top: Path) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path, top), "region": {"startLine": line}}}


def _artifact(path: Path, top: Path) -> dict[str, str]:
    relative = _relative(path, top)
    if Path(relative).is_absolute():
        return {"uri": Path(relative).as_uri()}
    return {"uri": quote(relative), "uriBaseId": _TOP}


def _fingerprints(findings: Iterable[Finding], top: Path) -> Iterable[str]:
    """What a finding is known by when its line has moved: file, rule and problem, and which of its like it is."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        key = (_relative(finding.path, top), finding.rule, finding.problem)
        seen[key] += 1
        yield hashlib.sha256("\n".join((*key, str(seen[key]))).encode()).hexdigest()[:16]


def _sentence(finding: Finding) -> str:
    return f"{finding.problem}; {finding.mend}" if finding.mend else finding.problem


def _message(text: str) -> dict[str, str]:
    """A message of SARIF, in which `[words](target)` would be a link of its own."""
    return {"text": _LINK.sub(r"\\[\1\\](", text)}


def _relative(path: Path, top: Path) -> str:
    path, top = path.resolve(), top.resolve()
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
