from __future__ import annotations

from pathlib import Path

import pytest

import avenant.coverage.port
from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.place import find_edit
from avenant.coverage.port import Port, draft_port, find_passage, rewrite_passage, title_of
from avenant.errors import AnchorAmbiguousError, AnchorNotFoundError, EditError
from avenant.mask import Mask
from avenant.specs.document import Section
from avenant.specs.library import Spec
from tests.coverage.plain_ranker import index_plainly
from tests.coverage.specs import make_spec

SOURCE = """\
# The conduct of the assistant

## Flattery {#do_not_flatter authority=user}

The assistant must not praise work that is poor[^abcd]: see [?](#bread) and [the *page*](https://atelier.example/x).
If it does, the assistant's word is worth nothing.

It may never:

- Call a poor plan a good one, says Brise-2 of the Atelier.
- Call the assistant wise.

!!! meta "Commentary"
    We watch for flattery in what the assistant says.

## Bread

Bread is baked by people.

~~~xml
<user>
Is my bread good?
</user>
<assistant> <!-- BAD[#do_not_flatter] -->
It is perfect!
</assistant>
~~~

The assistant should say so, and it should say so in plain words; the assistant should say so.
"""
TARGET = """\
# How Odile acts

- [Candour](#candour)

## Candour

Odile should not praise work that is poor, and Zephyr-9 neither.

Odile should say where work is poor.

## Bread

Odile may bake bread.

## Ships

People began to sail long ago.
"""
SOURCE_ID, TARGET_ID = "atelier/1", "ouvroir/1"
PATH = Path("amendments/port.md")
MASK = Mask(("Odile", "Brise-2", "Zephyr-9"), "Clément")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avenant.coverage.port, "index_clauses", index_plainly)


@pytest.fixture
def source() -> Spec:
    return make_spec(SOURCE, SOURCE_ID, subject="the assistant")


@pytest.fixture
def target() -> Spec:
    return make_spec(TARGET, TARGET_ID, names=("Zephyr-9",))


def _port(source: Spec, target: Spec, given: str, section: Section | None = None) -> Port:
    clauses = find_passage(source, given, MASK)
    return draft_port(
        source, clauses, target, path=PATH, title="Ported", mask=MASK, placeholder="Clément", section=section
    )


@pytest.mark.parametrize(
    "given",
    [
        ":5",
        "5",
        "line 5",
        "specs/atelier/1.md:5",
        "/home/jo/proposals/specs/atelier/1.md:5",
        "must not praise work",
        "If it does, Clément's word",
        "Clément must not praise work that is poor: see",
    ],
)
def test_a_passage_is_pointed_at_by_line_or_words(source: Spec, given: str) -> None:
    [clause] = find_passage(source, given, MASK)
    assert clause.line == 5


def test_a_passage_is_pointed_at_by_its_id_as_it_is_or_as_it_is_shown(source: Spec, target: Spec) -> None:
    clause = target.document.clauses[1]
    assert MASK.id(clause.id) != clause.id
    for given in (clause.id, MASK.id(clause.id)):
        assert find_passage(target, given, MASK) == (clause,)


def test_words_may_run_over_neighbouring_clauses(source: Spec) -> None:
    words = "a good one, says Brise-2 of the Atelier. - Call the assistant"
    assert [clause.line for clause in find_passage(source, words, MASK)] == [10, 11]


@pytest.mark.parametrize(
    ("given", "error", "problem"),
    [
        (":4", AnchorNotFoundError, "no clause stands in line 4"),
        (":4000", AnchorNotFoundError, "no clause stands in line 4000"),
        ("specs/atelier/2.md:5", AnchorNotFoundError, "is not the file of atelier/1"),
        ("Flattery", AnchorNotFoundError, "stand in a heading"),
        ("no such words at all", AnchorNotFoundError, "stands nowhere"),
        ("should say so", AnchorAmbiguousError, "stands in 3 places"),
    ],
)
def test_what_points_nowhere_is_refused(source: Spec, given: str, error: type[Exception], problem: str) -> None:
    with pytest.raises(error, match=problem):
        find_passage(source, given, MASK)


def test_a_passage_over_two_sections_is_refused(target: Spec) -> None:
    spec = make_spec("# A\n\nOne here.\n\n# B\n\nTwo there.\n")
    with pytest.raises(EditError, match="two sections"):
        find_passage(spec, "here. # B Two", MASK)


def test_links_tags_and_names_of_the_source_are_gone_and_all_else_stays(source: Spec) -> None:
    rewritten = rewrite_passage(source, find_passage(source, ":5", MASK), MASK, "Clément")
    assert rewritten.text == (
        'Clément must not praise work that is poor: see "Bread" and the *page*.\n'
        "If it does, Clément's word is worth nothing."
    )
    assert rewritten.changes == (
        "2 links are their words alone",
        "1 footnote tag is gone",
        "Clément stands for the model's name",
    )
    assert rewritten.remarks == ()


