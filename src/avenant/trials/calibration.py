"""Calibration: what people's grades say of the judge, and the effect corrected by them."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from avenant.scenarios import Battery
from avenant.statistics.agreement import Agreement, cohens_kappa, correlate, krippendorff_alpha
from avenant.statistics.prediction_powered import FEWEST_LABELS, Corrected, GradedPair, correct_mean
from avenant.trials.contrasts import SIDES
from avenant.trials.design import Trial
from avenant.trials.estimate import Difference, Estimate, estimate_mean
from avenant.trials.judge import SCALE
from avenant.trials.labels import ARMS, Label, Pair, ReplyKey, find_pairs, read_labels
from avenant.trials.standing import Course

if TYPE_CHECKING:
    from avenant.trials.results import Result

Support = Literal["no labels", "too few", "open", "agrees", "contradicts"]

NOTE = (
    "The corrected interval is one of large samples and of a single look. It assumes that the labelled pairs are a "
    "random sample of the trial's pairs, and it knows nothing of when the trial stopped. It stands beside the trial's "
    "own interval and does not replace it."
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Judge and people compared on one battery."""

    battery: Battery
    graders: tuple[str, ...]
    """Names of those who graded at least one reply of it."""
    replies: int
    """Replies that people graded."""
    labelled: int
    """Pairs of which somebody graded both replies."""
    pairs: int
    """Pairs of which the judge graded both."""
    alpha: Agreement
    """Krippendorff's, of judge and people, over replies."""
    kappa: Agreement
    """Cohen's with quadratic weights, of judge and people, over replies."""
    correlation: Agreement
    """Pearson's, of judge and people, over replies."""
    difference_correlation: Agreement
    """Pearson's, of judge's and people's differences, over pairs: what makes the correction narrow."""
    between: Agreement | None
    """Krippendorff's alpha of the graders among themselves, over replies; None where there is one or none."""
    errors: Mapping[str, Estimate]
    """Judge minus people on replies, by arm; in [-1, 1]."""
    error_gap: Estimate
    """Judge's difference minus people's on pairs: how far the judge favours the amended arm."""
    judge: Estimate
    """Amended minus placebo by the judge alone, with the interval of a single look, every pair alike."""
    corrected: Corrected
    """The same as people would have it: prediction-powered."""
    corrected_narrow: Corrected
    """With the interval of two one-sided tests, for "nothing"."""
    decided: Estimate
    """The interval that the trial's verdict rests on in this battery; in a trial of fixed size the judge's own."""
    judge_course: Course
    """What the deciding intervals say, by the protocol's margins; on neighbour and far "nothing" is "no worse"."""
    corrected_course: Course
    support: Support
    """Whether people's grades bear the judge out."""
    meaning: str
    """What that is worth, in one or two sentences."""
    note: str = NOTE

    @property
    def is_borne_out(self) -> bool:
        """Whether the finding holds beyond the judge's scale."""
        return self.support == "agrees"


def calibrate(trial: Trial, result: Result, labels: Iterable[Label], *, battery: Battery = "target") -> Calibration:
    """Compare judge and people on one battery, and correct the effect.

    Where several people graded a reply, its grade is the mean of theirs; a pair's difference is the mean over those
    who graded both its replies. Grades are divided by ten.

    Source: prediction-powered inference, see `avenant.statistics.prediction_powered`; agreement, see
    `avenant.statistics.agreement`.

    Args:
        trial: by a judge's grades.
        result: its scores and replies.
        labels: of any battery; those of others do not count.
        battery: target, neighbour or far.

    Raises:
        TrialError: the trial has no judge's grades.
    """
    level = trial.protocol.level
    pairs = find_pairs(trial, result, battery)
    given = _grades(labels, pairs)
    people = {key: statistics.fmean(grades.values()) / SCALE for key, grades in given.items()}
    graders = tuple(sorted({grader for grades in given.values() for grader in grades}))
    graded = list(_find_graded(pairs, people))
    judge, human = [one.judge for one in graded], [one.human for one in graded]
    differences = [_people_difference(pair, given) for pair in pairs]
    labelled = [(pair, value) for pair, value in zip(pairs, differences, strict=True) if value is not None]
    units = [GradedPair(pair.family, pair.difference, value) for pair, value in zip(pairs, differences, strict=True)]
    corrected, narrow = correct_mean(units, level=level), correct_mean(units, level=2 * level - 1)
    alone = [Difference(pair.amended.scenario, pair.family, pair.difference) for pair in pairs]
    decided, decided_narrow = _deciding(result, battery, alone, level)
    margin = trial.protocol.margin if battery == "target" else trial.protocol.side_margin
    judge_course = _course(battery, decided, decided_narrow, margin)
    corrected_course = _course(battery, corrected, narrow, margin)
    support = _support(corrected, judge_course, corrected_course)
    return Calibration(
        battery=battery,
        graders=graders,
        replies=len(graded),
        labelled=len(labelled),
        pairs=len(pairs),
        alpha=krippendorff_alpha(list(zip(judge, human, strict=True)), metric="interval", level=level),
        kappa=cohens_kappa(judge, human, weights="quadratic", level=level),
        correlation=correlate(judge, human, level=level),
        difference_correlation=correlate(
            [pair.difference for pair, _ in labelled], [value for _, value in labelled], level=level
        ),
        between=_between(given, graders, level) if len(graders) > 1 else None,
        errors={arm: _error(graded, arm, level) for arm in ARMS},
        error_gap=estimate_mean(
            [Difference(p.amended.scenario, p.family, p.difference - value) for p, value in labelled], level=level
        ),
        judge=estimate_mean(alone, level=level),
        corrected=corrected,
        corrected_narrow=narrow,
        decided=decided,
        judge_course=judge_course,
        corrected_course=corrected_course,
        support=support,
        meaning=_meaning(support, corrected, judge_course, corrected_course),
    )


