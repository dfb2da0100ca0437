"""Avenant as one of the tools: an amendment's file, re-anchored to the new release and applied there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from anchors_cases import Case

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.errors import AvenantError
from avenant.specs.library import Manifest, Spec
from avenant.specs.parse import parse_document

if TYPE_CHECKING:
    from avenant.amendments.rebase import Rebased

NAME = "avenant"
_CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"
_PLACEHOLDER = "Clément"


@dataclass(frozen=True, slots=True)
class Carried:
    """What Avenant did with one amendment."""

    result: str | None
    """The new release with the amendment in it; None where it refused."""
    fate: str
    """The edit's fate, or "error" where it could not be re-anchored or not be applied after it was."""
    candidates: tuple[tuple[int, int], ...]
    """Start and end of each clause that was offered to the author of a lost edit."""
    note: str
    """The error, where there was one."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How long re-anchoring took."""

    anchors: int
    parsing_s: float
    """Seconds to parse the two releases."""
    rebasing_s: float
    """Seconds to align them and to re-anchor all the amendments."""


def has_rebase() -> bool:
    """Whether this version of Avenant can re-anchor."""
    return find_spec("avenant.amendments.rebase") is not None


def make_spec(text: str, version: str) -> Spec:
    """A release as if it had been taken in."""
    manifest = Manifest("Model Spec", "the assistant", (), "CC0-1.0", "model_spec.md", "0" * 64, "2026-01-01")
    return Spec(f"openai/{version}", Path("model_spec.md"), manifest, parse_document(text, f"openai/{version}"))


def make_amendment(case: Case, version: str) -> Amendment:
    """The file that an author would have written for a case."""
    anchor = {"section": case.section, "quote": case.quote, "prefix": case.prefix, "suffix": case.suffix}
    front = {
        "title": "A simulated amendment",
        "spec": f"openai/{version}",
        "placeholder": _PLACEHOLDER,
        "canary": _CANARY,
        "edits": [{case.action: {key: words for key, words in anchor.items() if words}}],
    }
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    return parse_amendment(f"---\n{head}---\n\n## Passage\n\n{case.passage}\n", Path("simulated.md"))


def carry_all(cases: Sequence[Case], old: tuple[str, str], new: tuple[str, str]) -> tuple[list[Carried], Speed]:
    """Re-anchor and apply each case's amendment; the speed is that of the insertions, which go first.

    Args:
        cases: the amendments of the old release.
        old: version and text of the release that they were written for.
        new: version and text of the later one.
    """
    drafts = {case: make_amendment(case, old[0]) for case in cases}
    insertions = [case for case in cases if case.action == "insert-after"]
    started = time.perf_counter()
    old_spec, new_spec = make_spec(old[1], old[0]), make_spec(new[1], new[0])
    parsed = time.perf_counter()
    rebased = {case: _rebased(drafts[case], old_spec, new_spec) for case in insertions}
    speed = Speed(len(insertions), parsed - started, time.perf_counter() - parsed)
    rebased |= {case: _rebased(drafts[case], old_spec, new_spec) for case in cases if case not in rebased}
    return [_applied(rebased[case], new_spec) for case in cases], speed


def _rebased(draft: Amendment, old: Spec, new: Spec) -> Rebased | AvenantError:
    from avenant.amendments.rebase import rebase_amendment

    try:
        return rebase_amendment(draft, old, new)
    except AvenantError as error:
        return error


def _applied(rebased: Rebased | AvenantError, new: Spec) -> Carried:
    from avenant.amendments.apply import apply_amendment

    if isinstance(rebased, AvenantError):
        return Carried(None, "error", (), str(rebased))
    edit = rebased.edits[0]
    if rebased.amendment is None:
        return Carried(None, edit.fate, tuple((span.start, span.end) for span in edit.candidates), "")
    try:
        return Carried(apply_amendment(new, rebased.amendment), edit.fate, (), "")
    except AvenantError as error:
        return Carried(None, "error", (), str(error))