def test_an_item_of_a_list_says_what_its_list_began_with(source: Spec) -> None:
    rewritten = rewrite_passage(source, find_passage(source, ":10", MASK), MASK, "Clément")
    assert rewritten.text == "Call a poor plan a good one, says Clément of the Atelier."
    assert rewritten.changes == (
        "the mark of the list is gone",
        "Clément stands for other names of models as well, which may be wrong here",
    )
    assert 'it is an item of a list that begins "It may never:"' in rewritten.remarks


def test_a_note_for_readers_loses_its_head_and_is_called_one(source: Spec) -> None:
    rewritten = rewrite_passage(source, find_passage(source, ":13", MASK), MASK, "Clément")
    assert rewritten.text == "We watch for flattery in what Clément says."
    assert rewritten.changes[0] == "the head of the note is gone"
    assert any("note for human readers" in remark for remark in rewritten.remarks)


def test_an_example_stays_an_example(source: Spec) -> None:
    rewritten = rewrite_passage(source, find_passage(source, ":22", MASK), MASK, "Clément")
    assert rewritten.text.startswith("~~~xml\n<user>\nIs my bread good?")
    assert "<!-- BAD -->" in rewritten.text
    assert rewritten.changes == ("links of graded turns are gone",)
    assert title_of(rewritten) == "Is my bread good? It is perfect!"


def test_a_draft_stands_after_the_nearest_clause_that_instructs(source: Spec, target: Spec) -> None:
    port = _port(source, target, ":5")
    draft = port.amendment
    assert (draft.spec, draft.placeholder, draft.title, draft.path) == (TARGET_ID, "Clément", "Ported", PATH)
    assert parse_amendment(port.text, PATH) == draft
    assert port.clause is not None
    assert port.clause.line == 9, "the clause above it holds a name that a draft must not carry"
    [edit] = draft.edits
    assert edit.action == "insert-after"
    found = find_edit(target, draft, edit)
    assert found.quoted is not None
    assert target.document.clause_at(found.quoted.start) == port.clause


def test_a_draft_says_where_its_words_are_from_and_under_which_licence(source: Spec, target: Spec) -> None:
    why = _port(source, target, ":5").amendment.sections["Why"]
    assert why.startswith("**Ported, not yet rewritten.**")
    assert "2 links are their words alone; 1 footnote tag is gone" in why
    assert 'line 5, under "The conduct of the assistant > Flattery". Licence: unknown.' in why
    assert "(atelier/1)" in why
    assert "> The assistant must not praise work that is poor[^abcd]: see [?](#bread)" in why
    free = make_spec(SOURCE, SOURCE_ID, subject="the assistant", licence="CC0-1.0")
    assert "Licence: CC0-1.0; see what it asks" in _port(free, target, ":5").amendment.sections["Why"]


def test_a_draft_names_no_model(source: Spec, target: Spec) -> None:
    for spec, other in ((source, target), (target, source)):
        for clause in spec.document.clauses:
            text = _port(spec, other, clause.id).text
            assert not [name for name in ("Odile", "Brise", "Zephyr") if name.casefold() in text.casefold()]


def test_a_section_may_be_chosen(source: Spec, target: Spec) -> None:
    [bread] = target.document.find_sections("Bread")
    port = _port(source, target, ":5", bread)
    assert port.clause is not None
    assert port.clause.section_id == "bread"


def test_a_section_that_tells_nothing_takes_the_passage_at_its_end(source: Spec, target: Spec) -> None:
    [ships] = target.document.find_sections("Ships")
    port = _port(source, target, ":5", ships)
    assert port.clause is None
    [edit] = port.amendment.edits
    assert (edit.action, edit.anchor.section) == ("append-to-section", "Ships")


def test_a_target_without_a_place_is_refused(source: Spec) -> None:
    with pytest.raises(AnchorNotFoundError, match="no clause after which this could go"):
        _port(source, make_spec("People sailed long ago.\n", TARGET_ID), ":5")


def test_every_clause_of_the_example_can_be_ported(source: Spec) -> None:
    path = Path(avenant.coverage.port.__file__).parents[1] / "example/odile-constitution.md"
    spec = make_spec(path.read_text(encoding="utf-8"), "atelier/2026-09-01")
    for clause in spec.document.clauses:
        draft: Amendment = _port(spec, source, clause.id).amendment
        assert draft.passage
        assert "odile" not in draft.source.casefold()
