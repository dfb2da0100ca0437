from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avenant.text import (
    Block,
    DiffPiece,
    count_words,
    cut_at_word,
    diff_words,
    fold,
    fold_words,
    match_words,
    merge_words,
    replace_name,
    similar_words,
    slugify,
    split_words,
)

MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(["word", "Odile’s", "a_name", "café", "“quoted”", "1.", "ﬀ", "😀", "\u0958"]),
        st.sampled_from([" ", "  ", "\n", "\r\n", "\n> ", "\u00a0", "—", "---", "--", "-", "…"]),
        st.sampled_from(["*", "**", "`", "_", "\\*", "\\[", "\\_", "[^abcd]", "]", "("]),
    ),
    max_size=30,
).map("".join)
LINKS = st.tuples(MARKDOWN, st.sampled_from(["[", "!["]), st.text("ab _*", max_size=8), MARKDOWN).map(
    lambda t: f"{t[0]}{t[1]}{t[2]}](#place){t[3]}"
)


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("“Yes”, «oui», „ja‟", '"Yes", "oui", "ja"'),
        ("Odile’s ‘own’ ʼtis 5′", "Odile's 'own' 'tis 5'"),
        ("a—b a–b a--b a---b a‑b a-b", "a-b a-b a-b a-b a-b a-b"),
        ("well…", "well..."),
        (r"1\. A \*star\* and a \\ slash", "1. A star and a slash"),
        ("**bold**, *slanted*, `code`, ***both***", "bold, slanted, code, both"),
        ("_slanted_ but `allowed_tools` and snake_case_name", "slanted but allowed_tools and snake_case_name"),
        ("a claim[^ab1d][^2].", "a claim."),
        ("see [the chain](#chain_of_command) and [?](#x)", "see the chain and ?"),
        ("![a picture](https://example.org/p.png)!", "a picture!"),
        ("[not a link] (here)", "[not a link] (here)"),
        ("one \t two\n  three\r\nfour\u00a0five\n\n\nsix", "one two three four five six"),
        ("a quoted\n> line\n> > deeper", "a quoted line deeper"),
        ("  \n led by blanks", "led by blanks"),
        ("", ""),
    ],
)
def test_fold_makes_typography_and_markup_equal(source: str, folded: str) -> None:
    assert fold(source).text == folded


def test_fold_maps_every_character_back_to_its_source() -> None:
    source = "A—“b”… **c**  \\*"
    folded = fold(source)
    origins = [source[folded.starts[i] : folded.ends[i]] for i in range(len(folded.text))]
    assert folded.text == 'A-"b"... c '
    assert origins == ["A", "—", "“", "b", "”", "…", "…", "…", " ", "c", "  "]


def test_find_gives_every_place_overlapping_ones_included() -> None:
    source = "*aa*a, then **a** a"
    folded = fold(source)
    spans = [folded.source_span(at, at + 2) for at in folded.find("aa")]
    assert [source[start:end] for start, end in spans] == ["aa", "a*a"]
    assert list(folded.find("aa", 1)) == [1]
    assert list(folded.find("aa", 0, 2)) == [0]
    assert list(folded.find("")) == []
    assert list(folded.find("b")) == []


def test_a_line_is_cut_behind_a_whole_word() -> None:
    assert cut_at_word("one  two\nthree", 20) == "one two three"
    assert cut_at_word("one two three", 9) == "one two …"


@given(MARKDOWN, st.data())
@example("a [^b] _c_", None)
def test_the_source_span_of_found_words_folds_to_the_same_words(source: str, data: st.DataObject | None) -> None:
    words = fold_words(source).split(" ")
    first = data.draw(st.integers(0, len(words) - 1)) if data else 0
    last = data.draw(st.integers(first, len(words) - 1)) if data else len(words) - 1
    wanted = " ".join(words[first : last + 1])
    text = f" {fold(source).text} "
    whole = [at for at in range(len(text)) if wanted and text.startswith(f" {wanted} ", at)]
    for at in whole:
        start, end = fold(source).source_span(at, at + len(wanted))
        assert fold_words(source[start:end]) == wanted


@given(st.one_of(MARKDOWN, LINKS, st.text(max_size=40)))
def test_folded_characters_come_from_ordered_places_inside_the_source(source: str) -> None:
    folded = fold(source)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert "  " not in folded.text
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(source) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(st.text("abÉ*_ ’“—\n", max_size=40))
def test_words_copied_from_a_source_are_found_in_it(source: str) -> None:
    words = fold_words(source)
    assert not words or list(fold(source).find(words))


def test_fold_makes_composed_and_decomposed_accents_equal() -> None:
    assert fold_words("Cle\u0301ment") == fold_words("Clément")


