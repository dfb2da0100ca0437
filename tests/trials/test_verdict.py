from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from avenant.scenarios import Battery
from avenant.trials.contrasts import Observation
from avenant.trials.protocol import Outcome
from avenant.trials.verdict import Ending, Verdict, reach_verdict

FAMILIES = 8
# Differences of mean m and spread s are m + s and m - s in turn, so that half an interval is s times one of these.
HALF_95, HALF_90 = (float(stats.t.ppf(p, FAMILIES - 1)) * math.sqrt(1 / (FAMILIES - 1)) for p in (0.975, 0.95))
TIGHT = 0.001
JUST = 1e-6


@dataclass(frozen=True)
class Case:
    """A trial whose every effect is given; the default is one in which the passage helps."""

    outcome: Outcome = "judge"
    effect: float = 0.2
    spread: float = TIGHT
    side: float = 0.0
    side_spread: float = TIGHT
    presence: float = 0.0
    """Margin trials: what the passage's words do to the target, whatever they say."""
    side_presence: float = 0.0
    blunt: float | None = 0.3
    blunt_spread: float = TIGHT
    obeyed: int = 8
    """Of eight controls, in a judged trial."""
    control: float = 1.0
    """The control's content effect in a margin trial."""
    control_spread: float = TIGHT
    families: int = FAMILIES
    side_families: int = FAMILIES
    missing: dict[str, int] = field(default_factory=dict)
    """How many scores of an arm are missing, those of side effects first."""
    repeat_difference: float | None = None
    is_finished: bool = True
    is_blinding_broken: bool = False

    def observations(self) -> list[Observation]:
        scores: list[tuple[str, int, str, float]] = []
        for index in range(FAMILIES):
            sign = 1 if index % 2 else -1
            for kind, effect, presence in (
                ("side", self.side + sign * self.side_spread, self.side_presence),
                ("target", self.effect + sign * self.spread, self.presence),
            ):
                with_words = 0.4 + (presence if self.outcome == "margin" else 0)
                scores += [(kind, index, "baseline", 0.4), (kind, index, "placebo", 0.4)]
                scores += [(kind, index, "amended", with_words + effect)]
                if self.outcome == "margin":
                    scores += [(kind, index, "inverted", with_words)]
            if self.blunt is not None:
                scores += [("target", index, "blunt", 0.4 + self.blunt + sign * self.blunt_spread)]
                scores += [("target", index, "inverted-blunt", 0.4)] if self.outcome == "margin" else []
            if self.outcome == "judge":
                scores += [("target", index, "control", float(index < self.obeyed))]
            else:
                scores += [("target", index, "control", self.control + sign * self.control_spread)]
                scores += [("target", index, "inverted-control", 0.0)]
        left = dict(self.missing)
        found = []
        for kind, index, arm, value in sorted(scores):
            is_lost = left.get(arm, 0) > 0
            left[arm] = left.get(arm, 0) - is_lost
            found.append(
                Observation(
                    f"{kind}-{index}",
                    f"{kind}-{index % (self.families if kind == 'target' else self.side_families)}",
                    "target" if kind == "target" else "neighbour",
                    arm,
                    None if is_lost else value,
                    "no reply" if is_lost else "scored",
                )
            )
        return found

    def verdict(self) -> Verdict:
        return reach_verdict(
            self.observations(),
            outcome=self.outcome,
            margin=0.05,
            side_margin=0.05,
            repeat_difference=self.repeat_difference,
            ending=Ending(is_finished=self.is_finished, is_blinding_broken=self.is_blinding_broken),
        )


