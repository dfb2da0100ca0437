"""The name that stands for the model's in a draft: what is wrong with it, and which others would do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from avenant.check.bare import plain_characters
from avenant.check.finding import Severity
from avenant.check.names import find_names


@dataclass(frozen=True, slots=True)
class PlaceholderFault:
    """One reason against a placeholder."""

    severity: Severity
    problem: str
    """What is wrong; a model's real name is not spelt out."""
    mend: str
    """What to write instead."""


@lru_cache(maxsize=64)
def find_placeholder_faults(
    name: str, document_text: str, workspace_placeholder: str, names: tuple[str, ...]
) -> tuple[PlaceholderFault, ...]:
    """What speaks against a placeholder, the gravest first; found once for all drafts that share it.

    Args:
        name: the placeholder.
        document_text: the document that the draft amends, as published.
        workspace_placeholder: the one that the workspace has settled on.
        names: real names of models.
    """
    return tuple(_find_faults(unicodedata.normalize("NFC", name), document_text, workspace_placeholder, names))


def _find_faults(
    name: str, document_text: str, workspace_placeholder: str, names: tuple[str, ...]
) -> Iterator[PlaceholderFault]:
    mend = _mend(name, document_text, workspace_placeholder, names)
    if _has_model_name(name, names):
        yield PlaceholderFault("error", "the placeholder is a model's real name, or has one in it", mend)
        return
    if _stands_in(name, document_text):
        problem = f"{name!r} stands in the document already, where it means somebody else"
        yield PlaceholderFault("error", problem, mend)
    if name != unicodedata.normalize("NFC", workspace_placeholder):
        problem = f"the placeholder is {name!r}, and that of the workspace is {workspace_placeholder!r}"
        yield PlaceholderFault("warning", problem, f"write {workspace_placeholder} in all drafts of a workspace")
    if _key(name) not in _given_keys():
        yield PlaceholderFault("note", f"{name!r} is no French given name that is known here", mend)


def suggest_placeholders(document_text: str, names: tuple[str, ...], count: int = 3) -> tuple[str, ...]:
    """Given names that stand nowhere in a document and are no model's: the same ones for the same document.

    Args:
        document_text: the document, with all else that they must not stand in.
        names: real names of models.
        count: how many at most.
    """
    words = {_key(word) for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", document_text))}
    fit = (name for name in given_names() if _key(name) not in words and not _has_model_name(name, names))
    return tuple(name for name, _ in zip(fit, range(count), strict=False))


@lru_cache(maxsize=1)
def given_names() -> tuple[str, ...]:
    """French given names that make good placeholders, the first to be proposed first."""
    text = (resources.files("avenant.check") / "given_names.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=1)
def _given_keys() -> frozenset[str]:
    return frozenset(map(_key, given_names()))


def _key(name: str) -> str:
    """A name whatever its accents and its case."""
    return plain_characters(name).casefold()


def _has_model_name(name: str, names: tuple[str, ...]) -> bool:
    """Whether a placeholder is, or has as a word, a model's name, also one that is a person's elsewhere."""
    words = {_key(word) for word in re.findall(r"\w+", name)}
    return any(_key(one) in words or _key(one) == _key(name) for one in names) or any(find_names(name, names))


def _stands_in(name: str, text: str) -> bool:
    forms = {re.escape(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    return re.search(rf"(?<!\w)(?:{'|'.join(sorted(forms))})(?!\w)", text) is not None


def _mend(name: str, document_text: str, workspace_placeholder: str, names: tuple[str, ...]) -> str:
    is_other = workspace_placeholder != name
    if is_other and not (
        _stands_in(workspace_placeholder, document_text) or _has_model_name(workspace_placeholder, names)
    ):
        return f"write {workspace_placeholder}, as the workspace does"
    fit = suggest_placeholders(document_text, names)
    return f"choose a French given name that stands nowhere else: {' or '.join(fit)}" if fit else "choose another name"
