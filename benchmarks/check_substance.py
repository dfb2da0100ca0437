"""How often the rules on substance and on settled judgement find a fault, and how often they cry wolf.

Clean: the labs' own later additions, as passages for the release before; and their own paragraphs, each as a passage
that takes its own place (and so, for absolute-word and off-audience, has nothing that was not there). Faulty:
`data/check-substance.yaml`, in our own words; its rows marked `tuned: false` and `data/check-faulty.yaml` were written
without the rules in view or after they were fixed. The labs' documents are read from `../shared/specs`; none is part of
this repository, and without them the example constitution alone is used.

    python benchmarks/check_substance.py                  # all of it
    python benchmarks/check_substance.py --show           # each miss and each false alarm
    python benchmarks/check_substance.py --written        # with the drafts of data/check-drafts.yaml as well
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from check_cases import DATA, make_draft
from scipy.stats import binomtest

from avenant.amendments.amendment import parse_amendment
from avenant.amendments.pointing import draft_anchor
from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.registry import RULES
from avenant.check.rule import Rule
from avenant.errors import AvenantError
from avenant.files import read_text
from avenant.specs.align import align_documents
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Manifest, Spec, read_labs
from avenant.specs.parse import parse_document
from avenant.text import mask_names, plain_words, replace_name

SHARED = Path(__file__).resolve().parents[2] / "shared" / "specs"
PLACEHOLDER = "Clément"
NEWEST = {
    "anthropic": "anthropic/2026-01-20/constitution.md",
    "openai": "openai/2025-12-18.r2/model_spec.md",
    "atelier": "",
}
IDS = (
    "no-condition",
    "no-conduct",
    "no-reason",
    "absolute-word",
    "off-audience",
    "two-ideas",
    "repeats-clause",
    "contradicts-clause",
    "contests-judgement",
)
_NOVEL = 0.75
"""Share of runs of five words that are new in a passage that was added, and not moved or reworded."""
_LEAST_WORDS = 25
"""Shorter paragraphs are headings, list items and transitions, not passages that a draft would hold."""


@dataclass(frozen=True, slots=True)
class Case:
    """A draft with what the rules should say of it."""

    id: str
    draft: Draft
    rules: tuple[str, ...] = ()
    """Rules that should find something."""


def rules_here() -> list[Rule]:
    """The rules that are measured."""
    return [rule for rule in RULES if rule.id in IDS]


@lru_cache(maxsize=16)
def load_spec(path: Path | None) -> Spec:
    """A release as a spec; None: the example constitution."""
    if path is None:
        text = (resources.files("avenant") / "example" / "odile-constitution.md").read_text(encoding="utf-8")
        lab, version = "atelier", "2026-09-01"
    else:
        text, lab, version = read_text(path), path.parent.parent.name, path.parent.name
    known = read_labs()[lab]
    manifest = Manifest(lab, known["subject"], tuple(known["names"]), "unknown", "benchmark", "0" * 64, "2026-01-01")
    spec_id = f"{lab}/{version}"
    return Spec(spec_id, path or Path("odile-constitution.md"), manifest, parse_document(text, spec_id))


def specs_here() -> dict[str, Spec]:
    """The newest release of each document that is here, by lab."""
    found = {"atelier": load_spec(None)}
    for lab, place in NEWEST.items():
        if place and (SHARED / place).is_file():
            found[lab] = load_spec(SHARED / place)
    return found


def as_draft(spec: Spec, *, passage: str, edit: dict[str, Any], title: str, case: str) -> Draft:
    """A draft as the rules see it."""
    words = {"passage": passage} if passage else {}
    source = make_draft(spec, title=title, edit=edit, **words)
    if not passage:
        start = source.index("## Passage")
        source = source[:start] + source[source.index("## Why") :]
    amendment = parse_amendment(source, Path(f"{case}.md"))
    return Draft(amendment, spec, (), spec.model_names, PLACEHOLDER, None)


def from_row(spec: Spec, row: dict[str, Any]) -> Draft:
    """The draft of a row of the data."""
    document = spec.document
    section = document.find_sections(row["section"])[0]
    action = row.get("edit", "append")
    if action == "append":
        edit = {"append-to-section": {"section": section.id}}
    else:
        clause = document.clauses_of(section)[row["clause"]]
        edit = {action: clause_edit(spec, clause)}
        if "passage" not in row and action == "replace":
            row = row | {"passage": changed(spec, clause, row)}
    passage = row.get("passage", "").strip()
    return as_draft(spec, passage=passage, edit=edit, title=row.get("title", "Name those who lose"), case=row["id"])


def changed(spec: Spec, clause: Clause, row: dict[str, Any]) -> str:
    """A clause's own text under the placeholder, with the words of a row added or put in place of others."""
    text = masked(spec, spec.document.slice(clause.span).strip())
    if "add" in row:
        return text.rstrip(".") + row["add"]
    old, new = row["swap"]
    assert old in text, (row["id"], old)
    return text.replace(old, new)


