"""How well `avenant check` finds a leaked name, and how often it cries wolf, beside a plain search for the names.

Leaks: every place of a draft and of its scenario file where an author can write, and every way of writing a name,
plain or disguised. Clean drafts: `data/check-drafts.yaml`, written by somebody who had not seen the rules, and
sentences that only look as though they named a model. The labs' documents are read from `../shared/specs`; none is
part of this repository, and without them the example constitution alone is used.

    python benchmarks/check.py                  # all of it: a minute
    python benchmarks/check.py --show           # each missed leak and each false alarm
    python benchmarks/check.py --drafts 1000    # how long that many drafts to one document take, and how many parses
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from check_cases import PASSAGE, Case, from_row, make_clean, make_draft, make_leaks, read_written
from scipy.stats import binomtest

from avenant.check.engine import check_amendments
from avenant.check.finding import Finding
from avenant.specs import library
from avenant.specs.library import Spec, add_spec, known_model_names
from avenant.workspace import Workspace, init_workspace

SHARED = Path(__file__).resolve().parents[2] / "shared" / "specs"
NEWEST = {"anthropic": "anthropic/2026-01-20/constitution.md", "openai": "openai/2025-12-18.r2/model_spec.md"}
NAME_RULES = ("model-name", "disguised-name", "name-in-file-name")


def open_workspace(root: Path) -> tuple[Workspace, dict[str, Spec]]:
    """A workspace with the newest release of each document that is here, by lab."""
    workspace = init_workspace(root)
    example = resources.files("avenant") / "example" / "odile-constitution.md"
    raws = {"atelier/2026-09-01": example.read_bytes()}
    for lab, place in NEWEST.items():
        if (SHARED / place).is_file():
            raws[f"{lab}/{place.split('/')[1]}"] = (SHARED / place).read_bytes()
    folder = workspace.folder("specs")
    return workspace, {i.split("/")[0]: add_spec(folder, raw, i, source="benchmark") for i, raw in raws.items()}


def check_cases(workspace: Workspace, cases: Sequence[Case]) -> dict[str, list[Finding]]:
    """The findings on each case, by its id; nothing is written to the disk."""
    texts: dict[Path, str] = {}
    owners: dict[Path, str] = {}
    drafts = []
    for case in cases:
        path = workspace.folder("amendments") / f"{case.stem}.md"
        scenarios = workspace.folder("scenarios") / f"{case.stem}.yaml"
        texts[path] = case.draft
        drafts.append(path)
        owners[path] = owners[scenarios] = case.id
        if case.scenarios:
            texts[scenarios] = case.scenarios
    found: dict[str, list[Finding]] = {case.id: [] for case in cases}
    for finding in check_amendments(workspace, drafts, texts=texts).findings:
        found[owners[finding.path]].append(finding)
    return found


def grep(case: Case, names: Iterable[str]) -> bool:
    """The peer: `grep -i -w` for the names in both texts and the file's name."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    body = re.sub(r"(?m)^spec: .*$", "", case.draft)
    return any(pattern.search(text) for text in (body, case.scenarios, case.stem.replace("-", " ")))


def share(hits: int, total: int) -> str:
    """A share with its 95 % interval (Clopper and Pearson)."""
    if not total:
        return "none"
    ci = binomtest(hits, total).proportion_ci(method="exact")
    return f"{hits}/{total} = {hits / total:.3f} [{ci.low:.3f}, {ci.high:.3f}]"


def report_leaks(workspace: Workspace, specs: Mapping[str, Spec], show: bool) -> None:
    """Recall of leaked names, by way of writing them."""
    cases = [case for spec in specs.values() for case in make_leaks(spec)]
    found = check_cases(workspace, cases)
    names = known_model_names()
    hits = {case.id: any(one.rule in NAME_RULES for one in found[case.id]) for case in cases}
    greps = {case.id: grep(case, names) for case in cases}
    print(f"leaks found by avenant:   {share(sum(hits.values()), len(cases))}")
    print(f"leaks found by grep -i -w: {share(sum(greps.values()), len(cases))}")
    for case in cases:
        if show and not hits[case.id]:
            print(f"  missed: {case.id}: {case.name!r} in {case.where} ({case.how})")
    ways = Counter(case.how for case in cases)
    for how, total in ways.items():
        ours = sum(hits[case.id] for case in cases if case.how == how)
        theirs = sum(greps[case.id] for case in cases if case.how == how)
        if show:
            print(f"  {how:28} {ours:4}/{total:<4} grep {theirs:4}/{total}")