HELPS = "fall by no more than is put up with"
TARGET_FALLS = "The target behaviour falls"
SIDE_FALLS = "get worse under the amended document"
NONE = "smaller than what was stated to matter"
NO_BLUNT = "has no blunt rule"
BLUNT_IS_SILENT = "not even a blunt rule"
TOO_WIDE = "The interval is too wide"
UNSETTLED = "side effects are not settled"
NOT_TAKEN_UP = "not even the positive control"
UNEQUAL = "The arms miss scores unequally"
NO_REPEAT = "came out differently"
ONE_FAMILY = "of one family"
APART = "pulls one way and its mere presence the other way"

JUDGE, MARGIN = Case(), Case(outcome="margin")


@pytest.mark.parametrize("case", [JUDGE, MARGIN], ids=["judge", "margin"])
@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        pytest.param({}, "helps", HELPS, id="target rises, sides stay"),
        pytest.param({"effect": -0.2}, "harms", TARGET_FALLS, id="target falls"),
        pytest.param({"effect": -0.06}, "harms", TARGET_FALLS, id="target falls a little more than the margin"),
        pytest.param({"side": -0.2}, "harms", SIDE_FALLS, id="sides fall though the target rises"),
        pytest.param({"effect": 0.0}, "no meaningful effect", NONE, id="no effect, and one would have shown"),
        pytest.param({"effect": 0.02}, "no meaningful effect", NONE, id="real but below the margin"),
        pytest.param({"effect": -0.02}, "no meaningful effect", NONE, id="a real fall below the margin"),
        pytest.param({"effect": 0.0, "blunt": None}, "cannot tell", NO_BLUNT, id="no effect and no blunt rule"),
        pytest.param({"effect": 0.0, "blunt": 0.0}, "cannot tell", BLUNT_IS_SILENT, id="blunt rule does nothing"),
        pytest.param({"effect": 0.0, "blunt": -0.3}, "cannot tell", BLUNT_IS_SILENT, id="blunt rule backfires"),
        pytest.param({"effect": 0.0, "blunt": 0.04}, "cannot tell", BLUNT_IS_SILENT, id="blunt rule below the margin"),
        pytest.param({"effect": 0.0, "blunt": 0.06}, "no meaningful effect", NONE, id="blunt rule above the margin"),
        pytest.param(
            {"effect": 0.0, "blunt": 0.3, "blunt_spread": 0.3 / HALF_95 + JUST},
            "cannot tell",
            BLUNT_IS_SILENT,
            id="blunt rule not surely above 0",
        ),
        pytest.param({"blunt": None}, "helps", HELPS, id="an effect needs no blunt rule"),
        pytest.param({"side": -0.1, "side_spread": 0.2}, "cannot tell", UNSETTLED, id="sides may have fallen"),
        pytest.param({"side": -0.04}, "helps", HELPS, id="sides surely fall, by less than is put up with"),
        pytest.param({"side": 0.3}, "helps", HELPS, id="sides rise"),
        pytest.param({"side_families": 2}, "cannot tell", "fewer than 3 neighbour", id="two families are no side"),
        pytest.param({"side_families": 2, "side": -0.3}, "cannot tell", "fewer than 3", id="nor do two show a fall"),
        pytest.param({"side_families": 3}, "helps", HELPS, id="three families are enough to look"),
        # Boundaries: the 95 % interval decides helps and harms, the 90 % interval equivalence and the sides.
        pytest.param({"spread": 0.2 / HALF_95 - JUST}, "helps", HELPS, id="95 % interval just above 0"),
        pytest.param({"spread": 0.2 / HALF_95 + JUST}, "cannot tell", TOO_WIDE, id="95 % interval just touches 0"),
        pytest.param({"effect": -0.2, "spread": 0.2 / HALF_95 - JUST}, "harms", TARGET_FALLS, id="95 % just below 0"),
        pytest.param({"effect": -0.2, "spread": 0.2 / HALF_95 + JUST}, "cannot tell", TOO_WIDE, id="-95 % touches 0"),
        pytest.param(
            {"effect": 0.0, "spread": 0.05 / HALF_90 - JUST}, "no meaningful effect", NONE, id="90 % just within"
        ),
        pytest.param({"effect": 0.0, "spread": 0.05 / HALF_90 + JUST}, "cannot tell", TOO_WIDE, id="90 % just outside"),
        pytest.param({"side_spread": 0.05 / HALF_90 - JUST}, "helps", HELPS, id="sides' 90 % just above the limit"),
        pytest.param({"side_spread": 0.05 / HALF_90 + JUST}, "cannot tell", UNSETTLED, id="sides' 90 % just below it"),
        pytest.param({"side": -0.05 - JUST}, "harms", SIDE_FALLS, id="sides' mean just below the limit"),
        pytest.param({"side": -0.05 + JUST}, "cannot tell", UNSETTLED, id="sides' mean just above the limit"),
        pytest.param(
            {"side": -0.2, "side_spread": 0.2 / HALF_95 - JUST}, "harms", SIDE_FALLS, id="sides surely below 0"
        ),
        pytest.param(
            {"side": -0.2, "side_spread": 0.2 / HALF_95 + JUST}, "cannot tell", UNSETTLED, id="sides not surely below 0"
        ),
        # The order of the lines.
        pytest.param({"effect": 0.0, "side": -0.2}, "harms", SIDE_FALLS, id="side harm before no effect"),
        pytest.param({"effect": -0.2, "side": -0.2}, "harms", SIDE_FALLS, id="side harm before target harm"),
        pytest.param({"families": 1}, "cannot tell", ONE_FAMILY, id="one family"),
        pytest.param({"missing": {"amended": 4}}, "cannot tell", "25% of the amended arm", id="25 % of an arm missing"),
        pytest.param({"missing": {"amended": 3}}, "cannot tell", UNEQUAL, id="19 points more missing in an arm"),
        pytest.param({"missing": {"placebo": 2}}, "cannot tell", UNEQUAL, id="12 points more missing in an arm"),
        pytest.param({"missing": {"amended": 1}}, "helps", HELPS, id="6 points more missing in an arm"),
        pytest.param(
            {"missing": {"baseline": 3, "amended": 3, "placebo": 2, "inverted": 3}},
            "helps",
            HELPS,
            id="equally missing",
        ),
        pytest.param(
            {"missing": {"baseline": 4, "amended": 4, "placebo": 4, "inverted": 4}},
            "cannot tell",
            "25% of the baseline arm",
            id="25 % of all arms missing",
        ),
        pytest.param(
            {"missing": dict.fromkeys(("baseline", "amended", "placebo", "inverted"), 16)},
            "cannot tell",
            "100% of the baseline arm",
            id="nothing scored",
        ),
    ],
)
def test_each_line_of_the_rule_in_its_order(case: Case, change: dict[str, object], word: str, reason: str) -> None:
    verdict = replace(case, **change).verdict()  # type: ignore[arg-type]

    assert verdict.word == word, verdict.reason
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        pytest.param({"obeyed": 6}, "helps", HELPS, id="6 of 8 obey: surely more than 30 %"),
        pytest.param({"obeyed": 5}, "cannot tell", NOT_TAKEN_UP, id="5 of 8 obey: not surely more than 30 %"),
        pytest.param({"obeyed": 0, "side": -0.2}, "cannot tell", NOT_TAKEN_UP, id="before side harm"),
        pytest.param({"obeyed": 0, "effect": 0.0}, "cannot tell", NOT_TAKEN_UP, id="before no effect"),
        pytest.param({"obeyed": 0, "families": 1}, "cannot tell", ONE_FAMILY, id="after one family"),
        pytest.param({"obeyed": 0, "missing": {"amended": 4}}, "cannot tell", "25% of", id="after missing scores"),
        pytest.param({"missing": {"control": 8}}, "cannot tell", "control has no score", id="no control has a score"),
    ],
)
def test_judged_subject_must_take_up_the_document(change: dict[str, object], word: str, reason: str) -> None:
    verdict = replace(JUDGE, **change).verdict()  # type: ignore[arg-type]

    assert (verdict.word, reason in verdict.reason) == (word, True), verdict.reason


