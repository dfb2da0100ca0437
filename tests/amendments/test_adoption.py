from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avenant.amendments.adoption import ALIKE, Adoption, EditUptake, Uptake, find_adoption
from avenant.errors import AnchorNotFoundError
from avenant.files import read_text
from avenant.specs.document import Document
from avenant.specs.library import Spec
from avenant.text import replace_name
from tests.amendments.drafts import make_draft, make_spec

OLD = """\
# Being helpful

Odile answers what was asked, in the language of the question.

She says so when she does not know. Guesses are marked as guesses.

Be brief.

## Tools

Odile opens a file only when the task needs it.

- She closes what she opened.
- She counts what she spends.

Odile thanks the people who built her tools.

# Honesty

Odile does not flatter. Praise that nobody means helps nobody.

She keeps the promises that she makes, or says early that she cannot.

Odile tells a joke now and then, in good company.
"""
PASSAGE = "Clément asks before it deletes a letter for good, since nobody can bring it back."
AS_THE_LAB_WROTE = "*Odile* asks before it deletes a letter for good\u2014since nobody\ncan bring it back."
REWORKED = "Deleting a letter for good is something that nobody can bring back, so Odile asks about it before."
PLACES: tuple[dict[str, Any], ...] = (
    {"insert-after": {"quote": "Guesses are marked as guesses."}},
    {"insert-before": {"quote": "Be brief."}},
    {"append-to-section": {"section": "Tools"}},
)
CUT = "Praise that nobody means helps nobody."
CLAUSE = "Odile thanks the people who built her tools."
JOKE = "Odile tells a joke now and then, in good company."
KINDS = [next(iter(place)) for place in PLACES]


def _adopt(new: str, *edits: dict[str, Any], passage: str = "") -> Adoption:
    return find_adoption(make_draft(*edits, passage=passage), make_spec(OLD), make_spec(new))


def _uptake(new: str, *edits: dict[str, Any], passage: str = "") -> EditUptake:
    [found] = _adopt(new, *edits, passage=passage).edits
    return found


def _with(words: str, after: str) -> str:
    """The newer release with a paragraph more."""
    assert f"{after}\n" in OLD
    return OLD.replace(f"{after}\n", f"{after}\n\n{words}\n")


def _slices(found: EditUptake, new: str) -> str:
    assert found.place is not None
    return new[found.place.start : found.place.end]


@pytest.mark.parametrize("place", PLACES, ids=KINDS)
@pytest.mark.parametrize("after", ["Be brief.", JOKE])
def test_a_passage_is_found_word_for_word_wherever_it_stands_and_whatever_its_typography(
    place: dict[str, Any], after: str
) -> None:
    new = _with(AS_THE_LAB_WROTE, after)
    found = _uptake(new, place, passage=PASSAGE)
    words = "Odile* asks before it deletes a letter for good\u2014since nobody\ncan bring it back"
    assert (found.uptake, _slices(found, new)) == ("word-for-word", words)
    assert found.words == replace_name(PASSAGE, "Clément", "Odile")
    assert [(one.words, one.similarity) for one in found.likely] == [(words, 1.0)]


@pytest.mark.parametrize("place", PLACES, ids=KINDS)
def test_a_reworked_passage_is_found_in_substance_with_the_labs_words(place: dict[str, Any]) -> None:
    new = _with(REWORKED, JOKE)
    found = _uptake(new, place, passage=PASSAGE)
    assert (found.uptake, found.place) == ("in-substance", None)
    assert found.likely[0].words == REWORKED
    assert new[found.likely[0].place.start : found.likely[0].place.end].strip() == REWORKED
    assert ALIKE <= found.likely[0].similarity <= 1


@pytest.mark.parametrize("place", PLACES, ids=KINDS)
@pytest.mark.parametrize(
    "words", ["Odile names the songs that she likes.", "She reads maps and timetables before a journey to the sea."]
)
def test_other_new_words_are_no_adoption(place: dict[str, Any], words: str) -> None:
    found = _uptake(_with(words, JOKE), place, passage=PASSAGE)
    assert (found.uptake, found.place) == ("not-found", None)
    assert all(one.similarity < ALIKE for one in found.likely)