def report_clean(workspace: Workspace, specs: Mapping[str, Spec], show: bool) -> None:
    """False alarms on clean drafts."""
    cases = list(make_clean(specs))
    found = check_cases(workspace, cases)
    names = known_model_names()
    for where in dict.fromkeys(case.where for case in cases):
        chosen = [case for case in cases if case.where == where]
        named = sum(any(one.rule in NAME_RULES for one in found[case.id]) for case in chosen)
        greps = sum(grep(case, names) for case in chosen)
        failing = sum(any(one.is_failing for one in found[case.id]) for case in chosen)
        noted = sum(bool(found[case.id]) for case in chosen)
        print(f"clean ({where}): false names {share(named, len(chosen))}, by grep {share(greps, len(chosen))}")
        print(f"  any error or warning {share(failing, len(chosen))}; any finding {share(noted, len(chosen))}")
    rules = Counter((one.rule, one.severity) for case in cases for one in {f.rule: f for f in found[case.id]}.values())
    for (rule, severity), count in rules.most_common():
        print(f"  {rule} ({severity}): {count} drafts")
    if show:
        for case in cases:
            for finding in found[case.id]:
                print(f"  {case.id}: {finding.severity}: {finding.rule}: {finding.problem[:150]}")


def report_faulty(workspace: Workspace, specs: Mapping[str, Spec]) -> None:
    """What is found in drafts that a hasty outsider would write."""
    rows = [row for row in read_written("check-faulty.yaml") if row["document"] in specs]
    found = check_cases(workspace, [from_row(specs[row["document"]], row) for row in rows])
    print("faulty drafts:")
    for row in rows:
        rules = sorted({f"{one.rule}{'' if one.is_failing else ' (note)'}" for one in found[row["id"]]})
        print(f"  {row['id']}: {' '.join(row['fault'].split())[:110]}\n    found: {', '.join(rules) or 'nothing'}")


@contextmanager
def counted_parses() -> Iterator[list[int]]:
    """The lengths of the documents that are parsed meanwhile."""
    parsed: list[int] = []
    real = library.parse_document

    def count(text: str, spec_id: str):  # type: ignore[no-untyped-def]
        parsed.append(len(text))
        return real(text, spec_id)

    library.parse_document = count
    library._parse_once.cache_clear()
    try:
        yield parsed
    finally:
        library.parse_document = real


def report_speed(workspace: Workspace, specs: Mapping[str, Spec], count: int) -> None:
    """Many drafts to the longest document: how many parses, and how long beside one draft."""
    spec = max(specs.values(), key=lambda one: len(one.document.text))
    drafts = [
        Case(f"draft-{n}", make_draft(spec, title=f"Draft {n}", passage=PASSAGE.replace("a plan", f"plan number {n}")))
        for n in range(count)
    ]
    times = []
    for cases in (drafts[:1], drafts):
        with counted_parses() as parsed:
            start = time.perf_counter()
            check_cases(workspace, cases)
            times.append(time.perf_counter() - start)
    words = len(spec.document.text.split())
    print(
        f"{count} drafts against {words:,} words: {len(parsed)} parse(s), {times[1]:.1f} s; one {times[0]:.2f} s; "
        f"{count} drafts cost {times[1] / times[0]:.0f} times as much as one"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="each miss and each false alarm")
    parser.add_argument("--drafts", type=int, default=1000, help="how many drafts for the speed; 0: none")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        workspace, specs = open_workspace(Path(folder) / "workspace")
        print(f"documents: {', '.join(spec.id for spec in specs.values())}")
        report_leaks(workspace, specs, options.show)
        report_clean(workspace, specs, options.show)
        report_faulty(workspace, specs)
        if options.drafts:
            report_speed(workspace, specs, options.drafts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
