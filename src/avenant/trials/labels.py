"""Labels: people's blind grades of a random sample of a judged trial's replies, and the sample itself.

The sample is one of pairs, the amended and the placebo reply to one scenario, since the effect is a mean of paired
differences; people see single replies. A sheet names each by a hash with a salt that never leaves the trial's folder,
so that neither its name nor its place on the sheet tells the arm, even to someone who knows this code and the seed.
"""

from __future__ import annotations

import csv
import io
import random
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from avenant.errors import FormatError, TrialError
from avenant.files import read_text, sha256_text, write_text
from avenant.mask import Mask
from avenant.scenarios import Battery
from avenant.text import UNTITLED, slugify
from avenant.trials.blindfold import Blindfold, added_lines
from avenant.trials.design import Trial
from avenant.trials.judge import show_conversation

if TYPE_CHECKING:
    from avenant.trials.results import Result, Transcript

ARMS = ("amended", "placebo")
"""The arms whose replies people grade."""
COUNT = 60
"""Pairs on a sheet, where nobody says otherwise."""
BATCH_PAIRS = 15
"""Both replies of a pair stand among 30 replies, so that a sheet that is filled in part has whole pairs."""

_COLUMNS = ("id", "grade", "note")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two graded replies to one request: those whose difference the effect is made of."""

    family: str
    amended: Transcript
    placebo: Transcript

    @property
    def difference(self) -> float:
        """Of the judge's scores, amended minus placebo, in [-1, 1]."""
        assert self.amended.value is not None
        assert self.placebo.value is not None
        return self.amended.value - self.placebo.value

    @property
    def replies(self) -> tuple[Transcript, Transcript]:
        """Both, the amended first."""
        return self.amended, self.placebo


@dataclass(frozen=True, slots=True)
class SheetReply:
    """One reply as it stands on a sheet: all that a grader is told."""

    id: str
    conversation: str
    reply: str
    """As the judge saw it: the passages' words and the model's names are hidden."""
    rubric: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one grader gets."""

    grader: str
    replies: tuple[SheetReply, ...]
    pairs: int
    """Pairs of the sample."""
    available: int
    """Pairs of this battery that the trial has; the sample is all of them where fewer were there than asked for."""
    graded: int
    """Replies of the sample that this grader has graded before, and that are not on the sheet again."""


@dataclass(frozen=True, slots=True)
class Label:
    """One person's grade of one reply."""

    grader: str
    scenario: str
    arm: str
    number: int
    """Which of several replies to the same request, from 1."""
    grade: int
    """From 0, the rubric's worst, to 10, its best."""
    note: str = ""


ReplyKey = tuple[str, str, int]
"""Scenario, arm and number of a reply."""


def grader_name(name: str) -> str:
    """A grader's name as it stands in file names: lower-case letters, digits and hyphens.

    Raises:
        TrialError: nothing is left of it.
    """
    slug = slugify(name)
    if slug == UNTITLED:
        raise TrialError(f"{name!r} is no name for a grader", mend="give letters or digits: --grader jo")
    return slug


def check_graded(trial: Trial) -> None:
    """Make sure that a trial has judge's grades, which labels could correct.

    Raises:
        TrialError: it compared given replies by log-probability, or replies two by two.
    """
    if trial.protocol.outcome != "judge":
        has = {"margin": "compared given replies by log-probability", "preference": "compared replies two by two"}
        raise TrialError(
            f"this trial {has[trial.protocol.outcome]}: it has no judge's grades that labels could correct",
            path=trial.folder,
            mend="label a trial by a judge's grades: avenant try AMENDMENT --subject MODEL --judge MODEL",
        )


def find_pairs(trial: Trial, result: Result, battery: Battery) -> tuple[Pair, ...]:
    """The pairs of a battery whose replies the judge graded both, in the order of the scenario file.

    Raises:
        TrialError: no reply of this trial was graded.
    """
    check_graded(trial)
    graded = {
        (one.scenario, one.arm, one.number): one
        for one in result.transcripts
        if one.block.startswith("block-") and one.arm in ARMS and one.value is not None
    }
    pairs = []
    for scenario in trial.scenarios:
        for number in range(1, trial.protocol.replies + 1):
            found = [graded.get((scenario.id, arm, number)) for arm in ARMS]
            if scenario.battery == battery and found[0] is not None and found[1] is not None:
                pairs.append(Pair(scenario.family, found[0], found[1]))
    return tuple(pairs)