def clause_edit(spec: Spec, clause: Clause) -> dict[str, str]:
    """An anchor on a whole clause, as the front matter has it."""
    document = spec.document
    text = document.slice(clause.span)
    start = clause.span.start
    if clause.kind == "list-item":
        start += len(text) - len(text.lstrip("-*+0123456789.) \t"))
    anchor = draft_anchor(spec, Span(start, clause.span.start + len(text.rstrip())), PLACEHOLDER)
    keys = {"section": anchor.section, "quote": anchor.quote, "prefix": anchor.prefix, "suffix": anchor.suffix}
    return {key: value for key, value in keys.items() if value}


def masked(spec: Spec, text: str) -> str:
    """A lab's own words as an outsider's passage: under the placeholder."""
    if spec.manifest.subject[0].islower():
        return text
    return mask_names(replace_name(text, spec.manifest.subject, PLACEHOLDER), spec.model_names, PLACEHOLDER)


def is_passage(document: Document, clause: Clause) -> bool:
    """Whether a clause is prose of a passage's length."""
    is_prose = clause.kind in ("paragraph", "list-item") and not clause.is_example and not clause.is_commentary
    return is_prose and len(document.words_of(clause)) >= _LEAST_WORDS


def make_additions() -> Iterator[Case]:
    """New paragraphs of a release, as passages for the release before, at the section where they came to stand.

    What stood in the older release already and was only moved is left out. Neighbouring new clauses are one passage.
    Those of new sections go to the last section before them that there was.
    """
    releases = sorted(SHARED.glob("openai/2*/model_spec.md"))
    for older, newer in itertools.pairwise(releases):
        old, new = load_spec(older), load_spec(newer)
        alignment = align_documents(old.document, new.document)
        known = {after: before for before, after in alignment.sections.items()}
        for number, run in enumerate(_new_runs(new.document, alignment.origins)):
            section = _home(new.document, run[0], known)
            passage = masked(old, new.document.text[run[0].span.start : run[-1].span.end].strip())
            if section and len(passage.split()) >= _LEAST_WORDS and _novelty(old.document, passage) > _NOVEL:
                case = f"addition-{newer.parent.name.replace('.', '-')}-{number}"
                edit = {"append-to-section": {"section": section}}
                try:
                    yield Case(case, as_draft(old, passage=passage, edit=edit, title="Name those who lose", case=case))
                except AvenantError:
                    continue


def _novelty(document: Document, passage: str) -> float:
    """Share of a passage's runs of five words that the document does not have: little for what was only moved."""
    stood = document.words.words
    runs = {stood[at : at + 5] for at in range(len(stood) - 4)}
    words = plain_words(passage)
    ours = [words[at : at + 5] for at in range(len(words) - 4)]
    return sum(run not in runs for run in ours) / max(1, len(ours))


