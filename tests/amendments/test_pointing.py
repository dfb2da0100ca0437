from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.amendments.anchor import Anchor
from avenant.amendments.edit import Edit
from avenant.amendments.place import find_edit
from avenant.amendments.pointing import draft_anchor, point_edit
from avenant.errors import AnchorAmbiguousError, AnchorError
from avenant.specs.document import Document, Span
from avenant.specs.library import Manifest, Spec, read_labs
from avenant.specs.parse import parse_document
from avenant.text import names_pattern
from tests.amendments.drafts import make_amendment

DRAFT = make_amendment("insert-after", "Clément asks first.", quote="x")


def _spec(document: Document, lab: str) -> Spec:
    known = read_labs()[lab]
    manifest = Manifest(
        known.get("title", "Rules"), known["subject"], tuple(known["names"]), "x", "x.md", "0" * 64, "2026-09-02"
    )
    return Spec(document.id, Path("x.md"), manifest, document)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Document:
    return parse_document(text, "atelier/1")


def _place(document: Document, words: str) -> Span:
    return Span(document.text.index(words), document.text.index(words) + len(words))


def _texts(anchor: Anchor) -> tuple[str, ...]:
    return anchor.quote, anchor.section or "", anchor.prefix, anchor.suffix


TEXT = """\
# Odile’s rules

Odile asks. Then Odile waits. Or Odile asks.

# The assistant’s rules

The assistant asks. Then the assistant waits. Or the assistant asks.

# Of others

ChatGPT asks first, and Opus waits. An opus is a work.
"""


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("Odile asks. Then Odile", Anchor("Clément asks. Then Clément", "Clément’s rules")),
        ("waits. Or", Anchor("waits. Or", "Clément’s rules")),
        ("Odile’s rules", Anchor("Clément’s rules", "Clément’s rules")),
        ("asks. Then", Anchor("asks. Then", "Clément’s rules")),
        # The assistant is another word where the model is called Odile.
        ("The assistant asks.", Anchor("The assistant asks.", "The assistant’s rules")),
        ("An opus is a work.", Anchor("An opus is a work.", "Of others")),
    ],
)
def test_the_placeholder_stands_wherever_the_models_name_stood(words: str, anchor: Anchor) -> None:
    spec = _spec(_parsed(TEXT), "atelier")
    made = draft_anchor(spec, _place(spec.document, words), "Clément")
    assert made == anchor
    draft = replace(DRAFT, edits=(Edit("insert-after", made, 1),))
    assert find_edit(spec, draft, draft.edits[0]).quoted == _place(spec.document, words)


def test_the_placeholder_stands_in_the_context_too() -> None:
    spec = _spec(
        _parsed("# A\n\nFirst Odile asks.\n\nThen Odile asks.\n\nIt waits, Odile.\n\nIt waits, so.\n"), "atelier"
    )
    start = spec.document.text.index("asks.\n\nThen")
    assert draft_anchor(spec, Span(start, start + 4), "Clément") == Anchor("asks", "A", prefix="First Clément")
    made = draft_anchor(spec, _place(spec.document, "waits,"), "Clément")
    assert made == Anchor("waits,", "A", suffix="Clément.")


@pytest.mark.parametrize(
    "words", ["The assistant asks.", "the assistant waits", "Or the assistant", "assistant asks. Then"]
)
def test_a_common_noun_for_the_model_stays_as_it_stands(words: str) -> None:
    spec = _spec(_parsed(TEXT), "openai")
    assert spec.manifest.subject == "the assistant"
    made = draft_anchor(spec, _place(spec.document, words), "Clément")
    assert made == Anchor(words, "The assistant’s rules")
    draft = replace(DRAFT, edits=(Edit("insert-after", made, 1),))
    assert find_edit(spec, draft, draft.edits[0]).quoted == _place(spec.document, words)


@pytest.mark.parametrize(
    ("words", "name"), [("ChatGPT asks first", "ChatGPT"), ("and Opus waits", "Opus"), ("Opus waits. An opus", "Opus")]
)
def test_words_that_hold_another_models_name_are_refused(words: str, name: str) -> None:
    document = _parsed(TEXT)
    spec = _spec(document, "openai")
    spec = replace(spec, manifest=replace(spec.manifest, names=("ChatGPT", "Opus")))
    with pytest.raises(AnchorError) as caught:
        draft_anchor(spec, _place(document, words), "Clément")
    assert str(caught.value) == (
        f"the words hold the name {name!r}, which a draft must not carry\n  mend: anchor to words without it"
    )


