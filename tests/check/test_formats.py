from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.check.finding import SEVERITIES, Check, Finding, Fix, Off, Shown
from avenant.check.formats import as_github, as_json, as_sarif
from avenant.check.registry import RULES

SCHEMA = json.loads((Path(__file__).parents[1] / "data/sarif-2.1.0.json").read_text(encoding="utf-8"))
TOP = Path("/repository")
DRAFT = TOP / "policy/amendments/ask first, né 50%.md"
SPEC = TOP / "policy/specs/atelier/2026-09-01.md"
FINDING = Finding(
    DRAFT,
    7,
    "anchor",
    "the quote “a, b: c” is not found",
    "copy it; 100% of it",
    "error",
    Fix(3, 9, "other"),
    (Shown(SPEC, 12, "see [?](#ask) and [x](y), “words”"),),
)
NOTE = Finding(DRAFT, 1, "none-held-out", "none of the 36 scenarios is held out", "", "note")
WARNING = Finding(DRAFT, 2, "missing-canary", "the scenario file has no canary", "add it", "warning")


def _sarif(*findings: Finding, turned_off: tuple[Finding, ...] = ()) -> Any:
    """The one run of a log, once the log has been held against the schema."""
    log = json.loads(as_sarif(Check(findings, turned_off), TOP, "0.1.0"))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    return run


def test_the_schema_tells_a_log_from_what_is_none() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    log = json.loads(as_sarif(Check((FINDING,), ()), TOP, "0.1.0"))
    log["runs"][0]["results"][0]["locations"][0]["line"] = 7
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(log)


def test_a_log_of_nothing_is_valid_and_lists_all_rules() -> None:
    run = _sarif()
    assert run["results"] == []
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]


def test_what_code_scanning_requires_of_a_rule_is_there() -> None:
    for rule, own in zip(_sarif()["tool"]["driver"]["rules"], RULES, strict=True):
        assert rule["defaultConfiguration"]["level"] == own.severity
        assert own.why[1:] in rule["fullDescription"]["text"]
        for part in ("shortDescription", "fullDescription"):
            assert 0 < len(rule[part]["text"]) <= 1024
            assert rule[part]["text"].endswith(".")
            assert "\n" not in rule[part]["text"]
        assert rule["help"]["text"]
        assert "**Instead:**" in rule["help"]["markdown"]
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


@pytest.mark.parametrize("finding", [FINDING, WARNING, NOTE], ids=SEVERITIES)
def test_a_result_names_rule_level_place_and_mend(finding: Finding) -> None:
    run = _sarif(finding)
    [result] = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
    assert result["level"] == finding.severity
    assert result["message"]["text"] == f"{finding.problem}; {finding.mend}".removesuffix("; ")
    [location] = result["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": finding.line}


def test_paths_are_relative_to_the_top_and_written_as_an_address() -> None:
    run = _sarif(FINDING)
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {
        "uri": "policy/amendments/ask%20first%2C%20n%C3%A9%2050%25.md",
        "uriBaseId": "%SRCROOT%",
    }
    assert TOP / unquote(place["uri"]) == DRAFT
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"], "no folder of this machine leaves it"


def test_a_file_outside_the_repository_has_a_whole_address() -> None:
    outside = Path("/elsewhere/né.md")
    place = _sarif(replace(NOTE, path=outside))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///elsewhere/n%C3%A9.md"}
    assert Path(unquote(urlsplit(place["uri"]).path)) == outside


def test_places_to_look_at_are_related_and_their_links_stay_words() -> None:
    [related] = _sarif(FINDING)["results"][0]["relatedLocations"]
    assert related["id"] == 0
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "policy/specs/atelier/2026-09-01.md"
    assert related["message"]["text"] == r"see \[?\](#ask) and \[x\](y), “words”"


@pytest.mark.parametrize(("is_in_file", "kind"), [(True, "inSource"), (False, "external")])
def test_what_is_turned_off_is_suppressed_with_its_reason(is_in_file: bool, kind: str) -> None:
    off = replace(WARNING, off=Off("it is a list", is_in_file))
    kept, suppressed = _sarif(FINDING, turned_off=(off,))["results"]
    assert "suppressions" not in kept
    assert suppressed["suppressions"] == [{"kind": kind, "justification": "it is a list"}]


def _fingerprints(*findings: Finding) -> list[str]:
    return [result["partialFingerprints"]["avenant/v1"] for result in _sarif(*findings)["results"]]


def test_a_finding_is_known_again_when_its_line_moves_and_only_then() -> None:
    [known] = _fingerprints(FINDING)
    assert _fingerprints(replace(FINDING, line=99, mend="another")) == [known]
    others = [replace(FINDING, problem="x"), replace(FINDING, rule="prose"), replace(FINDING, path=SPEC)]
    assert known not in _fingerprints(*others)
    twins = _fingerprints(FINDING, replace(FINDING, line=8))
    assert twins[0] == known != twins[1]


def test_json_has_every_field_and_leaves_out_what_is_turned_off() -> None:
    rows = json.loads(as_json(Check((FINDING, NOTE), (WARNING,))))
    assert rows == [
        {
            "path": str(DRAFT),
            "line": 7,
            "rule": "anchor",
            "severity": "error",
            "problem": FINDING.problem,
            "mend": FINDING.mend,
            "is_fixable": True,
            "shown": [{"path": str(SPEC), "line": 12, "words": FINDING.shown[0].words}],
        },
        {
            "path": str(DRAFT),
            "line": 1,
            "rule": "none-held-out",
            "severity": "note",
            "problem": NOTE.problem,
            "mend": "",
            "is_fixable": False,
        },
    ]


_COMMAND = re.compile(r"::(?P<name>[a-z]+) (?P<properties>[^:]*)::(?P<data>.*)")


def _read_command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it: properties are parted at commas, then unescaped.

    Source: actions/runner, `src/Runner.Common/ActionCommand.cs`.
    """
    match = _COMMAND.fullmatch(line)
    assert match is not None, line
    pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
    return match["name"], {key: _unescape(value) for key, value in pairs}, _unescape(match["data"])


def _unescape(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_github_reads_file_line_title_and_text() -> None:
    lines = as_github(Check((FINDING, WARNING, NOTE), ()), TOP).splitlines()
    read = [_read_command(line) for line in lines]
    file = "policy/amendments/ask first, né 50%.md"
    shown = "policy/specs/atelier/2026-09-01.md:12: see [?](#ask) and [x](y), “words”"
    assert read == [
        (
            "error",
            {"file": file, "line": "7", "title": "anchor"},
            f"the quote “a, b: c” is not found; copy it; 100% of it\n{shown}",
        ),
        ("warning", {"file": file, "line": "2", "title": "missing-canary"}, f"{WARNING.problem}; add it"),
        ("notice", {"file": file, "line": "1", "title": "none-held-out"}, NOTE.problem),
    ]


@given(st.text(st.sampled_from("a :,;%\r\n=“[]()é0AD25"), max_size=40))
def test_no_text_breaks_out_of_its_command_or_its_log(text: str) -> None:
    finding = Finding(TOP / f"x{text.replace(chr(13), '').replace(chr(10), '')}.md", 1, "prose", f"a{text}", "", "note")
    [line] = as_github(Check((finding,), ()), TOP).split("\n")[:-1]
    _, properties, data = _read_command(line)
    assert data == f"a{text}"
    assert TOP / properties["file"] == finding.path
    [result] = _sarif(finding)["results"]
    assert TOP / unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == finding.path
