from __future__ import annotations

import hashlib
import itertools
import re
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import avenant
from avenant.files import read_text
from avenant.specs.document import Clause, Document
from avenant.specs.parse import parse_document
from avenant.text import slugify
from tests.conftest import RELEASES, read_release

ODILE = read_text(Path(avenant.__file__).parent / "example" / "odile-constitution.md")
DOCUMENT = parse_document(ODILE, "atelier/2026-09-01")
READABLE = re.compile(
    r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)-(?:(?<=untitled-)[0-9a-f]{12}|[0-9a-f]{4})(?P<number>-[2-9]|-[1-9][0-9]+)?"
)


def _ids(text: str) -> list[str]:
    return [clause.id for clause in parse_document(text, "atelier/1").clauses]


def _ids_by_words(document: Document) -> dict[str, list[str]]:
    """The ids of all clauses of the very same source, in the document's order."""
    found: dict[str, list[str]] = defaultdict(list)
    for clause in document.clauses:
        found[document.slice(clause.span).strip()].append(clause.id)
    return found


def _plain(document: Document, clause: Clause) -> str:
    """The clause's letters and digits, without the fence, tags and list marker that are no words to be read."""
    words = re.sub(r"^(?:[~`]{3,}\w*|[-*+] |\d+[.)] )|<[^>\n]*>", " ", document.slice(clause.span))
    return slugify(words, 10**6).replace("-", "")


TEXT = """\
Odile asks first, and “only” then acts — 2 times, or 30.

- It *waits*.

1. It acts.

~~~xml
<user>
Hi, you
</user>
~~~
"""


def test_ids_are_the_first_words_and_four_digits_of_all_words() -> None:
    words = ["odile asks first and only then acts 2 times or 30", "it waits", "it acts", "hi you"]
    digits = [hashlib.sha256(one.encode()).hexdigest()[:4] for one in words]
    slugs = ["odile-asks-first-and-only-then-acts-2", "it-waits", "it-acts", "hi-you"]
    assert _ids(TEXT) == [f"{slug}-{four}" for slug, four in zip(slugs, digits, strict=True)]


def test_the_number_of_an_item_changes_no_id() -> None:
    assert (
        _ids("1. It asks.\n2. It waits.\n") == _ids("8) It asks.\n9) It waits.\n") == _ids("- It asks.\n- It waits.\n")
    )
    assert _ids("2. It waits.\n") != _ids("2 It waits.\n")


def test_every_id_in_a_release_is_readable_and_stands_once(release: Document) -> None:
    ids = [clause.id for clause in release.clauses]
    assert len(set(ids)) == len(ids)
    for clause in release.clauses:
        match = READABLE.fullmatch(clause.id)
        assert match is not None, clause.id
        assert len(match["slug"]) <= 40
        assert _plain(release, clause).startswith(match["slug"].replace("-", ""))


@pytest.mark.parametrize(
    ("old", "new"),
    list(itertools.combinations(RELEASES, 2)),
    ids=[f"{old.parent.name}-{new.parent.name}" for old, new in itertools.combinations(RELEASES, 2)],
)
def test_the_same_words_have_the_same_id_in_every_pair_of_releases(old: Path, new: Path) -> None:
    ours, theirs = _ids_by_words(read_release(old)), _ids_by_words(read_release(new))
    shared = set(ours) & set(theirs)
    for words in shared:
        assert all(one == other for one, other in zip(ours[words], theirs[words], strict=False)), words[:80]
    # And the other way round: an id stands for the same words.
    plain = [
        {clause.id: _plain(document, clause) for clause in document.clauses}
        for document in (read_release(old), read_release(new))
    ]
    assert [one for one in set(plain[0]) & set(plain[1]) if plain[0][one] != plain[1][one]] == []
    if old.parent.parent == new.parent.parent:
        assert len(shared) > 200


@pytest.mark.parametrize(
    "other",
    [
        "Odile’s “own” view — of *one* thing… and [another](#x)[^ab1d].",
        'Odile\'s "own" view - of one thing... and another.',
        "  Odile’s ‘own’\nview of\n**one** thing and `another`",
        "ODILE’S OWN VIEW OF ONE THING, AND ANOTHER!",
        "\ufeffOdile’s own view: of one thing -- and another",
    ],
)
def test_typography_case_and_markup_change_no_id(other: str) -> None:
    assert _ids(f"{other}\n") == _ids("Odile’s own view of one thing and another\n")


@pytest.mark.parametrize(
    "other", ["Odile asks first here.", "Odile asks.", "First asks Odile.", "Odile asks first 1.", "Odiles asks first."]
)
def test_other_words_have_another_id(other: str) -> None:
    assert _ids(f"{other}\n") != _ids("Odile asks first.\n")


def test_of_long_clauses_every_word_counts() -> None:
    words = [f"word{number}" for number in range(300)]
    one, other = _ids(" ".join(words) + "\n\n" + " ".join([*words[:-1], "end"]) + "\n")
    assert one[:-5] == other[:-5]
    assert one != other


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("***\n\n---\n\nWords.\n\n***\n", ["rule", "rule-2", "words-dba3", "rule-3"]),
        ("~~~xml\n~~~\n\n~~~\n…\n~~~\n", ["example", "code"]),
        ("> …\n\n!!! !\n", ["quote", "admonition"]),
    ],
)
def test_a_clause_without_words_is_named_by_its_kind(text: str, ids: list[str]) -> None:
    assert _ids(text) == ids


BLOCKS = st.sampled_from(
    ["Same words.", "*Same* words!", "- Same words", "Other words.", "# Same words", "***", "> Same words."]
)


@given(st.lists(BLOCKS, max_size=8), st.lists(BLOCKS, max_size=3))
def test_doubled_words_are_numbered_from_the_first_whatever_follows(blocks: list[str], more: list[str]) -> None:
    ids, longer = _ids("\n\n".join(blocks)), _ids("\n\n".join([*blocks, "# Next", *more]))
    assert longer[: len(ids)] == ids
    assert len(set(longer)) == len(longer)


@settings(max_examples=20)
@given(
    st.integers(0, len(DOCUMENT.clauses)),
    st.integers(0, len(DOCUMENT.clauses) - 1),
    st.sampled_from(["\n", "\r\n"]),
)
def test_edits_elsewhere_in_a_document_change_no_id(at: int, gone: int, newline: str) -> None:
    blocks = [ODILE[clause.span.start : clause.span.end] for clause in DOCUMENT.clauses]
    start = DOCUMENT.clauses[at].span.start if at < len(blocks) else len(ODILE)
    ids = [clause.id for clause in DOCUMENT.clauses]
    inserted = f"{ODILE[:start]}\nZz new words.\n\n{ODILE[start:]}"
    assert [one for one in _ids(inserted.replace("\n", newline)) if not one.startswith("zz-new-words-")] == ids
    span = DOCUMENT.clauses[gone].span
    deleted = ODILE[: span.start] + ODILE[span.end :]
    assert _ids(deleted.replace("\n", newline)) == ids[:gone] + ids[gone + 1 :]
    moved = f"{deleted.rstrip()}\n\n# Elsewhere\n\n{blocks[gone]}"
    assert _ids(moved.replace("\n", newline)) == [*ids[:gone], *ids[gone + 1 :], ids[gone]]
