"""Pooling the trials of one amendment over subjects and seeds, with how far they disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avenant.scenarios import BATTERIES, Battery
from avenant.statistics.pooling import Pooled, find_outside, pool_estimates
from avenant.trials.contrasts import EFFECT, mean_scores, paired_differences
from avenant.trials.design import Trial
from avenant.trials.estimate import Difference, Estimate, estimate_mean
from avenant.trials.families import find_family_effects
from avenant.trials.listing import ListedTrial
from avenant.trials.missing import find_missing
from avenant.trials.protocol import FEWEST_FAMILIES, LEVEL, REPEAT_TOLERANCE, Outcome
from avenant.trials.results import Result


@dataclass(frozen=True, slots=True)
class Study:
    """One finished trial that is fit to be pooled."""

    trial: Trial
    result: Result
    label: str
    """The subject, and as much more as tells the trial from the others of its group."""


@dataclass(frozen=True, slots=True)
class PooledRow:
    """What one trial says of a battery, and what it counts for."""

    study: Study
    estimate: Estimate
    """As its own report has it, with its own interval."""
    standard_error: float
    """Of a single look, clustered by family; the weights come from it."""
    is_assumed: bool
    """Whether all differences are the same, so that the standard error is that of one more family, which differs from
    them by a whole point of the scale."""
    weight: float
    """Share in the pooled mean, in [0, 1]."""
    is_outside: bool | None
    """Whether it lies farther from the others than chance and their spread explain; None with fewer than three."""


@dataclass(frozen=True, slots=True)
class BatteryPool:
    """One battery over all trials of a group."""

    battery: Battery
    rows: tuple[PooledRow, ...]
    pooled: Pooled
    unweighed: tuple[str, ...]
    """Trials that have the battery and no standard error to weigh it by, each with the reason."""


@dataclass(frozen=True, slots=True)
class Group:
    """Trials that ask the same question: one document, one passage, one outcome."""

    spec: str
    spec_sha256: str
    amendment_sha256: str
    outcome: Outcome
    studies: tuple[Study, ...]
    """The oldest first."""
    pools: tuple[BatteryPool, ...]
    """One for each battery with something to show, target first; empty with fewer than two trials."""

    @property
    def is_pooled(self) -> bool:
        """Whether there are several trials to pool."""
        return len(self.studies) > 1

    @property
    def newest(self) -> Trial:
        """The newest trial, whose protocol speaks for what all share."""
        return self.studies[-1].trial


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A trial that is not pooled."""

    folder: Path
    trial: Trial | None
    reason: str


@dataclass(frozen=True, slots=True)
class Meta:
    """All trials of one amendment, in groups that may be pooled."""

    amendment: str
    groups: tuple[Group, ...]
    """The group of the newest trial first."""
    left_out: tuple[LeftOut, ...]


def pool_trials(amendment: str, listed: Sequence[ListedTrial]) -> Meta:
    """Pool the finished trials of one amendment by random effects, apart where they ask different questions.

    A trial is left out where its own rule says that its numbers mean nothing: it is not finished, its positive control
    does not show, too many scores are missing, or scores do not repeat. None is left out for what it found, a verdict
    of "cannot tell" included.

    Args:
        amendment: slug of the amendment.
        listed: its trials.
    """
    fit: dict[tuple[str, str, str, Outcome], list[tuple[Trial, Result]]] = {}
    left_out = []
    for one in listed:
        if one.trial is None or one.result is None:
            left_out.append(LeftOut(one.folder, one.trial, one.problem or "it has not begun"))
        elif reason := _why_not(one.trial, one.result):
            left_out.append(LeftOut(one.folder, one.trial, reason))
        else:
            protocol = one.trial.protocol
            key = (protocol.spec, protocol.spec_sha256, protocol.amendment_sha256, protocol.outcome)
            fit.setdefault(key, []).append((one.trial, one.result))
    groups = [_group(members) for members in fit.values()]
    groups.sort(key=lambda group: group.newest.protocol.created, reverse=True)
    return Meta(amendment, tuple(groups), tuple(left_out))


def _why_not(trial: Trial, result: Result) -> str | None:
    if not result.is_finished:
        return f"it is not finished: {result.finished_blocks} of {result.blocks} blocks"
    if result.verdict.is_taken_up is not True:
        return "the positive control does not show: nothing says that the subject takes up the document"
    if missing := find_missing(result.compared, tuple(EFFECT[trial.protocol.outcome])):
        return missing
    if result.repeat_difference is not None and result.repeat_difference > REPEAT_TOLERANCE:
        return "the same scores came out differently when they were computed again"
    return None


