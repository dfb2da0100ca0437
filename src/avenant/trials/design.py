"""Designing a trial: arms, blocks and protocol, all fixed before the first call."""

from __future__ import annotations

import datetime as dt
import random
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import Change, make_change
from avenant.amendments.place import Place, find_edit
from avenant.errors import FileError, TrialError
from avenant.files import read_text, sha256_text, write_text
from avenant.models import is_embedded, package_versions
from avenant.scenarios import Scenario, ScenarioFile, parse_scenarios
from avenant.specs.document import Span
from avenant.specs.library import Spec
from avenant.text import replace_name
from avenant.trials.cut import Cut, CutStyle, cut_document
from avenant.trials.passages import make_control, make_placebos
from avenant.trials.protocol import (
    LEVEL,
    MARGINS,
    PREAMBLE,
    SIDE_MARGINS,
    Outcome,
    Protocol,
    read_protocol,
    verdict_rule,
    write_protocol,
)

EMBEDDED_DOCUMENT_TOKENS = 500
"""A model of 135M parameters carries no more of a document than this."""
CONTROL_COUNT = 8
"""Scenarios on whose messages the positive control runs."""
BLUNT_COUNT = 12
"""Target scenarios on which the blunt rule runs."""

REPEAT_COUNT = 2
"""Scenarios whose scores are computed again."""

_PROTOCOL = "protocol.toml"
_SCENARIOS = "materials/scenarios.yaml"
_AMENDMENT = "materials/amendment.md"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chooses."""

    subject: str
    judge: str = ""
    outcome: Outcome | None = None
    """None: by judge where there is one, else by margin."""
    seed: int = 1
    block_size: int = 6
    """Scenarios in a block; a killed trial loses at most one block."""
    limit: int | None = None
    """Use only so many scenarios, drawn by the seed; None: all."""
    document_tokens: int | None = None
    """Longest document; None: what the subject takes."""
    cut: CutStyle | None = None
    """None: "before" for the embedded model, else "around"."""
    max_tokens: int | None = None
    """Longest reply; None: 60 for the embedded model, else 800."""
    margin: float | None = None
    """Smallest effect worth having; None: the outcome's default."""
    side_margin: float | None = None
    """Largest fall of side effects that is put up with; None: the outcome's default."""
    transcripts: int = 3
    """Scenarios for which a margin trial also writes replies."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A designed trial with its materials."""

    folder: Path
    protocol: Protocol
    scenarios: tuple[Scenario, ...]
    systems: Mapping[str, str]
    """System message of each arm; placebo texts are placebo-1, placebo-2, …"""

    def scenario(self, scenario_id: str) -> Scenario:
        """The scenario of an id that is in the protocol."""
        return next(s for s in self.scenarios if s.id == scenario_id)

    @property
    def logs(self) -> Path:
        """Folder of the Inspect logs."""
        return self.folder / "logs"

    def placebo_of(self, scenario_id: str) -> str:
        """Key of the placebo text that a scenario sees; they rotate in block order."""
        order = [one for block in self.protocol.blocks for one in block]
        count = sum(key.startswith("placebo") for key in self.systems)
        return f"placebo-{order.index(scenario_id) % count + 1}"


