"""How well amendments survive a new release of a lab's document: Avenant beside git, patch and diff-match-patch.

For each pair of consecutive releases of OpenAI's Model Spec, and for the long jump from the first to the last, up to
300 paragraphs of the old release are sampled. Behind each a paragraph is put in, and in each a sentence is replaced;
every tool carries both changes to the new release. What became of each paragraph is found by other means than
Avenant's (`anchors_oracle`), and by eye where these fail (`anchors_by_eye`). The documents are read from
`../shared/specs`; none is part of this repository.

    python benchmarks/anchors.py                            # all pairs, all tools: ten minutes
    python benchmarks/anchors.py --methods avenant --show   # Avenant alone, each refusal and error with its place
    python benchmarks/anchors.py --pairs 2 6 --sample 100   # the hard pair and the long jump
    python benchmarks/anchors.py --other-pairs --methods avenant --sample 1000   # pairs that nothing was tuned on
    python benchmarks/anchors.py --labels --methods none    # what became of each sampled paragraph
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anchors_avenant import NAME, Carried, Speed, carry_all, has_rebase
from anchors_blocks import Page, cut_blocks
from anchors_by_eye import BY_EYE
from anchors_cases import ACTIONS, OUTCOMES, Action, Case, Outcome, can_be_replaced, judge, make_cases, sample_blocks
from anchors_oracle import FATES, Fate, Label, label_blocks
from anchors_peers import PEERS, open_desk

RELEASES = Path(__file__).resolve().parents[2] / "shared" / "specs" / "openai"
METHODS = (NAME, *PEERS)
SPEED_PEER = "diff-match-patch"
"""The peer whose time Avenant's is compared with: like Avenant it is Python, and looks for words far and wide."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two releases, what became of the first one's paragraphs, and the amendments of the sampled ones."""

    old_version: str
    new_version: str
    old: Page
    new: Page
    labels: Sequence[Label]
    numbers: Sequence[int]
    """The sampled blocks of the old release."""
    cases: Sequence[Case]

    @property
    def name(self) -> str:
        """Old and new version."""
        return f"{self.old_version} -> {self.new_version}"

    def fate(self, case: Case) -> Fate:
        """What became of the paragraph of a case."""
        return self.labels[case.number].fate


@dataclass(frozen=True, slots=True)
class Score:
    """How one tool did on one pair."""

    method: str
    outcomes: Sequence[Outcome]
    """One for each case of the pair, in order."""
    insertions_s: float
    """Seconds for all insertions."""
    carried: Sequence[Carried] = ()
    """For Avenant: what it did, in the order of the cases."""
    speed: Speed | None = None


def main() -> None:
    """Run and print."""
    given = _arguments()
    versions = list_versions()
    if not versions:
        sys.exit(f"the labs' documents are not on this machine: no folder {RELEASES}")
    steps = list_pairs(versions, is_other=given.other_pairs)
    methods = [method for method in METHODS if method in given.methods]
    missing = {method: reason for method in methods if (reason := why_missing(method))}
    reports = []
    for number, (old, new) in enumerate(steps, 1):
        if number not in (given.pairs or range(1, len(steps) + 1)):
            continue
        pair = read_pair(old, new, sample=given.sample, seed=given.seed)
        scores = [measure(pair, method) for method in methods if method not in missing]
        print(render_pair(pair, scores, missing), flush=True)
        if given.labels:
            print("\n".join(render_labels(pair)))
        if given.show:
            print("\n".join(line for score in scores if score.method == NAME for line in render_faults(pair, score)))
        reports.append((pair, scores))
    print(render_summary(reports))
    if given.json:
        given.json.write_text(json.dumps([_as_data(*report) for report in reports], indent=1), encoding="utf-8")


def list_pairs(versions: Sequence[str], *, is_other: bool) -> list[tuple[str, str]]:
    """The pairs that were read by eye; or all others, newer to older too, on which nothing was tuned or corrected."""
    read = [*itertools.pairwise(versions), (versions[0], versions[-1])]
    return [pair for pair in itertools.permutations(versions, 2) if pair not in read] if is_other else read


def list_versions() -> list[str]:
    """Versions of the releases on this machine, oldest first."""
    return sorted(path.parent.name for path in RELEASES.glob("2*/model_spec.md"))


def why_missing(method: str) -> str:
    """Why a method cannot run here; empty where it can."""
    if method == NAME:
        return "" if has_rebase() else "not in this version"
    return "" if PEERS[method].is_installed else "not installed"


def read_pair(old_version: str, new_version: str, *, sample: int, seed: int) -> Pair:
    """Read two releases and make the amendments."""
    old, new = (
        cut_blocks((RELEASES / version / "model_spec.md").read_bytes().decode())
        for version in (old_version, new_version)
    )
    labels = label_blocks(old, new, BY_EYE.get((old_version, new_version)))
    named = f"{seed}/{old_version}/{new_version}"
    numbers = sample_blocks(old, sample, named)
    return Pair(old_version, new_version, old, new, labels, numbers, make_cases(old, numbers, named))


def measure(pair: Pair, method: str) -> Score:
    """Carry all amendments of a pair with one tool, and judge each."""
    if method == NAME:
        carried, speed = carry_all(pair.cases, (pair.old_version, pair.old.text), (pair.new_version, pair.new.text))
        outcomes = [_judge(pair, case, one.result) for case, one in zip(pair.cases, carried, strict=True)]
        return Score(method, outcomes, speed.parsing_s + speed.rebasing_s, carried, speed)
    spent, outcomes = 0.0, []
    with open_desk(pair.old.text, pair.new.text) as desk:
        for case in pair.cases:
            started = time.perf_counter()
            result = PEERS[method].carry(desk, case.edit)
            spent += time.perf_counter() - started if case.action == "insert-after" else 0.0
            outcomes.append(_judge(pair, case, result))
    return Score(method, outcomes, spent)


def count(pair: Pair, score: Score, action: Action, fate: Fate) -> dict[Outcome, int]:
    """Outcomes of one kind of amendment in paragraphs of one fate."""
    chosen = [
        outcome
        for case, outcome in zip(pair.cases, score.outcomes, strict=True)
        if case.action == action and pair.fate(case) == fate
    ]
    return {kind: chosen.count(kind) for kind in OUTCOMES}


def count_replaceable(pair: Pair, fate: Fate) -> int:
    """Replacements whose very sentence still stands in the new release; the others ought to be refused."""
    chosen = [case for case in pair.cases if case.action == "replace" and pair.fate(case) == fate]
    return sum(can_be_replaced(case, pair.old, pair.labels[case.number], pair.new) for case in chosen)


def render_pair(pair: Pair, scores: Sequence[Score], missing: dict[str, str]) -> str:
    """A table: right/refused/wrong of each tool, for replacements right/refused/clobbered/wrong."""
    sizes = {fate: sum(pair.labels[n].fate == fate for n in pair.numbers) for fate in FATES}
    shown = [fate for fate in FATES if sizes[fate]]
    out = [f"\n## {pair.name}\n", ", ".join(f"{sizes[fate]} {fate}" for fate in FATES) + "\n"]
    heads = [f"insert: {fate} ({sizes[fate]})" for fate in shown]
    heads += [f"replace: {fate} ({sizes[fate]}, {count_replaceable(pair, fate)} can be)" for fate in shown]
    out += [_row("", *heads, "seconds"), _row(*["---"] * (len(heads) + 2))]
    for score in scores:
        cells = [_cell(count(pair, score, action, fate), action) for action in ACTIONS for fate in shown]
        out.append(_row(score.method, *cells, f"{score.insertions_s:.2f}"))
    out += [_row(method, reason, *[""] * len(heads)) for method, reason in missing.items()]
    out.append(
        "\ninsert: right/refused/wrong; replace: right/refused/clobbered/wrong; seconds: all insertions of the sample."
    )
    return "\n".join(out)


def render_summary(reports: Sequence[tuple[Pair, Sequence[Score]]]) -> str:
    """Avenant's figures that stand for its promises, one line each."""
    out = ["\n## Avenant in short\n"]
    for pair, scores in reports:
        found = {score.method: score for score in scores}
        if NAME not in found:
            continue
        score = found[NAME]
        out.append(f"- {pair.name}")
        out += [f"    - {line}" for line in _promises(pair, score, found.get(SPEED_PEER))]
    return "\n".join(out) if len(out) > 1 else ""


