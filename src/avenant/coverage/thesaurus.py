"""The same in other words: what people ask, and what documents say of it.

A short question is helped by the built-in threat models and topics of conduct that it comes near to, which have both:
phrases as a newcomer puts them, and a description as documents have it. They were written without the labs' documents
at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from avenant.coverage.catalogue import ThreatModel, read_catalogue
from avenant.coverage.vectors import embed_contextual
from avenant.files import parse_yaml

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEAREST = 3
"""So many entries help."""
_SAME = 0.5
"""Nearness from which a description is of the same threat as an entry."""
_SHARPNESS = 20.0
"""How much more a nearer entry helps: 0.05 nearer, e times as much."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the words of documents, and in those of people who ask."""

    text: str
    """Its title, and what there is to say of it."""
    phrases: tuple[str, ...]
    """How people put it, or ask about it."""
    threat: ThreatModel | None = None
    """The threat model that it is, if it is one."""


class Thesaurus:
    """Entries, made ready for being found."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries

    def texts(self) -> list[str]:
        """All that has to be read before anything is found."""
        return [text for entry in self.entries for text in (entry.text, *entry.phrases)]

    def find(self, text: str) -> Iterator[tuple[float, Entry]]:
        """The entries that a text is nearest to, each with its share; the shares add up to 1."""
        import numpy as np

        near = self._nearness(text)
        best = np.argsort(-near, kind="stable")[:_NEAREST]
        shares = np.exp((near[best] - near[best].max()) * _SHARPNESS) if len(best) else near
        for share, number in zip(shares / shares.sum(), best, strict=True):
            yield float(share), self.entries[number]

    def find_same(self, text: str) -> ThreatModel | None:
        """The threat model that a description is plainly of; None where there is none."""
        near = self._nearness(text)
        known = [(float(near[number]), number) for number, entry in enumerate(self.entries) if entry.threat is not None]
        nearness, number = max(known, default=(0.0, 0))
        return self.entries[number].threat if nearness >= _SAME else None

    def _nearness(self, text: str) -> NDArray[np.float64]:
        """Half the cosine of the entry's own text, half that of its nearest phrase."""
        import numpy as np

        cosines = self._vectors @ embed_contextual([text])[0]
        own = cosines[self._starts]
        phrases = np.maximum.reduceat(cosines, self._starts) if len(self._starts) else own
        return np.asarray((own + phrases) / 2)

    @cached_property
    def _vectors(self) -> NDArray[np.float64]:
        return embed_contextual(self.texts())

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Where each entry's texts begin."""
        import numpy as np

        return np.cumsum([0, *(1 + len(entry.phrases) for entry in self.entries)])[:-1]


@cache
def read_thesaurus() -> Thesaurus:
    """The built-in threat models and topics of conduct, each as an entry."""
    threats = [
        Entry(f"{one.title}. {one.description}", (one.conduct, *one.facets, *one.phrases), one)
        for one in read_catalogue()
    ]
    topics = parse_yaml((resources.files("avenant.coverage") / "topics.yaml").read_text(encoding="utf-8")).data
    return Thesaurus(
        (
            *threats,
            *(Entry(f"{one['title']}. {one['guidance']}", (*one["asks"], *one["prompts"])) for one in topics),
        )
    )