def design_trial(
    folder: Path,
    spec: Spec,
    amendment: Amendment,
    scenarios: ScenarioFile,
    options: Options,
    *,
    count_tokens: Callable[[str], int],
    context_tokens: int | None,
    now: dt.datetime,
) -> Trial:
    """Fix everything that decides a trial.

    Args:
        folder: where the trial will live; must not exist.
        spec: the document.
        amendment: the draft.
        scenarios: its scenarios.
        options: the user's choices.
        count_tokens: the subject's own count, or an estimate.
        context_tokens: the longest document that the subject takes; None: unknown, no limit.
        now: time of the design.

    Raises:
        AnchorError: the draft's anchor is not found exactly once.
        EditError: the draft has no passage.
        TrialError: the draft has several edits or moves words, a part is missing that this outcome needs, or nothing
            fits the subject.
    """
    outcome = _outcome(options)
    if scenarios.amendment not in ("", amendment.slug):
        raise TrialError(
            f"these scenarios are for {scenarios.amendment!r}, not for {amendment.slug!r}",
            path=scenarios.path,
            mend="give the amendment's own file, or correct its `amendment:`",
        )
    chosen = _choose(scenarios, outcome, options)
    place = _place(spec, amendment)
    passages = _passages(spec, amendment, scenarios, outcome, place, options.seed)
    budget = options.document_tokens or (EMBEDDED_DOCUMENT_TOKENS if is_embedded(options.subject) else context_tokens)
    if budget is not None:
        budget -= max(count_tokens(text) for text in passages.values())
    style: CutStyle = options.cut or ("before" if is_embedded(options.subject) else "around")
    shown = _whole_clause(spec, place)
    cut = cut_document(spec.document, shown, budget_tokens=budget, style=style, count_tokens=count_tokens)
    systems = {"baseline": _system(spec.document.text, cut, None)}
    for arm, passage in passages.items():
        change = make_change(spec.document, _place_of(arm, place, spec), passage)
        systems[arm] = _system(spec.document.text, cut, change)
    targets = [scenario for scenario in chosen if scenario.is_target]
    edit = _edit_range(spec.document.text, cut, place.span, len(systems["baseline"]))
    order = [scenario.id for scenario in chosen]
    blocks = [order[at : at + options.block_size] for at in range(0, len(order), options.block_size)]
    margin = MARGINS[outcome] if options.margin is None else options.margin
    side_margin = SIDE_MARGINS[outcome] if options.side_margin is None else options.side_margin
    section = spec.document.section_at(max(0, place.span.start - 1))
    protocol = Protocol(
        amendment=amendment.slug,
        title=amendment.title,
        spec=spec.id,
        spec_sha256=spec.manifest.sha256,
        amendment_sha256=sha256_text(amendment.source),
        scenarios_sha256=sha256_text(scenarios.source),
        section=" > ".join(section.path),
        subject=options.subject,
        judge=options.judge if outcome == "judge" else "",
        outcome=outcome,
        arms={arm: sha256_text(system) for arm, system in systems.items()},
        blocks=blocks,
        control_blocks=_spread(_families_first(chosen)[:CONTROL_COUNT], len(blocks)),
        blunt_blocks=_spread(_families_first(targets)[:BLUNT_COUNT], len(blocks)) if "blunt" in systems else [],
        transcripts=_families_first(chosen)[: options.transcripts] if outcome == "margin" else order,
        repeats=order[:REPEAT_COUNT] if outcome == "margin" else [],
        seed=options.seed,
        max_tokens=options.max_tokens or (60 if is_embedded(options.subject) else 800),
        is_whole=cut.is_whole,
        edit_start=edit.start,
        edit_end=edit.end,
        shown_from=spec.document.line(cut.span.start),
        shown_to=spec.document.line(max(cut.span.start, cut.span.end - 1)),
        document_tokens=count_tokens(systems["baseline"]),
        document_name=spec.manifest.subject,
        model_names=list(spec.model_names),
        placeholder=amendment.placeholder,
        canary=amendment.canary,
        margin=margin,
        side_margin=side_margin,
        level=LEVEL,
        rule=verdict_rule(outcome, margin, side_margin),
        command=_command(amendment.slug, options),
        versions=package_versions(),
        created=now.isoformat(timespec="seconds"),
    )
    return Trial(folder, protocol, tuple(chosen), systems)


def write_trial(trial: Trial, amendment: Amendment, scenarios: ScenarioFile) -> None:
    """Write protocol and materials; the protocol last, so that a trial without one never began.

    Raises:
        TrialError: the folder holds a trial already.
        FileError: it cannot be written.
    """
    if (trial.folder / _PROTOCOL).exists():
        raise TrialError(f"{trial.folder} holds a trial already", mend="go on with it: --resume")
    for arm, system in trial.systems.items():
        write_text(trial.folder / "materials" / f"{arm}.md", system)
    write_text(trial.folder / _SCENARIOS, scenarios.source)
    write_text(trial.folder / _AMENDMENT, amendment.source)
    write_protocol(trial.folder / _PROTOCOL, trial.protocol)


