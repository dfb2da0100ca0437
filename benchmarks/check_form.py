"""How often the rules of form cry wolf over the labs' own words, and how much they find of what is not theirs.

Clean passages are what the labs wrote themselves: what each release added to the one before, as drafts to that one, and
the paragraphs and sections of a release, as drafts to the release without them. Transplants are paragraphs of one
document in another. Faults are planted into those clean passages in which the rules find nothing. The style is always
learned from the text alone that the draft is for. The labs' documents are read from `../shared/specs`; none is part of
this repository. One half of all is for development, the other for the test; nothing is random.

    python benchmarks/check_form.py                       # the test half: some minutes
    python benchmarks/check_form.py --half development
    python benchmarks/check_form.py --pairs               # what each release added, pair by pair
    python benchmarks/check_form.py --show                # each false alarm, and the planted faults that are missed
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from check_form_cases import HALVES, SPECS, Case, make_clean, make_transplants
from check_form_faults import plant_all
from scipy.stats import binomtest

from avenant.check.finding import Flaw
from avenant.check.registry import RULES_BY_ID
from avenant.check.rule import Rule

FORM = (
    "other-person",
    "other-mood",
    "typography",
    "slight-typography",
    "other-spelling",
    "defined-term",
    "too-long",
    "heading-level",
    "heading-form",
    "duplicate-id",
    "authority-level",
    "missing-authority",
    "authority-claim",
    "unstated-authority",
    "broken-reference",
    "dangling-reference",
)
"""Ids of the rules that are measured."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules say of one passage."""

    case: Case
    flaws: tuple[tuple[Rule, Flaw], ...]
    spent_ms: float
    """For this draft alone, with the document's style known."""

    @property
    def is_failing(self) -> bool:
        """Whether there is an error or a warning."""
        return any(rule.severity != "note" for rule, _ in self.flaws)

    @property
    def has_note(self) -> bool:
        """Whether there is a note."""
        return any(rule.severity == "note" for rule, _ in self.flaws)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--half", choices=HALVES, default="test")
    parser.add_argument("--pairs", action="store_true", help="what each release added, pair by pair")
    parser.add_argument("--show", action="store_true", help="each false alarm, and the planted faults that are missed")
    given = parser.parse_args()
    if not SPECS.is_dir():
        sys.exit(f"the labs' documents are not on this machine: no folder {SPECS}")
    clean = [check(case) for case in make_clean() if given.pairs or case.half == given.half]
    print_clean(clean, by_pair=given.pairs)
    if given.show:
        show(one for one in clean if one.flaws)
    if given.pairs:
        return
    print_transplants([check(case) for case in make_transplants() if case.half == given.half])
    print_faults([one.case for one in clean if not one.flaws], is_shown=given.show)
    spent = [one.spent_ms for one in clean]
    print(
        f"\nA draft, its document's style known: median {statistics.median(spent):.1f} ms, longest {max(spent):.1f} ms"
    )


def check(case: Case) -> Result:
    """What the rules of form say of a case."""
    draft = case.draft()
    _ = draft.style
    started = time.perf_counter()
    flaws = []
    for id_ in FORM:
        rule = RULES_BY_ID[id_]
        assert rule.find is not None
        flaws += [(rule, flaw) for flaw in rule.find(draft)]
    return Result(case, tuple(flaws), 1000 * (time.perf_counter() - started))


def print_clean(results: Sequence[Result], *, by_pair: bool) -> None:
    """Share of the labs' own passages with a warning or an error, and with a note."""
    print("The labs' own passages: share with a finding, 95 % interval (Wilson)")
    print(f"  {'':46}{'passages':>9}  {'error or warning':26}{'note':26}")
    groups: dict[str, list[Result]] = defaultdict(list)
    chosen = [one for one in results if not by_pair or one.case.kind.startswith("added")]
    for one in chosen:
        case = one.case
        since = f"{case.spec.id.split('/')[1]} and what came next"
        groups[f"{case.lab}: {since if by_pair else case.kind}"].append(one)
        groups[f"{case.lab}: all"].append(one)
    for name in sorted(groups, key=lambda name: (name.split(":")[0], name.endswith("all"), name)):
        ours = groups[name]
        failing, notes = (interval([test(one) for one in ours]) for test in (_is_failing, _has_note))
        print(f"  {name:46}{len(ours):>9}  {failing:26}{notes:26}".rstrip())
    _print_rules(chosen)


def _is_failing(one: Result) -> bool:
    return one.is_failing


def _has_note(one: Result) -> bool:
    return one.has_note


def _print_rules(results: Sequence[Result]) -> None:
    counts = Counter(rule.id for one in results for rule in {rule.id: rule for rule, _ in one.flaws}.values())
    listed = ", ".join(f"{id_} {count}" for id_, count in counts.most_common())
    print(f"  passages by rule: {listed or 'none'}")


def print_transplants(results: Sequence[Result]) -> None:
    """Share of one document's paragraphs that is found strange in another."""
    print("\nTransplants: share with a finding")
    print(f"  {'':34}{'passages':>9}  {'any':26}{'error or warning':26}")
    for kind in dict.fromkeys(one.case.kind for one in results):
        ours = [one for one in results if one.case.kind == kind]
        found, failing = interval([bool(one.flaws) for one in ours]), interval([one.is_failing for one in ours])
        print(f"  {kind:34}{len(ours):>9}  {found:26}{failing:26}")
        _print_rules(ours)


def print_faults(cases: Iterable[Case], *, is_shown: bool) -> None:
    """Share of the planted faults that the rule for them finds, by document."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    rules: dict[str, tuple[str, ...]] = {}
    for case in cases:
        for fault, planted in plant_all(case):
            rules[fault.name] = fault.rules
            is_found = any(rule.id in fault.rules for rule, _ in check(planted).flaws)
            found[fault.name, case.lab].append(is_found)
            if is_shown and not is_found:
                print(f"    missed, {fault.name}, {case.spec.id}: {' '.join(planted.passage.split())[:160]}")
    print("\nPlanted faults: found by the rule for them")
    print(f"  {'':40}{'rule':22}{'anthropic':>12}{'openai':>12}")
    totals: dict[str, list[bool]] = defaultdict(list)
    for name, ids in rules.items():
        cells = []
        for lab in ("anthropic", "openai"):
            hits = found.get((name, lab), [])
            totals[ids[0]] += hits
            cells.append(f"{sum(hits)}/{len(hits)}" if hits else "-")
        print(f"  {name:40}{ids[0]:22}{cells[0]:>12}{cells[1]:>12}")
    for id_, hits in totals.items():
        print(f"  {'all':40}{id_:22}{interval(hits)}")


def interval(hits: Sequence[bool]) -> str:
    """A share with its interval."""
    if not hits:
        return "cannot tell"
    test = binomtest(sum(hits), len(hits))
    bounds = test.proportion_ci(method="wilson")
    return f"{test.statistic:.3f} [{bounds.low:.3f}, {bounds.high:.3f}]"


def show(results: Iterable[Result]) -> None:
    """Each finding over a lab's own words."""
    for one in results:
        for rule, flaw in one.flaws:
            print(f"\n{one.case.lab}, {one.case.kind}, {rule.severity} {rule.id}: {flaw.problem}")
            print(f"  {' '.join(one.case.passage.split())[:240]}")


if __name__ == "__main__":
    main()