@pytest.mark.parametrize("place", PLACES, ids=KINDS)
@pytest.mark.parametrize("new", [OLD, _with(REWORKED, JOKE)])
def test_words_that_stood_before_are_nobodys_adoption(place: dict[str, Any], new: str) -> None:
    found = _uptake(new, place, passage="Clément tells a **joke** now and then \u2013 in good company!")
    assert (found.uptake, found.place, found.likely) == ("there-before", None, ())


def test_words_that_the_lab_put_a_second_time_where_the_draft_wanted_them_are_taken() -> None:
    new = _with(JOKE, "Be brief.")
    found = _uptake(new, {"insert-after": {"quote": "Be brief."}}, passage=JOKE)
    assert found.uptake == "word-for-word"
    assert found.place is not None
    assert found.place.start == new.index(JOKE)


def test_an_idea_that_the_older_release_had_is_not_found_in_the_newer_ones_additions() -> None:
    kept = "She keeps the promises that she makes, or says early that she cannot."
    new = _with("Promises that are late are promises that nobody keeps, says her grandmother.", kept)
    found = _uptake(new, PLACES[2], passage="Clément keeps promises that it makes, or early says that it cannot.")
    assert found.uptake == "not-found"
    assert found.likely


def test_words_from_elsewhere_in_the_older_release_are_not_new() -> None:
    new = _with("By the sea: praise that nobody means helps nobody.", "Be brief.")
    found = _uptake(new, PLACES[2], passage="Praise helps nobody that nobody means.")
    assert found.uptake == "not-found"


@pytest.mark.parametrize("section", ["Tools", "Honesty"])
def test_of_two_clauses_alike_the_one_in_the_drafts_own_section_is_shown_first(section: str) -> None:
    new = _with(REWORKED, JOKE).replace(f"{CLAUSE}\n", f"{CLAUSE}\n\n{REWORKED}\n")
    found = _uptake(new, {"append-to-section": {"section": section}}, passage=PASSAGE)
    document = make_spec(new).document
    assert document.section_at(found.likely[0].place.start).title == section
    assert len(found.likely) == 2


def test_a_clause_that_only_moved_is_not_new() -> None:
    new = OLD.replace(f"\n{JOKE}\n", "").replace("Be brief.\n", f"Be brief.\n\n{JOKE}\n")
    found = _uptake(new, PLACES[2], passage="Now and then Clément tells jokes to good company, and a joke more.")
    assert (found.uptake, found.likely) == ("not-found", ())


def test_one_sentence_taken_as_it_is_is_found_whatever_became_of_the_rest() -> None:
    sentence = "On Sundays the post office of the village stays closed all day."
    passage = f"{PASSAGE} {sentence} Clément likes the sea, the hills, old clocks, ripe pears and long trains at night."
    new = _with(f"Odile is patient. {sentence}", JOKE)
    found = _uptake(new, PLACES[0], passage=passage)
    assert found.uptake == "in-substance"
    assert found.likely[0].words == sentence.rstrip(".")


def test_dialogues_are_searched_for_words_and_not_for_ideas() -> None:
    def dialogue(words: str) -> str:
        return f"**Example**: a letter\n\n~~~xml\n<user>\nDelete it\n</user>\n<assistant>\n{words}\n</assistant>\n~~~"

    assert _uptake(_with(dialogue(REWORKED), JOKE), PLACES[0], passage=PASSAGE).uptake == "not-found"
    assert _uptake(_with(dialogue(AS_THE_LAB_WROTE), JOKE), PLACES[0], passage=PASSAGE).uptake == "word-for-word"


@pytest.mark.parametrize(
    ("after", "uptake"), [("Be brief.", "word-for-word"), (JOKE, "not-found"), ("# Honesty", "not-found")]
)
def test_a_short_passage_is_found_in_its_place_alone(after: str, uptake: Uptake) -> None:
    new = _with("Ask *first*.", after)
    found = _uptake(new, {"insert-after": {"quote": "Be brief."}}, passage="Ask first!")
    assert found.uptake == uptake
    assert found.place is None or _slices(found, new) == "Ask *first"


