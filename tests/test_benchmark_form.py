"""The benchmark of the rules of form: its cases and its planted faults, on our own document and on a lab's."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path

from avenant.check.registry import RULES_BY_ID
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from tests.check.form_documents import LEVELS
from tests.check.test_style import FORM

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
cases = importlib.import_module("check_form_cases")
faults = importlib.import_module("check_form_faults")
form = importlib.import_module("check_form")

ODILE = cases.EXAMPLE.read_text(encoding="utf-8")


def test_the_benchmark_measures_the_rules_of_form() -> None:
    assert form.FORM == FORM
    assert {id_ for fault in faults.FAULTS for id_ in fault.rules} <= set(FORM) <= set(RULES_BY_ID)


def test_every_held_out_passage_is_back_in_its_place_and_fits() -> None:
    document = parse_document(ODILE, "atelier/2026-09-01")
    held_out = list(cases.make_held_out(document, cases.HALVES))
    assert {case.half for case in held_out} == set(cases.HALVES)
    assert {case.kind for case in held_out} == {"held-out clause", "held-out section"}
    assert len(held_out) > 40
    for case in held_out:
        words = " ".join(case.passage.replace("Clément", "Odile").split())
        assert words in " ".join(ODILE.split())
        assert words not in " ".join(case.spec.document.text.split())
        assert case.draft().places, case.passage
        assert not form.check(case).is_failing, case.passage


def test_what_a_release_added_is_a_draft_to_the_one_before() -> None:
    before = "## Stay open {#stay_open authority=user}\n\n"
    old = LEVELS.replace("The assistant", "Odile").replace("the assistant", "Odile")
    added = "Odile should count the keys of the shop at night and say so."
    section = "## Count the keys {#count_keys authority=user}\n\nOdile should count them twice a week, on foot."
    new = old.replace(before, f"{section}\n\n{before}{added}\n\n")
    documents = parse_document(old, "atelier/2026-09-01"), parse_document(new, "atelier/2026-12-01")
    found = {case.passage: case for case in cases.make_additions(*documents, "test")}
    clause = found[added.replace("Odile", "Clément")]
    assert (clause.kind, clause.edit.keys()) == ("added clause", {"insert-before"})
    whole = found[section.replace("Odile", "Clément")]
    assert whole.kind == "added section"
    assert whole.edit["insert-before"]["quote"].endswith("Stay open")
    assert all(case.spec.document.text == old for case in found.values())


def test_planted_faults_are_found_in_a_labs_document(constitution: Document) -> None:
    clean = (one for one in cases.make_held_out(constitution, cases.HALVES[:1]) if "\n" not in one.passage)
    chosen = [one for one in itertools.islice(clean, 12) if not form.check(one).flaws]
    planted = [(fault, case) for one in chosen for fault, case in faults.plant_all(one)]
    found = [{rule.id for rule, _ in form.check(case).flaws} for _, case in planted]
    missed = [fault.name for (fault, _), ids in zip(planted, found, strict=True) if not ids & set(fault.rules)]
    assert len(planted) > 100
    assert len(missed) < len(planted) / 10, missed