def read_trial(folder: Path) -> Trial:
    """Read a trial back from its folder, with all hashes checked.

    Raises:
        TrialError: not a trial, or its materials changed since the protocol was written.
    """
    path = folder / _PROTOCOL
    if not path.is_file():
        raise TrialError(f"{folder} is no trial: it has no {_PROTOCOL}", mend="`avenant try` makes one")
    protocol = read_protocol(path)
    try:
        systems = {arm: read_text(folder / "materials" / f"{arm}.md") for arm in protocol.arms}
        source = read_text(folder / _SCENARIOS)
        draft = read_text(folder / _AMENDMENT)
    except FileError as error:
        raise TrialError(f"the trial lacks a part of its materials: {error}", mend="run the trial again") from error
    changed = [arm for arm, system in systems.items() if sha256_text(system) != protocol.arms[arm]]
    changed = [f"materials/{arm}.md" for arm in changed]
    changed += [_SCENARIOS] * (sha256_text(source) != protocol.scenarios_sha256)
    changed += [_AMENDMENT] * (sha256_text(draft) != protocol.amendment_sha256)
    if changed:
        raise TrialError(
            f"{changed[0]} changed since the protocol was written",
            path=path,
            mend="restore it, or run the trial anew",
        )
    wanted = {one for block in protocol.blocks for one in block}
    parsed = parse_scenarios(source, folder / _SCENARIOS)
    return Trial(folder, protocol, tuple(s for s in parsed.scenarios if s.id in wanted), systems)


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


def _outcome(options: Options) -> Outcome:
    outcome: Outcome = options.outcome or ("judge" if options.judge else "margin")
    if outcome == "judge" and not options.judge:
        raise TrialError(
            "a judged trial needs a judge", mend="--judge PROVIDER/MODEL, of another family than the subject"
        )
    if outcome == "margin" and not is_embedded(options.subject):
        raise TrialError(
            f"{options.subject} does not tell the log-probabilities of given replies, so a judge has to grade",
            mend="--judge PROVIDER/MODEL, or --subject embedded/smollm2-135m-instruct",
        )
    return outcome


def _choose(file: ScenarioFile, outcome: Outcome, options: Options) -> list[Scenario]:
    usable = [s for s in file.scenarios if (s.wanted if outcome == "margin" else s.rubric)]
    lacking = "wanted and unwanted reply" if outcome == "margin" else "rubric"
    if left_out := len(file.scenarios) - len(usable):
        raise TrialError(
            f"{left_out} scenarios have no {lacking}",
            path=file.path,
            mend="add what is missing, or take these scenarios out",
        )
    if not any(s.is_target for s in usable) or all(s.is_target for s in usable):
        raise TrialError(
            "a trial needs scenarios of both kinds: target, and neighbour or far",
            path=file.path,
            mend="without target nothing can help; without the others no harm would show",
        )
    shuffled = list(usable)
    random.Random(options.seed).shuffle(shuffled)
    target = [s for s in shuffled if s.is_target]
    other = [s for s in shuffled if not s.is_target]
    if options.limit is not None:
        keep = min(max(1, round(options.limit * len(target) / len(shuffled))), options.limit - 1)
        target, other = target[:keep], other[: options.limit - keep]
    # Each block gets its share of both kinds, so that a trial that stops early still has both.
    ranked = [((at + 0.5) / len(kind), s.id, s) for kind in (target, other) for at, s in enumerate(kind)]
    return [scenario for *_, scenario in sorted(ranked, key=lambda item: item[:2])]


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


def _command(slug: str, options: Options) -> str:
    """The command line that designs the same trial from the same files."""
    words = ["avenant", "try", slug]
    for field in fields(options):
        value = getattr(options, field.name)
        if value != field.default and value not in (None, ""):
            words += [f"--{field.name.replace('_', '-')}", str(value)]
    return shlex.join(words)


def _families_first(scenarios: Sequence[Scenario]) -> list[str]:
    """Ids in an order that takes one scenario of each family before a second of any, targets first."""
    seen: dict[str, int] = {}
    ranked = []
    for index, scenario in enumerate(scenarios):
        turn = seen.get(scenario.family, 0)
        seen[scenario.family] = turn + 1
        ranked.append((turn, not scenario.is_target, index, scenario.id))
    return [scenario_id for *_, scenario_id in sorted(ranked)]


def _spread(items: list[str], count: int) -> list[list[str]]:
    return [items[index::count] for index in range(count)]