def _new_runs(document: Document, origins: Any) -> Iterator[list[Clause]]:
    run: list[Clause] = []
    for number, clause in enumerate(document.clauses):
        is_new = number not in origins and not clause.is_example and not clause.is_commentary
        is_new = is_new and clause.kind in ("paragraph", "list-item")
        if run and (not is_new or clause.section_id != run[0].section_id):
            yield run
            run = []
        if is_new:
            run.append(clause)
    if run:
        yield run


def _home(document: Document, clause: Clause, known: dict[str, str]) -> str:
    sections = [section.id for section in document.sections]
    before = reversed(sections[: sections.index(clause.section_id) + 1])
    return next((known[section] for section in before if section in known), "")


def make_own(spec: Spec) -> Iterator[Case]:
    """Each paragraph of a document as a passage that takes its own place."""
    document = spec.document
    for number, clause in enumerate(document.clauses):
        if is_passage(document, clause):
            case = f"own-{spec.id.split('/')[0]}-{number}"
            passage = masked(spec, document.slice(clause.span).strip())
            try:
                edit = {"replace": clause_edit(spec, clause)}
                yield Case(case, as_draft(spec, passage=passage, edit=edit, title="Name those who lose", case=case))
            except AvenantError:
                continue


def make_rows(specs: dict[str, Spec], *, is_tuned: bool) -> Iterator[Case]:
    """The faulty and the nearly faulty passages of `data/check-substance.yaml`."""
    for row in yaml.safe_load((DATA / "check-substance.yaml").read_text(encoding="utf-8")):
        if row["document"] in specs and row["tuned"] is is_tuned:
            yield Case(row["id"], from_row(specs[row["document"]], row), tuple(row["rules"]))


def make_written(specs: dict[str, Spec], name: str) -> Iterator[Case]:
    """The drafts of another writer, who had not seen the rules."""
    for row in yaml.safe_load((DATA / name).read_text(encoding="utf-8")):
        if row["document"] not in specs:
            continue
        try:
            yield Case(row["id"], from_row(specs[row["document"]], row))
        except AvenantError as error:
            print(f"  {row['id']}: not read as a draft, so not counted: {error.faults[0].problem}")


def make_examples() -> Iterator[Case]:
    """The drafts of the example workspace."""
    folder = resources.files("avenant") / "example" / "amendments"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        amendment = parse_amendment(file.read_text(encoding="utf-8"), Path(file.name))
        spec = load_spec(None)
        yield Case(file.name, Draft(amendment, spec, (), spec.model_names, PLACEHOLDER, None))


Found = dict[str, list[tuple[str, Flaw]]]


def check(cases: Iterable[Case]) -> tuple[list[Case], Found]:
    """What the rules find, by case."""
    cases = list(cases)
    rules = rules_here()
    found: Found = {}
    for case in cases:
        found[case.id] = [(rule.id, flaw) for rule in rules if rule.find for flaw in rule.find(case.draft)]
    return cases, found


def share(hits: int, total: int) -> str:
    """A share with its 95 % interval (Clopper and Pearson)."""
    if not total:
        return "none"
    ci = binomtest(hits, total).proportion_ci(method="exact")
    return f"{hits}/{total} = {hits / total:.3f} [{ci.low:.3f}, {ci.high:.3f}]"


def report_clean(title: str, cases: Iterable[Case], show: bool) -> None:
    """Rates of findings, by rule."""
    drafts, found = check(cases)
    if not drafts:
        print(f"{title}: none here")
        return
    severities = {rule.id: rule.severity for rule in rules_here()}
    warned = sum(any(severities[rule] != "note" for rule, _ in found[case.id]) for case in drafts)
    print(f"{title}: {len(drafts)} passages; any warning {share(warned, len(drafts))}")
    counts = Counter(rule for case in drafts for rule in {rule for rule, _ in found[case.id]})
    for rule in IDS:
        if rule in severities:
            print(f"  {rule:20} {severities[rule]:8} {share(counts[rule], len(drafts))}")
    if show:
        _show(drafts, found, {})