def test_count_words_counts_what_white_space_separates() -> None:
    assert count_words("") == 0
    assert count_words("  one—two, three\nfour \t five ") == 4


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Keep people’s bargaining power!", "keep-peoples-bargaining-power"),
        ("**Émile** & Zoë: 2nd part", "emile-zoe-2nd-part"),
        ("--- …", "untitled"),
        ("日本", "untitled"),
        ("", "untitled"),
    ],
)
def test_slugify_gives_ascii_words_joined_by_hyphens(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_slugify_cuts_at_a_word_within_the_limit() -> None:
    assert slugify("one two three", 9) == "one-two"
    assert slugify("one two three", 7) == "one-two"
    assert slugify("one two three", 6) == "one"


@given(st.text(max_size=80), st.integers(10, 60))
def test_a_slug_is_never_too_long_and_always_fit_for_a_file_name(text: str, limit: int) -> None:
    slug = slugify(text, limit)
    assert 0 < len(slug) <= limit
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slugify(slug, limit) == slug


def test_diff_words_keeps_whole_words_together() -> None:
    old = "Odile extends trust in proportion to what could go wrong, and it asks when a request is unclear."
    new = "Odile extends trust in proportion to what could plausibly go wrong, and it asks where a request is unclear."
    assert diff_words(old, new) == [
        DiffPiece("equal", "Odile extends trust in proportion to what could "),
        DiffPiece("insert", "plausibly "),
        DiffPiece("equal", "go wrong, and it asks "),
        DiffPiece("delete", "when"),
        DiffPiece("insert", "where"),
        DiffPiece("equal", " a request is unclear."),
    ]


def test_diff_words_says_nothing_of_equal_or_empty_texts() -> None:
    assert diff_words("the same", "the same") == [DiffPiece("equal", "the same")]
    assert diff_words("", "") == []
    assert diff_words("", "new words") == [DiffPiece("insert", "new words")]
    assert diff_words("old words", "") == [DiffPiece("delete", "old words")]


WORDY = st.lists(st.sampled_from(["the", "cat", "sat,", "on", "mat.", "😀", "\n", "é’s", ""]), max_size=25).map(
    " ".join
)


@given(st.one_of(WORDY, st.text(max_size=60)), st.one_of(WORDY, st.text(max_size=60)))
def test_diff_pieces_rebuild_both_texts_exactly(old: str, new: str) -> None:
    pieces = diff_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "insert") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "delete") == new
    assert all(piece.text for piece in pieces)


def test_diff_words_rebuilds_texts_of_more_words_than_there_are_code_points_below_the_surrogates() -> None:
    old = " ".join(str(number) for number in range(60_000))
    pieces = diff_words(old, old + " end")
    assert [(piece.kind, len(piece.text)) for piece in pieces] == [("equal", len(old)), ("insert", 4)]


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Clément’s view and Clément's tone", "Odile’s view and Odile's tone"),
        ("Clémentine and preClément stay", "Clémentine and preClément stay"),
        ("(Clément) and **Clément** go", "(Odile) and **Odile** go"),
        ("ask Clément.", "ask Odile."),
        ("clément is another word", "clément is another word"),
    ],
)
def test_replace_name_takes_whole_words_and_keeps_possessives(text: str, replaced: str) -> None:
    assert replace_name(text, "Clément", "Odile") == replaced


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Clément asks.", "The assistant asks."),
        ("First Clément asks.", "First the assistant asks."),
        ("It ends. Clément’s part begins!", "It ends. The assistant’s part begins!"),
        ("Does it? Clément does: Clément asks.", "Does it? The assistant does: The assistant asks."),
        ("a\n\n- Clément asks\n1. Clément asks", "a\n\n- The assistant asks\n1. The assistant asks"),
        ("“Clément”, **Clément** and (Clément)", "“The assistant”, **the assistant** and (the assistant)"),
        ("> *Clément* asks", "> *The assistant* asks"),
        ("tell Clément, Clément’s maker", "tell the assistant, the assistant’s maker"),
    ],
)
def test_replace_name_raises_a_common_noun_at_the_start_of_a_sentence_alone(text: str, replaced: str) -> None:
    assert replace_name(text, "Clément", "the assistant") == replaced


def test_replace_name_takes_names_as_they_are_and_not_as_patterns() -> None:
    assert replace_name("GPT.5 and GPT-5", "GPT.5", r"\1 Odile") == r"\1 Odile and GPT-5"
    assert replace_name("Clément", "", "Odile") == "Clément"
    assert replace_name("Clément", "Clément", "") == "Clément"


def test_match_words_gives_the_runs_in_common() -> None:
    old, new = ["a", "b", "c", "d", "e"], ["a", "x", "b", "c", "e"]
    assert match_words(old, new) == [Block(0, 0, 1), Block(1, 2, 2), Block(4, 4, 1)]
    assert match_words([], new) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("one 2 three four five", "one two three 4 five", "one 2 three 4 five"),
        ("one two three four five, six", "zero one two three four five", "zero one two three four five, six"),
        ("one two three four five", "one two three 4 five", "one two three 4 five"),
        ("one 2 three four five", "one zwei three four five", None),
        ("one 2 three four five", "one two 3 four five", None),
        ("one two new three four five", "one two other three four five", None),
        ("two three four five", "1 two three four five", None),
    ],
)
def test_merge_words_keeps_both_changes_or_refuses(ours: str, theirs: str, merged: str | None) -> None:
    base = "one two three four five"
    assert merge_words(base, ours, theirs) == merged
    assert merge_words(base, theirs, ours) == merged


WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_merging_with_an_unchanged_side_gives_the_other(base: str, changed: str) -> None:
    assert merge_words(base, changed, base) == changed
    assert merge_words(base, base, changed) == changed


@given(MARKDOWN)
def test_words_are_the_same_whatever_the_marks_about_them(source: str) -> None:
    words = split_words(fold(source))
    assert len(words.words) == len(words.spans)
    for word, (start, end) in zip(words.words, words.spans, strict=True):
        assert split_words(fold(source[start:end])).words == (word,)


def test_similar_words_is_a_share_of_both() -> None:
    assert similar_words("One *two* three", "one two, three!") == 1.0
    assert similar_words("one two", "three four") == 0.0
    assert similar_words("one two three four", "one two") == pytest.approx(2 / 3)
    assert similar_words("", "") == 1.0
