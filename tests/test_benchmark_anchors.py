"""The benchmark of re-anchoring: its oracle and its judge on small documents, and a small sample of it on real ones."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from avenant.specs.document import Document

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
anchors = importlib.import_module("anchors")
cases = importlib.import_module("anchors_cases")
blocks = importlib.import_module("anchors_blocks")
oracle = importlib.import_module("anchors_oracle")
peers = importlib.import_module("anchors_peers")

OLD = """# Rules {#rules}

Odile helps people with whatever they are working on today.

Odile keeps the secrets of the people whom it works for. It never sells what it has heard to anybody at all.

- It writes short letters and long letters with equal care.
- It answers before noon whenever it can do so.

## Ends {#ends}

Odile closes the shop at seven o'clock in the evening.
"""
HELPS, SECRETS, LETTERS, NOON, SHOP = (
    "Odile helps people with whatever they are working on today.",
    "Odile keeps the secrets of the people whom it works for. It never sells what it has heard to anybody at all.",
    "It writes short letters and long letters with equal care.",
    "It answers before noon whenever it can do so.",
    "Odile closes the shop at seven o'clock in the evening.",
)


def labels(new: str, by_eye: dict[str, tuple[str, ...]] | None = None) -> dict[str, tuple[str, list[str]]]:
    """By its words what became of each paragraph of `OLD`, with the new ones' words."""
    old_page, new_page = blocks.cut_blocks(OLD), blocks.cut_blocks(new)
    found = zip(old_page.blocks, oracle.label_blocks(old_page, new_page, by_eye), strict=True)
    return {
        block.words: (label.fate, [new_page.blocks[target].words for target in label.targets])
        for block, label in found
        if block.is_text
    }


def judged(action: str, words: str, new: str, carried: str | None) -> str:
    """The judge's word on what a tool made of `new`; `MARKER` in it stands for what the amendment adds."""
    old_page, new_page = blocks.cut_blocks(OLD), blocks.cut_blocks(new)
    numbers = [number for number, block in enumerate(old_page.blocks) if block.words == words]
    case = next(one for one in cases.make_cases(old_page, numbers, "seed") if one.action == action)
    label = oracle.label_blocks(old_page, new_page)[numbers[0]]
    result = None if carried is None else carried.replace("MARKER", case.passage)
    return cases.judge(case, old_page, label, new_page, result)


def test_cut_blocks_knows_kinds_sections_and_lists() -> None:
    page = blocks.cut_blocks(OLD + '\n!!! meta "Note"\n    Not a rule.\n\n~~~xml\n# no heading\n\n- no item\n~~~\n')
    kinds = [block.kind for block in page.blocks]
    assert kinds == [
        *("heading", "paragraph", "paragraph", "item", "item", "heading", "paragraph"),
        *("admonition", "example"),
    ]
    assert [block.section for block in page.blocks][4:7] == ["rules", "ends", "ends"]
    assert page.blocks[3].list_end == page.blocks[4].end
    assert page.blocks[3].reach == page.blocks[3].end


def test_cut_blocks_agrees_with_the_parser_on_every_model_spec(release: Document) -> None:
    if not release.id.startswith("openai/"):
        pytest.skip("the plain line rules are made for the Model Spec")
    cut = [block for block in blocks.cut_blocks(release.text).blocks if block.kind != "heading"]
    assert [block.start for block in cut] == [clause.span.start for clause in release.clauses]
    assert [block.end for block in cut] == [len(release.text[: clause.span.end].rstrip()) for clause in release.clauses]


def test_oracle_takes_typography_footnotes_and_link_targets_for_no_change() -> None:
    new = OLD.replace("seven o'clock", "**seven** o’clock[^ab12]").replace("the shop", "[the shop](#shop)")
    assert labels(new)[SHOP] == ("untouched", [SHOP])


def test_oracle_follows_a_paragraph_that_moved() -> None:
    new = OLD.replace(HELPS + "\n\n", "") + "\n" + HELPS + "\n"
    assert labels(new)[HELPS] == ("untouched", [HELPS])


def test_oracle_sees_an_edit_and_a_new_full_stop() -> None:
    edited = SHOP.replace("seven o'clock", "half past eight")
    assert labels(OLD.replace(SHOP, edited))[SHOP] == ("edited", [edited])
    assert labels(OLD.replace(NOON, NOON[:-1] + "!"))[NOON] == ("edited", [NOON[:-1] + "!"])


def test_oracle_sees_a_split_and_a_merge() -> None:
    first, second = SECRETS.split(". ")
    split = OLD.replace(SECRETS, f"{first}.\n\n{second}")
    assert labels(split)[SECRETS] == ("edited", [f"{first}.", second])
    merged = OLD.replace(f"{HELPS}\n\n{SECRETS}", f"{HELPS} {SECRETS}")
    assert labels(merged)[HELPS] == labels(merged)[SECRETS] == ("edited", [f"{HELPS} {SECRETS}"])


def test_oracle_says_gone_where_nothing_is_left() -> None:
    new = OLD.replace(SHOP, "Lanterns are lit by the porter, and the porter alone.")
    assert labels(new)[SHOP] == ("gone", [])


def test_oracle_believes_the_eye() -> None:
    words = "Lanterns are lit by the porter, and the porter alone."
    new = OLD.replace(SHOP, words)
    shas = {block.words: block.sha for page in (OLD, new) for block in blocks.cut_blocks(page).blocks}
    assert labels(new, {shas[SHOP]: (shas[words],)})[SHOP] == ("rewritten", [words])
    assert labels(new, {shas[HELPS]: ()})[HELPS] == ("gone", [])
    with pytest.raises(ValueError, match="has no block 0123456789ab"):
        labels(new, {shas[SHOP]: ("0123456789ab",)})