def draw_pairs(pairs: Sequence[Pair], *, count: int, seed: int) -> tuple[Pair, ...]:
    """A random sample, stratified by family: each family has its share of it, and each pair the same chance.

    A smaller sample by the same seed is the beginning of a larger one, so that a sheet can be lengthened, or filled in
    part.

    Source: proportional allocation by systematic sampling with a random start in each stratum (Cochran 1977, "Sampling
    Techniques", chapters 5 and 8).

    Args:
        pairs: all of a battery.
        count: how many at most.
        seed: of the draw.
    """
    rng = random.Random(seed)
    families: dict[str, list[Pair]] = {}
    for pair in pairs:
        families.setdefault(pair.family, []).append(pair)
    ranked: list[tuple[float, int, Pair]] = []
    for members in families.values():
        start = rng.random()
        for at, pair in enumerate(rng.sample(members, len(members))):
            ranked.append(((at + start) / len(members), len(ranked), pair))
    return tuple(pair for _, _, pair in sorted(ranked)[:count])


def make_sheet(
    trial: Trial,
    result: Result,
    *,
    grader: str,
    battery: Battery = "target",
    count: int = COUNT,
    seed: int = 1,
) -> Sheet:
    """Draw the sample and make a grader's sheet of it; every grader gets the same sample by the same seed.

    The trial's folder gets its salt with the first sheet.

    Args:
        trial: by a judge's grades.
        result: its scores and replies.
        grader: who will grade; what they have graded before is left out.
        battery: target, neighbour or far.
        count: pairs of the sample.
        seed: of the draw.

    Raises:
        TrialError: no judge's grades, no pair in this battery, or nothing left to grade.
    """
    name = grader_name(grader)
    pairs = find_pairs(trial, result, battery)
    if not pairs:
        raise TrialError(
            f"there is no {battery} scenario whose two replies (amended and placebo) were both graded",
            path=trial.folder,
            mend="finish the trial (avenant try … --resume), or choose another battery: --battery",
        )
    ids = {key: reply_id for reply_id, key in reply_ids(trial, _take_salt(trial)).items()}
    drawn = draw_pairs(pairs, count=count, seed=seed)
    done = {_key_of(label) for label in read_labels(trial) if label.grader == name}
    starts = range(0, len(drawn), BATCH_PAIRS)
    ordered = [one for at in starts for one in _in_order(drawn[at : at + BATCH_PAIRS], ids)]
    left = [one for one in ordered if _key_of(one) not in done]
    if not left:
        raise TrialError(
            f"{name} has graded the whole sample",
            path=trial.folder,
            mend="--count N for a larger one, or --grader NAME for somebody else's sheet",
        )
    show = _shower(trial)
    replies = tuple(show(one, ids[_key_of(one)]) for one in left)
    return Sheet(name, replies, len(drawn), len(pairs), len(ordered) - len(left))


def reply_ids(trial: Trial, salt: str) -> dict[str, ReplyKey]:
    """The reply of each id that a sheet of this trial can have."""
    keys = [
        (scenario.id, arm, number)
        for scenario in trial.scenarios
        for arm in ARMS
        for number in range(1, trial.protocol.replies + 1)
    ]
    secret = f"{trial.protocol.content_hash}/{salt}"
    # The letter keeps spreadsheets from taking an id such as 12e4 for a number.
    return {f"r{sha256_text(f'{secret}/{key}')[:12]}": key for key in keys}


def labels_folder(trial: Trial) -> Path:
    """Where a trial keeps its labels, a file for each grader, and the salt."""
    return trial.folder / "labels"


def known_ids(trial: Trial) -> Mapping[str, ReplyKey]:
    """The reply of each id; empty where no sheet was ever made."""
    path = _salt_path(trial)
    return reply_ids(trial, read_text(path).strip()) if path.is_file() else {}


