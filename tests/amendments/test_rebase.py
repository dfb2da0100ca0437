"""A draft carried to a newer release: each fate for each kind of edit, and never a wrong place."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.amendments.amendment import parse_amendment
from avenant.amendments.apply import apply_amendment
from avenant.amendments.rebase import Rebased, reattach, rebase_amendment
from avenant.errors import AnchorError, AnchorNotFoundError
from avenant.specs.document import Document
from avenant.specs.library import Spec
from avenant.specs.parse import parse_document
from tests.amendments.drafts import make_amendment, make_spec

NEW_ID = "atelier/2026-12-01"
ODILE = (resources.files("avenant") / "example/odile-constitution.md").read_text(encoding="utf-8")

KEEPER = "The keeper of the light writes down each ship that passes, its flag and its course."
BOOK = "Nobody else may read the book before the keeper has signed the page. Then anyone may ask for it."
LAMP = "The lamp is lit when the sun goes down and put out when it comes up again."
TEXT = f"# Duties\n\n{KEEPER}\n\n{BOOK}\n\n# Hours\n\n{LAMP}\n"


def _new(text: str, subject: str = "Odile") -> Spec:
    return replace(make_spec(text, subject), id=NEW_ID)


def _rebase(old: str, new: str, action: str, passage: str = "Clément asks.", **anchor: str) -> Rebased:
    return rebase_amendment(make_amendment(action, passage, **anchor), make_spec(old), _new(new))


def _amended(rebased: Rebased, new: str) -> str:
    assert rebased.amendment is not None
    return apply_amendment(_new(new), rebased.amendment)


def test_an_edit_whose_clause_stands_as_it_was_is_unchanged() -> None:
    new = TEXT.replace(KEEPER, f"Something new comes first here.\n\n{KEEPER}")
    rebased = _rebase(TEXT, new, "insert-after", quote="its flag and its course")
    assert rebased.fate == "unchanged"
    [edit] = rebased.edits
    assert edit.new == edit.edit
    assert _amended(rebased, new) == new.replace(KEEPER, f"{KEEPER}\n\nOdile asks.")


def test_typography_alone_changes_nothing() -> None:
    old = TEXT.replace("light writes", "light—“always”—writes")
    new = TEXT.replace("light writes", 'light---"always"--- *writes*')
    assert _rebase(old, new, "insert-after", quote="“always”—writes down").fate == "unchanged"


def test_a_clause_in_another_section_has_moved() -> None:
    new = f"# Duties\n\n{BOOK}\n\n# Hours\n\n{LAMP}\n\n{KEEPER}\n"
    rebased = _rebase(TEXT, new, "insert-after", quote="its flag and its course", section="Duties")
    assert rebased.fate == "moved"
    assert rebased.edits[0].landings[0].reason == "the clause moved from 'Duties' to 'Hours'"
    assert rebased.edits[0].new is not None
    assert rebased.edits[0].new.anchor.section == "Hours"
    assert _amended(rebased, new) == f"{new}\nOdile asks.\n"


def test_an_edited_clause_is_adapted_and_shown_in_both_wordings() -> None:
    edited = KEEPER.replace("its flag and its course", "its colours and its course")
    new = TEXT.replace(KEEPER, edited)
    rebased = _rebase(TEXT, new, "insert-after", quote="its flag and its course")
    assert rebased.fate == "adapted"
    [landing] = rebased.edits[0].landings
    assert (landing.reason, landing.old_words, landing.new_words) == ("the lab edited the clause", KEEPER, edited)
    assert _amended(rebased, new) == new.replace(edited, f"{edited}\n\nOdile asks.")


@pytest.mark.parametrize(("action", "part"), [("insert-after", 1), ("insert-before", 0)])
def test_a_split_clause_has_the_passage_beyond_its_nearest_part(action: str, part: int) -> None:
    parts = (f"{KEEPER} And the hour of the night.", BOOK)
    old = f"# Duties\n\n{' '.join(parts)}\n\n{LAMP}\n"
    new = "# Duties\n\n" + "\n\n".join((*parts, LAMP)) + "\n"
    rebased = _rebase(old, new, action, quote="Nobody else may read the book")
    assert rebased.fate == "adapted"
    wanted = f"{parts[part]}\n\nOdile asks." if part else f"Odile asks.\n\n{parts[part]}"
    assert _amended(rebased, new) == new.replace(parts[part], wanted)


def test_a_clause_put_into_a_longer_one_is_adapted() -> None:
    new = f"# Duties\n\n{KEEPER} {BOOK}\n\n# Hours\n\n{LAMP}\n"
    rebased = _rebase(TEXT, new, "insert-after", quote="its flag and its course")
    assert rebased.fate == "adapted"
    assert rebased.edits[0].landings[0].reason == "the lab put the clause into a longer one"


def test_a_clause_that_is_gone_is_lost_with_its_neighbours_as_candidates() -> None:
    new = TEXT.replace(f"{BOOK}\n\n", "")
    rebased = _rebase(TEXT, new, "insert-after", quote="Nobody else")
    assert rebased.fate == "lost"
    assert rebased.amendment is None
    assert rebased.render() is None
    shown = [_new(new).document.slice(span).strip() for span in rebased.edits[0].candidates]
    assert shown == [KEEPER, LAMP]


def test_a_clause_with_two_likely_heirs_is_lost_and_both_are_shown() -> None:
    heirs = [
        BOOK.replace("anyone may ask for it", words) for words in ("people may ask for it", "sailors may ask for it")
    ]
    new = TEXT.replace(BOOK, "\n\n".join(heirs))
    rebased = _rebase(TEXT, new, "insert-after", quote="Nobody else")
    assert rebased.fate == "lost"
    assert {_new(new).document.slice(span).strip() for span in rebased.edits[0].candidates} >= set(heirs)


@pytest.mark.parametrize("action", ["replace", "delete"])
def test_words_that_the_lab_left_in_an_edited_clause_are_taken_out_there(action: str) -> None:
    edited = BOOK.replace("Then anyone may ask for it.", "Then any sailor may ask for it in the morning.")
    new = TEXT.replace(BOOK, edited)
    passage = "Everyone may read the book." if action == "replace" else ""
    taken = "Nobody else may read the book before the keeper has signed the page."
    rebased = _rebase(TEXT, new, action, passage, quote=taken)
    assert rebased.fate == "adapted"
    assert _amended(rebased, new) == new.replace(taken if passage else f"{taken} ", passage)


@pytest.mark.parametrize("action", ["replace", "delete"])
def test_words_that_the_lab_rewrote_are_never_overwritten(action: str) -> None:
    new = TEXT.replace("before the keeper has signed the page", "until a full year and one day have gone by")
    passage = "Everyone may read the book." if action == "replace" else ""
    rebased = _rebase(TEXT, new, action, passage, quote="Nobody else may read the book before the keeper has signed")
    assert rebased.fate == "lost"
    [landing] = rebased.edits[0].landings
    assert landing.reason == "the lab rewrote these words"
    assert landing.new_words.startswith("Nobody else may read the book until a full year")


def test_changes_to_different_words_are_merged() -> None:
    new = TEXT.replace("has signed the page", "has signed the last page")
    quote = "Nobody else may read the book before the keeper has signed the page."
    rebased = _rebase(TEXT, new, "replace", quote.replace("Nobody else", "No stranger"), quote=quote)
    assert rebased.fate == "adapted"
    merged = "No stranger may read the book before the keeper has signed the last page."
    assert rebased.passage == merged
    assert _amended(rebased, new) == new.replace(quote.replace("the page", "the last page"), merged)
    text = rebased.render()
    assert text is not None
    assert parse_amendment(text, Path("ask-first.md")).passage == merged


def test_a_change_that_the_lab_made_itself_is_said_to_be_made() -> None:
    new = TEXT.replace("Nobody else", "No stranger")
    rebased = _rebase(TEXT, new, "replace", "No stranger may read", quote="Nobody else may read")
    assert rebased.fate == "lost"
    assert "the same words as the draft" in rebased.edits[0].landings[0].reason


def test_words_whose_punctuation_alone_changed_have_to_be_confirmed() -> None:
    new = TEXT.replace("passes, its flag", "passes: its flag")
    rebased = _rebase(TEXT, new, "replace", "New.", quote="each ship that passes, its flag and its course.")
    assert rebased.fate == "adapted"
    assert _amended(rebased, new).count("New.") == 1
    assert _rebase(TEXT, new, "insert-after", quote="each ship that passes, its flag").fate == "unchanged"


def test_a_renamed_section_is_adapted_and_a_section_that_is_gone_is_lost() -> None:
    renamed = TEXT.replace("# Hours", "# The hours of the lamp")
    rebased = _rebase(TEXT, renamed, "append-to-section", section="Hours")
    assert rebased.fate == "adapted"
    assert rebased.edits[0].new is not None
    assert rebased.edits[0].new.anchor.section == "The hours of the lamp"
    assert _amended(rebased, renamed) == f"{renamed}\nOdile asks.\n"
    assert _rebase(TEXT, TEXT, "append-to-section", section="Hours").fate == "unchanged"
    gone = _rebase(TEXT, TEXT[: TEXT.index("# Hours")], "append-to-section", section="Hours")
    assert gone.fate == "lost"


def test_a_passage_below_a_heading_follows_the_heading() -> None:
    text = f"# Duties {{#duties}}\n\n{KEEPER}\n"
    new = f"# First\n\n{LAMP}\n\n# All duties {{#duties}}\n\n{KEEPER}\n"
    rebased = _rebase(text, new, "insert-after", quote="Duties")
    assert rebased.fate == "adapted"
    assert _amended(rebased, new) == new.replace("{#duties}\n", "{#duties}\n\nOdile asks.\n")


MOVE = """\
---
title: Move it
spec: atelier/2026-09-01
placeholder: Clément
canary: 4d5ff1d8-3712-4c1d-ae31-0aecfe136034
edits:
  - move:
      quote: The keeper of the light
      after: {quote: The lamp is lit}
