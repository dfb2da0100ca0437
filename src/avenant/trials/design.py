"""Designing a trial: arms, blocks and protocol, all fixed before the first call."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType

from avenant.amendments.amendment import Amendment
from avenant.errors import FileError, TrialError, shown_path
from avenant.files import read_text, sha256_text, write_text
from avenant.models import is_embedded, package_versions
from avenant.prices import Price
from avenant.scenarios import Scenario, ScenarioFile, hash_scenarios, packed_path, read_battery_files
from avenant.specs.library import Spec
from avenant.trials.arms import make_arms
from avenant.trials.cut import CutStyle
from avenant.trials.order import Screen, families_first, order_scenarios
from avenant.trials.protocol import (
    LEVEL,
    MARGINS,
    SIDE_MARGINS,
    Outcome,
    Protocol,
    Stopping,
    read_protocol,
    verdict_rule,
    write_protocol,
)

EMBEDDED_DOCUMENT_TOKENS = 500
"""A model of 135M parameters carries no more of a document than this."""

BATCH_PROVIDERS = ("anthropic/", "openai/")
"""Providers whose batch mode costs half; a trial uses it for all its models or for none."""

REPEAT_COUNT = 2
"""Scenarios whose scores are computed again."""

_PROTOCOL = "protocol.toml"
_SCENARIOS = "materials/scenarios.yaml"
_AMENDMENT = "materials/amendment.md"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chooses."""

    subject: str
    judges: tuple[str, ...] = ()
    outcome: Outcome | None = None
    """None: by judge where there is one, else by margin."""
    stopping: Stopping | None = None
    """None: by the number and size of the target families."""
    seed: int = 1
    block_size: int | None = None
    """Scenarios in a block; None: what suits the stopping rule."""
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
    replies: int = 1
    """Replies to each scenario in each arm."""
    screen: Screen = "few"
    """How many target scenarios a sequential trial screens for headroom before its blocks."""
    budget_usd: float | None = None
    """Most that the run may spend, in dollars; None: no limit."""
    budget_tokens: int | None = None
    """Most tokens, of prompts and replies together, that the run may use; None: no limit."""
    batch: bool = False
    """Whether the providers' batch mode is used."""
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
    packed: frozenset[str] = frozenset()
    """Scenarios that the author of the passage has not seen and is not to see in a report."""

    def scenario(self, scenario_id: str) -> Scenario:
        """The scenario of an id that is in the protocol."""
        return next(s for s in self.scenarios if s.id == scenario_id)

    @property
    def logs(self) -> Path:
        """Folder of the Inspect logs."""
        return self.folder / "logs"

    def added_words(self, arm: str) -> str:
        """What an arm has in the place of the edit.

        Args:
            arm: key of a system message.
        """
        system, baseline = self.systems[arm], self.systems["baseline"]
        tail = len(baseline) - self.protocol.edit_end
        return system[self.protocol.edit_start : len(system) - tail].strip("\n")

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
    prices: Mapping[str, Price] = MappingProxyType({}),
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
        prices: what the models cost, where it is known.

    Raises:
        AnchorError: the draft's anchor is not found exactly once.
        EditError: the draft has no passage.
        TrialError: the draft has several edits or moves words, a part is missing that this outcome needs, or nothing
            fits the subject.
    """
    outcome = _outcome(options)
    _check_options(options, outcome)
    if scenarios.amendment not in ("", amendment.slug):
        raise TrialError(
            f"these scenarios are for {scenarios.amendment!r}, not for {amendment.slug!r}",
            path=scenarios.path,
            mend="give the amendment's own file, or correct its `amendment:`",
        )
    order = order_scenarios(
        scenarios,
        outcome,
        seed=options.seed,
        limit=options.limit,
        block_size=options.block_size,
        stopping=options.stopping,
        screen=options.screen,
        has_blunt=bool(scenarios.blunt),
    )
    is_small = is_embedded(options.subject)
    arms = make_arms(
        spec,
        amendment,
        scenarios,
        outcome,
        seed=options.seed,
        budget_tokens=options.document_tokens or (EMBEDDED_DOCUMENT_TOKENS if is_small else context_tokens),
        style=options.cut or ("before" if is_small else "around"),
        count_tokens=count_tokens,
    )
    cut, systems = arms.cut, arms.systems
    margin = MARGINS[outcome] if options.margin is None else options.margin
    side_margin = SIDE_MARGINS[outcome] if options.side_margin is None else options.side_margin
    ids = [scenario.id for scenario in order.scenarios]
    protocol = Protocol(
        amendment=amendment.slug,
        title=amendment.title,
        spec=spec.id,
        spec_sha256=spec.manifest.sha256,
        amendment_sha256=sha256_text(amendment.source),
        scenarios_sha256=scenarios.sha256,
        section=" > ".join(arms.section),
        subject=options.subject,
        judges=list(options.judges) if outcome != "margin" else [],
        outcome=outcome,
        arms={arm: sha256_text(system) for arm, system in systems.items()},
        stopping=order.stopping,
        scenarios={scenario.id: _scenario_hash(scenario) for scenario in order.scenarios},
        replies=options.replies,
        budget=_budget(options),
        prices={
            name: [price.input, price.output, price.cache_read, price.cache_write] for name, price in prices.items()
        },
        is_batch=options.batch,
        blocks=order.blocks,
        baseline=order.baseline,
        checks=order.checks,
        screen=order.screen,
        sets_aside=options.screen == "all" and bool(order.screen),
        assay=order.assay,
        control_blocks=order.control_blocks,
        blunt_blocks=order.blunt_blocks,
        transcripts=families_first(order.scenarios)[: options.transcripts] if outcome == "margin" else ids,
        repeats=ids[:REPEAT_COUNT] if outcome == "margin" else [],
        seed=options.seed,
        max_tokens=options.max_tokens or (60 if is_small else 800),
        is_whole=cut.is_whole,
        edit_start=arms.edit.start,
        edit_end=arms.edit.end,
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
        rule=verdict_rule(outcome, margin, side_margin, order.stopping),
        command=_command(amendment.slug, options, outcome, scenarios.path),
        versions=package_versions(),
        created=now.isoformat(timespec="seconds"),
    )
    # In the file's order, as they are read back: whoever draws from them then draws the same.
    chosen = tuple(scenario for scenario in scenarios.scenarios if scenario.id in protocol.scenarios)
    return Trial(folder, protocol, chosen, systems, frozenset(scenarios.packed_ids))


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
    if scenarios.packed:
        write_text(packed_path(trial.folder / _SCENARIOS), scenarios.packed)
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
        beside = packed_path(folder / _SCENARIOS)
        packed = read_text(beside) if beside.is_file() else ""
        draft = read_text(folder / _AMENDMENT)
    except FileError as error:
        raise TrialError(f"the trial lacks a part of its materials: {error}", mend="run the trial again") from error
    changed = [arm for arm, system in systems.items() if sha256_text(system) != protocol.arms[arm]]
    changed = [f"materials/{arm}.md" for arm in changed]
    changed += [_SCENARIOS] * (hash_scenarios(source, packed) != protocol.scenarios_sha256)
    changed += [_AMENDMENT] * (sha256_text(draft) != protocol.amendment_sha256)
    if changed:
        raise TrialError(
            f"{changed[0]} changed since the protocol was written",
            path=path,
            mend="restore it, or run the trial anew",
        )
    wanted = {one for block in protocol.blocks for one in block}
    parsed = read_battery_files(folder / _SCENARIOS)
    chosen = tuple(scenario for scenario in parsed.scenarios if scenario.id in wanted)
    return Trial(folder, protocol, chosen, systems, frozenset(parsed.packed_ids))


def _outcome(options: Options) -> Outcome:
    outcome: Outcome = options.outcome or ("judge" if options.judges else "margin")
    if outcome != "margin" and not options.judges:
        raise TrialError(
            "a judged trial needs a judge", mend="--judge PROVIDER/MODEL, of another family than the subject"
        )
    if outcome == "margin" and not is_embedded(options.subject):
        raise TrialError(
            f"{options.subject} does not tell the log-probabilities of given replies, so a judge has to grade",
            mend="--judge PROVIDER/MODEL, or --subject embedded/smollm2-135m-instruct",
        )
    return outcome


def _check_options(options: Options, outcome: Outcome) -> None:
    if len(set(options.judges)) < len(options.judges):
        raise TrialError("a judge is named twice", mend="--judge once for each model: a second voice must be another's")
    if outcome == "margin" and options.replies > 1:
        raise TrialError(
            "a trial by log-probability scores given replies, which are the same every time",
            mend="leave --replies out",
        )
    if options.batch and outcome == "preference":
        raise TrialError("replies are compared with each other live, not in batches", mend="leave --batch out")
    if options.batch:
        _check_batch(options)


def _check_batch(options: Options) -> None:
    for name in (options.subject, *options.judges):
        if not name.startswith(BATCH_PROVIDERS):
            raise TrialError(
                f"{name} has no batch mode",
                mend=f"leave --batch out; providers with one: {', '.join(one.strip('/') for one in BATCH_PROVIDERS)}",
            )


def _budget(options: Options) -> dict[str, float]:
    given = {"usd": options.budget_usd, "tokens": options.budget_tokens}
    return {unit: float(value) for unit, value in given.items() if value is not None}


def _scenario_hash(scenario: Scenario) -> str:
    """Hash of all that decides a score; the line in the file does not."""
    content = replace(scenario, line=1)
    return sha256_text(json.dumps(asdict(content), sort_keys=True, ensure_ascii=False))


def _command(slug: str, options: Options, outcome: Outcome, scenarios: Path) -> str:
    """The command line that designs the same trial from the same files, whatever the workspace's defaults are."""
    words = ["avenant", "try", slug]
    if scenarios.parts[-2:] != ("scenarios", f"{slug}.yaml"):
        words += ["--scenarios", str(shown_path(scenarios))]
    if outcome == "margin" and options.outcome is None:
        # A judge that is set elsewhere would else make it a judged trial.
        words += ["--outcome", outcome]
    for field in fields(options):
        value = getattr(options, field.name)
        if value == field.default or value is None:
            continue
        name = "--judge" if field.name == "judges" else f"--{field.name.replace('_', '-')}"
        for one in value if isinstance(value, tuple) else (value,):
            words += [name] if one is True else [name, str(one)]
    return shlex.join(words)