def _group(members: Sequence[tuple[Trial, Result]]) -> Group:
    ordered = sorted(members, key=lambda member: (member[0].protocol.created, member[0].folder.name))
    labels = _labels([trial for trial, _ in ordered])
    studies = tuple(Study(trial, result, label) for (trial, result), label in zip(ordered, labels, strict=True))
    pools = [_pool(studies, battery) for battery in BATTERIES] if len(studies) > 1 else []
    protocol = studies[-1].trial.protocol
    return Group(
        protocol.spec,
        protocol.spec_sha256,
        protocol.amendment_sha256,
        protocol.outcome,
        studies,
        tuple(pool for pool in pools if pool.rows or pool.unweighed),
    )


def _labels(trials: Sequence[Trial]) -> list[str]:
    """The subject; where several trials have it also the seed; where that is no difference also the folder."""
    subjects = Counter(trial.protocol.subject for trial in trials)
    seeds = Counter((trial.protocol.subject, trial.protocol.seed) for trial in trials)
    labels = []
    for trial in trials:
        subject, seed = trial.protocol.subject, trial.protocol.seed
        label = subject if subjects[subject] == 1 else f"{subject}, seed {seed}"
        labels.append(label if seeds[subject, seed] == 1 else f"{label}, {trial.folder.name}")
    return labels


def _pool(studies: Sequence[Study], battery: Battery) -> BatteryPool:
    rows, unweighed = [], []
    for study in studies:
        units = _units(study, battery)
        made = _row(study, battery, units) if units else None
        if isinstance(made, str):
            unweighed.append(f"{study.label}: {made}")
        elif made is not None:
            rows.append(made)
    means = [row.estimate.mean for row in rows if row.estimate.mean is not None]
    errors = [row.standard_error for row in rows]
    pooled = pool_estimates(means, errors, level=LEVEL)
    outside = find_outside(means, errors, level=LEVEL)
    weighed = (
        replace(row, weight=weight, is_outside=is_outside)
        for row, weight, is_outside in zip(rows, pooled.weights, outside, strict=True)
    )
    return BatteryPool(battery, tuple(weighed), pooled, tuple(unweighed))


def _row(study: Study, battery: Battery, units: Sequence[Difference]) -> PooledRow | str:
    """A row that is not weighed yet, or why it cannot be."""
    families = len({unit.family for unit in units})
    if families < FEWEST_FAMILIES:
        return f"fewer than {FEWEST_FAMILIES} families ({families}), so its standard error would be a guess"
    error = _standard_error(units)
    if not error and study.trial.protocol.outcome == "margin":
        return "all its differences are the same, so it has no standard error"
    # A trial in which nothing moved must not be lost: what is left would be those in which something did.
    estimate = _own_estimate(study, battery, units)
    return PooledRow(study, estimate, error or 1 / (families + 1), not error, 0.0, None)


def _units(study: Study, battery: Battery) -> list[Difference]:
    """The trial's own units of analysis: families in a sequential trial, else scenarios, clustered by family."""
    if study.trial.protocol.is_sequential:
        effects = find_family_effects(study.trial, study.result)
        return [
            Difference(one.family, one.family, one.mean)
            for one in effects
            if one.battery == battery and one.mean is not None
        ]
    weights = EFFECT[study.trial.protocol.outcome]
    return paired_differences(mean_scores(study.result.compared), weights, (battery,))


def _standard_error(units: Sequence[Difference]) -> float:
    """Clustered by family; 0 where all differences are the same."""
    estimate = estimate_mean(units, level=LEVEL)
    if estimate.mean is None or estimate.ci_high is None or len({unit.value for unit in units}) == 1:
        return 0.0
    from scipy.special import stdtrit

    return (estimate.ci_high - estimate.mean) / float(stdtrit(estimate.families - 1, 0.5 + LEVEL / 2))


def _own_estimate(study: Study, battery: Battery, units: Sequence[Difference]) -> Estimate:
    standings = {standing.battery: standing.wide for standing in study.result.verdict.standings}
    return standings.get(battery) or estimate_mean(units, level=study.trial.protocol.level)