def find_calibrations(trial: Trial, result: Result) -> tuple[Calibration, ...]:
    """Every battery of which people graded a reply, the target first; empty where there are no labels.

    Raises:
        FormatError: stored labels are damaged, or their salt was lost.
    """
    if not (labels := read_labels(trial)):
        return ()
    batteries: tuple[Battery, ...] = ("target", *SIDES)
    found = (calibrate(trial, result, labels, battery=battery) for battery in batteries)
    return tuple(one for one in found if one.replies)


def _grades(labels: Iterable[Label], pairs: Sequence[Pair]) -> dict[ReplyKey, dict[str, int]]:
    """Each grader's grade of each reply of these pairs."""
    wanted = {(one.scenario, one.arm, one.number) for pair in pairs for one in pair.replies}
    given: dict[ReplyKey, dict[str, int]] = defaultdict(dict)
    for label in labels:
        if (key := (label.scenario, label.arm, label.number)) in wanted:
            given[key][label.grader] = label.grade
    return given


def _people_difference(pair: Pair, given: Mapping[ReplyKey, Mapping[str, int]]) -> float | None:
    """Mean over those who graded both replies, so that nobody's severity weighs on one of them alone."""
    amended, placebo = (given.get((one.scenario, one.arm, one.number), {}) for one in pair.replies)
    differences = [(amended[grader] - placebo[grader]) / SCALE for grader in amended.keys() & placebo.keys()]
    return statistics.fmean(differences) if differences else None


def _between(given: Mapping[ReplyKey, Mapping[str, int]], graders: Sequence[str], level: float) -> Agreement:
    rows = [[grades.get(name) for name in graders] for grades in given.values()]
    return krippendorff_alpha(rows, metric="interval", level=level)


@dataclass(frozen=True, slots=True)
class _Graded:
    """A reply that judge and people graded, in [0, 1]."""

    scenario: str
    family: str
    arm: str
    judge: float
    human: float


def _find_graded(pairs: Sequence[Pair], people: Mapping[ReplyKey, float]) -> Iterator[_Graded]:
    for pair in pairs:
        for one in pair.replies:
            human = people.get((one.scenario, one.arm, one.number))
            if human is not None and one.value is not None:
                yield _Graded(one.scenario, pair.family, one.arm, one.value, human)


def _error(graded: Sequence[_Graded], arm: str, level: float) -> Estimate:
    errors = [Difference(one.scenario, one.family, one.judge - one.human) for one in graded if one.arm == arm]
    return estimate_mean(errors, level=level)


def _deciding(result: Result, battery: Battery, alone: Sequence[Difference], level: float) -> tuple[Estimate, Estimate]:
    """The intervals for an effect and for none that the trial's verdict rests on."""
    for standing in result.verdict.standings:
        if standing.battery == battery:
            return standing.wide, standing.narrow
    return estimate_mean(alone, level=level), estimate_mean(alone, level=2 * level - 1)


def _course(battery: Battery, wide: Estimate | Corrected, narrow: Estimate | Corrected, margin: float) -> Course:
    ends = (wide.ci_low, wide.ci_high, narrow.ci_low, narrow.ci_high)
    if wide.mean is None or None in ends:
        return "open"
    low, high, narrow_low, narrow_high = (end for end in ends if end is not None)
    if battery == "target":
        if -margin < narrow_low and narrow_high < margin:
            return "nothing"
        return "rises" if low > 0 else "falls" if high < 0 else "open"
    if high < 0 and wide.mean < -margin:
        return "falls"
    return "nothing" if narrow_low > -margin else "open"


def _support(corrected: Corrected, judge: Course, people: Course) -> Support:
    if corrected.n == 0:
        return "no labels"
    if not corrected.is_enough:
        return "too few"
    if "open" in (judge, people):
        return "open"
    return "agrees" if judge == people else "contradicts"


_SAYS: dict[Course, str] = {
    "rises": "a rise",
    "falls": "a fall",
    "nothing": "nothing that matters",
    "open": "nothing settled",
}


def _meaning(support: Support, corrected: Corrected, judge: Course, people: Course) -> str:
    scale = "What the verdict says of this battery, it says on the judge's scale."
    if support == "no labels":
        return f"No labels yet. {scale}"
    if support == "too few":
        families = "1 family" if corrected.families == 1 else f"{corrected.families} families"
        return (
            f"Cannot tell: people graded both replies of {corrected.n} pairs in {families}; it takes {FEWEST_LABELS} "
            f"pairs in two families at least. {scale}"
        )
    if support == "agrees":
        return f"People's grades bear the judge out: by both, {_SAYS[judge]}."
    if support == "contradicts":
        return (
            f"People's grades contradict the judge: by its grades {_SAYS[judge]}, corrected by people's "
            f"{_SAYS[people]}. Do not rely on what the verdict says of this battery."
        )
    if judge != "open":
        return f"The judge's grades show {_SAYS[judge]}; corrected by people's they settle nothing. {scale}"
    if people != "open":
        return (
            f"The judge's grades settle nothing; corrected by people's they show {_SAYS[people]}, at a single look. "
            "The verdict stays as its rule, fixed before the first call, has it."
        )
    return "Neither the judge's grades nor the corrected ones settle anything in this battery."