def test_a_short_passage_that_stood_in_its_place_before_is_nobodys_adoption() -> None:
    edit = {"replace": {"quote": "in good company", "passage": "in GOOD company"}}
    assert _uptake(OLD, edit).uptake == "there-before"


FIX = {"replace": {"quote": "when she does not know", "passage": "when she does not know or forgot"}}
WORD = {"replace": {"quote": "know", "section": "Being helpful", "passage": "know or forgot"}}


@pytest.mark.parametrize("edit", [FIX, WORD], ids=["phrase", "word"])
def test_a_replacement_is_found_with_the_words_about_it(edit: dict[str, Any]) -> None:
    new = OLD.replace("does not know.", "does not **know or forgot**.")
    found = _uptake(new, edit)
    assert found.uptake == "word-for-word"
    assert _slices(found, new).endswith("know or forgot")


@pytest.mark.parametrize("edit", [FIX, WORD], ids=["phrase", "word"])
@pytest.mark.parametrize("new", [OLD, _with("Some people know or forgot the way.", JOKE)], ids=["nowhere", "elsewhere"])
def test_the_words_of_a_replacement_elsewhere_are_not_taken(edit: dict[str, Any], new: str) -> None:
    assert _uptake(new, edit).uptake == "not-found"


def test_a_phrase_of_a_replacement_that_the_lab_put_elsewhere_is_not_taken_word_for_word() -> None:
    edit = {"replace": {"quote": "in good company", "passage": "if she is asked to tell one"}}
    new = OLD.replace("Be brief.", "Be brief. A song follows if she is asked to tell one story less.")
    assert _uptake(new, edit).uptake == "in-substance"


def test_a_few_words_that_go_on_otherwise_are_not_taken() -> None:
    assert _uptake(OLD.replace("does not know.", "does not know or forgot to ask."), WORD).uptake == "not-found"


def test_a_replacement_in_the_labs_words_is_found_in_substance() -> None:
    wanted = "in the language of the question, or in the tongue that its author knows best of all"
    edit = {"replace": {"quote": "in the language of the question", "passage": wanted}}
    lab = "in the language of the question or in the tongue its author seems to know best"
    found = _uptake(OLD.replace("in the language of the question", lab), edit)
    assert found.uptake == "in-substance"
    assert lab in found.likely[0].words


def test_a_replacement_that_brings_back_old_words_stood_there_before() -> None:
    edit = {
        "replace": {
            "quote": "Praise that nobody means helps nobody",
            "passage": "praise that nobody means helps nobody",
        }
    }
    assert _uptake(_with(REWORKED, JOKE), edit).uptake == "there-before"


def test_a_replacement_that_only_cuts_words_did_not_stand_there_before() -> None:
    edit = {"replace": {"quote": "Praise that nobody means helps nobody", "passage": "Praise that nobody means helps"}}
    assert _uptake(OLD, edit).uptake == "not-found"
    assert _uptake(OLD.replace("means helps nobody.", "means helps."), edit).uptake == "word-for-word"


@pytest.mark.parametrize(("words", "gap"), [(f" {CUT}", ""), (f"{CLAUSE}\n\n", ""), (" that nobody means", "")])
def test_a_deletion_is_found_where_the_words_beside_it_stand_together(words: str, gap: str) -> None:
    new = OLD.replace(words, gap)
    found = _uptake(new, {"delete": {"quote": words.strip()}})
    assert (found.uptake, found.words) == ("word-for-word", words.strip())
    assert found.place is not None


def test_a_deletion_within_an_edited_clause_is_found_in_substance_with_the_clause_as_it_is_now() -> None:
    new = OLD.replace("was asked, in the language of the question", "was asked of her, plainly and at once")
    found = _uptake(new, {"delete": {"quote": "in the language of the question"}})
    assert (found.uptake, found.place) == ("in-substance", None)
    assert [one.words for one in found.likely] == ["Odile answers what was asked of her, plainly and at once."]
    assert found.likely[0].similarity >= ALIKE


