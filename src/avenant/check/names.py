"""Finding the names of models in any text, plain or disguised.

A text is laid bare once (see `bare`): look-alike letters, hidden characters, escapes and markup are undone. Its
letters and digits, squeezed together, are searched for the letters of each name; what stands between the letters and
about them in the text then tells a name from letters that met by chance. Every step is linear in the text.

Out of reach, and so not promised: other encodings of whole words (base64, rot13, Morse, reversed or upside down),
misspellings and transliterations into other scripts ("Claud", "Клод"), and acrostics.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress

from avenant.check.bare import BareText, lay_bare
from avenant.check.disguise import DIGITS, ESCAPES, HIDDEN, LOOKALIKE, PERCENT, REFERENCES, SPACED, describe_disguise
from avenant.check.senses import Sense, has_other_meaning, sense_of, version_end
from avenant.check.spelling import Spelling, spell_names, squeeze, stands_as_name
from avenant.mask import Mask


@dataclass(frozen=True, slots=True)
class FoundName:
    """A model's name that stands in a text."""

    start: int
    """Offset of its first character, in code points from 0."""
    end: int
    """Offset just past its last, a version behind it included; a possessive or plural s is not."""
    name: str
    """The name as it is known."""
    disguise: str
    """How it was hidden, in words; empty where it is written plainly."""


def find_names(text: str, names: tuple[str, ...]) -> Iterator[FoundName]:
    """Names of models in a text in the order of their places, none inside another.

    A name counts in any case, in the possessive and the plural, with a version, in identifiers, addresses and words
    that are made with it. Names that are something else as well ("Opus", "Gemini") count where a model is meant, see
    `senses`; names of one or two letters only as they are written and on their own.

    Args:
        text: any text.
        names: names to look for.
    """
    spellings = spell_names(names)
    bare = lay_bare(text)
    found = list(_find(text, bare, spellings))
    if bare.markup:
        # What was taken out may have names in itself.
        found += _find(text, lay_bare(_keep(text, bare.markup), is_markup_read=False), spellings)
    if _TAG_CHARACTER.search(text):
        spelt_out = _TAG_CHARACTER.sub(lambda match: chr(ord(match.group()) - 0xE0000), text)
        found += _find(text, lay_bare(spelt_out), spellings)
    end = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end


_TAG_CHARACTER = re.compile("[\U000e0020-\U000e007e]")
"""Characters that are never shown and that can spell ASCII out."""

_SIGNS = re.compile(
    r"[@$!|](?<=[A-Za-z0-9@$|!].)(?=[A-Za-z0-9@$|!])|[@$](?<![A-Za-z0-9].)(?=[A-Za-z0-9]{2})"
    r"|[@|](?<=[A-Za-z0-9@|]{3}.)(?![A-Za-z0-9])"
)
_SIGN_LETTERS = {"@": "a", "$": "s", "!": "i", "|": "l"}
_TELLING = {LOOKALIKE, HIDDEN, DIGITS, REFERENCES, PERCENT, ESCAPES}
"""Disguises that nobody needs for a common word."""

_NEAR = 60
_BESIDE = re.compile(r"[ \t_/(-]{0,2}")
_JOINT = re.compile(r"[ _.-]?")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name's letters in a bare text."""

    start: int
    end: int
    whole_end: int
    """With the version."""
    spelling: Spelling
    sense: Sense


def put_placeholder(text: str, mask: Mask, names: tuple[str, ...]) -> str:
    """A text with the placeholder for every name that the check would find.

    Args:
        text: what is to go into a draft or a scenario.
        mask: the names that are replaced as they are spelt, and the placeholder.
        names: all names that the check looks for, in disguise as well.
    """
    text = mask(text)
    for found in reversed(list(find_names(text, names))):
        text = f"{text[: found.start]}{mask.placeholder}{text[found.end :]}"
    return text