@pytest.mark.parametrize("form", ["odile", "ODILE", "Odile-2", "Odiles"])
def test_other_forms_of_the_models_name_never_come_out(form: str) -> None:
    spec = _spec(_parsed(f"# A\n\nWhat {form} asks.\n"), "atelier")
    try:
        made = draft_anchor(spec, _place(spec.document, f"What {form} asks."), "Clément")
    except AnchorError:
        return
    assert not any(names_pattern(spec.model_names).search(words) for words in _texts(made))
    assert made.quote == f"What {form} asks.".replace("Odile", "Clément")


def test_words_that_nothing_tells_apart_are_refused() -> None:
    spec = _spec(_parsed("# A\n\n" + "Odile asks.\n\n" * 40), "atelier")
    with pytest.raises(AnchorAmbiguousError, match=r"the words 'Odile asks\.' \(line 43\) cannot be told"):
        draft_anchor(spec, spec.document.clauses[20].span, "Clément")


def test_every_clause_of_a_release_has_an_anchor_without_a_models_name_that_comes_back_to_it(release: Document) -> None:
    lab = release.id.split("/")[0]
    spec = _spec(release, lab)
    pattern = names_pattern(spec.model_names)
    refused = 0
    for clause in release.clauses:
        try:
            made = draft_anchor(spec, clause.span, "Clément")
        except AnchorError:
            # A name of the lab's other models stands in the clause itself, or in its heading.
            words = release.slice(clause.span) + release.section(clause.section_id).title
            assert pattern.search(words.replace(spec.manifest.subject, ""))
            refused += 1
            continue
        assert not any(pattern.search(words) for words in _texts(made))
        draft = replace(DRAFT, edits=(Edit("insert-after", made, 1),))
        quoted = find_edit(spec, draft, draft.edits[0]).quoted
        assert quoted is not None
        assert clause.span.contains(quoted)
        assert release.folded_slice(quoted).strip() == release.folded_slice(clause.span).strip()
        if lab == "openai":
            assert "Clément" not in "".join(_texts(made))
    assert refused < len(release.clauses) / 20


NAMED = st.sampled_from(
    ["Odile asks.", "Odile’s help.", "It asks Odile first.", "“Odile” waits—*Odile* asks:", "odile asks.", "Help."]
)


@settings(max_examples=100)
@given(st.lists(st.lists(NAMED, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=8), st.booleans())
def test_a_drafts_anchor_holds_no_name_and_comes_back_to_its_place(paragraphs: list[str], is_item: bool) -> None:
    marker = "- " if is_item else ""
    spec = _spec(_parsed("# Odile\n\n" + "\n\n".join(marker + words for words in paragraphs) + "\n"), "atelier")
    for clause in spec.document.clauses:
        try:
            made = draft_anchor(spec, clause.span, "Clément")
        except AnchorError:
            continue
        assert "odile" not in "".join(_texts(made)).casefold()
        draft = replace(DRAFT, edits=(Edit("delete", made, 1),))
        quoted = find_edit(spec, draft, draft.edits[0]).quoted
        assert quoted is not None
        assert spec.document.clause_at(quoted.start) == clause


@pytest.mark.parametrize(
    ("action", "quote"),
    [
        ("insert-after", "sixteen seventeen eighteen nineteen twenty"),
        ("insert-before", "One two three four five"),
        ("replace", "One two three four five six seven"),
    ],
)
def test_a_long_clause_is_pointed_at_by_its_nearest_words_unless_they_are_taken_out(action: str, quote: str) -> None:
    numbers = (
        "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty"
    )
    spec = _spec(_parsed(f"{numbers}.\n\nOther.\n"), "atelier")
    edit = point_edit(spec, make_amendment(action, "New.", quote="Other"), 0, spec.document.clauses[0].span)
    words = edit.anchor.quote.rstrip(".").split()
    assert len(words) == (20 if action == "replace" else 15)
    assert quote in edit.anchor.quote
