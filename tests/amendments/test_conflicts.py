from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import apply_amendment, apply_changes
from avenant.amendments.conflicts import apply_together, find_conflicts, without_conflicts
from avenant.errors import EditError
from tests.amendments.drafts import make_amendment, make_draft, make_spec

TEXT = "# T\n\nOne two three. Four five six.\n\nSeven eight nine.\n\n# U\n\nTen eleven twelve.\n"
SPEC = make_spec(TEXT)


def _draft(name: str, action: str, passage: str = "New.", **anchor: str) -> Amendment:
    return replace(make_amendment(action, passage, **anchor), path=Path(f"{name}.md"))


def _kinds(*drafts: Amendment) -> list[str]:
    return [conflict.kind for conflict in find_conflicts(SPEC, drafts)]


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (("replace", {"quote": "two three"}), ("replace", {"quote": "three. Four"}), ["overlap"]),
        (("replace", {"quote": "two three"}), ("replace", {"quote": "Four five"}), ["same-clause"]),
        (("insert-after", {"quote": "five six"}), ("insert-after", {"quote": "One two"}), ["same-place"]),
        (("insert-after", {"quote": "Seven"}), ("append-to-section", {"section": "T"}), ["same-place"]),
        (("insert-after", {"quote": "two three"}), ("replace", {"quote": "three. Four"}), ["anchor"]),
        (("insert-after", {"quote": "Four five"}), ("replace", {"quote": "One two"}), ["same-clause"]),
        (("insert-after", {"quote": "Four five"}), ("insert-before", {"quote": "Seven"}), []),
        (("insert-after", {"quote": "Four five"}), ("replace", {"quote": "Seven"}), []),
        (("replace", {"quote": "One"}), ("append-to-section", {"section": "U"}), []),
        (("insert-before", {"quote": "U"}), ("append-to-section", {"section": "U"}), []),
    ],
)
def test_edits_of_two_drafts_are_compared(one: tuple, other: tuple, kinds: list[str]) -> None:  # type: ignore[type-arg]
    drafts = [_draft("a", one[0], **one[1]), _draft("b", other[0], **other[1])]
    assert _kinds(*drafts) == kinds
    assert _kinds(*reversed(drafts)) == kinds


def test_a_move_is_in_conflict_at_both_its_ends() -> None:
    move = replace(make_draft({"move": {"quote": "Seven eight", "after": {"quote": "Ten eleven"}}}), path=Path("m.md"))
    assert _kinds(move, _draft("a", "replace", quote="eight nine")) == ["overlap"]
    assert _kinds(move, _draft("a", "insert-after", quote="twelve")) == ["same-place"]
    assert _kinds(move, _draft("a", "replace", quote="two three")) == []


def test_the_edits_of_one_draft_are_its_own_affair() -> None:
    draft = make_draft({"replace": {"quote": "One", "passage": "A"}}, {"insert-after": {"quote": "two"}}, passage="B.")
    assert find_conflicts(SPEC, [draft]) == []


def test_a_conflict_names_both_drafts_both_edits_and_the_place() -> None:
    drafts = [_draft("b", "replace", quote="two three"), _draft("a", "replace", quote="three. Four")]
    [conflict] = find_conflicts(SPEC, drafts)
    assert [draft.slug for draft in conflict.amendments] == ["a", "b"]
    assert [edit.anchor.quote for edit in conflict.edits] == ["three. Four", "two three"]
    assert SPEC.document.slice(conflict.place) == "One two three. Four five six.\n"


def test_what_is_in_no_conflict_goes_in_together_whatever_the_order() -> None:
    drafts = [
        _draft("a", "replace", "uno", quote="One"),
        _draft("b", "replace", "dos", quote="two"),
        _draft("c", "insert-after", "After seven.", quote="Seven"),
        _draft("d", "append-to-section", "At the end.", section="U"),
    ]
    results = set()
    for order in itertools.permutations(drafts):
        together = without_conflicts(order, find_conflicts(SPEC, order))
        assert [draft.slug for draft in together] == ["c", "d"]
        results.add(apply_changes(TEXT, apply_together(SPEC, together)))
    assert results == {
        TEXT.replace("nine.\n", "nine.\n\nAfter seven.\n").replace("twelve.\n", "twelve.\n\nAt the end.\n")
    }


def test_drafts_in_conflict_do_not_go_in_together() -> None:
    drafts = [_draft("a", "replace", "uno", quote="One"), _draft("b", "replace", "dos", quote="two")]
    with pytest.raises(EditError) as caught:
        apply_together(SPEC, drafts)
    assert str(caught.value).startswith("b.md:10: a and b are in conflict: both change the same clause")


def test_a_draft_without_a_passage_yet_has_its_place_compared() -> None:
    drafts = [_draft("a", "insert-after", "", quote="Seven"), _draft("b", "insert-after", "", quote="nine")]
    assert _kinds(*drafts) == ["same-place"]


def test_together_is_what_each_does_alone_in_its_own_place() -> None:
    first = _draft("a", "insert-after", "After one.", quote="Four five")
    second = _draft("b", "insert-before", "Before ten.", quote="Ten")
    together = apply_changes(TEXT, apply_together(SPEC, [second, first]))
    alone = apply_amendment(SPEC, first)
    assert together == alone.replace("Ten", "Before ten.\n\nTen")
