"""The style of a document, learned from the document alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from avenant.check.address import Address, learn_address
from avenant.check.habits import Habit
from avenant.check.heading_style import AuthorityLevels, HeadingStyle, learn_headings, learn_levels
from avenant.check.lengths import Lengths, learn_lengths
from avenant.check.orthography import Orthography, learn_orthography
from avenant.check.running_text import read_running_text
from avenant.check.terms import Term, learn_terms
from avenant.check.typography import learn_typography
from avenant.specs.document import Document


@dataclass(frozen=True, slots=True)
class DocumentStyle:
    """How a document is written."""

    typography: Mapping[str, Habit]
    """Quotation marks, dashes and the like, by name."""
    address: Address
    """How it speaks of its model."""
    lengths: Mapping[str, Lengths]
    """How long its paragraphs, list items, sentences and sections are, by kind."""
    orthography: Orthography
    """Which spellings it has."""
    terms: Mapping[tuple[str, ...], Term]
    """What it calls things, by the words in lower case."""
    headings: HeadingStyle
    """How its headings are written."""
    levels: AuthorityLevels
    """Its levels of authority."""


@lru_cache(maxsize=16)
def learn_style(document: Document, subject: str) -> DocumentStyle:
    """Learn a document's style, once.

    Args:
        document: the release that is amended.
        subject: what it calls its model.
    """
    text = read_running_text(document)
    return DocumentStyle(
        typography=learn_typography(text),
        address=learn_address(text, subject),
        lengths=learn_lengths(text),
        orthography=learn_orthography(text),
        terms=learn_terms(text),
        headings=learn_headings(document),
        levels=learn_levels(document),
    )