@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        pytest.param({"control": 0.0}, "cannot tell", NOT_TAKEN_UP, id="control does nothing"),
        pytest.param({"control": -1.0}, "cannot tell", NOT_TAKEN_UP, id="control backfires"),
        pytest.param({"control_spread": 1 / HALF_95 - JUST}, "helps", HELPS, id="control just surely above 0"),
        pytest.param({"control_spread": 1 / HALF_95 + JUST}, "cannot tell", NOT_TAKEN_UP, id="control just not so"),
        pytest.param({"control": 0.0, "repeat_difference": 0.1}, "cannot tell", NO_REPEAT, id="repetition before it"),
        pytest.param({"repeat_difference": 0.0}, "helps", HELPS, id="scores that repeat"),
        pytest.param({"repeat_difference": 1e-6}, "helps", HELPS, id="scores that repeat within the tolerance"),
        pytest.param({"repeat_difference": 2e-6}, "cannot tell", NO_REPEAT, id="scores that do not quite repeat"),
        pytest.param(
            {"repeat_difference": 0.1, "missing": {"inverted": 4}},
            "cannot tell",
            "25% of the inverted",
            id="missing first",
        ),
        pytest.param({"presence": -0.5}, "cannot tell", APART, id="content helps, presence harms the target more"),
        pytest.param({"presence": -0.1}, "helps", HELPS, id="content helps by more than presence harms"),
        pytest.param({"presence": 0.5, "effect": 0.0}, "no meaningful effect", NONE, id="mention is no effect"),
        pytest.param({"presence": -0.5, "effect": 0.2}, "cannot tell", APART, id="presence against a rise by content"),
        pytest.param({"presence": 0.5, "effect": -0.2}, "cannot tell", APART, id="presence against a fall by content"),
        pytest.param(
            {"presence": -0.2, "effect": 0.2}, "cannot tell", "its opposite, but not", id="no better than placebo"
        ),
        pytest.param({"side_presence": -0.2}, "cannot tell", APART, id="presence harms the sides"),
        pytest.param({"side_presence": -0.5, "effect": 0.0}, "cannot tell", APART, id="presence before no effect"),
        pytest.param({"is_finished": False}, "cannot tell", "not finished", id="unfinished"),
        pytest.param({"side_presence": -0.04}, "helps", HELPS, id="presence harms the sides within the limit"),
        pytest.param({"side_presence": -0.2, "effect": -0.2}, "cannot tell", APART, id="pulling apart before harm"),
    ],
)
def test_lines_that_only_a_margin_trial_has(change: dict[str, object], word: str, reason: str) -> None:
    verdict = replace(MARGIN, **change).verdict()  # type: ignore[arg-type]

    assert (verdict.word, reason in verdict.reason) == (word, True), verdict.reason