def test_judge_of_insertions() -> None:
    new = OLD.replace(SHOP, SHOP.replace("evening", "morning"))
    target = SHOP.replace("evening", "morning")
    assert judged("insert-after", SHOP, new, new.replace(target, f"{target}\n\nMARKER")) == "right"
    assert judged("insert-after", SHOP, new, new.replace(HELPS, f"{HELPS}\n\nMARKER")) == "wrong"
    assert judged("insert-after", SHOP, new, new.replace(target, f"{target}\nMARKER")) == "wrong"
    elsewhere = new.replace(target, f"{target}\n\nMARKER").replace("noon", "dusk")
    assert judged("insert-after", SHOP, new, elsewhere) == "wrong"
    assert judged("insert-after", SHOP, new, new) == "wrong"
    assert judged("insert-after", SHOP, new, None) == "refused"


def test_judge_of_insertions_into_lists() -> None:
    assert judged("insert-after", LETTERS, OLD, OLD.replace(LETTERS, f"{LETTERS}\nMARKER")) == "right"
    assert judged("insert-after", LETTERS, OLD, OLD.replace(NOON, f"{NOON}\nMARKER")) == "wrong"
    # A paragraph that became an item may be followed by a paragraph behind the whole list only.
    new = OLD.replace(f"{HELPS}\n\n", "").replace("- It writes", f"- {HELPS}\n- It writes")
    assert judged("insert-after", HELPS, new, new.replace(NOON, f"{NOON}\n\nMARKER")) == "right"


def test_judge_of_replacements() -> None:
    new = OLD.replace("# Rules", "# New rules").replace("seven o'clock", "seven o’clock")
    shop = SHOP.replace("'", "’")
    assert judged("replace", SHOP, new, new.replace(shop, "MARKER")) == "right"
    assert judged("replace", SHOP, new, new.replace(HELPS, "MARKER")) == "wrong"
    assert judged("replace", SHOP, new, new.replace(shop, "MARKER").replace("New rules", "Rules")) == "wrong"
    assert judged("replace", SHOP, new, new.replace(shop.removesuffix("."), "MARKER")) == "wrong", "two full stops"
    tagged = OLD.replace(SHOP, SHOP[:-1] + "[^ab12].")
    assert judged("replace", SHOP, tagged, tagged.replace(SHOP[:-1], "MARKER")) == "wrong", "two full stops"
    assert judged("replace", SHOP, tagged, tagged.replace(SHOP[:-1] + "[^ab12].", "MARKER")) == "right"
    reworded = OLD.replace("seven", "eight")
    assert judged("replace", SHOP, reworded, reworded.replace(SHOP.replace("seven", "eight"), "MARKER")) == "clobbered"
    longer = OLD.replace(SHOP, f"Where nobody knocks, {SHOP}")
    assert judged("replace", SHOP, longer, longer.replace(SHOP, "MARKER")) == "clobbered"


def test_sentences_end_at_full_stops_and_not_within_abbreviations() -> None:
    page = blocks.cut_blocks("- It asks (e.g. twice). **Then** it waits.[^ab1] Is 3.5 enough? Yes\n")
    found = [page.text[start:end] for start, end in cases.find_sentences(page, page.blocks[0])]
    assert found == ["It asks (e.g. twice).", "**Then** it waits.[^ab1]", "Is 3.5 enough?", "Yes"]


@pytest.mark.parametrize("name", list(peers.PEERS))
def test_every_peer_carries_a_change_to_an_unchanged_document(name: str) -> None:
    peer = peers.PEERS[name]
    if not peer.is_installed:
        pytest.skip(f"{peer.program} is not installed")
    page = blocks.cut_blocks(OLD)
    numbers = [number for number, block in enumerate(page.blocks) if block.is_text]
    with peers.open_desk(OLD, OLD) as desk:
        for case in cases.make_cases(page, numbers, "seed"):
            assert peer.carry(desk, case.edit) == case.edit.apply(OLD)


def test_sampling_and_cases_are_the_same_for_the_same_seed() -> None:
    page = blocks.cut_blocks(OLD)
    numbers = cases.sample_blocks(page, 3, "one")
    assert numbers == cases.sample_blocks(page, 3, "one")
    assert cases.make_cases(page, numbers, "one") == cases.make_cases(page, numbers, "one")
    assert len({tuple(cases.sample_blocks(page, 3, str(seed))) for seed in range(20)}) > 1


@pytest.fixture(scope="module")
def pair() -> Any:
    """Two releases between which much changed, and 25 paragraphs of the first."""
    if not anchors.list_versions():
        pytest.skip(f"the labs' documents are not on this machine: no folder {anchors.RELEASES}")
    return anchors.read_pair("2025-04-11", "2025-09-12", sample=25, seed=1)


def test_avenant_makes_no_silent_error_and_finds_all_that_is_untouched(pair: Any) -> None:
    score = anchors.measure(pair, "avenant")
    faults = "\n".join(anchors.render_faults(pair, score))
    assert set(score.outcomes) <= {"right", "refused"}, faults
    untouched = [o for case, o in zip(pair.cases, score.outcomes, strict=True) if pair.fate(case) == "untouched"]
    assert set(untouched) == {"right"}, faults


def test_the_table_shows_each_method_once(pair: Any) -> None:
    untouched = sum(pair.labels[number].fate == "untouched" for number in pair.numbers)
    score = anchors.Score("patch", ["refused"] * len(pair.cases), 0.5)
    table = anchors.render_pair(pair, [score], {"git apply": "not installed"}).splitlines()
    assert [line.split(" | ")[:2] for line in table if line.startswith(("| patch", "| git"))] == [
        ["| patch", f"0/{untouched}/0"],
        ["| git apply", "not installed"],
    ]