def read_labels(trial: Trial) -> tuple[Label, ...]:
    """All labels that were taken in, in the order of the graders' names; empty where there are none.

    Raises:
        FormatError: a stored file is damaged, or its salt was lost.
    """
    ids = known_ids(trial)
    return tuple(label for path in sorted(labels_folder(trial).glob("*.csv")) for label in _read_stored(path, ids))


def store_labels(trial: Trial, grader: str, labels: Iterable[Label]) -> tuple[int, int]:
    """Add a grader's labels to those that are stored; a new grade of the same reply takes the old one's place.

    Returns:
        How many are new, and how many took the place of another grade.

    Raises:
        FileError: they cannot be written; what was stored is as it was.
    """
    path = labels_folder(trial) / f"{grader}.csv"
    ids = known_ids(trial)
    old = {_key_of(label): label for label in (_read_stored(path, ids) if path.is_file() else ())}
    new = {_key_of(label): label for label in labels}
    merged = old | new
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((one, merged[key].grade, merged[key].note) for one, key in sorted(ids.items()) if key in merged)
    write_text(path, out.getvalue())
    return len(new.keys() - old.keys()), sum(old[key].grade != new[key].grade for key in old.keys() & new.keys())


def _in_order(batch: Collection[Pair], ids: Mapping[ReplyKey, str]) -> Iterator[Transcript]:
    """Single replies in the order of their hashes: one of each pair, then the others, none beside its own pair's."""
    sides = [sorted(pair.replies, key=lambda one: ids[_key_of(one)]) for pair in batch]
    first, second = (sorted((pair[at] for pair in sides), key=lambda one: ids[_key_of(one)]) for at in (0, 1))
    if first[-1].scenario == second[0].scenario:
        second = [*second[1:], second[0]]
    yield from (*first, *second)


def _shower(trial: Trial) -> _Shower:
    protocol = trial.protocol
    names = tuple(protocol.model_names)
    blindfold = Blindfold(added_lines(trial.systems), names, protocol.placeholder)
    return _Shower(trial, blindfold, Mask(names, protocol.placeholder))


@dataclass(frozen=True, slots=True)
class _Shower:
    """Makes of a reply what a grader sees of it: what the judge saw, under the placeholder's name."""

    trial: Trial
    blindfold: Blindfold
    mask: Mask

    def __call__(self, one: Transcript, reply_id: str) -> SheetReply:
        scenario = self.trial.scenario(one.scenario)
        reply = self.blindfold(one.reply, messages=scenario.messages, rubric=scenario.rubric)
        texts = (show_conversation(scenario.messages), reply.text, scenario.rubric)
        conversation, shown, rubric = (_plain(self.mask(text)) for text in texts)
        return SheetReply(reply_id, conversation, shown, rubric)


def _plain(text: str) -> str:
    """A text without control characters, which neither Word nor a spreadsheet takes."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _key_of(one: Transcript | Label) -> ReplyKey:
    return one.scenario, one.arm, one.number


def _salt_path(trial: Trial) -> Path:
    return labels_folder(trial) / "salt"


def _take_salt(trial: Trial) -> str:
    """The trial's salt; made with its first sheet."""
    path = _salt_path(trial)
    if not path.is_file():
        if any(labels_folder(trial).glob("*.csv")):
            raise FormatError(
                "the salt of these labels is gone: no id could be matched with them",
                path=path,
                mend="restore it from a copy, or move the labels away and grade anew",
            )
        write_text(path, f"{secrets.token_hex(32)}\n")
    return read_text(path).strip()


def _read_stored(path: Path, ids: Mapping[str, ReplyKey]) -> tuple[Label, ...]:
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""))
    try:
        return tuple(Label(path.stem, *ids[row["id"]], int(row["grade"]), row["note"]) for row in rows)
    except (KeyError, ValueError, csv.Error) as error:
        raise FormatError(
            f"these stored labels do not belong to this trial: {error}",
            path=path,
            line=rows.line_num,
            mend="restore labels/ from a copy, or delete this file and take the filled sheet in again",
        ) from error
