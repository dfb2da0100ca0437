"""The arms: what stands in each arm's system message, the same document but for the words in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import Change, make_change
from avenant.amendments.place import Place, find_edit
from avenant.errors import TrialError
from avenant.scenarios import ScenarioFile
from avenant.specs.document import Span
from avenant.specs.library import Spec
from avenant.text import replace_name
from avenant.trials.cut import Cut, CutStyle, cut_document
from avenant.trials.passages import make_control, make_placebos
from avenant.trials.protocol import PREAMBLE, Outcome


@dataclass(frozen=True, slots=True)
class Arms:
    """The system messages of a trial, and which part of the document they show."""

    systems: Mapping[str, str]
    """System message of each arm; placebo texts are placebo-1, placebo-2, …"""
    cut: Cut
    edit: Span
    """The edited place in the baseline's system message; empty for an insertion."""
    section: tuple[str, ...]
    """Heading path of the place."""


def make_arms(
    spec: Spec,
    amendment: Amendment,
    scenarios: ScenarioFile,
    outcome: Outcome,
    *,
    seed: int,
    budget_tokens: int | None,
    style: CutStyle,
    count_tokens: Callable[[str], int],
) -> Arms:
    """The system message of every arm.

    Args:
        spec: the document.
        amendment: the draft.
        scenarios: its scenarios, with the passages that only its author can write.
        outcome: what is measured.
        seed: of the placebos.
        budget_tokens: the longest document with its passage; None: no limit.
        style: what is kept of a document that is longer.
        count_tokens: the subject's own count, or an estimate.

    Raises:
        AnchorError: the draft's anchor is not found exactly once.
        EditError: the draft has no passage.
        TrialError: the draft has several edits or moves words, a passage is missing that this outcome needs, or nothing
            fits.
    """
    place = _place(spec, amendment)
    passages = _passages(spec, amendment, scenarios, outcome, place, seed)
    if budget_tokens is not None:
        budget_tokens -= max(count_tokens(text) for text in passages.values())
    shown = _whole_clause(spec, place)
    cut = cut_document(spec.document, shown, budget_tokens=budget_tokens, style=style, count_tokens=count_tokens)
    systems = {"baseline": _system(spec.document.text, cut, None)}
    for arm, passage in passages.items():
        change = make_change(spec.document, _place_of(arm, place, spec), passage)
        systems[arm] = _system(spec.document.text, cut, change)
    edit = _edit_range(spec.document.text, cut, place.span, len(systems["baseline"]))
    section = spec.document.section_at(max(0, place.span.start - 1))
    return Arms(systems, cut, edit, section.path)


def _place(spec: Spec, amendment: Amendment) -> Place:
    """Where the passage goes: a trial is of one passage in one place, since every arm puts its own words there."""
    [edit, *more] = amendment.edits
    if more or edit.action == "move":
        raise TrialError(
            f"a trial tries one passage in one place; this amendment has {len(amendment.edits)} edits"
            if more
            else "a trial tries words that are added, replaced or taken out, not words that move",
            path=amendment.path,
            line=(more or [edit])[0].line,
            mend="try the edits apart, each as an amendment of its own",
        )
    return find_edit(spec, amendment, edit).place


def _passages(
    spec: Spec, amendment: Amendment, scenarios: ScenarioFile, outcome: Outcome, place: Place, seed: int
) -> dict[str, str]:
    name = spec.manifest.subject
    if outcome == "margin" and not scenarios.inverted:
        raise TrialError(
            "a trial by log-probability needs the inverted passage, since mere mention moves the numbers",
            path=scenarios.path,
            mend="add `inverted: |` with the passage's own words and the opposite instruction",
        )
    if outcome == "margin" and bool(scenarios.blunt) != bool(scenarios.inverted_blunt):
        raise TrialError(
            "only one of blunt and inverted-blunt",
            path=scenarios.path,
            mend="add the other: by log-probability only the difference of the two can be read",
        )
    if not place.is_insertion and not scenarios.placebos:
        raise TrialError(
            f"a placebo for an edit that takes words out ({amendment.edits[0].action}) has to be written",
            path=scenarios.path,
            mend="add `placebos:` with texts that say the same as the words taken out, in other words",
        )
    control = make_control(name)
    passage = amendment.passage_of(amendment.edits[0])
    placebos = scenarios.placebos or make_placebos(passage, seed=seed)
    texts = {"amended": passage} | {f"placebo-{index}": text for index, text in enumerate(placebos, 1)}
    if outcome == "margin":
        texts["inverted"] = scenarios.inverted
        texts["inverted-control"] = control.inverted
    texts["control"] = control.rule
    if scenarios.blunt:
        texts["blunt"] = scenarios.blunt
        if outcome == "margin":
            texts["inverted-blunt"] = scenarios.inverted_blunt
    return {arm: replace_name(text, amendment.placeholder, name) for arm, text in texts.items()}


def _place_of(arm: str, place: Place, spec: Spec) -> Place:
    """Control and blunt rule stand on their own: where the edit takes words out, they go below them."""
    if place.is_insertion or not ("control" in arm or "blunt" in arm):
        return place
    clause = spec.document.clause_at(place.span.end - 1)
    end = clause.span.end if clause else place.span.end
    return replace(place, span=Span(end, end), kind="paragraph")


def _system(text: str, cut: Cut, change: Change | None) -> str:
    if change is None:
        shown = text[cut.span.start : cut.span.end]
    else:
        end = max(cut.span.end, change.span.end)
        shown = text[cut.span.start : change.span.start] + change.text + text[change.span.end : end]
    return PREAMBLE + shown.strip()


def _edit_range(text: str, cut: Cut, place: Span, length: int) -> Span:
    """The edited place in the baseline's system message, whose ends are stripped."""
    shown = text[cut.span.start : cut.span.end]
    offset = len(PREAMBLE) - cut.span.start - (len(shown) - len(shown.lstrip()))
    return Span(min(length, max(len(PREAMBLE), place.start + offset)), min(length, place.end + offset))


def _whole_clause(spec: Spec, place: Place) -> Span:
    """Words that are taken out are shown with the rest of their clause."""
    clause = None if place.is_insertion else spec.document.clause_at(place.span.start)
    return place.span if clause is None else clause.span