def _promises(pair: Pair, score: Score, peer: Score | None) -> list[str]:
    tables = {(action, fate): count(pair, score, action, fate) for action in ACTIONS for fate in FATES}
    sizes = {key: sum(table.values()) for key, table in tables.items()}
    untouched = sum(tables[action, "untouched"]["right"] for action in ACTIONS)
    edited, replaced = tables["insert-after", "edited"], tables["replace", "edited"]
    errors = sum(table["wrong"] for table in tables.values())
    clobbered = sum(table["clobbered"] for table in tables.values())
    rows = list(zip(pair.cases, score.carried, score.outcomes, strict=True))
    lost = [one for case, one, outcome in rows if pair.fate(case) == "gone" and outcome == "refused"]
    asked = [
        _is_offered(pair, case, one)
        for case, one, outcome in rows
        if outcome == "refused" and pair.fate(case) in ("edited", "rewritten")
    ]
    adapted = sum(one.fate == "adapted" for _, one, outcome in rows if outcome == "right")
    all_gone = sum(sizes[action, "gone"] for action in ACTIONS)
    lines = [
        f"untouched: {untouched} of {sum(sizes[action, 'untouched'] for action in ACTIONS)} right",
        f"insertions beside edited paragraphs: {edited['right']} of {sizes['insert-after', 'edited']} right",
        f"replacements in edited paragraphs: {replaced['right']} of {count_replaceable(pair, 'edited')} that can be "
        f"(of {sizes['replace', 'edited']}) right, {clobbered} rewordings clobbered",
        f"silent errors: {errors} of {len(rows)}",
        f"gone: {len(lost)} of {all_gone} refused, {sum(bool(one.candidates) for one in lost)} with candidates",
        f"refused in edited and rewritten paragraphs: {len(asked)}, {sum(asked)} with a right one among the candidates",
        f"placed right, to be confirmed by the author: {adapted}",
    ]
    if score.speed is not None:
        total = score.speed.parsing_s + score.speed.rebasing_s
        ratio = (
            f"; {peer.method} on the same: {peer.insertions_s:.1f} s, {peer.insertions_s / total:.0f}x" if peer else ""
        )
        lines.append(
            f"speed: {score.speed.anchors} anchors in {total:.2f} s (parse {score.speed.parsing_s:.2f}, align and "
            f"re-anchor {score.speed.rebasing_s:.2f}){ratio}"
        )
    return lines


