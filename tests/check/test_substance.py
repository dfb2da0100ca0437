from __future__ import annotations

import pytest

from avenant.amendments.amendment import read_amendment
from avenant.check.reading import agents_of
from avenant.check.registry import RULES_BY_ID
from avenant.reading.index import index_document
from avenant.specs.document import Document
from avenant.specs.library import Manifest, Spec, read_spec
from avenant.workspace import Workspace
from tests.amendments.drafts import PATH, make_source
from tests.check.drafts import make_checked_draft

RULES = (
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


@pytest.mark.parametrize("rule", RULES)
def test_the_examples_drafts_have_no_finding(example: Workspace, rule: str) -> None:
    spec = read_spec(example.folder("specs"), "atelier/2026-09-01")
    paths = sorted(example.folder("amendments").glob("*.md"))
    assert len(paths) == 3
    find = RULES_BY_ID[rule].find
    assert find is not None
    for path in paths:
        draft = make_checked_draft(read_amendment(path).source, spec, path=path)
        assert list(find(draft)) == [], path.name


def test_many_drafts_to_one_document_index_it_once(constitution: Document) -> None:
    manifest = Manifest("Constitution", "Claude", ("Claude",), "CC0-1.0", "c.md", "0" * 64, "2026-01-20")
    spec = Spec("anthropic/2026-01-20", PATH, manifest, constitution)
    index_document.cache_clear()
    for number in range(20):
        passage = (
            f"When someone asks Clément for plan {number}, it names those who lose by it, since they are not asked."
        )
        draft = make_checked_draft(make_source("append-to-section", passage, section="Being honest"), spec)
        for rule in RULES:
            find = RULES_BY_ID[rule].find
            assert find is not None
            assert list(find(draft)) == []
    assert index_document.cache_info().misses == 1
    assert index_document(constitution, agents_of(draft)).readings