@pytest.mark.parametrize(
    ("change", "word"), [({}, "cannot tell"), ({"effect": -0.2}, "harms"), ({"effect": 0.0}, "no meaningful effect")]
)
def test_broken_blinding_voids_a_rise_and_nothing_else(change: dict[str, object], word: str) -> None:
    verdict = replace(JUDGE, is_blinding_broken=True, **change).verdict()  # type: ignore[arg-type]

    assert verdict.word == word
    assert ("blinding is broken" in verdict.reason) == (word == "cannot tell")


def test_an_arm_without_replies_cannot_tell() -> None:
    observations = [o for o in JUDGE.observations() if o.arm != "placebo"]

    verdict = reach_verdict(observations, outcome="judge", margin=0.05, side_margin=0.05)

    assert (verdict.word, verdict.reason) == ("cannot tell", "The placebo arm has no replies.")
    assert verdict.target.mean is None


def test_only_scenarios_with_both_scores_are_compared() -> None:
    verdict = replace(JUDGE, missing={"amended": 1, "placebo": 1, "baseline": 1}).verdict()

    assert verdict.side_effect.n == FAMILIES - 1
    assert verdict.target.n == FAMILIES


def test_the_verdict_tells_the_numbers_that_decide_it() -> None:
    verdict = replace(JUDGE, spread=0.1, obeyed=7).verdict()

    assert verdict.target.mean == pytest.approx(0.2)
    assert verdict.target.ci_low == pytest.approx(0.2 - 0.1 * HALF_95)
    assert verdict.target.ci_high == pytest.approx(0.2 + 0.1 * HALF_95)
    assert (verdict.target.level, verdict.target.n, verdict.target.families) == (0.95, 8, 8)
    assert (verdict.is_taken_up, verdict.obeyed) == (True, 7)
    assert [c.key for c in verdict.contrasts] == ["target", "side", "baseline", "placebo", "blunt"]