def _show(cases: Sequence[Case], found: Found, wanted: dict[str, set[str]]) -> None:
    for case in cases:
        for rule, flaw in found[case.id]:
            if rule not in wanted.get(case.id, set()):
                print(f"    {case.id}: {rule}: {flaw.problem[:200]} {[one.words[:140] for one in flaw.shown]}")


def report_faulty(title: str, cases: Iterable[Case], show: bool) -> None:
    """Recall and precision, by rule: a finding of a rule that the row does not name counts against it."""
    rows, found = check(cases)
    if not rows:
        print(f"{title}: none here")
        return
    print(f"{title}: {len(rows)} passages")
    for rule in (rule.id for rule in rules_here()):
        named = [case for case in rows if any(one.split("|")[0] == rule for one in case.rules)]
        hits = sum(
            _is_met(next(one for one in case.rules if one.split("|")[0] == rule), found[case.id]) for case in named
        )
        others = [case for case in rows if not any(rule in one.split("|") for one in case.rules)]
        false = sum(any(one == rule for one, _ in found[case.id]) for case in others)
        precision = share(hits, hits + false)
        print(f"  {rule:20} recall {share(hits, len(named))}; precision {precision}; elsewhere {false}/{len(others)}")
    if show:
        for case in rows:
            missed = [wanted for wanted in case.rules if not _is_met(wanted, found[case.id])]
            if missed:
                print(f"    {case.id}: missed {', '.join(sorted(missed))}")
        _show(rows, found, {case.id: set("|".join(case.rules).split("|")) for case in rows})


def _is_met(wanted: str, found: list[tuple[str, Flaw]]) -> bool:
    """Whether one of the rules found something that would do."""
    return any(rule in wanted.split("|") for rule, _ in found)


def report_speed(specs: dict[str, Spec], count: int) -> None:
    """How long many drafts to the longest document take, the first one apart."""
    spec = max(specs.values(), key=lambda one: len(one.document.text))
    section = spec.document.sections[-1].id
    edit = {"append-to-section": {"section": section}}
    words = "When someone asks Clément for plan number {n}, it names those who lose by it, since they are not asked."
    drafts = [
        Case(f"d{n}", as_draft(spec, passage=words.format(n=n), edit=edit, title=f"Draft {n}", case=f"d{n}"))
        for n in range(count + 1)
    ]
    start = time.perf_counter()
    check(drafts[:1])
    first = time.perf_counter()
    check(drafts[1:])
    each = 1000 * (time.perf_counter() - first) / count
    length = len(spec.document.words.words)
    print(f"speed: {length:,} words; first draft {first - start:.2f} s, each of {count} further ones {each:.2f} ms")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="each miss and each false alarm")
    parser.add_argument("--written", action="store_true", help="with the drafts of data/check-drafts.yaml")
    parser.add_argument("--drafts", type=int, default=1000, help="how many drafts for the speed; 0: none")
    options = parser.parse_args(arguments)
    specs = specs_here()
    print(f"documents: {', '.join(spec.id for spec in specs.values())}")
    if options.drafts:
        # First, while no index is made yet.
        report_speed(specs, options.drafts)
    report_clean("the example's drafts", make_examples(), options.show)
    report_clean("the labs' later additions", make_additions(), options.show)
    for lab, spec in specs.items():
        report_clean(f"own paragraphs of {lab}", make_own(spec), options.show)
    report_faulty("faulty, tuned on", make_rows(specs, is_tuned=True), options.show)
    report_faulty("faulty, written later", make_rows(specs, is_tuned=False), options.show)
    if options.written:
        report_clean("another writer's drafts", make_written(specs, "check-drafts.yaml"), options.show)
        for case, found in (check([one]) for one in make_written(specs, "check-faulty.yaml")):
            rules = sorted({rule for rule, _ in found[case[0].id]})
            print(f"  faulty by another writer: {case[0].id}: {', '.join(rules) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