def _is_offered(pair: Pair, case: Case, carried: Carried) -> bool:
    """Whether one of the offered clauses is one that the paragraph became."""
    became = [pair.new.blocks[target] for target in pair.labels[case.number].targets]
    return any(block.start < end and start < block.end for start, end in carried.candidates for block in became)


def render_faults(pair: Pair, score: Score) -> list[str]:
    """Each error, and each refusal of what could have been carried, with lines and the first words."""
    out = [f"\n### {pair.name}: {score.method}"]
    notes = score.carried or [None] * len(pair.cases)
    for case, outcome, carried in zip(pair.cases, score.outcomes, notes, strict=True):
        label = pair.labels[case.number]
        can_be = case.action == "insert-after" or can_be_replaced(case, pair.old, label, pair.new)
        if outcome == "right" or (outcome == "refused" and (label.fate in ("rewritten", "gone") or not can_be)):
            continue
        block = pair.old.blocks[case.number]
        out.append(f"{outcome}: {case.action}, {label.fate}, old line {pair.old.line(block.start)} [{block.section}]")
        out.append(f"    quote: {_short(case.quote)}")
        out += [f"    became line {_place(pair.new, target)}" for target in label.targets]
        if carried is not None:
            out.append(f"    {carried.fate}, {len(carried.candidates)} candidates {carried.note}".rstrip())
            if carried.result is not None:
                at = carried.result.find(case.marker)
                out.append(
                    f"    landed at line {carried.result.count(chr(10), 0, at) + 1}: "
                    f"{_short(carried.result[max(0, at - 90) : at + len(case.marker) + 60], 240)}"
                )
    return out


def render_labels(pair: Pair) -> list[str]:
    """What became of each sampled paragraph."""
    out = []
    for number in pair.numbers:
        block, label = pair.old.blocks[number], pair.labels[number]
        eye = " (by eye)" if label.is_by_eye else ""
        places = "; ".join(_place(pair.new, target) for target in label.targets)
        out.append(f"{block.sha} line {_place(pair.old, number)}: {label.fate}{eye} -> {places}")
    return out


def _judge(pair: Pair, case: Case, result: str | None) -> Outcome:
    return judge(case, pair.old, pair.labels[case.number], pair.new, result)


def _place(page: Page, number: int) -> str:
    block = page.blocks[number]
    return f"{page.line(block.start)} [{block.section}] {_short(block.words)}"


def _short(words: str, limit: int = 100) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _cell(counts: dict[Outcome, int], action: Action) -> str:
    kinds = OUTCOMES if action == "replace" else [kind for kind in OUTCOMES if kind != "clobbered"]
    return "/".join(str(counts[kind]) for kind in kinds)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _as_data(pair: Pair, scores: Sequence[Score]) -> dict[str, object]:
    return {
        "old": pair.old_version,
        "new": pair.new_version,
        "sampled": len(pair.numbers),
        "fates": {fate: sum(pair.labels[n].fate == fate for n in pair.numbers) for fate in FATES},
        "replaceable": {fate: count_replaceable(pair, fate) for fate in FATES},
        "methods": {
            score.method: {
                "outcomes": {a: {fate: count(pair, score, a, fate) for fate in FATES} for a in ACTIONS},
                "insertions_s": round(score.insertions_s, 3),
                "speed": dataclasses.asdict(score.speed) if score.speed else None,
            }
            for score in scores
        },
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=300, help="paragraphs a pair (default: 300)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, nargs="+", metavar="N", help="1 to 5: consecutive; 6: first to last")
    parser.add_argument("--methods", nargs="+", choices=(*METHODS, "none"), default=METHODS)
    parser.add_argument(
        "--other-pairs",
        action="store_true",
        help="all other pairs, backwards too: not read by eye, nothing tuned on them",
    )
    parser.add_argument("--labels", action="store_true", help="print what became of each sampled paragraph")
    parser.add_argument("--show", action="store_true", help="print each error and refusal of Avenant")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all counts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
