"""The sequence of a trial: which block comes next, given the scores of those that are done.

A pure function of the protocol and of stored scores, so that a run that was killed goes on exactly where it was.
"""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from avenant.scenarios import Battery
from avenant.trials.contrasts import SIDES
from avenant.trials.design import Trial
from avenant.trials.standing import (
    Done,
    Standing,
    assay_name,
    block_name,
    check_reading,
    find_assay,
    find_comparable,
    find_headroom,
    find_set_aside,
    find_standings,
)

REPEAT = "repeat"
"""Name of the block that computes some scores a second time."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is asked before the trial is looked at again; one Inspect log."""

    name: str
    asked: Mapping[str, Sequence[str]]
    """Scenario ids for each arm, the arms in the order in which they are asked."""

    @property
    def size(self) -> int:
        """Requests, each of as many replies as the protocol says."""
        return sum(map(len, self.asked.values()))


def next_block(trial: Trial, done: Done) -> Block | None:
    """The block to run now; None where the trial is over."""
    if not trial.protocol.is_sequential:
        return next((block for block in _fixed_blocks(trial) if block.name not in done), None)
    return next((block for block in _sequential_blocks(trial, done) if block.name not in done), None)


def planned_blocks(trial: Trial) -> list[Block]:
    """Every block that the trial may come to: what it costs at most."""
    if not trial.protocol.is_sequential:
        return list(_fixed_blocks(trial))
    blocks = [_main_block(trial, index, ids) for index, ids in enumerate(trial.protocol.blocks)]
    return [*_check_blocks(trial), *_screen_blocks(trial), *blocks, *_assay_blocks(trial, trial.protocol.scenarios)]


def _fixed_blocks(trial: Trial) -> Iterable[Block]:
    protocol = trial.protocol
    described = set(protocol.baseline)
    for index, ids in enumerate(protocol.blocks):
        asked: dict[str, Sequence[str]] = {"baseline": [one for one in ids if one in described]}
        asked |= dict.fromkeys(("amended", "placebo"), ids)
        asked["control"] = protocol.control_blocks[index]
        asked["blunt"] = protocol.blunt_blocks[index] if protocol.blunt_blocks else []
        if protocol.outcome == "margin":
            asked["inverted"] = ids
            asked["inverted-control"] = asked["control"]
            asked["inverted-blunt"] = asked["blunt"]
        yield Block(block_name(index), _in_random_order(trial, asked, index))
    if protocol.repeats:
        yield Block(REPEAT, {"baseline": protocol.repeats, "amended": protocol.repeats})


def _sequential_blocks(trial: Trial, done: Done) -> Iterable[Block]:
    """The blocks up to and including the first that is not done."""
    for block in _check_blocks(trial):
        if check_reading(done).decision != "undecided":
            break
        yield block
    if check_reading(done).decision != "accept":
        return
    yield from _screen_blocks(trial)
    if has_no_room(trial, done):
        return
    aside = find_set_aside(trial, done)
    standings = find_standings(trial, done)
    open_batteries = _open_batteries(standings)
    for index, ids in enumerate(trial.protocol.blocks):
        if block_name(index) in done:
            continue
        wanted = [one for one in ids if one not in aside and trial.scenario(one).battery in open_batteries]
        if wanted:
            yield _main_block(trial, index, wanted)
    if standings["target"].course == "nothing" and not _is_harm_seen(standings):
        yield from _assay(trial, done)


def has_no_room(trial: Trial, done: Done) -> bool:
    """Whether the screen shows that the target scenarios cannot rise by what would matter."""
    if trial.protocol.sets_aside:
        targets = {scenario.id for scenario in trial.scenarios if scenario.is_target}
        return targets <= find_set_aside(trial, done)
    headroom = find_headroom(trial, done)
    return headroom.mean is not None and headroom.mean < trial.protocol.margin


def _open_batteries(standings: Mapping[Battery, Standing]) -> set[Battery]:
    """Batteries that are still asked: none where nothing that is open could change the verdict."""
    is_over = standings["target"].course in ("falls", "nothing") or _is_harm_seen(standings)
    return set() if is_over else {battery for battery, standing in standings.items() if not standing.is_settled}


def _is_harm_seen(standings: Mapping[Battery, Standing]) -> bool:
    return any(standings[battery].course == "falls" for battery in SIDES if battery in standings)


def _check_blocks(trial: Trial) -> Iterable[Block]:
    for index, ids in enumerate(trial.protocol.checks):
        yield Block(f"check-{index + 1}", {"control": ids})


def _screen_blocks(trial: Trial) -> Iterable[Block]:
    for index, ids in enumerate(trial.protocol.screen):
        yield Block(f"screen-{index + 1}", {"baseline": ids})


def _main_block(trial: Trial, index: int, wanted: Sequence[str]) -> Block:
    described = set(trial.protocol.baseline)
    baseline = [one for one in wanted if one in described]
    asked = {"amended": wanted, "placebo": wanted, "baseline": baseline}
    return Block(block_name(index), _in_random_order(trial, asked, index))


def _assay(trial: Trial, done: Done) -> Iterable[Block]:
    for block in _assay_blocks(trial, find_comparable(done)):
        assay = find_assay(trial, done)
        if assay.ci_low is not None and assay.ci_low > trial.protocol.margin:
            return
        if block.size:
            yield block


def _assay_blocks(trial: Trial, comparable: Container[str]) -> Iterable[Block]:
    """The blunt rule; where replies are compared with each other, beside placebo replies of its own."""
    arms = ("blunt", "placebo") if trial.protocol.outcome == "preference" else ("blunt",)
    for index, ids in enumerate(trial.protocol.assay):
        yield Block(assay_name(index), {arm: [one for one in ids if one in comparable] for arm in arms})


def _in_random_order(trial: Trial, asked: Mapping[str, Sequence[str]], index: int) -> dict[str, Sequence[str]]:
    """The requests of one arm together, the arms in random order."""
    arms = [(arm, ids) for arm, ids in asked.items()]
    random.Random(f"{trial.protocol.seed}/{index}").shuffle(arms)
    return dict(arms)