def test_a_margin_verdict_shows_content_mention_and_presence_apart() -> None:
    verdict = replace(MARGIN, effect=0.4, presence=0.1, side=0.0, side_presence=-0.03).verdict()

    means = {contrast.key: contrast.estimate.mean for contrast in verdict.contrasts}
    assert means == pytest.approx(
        {
            "target": 0.4,
            "side": 0.0,
            "mention": 0.1 + 0.4 / 2,
            "total": 0.5,
            "side-total": -0.03,
            "baseline": 0.5,
            "placebo": 0.0,
            "blunt": 0.3,
            "control": 1.0,
        }
    )
    assert verdict.obeyed is None


SCORES = st.one_of(st.none(), st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))


@st.composite
def trials(draw: st.DrawFn) -> list[Observation]:
    """Any scores on twelve scenarios, few of them missing."""
    observations = []
    for index in range(12):
        for arm in ("baseline", "amended", "placebo", "control", "blunt"):
            value = draw(SCORES) if draw(st.integers(0, 9)) == 0 else draw(st.sampled_from([0.0, 0.4, 0.5, 0.6, 1.0]))
            if arm == "control" and value is not None:
                value = float(draw(st.integers(0, 9)) > 0)
            fate = "judge failed" if value is None else "scored"
            battery: Battery = "target" if index < 8 else "far"
            observations.append(Observation(f"s{index}", f"f{index % 6}", battery, arm, value, fate))
    return observations


def judged(observations: list[Observation]) -> Verdict:
    return reach_verdict(observations, outcome="judge", margin=0.05, side_margin=0.05)


@given(trials())
def test_no_word_without_the_interval_that_bears_it_out(observations: list[Observation]) -> None:
    verdict = judged(observations)
    target, side = verdict.target, verdict.side_effect

    if verdict.word == "helps":
        assert target.ci_low is not None
        assert target.ci_low > 0
    elif verdict.word == "harms":
        falls = [e for e in (target, side) if e.ci_high is not None and e.ci_high < 0]
        assert falls
    elif verdict.word == "no meaningful effect":
        assert target.mean is not None
        assert abs(target.mean) < 0.05
    if verdict.word != "cannot tell":
        assert verdict.is_taken_up


@given(trials(), st.randoms(use_true_random=False))
def test_the_order_of_scores_does_not_matter(observations: list[Observation], rng: random.Random) -> None:
    shuffled = list(observations)
    rng.shuffle(shuffled)

    assert (judged(shuffled).word, judged(shuffled).reason) == (judged(observations).word, judged(observations).reason)


@given(trials(), st.sampled_from([0.0, 0.5, 1.0]))
def test_scores_of_the_baseline_never_decide_a_judged_trial(observations: list[Observation], value: float) -> None:
    other = [replace(o, value=value) if o.arm == "baseline" and o.value is not None else o for o in observations]

    assert judged(other).word == judged(observations).word