def test_a_deletion_of_a_clause_that_became_others_is_found_in_substance() -> None:
    new = OLD.replace(f"Odile does not flatter. {CUT}", "The sea is wide.").replace(JOKE, "The hills are green.")
    found = _uptake(new, {"delete": {"quote": CUT}})
    assert (found.uptake, found.place, found.likely) == ("in-substance", None, ())


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        OLD.replace(CUT, "Praise which nobody means helps nobody at all."),
        OLD.replace(f" {CUT}", "").replace("Be brief.", f"Be brief. {CUT}"),
        OLD.replace(f" {CUT}", "").replace("Be brief.", "Be brief. Praise that nobody means helps no one."),
    ],
    ids=["still there", "reworded", "moved", "moved and reworded"],
)
def test_words_that_still_stand_somewhere_were_not_deleted(new: str) -> None:
    found = _uptake(new, {"delete": {"quote": CUT}})
    assert (found.uptake, found.place) == ("not-found", None)
    assert "Praise" in found.likely[0].words


MOVE = {"move": {"quote": CLAUSE, "after": {"quote": "Be brief."}}}


def _moved(after: str) -> str:
    return OLD.replace(f"{CLAUSE}\n\n", "").replace(f"{after}\n", f"{after}\n\n{CLAUSE}\n")


@pytest.mark.parametrize(
    ("new", "uptake"),
    [
        (_moved("Be brief."), "word-for-word"),
        (_moved("# Being helpful"), "in-substance"),
        (_moved(JOKE), "not-found"),
        (OLD, "not-found"),
        (OLD.replace(f"{CLAUSE}\n\n", ""), "not-found"),
    ],
    ids=["there", "into the section", "elsewhere", "nowhere", "deleted"],
)
def test_a_move_is_found_by_where_the_words_stand_now(new: str, uptake: Uptake) -> None:
    found = _uptake(new, MOVE)
    assert (found.uptake, found.words) == (uptake, CLAUSE)
    assert (found.place is not None) == (uptake != "not-found")


def test_words_that_stayed_in_their_section_have_not_come_there() -> None:
    assert _uptake(OLD, {"move": {"quote": JOKE, "before": {"quote": "Odile does not flatter."}}}).uptake == "not-found"


def test_a_move_before_a_clause_and_of_a_section_is_found() -> None:
    before = {"move": {"quote": CLAUSE, "before": {"quote": "Be brief."}}}
    new = OLD.replace(f"{CLAUSE}\n\n", "").replace("Be brief.", f"{CLAUSE}\n\nBe brief.")
    assert _uptake(new, before).uptake == "word-for-word"
    assert _uptake(_moved("Be brief."), before).uptake == "in-substance"
    tools, rest = OLD[OLD.index("## Tools") : OLD.index("# Honesty")], OLD[OLD.index("# Honesty") :]
    section = {"move": {"quote": "Tools", "after": {"quote": JOKE}}}
    new = f"{OLD[: OLD.index('## Tools')]}{rest}\n{tools}"
    assert _uptake(new, section).uptake == "word-for-word"


@pytest.mark.parametrize("side", ["after", "before"])
def test_a_move_to_where_the_words_stand_already_is_nobodys_adoption(side: str) -> None:
    quote = "She counts what she spends." if side == "after" else "# Honesty"
    edit = {"move": {"quote": CLAUSE, side: {"quote": quote.strip("# ")}}}
    assert _uptake(_moved("Be brief."), edit).uptake == "there-before"


@pytest.mark.parametrize(
    ("uptakes", "whole"),
    [
        (("word-for-word", "word-for-word"), "word-for-word"),
        (("word-for-word", "not-found"), "in-substance"),
        (("in-substance", "not-found"), "in-substance"),
        (("there-before", "word-for-word"), "in-substance"),
        (("there-before", "not-found"), "not-found"),
        (("there-before", "there-before"), "there-before"),
    ],
)
def test_a_draft_of_several_edits_is_taken_word_for_word_only_if_all_are(
    uptakes: tuple[Uptake, Uptake], whole: Uptake
) -> None:
    adoption = _adopt(OLD, {"delete": {"quote": CUT}}, {"delete": {"quote": CLAUSE}})
    edits = tuple(
        EditUptake(found.edit, uptake, found.words) for found, uptake in zip(adoption.edits, uptakes, strict=True)
    )
    assert Adoption(adoption.amendment, adoption.spec, edits).uptake == whole