---
"""


def test_a_move_takes_the_labs_own_wording_along() -> None:
    draft = parse_amendment(MOVE, Path("move.md"))
    edited = KEEPER.replace("its flag and", "its flag, its freight and")
    new = TEXT.replace(KEEPER, edited)
    rebased = rebase_amendment(draft, make_spec(TEXT), _new(new))
    assert rebased.fate == "adapted"
    assert _amended(rebased, new) == f"# Duties\n\n{BOOK}\n\n# Hours\n\n{LAMP}\n\n{edited}\n"


def test_a_move_without_its_destination_is_lost_and_can_be_pointed() -> None:
    draft = parse_amendment(MOVE, Path("move.md"))
    new = TEXT.replace(LAMP, "Nothing is known of the hours.")
    rebased = rebase_amendment(draft, make_spec(TEXT), _new(new))
    assert rebased.fate == "lost"
    document = _new(new).document
    again = reattach(rebased, 0, document.clauses[-1].span, _new(new))
    assert again.fate == "adapted"
    assert _amended(again, new) == f"# Duties\n\n{BOOK}\n\n# Hours\n\nNothing is known of the hours.\n\n{KEEPER}\n"


def test_a_lost_edit_is_pointed_at_a_place_by_hand() -> None:
    new = TEXT.replace(f"{BOOK}\n\n", "")
    rebased = _rebase(TEXT, new, "insert-after", quote="Nobody else")
    again = reattach(rebased, 0, rebased.edits[0].candidates[0], _new(new))
    assert (again.fate, again.edits[0].landings[0].reason) == ("adapted", "anchored by hand")
    assert _amended(again, new) == new.replace(KEEPER, f"{KEEPER}\n\nOdile asks.")


def test_a_changed_authority_level_is_warned_of() -> None:
    old = "# Duties {#duties authority=root}\n\n" + KEEPER + "\n"
    rebased = _rebase(old, old.replace("root", "user"), "insert-after", quote="its flag", authority="root")
    assert rebased.edits[0].authority == ("root", "user")
    assert rebased.edits[0].new is not None
    assert rebased.edits[0].new.anchor.authority == "user"
    assert _rebase(old, old, "insert-after", quote="its flag").edits[0].authority is None


def test_a_draft_that_does_not_fit_its_own_release_is_an_error() -> None:
    with pytest.raises(AnchorNotFoundError):
        _rebase(TEXT, TEXT, "insert-after", quote="words that stand nowhere")


def test_words_that_stand_twice_in_the_newer_release_get_context() -> None:
    new = TEXT.replace(LAMP, f"{LAMP} The keeper of the light writes down each ship.")
    rebased = _rebase(TEXT, new, "insert-after", quote="The keeper of the light writes down each ship")
    assert rebased.fate == "unchanged"
    assert rebased.edits[0].new is not None
    assert rebased.edits[0].new.anchor.section == "Duties"
    assert _amended(rebased, new) == new.replace(KEEPER, f"{KEEPER}\n\nOdile asks.")


def test_the_rebased_file_differs_in_spec_and_anchor_alone() -> None:
    new = f"# Duties\n\n{BOOK}\n\n# Hours\n\n{LAMP}\n\n{KEEPER}\n"
    rebased = _rebase(TEXT, new, "insert-after", section="Duties", quote="its flag and its course")
    text = rebased.render()
    assert text is not None
    lines = dict(zip(rebased.old.source.splitlines(), text.splitlines(), strict=True))
    assert {old: new for old, new in lines.items() if old != new} == {
        "spec: atelier/2026-09-01": f"spec: {NEW_ID}",
        "    section: Duties": "    section: Hours",
    }


PARAGRAPHS = [n for n, c in enumerate(parse_document(ODILE, "atelier/1").clauses) if c.kind == "paragraph"]


@settings(max_examples=40)
@given(st.data())
def test_an_edit_lands_beside_its_clause_or_not_at_all_whatever_happened_to_the_document(data: st.DataObject) -> None:
    """Clauses are dropped, edited, moved and doubled at random; a marker says which clause came from which."""
    document = parse_document(ODILE, "atelier/1")
    blocks = [document.slice(clause.span).strip() for clause in document.clauses if clause.kind == "paragraph"]
    number = data.draw(st.integers(0, len(blocks) - 1))
    fates = data.draw(st.lists(st.sampled_from("kkkkked"), min_size=len(blocks), max_size=len(blocks)))
    new_blocks = []
    for index, (block, fate) in enumerate(zip(blocks, fates, strict=True)):
        if fate == "e":
            words = block.split()
            at = data.draw(st.integers(0, len(words) - 1))
            block = " ".join([*words[:at], *data.draw(st.sampled_from([[], ["zz"], ["zz", "zzz"]])), *words[at + 3 :]])
        if fate != "d" and block:
            new_blocks.append((index, block))
    order = data.draw(st.permutations(range(len(new_blocks)))) if data.draw(st.booleans()) else range(len(new_blocks))
    new_blocks = [new_blocks[at] for at in order]
    old = "# T\n\n" + "\n\n".join(blocks) + "\n"
    new = "# T\n\n" + "\n\n".join(block for _, block in new_blocks) + "\n"
    quote = " ".join(blocks[number].split()[:12]).replace("Odile", "Clément")
    rebased = _rebase(old, new, "insert-after", "Zzmarker stands here.", quote=quote)
    if rebased.amendment is None:
        return
    amended = _amended(rebased, new).split("\n\n")
    at = amended.index("Zzmarker stands here.") if "Zzmarker stands here." in amended else len(amended) - 1
    assert [one.strip() for one in amended[1:at]] == [block for _, block in new_blocks][: at - 1]
    assert new_blocks[at - 2][0] == number


def test_every_paragraph_of_a_release_keeps_its_place_in_the_same_release(model_spec: Document) -> None:
    spec = Spec("openai/1", Path("x.md"), make_spec("x", "the assistant").manifest, model_spec)
    same = replace(spec, id="openai/2")
    for clause in model_spec.clauses[::25]:
        words = model_spec.folded_slice(clause.span).split()
        if "\\" in " ".join(words):
            continue
        draft = make_amendment(
            "insert-after", "Zz.", quote=" ".join(words[-15:]).replace("\\", ""), section=clause.section_id
        )
        assert rebase_amendment(draft, spec, same).fate == "unchanged", clause


def test_an_edit_that_could_not_be_applied_to_the_newer_release_is_lost() -> None:
    new = TEXT.replace("keeper of the light writes", "keeper of the *light writes")
    new = new.replace("each ship that passes,", "each ship that passes*,")
    rebased = _rebase(TEXT, new, "replace", "Odile writes", quote="The keeper of the light")
    assert rebased.fate == "lost"
    assert "half of an emphasis" in rebased.edits[0].landings[0].reason


def test_levels_are_compared_place_by_place() -> None:
    text = f"# Duties {{#d authority=user}}\n\n{KEEPER}\n\n# Hours {{#h authority=guideline}}\n\n{LAMP}\n"
    draft = parse_amendment(MOVE, Path("move.md"))
    assert rebase_amendment(draft, make_spec(text), _new(text)).edits[0].authority is None
    changed = text.replace("guideline", "root")
    assert rebase_amendment(draft, make_spec(text), _new(changed)).edits[0].authority == ("guideline", "root")
    before = _rebase(text, text, "insert-before", quote="Hours")
    assert before.edits[0].authority is None
    moved = _rebase(text, text.replace(KEEPER, "Other words."), "insert-after", quote="The keeper of the light")
    place = _new(text.replace(KEEPER, "Other words.")).document.clauses[-1].span
    pointed = reattach(moved, 0, place, _new(text.replace(KEEPER, "Other words.")))
    assert pointed.edits[0].authority == ("user", "guideline")


def test_it_is_not_guessed_which_end_of_a_move_is_pointed_at() -> None:
    rebased = rebase_amendment(parse_amendment(MOVE, Path("move.md")), make_spec(TEXT), _new(TEXT))
    with pytest.raises(AnchorError, match="two ends"):
        reattach(rebased, 0, _new(TEXT).document.clauses[1].span, _new(TEXT))
