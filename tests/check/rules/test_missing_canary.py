from __future__ import annotations

import pytest

from avenant.check.fix import mend_amendments
from avenant.check.rules.missing_canary import find_missing_canary
from avenant.scenarios import parse_scenarios
from avenant.workspace import Workspace
from tests.amendments.drafts import CANARY
from tests.check.scenario_files import SCENARIOS, find_in, make_scenario, make_tried_draft

LIST = "scenarios:\n  - id: one\n    family: f\n    battery: far\n    messages: [{user: hello}]\n    rubric: kind\n"
LINE = f"canary: {CANARY}"


def _mended(source: str) -> str | None:
    """The source after the fix; None where there is none."""
    [flaw] = find_missing_canary(make_tried_draft(source))
    assert flaw.problem == "the scenario file has no canary"
    assert flaw.mend == f"add `canary: {CANARY}`, the amendment's own"
    if flaw.fix is None:
        return None
    mended = source[: flaw.fix.start] + flaw.fix.text + source[flaw.fix.end :]
    parsed, before = parse_scenarios(mended, SCENARIOS), parse_scenarios(source, SCENARIOS)
    assert parsed.canary == CANARY
    assert (parsed.amendment, parsed.scenarios) == (before.amendment, before.scenarios)
    return mended


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        (f"amendment: ask-first\n{LIST}", f"amendment: ask-first\n{LINE}\n{LIST}"),
        (f"amendment: ask-first  # mine\n\n{LIST}", f"amendment: ask-first  # mine\n{LINE}\n\n{LIST}"),
        (f"blunt: x\namendment: 'ask-first'\n{LIST}", f"blunt: x\namendment: 'ask-first'\n{LINE}\n{LIST}"),
        (f"{LIST}amendment: ask-first", f"{LIST}amendment: ask-first\n{LINE}"),
        (LIST, f"{LINE}\n{LIST}"),
        (f"# What this is\n\n---\n{LIST}", f"# What this is\n\n---\n{LINE}\n{LIST}"),
        (f"%YAML 1.1\n---\n{LIST}", f"%YAML 1.1\n---\n{LINE}\n{LIST}"),
        (f"amendment: >-\n  ask-first\n{LIST}", f"{LINE}\namendment: >-\n  ask-first\n{LIST}"),
        (f"amendment:\n\n  ask-first\n{LIST}", f"{LINE}\namendment:\n\n  ask-first\n{LIST}"),
        (f"amendment: ask-first\ncanary:\n{LIST}", f"amendment: ask-first\n{LINE}\n{LIST}"),
        (f"canary:  # to do\n{LIST}", f"{LINE}  # to do\n{LIST}"),
        (f'"canary": null\n{LIST}', f"{LINE}\n{LIST}"),
        (f"canary: ~\n{LIST}", f"{LINE}\n{LIST}"),
    ],
)
def test_the_fix_adds_the_amendments_canary_and_nothing_else(source: str, mended: str) -> None:
    assert _mended(source) == mended


def test_the_fix_keeps_the_files_line_ends() -> None:
    source = f"amendment: ask-first\n{LIST}".replace("\n", "\r\n")
    assert _mended(source) == f"amendment: ask-first\n{LINE}\n{LIST}".replace("\n", "\r\n")


@pytest.mark.parametrize(
    "source",
    [
        "{scenarios: [{id: a, family: f, battery: far, messages: [{user: hello}], rubric: kind}]}\n",
        f"canary:\n  ~\n{LIST}",
        f"? canary\n: ~\n{LIST}",
    ],
)
def test_a_file_of_another_shape_is_found_and_left_to_its_author(source: str) -> None:
    assert _mended(source) is None


def test_a_file_with_a_canary_of_its_own_is_no_fault() -> None:
    own = "00000000-1111-4222-8333-444444444444"
    assert find_in(find_missing_canary, make_scenario("one"), canary=own) == []


def test_check_fix_mends_the_scenario_file_of_a_draft(example: Workspace) -> None:
    path = example.folder("scenarios") / "mark-opinions.yaml"
    whole = path.read_text(encoding="utf-8")
    lines = [line for line in whole.splitlines(keepends=True) if not line.startswith("canary:")]
    path.write_text("".join(lines), encoding="utf-8")
    mended = mend_amendments(example, [example.folder("amendments") / "mark-opinions.md"])
    assert mended.texts == {path: whole}
    assert [finding.rule for finding in mended.findings] == ["missing-canary"]