def _keep(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """A text of the same length that has the text of these spans alone."""
    out = []
    at = 0
    for start, end in spans:
        out += ["\n" * (start - at), text[start:end]]
        at = end
    return "".join(out)


def _find(source: str, bare: BareText, spellings: tuple[Spelling, ...]) -> Iterator[FoundName]:
    """The names in a text that was laid bare."""
    texts = [bare.text]
    if _SIGNS.search(bare.text):
        texts.append(_SIGNS.sub(lambda match: _SIGN_LETTERS[match.group()], bare.text))
    hits = [hit for text in texts for hit in _match(source, bare, text, spellings)]
    for run in _join(bare.text, _settle(bare.text, hits)):
        first = run[0]
        start, core = bare.source_span(first.start, first.end)
        disguise = " and ".join(describe_disguise(source[start:core], first.spelling.name))
        end = bare.source_span(first.start, max(hit.whole_end for hit in run))[1]
        yield FoundName(start, end, first.spelling.name, disguise)


def _match(source: str, bare: BareText, text: str, spellings: tuple[Spelling, ...]) -> Iterator[_Hit]:
    """Each place where a name's letters stand as a name would."""
    lower = text.lower()
    squeezed = squeeze(lower)
    places: list[int] = []
    absent: set[str] = set()
    for spelling in spellings:
        if spelling.within in absent:
            continue
        at = squeezed.find(spelling.needle)
        if at >= 0 and not places:
            places = list(compress(range(len(lower)), map(str.isalnum, lower)))
        if at < 0:
            absent.add(spelling.needle)
        while at >= 0:
            found = places[at : at + len(spelling.needle)]
            if stands_as_name(text, spelling, found) and (hit := _weigh(source, bare, text, spelling, found)):
                yield hit
            at = squeezed.find(spelling.needle, at + 1)


def _weigh(source: str, bare: BareText, text: str, spelling: Spelling, places: list[int]) -> _Hit | None:
    """A name with its version and what it means; None where it means something else."""
    start, end = places[0], places[-1] + 1
    first, last = bare.source_span(start, end)
    disguise = describe_disguise(source[first:last], spelling.name)
    # "Co-Pilot" has a hyphen of its own.
    if set(disguise) <= {SPACED} and has_other_meaning(text, start, end, spelling.letters):
        return None
    is_telling = not _TELLING.isdisjoint(disguise) and spelling.need != "company"
    capitals = tuple(places[number] for number in spelling.capitals)
    sense = "model" if is_telling else sense_of(text, start, end, spelling.need, capitals)
    return _Hit(start, end, version_end(text, end), spelling, sense)


def _settle(text: str, hits: list[_Hit]) -> list[_Hit]:
    """The hits that are models', none inside another: those that are for certain, and those that these bear out."""
    hits = sorted(set(hits), key=lambda hit: (hit.start, -hit.end, hit.spelling.need is not None))
    near = [hit for hit in hits if hit.sense == "model-if-near"]
    certain = _outermost([hit for hit in hits if hit.sense == "model"] + _listed(near))
    for ordered in (hits, hits[::-1]):
        certain = _outermost(certain + list(_borne_out(text, ordered, certain)))
    return certain


def _listed(hits: list[_Hit]) -> list[_Hit]:
    """Of doubtful hits those in lists of three different names: "Haiku, Sonnet and Opus" are no three works."""
    threes = zip(hits, hits[1:], hits[2:], strict=False)
    return [
        hit
        for three in threes
        if len({hit.spelling.name for hit in three}) == 3 and three[2].start - three[0].end <= _NEAR
        for hit in three
    ]


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _borne_out(text: str, hits: list[_Hit], certain: list[_Hit]) -> Iterator[_Hit]:
    """The doubtful hits that another name stands near or beside, one after the other."""
    starts = [hit.start for hit in certain]
    last: _Hit | None = None
    for hit in hits:
        if hit.sense == "model":
            continue
        index = bisect.bisect_left(starts, hit.start)
        neighbours = [*certain[max(0, index - 1) : index + 1], *([last] if last else [])]
        if any(_bears_out(text, hit, neighbour) for neighbour in neighbours):
            last = hit
            yield hit


def _bears_out(text: str, hit: _Hit, other: _Hit) -> bool:
    if other.start <= hit.start:
        low, high = other.whole_end, hit.start
    else:
        low, high = hit.whole_end, other.start
    if hit.sense == "model-if-near":
        return high - low <= _NEAR
    return low <= high and _BESIDE.fullmatch(text, low, high) is not None


def _join(text: str, hits: list[_Hit]) -> Iterator[list[_Hit]]:
    """The hits in runs, each of which is read as one name: "Claude 3.5 Sonnet"."""
    run: list[_Hit] = []
    for hit in hits:
        # A family and one of its models, and not two of a kind.
        is_one = run and (run[-1].spelling.need is None) != (hit.spelling.need is None)
        if is_one and run[-1].whole_end <= hit.start and _JOINT.fullmatch(text, run[-1].whole_end, hit.start):
            run.append(hit)
            continue
        if run:
            yield run
        run = [hit]
    if run:
        yield run
