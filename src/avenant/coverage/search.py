"""Searching documents in a reader's own words: the clauses that come nearest, the same clause of several releases once.

Which clause of one release is which of another is told by `align_documents`, so that a clause that was merely reworded
is found once as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from avenant.coverage.retrieval import Hit, Query, index_clauses
from avenant.coverage.table import Place, place_of_hit, shown_words
from avenant.coverage.voice import Speaker
from avenant.mask import Mask
from avenant.reading.concepts import stopwords
from avenant.reading.likeness import stem_words
from avenant.specs.align import align_documents
from avenant.specs.document import Clause, Document, Span
from avenant.specs.library import Spec, release_order
from avenant.text import LIST_MARK, fold_words, plain_words, replace_name

ALIKE = 0.31
"""`Hit.likeness` from which a clause comes near to what was looked for.

Where no clause of a document reaches it, nothing is said to have been found there: `benchmarks/find.py` chooses it and
says how often it is right. It belongs to the model of `embed_contextual`."""
NEAR = 1.2
"""`Hit.score` from which a clause comes near too, where one of its document is alike."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LIST_MARK = re.compile(rf"\A{LIST_MARK}\s+")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A clause that was found, in one release."""

    spec: Spec
    hit: Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A clause that was found, with every release that has it."""

    sightings: tuple[Sighting, ...]
    """The newest release first."""

    @property
    def newest(self) -> Sighting:
        """The clause as the newest of the releases has it."""
        return self.sightings[0]

    @property
    def score(self) -> float:
        """How near it comes; see `Hit.score`. Where it was reworded: the nearest of its wordings."""
        return max(one.hit.score for one in self.sightings)

    @property
    def is_alike(self) -> bool:
        """Whether it is alike enough to have been found, in one of its wordings."""
        return any(one.hit.likeness >= ALIKE for one in self.sightings)

    def is_worded_as_newest(self, sighting: Sighting) -> bool:
        """Whether a release has it in the words of the newest one."""
        words, newest = (one.spec.document.words_of(one.hit.clause) for one in (sighting, self.newest))
        return words == newest


def search_documents(
    specs: Sequence[Spec],
    words: str,
    *,
    placeholder: str = "",
    speakers: Sequence[Speaker] = (),
    scopes: Mapping[str, Sequence[Span]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Found, ...]:
    """The clauses of documents, nearest first; all of them, those that are not near too.

    Args:
        specs: the documents, each with at least one clause; releases of one lab are merged.
        words: what to look for.
        placeholder: the name that may stand in the words for the documents' models.
        speakers: clauses of these speakers alone; none: of all.
        scopes: by document id, where in it to look; a document that is not in it is left out. None: everywhere.
        progress: called with the number of documents that were searched, and of all.
    """
    sightings: list[Sighting] = []
    for number, spec in enumerate(specs, 1):
        query = Query(replace_name(words, placeholder, spec.manifest.subject))
        for hit in index_clauses(spec.document, spec.agents).rank(query):
            is_wanted = not speakers or hit.unit.voice.speaker in speakers
            if is_wanted and _is_in(hit.clause, spec, scopes) and not is_contents_entry(spec.document, hit.clause):
                sightings.append(Sighting(spec, hit))
        if progress is not None:
            progress(number, len(specs))
    groups: dict[tuple[str, int], list[Sighting]] = {}
    identities = _identify(specs)
    for sighting in sightings:
        document = sighting.spec.document
        key = identities[sighting.spec.id, document.index_of(sighting.hit.clause)]
        groups.setdefault(key, []).append(sighting)
    found = [
        Found(tuple(sorted(group, key=lambda one: release_order(one.spec.id), reverse=True)))
        for group in groups.values()
    ]
    return tuple(sorted(found, key=lambda one: -one.score))


def choose_near(found: Sequence[Found]) -> tuple[Found, ...]:
    """Those of the clauses that come near, in their order; none of a document in which no clause is alike."""
    having = {one.newest.spec.id for one in found if one.is_alike}
    return tuple(one for one in found if one.is_alike or (one.newest.spec.id in having and one.score >= NEAR))


def is_contents_entry(document: Document, clause: Clause) -> bool:
    """Whether a clause is an entry of a list of contents: nothing but a link to a heading of the document."""
    if not clause.references or clause.kind != "list-item":
        return False
    words = _LIST_MARK.sub("", document.folded_slice(clause.span).strip(), count=1)
    return fold_words(words).casefold() in _titles(document)


@lru_cache(maxsize=16)
def _titles(document: Document) -> frozenset[str]:
    return frozenset(fold_words(section.title).casefold() for section in document.sections if section.title)


def place_of(spec: Spec, hit: Hit, mask: Mask) -> Place:
    """A clause that was found, as it may be shown."""
    return place_of_hit(spec, hit, _LIST_MARK.sub("", shown_words(spec.document, hit.clause), count=1), mask)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Words of a clause with those that match marked."""

    text: str
    """In one line."""
    marks: tuple[tuple[int, int], ...]
    """Half-open offsets in the text of each word that matches."""

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it matches."""
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False


def mark_words(text: str, words: str) -> Snippet:
    """A text in one line with the words marked that stand in `words` too, inflected or not.

    Words that say nothing of what a text is about ("the", "of") are marked only where there are no others to mark.
    """
    text = " ".join(text.split())
    given = plain_words(words)
    wanted = set(stem_words([word for word in given if word not in stopwords()] or given))
    matches = list(_WORD.finditer(text))
    stems = stem_words([fold_words(match.group()).casefold() for match in matches])
    return Snippet(text, tuple(match.span() for match, stem in zip(matches, stems, strict=True) if stem in wanted))


def cut_snippet(snippet: Snippet, limit: int) -> Snippet:
    """The part of a text that has most of the marked words, whole words alone, of about `limit` characters."""
    if len(snippet.text) <= limit:
        return snippet
    starts = [0, *(start for start, _ in snippet.marks)]
    # Some words before the first mark, so that it is understood.
    windows = [max(0, min(start - limit // 4, len(snippet.text) - limit)) for start in starts]
    low = max(windows, key=lambda at: (sum(at <= start and end <= at + limit for start, end in snippet.marks), -at))
    high = low + limit
    text = snippet.text
    while 0 < low < high and not text[low - 1].isspace():
        low += 1
    while low < high < len(text) and not text[high].isspace():
        high -= 1
    before, after = "… " if low else "", " …" if high < len(text) else ""
    shift = len(before) - low
    marks = tuple((start + shift, end + shift) for start, end in snippet.marks if low <= start and end <= high)
    return replace(snippet, text=f"{before}{text[low:high].rstrip()}{after}", marks=marks)


def _is_in(clause: Clause, spec: Spec, scopes: Mapping[str, Sequence[Span]] | None) -> bool:
    return scopes is None or any(scope.contains(clause.span) for scope in scopes.get(spec.id, ()))


def _identify(specs: Sequence[Spec]) -> dict[tuple[str, int], tuple[str, int]]:
    """For each clause, by document and number, the oldest clause that it goes back to."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    last: dict[str, Spec] = {}
    for spec in sorted(specs, key=lambda one: release_order(one.id)):
        lab = spec.id.split("/")[0]
        origins = align_documents(last[lab].document, spec.document).origins if lab in last else {}
        for number in range(len(spec.document.clauses)):
            # What was merged of several clauses goes on as the first of them.
            old = origins.get(number)
            found[spec.id, number] = found[last[lab].id, old[0]] if old else (spec.id, number)
        last[lab] = spec
    return found