def test_every_edit_is_answered_for_in_the_drafts_order() -> None:
    new = _with(AS_THE_LAB_WROTE, "Be brief.").replace(f" {CUT}", "")
    adoption = _adopt(new, PLACES[0], {"delete": {"quote": CUT}}, {"delete": {"quote": JOKE}}, passage=PASSAGE)
    assert [found.uptake for found in adoption.edits] == ["word-for-word", "word-for-word", "not-found"]
    assert [found.edit for found in adoption.edits] == list(adoption.amendment.edits)
    assert (adoption.uptake, adoption.spec) == ("in-substance", make_spec(new).id)


def test_an_unchanged_release_took_nothing() -> None:
    found = _uptake(OLD, PLACES[0], passage=PASSAGE)
    assert (found.uptake, found.likely) == ("not-found", ())


def test_a_document_of_one_clause_has_no_words_beside_it_to_go_by() -> None:
    edit = {"replace": {"quote": "Be kind.", "passage": "Be kind to all who ask for help."}}
    old, new = make_spec("Be kind.\n"), make_spec("Be fair and kind.\n")
    assert find_adoption(make_draft(edit), old, new).uptake == "not-found"
    assert find_adoption(make_draft({"delete": {"quote": "kind"}}), old, make_spec("Be.\n")).uptake == "in-substance"


def test_a_draft_that_does_not_fit_its_own_release_is_refused() -> None:
    with pytest.raises(AnchorNotFoundError):
        _adopt(OLD, {"delete": {"quote": "words that stand nowhere"}})


def _read_model_spec(shared: Path, version: str) -> Spec:
    return make_spec(read_text(shared / "openai" / version / "model_spec.md"), "the assistant")


def _uptake_of_april(shared: Path, *edits: dict[str, Any], passage: str = "") -> tuple[EditUptake, Document]:
    """What the release of April 2025 made of a draft for that of February."""
    old, new = (_read_model_spec(shared, version) for version in ("2025-02-12", "2025-04-11"))
    [found] = find_adoption(make_draft(*edits, passage=passage), old, new).edits
    return found, new.document


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("misunderstanding", "misalignment, misunderstanding"),
        ("due to misunderstanding the task", "due to misalignment, misunderstanding the task"),
    ],
)
def test_the_one_word_that_an_outsider_reported_is_found_word_for_word(shared: Path, quote: str, passage: str) -> None:
    edit = {"replace": {"section": "risk_taxonomy", "quote": quote, "passage": passage}}
    found, new = _uptake_of_april(shared, edit)
    assert found.uptake == "word-for-word"
    assert found.place is not None
    assert new.slice(found.place) == passage
    assert new.section_at(found.place.start).id == "risk_taxonomy"


def test_the_narrower_white_lies_that_an_outsider_reported_are_found_in_substance(shared: Path) -> None:
    passage = (
        "First, answering pleasantries as people do is allowed, since nobody is misled when Clément says that it is "
        'fine; but "white lies" told to make somebody feel better are not allowed'
    )
    quote = 'First, "white lies" that are necessary for being a good conversational partner are allowed'
    found, new = _uptake_of_april(shared, {"replace": {"section": "do_not_lie", "quote": quote, "passage": passage}})
    assert found.uptake == "in-substance"
    assert new.section_at(found.likely[0].place.start).id == "do_not_lie"
    assert "pleasantries" in found.likely[0].words


@pytest.mark.parametrize("version", ["2025-04-11", "2025-10-27"])
def test_what_another_lab_wrote_is_not_found(shared: Path, constitution: Document, version: str) -> None:
    versions = sorted(path.name for path in (shared / "openai").glob("2*"))
    old, new = (_read_model_spec(shared, one) for one in (version, versions[versions.index(version) + 1]))
    drafts = [
        make_draft({"append-to-section": {"section": "overview"}}, passage=replace_name(words, "Claude", "Clément"))
        for clause in constitution.clauses_of(*constitution.find_sections("Claude’s core values"))
        if len(words := constitution.slice(clause.span)) > 200
    ]
    assert len(drafts) > 5
    assert {find_adoption(draft, old, new).uptake for draft in drafts} == {"not-found"}
